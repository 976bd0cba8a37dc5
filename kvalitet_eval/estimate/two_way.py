"""The traditional two-way fixed-effects coefficients: shown for contrast only, never as the answer.

With staggered starts they compare with municipalities that are already treated (Goodman-Bacon 2021, Journal of
Econometrics 225(2), theorem 1), so that effects which grow or differ between intakes enter with negative weights.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.cells import Cells, solve_periods
from kvalitet_eval.estimate.linear import LinearForm, clear_rounding

REFERENCE = -1


def regress_two_way(cells: Cells) -> LinearForm:
    """One row: the coefficient of "started" in a regression with municipality and period effects.

    Notes
    -----
    coefficient = sum(w D~ Y) / sum(w D~ D), D~ the residual of the treatment dummy on both effects (Frisch-Waugh).
    """
    started = cells.design.panel.ordinals[None, :] >= cells.start[cells.group][:, None]
    treated = started.any(axis=1)[:, None]
    return _regress(cells, started[None].astype(float), [pd.NA], treated, ~treated)


def regress_event_times(cells: Cells) -> LinearForm:
    """The coefficients of one dummy per distance from the start, the period before it left out.

    Without a pool the distances are not told apart from municipality and period effects; the earliest are left out
    until they are.
    """
    distance = cells.design.panel.ordinals[None, :] - cells.start[cells.group][:, None]
    observed = np.where(cells.omega > 0, distance, np.nan)
    times = [e for e in np.unique(observed[np.isfinite(observed)]).astype(int).tolist() if e != REFERENCE]
    while times and not _separable(cells, dummies := _dummies(distance, times)):
        times = times[1:]
    dummies = _dummies(distance, times)
    treated = ((dummies > 0) & (cells.omega > 0)).any(axis=2).T
    return _regress(cells, dummies, times, treated, ~treated)


def _dummies(distance: np.ndarray, times: list[int]) -> np.ndarray:
    return np.array([distance == e for e in times], dtype=float).reshape(len(times), *distance.shape)


def _separable(cells: Cells, dummies: np.ndarray) -> bool:
    """Whether no sum of the dummies is a sum of municipality and period effects."""
    moments = _moments(cells, dummies, _residual(cells, dummies))
    root = np.sqrt(np.maximum(np.einsum("p,kpt,pt->k", cells.count, dummies, cells.omega), np.finfo(float).tiny))
    return bool(np.linalg.eigvalsh(moments / np.outer(root, root)).min() > 1e-9)


def _regress(
    cells: Cells, dummies: np.ndarray, event_times: list, treated: np.ndarray, comparison: np.ndarray
) -> LinearForm:
    """Coefficients of K dummies, (K, P, T), by Frisch-Waugh; all of them or none are identified."""
    identified = len(dummies) > 0 and _separable(cells, dummies)
    loadings = np.zeros((len(cells.count), len(dummies), cells.omega.shape[1]))
    if identified:
        residual = _residual(cells, dummies)
        coefficients = np.linalg.solve(_moments(cells, dummies, residual), residual.reshape(len(dummies), -1))
        loadings = clear_rounding(coefficients.reshape(residual.shape).transpose(1, 0, 2))
    mass = np.einsum("p,kpt,pt->k", cells.count, dummies, cells.omega)
    rows = pd.DataFrame(
        {
            "group": -1,
            "position": -1,
            "event_time": pd.array(event_times, "Int64"),
            "mass": mass,
            "identified": identified,
        }
    )
    used = (loadings != 0).any(axis=2) if identified else np.ones(treated.shape, dtype=bool)
    return LinearForm(
        cells,
        rows,
        loadings,
        treated & used,
        comparison & used,
        centre=_centre(cells, dummies, loadings),
        n_coefficients=len(dummies),
    )


def _residual(cells: Cells, dummies: np.ndarray) -> np.ndarray:
    """(K, P, T) dummies less what municipality and period effects explain, times the cells' weights."""
    weighted = cells.omega * dummies
    total = cells.omega.sum(axis=1)
    unit_sum = weighted.sum(axis=2)
    right = np.einsum("p,kpt->tk", cells.count, weighted) - cells.omega.T @ (cells.count / total * unit_sum).T
    gamma, _ = solve_periods(cells.omega, cells.count, right)
    unit_part = (unit_sum - (cells.omega @ gamma).T) / total
    return cells.omega * (dummies - unit_part[:, :, None] - gamma.T[:, None, :])


def _moments(cells: Cells, dummies: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """(K, K) weighted products of the residuals."""
    moments = np.einsum("p,kpt,lpt->kl", cells.count, residual, dummies)
    return (moments + moments.T) / 2


def _centre(cells: Cells, dummies: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """(P, K) loadings x fitted values: what is taken away to leave loadings x residuals of this regression."""
    sums = cells.sums()
    coefficients = np.einsum("pkt,pt->k", loadings, sums)
    explained = np.einsum("k,kpt->pt", coefficients, dummies)
    weighted = cells.omega * (sums - cells.count[:, None] * explained)
    share = cells.omega / cells.omega.sum(axis=1, keepdims=True)
    right = weighted.sum(axis=0) - weighted.sum(axis=1) @ share
    gamma, _ = solve_periods(cells.omega, cells.count, right[:, None])
    return np.einsum("pkt,pt->pk", loadings, gamma[:, 0] + explained)
