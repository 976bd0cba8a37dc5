"""How processor time grows with units, periods and draws: medians, and exponents between neighbouring sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log
from statistics import median

from benchmarks.measure import Measured, Side, measure_in_turn
from benchmarks.table import as_markdown, seconds

BASE = {"n_units": 431, "n_periods": 40, "draws": 999}
SIZES = {"n_units": (431, 4_310, 43_100), "n_periods": (10, 20, 40, 80), "draws": (99, 999, 9_999)}
TASKS = {
    "group_time + multiplier": ("estimation.ours:group_time", {}),
    "permute, imputation": ("estimation.ours:permutations", {"method": "imputation"}),
    "two_way + wild": ("estimation.ours:wild_bootstrap", {}),
}
HEAD = ("task", "grows", "sizes", "processor time", "exponents", "peak MB")
WORDS = {"n_units": "units", "n_periods": "periods", "draws": "draws"}


def render(pythons: Mapping[str, str], *, short: bool = False) -> str:
    """Measure and tabulate; sizes are measured in turn."""
    lines = []
    for task, (target, options) in TASKS.items():
        for name, sizes in SIZES.items():
            base = {**BASE, **options, **({"n_units": 4_310} if name == "n_periods" else {})}
            sides = [Side(task, "package", target, {**base, name: size}) for size in sizes]
            found = measure_in_turn(sides, pythons, 2 if short else 3)
            lines.append(_line(task, name, sizes, found))
    return as_markdown(HEAD, lines)


def exponents(sizes: Sequence[float], times: Sequence[float]) -> list[float]:
    """Powers of the size that time grows with, between neighbours.

    Examples
    --------
    Ten times the size in ten times the time, then in a hundred times:

    >>> exponents([1, 10, 100], [1.0, 10.0, 1000.0])
    [1.0, 2.0]
    """
    pairs = pairwise(zip(sizes, times, strict=True))
    return [round(log(late / early) / log(large / small), 9) for (small, early), (large, late) in pairs]


def _line(task: str, name: str, sizes: Sequence[int], found: Sequence[Measured]) -> list[str]:
    times = [median(one.processor) for one in found]
    powers = ", ".join(f"{power:.2f}" for power in exponents(sizes, times))
    memory = ", ".join(f"{one.peak_mb:.0f}" for one in found)
    return [task, WORDS[name], ", ".join(map(str, sizes)), ", ".join(map(seconds, times)), powers, memory]
