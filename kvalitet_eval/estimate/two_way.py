"""The traditional two-way fixed-effects coefficient: shown for contrast only, never as the answer.

With staggered starts it compares municipalities with others that are already treated (Goodman-Bacon 2021, Journal of
Econometrics 225(2), theorem 1), so that effects which grow or differ between intakes enter with negative weights.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.estimate.cells import Cells, solve_periods
from kvalitet_eval.estimate.linear import LinearForm, clear_rounding


def regress_two_way(cells: Cells) -> LinearForm:
    """One row: the coefficient of "started" in a regression with municipality and period effects.

    Notes
    -----
    coefficient = sum(w D~ Y) / sum(w D~ D), D~ the residual of the treatment dummy on both effects (Frisch-Waugh).
    """
    ordinals = cells.design.panel.ordinals
    dummy = (ordinals[None, :] >= cells.start[cells.group][:, None]).astype(float)
    weighted = cells.omega * dummy
    total = cells.omega.sum(axis=1)
    unit_sum = weighted.sum(axis=1)
    right = cells.count @ weighted - (cells.count * unit_sum / total) @ cells.omega
    gamma, _ = solve_periods(cells.omega, cells.count, right[:, None])
    unit_part = (unit_sum - cells.omega @ gamma[:, 0]) / total
    residual = cells.omega * (dummy - unit_part[:, None] - gamma[:, 0][None, :])
    scale = (cells.count @ (residual * dummy)).sum()
    identified = scale > 1e-10 * max((cells.count @ weighted).sum(), np.finfo(float).tiny)
    loadings = clear_rounding(residual[:, None, :] / scale) if identified else np.zeros_like(residual)[:, None, :]
    starts = dummy.any(axis=1)[:, None]
    mass = (cells.count @ weighted).sum()
    rows = pd.DataFrame(
        {"group": [-1], "position": [-1], "event_time": [pd.NA], "mass": [mass], "identified": [bool(identified)]}
    )
    return LinearForm(cells, rows, loadings, starts, ~starts)
