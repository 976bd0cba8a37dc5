"""Which documents there are, which template makes each of them, and what their files are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from kvalitet_eval.report.subject import Subject, SubjectKind
from kvalitet_eval.results import SYNTHETIC

Document = Literal["report", "status_report", "poster", "project_mandate", "page"]
DOCUMENTS: tuple[str, ...] = get_args(Document)
TEMPLATES: Mapping[tuple[SubjectKind, Document], str] = MappingProxyType(
    {
        ("municipality", "report"): "municipality",
        ("municipality", "status_report"): "status_report",
        ("municipality", "poster"): "poster",
        ("municipality", "project_mandate"): "project_mandate",
        ("cohort", "report"): "cohort",
        ("programme", "report"): "programme",
        ("page", "page"): "page",
    }
)
"""Name of the notebook below ``notebooks/reports`` that makes a document about a kind of subject."""
FOLDERS: Mapping[SubjectKind, str] = MappingProxyType(
    {"municipality": "municipalities", "cohort": "cohorts", "programme": "programme", "page": "pages"}
)
"""Folder of the published files about a kind of subject, below the programme's reports."""
RESULTS_SUFFIX = ".results.json"
"""How the name of a document's stored results ends."""
TABLES_SUFFIX = "-tables"
"""How the name of the folder ends that holds a document's tables, a file each."""
WITHOUT_BEING_ASKED = frozenset({"report", "page"})
"""Documents that are made when nobody says which."""
WITHOUT_ESTIMATES = frozenset({"status_report", "poster", "project_mandate"})
"""Documents that show no estimate, and name no method of estimation."""
_SUFFIXES = MappingProxyType(
    {"report": "", "page": "", "status_report": "-status", "poster": "-poster", "project_mandate": "-mandate"}
)


def documents_of(kind: SubjectKind) -> tuple[Document, ...]:
    """Return the documents that can be made about a kind of subject."""
    return tuple(document for of, document in TEMPLATES if of == kind)


def file_stem(subject: Subject, document: Document, language: str, origin: str) -> str:
    """Return the name of a document's files without what says their format.

    Examples
    --------
    >>> file_stem(Subject("municipality", "0542", "Nord-Aurdal"), "poster", "nn", "syntetisk")
    '0542-nord-aurdal-poster-nn-syntetisk'
    """
    mark = f"-{SYNTHETIC}" if origin == SYNTHETIC else ""
    return f"{subject.file_stem}{_SUFFIXES[document]}-{language}{mark}"


def archive_stem(subject: Subject, document: Document, language: str) -> str:
    """Return the name of an executed notebook without its suffix: whatever the subject is called, and however real."""
    return f"{subject.id}{_SUFFIXES[document]}-{language}"
