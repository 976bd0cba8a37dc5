"""What a table is made of, and how a value becomes a printed cell."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish.published import CONFIDENTIAL, MISSING, NOT_APPLICABLE

Value = str | int | float | bool | None
Kind = Literal[
    "text", "number", "signed", "points", "percent", "count", "interval", "quarter", "window", "date", "mixed"
]  # fmt: skip
_ID = re.compile(r"^[a-z][a-z0-9_-]*$")
_LEFT_ALIGNED = ("text", "quarter", "window", "date")
_PAIRS = ("interval", "window")
_BY_ROW = ("mixed",)
_MARKS = MappingProxyType({"confidential": CONFIDENTIAL, "missing": MISSING, "not_applicable": NOT_APPLICABLE})
_WEIGHT = tuple(_MARKS.values())


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: what it is called and how its values are printed.

    Parameters
    ----------
    key : str
        Column of the frame.
    label, unit : str
        Heading; the unit is shown in it.
    kind : str
        text, number, signed, points, percent, count, interval, quarter, window (two quarters), date, or mixed: numbers
        and intervals that each row prints in its own way, set by the builder of the table.
    decimals : int
        For number, signed, points, percent and interval; of mixed the most that a row prints.
    high_key : str
        For interval and window: the column with the upper limit (``key`` is the lower).
    align : {"left", "right"}, optional
        Numbers stand to the right unless told otherwise.
    """

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    decimals: int = 1
    high_key: str = ""
    align: Literal["left", "right", ""] = ""

    def __post_init__(self) -> None:
        if self.kind not in (*_PRINTERS, *_PAIRS, *_BY_ROW):
            raise ValueError(f"column {self.key!r}: unknown kind {self.kind!r}")
        if (self.kind in _PAIRS) != bool(self.high_key):
            raise ValueError(f"column {self.key!r}: an interval, and only an interval, needs high_key")
        if not self.align:
            object.__setattr__(self, "align", "left" if self.kind in _LEFT_ALIGNED else "right")

    @property
    def heading(self) -> str:
        """Label with unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Cell:
    """What is printed, and the number or text behind it (an interval has two)."""

    text: str
    value: Value | tuple[Value, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A finished table; the first column names the row.

    Raises
    ------
    ValueError
        The id, caption or source is empty, there are no columns, or a row has another number of cells.
    """

    id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    origin: Origin
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = [index for index, row in enumerate(self.rows) if len(row) != len(self.columns)]
        faults = [
            (not _ID.match(self.id), "id must be small letters, digits, - and _"),
            (not self.caption or not self.source, "caption and source must not be empty"),
            (not self.columns, "needs at least one column"),
            (bool(wrong), f"rows {wrong} have another number of cells than there are columns"),
            (self.origin not in ("observed", "syntetisk"), f"unknown origin {self.origin!r}"),
        ]
        if any(is_wrong for is_wrong, _ in faults):
            raise ValueError(f"table {self.id!r}: " + "; ".join(fault for is_wrong, fault in faults if is_wrong))

    def numbers(self) -> list[float]:
        """Return every number behind a cell."""
        values = [cell.value for row in self.rows for cell in row]
        single = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
        return [value for value in single if isinstance(value, int | float) and not isinstance(value, bool)]

    def words(self) -> list[str]:
        """Return every text of the table: what stands in the cells, and what stands around them."""
        behind = [cell.value for row in self.rows for cell in row if isinstance(cell.value, str)]
        printed = [cell.text for row in self.rows for cell in row]
        headings = [column.heading for column in self.columns]
        return [self.caption, self.source, *self.notes, *headings, *printed, *behind]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain dictionaries, lists, numbers and text, for storing."""
        return dataclasses.asdict(self)


def mark_notes(marks: Iterable[str], language: str = "nb") -> tuple[str, ...]:
    """Explain the marks that occur, each once, in a fixed order."""
    occurring = set(marks)
    return tuple(text(f"mark.{name}", language) for name, mark in _MARKS.items() if mark in occurring)


def set_table(
    rows: Iterable[tuple[Mapping[str, Any], Mapping[str, str]]],
    columns: tuple[TableColumn, ...],
    *,
    language: str,
    **details: Any,
) -> Table:
    """Set rows of values and of the marks that stand where there is none, both by column; errors as for `Table`.

    A column that a row does not have is a value that is missing; ``details`` are the rest of a `Table`.
    """
    cells = tuple(tuple(_cell(column, record, marks, language) for column in columns) for record, marks in rows)
    printed = (cell.text for row in cells for cell in row if cell.value is None)
    notes = (*details.pop("notes"), *mark_notes(printed, language))
    return Table(columns=columns, rows=cells, notes=notes, **details)


def _cell(column: TableColumn, record: Mapping[str, Any], marks: Mapping[str, str], language: str) -> Cell:
    keys = (column.key, column.high_key) if column.kind in _PAIRS else (column.key,)
    values = tuple(_plain(record.get(key)) for key in keys)
    if None in values:
        found = [marks.get(key) or MISSING for key, value in zip(keys, values, strict=True) if value is None]
        return Cell(min(found, key=_WEIGHT.index), None)
    if column.kind == "interval":
        return Cell(numbers.interval(*values, column.decimals, language), values)
    if column.kind == "window":
        return Cell(numbers.window(*(int(value) for value in values), language), values)
    shown = record[column.key] if column.kind == "date" else values[0]
    value = int(values[0]) if column.kind == "count" and values[0] == int(values[0]) else values[0]
    return Cell(_PRINTERS[column.kind](shown, column.decimals, language), value)


def _plain(value: object) -> Value:
    """Return a value that can be stored as JSON: numbers of other libraries become Python's own."""
    if numbers.is_missing(value):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


_PRINTERS: Mapping[str, Callable[[Any, int, str], str]] = MappingProxyType(
    {
        "text": lambda value, decimals, language: str(value),
        "number": numbers.number,
        "signed": numbers.signed,
        "points": numbers.points,
        "percent": numbers.percent,
        "count": lambda value, decimals, language: numbers.count(value, language),
        "quarter": lambda value, decimals, language: numbers.quarter(
            value if isinstance(value, str) else int(value), language
        ),
        "date": lambda value, decimals, language: numbers.date(value, language),
    }
)
