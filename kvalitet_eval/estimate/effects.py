"""From a design to effects in the common vocabulary: the one entrance to all estimators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding
from kvalitet_eval.estimate.aggregate import MEANS
from kvalitet_eval.estimate.covariates import Covariates
from kvalitet_eval.estimate.effect_rows import describe_rows, warn_of_rows
from kvalitet_eval.estimate.group_time import Base
from kvalitet_eval.estimate.inference import (
    Inference,
    infer,
    infer_cluster,
    infer_conservative,
    infer_influence,
    simultaneous_band,
)
from kvalitet_eval.estimate.influence import influence_values
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.multiplier import infer_multiplier, multiplier_band, warn_few_treated
from kvalitet_eval.estimate.randomisation import infer_permutation, warn_few_assignments
from kvalitet_eval.estimate.recipe import BASES, INFERENCES, METHODS, SYNTHETIC_INFERENCES, Recipe
from kvalitet_eval.estimate.requirements import describe_adjustment, require
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.estimate.wild import infer_wild
from kvalitet_eval.results import AggregationKind, EffectTable, effect_frame

__all__ = ["BASES", "INFERENCES", "METHODS", "estimate"]

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
    recipe: Recipe
    inference: str
    level: float
    seed: int
    draws: int | None
    findings: tuple[Finding, ...]
    given: Covariates | None

    @property
    def drawing(self) -> dict[str, int]:
        return {"seed": self.seed} | ({} if self.draws is None else {"draws": self.draws})


def estimate(
    design: Design,
    method: str = "imputation",
    *,
    inference: str = "cr2",
    covariates: Sequence[str] = (),
    adjust: str = "dr",
    base: Base = "universal",
    leads: int = LEADS,
    lags: int | None = None,
    donut: int = 0,
    level: float = 0.95,
    seed: int = 0,
    draws: int | None = None,
) -> EffectTable:
    """Estimate the effect of the programme.

    Parameters
    ----------
    design : Design
        Panel and comparison.
    method : {"imputation", "group_time", "synthetic", "lagged_outcome", "two_way"}
        ``imputation`` is the headline; ``synthetic`` is synthetic difference in differences; ``two_way`` is for
        contrast only and has a single row.
    inference : {"cr2", "cluster", "influence", "conservative", "multiplier", "wild", "permutation"}
        ``cr2``: HC2/CR2 with Satterthwaite degrees of freedom at municipality level. ``cluster`` and ``influence``:
        standard errors of R's ``fixest`` and ``did``; ``conservative``: of ``didimputation`` (``imputation`` only).
        ``multiplier``: bootstrap of influence values. ``wild``: p-value
        and interval of the restricted wild cluster bootstrap. ``permutation``: those of reassigned cohorts.
        ``synthetic`` has ``jackknife`` and ``placebo`` instead; ``cr2`` lets it choose between them.
    covariates : sequence of str
        Columns of the panel's frame that comparison municipalities must resemble the treated in (``group_time``,
        ``lagged_outcome``); their figures in the base period are used. Text gives one column per category.
    adjust : {"dr", "ipw", "reg"}
        Doubly robust, inverse probability weights, outcome regression.
    base : {"universal", "varying"}, int or tuple of int
        Base of ``group_time``; see :func:`group_time.difference_cells`. A number k is the k-th period before
        anticipation; two event times are a window whose mean is the base.
    leads : int
        Placebo periods before the start in ``imputation``.
    lags : int, optional
        Periods before anticipation whose outcomes ``lagged_outcome`` compares on; by default as many as there are, at
        most eight.
    donut : int
        Last periods before anticipation that ``imputation`` does not count as a cohort's "before", because the cohort
        may have been chosen in an unusual time.
    level : float
        Level of intervals and bands, as a share.
    seed : int
        Seed of all draws.
    draws : int, optional
        Number of draws of ``multiplier``, ``wild``, ``permutation`` and ``placebo``; by default each one's own.

    Returns
    -------
    EffectTable
        One row per cohort and period (``two_way``: one row; ``synthetic``: overall and by cohort); ``aggregate``
        averages them. Negative estimates mean that the outcome is lower than it would have been.

    Raises
    ------
    EstimationError
        Unknown option, an option that the method has no use for, or a design from which the effect cannot be told: no
        variation, one municipality with all the weight, too few municipalities for the asked inference, no base
        period, unusable covariates.

    Examples
    --------
    Three municipalities, three periods; ``a`` starts in period 3. Untreated cells give period effects 0, 1, 2, so that
    without the programme ``a`` would have had 5 + 2 = 7 in period 3; it had 6:

    >>> import pandas as pd
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
    recipe = Recipe(method, base, leads, tuple(covariates), adjust, lags, donut)
    recipe.check(design)
    _check_inference(method, inference, level)
    found, given = require(design, recipe, inference)
    if method == "synthetic":
        return _synthesise(design, inference, level=level, seed=seed, draws=draws, findings=found)
    form = recipe.cells(design, given)
    findings = (*found, *describe_adjustment(form, recipe, given))
    options = _Options(recipe, inference, level, seed, draws, findings, given)
    return _table(form, "cell" if method != "two_way" else "overall", options, cells=form, banded=False)


def _check_inference(method: str, inference: str, level: float) -> None:
    allowed = SYNTHETIC_INFERENCES if method == "synthetic" else INFERENCES
    if inference not in allowed:
        raise EstimationError.of("EST-04", column="inference", found=inference, allowed=", ".join(allowed))
    if inference == "conservative" and method != "imputation":
        raise EstimationError.of("EST-32", column="inference", found=inference, method=method, allowed="imputation")
    if not 0 < level < 1:
        raise EstimationError.of("EST-04", column="level", found=level, allowed="0 < level < 1")


def _synthesise(
    design: Design, inference: str, *, level: float, seed: int, draws: int | None, findings: list[Finding]
) -> EffectTable:
    chosen = "automatic" if inference == "cr2" else inference
    more = {} if draws is None else {"draws": draws}
    table = synthesise(design, inference=chosen, level=level, seed=seed, **more)
    return table if not findings else replace(table, warnings=(*table.warnings, *findings))


def _aggregate(form: LinearForm, options: _Options, kind: AggregationKind, cohort: str | None = None) -> EffectTable:
    return _table(options.recipe.shown(form, kind, cohort), kind, options, cells=form, banded=True, cohort=cohort)


def _table(
    form: LinearForm, kind: str, options: _Options, *, cells: LinearForm, banded: bool, cohort: str | None = None
) -> EffectTable:
    values = form.estimates()
    result = _infer(form, kind, options, cohort)
    frame = effect_frame(
        {
            "estimand": "overall" if kind in MEANS else kind,
            "method": options.recipe.method,
            "conf_level": options.level,
            **describe_rows(form, cohort),
            "estimate": values,
            **{name: getattr(result, name) for name in REPORTED},
            **(_band(form, values, result, options) if banded else {}),
        }
    )
    design = form.cells.design
    few = warn_few_treated(form) if options.inference == "multiplier" else ()
    few += warn_few_assignments(form, level=options.level) if options.inference == "permutation" else ()
    told = (*design.panel.findings, *design.findings, *options.findings, *few)
    return EffectTable(
        frame=frame,
        warnings=(*told, *warn_of_rows(frame, form, result.alone)),
        account=design.account,
        aggregator=partial(_aggregate, cells, options),
        cells=cells,
        inference=options.inference,
    )


def _infer(form: LinearForm, kind: str, options: _Options, cohort: str | None) -> Inference:
    level = options.level
    if options.inference == "permutation":
        recipe = options.recipe

        def rebuild(design: Design) -> LinearForm:
            return recipe.shown(recipe.cells(design, options.given), kind, cohort)

        return infer_permutation(form, level=level, rebuild=rebuild, **options.drawing)
    drawn = {"multiplier": infer_multiplier, "wild": infer_wild}
    if options.inference in drawn:
        return drawn[options.inference](form, level=level, **options.drawing)
    closed = {"cluster": infer_cluster, "influence": infer_influence, "conservative": infer_conservative}
    return closed.get(options.inference, infer)(form, level=level)


def _band(form: LinearForm, values: np.ndarray, result: Inference, options: _Options) -> dict[str, np.ndarray]:
    if options.inference == "multiplier":
        influence = np.where(np.isfinite(result.std_error), influence_values(form), np.nan)
        low, high = multiplier_band(values, influence, level=options.level, **options.drawing)
    else:
        low, high = simultaneous_band(values, result, level=options.level, seed=options.seed)
    return {"band_low": low, "band_high": high}
