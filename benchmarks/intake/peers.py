"""The plain readers beside which ours stand; they check nothing and remember no line."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

Call = Callable[[], dict[str, float]]
TEXT = {"municipality_number": str}


def pandas_csv(path: str, **options: str) -> Call:
    """Types guessed but for the municipality number."""
    return lambda: {"rows": len(pd.read_csv(path, sep=";", dtype=TEXT, **options))}


def pandas_excel(path: str, engine: str) -> Call:
    """As above, in the same process and without a guard."""
    return lambda: {"rows": len(pd.read_excel(path, engine=engine, dtype=TEXT))}


def plain_json(path: str) -> Call:
    """One record for every cell, by the shortest loop."""

    def call() -> dict[str, float]:
        table = json.loads(Path(path).read_text("utf-8"))
        codes = [list(table["dimension"][name]["category"]["index"]) for name in table["id"]]
        return {
            "rows": len([(*at, value) for at, value in zip(itertools.product(*codes), table["value"], strict=True)])
        }

    return call
