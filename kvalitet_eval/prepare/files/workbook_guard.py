"""What a workbook may be before anything interprets it: a plain zip of modest size without document type declarations.

Runs in the process of its own (:mod:`kvalitet_eval.prepare.files.workbook_process`), so it imports nothing heavy. The
parts that pass are packed anew, uncompressed: what was checked is what is read, whatever else the zip directory may say
to another program.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from kvalitet_eval.prepare.files.separate_process import RefusedError

MOST_MEMBERS = 2_000
MOST_UNPACKED = 600 * 2**20
MOST_RATIO = 250  # deflate reaches 1 030; sheets with one value over and over reach 100
RATIO_FROM = 20 * 2**20  # bytes; below it a high ratio harms nobody
MOST_CELLS = 15_000_000
LONGEST_STRING = 400_000  # bytes of one shared string; 32 767 characters is what a cell can hold
_MOST_DIRECTORY = 4 * 2**20  # bytes of a part that is parsed as a tree
_CHUNK = 2**20
_OVERLAP = 16
_DIRECTORY_ENTRY = b"PK\x01\x02"
_COUNTED = (b"<c", b":c ", b"<si")  # cells and shared strings, and some few tags beside them
_XML = (".xml", ".rels", ".vml")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)")
_ZIP_ERRORS = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, struct.error)
_HEADER = struct.Struct("<4s22xHH")
_OTHER = {"xl/workbook.bin": "xlsb", "content.xml": "ods", "word/document.xml": "docx", "ppt/presentation.xml": "pptx"}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, the part it stands in, and whether it is hidden."""

    name: str
    part: str
    is_hidden: bool


class Package:
    """A checked workbook.

    Parameters
    ----------
    data : bytes
        The file.

    Raises
    ------
    RefusedError
        ``INN-C13`` damaged; ``INN-C14`` document type declaration; ``INN-C15`` too large when unpacked, or packed
        suspiciously tight; ``INN-C16`` too many parts, or two of one name; ``INN-C12`` too many cells; ``INN-C11``
        password; ``INN-C18`` a zip file that is no xlsx; ``INN-C13`` also for two sheets of one name.
    """

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        if (n_members := data.count(_DIRECTORY_ENTRY)) > MOST_MEMBERS:  # before the directory is read
            raise RefusedError("INN-C16", found=n_members, most=MOST_MEMBERS)
        try:
            self._infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except _ZIP_ERRORS as error:
            raise RefusedError("INN-C13", found=str(error)) from error
        self._members = {info.filename.lstrip("/"): info for info in self._infos}
        self.n_unpacked = 0
        self._check_directory()
        for name in self._members:
            self._check_part(name)
        self._workbook = self._main_part()
        folder, name = posixpath.split(self._workbook)
        self._directory = ("_rels/.rels", self._workbook, f"{folder}/_rels/{name}.rels")
        self._relations = self._related(self._directory[2], folder)
        self.sheets = tuple(self._sheets())
        names = [sheet.name for sheet in self.sheets]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise RefusedError("INN-C13", found=twice)

    def part(self, name: str) -> bytes:
        """Return the bytes of one part.

        Raises
        ------
        RefusedError
            ``INN-C13``: there is no such part, or it is damaged.
        """
        return b"".join(self._chunks(name))

    def related(self, kind: str) -> str | None:
        """Return the name of the part that the workbook uses as ``styles`` or ``sharedStrings``."""
        return next((target for about, target in self._relations.values() if about == kind), None)

    def repacked(self, parts: dict[str, bytes]) -> io.BytesIO:
        """Return a zip with nothing but what is read: the directory parts and ``parts``, uncompressed."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as repacked:
            for name in self._directory:
                repacked.writestr(name, self.part(name))
            while parts:
                repacked.writestr(*parts.popitem())
        target.seek(0)
        return target

    def _check_directory(self) -> None:
        infos = self._infos
        if len(self._members) != len(infos):
            names = [info.filename.lstrip("/") for info in infos]
            raise RefusedError("INN-C13", found=next(name for name in names if names.count(name) > 1))
        if any(info.flag_bits & 1 for info in infos):
            raise RefusedError("INN-C11", found="zip")
        for info in infos:
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise RefusedError("INN-C13", found=info.filename)
            if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
                raise RefusedError("INN-C15", found=info.filename, unpacked_mb=info.file_size // 2**20)
        self.n_unpacked = sum(info.file_size for info in infos)
        if self.n_unpacked > MOST_UNPACKED:
            raise RefusedError("INN-C15", found=len(infos), unpacked_mb=self.n_unpacked // 2**20)

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part; never more than the directory says, and no other bytes than it says."""
        if name not in self._members:
            raise RefusedError("INN-C13", found=name)
        info, n_bytes, checksum = self._members[name], 0, 0
        try:
            for chunk in _unpacked(self._packed(info), info.compress_type):
                n_bytes, checksum = n_bytes + len(chunk), zlib.crc32(chunk, checksum)
                if n_bytes > info.file_size:
                    raise RefusedError("INN-C15", found=name, unpacked_mb=f"> {info.file_size / 2**20:.1f}")
                yield chunk
        except zlib.error as error:
            raise RefusedError("INN-C13", found=f"{name}: {error}") from error
        if n_bytes != info.file_size or checksum != info.CRC:
            raise RefusedError("INN-C13", found=name)

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        """Return the bytes of a member as they stand in the file."""
        header = self._data[info.header_offset : info.header_offset + _HEADER.size]
        if len(header) < _HEADER.size:
            raise RefusedError("INN-C13", found=info.filename)
        sign, n_name, n_extra = _HEADER.unpack(header)
        start = info.header_offset + _HEADER.size + n_name + n_extra
        packed = self._data[start : start + info.compress_size]
        if sign != b"PK\x03\x04" or len(packed) != info.compress_size:
            raise RefusedError("INN-C13", found=info.filename)
        return packed

    def _check_part(self, name: str) -> None:
        """Unpack a part once, chunk by chunk, and keep nothing."""
        is_xml, n_cells, tail = name.lower().endswith(_XML), 0, b""
        for chunk in self._chunks(name):
            if not is_xml:
                continue
            piece = tail + chunk
            if b"!" in piece and _DECLARATION.search(piece):
                raise RefusedError("INN-C14", found=name)
            if b"\x00" in chunk:
                raise RefusedError("INN-C13", found=f"{name}: NUL")
            n_cells += sum(map(chunk.count, _COUNTED))
            if n_cells > MOST_CELLS:
                raise RefusedError("INN-C12", found=name, most=MOST_CELLS)
            tail = chunk[-_OVERLAP:]

    def _tree(self, name: str) -> ElementTree.Element:
        data = self.part(name)
        if len(data) > _MOST_DIRECTORY:
            raise RefusedError("INN-C13", found=name)
        try:
            return ElementTree.fromstring(data)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise RefusedError("INN-C13", found=f"{name}: {error}") from error

    def _main_part(self) -> str:
        """Return the name of the workbook's own part."""
        other = next((kind for name, kind in _OTHER.items() if name in self._members), None)
        if other or "_rels/.rels" not in self._members:
            raise RefusedError("INN-C18", found=other or "zip")
        relations = self._related("_rels/.rels", "")
        return next((part for kind, part in relations.values() if kind == "officeDocument"), "xl/workbook.xml")

    def _related(self, name: str, folder: str) -> dict[str, tuple[str, str]]:
        """Return kind and part of each relation in one part of relations."""
        relations = {}
        for item in self._tree(name):
            kind, target = item.get("Type", "").rpartition("/")[2], item.get("Target", "")
            part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
            relations[item.get("Id", "")] = (kind, part)
        return relations

    def _sheets(self) -> Iterator[SheetPart]:
        for item in self._tree(self._workbook).iter():
            if item.tag.rpartition("}")[2] != "sheet":
                continue
            identifier = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
            kind, part = self._relations.get(identifier, ("", ""))
            if kind == "worksheet":
                yield SheetPart(item.get("name", ""), part, item.get("state", "visible") != "visible")
            elif not kind:
                raise RefusedError("INN-C13", found=item.get("name", ""))


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """Unpack some bytes at a time, however much there is inside."""
    if method == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), _CHUNK):
        piece: bytes | memoryview = packed[at : at + _CHUNK]
        while piece:
            yield unpacker.decompress(piece, _CHUNK)
            piece = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("ends too early")
