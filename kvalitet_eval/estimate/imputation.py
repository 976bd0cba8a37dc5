"""Imputation: what the treated cells would have been, from municipality and period effects of the untreated cells.

Borusyak, Jaravel and Spiess (2024), "Revisiting Event-Study Designs: Robust and Efficient Estimation", Review of
Economic Studies 91(6); identical to Wooldridge's extended two-way regression. The headline estimator of the workbench.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.cells import Cells, solve_periods
from kvalitet_eval.estimate.linear import LinearForm, clear_rounding, stack


def impute(cells: Cells, *, leads: int, donut: int = 0) -> LinearForm:
    """Effects per cohort and period by imputation, with placebo leads.

    Parameters
    ----------
    cells : Cells
        The design as matrices; weights enter both the fit and the averages over municipalities.
    leads : int
        Number of periods just before the start (less anticipation) in which a placebo effect is estimated as if the
        cohort had started that much earlier; 0 for none. Fewer are given where fewer than two periods would remain
        as "before".
    donut : int
        Number of a cohort's last periods before its start (less anticipation) that its own counterfactual is not
        fitted on: if the cohort was chosen in an unusual year, that year is not its "before".

    Returns
    -------
    LinearForm
        Rows per cohort and period from the first lead on. Not identified: a period in which no untreated cell is
        connected with the cohort's own untreated cells; with a large donut, everything.

    Notes
    -----
    For cell (i, t): effect = Y_it - a_i - b_t, with a and b from weighted least squares on the untreated cells. With
    ``not_yet_treated`` all untreated cells enter; with the other comparisons those of the cohort itself and of the
    pool. Leads of a cohort are fitted without that cohort's lead cells and with the other cells unchanged.
    """
    forms = []
    for group in cells.estimable():
        usable = int((cells.omega[cells.group == group].any(axis=0) & cells.clean(group)).sum())
        n_leads = min(leads, usable - 2)
        if n_leads > 0:
            edge = -cells.design.anticipation - 1
            forms.append(_impute_group(cells, group, first=edge - n_leads + 1, last=edge, donut=0))
        forms.append(_impute_group(cells, group, first=-cells.design.anticipation, last=None, donut=donut))
    return stack(forms)


def _impute_group(cells: Cells, group: int, *, first: int, last: int | None, donut: int) -> LinearForm:
    """Effects of one cohort at event times ``first`` to ``last``, both included."""
    event_time = cells.design.panel.ordinals - cells.start[group]
    fit = _fit_weights(cells, group, first - donut)
    own = (cells.group == group) & (fit.sum(axis=1) > 0)
    wanted = (event_time >= first) & ((event_time <= last) if last is not None else True)
    positions = np.flatnonzero(wanted & cells.omega[own].any(axis=0))
    target = np.zeros((len(cells.count), len(positions), len(event_time)))
    mass = np.array([(cells.count[own] * cells.omega[own, t]).sum() for t in positions])
    for r, t in enumerate(positions):
        target[own, r, t] = cells.omega[own, t] / mass[r]
    loadings, solved = _project(cells, fit, target)
    loadings[:, ~solved] = 0.0
    used = (np.abs(loadings) > 0).any(axis=2)
    rows = pd.DataFrame(
        {
            "group": group,
            "position": positions,
            "event_time": event_time[positions].astype(int),
            "mass": mass,
            "identified": solved,
        }
    )
    treated = own[:, None] & (cells.omega[:, positions] > 0)
    effect = np.einsum("prt,pt->r", loadings, cells.sums())
    at_target = np.where(own[:, None], loadings[:, np.arange(len(positions)), positions], 0.0)
    fitted = np.einsum("prt,t->pr", loadings, _period_effects(cells, fit)) + at_target * effect
    return LinearForm(cells, rows, loadings, treated & used, used & (cells.group != group)[:, None], fitted=fitted)


def _period_effects(cells: Cells, fit: np.ndarray) -> np.ndarray:
    """(T,) period effects of the regression on the untreated cells; those of municipalities cancel in every row."""
    total = fit.sum(axis=1)
    share = np.divide(fit, total[:, None], out=np.zeros_like(fit), where=total[:, None] > 0)
    weighted = fit * cells.sums()
    right = weighted.sum(axis=0) - weighted.sum(axis=1) @ share
    return solve_periods(fit, cells.count, right[:, None])[0][:, 0]


def _fit_weights(cells: Cells, group: int, first: int) -> np.ndarray:
    """(P, T) weights of the untreated cells that a cohort's counterfactual is fitted on, its own before ``first``."""
    allowed = np.ones(len(cells.group), dtype=bool)
    if not cells.design.uses_later_cohorts:
        allowed = (cells.group == group) | (cells.group == cells.pool_group)
    clean = np.array([cells.clean(g) for g in cells.group])
    own_before = cells.design.panel.ordinals < cells.start[group] + first
    clean[cells.group == group] &= own_before
    return np.where(clean & allowed[:, None], cells.omega, 0.0)


def _project(cells: Cells, fit: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the fitted municipality and period effects away from the target cells.

    Returns the loadings (P, R, T), which sum to zero within every municipality and every period, and whether each row
    is identified (R,).
    """
    total = fit.sum(axis=1)
    unit_mass = target.sum(axis=2)
    period_mass = np.einsum("p,prt->tr", cells.count, target)
    inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    right = period_mass - np.einsum("p,pt,p,pr->tr", cells.count, fit, inverse, unit_mass)
    gamma, solved = solve_periods(fit, cells.count, right)
    unit_part = (unit_mass - fit @ gamma) * inverse[:, None]
    loadings = target - fit[:, None, :] * (unit_part[:, :, None] + gamma.T[None])
    return clear_rounding(loadings), solved
