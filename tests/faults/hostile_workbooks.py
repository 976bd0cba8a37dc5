"""Workbooks made to harm a reader, small files all of them, and the code that each must be refused with."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
SHEET = f'<worksheet xmlns="{MAIN}">{{before}}<sheetData>{{rows}}</sheetData>{{after}}</worksheet>'
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'


def sheet(rows: str = ROW, before: str = "", after: str = "") -> str:
    """Return the XML of a worksheet."""
    return SHEET.format(rows=rows, before=before, after=after)


def parts(worksheet: str | bytes, **more: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet; in the names of further parts ``__`` stands for ``/``."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>'
        '<sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": worksheet,
        **{name.replace("__", "/") + ".xml": content for name, content in more.items()},
    }


def pack(content: dict[str, str | bytes]) -> bytes:
    """Return a zip of the parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, item in content.items():
            file.writestr(name, item)
    return target.getvalue()


def packed_bomb(name: str, head: bytes, unit: bytes, times: int, tail: bytes) -> bytes:
    """Return a workbook in which one part is ``head``, ``unit`` repeated and ``tail``."""
    target, block = io.BytesIO(), unit * 10_000
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for other, item in parts(sheet()).items():
            if other != name:
                file.writestr(other, item)
        with file.open(name, "w", force_zip64=True) as part:
            part.write(head)
            for _ in range(times // 10_000):
                part.write(block)
            part.write(tail)
    return target.getvalue()


def dimension_bomb() -> bytes:
    """One value in the last cell of the sheet, as well as one in the first."""
    return pack(parts(sheet(ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')))


def declared_dimension() -> bytes:
    """A sheet that says it fills everything."""
    return pack(parts(sheet(before='<dimension ref="A1:XFD1048576"/>')))


def zip_bomb() -> bytes:
    """Four hundred megabytes of spaces in a part of four hundred kilobytes."""
    return packed_bomb("xl/worksheets/sheet1.xml", b"<worksheet>", b" " * 100, 4_000_000, b"</worksheet>")


def many_members() -> bytes:
    """Twenty thousand parts."""
    return pack(parts(sheet()) | {f"xl/media/{number}.png": b"" for number in range(20_000)})


def external_entity() -> bytes:
    """A sheet that asks for a file of the machine."""
    text = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>' + sheet(ROW.replace(">x<", ">&secret;<"))
    return pack(parts(text))


def billion_laughs() -> bytes:
    """Ten words that each stand for ten of the one before."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    strings = f'<!DOCTYPE sst [<!ENTITY l0 "lol">{laughs}]><sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    return pack(parts(sheet(), xl__sharedStrings=strings))


def lying_size() -> bytes:
    """A part that unpacks to far more than the directory of the zip says, with the checksum of what it says."""
    name, honest = "xl/worksheets/sheet1.xml", sheet().encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(honest) + b"".join(packer.compress(b" " * 10**6) for _ in range(100)) + packer.flush()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for other, item in parts(sheet()).items():
            if other != name:
                file.writestr(other, item)
        file.writestr(name, bomb)
    data = bytearray(target.getvalue())
    central = data.rindex(b"PK\x01\x02")
    for method_at in (data.rindex(b"PK\x03\x04", 0, central) + 8, central + 10):
        struct.pack_into("<H", data, method_at, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", data, method_at + 6, zlib.crc32(honest))
        struct.pack_into("<I", data, method_at + 14, len(honest))
    return bytes(data)


def truncated() -> bytes:
    """The first half of a workbook."""
    data = pack(parts(sheet()))
    return data[: len(data) // 2]


def nested_zip() -> bytes:
    """A zip in a zip, with no workbook in it."""
    return pack({"inner.zip": pack(parts(sheet()))})


def many_cells() -> bytes:
    """Sixteen million cells."""
    unit = b'<c r="A1"/>'
    return packed_bomb(
        "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>", unit, 16_000_000, b"</row></sheetData>"
    )


def many_strings() -> bytes:
    """Sixteen million shared strings, in a part that packs no tighter than an honest one."""
    return packed_bomb("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">'.encode(), b"<si/>", 16_000_000, b"</sst>")


def long_string() -> bytes:
    """One text of a megabyte that ten thousand cells share: ten gigabytes when each cell gets its own."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 10_001))
    text = "x" * 10**6
    return pack(parts(sheet(rows), xl__sharedStrings=f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'))


def merged_bomb() -> bytes:
    """A thousand merged ranges over the same ten thousand cells."""
    rows = ROW.replace('"A2"', '"J1000"').replace('<row r="2">', '<row r="1000">')
    merged = '<mergeCell ref="A1:J1000"/>' * 1000
    return pack(parts(sheet(rows, after=f"<mergeCells>{merged}</mergeCells>")))


HOSTILE: tuple[tuple[Callable[[], bytes], str], ...] = (
    (dimension_bomb, "INN-C12"),
    (declared_dimension, "INN-C12"),
    (zip_bomb, "INN-C15"),
    (many_members, "INN-C16"),
    (external_entity, "INN-C14"),
    (billion_laughs, "INN-C14"),
    (lying_size, "INN-C15"),
    (truncated, "INN-C13"),
    (nested_zip, "INN-C18"),
    (many_cells, "INN-C15"),
    (many_strings, "INN-C15"),
    (long_string, "INN-C12"),
    (merged_bomb, "INN-C12"),
)
