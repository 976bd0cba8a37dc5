"""What a programme knows that must not leave: values withheld in its runs, and who stands in its raw data."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, Finding, ReportError, finding
from kvalitet_eval.persons import PERSON_COLUMNS, PERSON_NAME_COLUMNS
from kvalitet_eval.prepare.files.file_kind import read_file
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import keys, languages, placeholders, text
from kvalitet_eval.publish.audit import WithheldValue, read_withheld
from kvalitet_eval.report.disclosure_record import DisclosureRecord
from kvalitet_eval.report.disclosure_seen import plain
from kvalitet_eval.report.disclosure_withheld import record_of

WITHHELD_FILES = "withheld*.json"
"""Written beside what they were withheld from, below ``data/processed/<programme>``."""
_SHORTEST_MARK = 6
"""Shorter texts are serial numbers, which stand in every report without telling of anybody."""
_RAW_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
_HEADER_ROWS = 20


def record_for(config: Config, raw: Iterable[Path] = ()) -> DisclosureRecord:
    """Gather what the scanner looks for in the files of a programme.

    Parameters
    ----------
    config : Config
        The programme.
    raw : iterable of pathlib.Path
        Files and folders with data about persons; without any the raw data of the project.

    Raises
    ------
    ReportError
        SIK-12: no list of withheld values has been written. SIK-13: a raw file cannot be read. PUB-14: a list cannot be
        read.
    """
    values = withheld_values(config.processed)
    marks = raw_marks(list(raw) or [config.root / "data" / "raw"])
    places = [config.root, Path.home(), Path(tempfile.gettempdir())]
    return record_of(values, spellings(config), canaries=marks, places=[p for p in places if len(p.parts) > 1])


def withheld_values(folder: Path) -> tuple[WithheldValue, ...]:
    """Return all values that were withheld in what was made below a folder; errors as for :func:`record_for`."""
    files = sorted(folder.rglob(WITHHELD_FILES))
    if not files:
        raise ReportError.of("SIK-12", file=folder, folder=folder.name)
    return tuple(value for file in files for value in read_withheld(file))


def spellings(config: Config) -> dict[str, tuple[str, ...]]:
    """Return what codes are called for readers: municipalities of all years, intakes, and names in the catalogues."""
    named: dict[str, dict[str, None]] = {}
    for item in load_register(config).municipalities:
        named.setdefault(item.number, {})[item.name] = None
    for intake in config.intakes:
        named.setdefault(intake.id, {})[intake.name] = None
    for language in languages():
        for key in sorted(keys(language)):
            match = re.fullmatch(r"(?:outcome|notebook\.column)\.(\w+)(?:\.(?:name|definite))?", key)
            if match and not placeholders(key, language):
                named.setdefault(match[1], {})[text(key, language)] = None
    return {code: tuple(names) for code, names in named.items()}


def raw_marks(places: Iterable[Path]) -> tuple[str, ...]:
    """Return keys, numbers and names of persons in raw files: what stands in columns that only such files have.

    Raises
    ------
    ReportError
        SIK-13, for every file that cannot be read, all at once: nobody would know what was not looked for.
    """
    found: dict[str, None] = {}
    faults: list[Finding] = []
    for path in _files(places):
        try:
            found.update(dict.fromkeys(_marks_in(path)))
        except DataError as error:
            faults.append(finding("SIK-13", file=path, found=error.findings[0].code))
    if faults:
        raise ReportError(faults)
    return tuple(found)


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        inside = sorted(path for path in place.rglob("*") if path.suffix.lower() in _RAW_SUFFIXES and path.is_file())
        yield from inside if place.is_dir() else [place]


def _marks_in(path: Path) -> Iterator[str]:
    for sheet in read_file(path):
        header, columns = _person_columns([row.cells for row in sheet.rows[:_HEADER_ROWS]])
        for row in sheet.rows[header + 1 :] if columns else ():
            for name, position in columns.items():
                cell = row.cells[position].strip() if position < len(row.cells) else ""
                is_mark = " " in cell if name in PERSON_NAME_COLUMNS else any(sign.isdigit() for sign in cell)
                if len(cell) >= _SHORTEST_MARK and is_mark:
                    yield cell


def _person_columns(rows: list[tuple[str, ...]]) -> tuple[int, dict[str, int]]:
    """Return the row that has a heading of persons, and the positions of those and of names beside them."""
    for number, cells in enumerate(rows):
        columns = {plain(cell): position for position, cell in enumerate(cells)}
        if PERSON_COLUMNS & columns.keys():
            wanted = (PERSON_COLUMNS | PERSON_NAME_COLUMNS) & columns.keys()
            return number, {name: columns[name] for name in sorted(wanted)}
    return 0, {}
