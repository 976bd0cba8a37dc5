"""Group-time effects: one cohort's change since a base period against the comparison's change.

Callaway and Sant'Anna (2021), "Difference-in-Differences with multiple time periods", Journal of Econometrics 225(2),
the case without covariates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.cells import Cells
from kvalitet_eval.estimate.linear import LinearForm, stack


def difference_cells(cells: Cells, *, base: str) -> LinearForm:
    """Effects per cohort and period as differences of mean changes.

    Parameters
    ----------
    cells : Cells
        The design as matrices. Weights are those of the base period, the same in both terms.
    base : {"universal", "varying"}
        Base of the periods before the start: the last period before anticipation for all (``universal``), or the
        period before each (``varying``). From anticipation on the base is always the last period before it.

    Returns
    -------
    LinearForm
        Rows per cohort and period except the base period itself. Not identified: no comparison municipality has both
        figures.

    Notes
    -----
    ATT(g, t) = mean over cohort of (Y_t - Y_b) - mean over comparison of (Y_t - Y_b). Not-yet-treated at (g, t): start
    less anticipation after both t and b.
    """
    return stack([_difference_group(cells, group, base) for group in cells.estimable()])


def _difference_group(cells: Cells, group: int, base: str) -> LinearForm:
    ordinals = cells.design.panel.ordinals
    event_time = ordinals - cells.start[group]
    anchor = np.flatnonzero(cells.clean(group))[-1]
    pairs = []
    for t in range(len(ordinals)):
        before = t <= anchor
        b = t - 1 if before and base == "varying" else anchor
        if b >= 0 and b != t:
            pairs.append((t, b))
    shape = (len(cells.count), len(pairs), len(ordinals))
    loadings, mass, solved = np.zeros(shape), np.zeros(len(pairs)), np.zeros(len(pairs), dtype=bool)
    treated, comparison = np.zeros(shape[:2], dtype=bool), np.zeros(shape[:2], dtype=bool)
    for r, (t, b) in enumerate(pairs):
        treated[:, r], comparison[:, r] = _sides(cells, group, t, b)
        solved[r] = treated[:, r].any() and comparison[:, r].any()
        if solved[r]:
            mass[r] = (cells.count * cells.omega[:, t])[treated[:, r]].sum()
            for side, sign in ((treated[:, r], 1.0), (comparison[:, r], -1.0)):
                weight = cells.omega[side, b] / (cells.count * cells.omega[:, b])[side].sum()
                loadings[side, r, t] += sign * weight
                loadings[side, r, b] -= sign * weight
    positions = np.array([t for t, _ in pairs], dtype=int)
    rows = pd.DataFrame(
        {
            "group": group,
            "position": positions,
            "event_time": event_time[positions].astype(int),
            "mass": mass,
            "identified": solved,
        }
    )
    return LinearForm(cells, rows, loadings, treated & solved, comparison & solved)


def _sides(cells: Cells, group: int, t: int, b: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) profiles of the cohort and of its comparison with figures in both periods."""
    both = (cells.omega[:, t] > 0) & (cells.omega[:, b] > 0)
    free = cells.group == cells.pool_group
    if cells.design.uses_later_cohorts:
        later = max(cells.design.panel.ordinals[t], cells.design.panel.ordinals[b])
        start = cells.start[cells.group] - cells.design.anticipation
        free = free | ((start > later) & (cells.group != group))
    return both & (cells.group == group), both & free
