"""What a reader of files hands to the rules: every text and every number, where it stands and what stands beside it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_BYTES = 2_000_000_000
LARGEST_MEMBER = 400_000_000
MOST_MEMBERS = 20_000
DEEPEST = 8
_SHORT = 400
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Seen:
    """One text or one number of a file.

    Parameters
    ----------
    place : str
        Where in the file: packed members after ``!``, then keys, rows and columns.
    content : str or float
        As it stands; numbers that are text are read by the rules.
    key : str
        Heading of the column, name of the attribute or key of the object it belongs to.
    near : str
        What stands in the same row, sentence or point.
    wide : str
        What stands over it: title, caption, headings.
    is_measure : bool
        False for a coordinate of a drawing, which nobody reads as a figure.
    """

    place: str
    content: str | float
    key: str = ""
    near: str = ""
    wide: str = ""
    is_measure: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """A file or a part of one that could not be opened, so that nobody knows what is in it."""

    place: str
    code: str
    reason: str


class Walk:
    """The way into one file: reads what is packed in it, and counts, so that what unpacks to too much is refused.

    Parameters
    ----------
    read : callable
        Reads bytes of any kind: data, place and walk.
    bytes_left, members_left : int
        What may still be unpacked from this file.
    """

    def __init__(self, read: Reader, bytes_left: int = MOST_BYTES, members_left: int = MOST_MEMBERS) -> None:
        self._read = read
        self._bytes_left = bytes_left
        self._members_left = members_left
        self._depth = 0

    def nested(self, data: bytes, place: str, wide: str = "") -> Iterator[Seen | Problem]:
        """Read something that lies in the file, with what stands over it there."""
        self._depth += 1
        try:
            for item in self._read(data, place, self):
                is_seen = isinstance(item, Seen) and wide
                yield dataclasses.replace(item, wide=f"{wide} | {item.wide}") if is_seen else item
        finally:
            self._depth -= 1

    def refuse(self, place: str, size: int) -> Problem | None:
        """Count a part of known size before it is read; a problem when it is too much."""
        self._bytes_left -= size
        self._members_left -= 1
        if self._depth > DEEPEST:
            return Problem(place, "SIK-08", f"> {DEEPEST}")
        if size > LARGEST_MEMBER or self._bytes_left < 0:
            return Problem(place, "SIK-08", f"{size} B")
        if self._members_left < 0:
            return Problem(place, "SIK-08", f"> {MOST_MEMBERS}")
        return None


Reader = Callable[[bytes, str, Walk], Iterator[Seen | Problem]]


def joined(texts: Iterable[object]) -> str:
    """Set texts beside each other with a sign between them that joins no two words.

    Examples
    --------
    >>> joined(["Bø", "", None, 3.0, 2007])
    'Bø | 3 | 2007'
    """
    return " | ".join(shown for shown in map(as_text, texts) if shown)


def as_text(value: object) -> str:
    """Return a value as text; a whole number without decimals, nothing for what is missing or nested."""
    if value is None or isinstance(value, dict | list | tuple):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def visible(text: str) -> str:
    """Return text without signs that nobody sees: a soft hyphen or a mark of direction parts no word for a reader."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """Return text in small letters with one kind of blank between the words."""
    return _remembered(text) if len(text) <= _SHORT else _plain(text)


def _plain(text: str) -> str:
    return " ".join(visible(text).split()).casefold()


_remembered = lru_cache(maxsize=8192)(_plain)
