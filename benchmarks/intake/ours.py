"""Our sides: each gets ready and returns a call that reads the whole file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.intake.made_up import register
from kvalitet_eval.prepare.files.file_kind import read_file
from kvalitet_eval.prepare.intake import read

Call = Callable[[], dict[str, float]]


def intake(path: str, layout: str) -> Call:
    """Decoded, located, typed, checked against register and calendar, every change in the ledger."""
    places = register()

    def call() -> dict[str, float]:
        done = read(path, layout, places)
        return {"rows": done.counts.used, "ledger": len(done.ledger)}

    return call


def sheets(path: str) -> Call:
    """The reader alone: every cell as text with its line, nothing typed yet."""
    return lambda: {"rows": len(read_file(Path(path))[0].rows) - 1}
