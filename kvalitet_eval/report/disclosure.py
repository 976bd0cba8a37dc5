"""The leak scanner: open everything that is about to leave, and say what in it must not.

It knows nothing about how the files were made. A file that cannot be opened is a finding, because nobody knows what is
in it; so is an empty folder, because nothing has been shown about it.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.report.disclosure_encoded import encoded_name, opened
from kvalitet_eval.report.disclosure_readers import open_walk, read
from kvalitet_eval.report.disclosure_record import DisclosureRecord
from kvalitet_eval.report.disclosure_rules import Rules
from kvalitet_eval.report.disclosure_seen import LARGEST_MEMBER, Problem, Seen

_KINDS = {stat.S_IFLNK: "symlink", stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner saw and found.

    Parameters
    ----------
    findings : tuple of Finding
        Sorted by file; one per place and kind. None repeats a suppressed value, a number of a person or a secret.
    n_files, n_texts, n_numbers : int
        What was looked at, so that "nothing found" can be told from "nothing read".
    by_suffix : mapping of str to int
        Files by the end of their names.
    """

    findings: tuple[Finding, ...]
    n_files: int
    n_texts: int
    n_numbers: int
    by_suffix: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def scan(folder: Path, record: DisclosureRecord, *, on_file: Progress = lambda *_: None) -> Scan:
    """Look through all files of a folder, or through one file.

    Parameters
    ----------
    folder : pathlib.Path
        What is to be handed out. Links are not followed: they are findings.
    record : DisclosureRecord
        What must not be found, from ``disclosure_known.record_for``.
    on_file : callable
        Called after each file with the number read, the number of files and the number of findings so far.

    Returns
    -------
    Scan
        Findings SIK-01 suppressed value, SIK-02 person number, SIK-03 planted text or number, SIK-04 table with one row
        per person, SIK-05 secret, SIK-06 place of a machine, SIK-07 cannot be opened, SIK-08 unpacks to too much,
        SIK-09 stored program object, SIK-11 nothing to look through.
    """
    rules = Rules(record)
    found: dict[tuple[object, ...], Finding] = {}
    counts: Counter[str] = Counter()
    suffixes: Counter[str] = Counter()
    root = folder if folder.is_dir() else folder.parent
    wanted = _paths(folder) if folder.is_dir() else [folder]
    for number, path in enumerate(wanted, start=1):
        name = os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")
        suffixes[path.suffix.lower()] += 1
        for item in _contents(path, name):
            counts[_kind(item)] += 1
            for fault in _faults(rules, name, item):
                found.setdefault((fault.code, fault.file, *sorted(fault.facts.items())), fault)
        on_file(number, len(wanted), len(found))
    if not suffixes:
        found[("SIK-11",)] = finding("SIK-11", file=folder)
    return Scan(
        tuple(found.values()), suffixes.total(), counts["text"], counts["number"], dict(sorted(suffixes.items()))
    )


def _paths(folder: Path) -> list[Path]:
    """All that lies in a folder and is no folder, in order; a folder that cannot be read is listed itself."""
    paths: list[Path] = []
    unread: list[OSError] = []
    for home, folders, names in os.walk(folder, onerror=unread.append):
        links = [name for name in folders if (Path(home) / name).is_symlink()]
        paths += [Path(home) / name for name in (*names, *links)]
    paths += [Path(error.filename) for error in unread]
    return sorted(paths)


def _contents(path: Path, name: str) -> Iterator[Seen | Problem]:
    """Everything in a file, its name included."""
    yield from (Seen(name, text, is_measure=False) for text in (name, *encoded_name(name)))
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            yield Problem(name, "SIK-07", _KINDS.get(stat.S_IFMT(about.st_mode), "device"))
            return
        if about.st_size > LARGEST_MEMBER:
            yield Problem(name, "SIK-08", f"{about.st_size} B")
            return
        data = path.read_bytes()
    except OSError as error:
        yield Problem(name, "SIK-07", error.strerror or type(error).__name__)
        return
    try:
        walk = open_walk()
        yield from opened(read(data, name, walk), walk)
    except Exception as error:  # whatever a broken file does to a reader, nobody knows what else is in it
        yield Problem(name, "SIK-07", type(error).__name__)


def _kind(item: Seen | Problem) -> str:
    if isinstance(item, Problem):
        return "problem"
    return "text" if isinstance(item.content, str) else "number"


def _faults(rules: Rules, file: str, item: Seen | Problem) -> Iterator[Finding]:
    if isinstance(item, Problem):
        yield finding(item.code, file=file, place=item.place, reason=item.reason)
    else:
        yield from rules.findings(file, item)
