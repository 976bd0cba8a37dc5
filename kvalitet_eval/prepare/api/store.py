"""Downloads on the disk: a folder per source with every answer as it came, tables in use that never change silently.

``data/raw/api_<source>/`` holds the answers and the record of every download under its time (``20261121T120000Z_``),
the tables in use (``cells.csv`` and the like, assembled from the answers) and ``SOURCE.md``, which lists every file
with its sha256. Nothing is written before the whole download is there and compared. A download that revises or lacks
what is in use is kept beside it and listed; the tables in use stay as they are until the revisions are accepted.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.api.client import Answer
from kvalitet_eval.prepare.api.compare import DOWNLOAD, REVISION_COLUMNS, Comparison, compare
from kvalitet_eval.prepare.api.source import SOURCE_FILE, FileRow, Provenance, read_files, write_source

SHOWN_REVISIONS = 20
Kind = Literal["first", "unchanged", "extended", "revised", "accepted"]


def _everything(rows: pd.DataFrame) -> np.ndarray:
    return np.ones(len(rows), dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class FetchedTable:
    """One table of a download.

    Parameters
    ----------
    name : str
        The file in use is ``<name>.csv``.
    frame : pandas.DataFrame
        The rows that came, all text.
    key : tuple of str
        Columns that name a row.
    is_asked : callable
        Which rows of an earlier table lie within what is asked for now: frame to mask of shape (n_rows,).
    """

    name: str
    frame: pd.DataFrame
    key: tuple[str, ...]
    is_asked: Callable[[pd.DataFrame], np.ndarray] = _everything


@dataclass(frozen=True, slots=True, eq=False)
class Download:
    """All that one visit to a provider brought.

    Parameters
    ----------
    source : str
        Name of the folder under the raw data, such as ``api_ssb_07905``.
    provenance : Provenance
        What SOURCE.md says of it.
    asked : mapping of str to str
        What was asked for, for the record.
    answers : mapping of str to (Answer, int)
        File stem to answer and number of rows or cells in it.
    tables : tuple of FetchedTable
        What the answers say.
    derived : callable
        From the tables in use, by name, to further files of the source in a documented layout, by name.
    """

    source: str
    provenance: Provenance
    asked: Mapping[str, str]
    answers: Mapping[str, tuple[Answer, int]]
    tables: tuple[FetchedTable, ...]
    derived: Callable[[Mapping[str, pd.DataFrame]], Mapping[str, pd.DataFrame]] = lambda tables: {}


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a download.

    Parameters
    ----------
    kind : {"first", "unchanged", "extended", "revised", "accepted"}
        "revised": stored, and the tables in use left as they were.
    folder : pathlib.Path
        Where the source lies.
    n_rows, n_new, n_revised, n_gone : int
        Rows of the tables that came, rows not seen before, rows with a revised value, rows no longer there.
    revisions : pandas.DataFrame
        Every revised value and missing row; columns table and ``REVISION_COLUMNS``.
    findings : tuple of Finding
        Warnings: the first ``SHOWN_REVISIONS`` revisions and their number.
    """

    kind: Kind
    folder: Path
    n_rows: int
    n_new: int
    n_revised: int
    n_gone: int
    revisions: pd.DataFrame
    findings: tuple[Finding, ...] = field(default=())


def store(raw: Path, download: Download, *, now: datetime, accept: bool = False) -> Outcome:
    """Compare a download with what is in use, and keep it.

    Parameters
    ----------
    raw : pathlib.Path
        The folder of raw data.
    now : datetime
        Time of the download, UTC; names its files.
    accept : bool
        Let revised and missing rows replace those in use.

    Raises
    ------
    DataError
        API-21: a file in use is not as it was fetched. API-24: it has other columns. API-26: the disk refuses.
    """
    folder = raw / download.source
    listed = _listed(folder)
    stamp = _stamp(now, listed)
    compared = {table.name: _compared(folder, table, listed, stamp) for table in download.tables}
    revisions = _revisions(compared)
    n_new = sum(each.n_new for each in compared.values())
    kind = _kind(bool(listed), accept, len(revisions), n_new)
    if kind != "unchanged":
        files = _answer_files(download, stamp, kind)
        if len(revisions):
            files[f"{stamp}_revisions.csv"] = (_csv(revisions), "what this download revised", len(revisions))
        if kind != "revised":
            in_use = {name: pd.concat([each.kept, each.added]) for name, each in compared.items()}
            files |= {f"{name}.csv": (_csv(rows), "in use", len(rows)) for name, rows in in_use.items()}
            derived = download.derived(in_use)
            files |= {f"{name}.csv": (_csv(rows), f"in layout {name}", len(rows)) for name, rows in derived.items()}
        _write_all(folder, files, listed, download.provenance)
    return Outcome(
        kind=kind,
        folder=folder,
        n_rows=sum(len(table.frame) for table in download.tables),
        n_new=n_new,
        n_revised=_n_cells(revisions[revisions["kind"] == "revised"]),
        n_gone=_n_cells(revisions[revisions["kind"] == "gone"]),
        revisions=revisions,
        findings=tuple(_findings(folder, revisions, stamp)),
    )


def _listed(folder: Path) -> dict[str, FileRow]:
    """Return the files of the source; a list without any file was not written by us."""
    listed = read_files(folder)
    if not listed and (folder / SOURCE_FILE).exists():
        raise DataError.of("API-21", file=folder / SOURCE_FILE)
    return listed


def _stamp(now: datetime, listed: Mapping[str, FileRow]) -> str:
    """Return the time that names the files; a second later where a download of that very second is there already."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    return _stamp(now + timedelta(seconds=1), listed) if f"{stamp}_record.json" in listed else stamp


def _kind(is_known: bool, accept: bool, n_revisions: int, n_new: int) -> Kind:
    if not is_known:
        return "first"
    if n_revisions:
        return "accepted" if accept else "revised"
    return "extended" if n_new else "unchanged"


def _compared(folder: Path, table: FetchedTable, listed: Mapping[str, FileRow], stamp: str) -> Comparison:
    new = table.frame.assign(**{DOWNLOAD: stamp})
    path = folder / f"{table.name}.csv"
    if path.name not in listed:
        if path.exists():
            raise DataError.of("API-21", file=path)
        return Comparison(pd.DataFrame(columns=list(REVISION_COLUMNS)), len(new), new.iloc[:0], new)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError.of("API-21", file=path, found=error.strerror) from error
    if hashlib.sha256(content).hexdigest() != listed[path.name].sha256:
        raise DataError.of("API-21", file=path)
    old = pd.read_csv(io.BytesIO(content), sep=";", dtype="str", keep_default_na=False)
    if list(old.columns) != list(new.columns):
        facts = {"expected": ", ".join(old.columns), "folder": folder.name}
        raise DataError.of("API-24", file=path, found=", ".join(new.columns), **facts)
    return compare(old, new, table.key, table.is_asked(old))


def _revisions(compared: Mapping[str, Comparison]) -> pd.DataFrame:
    found = [each.revisions.assign(table=name) for name, each in compared.items() if len(each.revisions)]
    columns = ["table", *REVISION_COLUMNS]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _findings(folder: Path, revisions: pd.DataFrame, stamp: str) -> list[Finding]:
    found = [_revision_finding(folder, row) for row in revisions.head(SHOWN_REVISIONS).itertuples(index=False)]
    if found:
        facts = {"n": _n_cells(revisions), "shown": len(found), "list_file": f"{stamp}_revisions.csv"}
        found.append(finding("API-20", severity="warning", file=folder, found=str(facts["n"]), **facts))
    return found


def _revision_finding(folder: Path, row: Any) -> Finding:
    place = {"severity": "warning", "file": folder / f"{row.table}.csv", "line": int(row.line)}
    if row.kind == "gone":
        return finding("API-23", found=row.cell, **place)
    facts = {"cell": row.cell, "before": row.before or "-", "after": row.after or "-"}
    return finding("API-22", column=row.column, found=row.before, **facts, **place)


def _n_cells(revisions: pd.DataFrame) -> int:
    """Return how many cells are revised or gone; value and symbol of one cell count once."""
    return len(revisions.drop_duplicates(["table", "cell"]))


def _answer_files(download: Download, stamp: str, kind: Kind) -> dict[str, tuple[bytes, str, int]]:
    """Return the answers and the record of the calls: file name to content, what it is, and rows."""
    calls, files = [], {}
    for stem, (answer, n_rows) in download.answers.items():
        name = f"{stamp}_{stem}.json"
        files[name] = (answer.content, "an answer as it came", n_rows)
        calls.append(
            {
                "file": name,
                "method": answer.method,
                "address": answer.address,
                "body": answer.body,
                "time": answer.time.isoformat(timespec="seconds"),
                "bytes": len(answer.content),
                "sha256": answer.sha256,
            }
        )
    record = {"asked": dict(download.asked), "outcome": kind, "calls": calls}
    content = json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
    files[f"{stamp}_record.json"] = (content, f"record of the calls; this download: {kind}", len(calls))
    return files


def _write_all(
    folder: Path, files: Mapping[str, tuple[bytes, str, int]], listed: Mapping[str, FileRow], about: Provenance
) -> None:
    """Write all files and last the list of them, each whole or not at all."""
    rows = dict(listed)
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (content, what, n_rows) in files.items():
            path = folder / name
            _write(path, content)
            rows[name] = FileRow(name, what, n_rows, hashlib.sha256(content).hexdigest())
        path = folder / SOURCE_FILE
        _write(path, write_source(about, rows.values()).encode("utf-8"))
    except OSError as error:
        raise DataError.of("API-26", file=path, found=error.strerror or str(error)) from error


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(sep=";", index=False, lineterminator="\n").encode("utf-8")
