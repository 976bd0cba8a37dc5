"""Tables with one column per quarter, made into one row per quarter."""

from __future__ import annotations

import dataclasses

from kvalitet_eval.prepare.files.header_place import is_wide, quarter_named
from kvalitet_eval.prepare.files.locate import TextTable
from kvalitet_eval.prepare.files.raw_sheet import TextRow
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.ledger import LedgerEntry
from kvalitet_eval.prepare.rules.header_rules import value_column


def lengthen(table: TextTable, layout: Layout) -> TextTable:
    """Give a wide table one row per municipality and quarter, each with the line it came from.

    Only for a layout with one figure: what the figures are is then said by the layout and not guessed. Every other
    table is returned as it is. Rows are counted as rows of the long table.
    """
    value = value_column(layout)
    if value is None or not is_wide(table.header, layout):
        return table
    (quarter,) = layout.of_kind("quarter")
    places = [place for place, name in enumerate(table.header) if quarter_named(name)]
    others = [place for place in range(len(table.header)) if place not in places]
    rows = tuple(
        TextRow(row.line, (*(row.cells[other] for other in others), table.header[place], row.cells[place]))
        for row in table.rows
        for place in places
    )
    rule = f"one row made for each of {len(places)} quarters in the header"
    n = len(places)
    return dataclasses.replace(
        table,
        header=(*(table.header[other] for other in others), quarter.name, value),
        rows=rows,
        places=(),
        ledger=(*table.ledger, LedgerEntry(table.header_line, quarter.name, ", ".join(table.header), "", rule)),
        uneven_lines=tuple(line for line in table.uneven_lines for _ in range(n)),
        n_read=(table.n_read - table.n_excluded) * n + table.n_excluded,
    )
