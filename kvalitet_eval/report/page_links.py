"""Where a page leads: the same document in other languages and forms, and the other documents about its subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kvalitet_eval.present.messages import text
from kvalitet_eval.report.document_files import ENDINGS, DocumentFile
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.offers import LANGUAGE_NAMES, FileLink, Offer, file_link, file_links

_PAGE, _TABLES = ENDINGS["html"], ENDINGS["csv"]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page links to; addresses are relative to the page.

    Parameters
    ----------
    languages, documents : tuple of Offer
        The same document in other languages; the subject's other documents in this one.
    files : tuple of FileLink
        The document in other forms.
    tables : mapping of str to FileLink
        Id of a table to the file that holds it alone.
    """

    languages: tuple[Offer, ...] = ()
    documents: tuple[Offer, ...] = ()
    files: tuple[FileLink, ...] = ()
    tables: Mapping[str, FileLink] = field(default_factory=dict)


def page_links(report: Report, made: Iterable[tuple[Report, Mapping[str, str | bytes]]]) -> PageLinks:
    """Return where the page of a report leads.

    Parameters
    ----------
    report : Report
        Whose page it is.
    made : iterable of (Report, mapping)
        All documents about its subject that have a page, the report among them, with their other files: name to
        content, all in one folder.
    """
    made = list(made)
    others = [other for other, _ in made if other is not report]
    own = [file for other, files in made if other is report for file in _files(other, files)]
    tables = {file.href.rpartition("/")[2].removesuffix(".csv"): file for file in own if file.format == "csv"}
    return PageLinks(
        languages=tuple(_offer(other) for other in others if other.document == report.document),
        documents=tuple(_offer(o) for o in others if o.document != report.document and o.language == report.language),
        files=file_links(own, report.language),
        tables={id: file_link(file, report.language) for id, file in tables.items()},
    )


def _offer(report: Report) -> Offer:
    label = text(f"index.document.{report.document}", report.language)
    code = report.language
    return Offer(label, code, LANGUAGE_NAMES[code], code, f"{report.file_stem}{_PAGE}")


def _files(report: Report, files: Mapping[str, str | bytes]) -> Iterable[DocumentFile]:
    sizes = {name: len(content.encode() if isinstance(content, str) else content) for name, content in files.items()}
    for format, ending in ENDINGS.items():
        name = f"{report.file_stem}{ending}"
        if name in sizes:
            yield DocumentFile(format, name, sizes[name])
    folder = f"{report.file_stem}{_TABLES}/"
    yield from (DocumentFile("csv", name, size) for name, size in sizes.items() if name.startswith(folder))
