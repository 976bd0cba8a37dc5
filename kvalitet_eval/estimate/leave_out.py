"""Does the answer hang on one municipality, or on municipalities that other programmes reached?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kvalitet_eval.design.cohorts import find_cohorts
from kvalitet_eval.design.comparison import Design, subset
from kvalitet_eval.errors import DesignError, EstimationError
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.effects import estimate

NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "n_treated", "n_comparison")


def leave_one_out(
    design: Design, method: str = "imputation", *, cohort: str | None = None, level: float = 0.95, **options: Any
) -> CheckResult:
    """Estimate the overall effect again without each treated municipality.

    Parameters
    ----------
    design : Design
        Panel and comparison; weights within the pool stay as they are.
    method : str
        Estimator.
    cohort : str, optional
        One intake instead of all.
    level : float
        Level of the intervals, as a share.
    **options
        Further arguments of :func:`kvalitet_eval.estimate.effects.estimate`.

    Returns
    -------
    CheckResult
        ``left_out`` (empty in the first row, which leaves out nobody), ``estimate``, ``std_error``, ``conf_low``,
        ``conf_high``, ``n_treated``, ``n_comparison``, ``difference`` (estimate less the first row's), in the outcome's
        unit; sorted by municipality, never by size. Passed when all intervals lie on the same side of zero as the
        first, or all hold zero.

    Raises
    ------
    EstimationError
        Fewer than two treated municipalities.
    """
    names = {c.name for c in design.cohorts if cohort in (None, c.name)}
    treated = [u for u, c in zip(design.panel.units, design.panel.cohort, strict=True) if c in names]
    if len(treated) < 2:
        raise EstimationError.of("EST-57", n=len(treated))
    sets = {unit: (unit,) for unit in treated}
    return _compare("leave_one_out", design, sets, _Estimator(method, cohort, level, options))


def leave_out_groups(
    design: Design,
    groups: Mapping[str, Iterable[str]],
    method: str = "imputation",
    *,
    cohort: str | None = None,
    level: float = 0.95,
    **options: Any,
) -> CheckResult:
    """Estimate the overall effect again without groups of municipalities, treated or not.

    Parameters
    ----------
    groups : mapping of str to iterable of str
        Name of a group, for example another programme that reached them, and its municipalities. Those that the design
        does not use are ignored.
    design, method, cohort, level, **options
        As in :func:`leave_one_out`.

    Returns
    -------
    CheckResult
        As :func:`leave_one_out`, one row per group. A group without which nobody is left has a row without an estimate,
        and then the check is not passed.
    """
    sets = {name: tuple(units) for name, units in groups.items()}
    return _compare("leave_out_groups", design, sets, _Estimator(method, cohort, level, options))


class _Estimator:
    """The overall row of one estimator."""

    def __init__(self, method: str, cohort: str | None, level: float, options: Mapping[str, Any]) -> None:
        self._method, self._cohort, self._level, self._options = method, cohort, level, dict(options)

    def __call__(self, design: Design) -> dict[str, float]:
        table = estimate(design, self._method, level=self._level, **self._options)
        row = table.aggregate("overall", cohort=self._cohort).frame.iloc[0]
        return {name: row[name] for name in NUMBERS}


def drop_units(design: Design, units: Iterable[str]) -> Design:
    """The same design without some municipalities; weights within the pool stay as they are.

    Raises
    ------
    DesignError
        Nobody treated is left.
    """
    gone = set(units)
    panel = design.panel
    keep = np.array([i for i, unit in enumerate(panel.units) if unit not in gone], dtype=int)
    kept = subset(panel, keep)
    wanted = {(c.name, c.start) for c in design.cohorts}
    cohorts = find_cohorts(kept, anticipation=design.anticipation)
    cohorts = tuple(c for c in cohorts if (c.name, c.start) in wanted)
    if not cohorts:
        raise DesignError.of("DES-06", n=len(kept.units), first=str(panel.periods[0]), cohorts="-")
    return replace(design, panel=kept, cohorts=cohorts, pool=design.pool[keep], pool_weight=design.pool_weight[keep])


def _compare(name: str, design: Design, sets: Mapping[str, Iterable[str]], run: _Estimator) -> CheckResult:
    rows = [{"left_out": "", **run(design)}]
    for label, units in sets.items():
        try:
            rows.append({"left_out": label, **run(drop_units(design, units))})
        except (DesignError, EstimationError):
            rows.append({"left_out": label})
    table = pd.DataFrame(rows, columns=["left_out", *NUMBERS])
    table["difference"] = table["estimate"] - table["estimate"].iloc[0]
    return judge_leave_out(name, table)


def judge_leave_out(name: str, table: pd.DataFrame) -> CheckResult:
    """Say of a table of :func:`leave_one_out` or :func:`leave_out_groups`, also one that was stored, what it shows.

    Parameters
    ----------
    name : {"leave_one_out", "leave_out_groups"}
        Which of them it is.
    table : pandas.DataFrame
        Its columns; the first row leaves out nobody.
    """
    side = np.where(table["conf_low"] > 0, 1.0, np.where(table["conf_high"] < 0, -1.0, 0.0))
    side = np.where(np.isfinite(table["conf_low"]), side, np.nan)
    passed = None if np.isnan(side[0]) or len(side) < 2 else bool((side == side[0]).all())
    key = {True: "passed", False: "failed", None: "not_applicable"}[passed]
    return CheckResult(name, passed, table, f"check.leave_out.{key}", _facts(table))


def _facts(table: pd.DataFrame) -> dict[str, float | int | str]:
    others = table.iloc[1:]
    sizes = others["difference"].abs()
    most = "" if sizes.isna().all() else str(others.loc[sizes.idxmax(), "left_out"])
    return {
        "estimate": float(table["estimate"].iloc[0]),
        "lowest": float(others["estimate"].min()),
        "highest": float(others["estimate"].max()),
        "most": most,
        "n": len(others),
    }
