"""The documents that have been published: what each is, as its own stored results say, and the files it has.

Nothing is read from the name of a file but its format; every folder is listed once and every result read once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.documents import FOLDERS, RESULTS_SUFFIX, TABLES_SUFFIX
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.model import SCHEMA_VERSION

ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "html": ".html",
        "pdf": ".pdf",
        "a1": "-a1.pdf",
        "docx": ".docx",
        "xlsx": ".xlsx",
        "csv": TABLES_SUFFIX,
    }
)
"""Formats in the order in which readers meet them, with how the name ends after the document's own part."""


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """One file of a document: its format, its address relative to the index, and its size in bytes."""

    format: str
    href: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A document with its files; ``kind``, ``id`` and ``name`` are those of its subject."""

    kind: str
    id: str
    name: str
    title: str
    language: str
    document: str
    origin: str
    facts: RunFacts
    files: tuple[DocumentFile, ...]

    @property
    def subject(self) -> tuple[str, str]:
        """Whom it is about."""
        return self.kind, self.id

    @property
    def page(self) -> str:
        """Address of its page relative to the index, empty when it has none."""
        return next((file.href for file in self.files if file.format == "html"), "")


def find_documents(reports: Path) -> tuple[PublishedDocument, ...]:
    """Return every document that is published below a folder, in the order of folders and names.

    Raises
    ------
    ReportError
        RAP-10: stored results cannot be read, or are of another version.
    """
    return tuple(document for folder in FOLDERS.values() for document in _in_folder(reports / folder))


def _in_folder(folder: Path) -> Iterator[PublishedDocument]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as listed:
        entries = {entry.name: entry for entry in listed}
    for name in sorted(entries):
        if name.endswith(RESULTS_SUFFIX):
            yield _document(folder / name, tuple(_files(name.removesuffix(RESULTS_SUFFIX), entries, folder.name)))


def _files(stem: str, entries: Mapping[str, os.DirEntry[str]], folder: str) -> Iterator[DocumentFile]:
    for format, ending in ENDINGS.items():
        entry = entries.get(f"{stem}{ending}")
        if entry is not None and format == "csv":
            for table in sorted(Path(entry.path).glob("*.csv")):
                yield DocumentFile(format, f"{folder}/{entry.name}/{table.name}", table.stat().st_size)
        elif entry is not None:
            yield DocumentFile(format, f"{folder}/{entry.name}", entry.stat().st_size)


def _document(path: Path, files: tuple[DocumentFile, ...]) -> PublishedDocument:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema_version {content['schema_version']}, not {SCHEMA_VERSION}")
        subject = content["subject"]
        head = {name: str(content[name]) for name in ("title", "language", "document", "origin")}
        facts = RunFacts(**content["facts"])
        return PublishedDocument(
            str(subject["kind"]), str(subject["id"]), str(subject["name"]), facts=facts, files=files, **head
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError.of("RAP-10", file=path, found=f"{type(error).__name__}: {error}") from error
