"""What readers are offered of a document: its page, its other files with format and size, in which language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.document_files import DocumentFile, PublishedDocument

_LARGER = 1000
LANGUAGE_NAMES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}
"""Languages in their own words: whoever looks for one reads it."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to fetch: its format and size in words, and its address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A document in one language.

    Parameters
    ----------
    label : str
        What kind of document it is, or the title of a page.
    language, language_name : str
        Code, and name in that language.
    label_language : str
        The language of the label: a title is in the document's own.
    href : str
        Address of the page, empty when there is none.
    files : tuple of FileLink
        Its other files.
    """

    label: str
    language: str
    language_name: str
    label_language: str
    href: str
    files: tuple[FileLink, ...] = ()

    def words(self) -> list[str]:
        """Return every text that a reader sees."""
        return [self.label, self.language_name, *(file.label for file in self.files)]


def offer(document: PublishedDocument, language: str) -> Offer:
    """Put a published document into the words of a language."""
    is_page = document.document == "page"
    return Offer(
        label=document.title if is_page else _label(document, language),
        language=document.language,
        language_name=LANGUAGE_NAMES[document.language],
        label_language=document.language if is_page else language,
        href=document.page,
        files=file_links(document.files, language),
    )


def _label(document: PublishedDocument, language: str) -> str:
    """What a document is called where its subject is known."""
    is_of_cohort = (document.kind, document.document) == ("cohort", "report")
    return text("report.cohort", language) if is_of_cohort else text(f"index.document.{document.document}", language)


def file_links(files: Iterable[DocumentFile], language: str) -> tuple[FileLink, ...]:
    """Return the files beside the page in the order given, without single tables: those stand in the workbook too."""
    return tuple(file_link(file, language) for file in files if file.format not in ("html", "csv"))


def file_link(file: DocumentFile, language: str) -> FileLink:
    """Name a file by its format and its size."""
    return FileLink(
        text(f"index.format.{file.format}", language, size=size_in_words(file.n_bytes, language)), file.href
    )


def size_in_words(n_bytes: int, language: str = "nb") -> str:
    """Return a file's size as readers know it, in units of a thousand.

    Examples
    --------
    >>> [size_in_words(size).replace("\u00a0", " ") for size in (80, 48_499, 1_240_000)]
    ['1 kB', '48 kB', '1,2 MB']
    """
    kilobytes = max(1.0, n_bytes / _LARGER)
    if kilobytes < _LARGER - 0.5:
        return text("index.size.kilobytes", language, n=numbers.number(kilobytes, 0, language))
    return text("index.size.megabytes", language, n=numbers.number(kilobytes / _LARGER, 1, language))


def by_preference(offers: Iterable[Offer], language: str) -> tuple[Offer, ...]:
    """Order offers: the reader's own language first, then the others, otherwise as they were."""
    order = {name: place for place, name in enumerate(LANGUAGE_NAMES)}
    return tuple(sorted(offers, key=lambda item: (item.language != language, order[item.language])))


def first_of_each(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return the first offer of each kind of document that has a page."""
    first: dict[str, Offer] = {}
    for item in offers:
        if item.href:
            first.setdefault(item.label, item)
    return tuple(first.values())
