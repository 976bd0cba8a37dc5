"""Tables as data: each cell carries the printed text and the full-precision value behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kvalitet_eval import publish
from kvalitet_eval.present.chart_table import table_of_chart
from kvalitet_eval.present.table_parts import Cell, Kind, Table, TableColumn, Value, mark_notes, set_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable

__all__ = [
    "Cell", "Kind", "Table", "TableColumn", "Value", "build_table", "from_dict", "mark_notes", "table_of_chart",
]  # fmt: skip


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
    >>> import pandas as pd
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
        keys = [key for column in columns for key in (column.key, column.high_key) if key]
        if missing := [key for key in keys if key not in frame]:
            raise ValueError(f"table {id!r}: not in the frame: {missing}")
        rows = zip(frame.to_dict("records"), published.marks().to_dict("records"), strict=True)
        details = {"id": id, "caption": caption, "source": source, "origin": published.origin, "notes": tuple(notes)}
        return set_table(rows, columns, language=language, **details)

    return publish.figure(draw, table, facts=[source, *facts])


def _stored_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
