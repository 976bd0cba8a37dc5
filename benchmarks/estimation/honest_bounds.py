"""Honest bounds: at most 50 ms for each Mbar, event study and breakdown value included."""

from __future__ import annotations

from benchmarks.comparison import Comparison
from benchmarks.measure import Side

SHAPE = {"n_units": 431, "n_periods": 40}
COMPARISONS = [
    Comparison(
        f"honest, {kind}, 4 bounds, {spelled}",
        Side(
            "honest",
            "package",
            "estimation.ours:honest_bounds",
            {**SHAPE, "kind": kind, "first_of_year": yearly},
            calls=5,
        ),
        most_seconds=0.05,
        parts=4,
    )
    for kind in ("relative", "smooth")
    for yearly, spelled in ((True, "years of quarters"), (False, "single quarters"))
]
