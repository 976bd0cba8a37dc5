"""What the PDF of a report is set from: plain values in reading order, so that no text is ever read as Typst's code."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, TableColumn, table_of_chart
from kvalitet_eval.report.blocks import Block, Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.html import facts_rows, split_paragraphs
from kvalitet_eval.report.pdf_drawing import FONT, draw
from kvalitet_eval.report.subject import subject_words
from kvalitet_eval.results import SYNTHETIC

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report

SHEETS = ("status_report", "poster")
"""Documents of one page: their tables stand with their charts, not in an appendix."""
_REGIONS = {"nb": "NO", "nn": "NO", "en": "GB"}
_CHART_SIZES = {"a4": (660, 340), "status_report a4": (720, 200), "poster a4": (340, 300), "poster a1": (340, 300)}
"""Pixels at which type has its intended size: the narrower the column, the fewer."""
_HIGHEST_MM = {"a4": 175, "status_report a4": 90, "poster a4": 125, "poster a1": 357}
_EM = 100
_BOLD = 1.08


def content_of(report: Report, paper: str) -> dict[str, Any]:
    """Return everything that is printed, and how the page is made up.

    Parameters
    ----------
    report : Report
        Any kind of document.
    paper : {"a4", "a1"}
        Size of the sheet.

    Returns
    -------
    dict
        Plain values that JSON can hold. The keys ``sections`` and ``appendix`` are lists of ``heading`` and ``blocks``.
    """
    language = report.language
    sections: list[dict[str, Any]] = []
    for block in report.blocks:
        if isinstance(block, Section):
            sections.append({"heading": block.heading, "blocks": []})
        else:
            sections[-1]["blocks"].append(_block(block, report, paper))
    return {
        "document": report.document,
        "paper": paper,
        "highest": _for_sheet(_HIGHEST_MM, report, paper),
        "font": FONT,
        "colours": {"ink": theme.INK, "muted": theme.MUTED, "axis": theme.AXIS},
        **_language(language),
        "title": report.title,
        "kicker": [*filter(None, (report.programme, subject_words(report.subject, language)))],
        "running": _running(report),
        "author": text("pdf.author", language),
        "keywords": _keywords(report),
        "synthetic": _synthetic(report),
        "words": _words(report),
        "sections": sections,
        "appendix": [] if report.document in SHEETS else list(_appendix(report)),
        "facts": facts_rows(report.facts, language, report.document),
    }


def _for_sheet(values: dict[str, Any], report: Report, paper: str) -> Any:
    return values.get(f"{report.document} {paper}", values["a4"])


def _language(language: str) -> dict[str, str | None]:
    return {"lang": language, "region": _REGIONS.get(language)}


def _running(report: Report) -> str:
    """Return what stands at the top of each page."""
    subject = report.subject
    return subject_words(subject, report.language) if subject.kind == "municipality" else subject.name


def _keywords(report: Report) -> list[str]:
    run = text("pdf.run", report.language, run=report.facts.run_id)
    mark = [text("report.synthetic_mark", report.language)] if report.origin == SYNTHETIC else []
    return [report.programme, report.subject.name, report.subject.id, *mark, run]


def _synthetic(report: Report) -> dict[str, str] | None:
    if report.origin != SYNTHETIC:
        return None
    keys = {"mark": "report.synthetic_mark", "heading": "report.synthetic_heading", "text": "report.synthetic"}
    return {name: text(key, report.language) for name, key in keys.items()}


def _words(report: Report) -> dict[str, str]:
    language = report.language
    return {
        "contents": text("report.contents", language),
        "about": text("report.about", language),
        "made_with": text("report.made_with", language),
        "appendix": text("pdf.appendix", language),
        "page": text("pdf.page", language, page="{page}", pages="{pages}"),
        "run": text("pdf.run", language, run=report.facts.run_id),
    }


def _block(block: Block, report: Report, paper: str) -> dict[str, Any]:
    language = report.language
    match block:
        case Text(plain, other):
            return {"type": "prose", "parts": split_paragraphs(plain), **_own_language(other, language)}
        case Notice(kind, plain):
            label = text(f"report.notice.{kind}", language)
            return {"type": "notice", "kind": kind, "label": label, "parts": split_paragraphs(plain)}
        case Figure(chart, with_table):
            return _figure(chart, with_table, report, paper)
        case Listing(table):
            return {"type": "table", **_table(table, language)}
        case Picture():
            about = {"type": "picture", "alt": block.alt, "caption": block.caption}
            about |= {"width": block.width_px, "height": block.height_px}
            return {**about, "file": _picture_file(block), **_own_language(block.language, language)}
        case other:
            raise TypeError(f"no form in PDF for a block of type {type(other).__name__}")


def _own_language(other: str, language: str) -> dict[str, str | None]:
    return _language(other) if other and other != language else {}


def _figure(chart: Chart, with_table: bool, report: Report, paper: str) -> dict[str, Any]:
    language = report.language
    here = with_table and report.document in SHEETS
    svg, width, height = draw(chart, *_for_sheet(_CHART_SIZES, report, paper))
    return {
        "type": "chart",
        "id": chart.id,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "mark": _mark(chart.origin, language),
        "alt": chart.alt,
        "svg": svg,
        "width": width,
        "height": height,
        "notes": chart.notes,
        "source": text("report.source", language, source=chart.source),
        "table": _numbers(chart, language) if here else None,
        "see": text("pdf.see_table", language, page="{page}") if with_table and not here else "",
    }


def pictures_of(report: Report) -> dict[str, bytes]:
    """Return the pictures of a report as files that lie beside the content: name to bytes."""
    pictures = [block for block in report.blocks if isinstance(block, Picture)]
    return {_picture_file(picture): base64.b64decode(picture.png_base64) for picture in pictures}


def _picture_file(picture: Picture) -> str:
    return f"{sha256(picture.png_base64.encode()).hexdigest()}.png"


def _appendix(report: Report) -> Iterator[dict[str, Any]]:
    """Yield the numbers of the charts, each with the chart in words, in the order of the charts."""
    for block in report.blocks:
        if isinstance(block, Figure) and block.with_table:
            alt = text("report.alt", report.language, alt=block.chart.alt)
            yield {"id": block.chart.id, "alt": alt, **_numbers(block.chart, report.language)}


def _numbers(chart: Chart, language: str) -> dict[str, Any]:
    """Return the numbers of a chart; notes and source that stand below the chart are not repeated."""
    table = table_of_chart(chart)
    notes = [note for note in table.notes if note not in chart.notes]
    return {**_table(table, language), "notes": notes, "source": ""}


def _table(table: Table, language: str) -> dict[str, Any]:
    cells = [[cell.text for cell in row] for row in table.rows]
    return {
        "caption": table.caption,
        "mark": _mark(table.origin, language),
        "columns": [
            {"heading": column.heading, "align": column.align, **_widths(column, [row[index] for row in cells])}
            for index, column in enumerate(table.columns)
        ],
        "rows": cells,
        "notes": table.notes,
        "source": text("report.source", language, source=table.source),
    }


def _mark(origin: str, language: str) -> str:
    return text("report.synthetic_mark", language) if origin == SYNTHETIC else ""


def _widths(column: TableColumn, cells: list[str]) -> dict[str, float]:
    """Return widths in ems: what a column needs, what breaks no cell, what also sets the heading in two lines.

    Numbers are never broken. The longest word of the cells is told in bytes, as Typst counts.
    """
    whole = max((_ems(cell) for cell in cells), default=0.0)
    least = max((_ems(word) for cell in cells for word in cell.split(" ")), default=0.0)
    heading = _BOLD * max(_ems(word) for word in column.heading.split(" "))
    in_two_lines = _BOLD * 0.6 * _ems(column.heading)
    needed = max(heading, whole if column.align == "right" else least)
    unbroken = max(needed, whole)
    longest = max((len(word.encode()) for cell in cells for word in cell.split(" ")), default=0)
    return {"least": needed, "unbroken": unbroken, "whole": max(unbroken, in_two_lines), "longest": longest}


def _ems(words: str) -> float:
    return round(text_width(unicodedata.normalize("NFC", words), _EM) / _EM, 3)
