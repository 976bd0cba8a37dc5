"""The design as matrices: profiles of municipalities that are alike, and which cells are free of the programme.

Municipalities of one cohort with the same observed periods and the same weights enter every estimator in the same way.
They are one *profile*; the algebra runs over P profiles instead of N municipalities (P is 6 for a complete unweighted
panel of five intakes, N when every municipality has a weight of its own).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.design.cohorts import find_cohorts
from kvalitet_eval.design.comparison import Design


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What the estimators need of a design.

    Parameters
    ----------
    design : Design
        The design.
    profile : numpy.ndarray
        (N,) profile of each municipality.
    count : numpy.ndarray
        (P,) municipalities of each profile.
    group : numpy.ndarray
        (P,) cohort of each profile; the pool without a start is the last group.
    omega : numpy.ndarray
        (P, T) weight of one municipality's cell; 0 where it has no figure.
    start : numpy.ndarray
        (G,) ordinal of each group's first treated period; not-a-number for the pool.
    names : tuple of str
        (G,) names of the groups; empty for the pool.
    outcome : numpy.ndarray
        (N, T) outcome less the municipality's own mean, 0 where missing: every estimator here ignores levels, and
        small numbers keep the digits.
    """

    design: Design
    profile: np.ndarray
    count: np.ndarray
    group: np.ndarray
    omega: np.ndarray
    start: np.ndarray
    names: tuple[str, ...]
    outcome: np.ndarray

    @property
    def n_groups(self) -> int:
        """Number of cohorts and the pool."""
        return len(self.start)

    @property
    def pool_group(self) -> int:
        """Index of the pool without a start."""
        return self.n_groups - 1

    def sums(self) -> np.ndarray:
        """(P, T) sums of the outcomes over the municipalities of each profile."""
        shape = self.omega.shape
        place = self.profile[:, None] * shape[1] + np.arange(shape[1])
        return np.bincount(place.ravel(), self.outcome.ravel(), minlength=self.omega.size).reshape(shape)

    def members(self, profile: int) -> np.ndarray:
        """Positions of the municipalities of one profile."""
        return np.flatnonzero(self.profile == profile)

    def estimable(self) -> list[int]:
        """Groups whose effect the design asks for: they start within the panel."""
        wanted = {(c.name, c.start) for c in self.design.cohorts}
        return [g for g in range(self.n_groups) if (self.names[g], self.start[g]) in wanted]

    def clean(self, group: int) -> np.ndarray:
        """(T,) periods in which a group is free of the programme, anticipation included."""
        if np.isnan(self.start[group]):
            return np.ones(len(self.design.panel.ordinals), dtype=bool)
        return self.design.panel.ordinals < self.start[group] - self.design.anticipation


def build_cells(design: Design, *, separate: bool = False) -> Cells:
    """Sort the municipalities of a design into profiles; ``separate`` makes each a profile of its own."""
    panel = design.panel
    cohorts = find_cohorts(panel)
    group_of_unit = np.full(len(panel.units), len(cohorts))
    for g, cohort in enumerate(cohorts):
        group_of_unit[list(cohort.members)] = g
    observed = panel.observed
    weights = np.ones_like(panel.outcome) if panel.weights is None else panel.weights
    omega = np.where(observed, weights * design.pool_weight[:, None], 0.0)
    keys = [group_of_unit] if (omega == omega.flat[0]).all() else [group_of_unit, omega]
    keys = np.column_stack([*keys, np.arange(len(omega))] if separate else keys)
    _, first, profile, count = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    mean = np.nanmean(panel.outcome, axis=1, keepdims=True)
    return Cells(
        design=design,
        profile=profile.reshape(-1),
        count=count,
        group=group_of_unit[first],
        omega=omega[first],
        start=np.array([c.start for c in cohorts] + [np.nan]),
        names=(*(c.name for c in cohorts), ""),
        outcome=np.where(observed, panel.outcome - mean, 0.0),
    )


def solve_periods(fit: np.ndarray, count: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Solve the normal equations of a two-way model after eliminating the municipalities.

    Parameters
    ----------
    fit : numpy.ndarray
        (P, T) weights of the cells in the fit, 0 outside it.
    count : numpy.ndarray
        (P,) municipalities of each profile.
    right : numpy.ndarray
        (T, R) right-hand sides.

    Returns
    -------
    gamma : numpy.ndarray
        (T, R) period coefficients, one of the solutions where there are several.
    solved : numpy.ndarray
        (R,) whether the right-hand side lies in the space that the cells identify.

    Notes
    -----
    With unit effects eliminated the matrix is diag(sum_i w_it) - sum_i w_it w_is / sum_t w_it; it is singular (a
    constant), and more so when the cells fall into parts that no municipality connects. It is scaled to a diagonal of
    one first, so that periods of very different weight are told apart from such parts.
    """
    total = fit.sum(axis=1)
    share = np.divide(fit, total[:, None], out=np.zeros_like(fit), where=total[:, None] > 0)
    matrix = np.diag(count @ fit) - (fit * count[:, None]).T @ share
    diagonal = np.diag(matrix)
    root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(matrix / np.outer(root, root))
    keep = values > 1e-11 * len(values)
    basis = vectors[:, keep] / root[:, None]
    gamma = (basis / values[keep]) @ (basis.T @ right)
    size = np.abs(right).max(axis=0, initial=0.0)
    solved = np.abs(matrix @ gamma - right).max(axis=0, initial=0.0) <= 1e-8 * np.maximum(size, np.finfo(float).tiny)
    return gamma, solved
