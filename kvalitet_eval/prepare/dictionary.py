"""The data dictionary ``docs/DATA.md``, written from the schema so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from kvalitet_eval.prepare.breaks import BREAKS
from kvalitet_eval.prepare.documents.kinds import KINDS
from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.spells.layouts import MICRODATA

_INTRODUCTION = """\
# Data dictionary

This page is generated from `kvalitet_eval/prepare/schema.py` by `kvalitet_eval.prepare.dictionary.render_dictionary()`;
a test compares the two. Do not edit it by hand.

Every file is read by `kvalitet_eval.prepare.intake` (on the command line: `kvalitet check FILE`):

* Text with a header line, an Excel workbook (xlsx), JSON-stat2 or parquet; the content tells, not the file name. Text
  has the delimiter `;`, tab, `|` or `,`. Columns are found by name, in any order.
* Decimal comma or decimal point; a space between thousands; any minus sign. What is written another way than it is
  stored stands in the intake ledger with file, sheet, line, column, raw text, value and rule.
* A number such as `8.500` can be read in two ways. It is refused unless other cells of the column show which sign
  stands before the decimals.
* An empty cell is missing, never 0. `:` (confidential), `.` (cannot occur), `..` (not available) and `...` (not yet
  available) are missing too, and the reason is kept in a column `<column>_status`; `-` is zero in tables from
  Statistics Norway only, elsewhere it is refused.
* Municipality numbers are four characters. A lost leading zero is put back only when the register has the number in
  the year of the row.
* Quarters: `2007Q3`, `2007K3`, `2007:3`, `3. kvartal 2007`, `3. kv. 2007`, or the last day of the quarter.
* One fault refuses the whole file, and all faults are told at once.

Municipal employees and residents of all industries are two populations. They never stand in one file, and a file about
the one is refused where the other is asked about.

There is a small invented example of every file that is filled in or delivered from outside in
[data/raw/examples](../data/raw/examples/SOURCE.md).
"""
_PANEL_EXAMPLE = """\
To use a panel of your own, write it like this and set `source` under `[panel]` in the programme file to its path:

```
municipality_number;quarter;employees;agreed_days;lost_days_self;lost_days_doctor
0542;2006Q1;612;26930;410;2415,5
0542;2006Q2;615;25911;322;2240
```
"""
_MICRODATA_INTRODUCTION = """\
## Microdata

Files of persons or units for `kvalitet spells` (docs/OPERATIONS.md). They are read by a database engine, not by
`kvalitet check`, and no key of theirs is in anything that comes out.
"""
_BREAKS_INTRODUCTION = """\
## Breaks in series

Figures before and from the quarter are not measured alike. A window that crosses a break is refused until the programme
file accepts it, with a reason, under `[[accepted_breaks]]`. A label such as `2008K1 Ny` is an old quarter recomputed
with the new industry codes: another series than the plain quarter, refused beside it.

| id | first quarter | concerns | what | hva | source |
|---|---|---|---|---|---|
"""
_DOCUMENTS_INTRODUCTION = """\
## Documents

Status reports, project mandates and a municipality's texts are TOML (`.toml`) or YAML (`.yaml`, `.yml`) documents in
UTF-8. The field `kind` says which one it is. A municipality number is text: in TOML it needs quotation marks.

A municipality's texts lie in the folder that `municipality_texts` under `[files]` in the programme file names, as
`<number>.toml`; its pictures lie beside the file in the folder `<number>`, as PNG or JPEG. Of a picture only the pixels
are used. Words are shown as they are written, with the language they say they have. A person's number in them is
refused, and so are fewer persons than the publishing rules allow. The bundled
[0542](../data/raw/municipality_texts/0542.toml) is invented.
"""


def render_dictionary() -> str:
    """Return the text of ``docs/DATA.md``: a section per layout, the breaks in series, and the documents."""
    breaks = [
        f"| `{item.id}` | {item.quarter} | {', '.join(item.populations)} | {item.title_en} | {item.title_nb} |"
        f" {item.source} |"
        for item in BREAKS
    ]
    documents = [f"### `{kind}`\n\n{model.__doc__}\n\n{_fields(model)}" for kind, model in KINDS.items()]
    return "\n".join(
        [
            _INTRODUCTION,
            *(_section(layout) for layout in LAYOUTS.values()),
            _MICRODATA_INTRODUCTION,
            *(_section(layout, level=3) for layout in MICRODATA.values()),
            _BREAKS_INTRODUCTION + "\n".join(breaks) + "\n",
            _DOCUMENTS_INTRODUCTION,
            *documents,
        ]
    )


def _section(layout: Layout, level: int = 2) -> str:
    keys = [f"* Only once per: {', '.join(f'`{name}`' for name in layout.key)}"] if layout.key else []
    lines = [
        f"{'#' * level} `{layout.id}`",
        "",
        f"{layout.title_en} / {layout.title_nb}",
        "",
        f"* Source: {layout.source_en}",
        *keys,
        "",
        "| column | kind | unit | may be absent | may be empty | values | meaning | betydning |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(column) for column in layout.columns),
        "",
    ]
    return "\n".join([*lines, *([_PANEL_EXAMPLE] if layout.id == "sick_leave_days" else [])])


def _row(column: Column) -> str:
    cells = (
        " or ".join(f"`{name}`" for name in (column.name, *column.aliases)),
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


def _fields(model: type[BaseModel]) -> str:
    lines = ["| field | may be absent | values | meaning | betydning |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *_field_rows(model, "")]) + "\n"


def _field_rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        english, norwegian = (info.description or "").split(" | ")
        inner, choices, several = _inside(info.annotation)
        absent = "no" if info.is_required() else "yes"
        values = "list" if several else ""
        values = ", ".join(part for part in (values, ", ".join(f"`{choice}`" for choice in choices)) if part) or "–"
        yield f"| `{prefix}{name}` | {absent} | {values} | {english} | {norwegian} |"
        if inner is not None:
            yield from _field_rows(inner, f"{prefix}{name}.")


def _inside(annotation: Any) -> tuple[type[BaseModel] | None, tuple[str, ...], bool]:
    """Return the record within an annotation, the values it allows, and whether there are several of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, (), False
    if get_origin(annotation) is Literal:
        return None, get_args(annotation), False
    if get_origin(annotation) is tuple:
        inner, choices, _ = _inside(get_args(annotation)[0])
        return inner, choices, True
    if get_origin(annotation) in (Union, UnionType):
        return _inside(next(part for part in get_args(annotation) if part is not type(None)))
    return None, (), False
