"""What a user asks to have made, and everything that is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kvalitet_eval.errors import Finding, UsageError, finding
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.documents import TEMPLATES, WITHOUT_BEING_ASKED, Document, documents_of
from kvalitet_eval.report.formats import ONLY_OF, RENDERERS, formats_of
from kvalitet_eval.report.subject import SubjectKind
from kvalitet_eval.report.word_template import checked_template


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents to make, about whom, in which languages and formats; empty means as usual.

    Parameters
    ----------
    municipalities, cohorts : tuple of str
        Numbers in the programme's borders; ids of intakes. Without any: everybody that has figures.
    documents : tuple of str
        Without any: the report, and the poster when only the format of a poster is wanted.
    languages : tuple of str
        One document for each. Without any: the municipality's language form, else the programme's language.
    formats : tuple of str
        Without any: the usual formats of each document.
    word_template : bytes or None
        A Word document whose styles and margins the Word documents get.
    template_name : str
        What it is called in messages.
    programmes, pages : tuple of str
        The id of the programme when the report about all of it is named; names of pages.
    """

    municipalities: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    word_template: bytes | None = None
    template_name: str = ""
    programmes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def named(self) -> dict[SubjectKind, tuple[str, ...]]:
        """Return the ids that were given, by kind of subject."""
        return {
            "municipality": self.municipalities,
            "cohort": self.cohorts,
            "programme": self.programmes,
            "page": self.pages,
        }

    def documents_of(self, kind: SubjectKind) -> tuple[Document, ...]:
        """Return the documents to make about a subject of a kind: those it can have, in at least one format."""
        usual = {*WITHOUT_BEING_ASKED, *(of for name, of in ONLY_OF.items() if name in self.formats)}
        wanted = self.documents or usual
        return tuple(item for item in documents_of(kind) if item in wanted and formats_of(item, self.formats))

    def faults(self) -> list[Finding]:
        """Say what cannot be made: names that do not exist, and wishes that leave nothing to make."""
        documents = tuple(dict.fromkeys(document for _, document in TEMPLATES))
        faults = [
            *_unknown("--document", self.documents, documents),
            *_unknown("--language", self.languages, languages()),
            *_unknown("--format", self.formats, tuple(RENDERERS)),
        ]
        return faults or [*self._without_format()] or [*self._without_document()]

    def _without_format(self) -> Iterator[Finding]:
        """Tell of a document that was asked for and has none of the formats."""
        for document in self.documents:
            if not formats_of(document, self.formats):
                facts = {"document": document, "allowed": ", ".join(formats_of(document))}
                yield finding("BRK-22", column="--format", found=", ".join(self.formats), **facts)

    def _without_document(self) -> Iterator[Finding]:
        """Tell of a kind of subject that was named and for which nothing is left to make."""
        for kind, ids in self.named().items():
            if ids and not self.documents_of(kind):
                found = ", ".join(self.documents or self.formats)
                facts = {"id": ids[0], "allowed": ", ".join(documents_of(kind))}
                yield finding("BRK-21", column="--document" if self.documents else "--format", found=found, **facts)


def read_template(path: Path) -> bytes:
    """Return a Word document that is to give others its styles; it is checked before any document is made.

    Raises
    ------
    UsageError
        BRK-23: there is no such file, or it cannot be read.
    ReportError
        RAP-70 to RAP-74, as for :func:`word_template.checked_template`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError.of("BRK-23", column="--template", found=path) from error
    return checked_template(content, path.name)


def _unknown(option: str, given: Iterable[str], allowed: tuple[str, ...]) -> Iterator[Finding]:
    for name in given:
        if name not in allowed:
            nearest = difflib.get_close_matches(name, allowed, n=1)
            listed = ", ".join(dict.fromkeys([*nearest, *allowed]))  # the likely one first
            yield finding("BRK-20", column=option, found=name, allowed=listed)
