"""Read PDF: the pages of every version of the file, comments, attachments, and all objects and streams, used or not."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from kvalitet_eval.report.disclosure_packed import PACKED, strings
from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk
from kvalitet_eval.report.disclosure_tables import Lines

Found = Iterator[Seen | Problem]
_NO_WORDS = {"/Image", "/Type1C", "/CIDFontType0C", "/OpenType", "/CMap"}
_END = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_INDEX = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_DRAWS = re.compile(
    rb"\bBT\s|[\d\]>)]\s+(?:re|cm|[lmcwh]|rg|RG|gs|g|G|k|K|Tf|Td|Tm|Tj|TJ|scn?|SCN?)\s|/[\w.]+\s+(?:gs|Do|cs|CS)\s"
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SHOWN = re.compile(rb"\[(?:[^\]()\\]|\((?:[^()\\]|\\.)*\))*\]|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]+)>", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SPOKEN = re.compile(rb"/(?:ActualText|Alt|E|T|Contents)\s*(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]+)>)", re.DOTALL)
_REMARK = re.compile(rb"(?:^|[\s)>\]])%([^\r\n]*)")
_SHORTEST_NAME, _SMALLEST_PERSON = 8, 10**9
_DEEPEST = 12
_MOST_VERSIONS = 40
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read_pdf(data: bytes, place: str, walk: Walk) -> Found:
    """Yield the lines of each page and every text of the file; what an older version of the file held is read too.

    A number in a table is named by its line and by what else stands on the page.
    """
    try:
        ends = _versions(data)
        if len(ends) > _MOST_VERSIONS:
            yield Problem(place, "SIK-08", f"> {_MOST_VERSIONS}")
        for number, end in enumerate(ends[:_MOST_VERSIONS]):
            yield from _version(data[:end], f"{place}@{number}" if number else place, walk)
        yield from _outside(data, place)
        tail = data[data.rindex(b"%%EOF") + 5 :].lstrip() if b"%%EOF" in data else b""
        if tail.startswith(PACKED):
            yield from walk.nested(tail, f"{place}!+")
    except Exception as error:  # the library has many kinds of errors, and a file that cannot be read must be told
        yield Problem(place, "SIK-07", type(error).__name__)


def _outside(data: bytes, place: str) -> Found:
    """What stands outside the streams, comments and what follows the end included; other numbers are places."""
    body, _, rest = _STREAM.sub(b"", data).rpartition(b"%%EOF")
    for lines, is_comment in ((body, False), (rest, True)):
        for line in lines.splitlines():
            text = line.decode("latin-1")
            yield Seen(f"{place}!outside", text, near=text, is_measure=is_comment or text.startswith("%"))


def _versions(data: bytes) -> list[int]:
    """Where each version of the file ends, the latest first: what was changed later still stands in the older ones."""
    older = [found.end() for found in _END.finditer(data) if _INDEX.match(data, int(found[1]))]
    return [len(data), *(end for end in reversed(older) if data[end:].strip())]


def _version(data: bytes, place: str, walk: Walk) -> Found:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        yield Problem(place, "SIK-07", "encrypted")
        return
    yield from _pages(reader, place)
    yield from _objects(reader, place, walk)


def _pages(reader: PdfReader, place: str) -> Found:
    lines = Lines(str((reader.metadata or {}).get("/Title", "")))
    for number, page in enumerate(reader.pages, start=1):
        for index, line in enumerate(page.extract_text().splitlines(), start=1):
            if line.strip():
                yield from lines.read(line, f"{place}:{number}:{index}")


def _drawn(page: DictionaryObject) -> Iterator[int]:
    """Numbers of the streams that a page draws, which are read as a page."""
    waiting = [page.raw_get("/Contents")] if "/Contents" in page else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            yield part.idnum
            part = part.get_object()
        if isinstance(part, ArrayObject):
            waiting += list.__iter__(part)


def _objects(reader: PdfReader, place: str, walk: Walk) -> Found:
    """Texts of all numbered objects: information, comments, fields, names of attachments, and attached files."""
    numbers = {number for generation in reader.xref.values() for number in generation} | set(reader.xref_objStm)
    drawn = {number for page in reader.pages for number in _drawn(page)}
    for number in sorted(numbers):
        item = reader.get_object(number)
        inner = f"{place}!{number}"
        yield from _texts(item, inner, _DEEPEST)
        kinds = {item.get("/Subtype"), item.get("/Type")} if isinstance(item, StreamObject) else _NO_WORDS
        if number in drawn:
            yield from _unshown(item.get_data(), inner) if isinstance(item, StreamObject) else ()
        elif isinstance(item, StreamObject) and "/Image" in kinds:
            yield from strings(item._data, inner) if _is_photograph(item) else ()
        elif not kinds & _NO_WORDS:
            yield from _stream(item, inner, walk)


def _is_photograph(item: StreamObject) -> bool:
    """Whether a picture is a file in itself, with remarks in it."""
    filters = item.get("/Filter")
    return bool({"/DCTDecode", "/JPXDecode"} & set(filters if isinstance(filters, ArrayObject) else [filters]))


def _unshown(data: bytes, place: str) -> Found:
    """Words in a page's stream that are not drawn: what is read aloud in place of the drawn, and remarks."""
    for match in _SPOKEN.finditer(data):
        text = _decoded(_unescaped(match) if match[2] is None else bytes.fromhex(_even(match[2])))
        yield Seen(place, text, near=text)
    for match in _REMARK.finditer(_SHOWN.sub(b"()", data)):
        text = match[1].decode("latin-1")
        yield Seen(place, text, near=text)


def _decoded(data: bytes) -> str:
    return (
        data.decode("utf-16", "replace") if data[:2] in (b"\xfe\xff", b"\xff\xfe") else data.decode("cp1252", "replace")
    )


def _unescaped(match: re.Match[bytes]) -> bytes:
    return _ESCAPED.sub(_escaped, match[1])


def _even(digits: bytes) -> str:
    """Return hexadecimal digits without blanks, an odd one filled up as the format says."""
    body = b"".join(digits.split()).decode()
    return body + "0" * (len(body) % 2)


def _stream(item: StreamObject, place: str, walk: Walk) -> Found:
    """What stands in a stream: a file or text as such; of what draws only the words, for its numbers are places."""
    data = item.get_data()
    if item.get("/Type") == "/EmbeddedFile":
        yield from walk.nested(data, place)
    elif _NO_TEXT.search(data) is not None or b"begincmap" in data:
        return
    elif _DRAWS.search(data):
        words = " ".join(_words(match[0]) for match in _SHOWN.finditer(data))
        yield Seen(place, " ".join(words.split()), near=words)
    else:
        yield from walk.nested(data, place)


def _words(shown: bytes) -> str:
    """Return the words of one text or of the pieces of one, as most fonts of letters encode them."""
    pieces = [
        _unescaped(match) if match[2] is None else bytes.fromhex(_even(match[2])) for match in _LITERAL.finditer(shown)
    ]
    return b"".join(pieces).decode("cp1252", "replace")


def _escaped(match: re.Match[bytes]) -> bytes:
    if match[1].isdigit():
        return bytes([int(match[1], 8) & 255])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(match[1], match[1])


def _texts(item: Any, place: str, depth: int, key: str = "") -> Found:
    """Texts in an object, not following references: each object is read once, by its number."""
    if isinstance(item, TextStringObject):
        yield Seen(place, str(item), key, near=str(item))
    elif isinstance(item, NameObject) and len(item) > _SHORTEST_NAME:
        yield Seen(place, str(item), key, is_measure=False)
    elif isinstance(item, NumberObject) and item >= _SMALLEST_PERSON:
        yield Seen(place, float(item), key, is_measure=False)
    elif isinstance(item, ByteStringObject):
        yield Seen(place, bytes(item).decode("latin-1"), key, is_measure=False)
    elif isinstance(item, DictionaryObject) and depth:
        for name in item:
            yield from _texts(name, place, depth)
            yield from _texts(item.raw_get(name), f"{place}{name}", depth - 1, str(name).lstrip("/"))
    elif isinstance(item, ArrayObject) and depth:
        for index in range(len(item)):
            yield from _texts(list.__getitem__(item, index), f"{place}/{index}", depth - 1, key)
