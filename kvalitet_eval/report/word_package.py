"""The Word file around its text: what it starts from, headers and footers, properties, and the bytes in the end."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.packed import pack, unpack
from kvalitet_eval.report.word_styles import empty_document
from kvalitet_eval.report.word_template import checked_template
from kvalitet_eval.report.word_xml import (
    EMU_PER_PIXEL,
    EMU_PER_TWIP,
    LANGUAGES,
    NAMESPACES,
    field,
    paragraph,
    plain,
    run,
    tab,
)
from kvalitet_eval.results import SYNTHETIC

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report

AUTHOR = "kvalitet-eval"
_FIXED_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
_KEPT = {
    RELATION.STYLES, RELATION.NUMBERING, RELATION.SETTINGS, RELATION.FONT_TABLE, RELATION.THEME, RELATION.HEADER,
    RELATION.FOOTER, RELATION.WEB_SETTINGS,
}  # fmt: skip
_PERSONAL_SETTINGS = ("w:rsids", "w:attachedTemplate", "w:mailMerge", "w:docVars", "w:trackRevisions")
_CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
_LONGEST_PROPERTY = 255
_HEADER_TYPE = 16  # pixels; a template's header may be as large as its text
_BELOW_HEADER = '<w:spacing w:after="160"/>'
_USUAL_STOPS = (4536, 4513, 4680, 4819, 9026, 9072, 9360, 9638)


def opened(template: bytes | None, name: str) -> Document:
    """Open the package's own document or a checked template, without the template's text and personal marks."""
    if template is None:
        return empty_document()
    document = docx.Document(io.BytesIO(checked_template(template, name)))
    _keep_last_section(document)
    _forget_persons(document)
    return document


def _keep_last_section(document: Document) -> None:
    """Empty the body; the section that stays has the headers that hold at the template's end."""
    body = document.element.body
    sections = list(body.iter(qn("w:sectPr")))
    last = sections[-1] if sections else parse_xml(f"<w:sectPr {NAMESPACES}/>")
    inherited: dict[tuple[str, str | None], Any] = {}
    for section in sections:
        for tag in ("w:headerReference", "w:footerReference"):
            for reference in section.findall(qn(tag)):
                inherited[(tag, reference.get(qn("w:type")))] = reference
    for tag in ("w:headerReference", "w:footerReference"):
        for reference in last.findall(qn(tag)):
            last.remove(reference)
    for index, reference in enumerate(inherited.values()):
        last.insert(index, reference)
    for element in list(body):
        body.remove(element)
    body.append(last)


def _forget_persons(document: Document) -> None:
    """Drop comments, properties, data behind fields, and who changed what and when."""
    for part, kept in ((document.part, _KEPT), (document.part.package, {RELATION.OFFICE_DOCUMENT})):
        for id in [id for id, relation in part.rels.items() if relation.reltype not in kept]:
            del part.rels[id]
    settings = document.settings.element
    for tag in _PERSONAL_SETTINGS:
        for found in settings.findall(qn(tag)):
            settings.remove(found)
    for relation in document.part.rels.values():
        if relation.reltype in (RELATION.HEADER, RELATION.FOOTER):
            _accept_changes(relation.target_part.element)


def _accept_changes(root: Any) -> None:
    for tag in _CHANGES:
        for change in list(root.iter(qn(tag))):
            if tag in ("w:ins", "w:moveTo"):
                for child in list(change):
                    change.addprevious(child)
            change.getparent().remove(change)


def text_room(document: Document) -> int:
    """Return the width of the page's text in twentieths of a point; A4 with common margins where it is not said."""
    section = document.sections[-1]
    sides = (section.page_width, section.left_margin, section.right_margin)
    if None in sides:
        return 9298
    return int((sides[0] - sides[1] - sides[2]) // EMU_PER_TWIP)


def set_margins_text(document: Document, report: Report, styles: dict[str, str]) -> None:
    """Write who the report is about and the synthetic mark over every page, and its number below.

    What a template has in its headers and footers stays; ours follows it, but a second page number is not added.
    """
    section = document.sections[-1]
    is_first = section.different_first_page_header_footer
    is_even = document.settings.odd_and_even_pages_header_footer
    headers = [section.header, *([section.first_page_header] * is_first), *([section.even_page_header] * is_even)]
    footers = [section.footer, *([section.first_page_footer] * is_first), *([section.even_page_footer] * is_even)]
    room = text_room(document)
    for header in headers:
        _append(header, _header_line(report, styles, room))
    for footer in footers:
        if not _has_page_number(footer):
            _append(footer, _footer_line(report, styles, room))


def _append(margin: Any, line: str) -> None:
    is_new = margin.is_linked_to_previous
    margin.is_linked_to_previous = False
    root = margin._element
    if is_new:
        for child in list(root):
            root.remove(child)
    root.append(parse_xml(line.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def _has_page_number(margin: Any) -> bool:
    if margin.is_linked_to_previous:
        return False
    codes = [element.text or "" for element in margin._element.iter(qn("w:instrText"))]
    codes += [element.get(qn("w:instr"), "") for element in margin._element.iter(qn("w:fldSimple"))]
    return any(code.split()[:1] == ["PAGE"] for code in codes)


def _right_stop(room: int) -> str:
    """A tab stop at the right margin instead of those that headers usually have."""
    cleared = "".join(f'<w:tab w:val="clear" w:pos="{place}"/>' for place in _USUAL_STOPS if place != room)
    return f'<w:tabs>{cleared}<w:tab w:val="right" w:pos="{room}"/></w:tabs>'


def _header_line(report: Report, styles: dict[str, str], room: int) -> str:
    name = report.subject.name
    mark = text("report.synthetic_heading", report.language) if report.origin == SYNTHETIC else ""
    line = name if report.programme in name else f"{name} · {report.programme}"
    if text_width(f"{line} {mark}", _HEADER_TYPE) > room * EMU_PER_TWIP / EMU_PER_PIXEL:
        line = name  # so that the mark is not broken
    runs = [run(line), *([tab(), run(mark, style=styles["Report mark"])] if mark else [])]
    return paragraph(styles["header"], *runs, more=_right_stop(room) + _BELOW_HEADER)


def _footer_line(report: Report, styles: dict[str, str], room: int) -> str:
    page, pages = "\x01", "\x02"
    line = text("word.page", report.language, page=page, pages=pages)
    before, _, rest = line.partition(page)
    between, _, after = rest.partition(pages)
    numbered = [run(before), field("PAGE", "1"), run(between), field("NUMPAGES", "1"), run(after)]
    version = run(f"{AUTHOR} {report.facts.version} · {report.facts.run_id}")
    return paragraph(styles["footer"], version, tab(), *numbered, more=_right_stop(room))


def finished(document: Document, report: Report) -> bytes:
    """Set the properties and return the file."""
    properties = document.core_properties
    properties.title = plain(report.title)[:_LONGEST_PROPERTY]
    properties.subject = plain(f"{report.subject.name} · {report.programme}")[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = AUTHOR
    properties.language = LANGUAGES[report.language]
    properties.keywords = report.facts.run_id
    properties.created = properties.modified = _FIXED_TIME
    properties.revision = 1
    stream = io.BytesIO()
    document.save(stream)
    return pack(unpack(stream.getvalue()))
