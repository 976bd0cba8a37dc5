"""From bytes to text: which encoding a file has, told by its mark, by strict rules, and by the names it holds."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kvalitet_eval.errors import DataError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ONE_BYTE = ("cp1252", "latin-1", "cp865", "mac_roman")
_TITLES = {"cp1252": "cp1252", "latin-1": "latin-1", "cp865": "DOS (cp865)", "mac_roman": "Macintosh (MacRoman)"}
_NORWEGIAN = frozenset("æøåÆØÅ")
# Letters of Sami and of foreign names, and the signs that Norwegian tables use.
_OTHERS = frozenset("áÁčČđĐŋŊšŠŧŦžŽéÉèêëòóôöÖäÄüÜñç–—«»“”’‘§½…•€·²³¹\u00a0\u00ad")
_WORD = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
_TELLING = re.compile(rb"[^;,|\t\r\n]*[\x80-\xff][^;,|\t\r\n]*")  # cells with letters that differ between encodings
_NUL_SHARE = 0.2  # share of NUL bytes at odd or even places above which text without a mark is UTF-16
_SAMPLE = 4096


class Decoded(NamedTuple):
    """A file as text, the encoding it had, and what the ledger must say about it."""

    text: str
    encoding: str
    rule: str = ""


def decode(path: Path, data: bytes, names: Collection[str] = ()) -> Decoded:
    """Decode a whole file.

    A byte order mark decides; else strict UTF-8; else, among the one-byte encodings (Windows, latin-1, DOS, Macintosh),
    the one under which most ``names`` are known and all other letters belong in a Norwegian text.

    Parameters
    ----------
    path : Path
        For the message.
    data : bytes
        The whole file.
    names : collection of str
        Names that files are known to hold: those of the municipality register.

    Raises
    ------
    DataError
        INN-A13: a byte is not valid in the encoding that the file says it has. INN-A16: several encodings fit equally
        well, or none does.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None) or _unmarked_utf16(data)
    if marked:
        return _strict(path, data, marked)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        fault = error
    best = _most_likely(data, names)
    if best is None:
        line = data[: fault.start].count(b"\n") + 1
        found = data.splitlines()[line - 1].decode("latin-1") if fault.start < len(data) else ""
        shown = f"0x{data[fault.start]:02X}"
        raise DataError.of("INN-A16", file=path, line=line, found=found[:80], byte=shown) from fault
    return Decoded(data.decode(best), best, f"read as {_TITLES[best]}, not UTF-8")


def _strict(path: Path, data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        shown = f"0x{error.object[error.start]:02X}"
        raise DataError.of("INN-A13", file=path, line=line, found=shown, encoding=encoding) from error
    name = encoding.removesuffix("-sig")
    return Decoded(text.removeprefix("\ufeff"), name, "" if name == "utf-8" else f"read as {name.upper()}")


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by the NUL bytes that every other place holds in western text."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(sample) < 4:
        return None
    even, odd = sample[::2].count(0) / (len(sample) / 2), sample[1::2].count(0) / (len(sample) / 2)
    if odd > 1 - _NUL_SHARE and even < _NUL_SHARE:
        return "utf-16-le"
    return "utf-16-be" if even > 1 - _NUL_SHARE and odd < _NUL_SHARE else None


def _most_likely(data: bytes, names: Collection[str]) -> str | None:
    """Return the one-byte encoding that explains a file better than every other one; nothing when two are equal."""
    wanted = {_folded(name) for name in names if not name.isascii()}
    ranked: list[tuple[tuple[int, int, int], str]] = []
    texts: set[str] = set()
    telling = b"\n".join(dict.fromkeys(_TELLING.findall(data)))
    for encoding in _ONE_BYTE:
        try:
            text = telling.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text not in texts:  # cp1252 and latin-1 agree on every letter: the first of the two is meant
            texts.add(text)
            ranked.append((_rank(text, wanted), encoding))
    ranked.sort(key=lambda item: item[0], reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    (known, foreign, _), encoding = ranked[0]
    return encoding if known or not foreign else None


def _rank(text: str, wanted: Collection[str]) -> tuple[int, int, int]:
    """Known names, letters that do not belong (negative) and Norwegian letters."""
    special = [match.start() for match in re.finditer(r"[^\x00-\x7f]", text)]
    words = {_folded(word) for word in _WORD.findall(text) if not word.isascii()} if wanted else set()
    foreign = sum(not _belongs(text, place) for place in special)
    return len(words & set(wanted)), -foreign, sum(text[place] in _NORWEGIAN for place in special)


def _belongs(text: str, place: int) -> bool:
    """Whether a letter can stand where it does: not beside a digit, and no capital inside a small word."""
    sign = text[place]
    if sign not in _NORWEGIAN and sign not in _OTHERS:
        return False
    if not sign.isalpha():
        return True
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return not before.isdigit() and not after.isdigit() and not (sign.isupper() and before.islower())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


_MISREAD = ("cp1252", "latin-1", "mac_roman", "cp865", "cp850")


@lru_cache(maxsize=65536)
def ungarbled(text: str) -> str | None:
    """Return what a text probably was before somebody read it in the wrong encoding and saved it like that.

    Returns
    -------
    str or None
        Nothing when the text is as it should be.

    Examples
    --------
    >>> ungarbled("BÃ¸"), ungarbled("Bø")
    ('Bø', None)
    """
    if text.isascii():
        return None
    text = text.replace("Å\u00a0", "Å ")  # the letter before a no-break space looks like a garbled Š, and is not
    for encoding in _MISREAD:
        try:
            likely = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if likely == text:
            continue
        if before := ungarbled(likely):
            return before
        if all(sign in _NORWEGIAN or sign in _OTHERS or sign.isascii() for sign in likely):
            return likely
    return None
