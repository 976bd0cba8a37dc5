"""Group-time effects: one cohort's change since a base period against the comparison's change.

Callaway and Sant'Anna (2021), "Difference-in-Differences with multiple time periods", Journal of Econometrics 225(2);
with covariates by Sant'Anna and Zhao (2020), see :mod:`kvalitet_eval.estimate.adjust`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.adjust import Adjusted, Adjustments, adjust_for
from kvalitet_eval.estimate.cells import Cells
from kvalitet_eval.estimate.linear import LinearForm, stack

Base = str | int | tuple[int, int]
Pair = tuple[int, tuple[int, ...]]
CovariatesAt = Callable[[int, int], np.ndarray]
"""From a cohort (its group) and a base period (its position) to (N, k) covariates, not-a-number where missing."""


def difference_cells(cells: Cells, *, base: Base) -> LinearForm:
    """Effects per cohort and period as differences of mean changes.

    Parameters
    ----------
    cells : Cells
        The design as matrices. Weights are those of the base, the same in both terms.
    base : {"universal", "varying"}, int or tuple of int
        ``universal``: the last period before anticipation for all rows. ``varying``: for periods before the start the
        period before each; from anticipation on the last period before it. A number k: the k-th calendar period before
        anticipation (1 is ``universal`` in a calendar without holes). Two event times (first, last): the mean of the
        periods between them, both included, as far as the panel has them.

    Returns
    -------
    LinearForm
        Rows per cohort and period except a single base period itself. Not identified: no comparison municipality has
        all figures, or the panel does not have the base.

    Notes
    -----
    ATT(g, t) = mean over cohort of (Y_t - Y_b) - mean over comparison of (Y_t - Y_b). Not-yet-treated at (g, t): start
    less anticipation after both t and b. With a window of base periods b, Y_b is their mean, of municipalities that
    have all of them, and their weight is the mean too.
    """
    sums = cells.sums()
    return stack([_difference_group(cells, sums, group, base) for group in cells.estimable()])


def adjust_cells(cells: Cells, *, base: Base, covariates_at: CovariatesAt, how: str) -> LinearForm:
    """Effects per cohort and period as differences of changes, adjusted for covariates.

    Parameters
    ----------
    cells : Cells
        With a profile for every municipality.
    base : {"universal", "varying"}, int or tuple of int
        As in :func:`difference_cells`; with a window the covariates are those of its last period.
    covariates_at : callable
        Covariates of a cohort's comparison, by group and base period.
    how : {"dr", "ipw", "reg"}
        See :func:`kvalitet_eval.estimate.adjust.adjust_for`.

    Returns
    -------
    LinearForm
        As :func:`difference_cells`, less municipalities with a missing covariate (counted in ``n_missing``). Not
        identified either: the two sides do not overlap (``overlap`` is false).
    """
    return stack([adjust_group(cells, g, find_pairs(cells, g, base), covariates_at, how) for g in cells.estimable()])


def find_pairs(cells: Cells, group: int, base: Base) -> list[Pair]:
    """Positions (period, base periods) of a cohort's rows; no base period where the panel lacks it."""
    ordinals = cells.design.panel.ordinals
    event_time = ordinals - cells.start[group]
    anchor = int(np.flatnonzero(cells.clean(group))[-1])
    if isinstance(base, tuple):
        fixed = tuple(np.flatnonzero((event_time >= base[0]) & (event_time <= base[1])).tolist())
    elif isinstance(base, str):
        fixed = (anchor,)
    else:
        fixed = tuple(np.flatnonzero(event_time == -cells.design.anticipation - base).tolist())
    pairs: list[Pair] = []
    for t in range(len(ordinals)):
        own = (t - 1,) if base == "varying" and t <= anchor else fixed
        if own not in ((-1,), (t,)):
            pairs.append((t, own))
    return pairs


def _difference_group(cells: Cells, sums: np.ndarray, group: int, base: Base) -> LinearForm:
    pairs = find_pairs(cells, group, base)
    shape = (len(cells.count), len(pairs), len(cells.design.panel.ordinals))
    loadings, mass, solved = np.zeros(shape), np.zeros(len(pairs)), np.zeros(len(pairs), dtype=bool)
    treated, comparison = np.zeros(shape[:2], dtype=bool), np.zeros(shape[:2], dtype=bool)
    centre = np.zeros(shape[:2])
    for r, (t, b) in enumerate(pairs):
        treated[:, r], comparison[:, r] = _sides(cells, group, t, b)
        solved[r] = treated[:, r].any() and comparison[:, r].any()
        if solved[r]:
            mass[r] = (cells.count * cells.omega[:, t])[treated[:, r]].sum()
            contrast = contrast_of(t, b, shape[2])
            for side, sign in ((treated[:, r], 1.0), (comparison[:, r], -1.0)):
                heavy = cells.omega[np.ix_(side, b)].mean(axis=1)
                weight = sign * heavy / (cells.count[side] @ heavy)
                loadings[side, r] += weight[:, None] * contrast
                centre[side, r] = weight * (sign * weight @ (sums[side] @ contrast))
    rows = _rows(cells, group, pairs, mass=mass, identified=solved)
    return LinearForm(
        cells, rows, loadings, treated & solved, comparison & solved, centre=centre, n_coefficients=int(solved.sum())
    )


def adjust_group(cells: Cells, group: int, pairs: Sequence[Pair], covariates_at: CovariatesAt, how: str) -> LinearForm:
    """Adjusted effects of one cohort in some periods; see :func:`adjust_cells`."""
    n_periods, unit_of = len(cells.design.panel.ordinals), np.argsort(cells.profile)
    shape, known = (len(cells.count), len(pairs)), {}
    treated, comparison = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    loadings, centre = np.zeros((*shape, n_periods)), np.zeros(shape)
    contrasts, n_missing, mass = (
        np.zeros((len(pairs), n_periods)),
        np.zeros(len(pairs), dtype=int),
        np.zeros(len(pairs)),
    )
    parts: list[Adjusted | None] = [None] * len(pairs)
    for r, (t, b) in enumerate(pairs):
        values = covariates_at(group, b[-1])[unit_of] if b else np.zeros((shape[0], 0))
        sides, complete = _sides(cells, group, t, b), np.isfinite(values).all(axis=1)
        n_missing[r] = (~complete & (sides[0] | sides[1])).sum()
        treated[:, r], comparison[:, r] = sides[0] & complete, sides[1] & complete
        if treated[:, r].any() and comparison[:, r].any():
            used = np.flatnonzero(treated[:, r] | comparison[:, r])
            key = np.concatenate([used, treated[used, r], b]).tobytes()
            if key not in known:
                heavy = cells.omega[np.ix_(used, b)].mean(axis=1)
                known[key] = adjust_for(values[used], treated[used, r], heavy, units=unit_of[used], how=how)
            part = parts[r] = known[key]
            contrasts[r] = contrast_of(t, b, n_periods)
            loadings[used, r] = part.loading[:, None] * contrasts[r]
            centre[used, r] = part.centre(cells.outcome[part.units] @ contrasts[r])
            mass[r] = cells.omega[treated[:, r], t].sum()
    overlap = np.array([part is None or part.overlaps for part in parts], dtype=bool)
    solved = np.array([part is not None for part in parts], dtype=bool) & overlap
    loadings[:, ~solved], centre[:, ~solved] = 0.0, 0.0
    rows = _rows(cells, group, pairs, mass=mass, identified=solved).assign(n_missing=n_missing, overlap=overlap)
    return LinearForm(
        cells,
        rows,
        loadings,
        treated & solved,
        comparison & solved,
        centre=centre,
        adjustments=Adjustments(tuple(parts), contrasts, np.eye(len(pairs))),
        n_coefficients=int(solved.sum()),
    )


def contrast_of(t: int, b: Sequence[int], n_periods: int) -> np.ndarray:
    """(T,) the change from the mean of the base periods to a period, as a sum of periods."""
    contrast = np.zeros(n_periods)
    contrast[t] = 1.0
    contrast[list(b)] -= 1 / len(b)
    return contrast


def _rows(cells: Cells, group: int, pairs: Sequence[Pair], **more: np.ndarray) -> pd.DataFrame:
    positions = np.array([t for t, _ in pairs], dtype=int)
    event_time = (cells.design.panel.ordinals - cells.start[group])[positions].astype(int)
    return pd.DataFrame({"group": group, "position": positions, "event_time": event_time, **more})


def _sides(cells: Cells, group: int, t: int, b: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(P,) profiles of the cohort and of its comparison with figures in all periods of a row."""
    if not b:
        nobody = np.zeros(len(cells.group), dtype=bool)
        return nobody, nobody
    complete = (cells.omega[:, [t, *b]] > 0).all(axis=1)
    free = cells.group == cells.pool_group
    if cells.design.uses_later_cohorts:
        later = cells.design.panel.ordinals[[t, *b]].max()
        start = cells.start[cells.group] - cells.design.anticipation
        free = free | ((start > later) & (cells.group != group))
    return complete & (cells.group == group), complete & free
