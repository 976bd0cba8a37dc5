"""Seconds to suppress, audit and repair tables of growing size, beside the elimination alone; `python suppression.py`.

The peer is the elimination without attacker and repair: the least any method must do on the same table.
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np
import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.publish.cells import build_system, rows_of
from kvalitet_eval.publish.elimination import suppress

SIZES = (6, 30, 60, 100)
SECTORS = ("a", "b", "c", "d")


def make_table(n_municipalities: int, seed: int = 1) -> tuple[pd.DataFrame, publish.Structure]:
    """Counts by municipality and sector with totals, shaped as small municipal groups are."""
    random = np.random.default_rng(seed)
    places = [f"{number:04d}" for number in range(n_municipalities)]
    inner = pd.DataFrame(list(itertools.product(places, SECTORS)), columns=["geo", "sector"])
    inner["n"] = random.negative_binomial(0.7, 0.7 / 25.7, len(inner))
    by_geo = inner.groupby("geo", as_index=False)["n"].sum().assign(sector="all")
    by_sector = inner.groupby("sector", as_index=False)["n"].sum().assign(geo="all")
    both = pd.DataFrame({"geo": ["all"], "sector": ["all"], "n": [inner["n"].sum()]})
    dimensions = (publish.Dimension("geo", total="all"), publish.Dimension("sector", total="all"))
    frame = pd.concat([inner, by_geo, by_sector, both], ignore_index=True)[["geo", "sector", "n"]]
    return frame, publish.Structure(dimensions, (publish.Count("n"),))


def measure(n_municipalities: int, policy: publish.Policy) -> dict[str, object]:
    """Time one size."""
    frame, structure = make_table(n_municipalities)
    started = time.perf_counter()
    table = publish.table(frame, policy, structure)
    whole = time.perf_counter() - started
    started = time.perf_counter()
    system = build_system(structure.measures[0], rows_of(frame, None, structure), policy)
    hidden = suppress(system, {index for index in system.sensitive if system.cells[index].status == "candidate"})
    alone = time.perf_counter() - started
    return {
        "cells": len(frame),
        "primary": len(system.sensitive),
        "elimination alone, withheld": len(hidden),
        "withheld": table.audit.n_withheld,
        "elimination alone, s": round(alone, 2),
        "whole gate, s": round(whole, 2),
    }


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--profile", choices=publish.PROFILES, default="standard")
    chosen = parser.parse_args()
    policy = publish.Policy.load(chosen.profile)
    print(pd.DataFrame([measure(size, policy) for size in chosen.sizes]).to_string(index=False))


if __name__ == "__main__":
    main()
