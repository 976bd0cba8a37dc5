"""The intake ledger: every value that was changed, left out or filled in on the way from a file to typed rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

LEDGER_COLUMNS = ("file", "sheet", "line", "column", "raw", "value", "rule")


class LedgerEntry(NamedTuple):
    """One change: where it was (line counted from 1; missing for the whole file), what stood there, what it became."""

    line: int | None
    column: str | None
    raw: str
    value: str
    rule: str


def ledger_frame(path: Path, entries: Iterable[LedgerEntry]) -> pd.DataFrame:
    """Return the ledger as a frame with the columns of :data:`LEDGER_COLUMNS`, in order of line.

    ``sheet`` is missing for text files; ``line`` is Int64 with missing for what concerns the whole file.
    """
    entries = sorted(entries, key=lambda entry: entry.line or 0)
    frame = pd.DataFrame(
        {
            "file": pd.Series([path.name] * len(entries), dtype="str"),
            "sheet": pd.Series([None] * len(entries), dtype="str"),
            "line": pd.Series([entry.line for entry in entries], dtype="Int64"),
        }
    )
    for name in LEDGER_COLUMNS[3:]:
        frame[name] = pd.Series([getattr(entry, name) for entry in entries], dtype="str")
    return frame
