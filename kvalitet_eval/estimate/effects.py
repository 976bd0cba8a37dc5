"""From a design to effects in the common vocabulary: the one entrance to all estimators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import Inference, infer, simultaneous_band
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.two_way import regress_two_way
from kvalitet_eval.results import AggregationKind, EffectTable, effect_frame

METHODS = ("imputation", "group_time", "two_way")
INFERENCES = ("cr2",)
BASES = ("universal", "varying")
LEADS = 4
REPORTED = (
    "std_error",
    "statistic",
    "degrees_of_freedom",
    "p_value",
    "conf_low",
    "conf_high",
    "smallest_detectable",
)


@dataclass(frozen=True, slots=True)
class _Options:
    method: str
    level: float
    seed: int


def estimate(
    design: Design,
    method: str = "imputation",
    *,
    inference: str = "cr2",
    base: str = "universal",
    leads: int = LEADS,
    level: float = 0.95,
    seed: int = 0,
) -> EffectTable:
    """Estimate the effect of the programme.

    Parameters
    ----------
    design : Design
        Panel and comparison.
    method : {"imputation", "group_time", "two_way"}
        ``imputation`` is the headline; ``two_way`` is for contrast only and has a single row.
    inference : {"cr2"}
        HC2/CR2 with Satterthwaite degrees of freedom at municipality level.
    base : {"universal", "varying"}
        Base of periods before the start in ``group_time``; see :func:`group_time.difference_cells`.
    leads : int
        Placebo periods before the start in ``imputation``.
    level : float
        Level of intervals and bands, as a share.
    seed : int
        Seed of the draws behind the simultaneous band.

    Returns
    -------
    EffectTable
        One row per cohort and period (``two_way``: one row); ``aggregate`` averages them. Negative estimates mean that
        the outcome is lower than it would have been.

    Raises
    ------
    EstimationError
        Unknown option, or nothing is identified.

    Examples
    --------
    Three municipalities, three periods; ``a`` starts in period 3. Untreated cells give period effects 0, 1, 2, so that
    without the programme ``a`` would have had 5 + 2 = 7 in period 3; it had 6:

    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aaabbbccc"), "t": [1, 2, 3] * 3, "g": [3.0] * 3 + [None] * 6,
    ...                       "y": [5.0, 6, 6, 1, 2, 3, 0, 1, 2]})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> effects = estimate(compare(panel, "never_treated"), leads=0)
    >>> effects.to_frame()["estimate"].round(9).tolist()
    [-1.0]

    One treated municipality cannot tell how much such municipalities vary: no standard error, and a warning says so.

    >>> effects.to_frame()["std_error"].isna().all(), effects.warnings[0].code
    (np.True_, 'EST-05')
    """
    _check_options(method, inference, base, leads, level)
    cells = build_cells(design)
    options = _Options(method, level, seed)
    if method == "imputation":
        form = impute(cells, leads=leads)
    elif method == "group_time":
        form = difference_cells(cells, base=base)
    else:
        form = regress_two_way(cells)
    return _table(form, "cell" if method != "two_way" else "overall", options, cells=form, banded=False)


def _check_options(method: str, inference: str, base: str, leads: int, level: float) -> None:
    for name, value, allowed in (
        ("method", method, METHODS),
        ("inference", inference, INFERENCES),
        ("base", base, BASES),
    ):
        if value not in allowed:
            raise EstimationError.of("EST-04", column=name, found=value, allowed=", ".join(allowed))
    if not 0 < level < 1:
        raise EstimationError.of("EST-04", column="level", found=level, allowed="0 < level < 1")
    if leads < 0:
        raise EstimationError.of("EST-04", column="leads", found=leads, allowed=">= 0")


def _aggregate(form: LinearForm, options: _Options, kind: AggregationKind, cohort: str | None = None) -> EffectTable:
    if options.method == "two_way" and (kind != "overall" or cohort is not None):
        raise EstimationError.of("EST-06", found=kind)
    if cohort is not None:
        groups = [g for g in form.cells.estimable() if form.cells.names[g] == cohort]
        if not groups:
            names = ", ".join(form.cells.names[g] for g in form.cells.estimable())
            raise EstimationError.of("EST-10", found=cohort, allowed=names)
        form = form.take(form.rows["group"].isin(groups).to_numpy())
    shown = form if kind == "cell" or options.method == "two_way" else aggregate_cells(form, kind)
    return _table(shown, kind, options, cells=form, banded=True, cohort=cohort)


def _table(
    form: LinearForm,
    estimand: str,
    options: _Options,
    *,
    cells: LinearForm,
    banded: bool,
    cohort: str | None = None,
) -> EffectTable:
    values = form.estimates()
    result = infer(form, level=options.level)
    frame = effect_frame(
        {
            "estimand": estimand,
            "method": options.method,
            "conf_level": options.level,
            **_described(form, cohort),
            "estimate": values,
            **{name: getattr(result, name) for name in REPORTED},
            **(_band(values, result, options) if banded else {}),
        }
    )
    design = form.cells.design
    return EffectTable(
        frame=frame,
        warnings=(*design.panel.findings, *design.findings, *_warnings(frame, form, result.alone)),
        account=design.account,
        aggregator=partial(_aggregate, cells, options),
    )


def _band(values: np.ndarray, result: Inference, options: _Options) -> dict[str, np.ndarray]:
    low, high = simultaneous_band(values, result, level=options.level, seed=options.seed)
    return {"band_low": low, "band_high": high}


def _described(form: LinearForm, cohort: str | None) -> dict[str, object]:
    """What each row is about and how many municipalities stand behind it."""
    panel, rows = form.cells.design.panel, form.rows
    names = np.array([*form.cells.names[:-1], pd.NA, pd.NA], dtype=object)
    periods = np.array([*map(str, panel.periods), pd.NA], dtype=object)
    used = (np.abs(form.loadings) > 0).any(axis=2)
    return {
        "comparison": form.cells.design.comparison,
        "weighting": "municipality" if panel.weights is None else "employee",
        "outcome": panel.outcome_id,
        "unit": panel.unit_of_measure,
        "cohort": cohort if cohort is not None else list(names[rows["group"].to_numpy()]),
        "period": list(periods[rows["position"].to_numpy()]),
        "event_time": rows["event_time"].to_list(),
        "n_treated": form.counts(form.treated),
        "n_comparison": form.counts(form.comparison),
        "n_clusters": form.counts(used),
        "n_cohorts": rows["n_cohorts"] if "n_cohorts" in rows else np.where(rows["group"] >= 0, 1, pd.NA),
        "origin": panel.origin,
    }


def _warnings(frame: pd.DataFrame, form: LinearForm, alone: np.ndarray) -> list[Finding]:
    """Name every row that lacks an estimate or a standard error, once per cohort and reason."""
    named = frame[["cohort", "period", "event_time"]].astype(object)
    label = named.apply(lambda row: " ".join(str(v) for v in row if pd.notna(v)) or frame["estimand"].iloc[0], axis=1)
    missing_estimate = frame["estimate"].isna().to_numpy()
    lonely = alone & ~missing_estimate
    flat = frame["std_error"].isna().to_numpy() & ~missing_estimate & ~lonely
    found = []
    for code, where in (("EST-07", missing_estimate), ("EST-05", lonely), ("EST-08", flat)):
        if where.any():
            facts = {"rows": "; ".join(label[where][:20]), "n": int(where.sum())}
            found.append(finding(code, severity="warning", method=frame["method"].iloc[0], **facts))
    left_out = form.rows["n_left_out"].sum() if "n_left_out" in form.rows else 0
    if left_out:
        found.append(finding("EST-09", severity="warning", n=int(left_out)))
    return found
