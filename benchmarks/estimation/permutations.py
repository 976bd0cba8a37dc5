"""999 studentised permutations: at least 20 x our own plain loop and 500 x a loop over diff-diff."""

from __future__ import annotations

from benchmarks.comparison import Comparison
from benchmarks.measure import Side

SHAPE = {"n_units": 431, "n_periods": 40}
DRAWS, MEASURED, MEASURED_ELSEWHERE = 999, 50, 15
NEVER = {**SHAPE, "method": "group_time", "comparison": "never_treated"}


def _ours(**options: object) -> Side:
    return Side("permute", "package", "estimation.ours:permutations", {**options, "draws": DRAWS}, calls=5)


def _loop(name: str, draws: int, **options: object) -> Side:
    return Side(name, "package", "estimation.ours:plain_loop", {**options, "draws": draws}, scale=DRAWS / draws)


COMPARISONS = [
    Comparison(
        f"{DRAWS} permutations, {method}, 431 x 40",
        _ours(**SHAPE, method=method),
        _loop(f"own loop, {MEASURED} draws x {DRAWS}/{MEASURED}", MEASURED, **SHAPE, method=method),
        least=20,
        same={"statistics": 1e-8},
    )
    for method in ("imputation", "group_time")
]
COMPARISONS += [
    Comparison(
        f"{DRAWS} permutations, imputation, 431 x 40",
        _ours(**SHAPE, method="imputation"),
        Side(
            f"diff-diff loop, {MEASURED_ELSEWHERE} draws x {DRAWS}/{MEASURED_ELSEWHERE}",
            "peers",
            "estimation.peers_diff_diff:permutations",
            {**SHAPE, "draws": MEASURED_ELSEWHERE},
            scale=DRAWS / MEASURED_ELSEWHERE,
        ),
        least=500,
        same={"estimate": 1e-8},
    ),
    Comparison(
        f"{DRAWS} permutations, group_time, never treated, 431 x 40",
        _ours(**NEVER),
        _loop(f"loop by hand, {DRAWS} draws", DRAWS, **NEVER, by_hand=True),
        same={"statistics": 1e-8},
    ),
]
