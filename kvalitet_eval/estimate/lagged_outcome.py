"""Comparison with municipalities of the same past: doubly robust on lagged outcomes.

The other side of the bracket. Differences of changes assume that levels do not matter for what comes next; here the
level and course before the start are what is compared on (Ding and Li 2019, "A bracketing relationship between
difference-in-differences and lagged-dependent-variable adjustment", Political Analysis 27(4)). When municipalities were
chosen for a lasting difference in level, this method is the wrong one, and errs towards the other side.
"""

from __future__ import annotations

import numpy as np

from kvalitet_eval.estimate.cells import Cells
from kvalitet_eval.estimate.group_time import CovariatesAt, adjust_group, find_pairs
from kvalitet_eval.estimate.linear import LinearForm, stack


def compare_alike(cells: Cells, *, lags: int, how: str = "dr", covariates_at: CovariatesAt | None = None) -> LinearForm:
    """Effects per cohort and period after the base, among municipalities with the same past.

    Parameters
    ----------
    cells : Cells
        With a profile for every municipality.
    lags : int
        Outcomes of the last ``lags`` periods before anticipation are what is compared on; fewer where the panel has
        fewer, at least one.
    how : {"dr", "ipw", "reg"}
        See :func:`kvalitet_eval.estimate.adjust.adjust_for`.
    covariates_at : callable, optional
        Further covariates.

    Returns
    -------
    LinearForm
        Rows per cohort and period from anticipation on. ``n_lags`` is the number of lags used; ``by_regression`` marks
        cohorts in which nobody resembles some of the treated enough for odds of treatment, so that only the regression
        part is left.

    Notes
    -----
    ATT(g, t): change from the last period b before anticipation, adjusted for Y_b, ..., Y_(b-k+1). As Y_b is among the
    covariates, regressing the change or the level on them is the same.
    """
    outcome = cells.design.panel.outcome

    def past(group: int, period: int) -> np.ndarray:
        own = outcome[:, _last_clean(cells, group, lags)]
        return own if covariates_at is None else np.column_stack([own, covariates_at(group, period)])

    forms = []
    for group in cells.estimable():
        pairs = [(t, b) for t, b in find_pairs(cells, group, "universal") if t > b[-1]]
        form = adjust_group(cells, group, pairs, past, how)
        fallback = how == "dr" and not form.rows["overlap"].all()
        if fallback:
            form = adjust_group(cells, group, pairs, past, "reg")
        form.rows["by_regression"] = fallback
        form.rows["n_lags"] = len(_last_clean(cells, group, lags))
        forms.append(form)
    return stack(forms)


def _last_clean(cells: Cells, group: int, lags: int) -> np.ndarray:
    """Positions of the periods whose outcomes are compared on."""
    return np.flatnonzero(cells.clean(group))[-lags:]
