"""The two-way coefficient from ten million rows of persons: at least 20 x pyfixest, equal to 1e-10."""

from __future__ import annotations

from benchmarks.comparison import Comparison
from benchmarks.measure import Side

COMPARISONS = [
    Comparison(
        f"two-way coefficient, {n_rows // 1_000_000} million rows in 431 x 40 cells",
        Side("collapse_rows + estimate", "package", "estimation.ours:individual_rows", {"n_rows": n_rows}, calls=3),
        Side("pyfixest feols", "peers", "estimation.peers_pyfixest:individual_rows", {"n_rows": n_rows}),
        least=20 if n_rows == 10_000_000 else None,
        same={"estimate": 1e-10},
        rounds=3,
    )
    for n_rows in (1_000_000, 10_000_000)
]
