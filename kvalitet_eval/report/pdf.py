"""The PDF of a report: PDF/UA-1, set by Typst from plain values, the same bytes every time, nothing read from the disk.

Typst refuses what a screen reader could not tell: a picture without words, a level of headings left out, a sign that
the font lacks. What it says is turned into a finding that names the block.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import typst

from kvalitet_eval.errors import Finding, ReportError, finding
from kvalitet_eval.report.blocks import Figure, Picture, Section
from kvalitet_eval.report.document_files import ENDINGS
from kvalitet_eval.report.pdf_content import SHEETS, content_of, pictures_of
from kvalitet_eval.report.pdf_drawing import FONT
from kvalitet_eval.report.pdf_signs import printable
from kvalitet_eval.report.pdf_tags import mark_row_headers

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report

Paper = Literal["a4", "a1"]
PAPERS: tuple[str, ...] = get_args(Paper)
STANDARD = "ua-1"
MAIN = "pdf.typ"
_TEMPLATES = Path(__file__).parent / "templates"
_SIGNS_KEPT = 4096
_SECTIONS_NAMED = 3
_PANIC = "panicked with: "
_SIGN = '#set document(title: "-")\n#set text(font: "{font}", fallback: false)\n#json("content.json")'


def render_pdf(report: Report, *, paper: Paper = "a4") -> bytes:
    """Return the document as PDF.

    Parameters
    ----------
    report : Report
        As built in a notebook or read by ``model.load``, of any kind.
    paper : {"a4", "a1"}
        Size of the sheet; only a poster can be A1.

    Returns
    -------
    bytes
        PDF 1.7 that declares PDF/UA-1. Equal reports give equal bytes.

    Raises
    ------
    ReportError
        RAP-61 the paper is unknown or not for this document; RAP-62 a chart or a picture has no alternative text, all
        of them at once; RAP-63 a poster or a status report has more than one sheet can hold; RAP-64 Typst refuses a
        block for another reason, and RAP-65 the document as a whole.
    """
    if paper not in PAPERS or (paper == "a1" and report.document != "poster"):
        allowed = ", ".join(PAPERS if report.document == "poster" else PAPERS[:1])
        raise ReportError.of("RAP-61", file=pdf_name(report), found=paper, document=report.document, allowed=allowed)
    if faults := list(_without_words(report)):
        raise ReportError(faults)
    content, pictures = content_of(report, paper), pictures_of(report)
    try:
        return mark_row_headers(compile_pdf(_texts(content), pictures))
    except typst.TypstError as error:
        raise _refusal(report, content, error) from error


def compile_pdf(texts: Mapping[str, bytes], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Compile texts that lie in memory; the one folder that can be read holds the pictures and goes afterwards.

    Parameters
    ----------
    texts, pictures : mapping of str to bytes
        File names without folders, and their content. ``main.typ`` is the document.

    Raises
    ------
    typst.TypstError
        The document is not valid, or not accessible.
    """
    with TemporaryDirectory() as folder:
        for name, picture in pictures.items():
            (Path(folder) / name).write_bytes(picture)
        compiler = typst.Compiler(
            dict(texts), root=folder, font_paths=_fonts(), package_path=folder, package_cache_path=folder
        )
        return compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=0)


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with Typst, read once; none of the machine's, so that all machines print the same."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _sources() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(_TEMPLATES.glob("*.typ"))}


def _texts(content: dict[str, Any]) -> dict[str, bytes]:
    stored = json.dumps(printable(content, has_glyph), ensure_ascii=False, sort_keys=True)
    return {"main.typ": _sources()[MAIN], **_sources(), "content.json": stored.encode()}


@lru_cache(maxsize=_SIGNS_KEPT)
def has_glyph(sign: str) -> bool:
    """Whether the font can show a sign."""
    files = {"main.typ": _SIGN.format(font=FONT).encode(), "content.json": json.dumps(f"o{sign}").encode()}
    try:
        compile_pdf(files)
    except typst.TypstError:
        return False
    return True


def pdf_name(report: Report, paper: Paper = "a4") -> str:
    """Return the name of the file that a document on a paper is written to."""
    return f"{report.file_stem}{ENDINGS['a1' if paper == 'a1' else 'pdf']}"


def _without_words(report: Report) -> Iterator[Finding]:
    section = ""
    for block in report.blocks:
        match block:
            case Section(heading):
                section = heading
            case Figure(chart) if not chart.alt.strip():
                yield finding("RAP-62", file=pdf_name(report), found=chart.id, section=section)
            case Picture(id=id, alt=alt) if not alt.strip():
                yield finding("RAP-62", file=pdf_name(report), found=id, section=section)


def _too_long(report: Report, content: dict[str, Any], error: typst.TypstError) -> ReportError | None:
    """Say what is to be shortened on a sheet, from what the template found out."""
    told = error.message.removeprefix(_PANIC)
    if told == error.message or report.document not in SHEETS:
        return None
    found = json.loads(told)
    total: Counter[str] = Counter()
    for section, height in found["heights"]:
        total[content["sections"][section]["heading"]] += height
    longest = [heading for heading, _ in total.most_common(_SECTIONS_NAMED)]
    facts = {"percent": found["percent"], "longest": ", ".join(f"«{heading}»" for heading in longest)}
    return ReportError.of("RAP-63", file=pdf_name(report, content["paper"]), found=report.title, **facts)


def _refusal(report: Report, content: dict[str, Any], error: typst.TypstError) -> ReportError:
    """Say what does not fit, or find the block that Typst stumbles over by setting each alone."""
    if too_long := _too_long(report, content, error):
        return too_long
    name = pdf_name(report, content["paper"])
    for section in content["sections"]:
        for index, block in enumerate(section["blocks"], start=1):
            alone = {**content, "document": "page", "appendix": []}
            alone["sections"] = [{"heading": section["heading"], "blocks": [{**block, "see": ""}]}]
            try:
                compile_pdf(_texts(alone), pictures_of(report))
            except typst.TypstError as told:
                where = {"section": section["heading"], "number": index, "type": block["type"]}
                return ReportError.of("RAP-64", file=name, found=told.message, **where)
    return ReportError.of("RAP-65", file=name, found=error.message)
