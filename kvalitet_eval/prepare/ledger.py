"""The intake ledger: every value that was changed, left out or filled in on the way from a file to typed rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

LEDGER_COLUMNS = ("file", "sheet", "line", "column", "raw", "value", "rule")


class LedgerEntry(NamedTuple):
    """One change: where it was (line counted from 1; missing for the whole file), what stood there, what it became.

    In a sheet, ``line`` is the row number that a spreadsheet shows.
    """

    line: int | None
    column: str | None
    raw: str
    value: str
    rule: str


class LedgerBlock(NamedTuple):
    """Many changes in one column: line, text, value and rule of each."""

    lines: list[int]
    column: str
    raws: list[str]
    values: list[str]
    rules: list[str]


def ledger_frame(path: Path, entries: Iterable[LedgerEntry | LedgerBlock], sheet: str | None = None) -> pd.DataFrame:
    """Return the ledger as a frame with the columns of :data:`LEDGER_COLUMNS`, in order of line.

    ``sheet`` is missing for text files; ``line`` is Int64 with missing for what concerns the whole file.
    """
    columns: dict[str, list] = {name: [] for name in LedgerEntry._fields}
    for entry in entries:
        n = len(entry.lines) if isinstance(entry, LedgerBlock) else None
        parts = entry if n is None else (entry.lines, [entry.column] * n, *entry[2:])
        for values, part in zip(columns.values(), parts, strict=True):
            values.extend([part] if n is None else part)
    n_entries = len(columns["line"])
    series = {"file": pd.Series([path.name] * n_entries, dtype="str")}
    series["sheet"] = pd.Series([sheet] * n_entries, dtype="str")
    series |= {name: pd.Series(values, dtype="Int64" if name == "line" else "str") for name, values in columns.items()}
    order = series["line"].fillna(0).argsort(kind="stable")
    return pd.DataFrame(series, columns=list(LEDGER_COLUMNS)).take(order).reset_index(drop=True)
