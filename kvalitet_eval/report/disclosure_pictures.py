"""Read pictures of points: all that is in the file but the points, such as remarks, camera data and what is hidden."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from kvalitet_eval.report.disclosure_packed import strings
from kvalitet_eval.report.disclosure_seen import LARGEST_MEMBER, Problem, Seen, Walk, joined

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
"""How pictures begin."""
_FIRST_SCAN, _END, _ALONE = 0xDA, 0xD9, (0x01, *range(0xD0, 0xD9))
_TABLES = (0xDB, 0xC4, 0xDD, 0xC0, 0xC1, 0xC2, 0xC3)
Found = Iterator[Seen | Problem]


def read_jpeg(data: bytes, place: str, walk: Walk) -> Found:
    """Yield the texts of all parts of a photograph, and read what somebody put after its end."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != _END:
        kind = data[position + 1]
        if kind in (0xFF, *_ALONE):
            position += 1 if kind == 0xFF else 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4])
        content = data[position + 4 : position + 2 + length]
        position += 2 + length
        if kind not in (_FIRST_SCAN, *_TABLES):
            yield from strings(content, f"{place}!{kind:02x}")
        if kind == _FIRST_SCAN:
            position = _after_scan(data, position)
    if data[position : position + 2] != bytes((0xFF, _END)):
        yield Problem(place, "SIK-07", "EOI")
        yield from strings(data, place)
    elif data[position + 2 :].strip(b"\0"):
        yield from walk.nested(data[position + 2 :], f"{place}!+")


def _after_scan(data: bytes, position: int) -> int:
    """Return where the points end: at a mark that is neither a sign of theirs nor a place to begin again."""
    while (position := data.find(b"\xff", position)) >= 0:
        if position + 1 < len(data) and data[position + 1] not in (0x00, 0xFF, *_ALONE):
            return position
        position += 1
    return len(data)


def read_png(data: bytes, place: str, walk: Walk) -> Found:
    """Everything in a picture but its points: texts, camera data, and what somebody put after the end."""
    position, points = len(PNG), b""
    while position + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        content = data[position + 8 : position + 8 + length]
        position += 12 + length
        inner = f"{place}!{kind.decode('latin-1')}"
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            try:
                yield from _png_text(kind, content, inner, walk)
            except (zlib.error, ValueError) as error:
                yield Problem(inner, "SIK-07", type(error).__name__)
        elif kind == b"IDAT":
            points += content
        elif kind not in (b"IHDR", b"PLTE", b"IEND"):
            yield from strings(content, inner)
            yield from strings(_unpacked(content), f"{inner}/0")
        if kind == b"IEND":
            break
    else:
        yield Problem(place, "SIK-07", "IEND")
    if position < len(data):
        yield from walk.nested(data[position:], f"{place}!+")
    yield from strings(_after_points(points), f"{place}!IDAT")


def _unpacked(content: bytes) -> bytes:
    """Return what a private part holds when it is compressed, with or without a name before it."""
    for start in (0, content.find(b"\0") + 2):
        if content[start : start + 1] == b"\x78":
            try:
                return zlib.decompressobj().decompress(content[start:], LARGEST_MEMBER)
            except zlib.error:
                continue
    return b""


def _after_points(points: bytes) -> bytes:
    """Return what follows the compressed points of a picture, which no program draws."""
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(points, LARGEST_MEMBER)
    except zlib.error:
        return points
    return unpacking.unused_data


def _png_text(kind: bytes, content: bytes, place: str, walk: Walk) -> Found:
    key, _, rest = content.partition(b"\0")
    is_packed = kind == b"zTXt"
    if is_packed:
        rest = rest[1:]
    elif kind == b"iTXt":
        is_packed = rest[:1] == b"\1"
        *about, rest = rest[2:].split(b"\0", 2)
        key = b" ".join((key, *about))
    if is_packed:
        rest = zlib.decompressobj().decompress(rest, LARGEST_MEMBER)
    text = rest.decode("utf-8", "replace") if kind == b"iTXt" else rest.decode("latin-1")
    name = key.decode("utf-8", "replace").strip()
    yield Seen(f"{place}/@", name, is_measure=False)
    yield from (Seen(place, line, name, near=joined([name, line])) for line in text.splitlines())
    yield from walk.nested(text.encode("utf-8", "replace"), place) if text.lstrip()[:1] in ("<", "{", "[") else ()
