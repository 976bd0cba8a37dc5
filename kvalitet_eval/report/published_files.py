"""Published files: all of a subject's are written or none, each is listed with its hash, and old ones go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.documents import RESULTS_SUFFIX, TABLES_SUFFIX
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.safe_paths import path_in
from kvalitet_eval.report.store import bytes_sha256, write_all
from kvalitet_eval.report.subject import Subject, id_of_file

FILE_SUFFIXES = (".html", ".pdf", ".docx", ".xlsx", RESULTS_SUFFIX)


def publish(subject: Subject, made: Sequence[tuple[Report, Mapping[str, str | bytes]]], folder: Path) -> dict[str, str]:
    """Write the files of a subject's documents, remove those it no longer has, and return file name to sha256.

    The results of each document are written after its files and list them.

    Parameters
    ----------
    subject : Subject
        Who the documents are about.
    made : sequence of (Report, mapping)
        Each document with its files: a name, or the folder of its tables and a name, to the content.
    folder : pathlib.Path
        Where published files about such subjects lie.

    Raises
    ------
    ReportError
        RAP-18 a file cannot be written, SIK-20 a name would leave the folder; nothing has been published.
    """
    contents: dict[Path, str | bytes] = {}
    for report, files in made:
        report.files = {name: bytes_sha256(content) for name, content in files.items()}
        contents |= {_place(folder, name): content for name, content in files.items()}
        contents[_place(folder, f"{report.file_stem}{RESULTS_SUFFIX}")] = report.to_json()
    written = {path.relative_to(folder).as_posix(): sha256 for path, sha256 in write_all(contents).items()}
    documents = {report.document for report, _ in made}
    others = _still_published(subject, folder, documents)
    _remove(_files_of(subject, folder), folder, keep={*written, *others})
    return written


def _read(files: Iterable[Path]) -> list[Report]:
    """Read stored results, by file name; what cannot be read is of another version."""
    found = []
    for stored in sorted(files):
        with suppress(ReportError):
            found.append(load(stored))
    return found


def _place(folder: Path, name: str) -> Path:
    """Return the path of a published file: in the folder itself, or in the folder of a document's tables."""
    within, _, last = name.rpartition("/")
    return path_in(path_in(folder, within), last) if within.endswith(TABLES_SUFFIX) else path_in(folder, name)


def _files_of(subject: Subject, folder: Path) -> list[Path]:
    """List everything in a folder that is published about a subject, whatever it was called."""
    mine = [path for path in folder.iterdir() if id_of_file(path.name) == subject.id]
    files = [path for path in mine if path.is_file() and path.name.endswith(FILE_SUFFIXES)]
    tables = [path for path in mine if path.is_dir() and path.name.endswith(TABLES_SUFFIX)]
    return [*files, *(file for table in tables for file in table.iterdir() if file.is_file())]


def _still_published(subject: Subject, folder: Path, renewed: Iterable[str]) -> set[str]:
    """Name the files of the subject's other documents, as their results list them; not under an earlier name."""
    stored = (path for path in folder.glob(f"{subject.id}*{RESULTS_SUFFIX}") if id_of_file(path.name) == subject.id)
    mine = [report for report in _read(stored) if report.subject == subject]
    others = [report for report in mine if report.document not in renewed]
    return {name for report in others for name in (f"{report.file_stem}{RESULTS_SUFFIX}", *report.files)}


def _remove(files: Iterable[Path], folder: Path, keep: set[str]) -> None:
    for path in files:
        if path.relative_to(folder).as_posix() not in keep:
            path.unlink()
            if path.parent != folder and not any(path.parent.iterdir()):
                path.parent.rmdir()
