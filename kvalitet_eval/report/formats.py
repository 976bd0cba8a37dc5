"""The formats of a document: each is a function from the stored results to files, and none knows of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kvalitet_eval.report.documents import TABLES_SUFFIX, Document
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.page_links import PageLinks

DEFAULT_FORMATS = ("html", "pdf", "docx", "xlsx", "csv")


@dataclass(frozen=True, slots=True)
class Setting:
    """What files depend on beside the results.

    Parameters
    ----------
    index_hrefs : mapping of str to str
        Where a page's link to the index leads, by language; a page in another language has none.
    word_template : bytes or None
        A Word document whose styles and margins are used.
    template_name : str
        What it is called in messages.
    links : PageLinks, optional
        Where else a page leads: to the other documents and files about its subject.
    """

    index_hrefs: Mapping[str, str] = field(default_factory=dict)
    word_template: bytes | None = None
    template_name: str = ""
    links: PageLinks | None = None


Renderer = Callable[[Report, Setting], Mapping[str, str | bytes]]


def _page(report: Report, setting: Setting) -> dict[str, str | bytes]:
    index_href = setting.index_hrefs.get(report.language, "")
    return {f"{report.file_stem}.html": render_page(report, index_href=index_href, links=setting.links)}


def _pdf(report: Report, _: Setting) -> dict[str, str | bytes]:
    from kvalitet_eval.report.pdf import pdf_name, render_pdf  # noqa: PLC0415 - the typesetter is slow to load

    return {pdf_name(report): render_pdf(report)}


def _wall(report: Report, _: Setting) -> dict[str, str | bytes]:
    from kvalitet_eval.report.pdf import pdf_name, render_pdf  # noqa: PLC0415

    return {pdf_name(report, "a1"): render_pdf(report, paper="a1")}


def _word(report: Report, setting: Setting) -> dict[str, str | bytes]:
    from kvalitet_eval.report.word import render_word  # noqa: PLC0415

    template, name = setting.word_template, setting.template_name
    return {f"{report.file_stem}.docx": render_word(report, template=template, template_name=name)}


def _workbook(report: Report, _: Setting) -> dict[str, str | bytes]:
    from kvalitet_eval.report.sheets import render_workbook  # noqa: PLC0415

    return {f"{report.file_stem}.xlsx": render_workbook(report)}


def _tables(report: Report, _: Setting) -> dict[str, str | bytes]:
    from kvalitet_eval.report.sheets import render_csv  # noqa: PLC0415

    return {f"{report.file_stem}{TABLES_SUFFIX}/{id}.csv": content for id, content in render_csv(report).items()}


RENDERERS: Mapping[str, Renderer] = MappingProxyType(
    {"html": _page, "pdf": _pdf, "docx": _word, "xlsx": _workbook, "csv": _tables, "poster": _wall}
)
LINKING = "html"
"""The format that leads to the others: it is made when they are there."""
ONLY_OF: Mapping[str, Document] = MappingProxyType({"poster": "poster"})
"""Formats that only one document has: a poster is also printed to hang on a wall."""


def formats_of(document: Document, asked: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the formats that a document gets: of those asked for, or of the usual ones, those that it has.

    Examples
    --------
    >>> formats_of("report"), formats_of("poster", ["html", "poster"]), formats_of("report", ["poster"])
    (('html', 'pdf', 'docx', 'xlsx', 'csv'), ('html', 'poster'), ())
    """
    own = tuple(name for name, of in ONLY_OF.items() if of == document)
    wanted = tuple(asked) or (*DEFAULT_FORMATS, *own)
    return tuple(name for name in wanted if name not in ONLY_OF or name in own)
