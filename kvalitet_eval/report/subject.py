"""Who a report is about: a municipality, a cohort or the whole programme; or what a page about the method explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.store import slug

SubjectKind = Literal["municipality", "cohort", "programme", "page"]
_WORD = re.compile(r"[a-z][a-z0-9_]*")
ID_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"municipality": re.compile(r"[0-9]{4}"), "cohort": _WORD, "page": _WORD}
)
"""Kinds whose id is a parameter of their templates, and what ids look like: no hyphen, nothing that leaves a folder."""
PROGRAMME = "programme"
"""The kind whose templates need no id: they have the programme file."""
_KINDS = (*ID_PATTERNS, PROGRAMME)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a report is about.

    Parameters
    ----------
    kind : {"municipality", "cohort", "programme", "page"}
        Also the name of the parameter by which a template is told who it is about, see :attr:`parameters`.
    id : str
        Number of a municipality, four digits; id of an intake or of the programme in the programme file; name of a
        page.
    name : str
        As readers know it.

    Raises
    ------
    ReportError
        RAP-22 an unknown kind, RAP-17 not a municipality's number, RAP-23 not an intake's id, RAP-21 no name.

    Examples
    --------
    >>> Subject("municipality", "0528", "Østre Toten").file_stem, Subject("cohort", "pulje_2", "Pulje II").file_stem
    ('0528-ostre-toten', 'pulje_2')
    """

    kind: SubjectKind
    id: str
    name: str

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ReportError.of("RAP-22", found=self.kind, name="kind", allowed=", ".join(_KINDS))
        if self.kind == "municipality":
            slug(self.id, "")  # refuses what is no number
        elif not isinstance(self.id, str) or not _WORD.fullmatch(self.id):
            raise ReportError.of("RAP-23", found=self.id)
        if not isinstance(self.name, str) or not self.name.strip():
            raise ReportError.of("RAP-21", found=self.name, name="name")

    @property
    def file_stem(self) -> str:
        """First part of the names of published files, small ASCII letters and digits; the id ends at the first -."""
        return slug(self.id, self.name) if self.kind == "municipality" else self.id

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters by which a template is told who it is about, beside the programme file."""
        return {} if self.kind == PROGRAMME else {self.kind: self.id}

    def is_same(self, other: Subject) -> bool:
        """Whether both are about the same municipality or cohort, whatever they call it."""
        return (self.kind, self.id) == (other.kind, other.id)


def subject_words(subject: Subject, language: str) -> str:
    """Say whom a document is about, for what stands above its title; nothing for the programme and the pages."""
    if subject.kind == "municipality":
        return text("report.municipality", language, name=subject.name, number=subject.id)
    return text("report.cohort", language) if subject.kind == "cohort" else ""


def subject_id(values: Mapping[str, object]) -> str:
    """Return the id that a notebook's parameters name, or nothing."""
    return next((str(values[kind]) for kind in ID_PATTERNS if kind in values), "")


def id_of_file(name: str) -> str:
    """Return the id of the subject that a published file is about.

    Examples
    --------
    >>> id_of_file("0528-ostre-toten-syntetisk.html"), id_of_file("pulje_2-syntetisk.html"), id_of_file("innsats.html")
    ('0528', 'pulje_2', 'innsats')
    """
    return re.split(r"[-.]", name, maxsplit=1)[0]
