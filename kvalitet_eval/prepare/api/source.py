"""SOURCE.md of a fetched source: where it comes from, what is odd about it, and every file with its sha256."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SOURCE_FILE = "SOURCE.md"
_ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?P<what>.+) \| (?P<rows>\d+) \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the folder: its name, what it is, its number of rows (or cells, or calls), and its hash."""

    name: str
    what: str
    n_rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the head of SOURCE.md says.

    Parameters
    ----------
    title, origin, updated, licence : str
        The source's name, where it was fetched, when the provider last changed it, and under which licence.
    traps : tuple of str
        What a user of the figures must know.
    """

    title: str
    origin: str
    updated: str
    licence: str
    traps: tuple[str, ...]


def read_files(folder: Path) -> dict[str, FileRow]:
    """Return the files that SOURCE.md lists, by name; none when there is no such file yet."""
    path = folder / SOURCE_FILE
    content = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return {
        row["name"]: FileRow(row["name"], row["what"], int(row["rows"]), row["sha256"])
        for row in _ROW.finditer(content)
    }


def write_source(about: Provenance, files: Iterable[FileRow]) -> str:
    """Return the content of SOURCE.md, the tables in use first and then the downloads, newest first."""
    ordered = sorted(files, key=lambda row: row.name)
    in_use = [row for row in ordered if row.what == "in use"]
    downloads = sorted((row for row in ordered if row.what != "in use"), key=lambda row: row.name[:16], reverse=True)
    table = [f"| `{row.name}` | {row.what} | {row.n_rows} | `{row.sha256}` |" for row in (*in_use, *downloads)]
    stamps = sorted({row.name[:16] for row in downloads})
    head = [
        f"# {_one_line(about.title)}",
        f"**Origin.** {_one_line(about.origin)}",
        f"**Date.** Fetched {', '.join(stamps)} (UTC); the names of the files begin with it. "
        f"The provider last changed the source: {_one_line(about.updated) or 'not stated'}.",
        f"**Licence.** {about.licence}",
        "**Format.** The answers are JSON as they came. The tables in use are assembled from them: CSV, UTF-8, "
        "semicolon, decimal point; the column `download` says which download a row comes from.",
        "\n".join(["| file | what it is | rows | sha256 |", "|---|---|---:|---|", *table]),
        "## Known traps",
        "\n".join(f"* {trap}" for trap in about.traps),
    ]
    return "\n\n".join(head) + "\n"


def _one_line(text: str) -> str:
    """Keep text of the provider on one line, so that it cannot look like a row of the table."""
    return " ".join(text.split())
