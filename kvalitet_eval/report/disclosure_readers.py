"""Open a file of any kind by what it begins with, and hand on every text and number in it, packed members included."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from kvalitet_eval.report.disclosure_json import read_json, read_json_lines
from kvalitet_eval.report.disclosure_markup import read_markup
from kvalitet_eval.report.disclosure_packed import read_gzip, read_zip, strings
from kvalitet_eval.report.disclosure_pdf import read_pdf
from kvalitet_eval.report.disclosure_pictures import JPEG, PNG, read_jpeg, read_png
from kvalitet_eval.report.disclosure_seen import LARGEST_MEMBER, Problem, Reader, Seen, Walk
from kvalitet_eval.report.disclosure_tables import Lines, cells_of, parted

_UNREAD = (b"GIF8", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:\x95|[\]\}\)c(XKq\x8c])")
_ENTITY = re.compile(r"&(?:amp;)*#")
_DELIMITERS = ";,\t|"
_HEADING_LINES = 5
_TABLE_SUFFIXES = (".csv", ".tsv")
_BEGINS_TEXT = ("<", "{", "[")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
Found = Iterator[Seen | Problem]


def open_walk() -> Walk:
    """Return a walk into one file."""
    return Walk(read)


def read(data: bytes, place: str, walk: Walk) -> Found:
    """Yield everything in some bytes; a kind that is not known is read as far as it goes and told as a problem.

    Parameters
    ----------
    data : bytes
        A file, or something packed in one.
    place : str
        Where it lies; the suffix tells tables of text from other text, nothing else.
    walk : Walk
        From :func:`open_walk`.
    """
    if problem := walk.refuse(place, len(data)):
        yield problem
        return
    binary = _binary_reader(data)
    if binary is not None:
        yield from binary(data, place, walk)
        return
    text = None if data.startswith(_UNREAD) else _decode(data)
    if text is None:
        yield Problem(place, "SIK-09" if _PICKLE.match(data) else "SIK-07", data[:4].hex(" "))
        yield from strings(data, place)
    else:
        yield from _read_text(text, place, walk)


def _binary_reader(data: bytes) -> Reader | None:
    """Return the reader of a kind of file that begins with its own mark."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_zip
    if data.startswith(PNG):
        return read_png
    if data.startswith(JPEG):
        return read_jpeg
    if data.startswith(b"\x1f\x8b"):
        return read_gzip
    return read_pdf if b"%PDF-" in data[:1024] else None


def _decode(data: bytes) -> str | None:
    """Return text; None for what is not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\0" in data or _PICKLE.match(data):
        return None
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_marked = text.lstrip()[:1] in _BEGINS_TEXT  # a program in a page may have signs of any kind in its words
        return None if _NO_TEXT.search(text) and not (is_marked and encoding == "utf-8-sig") else text
    return None


def _read_text(text: str, place: str, walk: Walk) -> Found:
    start = text.lstrip()[:1]
    suffix = PurePosixPath(place.replace("!", "/")).suffix.lower()
    if start == "<":
        yield from read_markup(text, place, walk)
        return
    if start in ("{", "["):
        for reader in (read_json, read_json_lines):
            content = reader(text)
            if content is not None:
                yield from content(place, walk)
                return
    if suffix in _TABLE_SUFFIXES:
        yield from _read_table(text, place)
        if _ENTITY.search(text):  # an entity ends with a sign that may part columns
            yield from _read_lines(text, place)
        return
    yield from _read_lines(text, place)
    if _is_table(text):
        yield from _read_table(text, place)


def _is_table(text: str) -> bool:
    """Whether all lines, or all rows with lines in their cells, have the same signs between columns."""
    lines = [line for line in text.splitlines() if line.strip()]
    signs = [sign for sign in _DELIMITERS if lines and sign in lines[0]]
    if len(lines) > 1 and any(len({line.count(sign) for line in lines}) == 1 for sign in signs):
        return True
    return '"' in text and any(len({len(row) for row in _rows(text, sign) if row}) == 1 for sign in signs)


def _read_lines(text: str, place: str) -> Found:
    """Lines, each with what stands over it."""
    lines = Lines()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield from lines.read(line, f"{place}:{number}")
        else:
            lines.blank()


def _read_table(text: str, place: str) -> Found:
    """Rows of delimited text with what names them."""
    lines = [line for line in text[:10_000].splitlines()[:_HEADING_LINES] if line.strip()]
    delimiter = max(_DELIMITERS, key=lambda sign: (sum(sign in line for line in lines), text[:10_000].count(sign)))
    for cell in cells_of(_rows(text, delimiter)):
        if cell.column == 0:
            yield from parted(cell.near, f"{place}:{cell.row + 1}")
        yield Seen(f"{place}:{cell.row + 1}:{cell.column + 1}", cell.text, cell.key, cell.near, cell.wide)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Part delimited text; the limit of a cell's length, which holds for the whole process, is put back."""
    limit = csv.field_size_limit(LARGEST_MEMBER)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    finally:
        csv.field_size_limit(limit)
