"""Files that are either the old ones or the whole new ones, names that cannot leave their folder, one run at a time.

A file is written under a temporary name in its own folder, flushed to the disk and moved into place, so that a run
stopped at any moment leaves the previous file untouched. Municipality names never build paths: only the number and an
ASCII slug do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kvalitet_eval.errors import LockedError, ReportError

TEMPORARY_SUFFIX = ".kvalitet-tmp"
LOCK_NAME = ".kvalitet.lock"
_LONGEST_SLUG = 60
_WITHOUT_DECOMPOSITION = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae", "đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "ß": "ss", "ł": "l"}
)


def write_atomic(path: Path, content: str | bytes) -> str:
    """Write a file whole or not at all, and return the sha256 of its bytes; as :func:`write_all` for one file."""
    return write_all({path: content})[path]


def write_all(contents: Mapping[Path, str | bytes]) -> dict[Path, str]:
    """Write several files whole, all of them or none, and return the sha256 of the bytes of each.

    Everything is on the disk under temporary names before the first file is moved into place, in the order given. When
    a move fails, those that were moved are taken back.

    Parameters
    ----------
    contents : mapping of Path to str or bytes
        Where each file goes; missing folders are made. Text is written as UTF-8 with the line ends it has.

    Raises
    ------
    ReportError
        RAP-18: a folder or a file cannot be written. What stood there before is untouched.
    """
    data = {path: text.encode("utf-8") if isinstance(text, str) else text for path, text in contents.items()}
    staged, moved = {path: _temporary(path) for path in data}, {}
    path = next(iter(data), Path())
    try:
        for path, temporary in staged.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as stream:
                stream.write(data[path])
                stream.flush()
                os.fsync(stream.fileno())
        for path, temporary in staged.items():
            moved[path] = _move(temporary, path, keep=len(staged) > 1)
        for folder in {path.parent for path in staged}:
            _flush_folder(folder)
    except OSError as error:
        for done, before in reversed(moved.items()):
            _take_back(done, before)
        raise ReportError.of("RAP-18", file=path, found=error.strerror or str(error)) from error
    finally:
        for temporary in (*staged.values(), *filter(None, moved.values())):
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return {path: bytes_sha256(content) for path, content in data.items()}


def _temporary(path: Path) -> Path:
    return path.parent / f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"


def _move(temporary: Path, path: Path, *, keep: bool) -> Path | None:
    """Move a file into place; keep a copy of the one that stood there when others are to follow, and say where."""
    before = _temporary(path) if keep and path.is_file() else None
    try:
        if before is not None:
            shutil.copyfile(path, before)
        temporary.replace(path)
    except OSError:
        if before is not None:
            before.unlink(missing_ok=True)
        raise
    return before


def _take_back(path: Path, before: Path | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        before.replace(path)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def bytes_sha256(content: str | bytes) -> str:
    """Return the sha256 of what will be written."""
    return hashlib.sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def slug(number: str, name: str) -> str:
    """Return the part of a file name that says which municipality it is: lower-case ASCII letters, digits, hyphens.

    Raises
    ------
    ReportError
        RAP-17: the number is not text of four digits.

    Examples
    --------
    >>> slug("0528", "Østre Toten"), slug("2025", "Deatnu - Tana"), slug("1719", "../../etc/passwd")
    ('0528-ostre-toten', '2025-deatnu-tana', '1719-etc-passwd')
    """
    if not isinstance(number, str) or not re.fullmatch(r"[0-9]{4}", number):
        raise ReportError.of("RAP-17", found=number)
    plain = unicodedata.normalize("NFC", name).lower().translate(_WITHOUT_DECOMPOSITION)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:_LONGEST_SLUG].strip("-")
    return f"{number}-{words}" if words else number


def remove_leftovers(folder: Path) -> int:
    """Remove temporary files of a killed run under ``folder`` and return how many; only while holding the lock."""
    leftovers = list(folder.rglob(f".*{TEMPORARY_SUFFIX}"))
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)


class Lock:
    """Keep a folder to one run at a time; the operating system lets go when the process ends, however it ends.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that only one run may write.

    Raises
    ------
    LockedError
        RAP-16, on entering: another process holds the lock; the message names its process id.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._stream: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            stream = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise ReportError.of("RAP-18", file=self._path, found=error.strerror or str(error)) from error
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.seek(0)
            holder = stream.read().strip()
            stream.close()
            raise LockedError.of("RAP-16", file=self._path, pid=holder or "?") from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        self._stream = stream
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.truncate(0)
            self._stream.close()
            self._stream = None
