"""Measure and print: ``python -m benchmarks.estimation --peers PYTHON [--only NAME ...] [--short]``."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from benchmarks.comparison import measure
from benchmarks.estimation import growth
from benchmarks.table import render

RATIOS = ("permutations", "honest_bounds", "wild_bootstrap", "group_time", "individual_rows")


def main() -> int:
    """Run what was asked for; the exit code tells whether every bound was reached and every figure was the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.estimation", description=__doc__)
    parser.add_argument("--peers", required=True, metavar="PYTHON", help="interpreter with requirements.lock installed")
    parser.add_argument("--only", nargs="+", choices=(*RATIOS, "growth"), default=[*RATIOS, "growth"])
    parser.add_argument("--short", action="store_true", help="two rounds each: to see that everything runs")
    asked = parser.parse_args()
    pythons = {"package": sys.executable, "peers": asked.peers}
    print(f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}", flush=True)
    outcomes = []
    for name in (ratio for ratio in RATIOS if ratio in asked.only):
        for comparison in importlib.import_module(f"benchmarks.estimation.{name}").COMPARISONS:
            outcomes.append(measure(comparison, pythons, short=asked.short))
            ratio = outcomes[-1].ratio
            print(f"  {comparison.title}: {'' if ratio is None else f'{ratio:.3g} x'}", file=sys.stderr, flush=True)
    if outcomes:
        print(render(outcomes))
    if "growth" in asked.only:
        print(growth.render(pythons, short=asked.short))
    print(f"load after {os.getloadavg()[0]:.1f}")
    return 0 if all(one.is_reached is not False and one.is_same for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
