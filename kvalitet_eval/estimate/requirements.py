"""What a design must have before anything is estimated from it, and what the reader must know about it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.covariates import Covariates, read_covariates
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.recipe import Recipe

FEW_TREATED = 30
ALL_THE_WEIGHT, MUCH_WEIGHT = 0.99, 0.5
NEEDS_TWO = ("cluster", "influence", "conservative", "multiplier", "wild")
MAX_LISTED = 20


def require(design: Design, recipe: Recipe, inference: str) -> tuple[list[Finding], Covariates | None]:
    """Find everything that makes an estimate impossible or doubtful before it is made.

    Returns
    -------
    found : list of Finding
        Warnings.
    covariates : Covariates or None
        Those that were asked for.

    Raises
    ------
    EstimationError
        All faults at once: no variation, one municipality with all the weight, too few for the asked inference, no
        base period, unusable covariates.
    """
    found = [*_flat(design), *_heavy(design), *_few(design, inference), *_baseless(design, recipe)]
    errors, given = [item for item in found if item.severity == "error"], None
    if recipe.covariates:
        try:
            given = read_covariates(design, recipe.covariates)
        except EstimationError as error:
            errors += error.findings
    if errors:
        raise EstimationError(errors)
    return found, given


def describe_adjustment(form: LinearForm, recipe: Recipe, given: Covariates | None) -> list[Finding]:
    """Say, by cohort, what became of the covariates and lags that were asked for."""
    if form.adjustments is None:
        return []
    named = [] if given is None else list(given.names)
    found = []
    for group in form.cells.estimable():
        rows = form.rows[form.rows["group"] == group]
        cohort = {"cohort": form.cells.names[group]}
        n_lags = int(rows["n_lags"].iloc[0]) if "n_lags" in rows and len(rows) else 0
        names = [f"Y(-{k})" for k in range(n_lags, 0, -1)] + named
        parts = [part for r in rows.index if (part := form.adjustments.parts[r]) is not None]
        for column in sorted({c for part in parts for c in part.dropped}):
            found.append(finding("EST-33", severity="warning", column=names[column], **cohort))
        if rows["n_missing"].any():
            found.append(finding("EST-34", severity="warning", n=int(rows["n_missing"].max()), **cohort))
        if not rows["overlap"].all():
            found.append(finding("EST-35", severity="warning", n=int((~rows["overlap"]).sum()), **cohort))
        if "by_regression" in rows and rows["by_regression"].any():
            found.append(finding("EST-B02", severity="warning", **cohort))
        if n_lags and n_lags < (recipe.lags or 0):
            found.append(finding("EST-B03", severity="warning", found=n_lags, wanted=recipe.lags, **cohort))
    return found


def _flat(design: Design) -> Iterator[Finding]:
    figures = design.panel.outcome[design.panel.observed]
    if np.ptp(figures) == 0:
        yield finding("EST-36", column=design.panel.outcome_id, found=figures[0])


def _heavy(design: Design) -> Iterator[Finding]:
    """Cohorts, and the pool, in which one municipality has most of the weight."""
    panel = design.panel
    if panel.weights is None:
        return
    mean = np.nanmean(np.where(panel.observed, panel.weights, np.nan), axis=1) * design.pool_weight
    sides = [(c.name, list(c.members)) for c in design.cohorts] + [("", np.flatnonzero(design.pool).tolist())]
    for name, members in sides:
        share = mean[members] / mean[members].sum() if len(members) > 1 else np.zeros(1)
        if share.max() > (MUCH_WEIGHT if len(members) > 2 else ALL_THE_WEIGHT):
            severity = "error" if share.max() > ALL_THE_WEIGHT else "warning"
            unit, per_cent = panel.units[members[int(share.argmax())]], f"{100 * share.max():.0f}"
            yield finding("EST-39", severity=severity, found=unit, cohort=name or "-", share=per_cent, n=len(members))


def _few(design: Design, inference: str) -> Iterator[Finding]:
    """Errors that are divided by what few municipalities cannot tell."""
    treated = sum(cohort.size for cohort in design.cohorts)
    start = design.panel.start
    free = design.pool | ~(start <= np.nanmin(start)) if design.uses_later_cohorts else design.pool
    others = int(free.sum())
    facts = {"found": inference, "n_treated": treated, "n_comparison": others}
    if inference in NEEDS_TWO and (treated < 2 or others < 2):
        yield finding("EST-38", fewest=2, cohort=", ".join(cohort.name for cohort in design.cohorts), **facts)
    elif inference in ("cluster", "influence", "conservative") and treated < FEW_TREATED:
        yield finding("EST-37", severity="warning", limit=FEW_TREATED, **facts)


def _baseless(design: Design, recipe: Recipe) -> Iterator[Finding]:
    """Cohorts for which the panel does not have the asked base."""
    if isinstance(recipe.base, str):
        return
    first, last = recipe.base if isinstance(recipe.base, tuple) else (-design.anticipation - recipe.base,) * 2
    ordinals = design.panel.ordinals
    without = [c for c in design.cohorts if not ((ordinals - c.start >= first) & (ordinals - c.start <= last)).any()]
    severity = "error" if len(without) == len(design.cohorts) else "warning"
    for cohort in without[:MAX_LISTED]:
        yield finding("EST-B01", severity=severity, found=recipe.base, cohort=cohort.name, n_before=cohort.n_before)
