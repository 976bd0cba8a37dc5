"""Effects where there can be none: before the start, and among municipalities that never started."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kvalitet_eval.design.cohorts import find_cohorts
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.inference_checks import excess_p_value, rank_p_value
from kvalitet_eval.estimate.leave_out import drop_units

IN_TIME = ("estimand", "cohort", "unit", "estimate", "std_error", "conf_low", "conf_high", "smallest_detectable")
RARE = 0.01  # a placebo in space fails when so many significant placebos would be rarer than this


def placebo_in_time(
    design: Design, method: str = "imputation", *, shift: int = 4, level: float = 0.95, **options: Any
) -> CheckResult:
    """Pretend that everybody started earlier, and use only figures from before the programme.

    Parameters
    ----------
    design : Design
        Panel and comparison. What municipalities with a start had from their start (less anticipation) on is not used.
    method : str
        Estimator.
    shift : int
        Periods by which the start is moved, counted back from the last period before anticipation; so many placebo
        periods there are.
    level : float
        Level of the intervals, as a share.
    **options
        Further arguments of :func:`kvalitet_eval.estimate.effects.estimate`.

    Returns
    -------
    CheckResult
        Overall, then by intake, in the outcome's unit. Passed when the overall interval holds zero.

    Raises
    ------
    EstimationError
        ``shift`` is not positive, or no intake has a period before the pretended start.
    """
    if shift < 1:
        raise EstimationError.of("EST-58", found=shift)
    moved = move_start(design, shift)
    table = estimate(moved, method, level=level, **options)
    kinds = ("overall",) if method == "two_way" else ("overall", "cohort")
    rows = pd.concat([table.aggregate(kind).frame for kind in kinds], ignore_index=True)[list(IN_TIME)]
    first = rows.iloc[0]
    known = bool(np.isfinite(first["conf_low"]))
    passed = bool(first["conf_low"] <= 0 <= first["conf_high"]) if known else None
    key = {True: "passed", False: "failed", None: "not_applicable"}[passed]
    facts = {name: float(first[name]) for name in ("estimate", "conf_low", "conf_high", "smallest_detectable")}
    return CheckResult("placebo_in_time", passed, rows, f"check.placebo_in_time.{key}", facts | {"shift": shift})


def move_start(design: Design, shift: int) -> Design:
    """The design with starts ``shift`` periods before the anticipation, and nothing of the programme in the panel.

    Raises
    ------
    EstimationError
        No intake has a period before its new start.
    """
    panel = design.panel
    edge = (panel.start - design.anticipation)[:, None]
    outcome = np.where(panel.ordinals[None, :] < np.where(np.isnan(edge), np.inf, edge), panel.outcome, np.nan)
    moved = replace(panel, outcome=outcome, start=panel.start - design.anticipation - shift)
    placed = replace(design, panel=moved, anticipation=0)
    before = (~np.isnan(outcome) & (panel.ordinals[None, :] < moved.start[:, None])).any(axis=1)
    useless = (~np.isnan(moved.start) & ~before) | np.isnan(outcome).all(axis=1)
    kept = [u for u, gone in zip(panel.units, useless, strict=True) if not gone]
    wanted = {c.name for c in design.cohorts}
    cohorts = tuple(c for c in find_cohorts(moved) if c.name in wanted and c.n_before)
    placed = replace(placed, cohorts=cohorts)
    if not any(name in wanted for name, gone in zip(panel.cohort, useless, strict=True) if not gone):
        raise EstimationError.of("EST-59", found=shift)
    return drop_units(placed, set(panel.units) - set(kept))


def placebo_in_space(
    design: Design,
    method: str = "imputation",
    *,
    draws: int = 199,
    seed: int = 0,
    level: float = 0.95,
    **options: Any,
) -> CheckResult:
    """Give the intakes to municipalities drawn from the comparison pool, without those that really took part.

    Parameters
    ----------
    design : Design
        Panel and comparison; the pool without a start must be larger than the number of treated.
    method : str
        Estimator.
    draws : int
        Number of draws.
    seed : int
        Seed of the draws.
    level : float
        Level of the intervals, as a share.
    **options
        Further arguments of :func:`kvalitet_eval.estimate.effects.estimate`.

    Returns
    -------
    CheckResult
        One row per draw, and first the real one (``draw`` 0): ``estimate``, ``statistic``, ``conf_low``, ``conf_high``,
        ``significant``. Facts: ``p_value``, the share of draws (the real one counted) whose statistic is at least as
        far from zero; ``significant``, the share of placebos whose interval leaves out zero. Passed when that share is
        not higher than chance allows for intervals of this level: the check is of the intervals, not of the programme.

    Raises
    ------
    EstimationError
        No draw, or the pool is too small.

    Notes
    -----
    p = (1 + #)/(draws + 1). In contrast to the permutation test the real participants are not in the draws, so that an
    effect of the programme does not widen them; the two p-values differ for that reason.
    """
    cohorts = {name for name in design.panel.cohort if name}
    treated = [u for u, c in zip(design.panel.units, design.panel.cohort, strict=True) if c in cohorts]
    pool = np.flatnonzero(design.pool)
    if draws < 1 or len(pool) < len(treated) + 2:
        raise EstimationError.of("EST-60", found=draws, n_pool=len(pool), n_treated=len(treated))
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    rows = [_overall(design, method, level, options)]
    for _ in range(draws):
        drawn = rng.choice(pool, size=len(treated), replace=False)
        rows.append(_overall(give_starts(design, drawn), method, level, options))
    table = pd.DataFrame(rows)
    outside = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    table = table.assign(significant=outside)
    table.insert(0, "draw", range(len(table)))
    placebos = table.iloc[1:]
    found = int(placebos["significant"].sum())
    passed = excess_p_value(found, draws, 1 - level) >= RARE
    facts = {
        "p_value": rank_p_value(table["statistic"].iloc[0], placebos["statistic"].to_numpy()),
        "significant": found / draws,
        "draws": draws,
    }
    key = f"check.placebo_in_space.{'passed' if passed else 'failed'}"
    return CheckResult("placebo_in_space", passed, table, key, facts)


def give_starts(design: Design, drawn: np.ndarray) -> Design:
    """The design in which the municipalities at these positions start instead of the real ones, who leave it."""
    panel = design.panel
    real = np.flatnonzero(~np.isnan(panel.start))
    start, cohort, status = panel.start.copy(), list(panel.cohort), list(panel.status)
    for to, origin in zip(drawn, real, strict=True):
        start[to], cohort[to], status[to] = panel.start[origin], panel.cohort[origin], "treated"
    pool = design.pool.copy()
    pool[drawn] = False
    weight = np.where(pool, design.pool_weight, 1.0)
    given = replace(panel, start=start, cohort=tuple(cohort), status=tuple(status))
    return drop_units(replace(design, panel=given, pool=pool, pool_weight=weight), [panel.units[i] for i in real])


def _overall(design: Design, method: str, level: float, options: dict[str, Any]) -> dict[str, float]:
    row = estimate(design, method, level=level, **options).aggregate("overall").frame.iloc[0]
    return {name: row[name] for name in ("estimate", "statistic", "conf_low", "conf_high")}
