"""The manifest: one line of JSON per job, the only place where the time of a run is written down.

A notebook can say that every cell completed although its kernel died; only the manifest says what was made.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.subject import SubjectKind


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What became of one job.

    Parameters
    ----------
    kind : {"municipality", "cohort"}
        What the report is about.
    subject : str
        Its number or id.
    status : {"done", "failed"}
        A failed job published nothing.
    seconds : float
        Wall time of the job.
    outputs : mapping of str to str
        File name to sha256 of its bytes.
    error : str or None
        The message shown to the user, when the job failed.
    lix : mapping of str to float
        How hard the prose of each document is to read, by stem of its file names.
    finished : str
        Date and time in UTC, ISO 8601.
    run : str
        When the run that the job belongs to began, in UTC, ISO 8601; the same for all its jobs.
    """

    kind: SubjectKind
    subject: str
    status: Literal["done", "failed"]
    seconds: float
    outputs: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    lix: Mapping[str, float] = field(default_factory=dict)
    finished: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    run: str = ""


def begin_run() -> str:
    """Return what all jobs of one run are marked with."""
    return dt.datetime.now(dt.UTC).isoformat()


def append_entry(path: Path, entry: ManifestEntry) -> None:
    """Add one line, flushed to the disk; a half line left by a killed run is closed first.

    Raises
    ------
    ReportError
        RAP-18: the file cannot be written.
    """
    line = json.dumps(
        {**asdict(entry), "outputs": dict(entry.outputs), "lix": dict(entry.lix)}, ensure_ascii=False, sort_keys=True
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as stream:
            if stream.tell() > 0:
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    stream.write(b"\n")
            stream.write(line.encode("utf-8") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ReportError.of("RAP-18", file=path, found=error.strerror or str(error)) from error


def read_manifest(path: Path) -> tuple[ManifestEntry, ...]:
    """Return all whole lines, oldest first; none when there is no file. A half line from a killed run is left out."""
    if not path.exists():
        return ()
    entries = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            entries.append(ManifestEntry(**json.loads(line)))
        except (json.JSONDecodeError, TypeError):
            continue
    return tuple(entries)
