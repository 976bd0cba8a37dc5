"""Open what is packed: archives with all their members, names and remarks, and the parts of office files."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from kvalitet_eval.report.disclosure_encoded import encoded_name
from kvalitet_eval.report.disclosure_office import read_office_xml, read_workbook
from kvalitet_eval.report.disclosure_seen import LARGEST_MEMBER, Problem, Seen, Walk

Found = Iterator[Seen | Problem]
Members = list[tuple[str, bytes]]
_SHORTEST_END = 22
_LOCAL = struct.Struct("<4s22xHH")
_DESCRIPTOR = re.compile(rb"(?:PK\x07\x08)?.{12}(?:.{8})?", re.DOTALL)
_PRINTABLE = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")
_PRINTABLE_16 = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){6,}")
_PRINTABLE_16_BACKWARDS = re.compile(rb"(?:\x00[\x20-\x7e\xa0-\xff]){6,}")
_SPELLED = ((_PRINTABLE, "latin-1"), (_PRINTABLE_16, "utf-16-le"), (_PRINTABLE_16_BACKWARDS, "utf-16-be"))
PACKED = (b"PK\x03\x04", b"\x1f\x8b")
"""How what can be unpacked begins."""
_GZIP = struct.Struct("<2xBB6x")
_GZIP_EXTRA, _GZIP_NAME, _GZIP_REMARK = 4, 8, 16


def read_zip(data: bytes, place: str, walk: Walk) -> Found:
    """Yield everything in an archive: names, remarks and further fields, all members, and what lies between them."""
    members: Members = []
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        for info in archive.infolist():
            inner = f"{place}!{info.filename}"
            for text in (info.filename, *encoded_name(info.filename)):
                yield Seen(f"{inner}!@", text)
            yield from _remarks(info.comment, f"{inner}!@comment")
            yield from _remarks(info.extra, f"{inner}!@extra")
            if problem := walk.refuse(inner, info.file_size):
                yield problem
                return
            members.append((info.filename, archive.read(info)))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, zlib.error) as error:
        yield Problem(place, "SIK-07", type(error).__name__)
        return
    yield from _remarks(archive.comment, f"{place}!@comment")
    yield from _unlisted(data, archive, place)
    end = data.rfind(b"PK\x05\x06") + _SHORTEST_END + len(archive.comment)
    if data[end:].strip(b"\0"):
        yield from walk.nested(data[end:], f"{place}!+")
    yield from _read_members(members, place, walk)


def strings(data: bytes, place: str) -> Found:
    """Readable pieces of what cannot be opened: enough for names and paths, not for figures."""
    for pattern, encoding in _SPELLED:
        for match in pattern.finditer(data):
            text = match[0].decode(encoding)
            yield Seen(f"{place}!@{match.start()}", text, near=text)


def _remarks(content: bytes, place: str) -> Found:
    """Texts of a field that nobody is shown."""
    for match in _PRINTABLE.finditer(content):
        text = match[0].decode("utf-8", "replace")
        yield Seen(place, text, near=text)


def _unlisted(data: bytes, archive: zipfile.ZipFile, place: str) -> Found:
    """What lies in the file but in no member that its list names: a member that was taken out of the list, or more."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda item: item.header_offset):
        yield from _gap(data[end : info.header_offset], f"{place}!@{end}")
        _, name, extra = _LOCAL.unpack_from(data, info.header_offset)
        end = info.header_offset + 30 + name + extra + info.compress_size
    yield from _gap(data[end : archive.start_dir], f"{place}!@{end}")


def _gap(content: bytes, place: str) -> Found:
    if content and not _DESCRIPTOR.fullmatch(content):
        yield Problem(place, "SIK-07", f"{len(content)} B")
        yield from _remarks(content, place)


def _read_members(members: Members, place: str, walk: Walk) -> Found:
    parts = dict(members)
    is_office = "[Content_Types].xml" in parts
    if "xl/workbook.xml" in parts:
        yield from read_workbook(parts, place)
    for name, content in members:
        inner = f"{place}!{name}"
        if is_office and name.endswith((".xml", ".rels", ".vml")):
            yield from read_office_xml(content, inner)
        elif content:
            yield from walk.nested(content, inner)


def read_gzip(data: bytes, place: str, walk: Walk) -> Found:
    """Yield what a compressed file holds, and what its head says of it."""
    try:
        yield from _gzip_head(data, place)
        unpacking = zlib.decompressobj(wbits=31)
        content = unpacking.decompress(data, LARGEST_MEMBER + 1)
        if not unpacking.eof and len(content) <= LARGEST_MEMBER:
            raise EOFError
    except (EOFError, ValueError, struct.error, zlib.error) as error:
        yield Problem(place, "SIK-07", type(error).__name__)
        return
    yield from walk.nested(content, f"{place}!0")
    if unpacking.unused_data.strip(b"\0"):
        yield from walk.nested(unpacking.unused_data, f"{place}!+")


def _gzip_head(data: bytes, place: str) -> Found:
    _, flags = _GZIP.unpack_from(data)
    at = 10
    if flags & _GZIP_EXTRA:
        length = int.from_bytes(data[at : at + 2], "little")
        yield from _remarks(data[at + 2 : at + 2 + length], f"{place}!@extra")
        at += 2 + length
    for flag in (_GZIP_NAME, _GZIP_REMARK):
        if flags & flag:
            stop = data.index(b"\0", at)
            name = data[at:stop].decode("latin-1")
            yield from (Seen(f"{place}!@", text, near=text) for text in (name, *encoded_name(name)))
            at = stop + 1
