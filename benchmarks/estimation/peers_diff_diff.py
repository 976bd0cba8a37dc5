"""diff-diff's sides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from diff_diff import CallawaySantAnna, ImputationDiD

from benchmarks.estimation.panels import draw_starts, panel_frame, permuted_starts

Call = Callable[[], dict[str, float]]
COLUMNS = {"outcome": "y", "unit": "unit", "time": "period", "first_treat": "g"}


def permutations(n_units: int, n_periods: int, draws: int) -> Call:
    """A loop over its imputation estimator, the quickest of those with a standard error for the overall effect."""
    frame = panel_frame(n_units, n_periods, never=0.0)
    start = np.nan_to_num(draw_starts(n_units, n_periods))
    others = permuted_starts(start, draws - 1, seed=0)

    def call() -> dict[str, float]:
        found = []
        for own in (start, *others):
            frame["g"] = np.repeat(own, n_periods)
            fitted = ImputationDiD().fit(frame, **COLUMNS)
            found.append((fitted.overall_att, fitted.overall_att / fitted.overall_se))
        return {"estimate": float(found[0][0]), "largest": float(max(abs(t) for _, t in found))}

    return call


def group_time(n_units: int, n_periods: int, draws: int) -> Call:
    """Callaway and Sant'Anna with its multiplier bootstrap, from a frame."""
    frame = panel_frame(n_units, n_periods, never=0.0)

    def call() -> dict[str, float]:
        model = CallawaySantAnna(
            control_group="not_yet_treated",
            base_period="universal",
            estimation_method="reg",
            n_bootstrap=draws,
            seed=1,
        )
        return {"overall": float(model.fit(frame, **COLUMNS).overall_att)}

    return call
