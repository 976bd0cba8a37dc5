"""The data dictionary ``docs/DATA.md``, written from the schema so that the two cannot disagree."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.schema import LAYOUTS

_INTRODUCTION = """\
# Data dictionary

This page is generated from `kvalitet_eval/prepare/schema.py` by `kvalitet_eval.prepare.dictionary.render_dictionary()`;
a test compares the two. Do not edit it by hand.

Every file is read by `kvalitet_eval.prepare.intake` (on the command line: `kvalitet check FILE`):

* Text with a header line; delimiter `;`, tab, `|` or `,`; UTF-8 or cp1252. Columns are found by name, in any order.
* Decimal comma or decimal point; a space between thousands; any minus sign. What is written another way than it is
  stored stands in the intake ledger with file, line, column, raw text, value and rule.
* A number such as `8.500` can be read in two ways. It is refused unless other cells of the column show which sign
  stands before the decimals.
* An empty cell is missing, never 0. `:` (confidential), `.` (cannot occur), `..` (not available) and `...` (not yet
  available) are missing too; `-` is zero in tables from Statistics Norway only, elsewhere it is refused.
* Municipality numbers are four characters. A lost leading zero is put back only when the register has the number in
  the year of the quarter.
* Quarters: `2007Q3`, `2007K3`, `2007:3`, `3. kvartal 2007`, `3. kv. 2007`, or the last day of the quarter.
* One fault refuses the whole file, and all faults are told at once.
"""
_PANEL_EXAMPLE = """\
To use a panel of your own, write it like this and set `source` under `[panel]` in the programme file to its path:

```
municipality_number;quarter;employees;agreed_days;lost_days_self;lost_days_doctor
0542;2006Q1;612;26930;410;2415,5
0542;2006Q2;615;25911;322;2240
```
"""


def render_dictionary() -> str:
    """Return the text of ``docs/DATA.md``: one section per layout, one row per column, in both languages."""
    return "\n".join([_INTRODUCTION, *(_section(layout) for layout in LAYOUTS.values())])


def _section(layout: Layout) -> str:
    lines = [
        f"## `{layout.id}`",
        "",
        f"{layout.title_en} / {layout.title_nb}",
        "",
        f"* Source: {layout.source_en}",
        f"* Only once per: {', '.join(f'`{name}`' for name in layout.key)}",
        "",
        "| column | kind | unit | may be absent | may be empty | values | meaning | betydning |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(column) for column in layout.columns),
        "",
    ]
    return "\n".join([*lines, *([_PANEL_EXAMPLE] if layout.id == "sick_leave_days" else [])])


def _row(column: Column) -> str:
    cells = (
        f"`{column.name}`",
        column.kind,
        column.unit or "–",
        "no" if column.required else f"yes (then `{column.default}`)" if column.default else "yes",
        "yes" if column.nullable else "no",
        _values(column),
        column.description_en,
        column.description_nb,
    )
    return f"| {' | '.join(cells)} |"


def _values(column: Column) -> str:
    if column.kind == "municipality" and column.allowed:
        return f"the register's, {', '.join(f'`{value}`' for value in column.allowed)}"
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    if column.low is not None and column.high is not None:
        return f"{column.low:g} to {column.high:g}"
    return f"{column.low:g} or more" if column.low is not None else "–"
