"""How much each municipality could have moved an estimate, measured against the path of its own group.

The sums of squares of these contributions are the variances of :mod:`kvalitet_eval.estimate.inference`; formulas there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.estimate.cells import Cells, solve_periods
from kvalitet_eval.estimate.group_paths import companion_groups
from kvalitet_eval.estimate.linear import LinearForm

LEVERAGE_LIMIT = 1 - 1e-9


def vary_around_paths(form: LinearForm, *, corrected: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, R) contributions psi_i / sqrt(1 - h_i), (R,) degrees of freedom, (R,) rows without company.

    Without correction the contributions are psi_i.
    """
    cells, n_rows = form.cells, form.loadings.shape[1]
    companions = companion_groups(form)
    scaled = np.zeros((len(cells.profile), n_rows))
    mean, spread = np.zeros(n_rows), np.zeros(n_rows)
    alone = form.counts(form.treated) == 1
    for pattern in np.unique(companions, axis=1).T:
        rows = np.flatnonzero((companions == pattern[:, None]).all(axis=0))
        for group in np.unique(pattern):
            part = _vary_group(form, np.flatnonzero(pattern == group), group, rows, corrected=corrected)
            scaled[np.ix_(part.members, rows)] = part.scaled
            mean[rows] += part.mean
            spread[rows] += part.spread
            alone[rows] |= part.alone
    degrees = np.divide(mean**2, spread, out=np.zeros(n_rows), where=spread > 0)
    return scaled, degrees, alone


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What one group adds to some rows; see :func:`vary_around_paths`."""

    members: np.ndarray
    scaled: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    alone: np.ndarray


def _vary_group(form: LinearForm, profiles: np.ndarray, group: int, rows: np.ndarray, *, corrected: bool) -> _Part:
    """Contributions of one group's municipalities, expectation of their squares' sum and half its variance."""
    cells = form.cells
    omega, count = _group_weights(cells, profiles, group), cells.count[profiles]
    loadings = form.loadings[np.ix_(profiles, rows)].transpose(1, 0, 2)
    members = [cells.members(p) for p in profiles]
    sums = np.array([cells.outcome[m].sum(axis=0) for m in members])
    share = np.divide(omega, omega.sum(axis=1, keepdims=True), out=np.zeros_like(omega), where=omega > 0)
    right = (omega * sums).sum(axis=0) - (omega * sums).sum(axis=1) @ share
    inverse, _ = solve_periods(omega, count, np.eye(omega.shape[1]))
    path = inverse @ right
    variance = (loadings**2 * np.divide(1.0, omega, out=np.zeros_like(omega), where=omega > 0)).sum(axis=2)
    explained = ((loadings @ inverse) * loadings).sum(axis=2)
    leverage = np.divide(explained, variance, out=np.zeros_like(variance), where=variance > 0)
    full = leverage >= LEVERAGE_LIMIT
    inflation = 1 / (1 - np.where(full, 0.0, leverage))
    factor = np.sqrt(inflation if corrected else np.ones_like(inflation))
    scaled = [(cells.outcome[m] - path) @ loadings[:, p].T * factor[:, p] for p, m in enumerate(members)]
    moment = (loadings * (inflation * count)[:, :, None]).transpose(0, 2, 1) @ loadings
    between = inverse @ moment
    return _Part(
        members=np.concatenate(members),
        scaled=np.concatenate(scaled),
        mean=variance @ count,
        spread=(between * between.transpose(0, 2, 1)).sum(axis=(1, 2))
        + (variance**2 - (inflation * explained) ** 2) @ count,
        alone=(full & (variance > 0)).any(axis=1),
    )


def _group_weights(cells: Cells, profiles: np.ndarray, group: int) -> np.ndarray:
    """(P_group, T) weights relative to the group's mean; a municipality from another group only before its start.

    One figure says nothing of a municipality's own path, so that its weight does not count in the mean.
    """
    omega = cells.omega[profiles].copy()
    for row, p in enumerate(profiles):
        if cells.group[p] != group:
            omega[row, ~cells.clean(cells.group[p])] = 0.0
    omega[(omega > 0).sum(axis=1) < 2] = 0.0
    total = (cells.count[profiles] @ omega).sum()
    return omega / total * (cells.count[profiles] @ (omega > 0)).sum() if total > 0 else omega
