"""Placebo effects: municipalities of the comparison in the place of the treated, weights found anew each time."""

from __future__ import annotations

import numpy as np

from kvalitet_eval.estimate.synthetic_cells import Family
from kvalitet_eval.estimate.synthetic_weights import Window, fit, gaps

DRAWS = 499
LARGEST_BATCH = 256


def common_donors(family: Family) -> np.ndarray:
    """Positions of the municipalities that every estimated cohort is compared with."""
    used = [set(w.donors.tolist()) for w, f in zip(family.windows, family.fits, strict=True) if f is not None]
    return np.array(sorted(set.intersection(*used)), dtype=int)


def assign(family: Family, *, draws: int, seed: int) -> np.ndarray:
    """(B, n_treated) comparison municipalities in the place of the treated, cohort after cohort.

    With one treated municipality every comparison municipality takes its place once; otherwise ``draws`` random sets.
    None at all where the comparison is too small.
    """
    donors = common_donors(family)
    n = sum(len(w.members) for w, f in zip(family.windows, family.fits, strict=True) if f is not None)
    if len(donors) < n + 1:
        return np.empty((0, n), dtype=int)
    if n == 1:
        return donors[:, None]
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    return np.array([rng.choice(donors, size=n, replace=False) for _ in range(draws)])


def placebo_cells(family: Family, assigned: np.ndarray, *, kind: str, solver: str) -> np.ndarray:
    """(B, R) estimates of the family's cells under each assignment; 0 in cells without an estimate."""
    parts = [
        _placebo_part(family, assigned[first : first + LARGEST_BATCH], kind=kind, solver=solver)
        for first in range(0, len(assigned), LARGEST_BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(family.form.rows)))


def placebo_gaps(
    family: Family, window: Window, members: np.ndarray, drawn: np.ndarray, *, kind: str, solver: str
) -> np.ndarray:
    """(B, T) gaps of one cohort whose municipalities are ``members`` (B, m) and whose donors are none of ``drawn``."""
    design = family.form.cells.design
    targets = np.nan_to_num(design.panel.outcome)[members].mean(axis=1)
    allowed = ~(window.donors[None, :, None] == drawn[:, None, :]).any(axis=2)
    found = fit(design, window, targets, kind=kind, solver=solver, n_treated=members.shape[1], allowed=allowed)
    return gaps(design, window, targets, found)


def _placebo_part(family: Family, assigned: np.ndarray, *, kind: str, solver: str) -> np.ndarray:
    columns, first = [], 0
    for window, found in zip(family.windows, family.fits, strict=True):
        if found is None:
            columns.append(np.zeros((len(assigned), len(window.shown))))
            continue
        members = assigned[:, first : first + len(window.members)]
        first += len(window.members)
        gap = placebo_gaps(family, window, members, assigned, kind=kind, solver=solver)
        columns.append(gap[:, window.shown])
    return np.concatenate(columns, axis=1)
