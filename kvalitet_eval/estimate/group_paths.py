"""Residuals of municipalities from the regression that their estimate belongs to, for draws that resample them.

Two regressions are enough. *Paths*: a municipality effect and one free path per group (a cohort, or the pool); every
estimator here is a contrast of these paths. *Two-way*: municipality and period effects and one coefficient for "has
started"; an estimate that is that coefficient is drawn in its own regression, as other programs do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.estimate.cells import Cells
from kvalitet_eval.estimate.linear import LinearForm

SPANNED = 1e-9  # share of the largest loading that may be left outside the two-way regression
RANK = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Municipalities that share the coefficients of one regression; n of them in P profiles, T periods, K columns.

    Parameters
    ----------
    profiles : numpy.ndarray
        (P,) their profiles.
    members, place : numpy.ndarray
        (n,) positions of the municipalities, and where in ``profiles`` each belongs.
    count : numpy.ndarray
        (P,) municipalities of each profile.
    omega : numpy.ndarray
        (P, T) weights of the cells in the regression.
    dummy : numpy.ndarray or None
        (P, T) "has started" as an extra column; None when the columns are the periods alone.
    bread : numpy.ndarray
        (K, K) generalised inverse of the columns' moments, municipality effects eliminated.
    coefficients : numpy.ndarray
        (K,) fitted.
    residual : numpy.ndarray
        (n, T) in units of the outcome; 0 where there is no figure.
    """

    profiles: np.ndarray
    members: np.ndarray
    place: np.ndarray
    count: np.ndarray
    omega: np.ndarray
    dummy: np.ndarray | None
    bread: np.ndarray
    coefficients: np.ndarray
    residual: np.ndarray

    def project(self, values: np.ndarray) -> np.ndarray:
        """(..., K) products of (..., P or n, T) values with the columns, row by row."""
        if self.dummy is None:
            return values
        dummy = self.dummy if len(values) == len(self.profiles) else self.dummy[self.place]
        return np.concatenate([values, (values * dummy).sum(axis=-1, keepdims=True)], axis=-1)

    def fitted(self, coefficients: np.ndarray) -> np.ndarray:
        """(P, T) columns times coefficients, less their mean in each municipality; 0 outside the regression."""
        values = np.broadcast_to(coefficients[: self.omega.shape[1]], self.omega.shape)
        if self.dummy is not None:
            values = values + self.dummy * coefficients[-1]
        return _center(values, self.omega)


def companion_groups(form: LinearForm) -> np.ndarray:
    """(P, R) group whose path a profile is measured against: its own, or the pool's for a lone comparison municipality.

    One municipality of a cohort that is only compared with, before its start, is measured against the pool. One whose
    own effect is estimated stays alone.
    """
    cells = form.cells
    active = (form.loadings != 0).any(axis=2)
    size = np.zeros((cells.n_groups, active.shape[1]))
    np.add.at(size, cells.group, cells.count[:, None] * active)
    lone = active & (size[cells.group] == 1) & ~form.treated
    return np.where(lone, cells.pool_group, cells.group[:, None])


def path_blocks(cells: Cells, companions: np.ndarray) -> list[Block]:
    """One block per group of ``companions`` (P,); a municipality from another group counts only before its start."""
    omega = cells.omega.copy()
    for p in np.flatnonzero(companions != cells.group):
        omega[p, ~cells.clean(cells.group[p])] = 0.0
    return [_block(cells, np.flatnonzero(companions == group), omega, None) for group in np.unique(companions)]


def two_way_block(cells: Cells) -> Block:
    """All municipalities in one regression with period effects and "has started"."""
    dummy = (cells.design.panel.ordinals[None, :] >= cells.start[cells.group][:, None]).astype(float)
    return _block(cells, np.arange(len(cells.count)), cells.omega, dummy)


def is_coefficient(block: Block, loadings: np.ndarray) -> bool:
    """Whether loadings (P, T) are those of a least-squares coefficient in the regression of the block."""
    wanted = np.divide(loadings, block.omega, out=np.zeros_like(loadings), where=block.omega > 0)
    coefficients = block.bread @ (block.count @ block.project(loadings))
    outside = np.abs(wanted - block.fitted(coefficients)) * block.omega
    return bool(outside.max() <= SPANNED * np.abs(loadings).max())


def _block(cells: Cells, profiles: np.ndarray, omega: np.ndarray, dummy: np.ndarray | None) -> Block:
    own, count = omega[profiles], cells.count[profiles]
    place_of = np.full(len(cells.count), -1)
    place_of[profiles] = np.arange(len(profiles))
    members = np.flatnonzero(place_of[cells.profile] >= 0)
    place = place_of[cells.profile[members]]
    bread = _invert(_moments(own, count, dummy))
    outcome = _center(cells.outcome[members], own[place])
    weighted = own[place] * outcome
    right = weighted.sum(axis=0)
    if dummy is not None:
        right = np.append(right, (weighted * dummy[place]).sum())
    coefficients = bread @ right
    block = Block(profiles, members, place, count, own, dummy, bread, coefficients, outcome)
    outcome -= block.fitted(coefficients)[place]
    return block


def _moments(omega: np.ndarray, count: np.ndarray, dummy: np.ndarray | None) -> np.ndarray:
    """(K, K) weighted moments of the columns, municipality effects eliminated."""
    total = omega.sum(axis=1, keepdims=True)
    share = np.divide(omega, total, out=np.zeros_like(omega), where=total > 0)
    periods = np.diag(count @ omega) - (omega * count[:, None]).T @ share
    if dummy is None:
        return periods
    weighted = omega * _center(dummy, omega)
    border = count @ weighted
    return np.block(
        [[periods, border[:, None]], [border[None, :], np.array([[count @ (weighted * dummy).sum(axis=1)]])]]
    )


def _invert(matrix: np.ndarray) -> np.ndarray:
    """Generalised inverse of a positive semi-definite matrix, scaled to a diagonal of one first."""
    diagonal = np.diag(matrix)
    root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(matrix / np.outer(root, root))
    keep = values > RANK * len(values)
    basis = vectors[:, keep] / root[:, None]
    return (basis / values[keep]) @ basis.T


def _center(values: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """Values less their weighted mean in each row, 0 where the weight is 0."""
    total = omega.sum(axis=1, keepdims=True)
    mean = np.divide((values * omega).sum(axis=1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
    return np.where(omega > 0, values - mean, 0.0)
