"""Files that are either the old ones or the whole new ones, names that cannot leave their folder, one run at a time.

A file is written under a temporary name in its own folder, flushed to the disk and moved into place, so that a run
stopped at any moment leaves the previous file untouched. Municipality names never build paths: only the number and an
ASCII slug do.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import unicodedata
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
    """Write a file whole or not at all, and return the sha256 of its bytes.

    Parameters
    ----------
    path : pathlib.Path
        Where the file goes; missing folders are made.
    content : str or bytes
        Text is written as UTF-8 with the line ends it has.

    Raises
    ------
    ReportError
        RAP-18: the folder or the file cannot be written. What stood there before is untouched.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.parent / f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(path.parent)
    except OSError as error:
        raise ReportError.of("RAP-18", file=path, found=error.strerror or str(error)) from error
    return hashlib.sha256(data).hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
