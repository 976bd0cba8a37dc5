"""Restricted wild cluster bootstrap of the two-way coefficient: at least 20 x wildboottest."""

from __future__ import annotations

from benchmarks.comparison import Comparison
from benchmarks.measure import Side

OPTIONS = {"n_units": 431, "n_periods": 40, "draws": 9_999}
COMPARISONS = [
    Comparison(
        "wild bootstrap, 9 999 draws, 431 x 40",
        Side("estimate(two_way, wild), with interval", "package", "estimation.ours:wild_bootstrap", OPTIONS, calls=3),
        Side("wildboottest, no interval", "peers", "estimation.peers_wildboottest:wild_bootstrap", OPTIONS),
        least=20,
        same={"p_value": 0.03},  # four Monte-Carlo errors of a difference
    )
]
