"""A report as a Word document: a case paper with real headings, tables, and pictures that say what they show.

The report's sections stand in their own order, with their own words and numbers, under the headings that case papers
of Norwegian municipalities have: the first section is the summary, what was observed is the facts of the case, and from
the effect of the programme on it is the assessment. A report proposes no decision, and says so under the conclusion.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, assert_never

from docx.document import Document
from docx.oxml import parse_xml

from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, table_of_chart
from kvalitet_eval.report.blocks import Block, Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.html import facts_rows, split_paragraphs
from kvalitet_eval.report.pictures import DrawnPicture, draw_picture
from kvalitet_eval.report.subject import subject_words
from kvalitet_eval.report.word_package import finished, opened, set_margins_text, text_room
from kvalitet_eval.report.word_styles import add_missing_styles, set_language
from kvalitet_eval.report.word_xml import EMU_PER_PIXEL, EMU_PER_TWIP, NAMESPACES, paragraph, picture, run, tab, table
from kvalitet_eval.results import SYNTHETIC

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report

CHART_SIZE = (560, 320)
"""Pixels of a chart: almost as wide as the text of an A4 page, and its type as large; each pixel takes time."""
_ASSESSED = ("case.section.effect", "cohort.section.effect")
_APART = '<w:spacing w:before="200"/>'


def render_word(report: Report, *, template: bytes | None = None, template_name: str = "mal.docx") -> bytes:
    """Return a report as a Word document; the same report and template give the same bytes.

    Parameters
    ----------
    report : Report
        As built in a notebook or read by ``model.load``.
    template : bytes, optional
        A municipality's own .docx or .dotx. Its styles, page, headers and footers are kept, styles that it lacks are
        added, and its own text is left out.
    template_name : str
        What the template is called in messages.

    Raises
    ------
    ReportError
        RAP-70 to RAP-74: the template cannot be used, see :func:`word_template.checked_template`.
    """
    document = opened(template, template_name)
    styles = add_missing_styles(document)
    set_language(document, report.language)
    pieces = _Pieces(document, report, styles)
    body = document.element.body
    content = parse_xml(f"<w:body {NAMESPACES}>{''.join(pieces.all())}</w:body>")
    for element in reversed(list(content)):
        body.insert(0, element)
    set_margins_text(document, report, styles)
    return finished(document, report)


class _Pieces:
    """Write the blocks of a report one after the other."""

    def __init__(self, document: Document, report: Report, styles: Mapping[str, str]) -> None:
        self._document = document
        self._report = report
        self._styles = dict(styles)
        self._room = text_room(document)
        self._n_pictures = 0
        self._is_below_table = False

    def all(self) -> Iterator[str]:
        """Everything, from the title to what the figures rest on."""
        report, language = self._report, self._report.language
        yield self._said("Report kicker", kicker(report))
        yield self._said("Title", report.title)
        if report.origin == SYNTHETIC:
            label = run(f"{text('report.synthetic_heading', language)}.", style=self._styles["Report label"])
            yield paragraph(self._styles["Report notice"], label, run(f" {text('report.synthetic', language)}"))
        parts = case_parts(report)
        level = "heading 2" if parts else "heading 1"
        for index, block in enumerate(report.blocks):
            if index in parts:
                yield self._said("heading 1", text(f"word.part.{parts[index]}", language))
            if isinstance(block, Section):
                yield self._said(level, block.heading)
            else:
                yield from self._block(block)
        if parts:
            yield self._said("heading 1", text("word.part.conclusion", language))
            yield self._said("Normal", text("word.conclusion", language))
        yield self._said("heading 1", text("report.about", language))
        for label, value in facts_rows(report.facts, language, report.document):
            named = run(label, style=self._styles["Report label"])
            yield paragraph(self._styles["Report fact"], named, tab(), run(value))
        yield self._said("Report small", text("report.made_with", language))

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Text(words, spoken):
                yield from self._prose(words, "Normal", "List Bullet", spoken)
            case Notice(kind, words):
                yield self._said("Report notice label", text(f"report.notice.{kind}", self._report.language))
                yield from self._prose(words, "Report notice", "Report notice list")
            case Figure(chart, with_table):
                yield from self._figure(chart, with_table)
            case Listing(item):
                yield from self._table(item)
                yield from self._below(item.notes, item.source)
            case Picture():
                yield from self._supplied(block)
            case Section():
                raise TypeError("a section is a heading, and is written as one")
            case _:
                assert_never(block)

    def _said(self, style: str, words: str, *, language: str = "", more: str = "") -> str:
        spaced = _APART if self._is_below_table and style == "Normal" else ""
        self._is_below_table = style == "Report small"
        spoken = "" if language == self._report.language else language
        return paragraph(self._styles[style], run(words, language=spoken), more=more or spaced)

    def _prose(self, words: str, style: str, list_style: str, language: str = "") -> Iterator[str]:
        for kind, items in split_paragraphs(words):
            for item in items:
                yield self._said(list_style if kind == "ul" else style, item, language=language)

    def _caption(self, words: str, origin: str) -> str:
        runs = [run(words)]
        if origin == SYNTHETIC:
            mark = text("report.synthetic_mark", self._report.language)
            runs += [run(" "), run(mark, style=self._styles["Report mark"])]
        return paragraph(self._styles["caption"], *runs, more="<w:keepNext/>")

    def _below(self, notes: tuple[str, ...], source: str) -> Iterator[str]:
        for words in (*notes, text("report.source", self._report.language, source=source)):
            yield self._said("Report small", words)

    def _table(self, item: Table) -> Iterator[str]:
        yield self._caption(item.caption, item.origin)
        yield table(item, self._styles, self._room)
        self._is_below_table = True

    def _figure(self, chart: Chart, with_table: bool) -> Iterator[str]:
        yield self._caption(chart.title, chart.origin)
        if chart.subtitle:
            yield self._said("Report small", chart.subtitle, more="<w:keepNext/>")
        yield self._picture(draw_picture(chart, *CHART_SIZE), chart.alt)
        yield from self._below(chart.notes, chart.source)
        if with_table:
            yield self._said("Report small", text("report.alt", self._report.language, alt=chart.alt))
            numbers = table_of_chart(chart)
            yield from self._table(numbers)
            for note in numbers.notes:
                if note not in chart.notes:
                    yield self._said("Report small", note)

    def _supplied(self, block: Picture) -> Iterator[str]:
        png = base64.b64decode(block.png_base64, validate=True)
        yield self._picture(DrawnPicture(png, block.width_px, block.height_px), block.alt)
        if block.caption:
            yield self._said("Report small", block.caption, language=block.language)

    def _picture(self, drawn: DrawnPicture, alt: str) -> str:
        """A picture in a paragraph of its own, never wider than the text."""
        self._n_pictures += 1
        width = min(drawn.width * EMU_PER_PIXEL, self._room * EMU_PER_TWIP)
        size = (width, round(width * drawn.height / drawn.width))
        relation, _ = self._document.part.get_or_add_image(io.BytesIO(drawn.png))
        shown = picture(self._n_pictures, f"picture {self._n_pictures}", alt, relation, size)
        return paragraph(self._styles["Report picture"], shown)


def kicker(report: Report) -> str:
    """What stands over the title: the programme, and who the report is about."""
    return " · ".join(filter(None, (report.programme, subject_words(report.subject, report.language))))


def case_parts(report: Report) -> dict[int, str]:
    """Return before which blocks the headings of a case paper stand; none in a document that is no report.

    The assessment begins with the effect of the programme, or with what the report does not show when it tells no
    effect.
    """
    starts = [index for index, block in enumerate(report.blocks) if isinstance(block, Section)]
    if report.document != "report" or not starts:
        return {}
    headings = {text(key, report.language) for key in _ASSESSED}
    parts = {starts[0]: "summary"}
    assessed = next((index for index in starts[1:] if report.blocks[index].heading in headings), None)
    if assessed is None:
        limits = [i for i, block in enumerate(report.blocks) if isinstance(block, Notice) and block.kind == "limits"]
        assessed = next((index for index in reversed(starts[1:]) if limits and index < limits[0]), None)
    if len(starts) > 1 and assessed != starts[1]:
        parts[starts[1]] = "facts"
    if assessed is not None:
        parts[assessed] = "assessment"
    return parts
