"""Tables as data: each cell carries the printed text and the full-precision value behind it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Band, Chart, Origin, Series
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedFigure, PublishedTable
from kvalitet_eval.publish.published import CONFIDENTIAL, MISSING, NOT_APPLICABLE

Value = str | int | float | bool | None
Kind = Literal["text", "number", "signed", "points", "percent", "count", "interval", "quarter", "date"]
_ID = re.compile(r"^[a-z][a-z0-9_-]*$")
_LEFT_ALIGNED = ("text", "quarter", "date")
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
        text, number, signed, points, percent, count, interval, quarter or date.
    decimals : int
        For number, signed, points, percent and interval.
    high_key : str
        For interval: the column with the upper limit (``key`` is the lower).
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
        if self.kind not in _PRINTERS and self.kind != "interval":
            raise ValueError(f"column {self.key!r}: unknown kind {self.kind!r}")
        if (self.kind == "interval") != bool(self.high_key):
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


def from_dict(stored: Mapping[str, Any]) -> Table:
    """Build the table again from `Table.to_dict`, also after a round trip through JSON; errors as for `Table`."""
    columns = tuple(TableColumn(**column) for column in stored["columns"])
    rows = tuple(tuple(Cell(cell["text"], _stored_value(cell["value"])) for cell in row) for row in stored["rows"])
    return Table(**{**stored, "columns": columns, "rows": rows, "notes": tuple(stored["notes"])})


def build_table(
    table: PublishedTable,
    columns: Iterable[TableColumn],
    *,
    id: str,
    caption: str,
    source: str,
    notes: Iterable[str] = (),
    words: Mapping[str, Iterable[str]] = MappingProxyType({}),
    facts: Iterable[object] = (),
    language: str = "nb",
) -> PublishedFigure:
    """Set a published table, one row per row of it, in its order, with marks where there is no value.

    Parameters
    ----------
    table : PublishedTable
        Where every number comes from.
    columns : iterable of TableColumn
        Which columns, in reading order; the first names the row.
    words : mapping of str to iterable of str
        Columns of text that are put into words for each row.
    facts : iterable of object
        What may stand in words besides the table's numbers, see :func:`kvalitet_eval.publish.figure`. The source is
        known.

    Returns
    -------
    PublishedFigure
        Its content is a :class:`Table`; a note explains the marks that stand in it.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`: a plain frame, or a number from elsewhere.
    ValueError
        A column is not in the table, or as for `Table`.

    Examples
    --------
    >>> from kvalitet_eval.publish import Dimension, Open, Policy, Structure, table
    >>> frame = pd.DataFrame({"name": ["Levanger"], "rate_pct": [9.04999]})
    >>> published = table(frame, Policy.load(), Structure((Dimension("name"),), (Open("rate_pct", "public"),)))
    >>> columns = [TableColumn("name", "Kommune"), TableColumn("rate_pct", "Sykefravær", "number", "prosent")]
    >>> build_table(published, columns, id="rates", caption="Sykefravær", source="KS").content.rows[0][1]
    Cell(text='9,0', value=9.04999)
    """
    columns = tuple(columns)

    def draw(published: PublishedTable) -> Table:
        frame = published.to_frame().assign(**{name: list(values) for name, values in words.items()})
        details = {"id": id, "caption": caption, "source": source, "origin": published.origin, "notes": tuple(notes)}
        return _set(frame, published.marks(), columns, language=language, **details)

    return publish.figure(draw, table, facts=[source, *facts])


def mark_notes(marks: Iterable[str], language: str = "nb") -> tuple[str, ...]:
    """Explain the marks that occur, each once, in a fixed order."""
    occurring = set(marks)
    return tuple(text(f"mark.{name}", language) for name, mark in _MARKS.items() if mark in occurring)


def _set(
    frame: pd.DataFrame, marks: pd.DataFrame, columns: tuple[TableColumn, ...], *, language: str, **details: Any
) -> Table:
    missing = [key for column in columns for key in (column.key, column.high_key) if key and key not in frame]
    if missing:
        raise ValueError(f"table {details['id']!r}: not in the frame: {missing}")
    pairs = zip(frame.to_dict("records"), marks.to_dict("records"), strict=True)
    rows = tuple(tuple(_cell(column, record, of, language) for column in columns) for record, of in pairs)
    printed = (cell.text for row in rows for cell in row if cell.value is None)
    notes = (*details.pop("notes"), *mark_notes(printed, language))
    return Table(columns=columns, rows=rows, notes=notes, **details)


def table_of_chart(chart: Chart) -> Table:
    """Return the numbers of a chart as a table: one row per value of x, one column per series, interval and band."""
    records: dict[float, dict[str, Any]] = {}
    marks: dict[float, dict[str, str]] = {}
    columns = [TableColumn("x", chart.x.title or text("chart.period", chart.language))]
    for index, item in enumerate((*chart.series, *chart.bands)):
        key = f"value_{index}"
        _fill(records, marks, item, key)
        limits = {"kind": "interval", "unit": chart.y.unit, "decimals": chart.y.decimals, "high_key": f"{key}_high"}
        if isinstance(item, Series):
            columns.append(TableColumn(key, item.name, "number", chart.y.unit, chart.y.decimals))
            if any(point.low is not None for point in item.points):
                columns.append(
                    TableColumn(f"{key}_low", text("chart.interval", chart.language, name=item.name), **limits)
                )
        else:
            columns.append(TableColumn(f"{key}_low", item.name, **limits))
    rows = [{"x": chart.x_label(x), **records[x]} for x in sorted(records)]
    frame = pd.DataFrame(rows, columns=[key for c in columns for key in (c.key, c.high_key) if key])
    return _set(
        frame,
        pd.DataFrame([marks[x] for x in sorted(records)], columns=frame.columns, dtype=object).fillna(NOT_APPLICABLE),
        tuple(columns),
        id=f"{chart.id}-table",
        caption=text("chart.table_caption", chart.language, title=chart.title),
        source=chart.source,
        origin=chart.origin,
        notes=chart.notes,
        language=chart.language,
    )


def _fill(
    records: dict[float, dict[str, Any]], marks: dict[float, dict[str, str]], item: Series | Band, key: str
) -> None:
    if isinstance(item, Series):
        values = [(point.x, point.y, point.low, point.high, point.mark) for point in item.points]
    else:
        shown = item.marks or (MISSING,) * len(item.x)
        values = [
            (x, None, low, high, mark) for x, low, high, mark in zip(item.x, item.low, item.high, shown, strict=True)
        ]
    for x, y, low, high, mark in values:
        records.setdefault(x, {}).update({key: y, f"{key}_low": low, f"{key}_high": high})
        marks.setdefault(x, {}).update(dict.fromkeys((key, f"{key}_low", f"{key}_high"), mark))


def _cell(column: TableColumn, record: Mapping[str, Any], marks: Mapping[str, str], language: str) -> Cell:
    keys = (column.key, column.high_key) if column.kind == "interval" else (column.key,)
    values = tuple(_plain(record[key]) for key in keys)
    if None in values:
        found = [marks.get(key) or MISSING for key, value in zip(keys, values, strict=True) if value is None]
        return Cell(min(found, key=_WEIGHT.index), None)
    if column.kind == "interval":
        return Cell(numbers.interval(*values, column.decimals, language), values)
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


def _stored_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_PRINTERS: Mapping[str, Callable[[Any, int, str], str]] = MappingProxyType(
    {
        "text": lambda value, decimals, language: str(value),
        "number": numbers.number,
        "signed": numbers.signed,
        "points": numbers.points,
        "percent": numbers.percent,
        "count": lambda value, decimals, language: numbers.count(value, language),
        "quarter": lambda value, decimals, language: numbers.quarter(value, language),
        "date": lambda value, decimals, language: numbers.date(value, language),
    }
)
