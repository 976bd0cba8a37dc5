"""The numbers of a report as files: a workbook with a sheet for each table and figure, and one CSV file for each.

Both hold the numbers with all their decimals. The workbook has the printed text beside them, because that is what the
report says; a CSV file has the mark of a number that is not there in a column of its own, so that a column of numbers
holds nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, TableColumn, table_of_chart
from kvalitet_eval.report.blocks import Figure, Listing, Notice
from kvalitet_eval.report.html import facts_rows, split_paragraphs
from kvalitet_eval.report.packed import pack, unpack
from kvalitet_eval.report.safe_tables import PRINTED_ONLY, Sheet, SheetColumn, Value, column_cells, csv_text, xlsx_bytes
from kvalitet_eval.report.word import kicker
from kvalitet_eval.report.word_package import AUTHOR
from kvalitet_eval.report.word_xml import LANGUAGES
from kvalitet_eval.results import SYNTHETIC

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Tells Excel that a CSV file is UTF-8."""
_SIGNS = {"nb": (";", ","), "nn": (";", ","), "en": (",", ".")}
_SIGNED = ("signed", "points")
_CORE = "docProps/core.xml"
_CORE_END = b"</cp:coreProperties>"
_NAME_LENGTH = 27
_NARROWEST, _WIDEST = 11, 44
_ABOUT = (SheetColumn(width=32), SheetColumn(width=100))


def render_workbook(report: Report) -> bytes:
    """Return a workbook: first what it is and what it rests on, then a sheet for each table and each figure.

    Parameters
    ----------
    report : Report
        As built in a notebook or read by ``model.load``.

    Returns
    -------
    bytes
        An .xlsx file, the same for the same report. A column of numbers stands beside one with what the report prints:
        rounded numbers, and the marks of those that are not there.
    """
    language = report.language
    items = list(_items(report))
    sheets = {text("tables.about", language): _about(report, items)}
    for number, (name, table) in enumerate(items, start=1):
        sheets[_short(f"{number} {name}")] = _sheet(report, table)
    properties = {
        "title": text("tables.title", language, title=report.title),
        "subject": kicker(report),
        "author": AUTHOR,
        "keywords": report.facts.run_id,
    }
    parts = unpack(xlsx_bytes(sheets, properties))
    spoken = f"<dc:language>{LANGUAGES[language]}</dc:language>".encode()
    parts[_CORE] = parts[_CORE].replace(_CORE_END, spoken + _CORE_END)
    return pack(parts)


def render_csv(report: Report) -> dict[str, bytes]:
    """Return one CSV file for each table and each figure, by the id of the table.

    Parameters
    ----------
    report : Report
        As built in a notebook or read by ``model.load``.

    Returns
    -------
    dict of str to bytes
        UTF-8 with a byte order mark. Bokmål and nynorsk have semicolons and decimal commas, English commas and decimal
        points: what a spreadsheet set to the language opens as columns of numbers. The last columns of every row say
        which table it is, where the numbers come from, whether they are synthetic, and the table's notes.
    """
    delimiter, decimal = _SIGNS[report.language]
    found = {}
    for _, table in _items(report):
        headings, rows = _with_status(report, table)
        content = csv_text(headings, rows, delimiter=delimiter, decimal=decimal)
        found[table.id] = BYTE_ORDER_MARK + content.encode()
    return found


def _items(report: Report) -> Iterator[tuple[str, Table]]:
    """Every table and every figure's numbers in reading order, with a name for its sheet."""
    for block in report.blocks:
        if isinstance(block, Figure):
            yield block.chart.title, table_of_chart(block.chart)
        elif isinstance(block, Listing):
            yield block.table.caption, block.table


def _short(name: str) -> str:
    """Cut a name for a sheet between two words."""
    if len(name) <= _NAME_LENGTH:
        return name
    cut = name[: _NAME_LENGTH + 1].rpartition(" ")[0]
    return cut if " " in cut else name[:_NAME_LENGTH]


def _origin(report: Report, table: Table) -> str:
    if table.origin == SYNTHETIC:
        return text("report.synthetic_mark", report.language)
    is_alone = report.origin != SYNTHETIC
    return text("tables.observed" if is_alone else "tables.observed_beside", report.language)


def _about(report: Report, items: Sequence[tuple[str, Table]]) -> Sheet:
    language = report.language
    title = text("tables.title", language, title=report.title)
    mark = [f"{text('report.synthetic_heading', language)}. {text('report.synthetic', language)}"]
    rows = [
        (text("tables.what", language), text("tables.what.text", language)),
        *facts_rows(report.facts, language, report.document),
        (text("tables.comparison", language), text("tables.comparison.text", language)),
        *_labelled(text("tables.limits", language), [text("tables.limits.text", language), *_limits(report)]),
        *(
            (text("tables.sheet", language, number=number), table.caption)
            for number, (_, table) in enumerate(items, start=1)
        ),
    ]
    above = [title, *(mark if report.origin == SYNTHETIC else [])]
    return Sheet([text("tables.about", language), kicker(report)], rows, above, columns=_ABOUT)


def _limits(report: Report) -> list[str]:
    """What the report itself says that it does not show."""
    said = [block.text for block in report.blocks if isinstance(block, Notice) and block.kind == "limits"]
    return [item for words in said for _, items in split_paragraphs(words) for item in items]


def _labelled(label: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    return [(label if number == 0 else "", line) for number, line in enumerate(lines)]


def _sheet(report: Report, table: Table) -> Sheet:
    language = report.language
    headings: list[str] = []
    formats: list[tuple[str, bool]] = []
    rows: list[list[Value]] = [[] for _ in table.rows]
    for column, names, parts in column_cells(table, language):
        index = table.columns.index(column)
        headings += names
        formats += [(number_format(column), column.align == "right")] * len(names)
        for row, values, cells in zip(rows, parts, table.rows, strict=True):
            row.extend(values if column.kind in PRINTED_ONLY else [*values, cells[index].text])
        if column.kind not in PRINTED_ONLY:
            headings.append(text("tables.printed", language, heading=column.heading))
            formats.append(("", True))
    origin = f"{text('tables.origin', language)}: {_origin(report, table)}"
    below = [*table.notes, text("report.source", language, source=table.source)]
    looks = zip(formats, _widths(headings, rows), strict=True)
    columns = [SheetColumn(shown, width, is_right) for (shown, is_right), width in looks]
    return Sheet(headings, rows, [table.caption, origin], below, columns)


def number_format(column: TableColumn) -> str:
    """Return how a spreadsheet shows a column's numbers: with the decimals and signs that the report prints.

    Examples
    --------
    >>> number_format(TableColumn("a", "A", "signed", decimals=1)), number_format(TableColumn("n", "N", "count"))
    ('+#,##0.0;"−"#,##0.0;0.0', '#,##0;"−"#,##0')
    """
    if column.kind in PRINTED_ONLY:
        return ""
    decimals = 0 if column.kind == "count" else column.decimals
    tail = "." + "0" * decimals if decimals else ""
    shown = f"#,##0{tail}"
    return f'+{shown};"−"{shown};0{tail}' if column.kind in _SIGNED else f'{shown};"−"{shown}'


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Widths in signs: long headings take three lines, but no word of theirs is broken."""
    widths = []
    for index, heading in enumerate(headings):
        texts = [row[index] for row in rows]
        lengths = [len(words) for words in texts if isinstance(words, str)]
        wanted = max([len(heading) / 3, *map(len, heading.split()), *lengths]) + 2
        widths.append(min(max(wanted, _NARROWEST), _WIDEST))
    return widths


def _with_status(report: Report, table: Table) -> tuple[list[str], list[list[Value]]]:
    language = report.language
    headings: list[str] = []
    rows: list[list[Value]] = [[] for _ in table.rows]
    for column, names, parts in column_cells(table, language):
        is_number = column.kind not in PRINTED_ONLY
        headings += names
        if is_number:
            headings.append(text("tables.status", language, heading=column.heading))
        for row, values in zip(rows, parts, strict=True):
            marks = dict.fromkeys(value for value in values if isinstance(value, str))
            known = [None if isinstance(value, str) else value for value in values]
            row.extend([*known, " ".join(marks)] if is_number else values)
    headings += [text(f"tables.{name}", language) for name in ("caption", "source", "origin", "notes")]
    about = [table.caption, table.source, _origin(report, table), " ".join(table.notes)]
    return headings, [[*row, *about] for row in rows]
