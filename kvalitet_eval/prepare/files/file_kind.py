"""What kind of file this is, told by its first bytes and never by its name; and the one place that opens it."""

from __future__ import annotations

import codecs
import dataclasses
import hashlib
import re
import stat
from collections.abc import Collection
from pathlib import Path

from kvalitet_eval.errors import DataError, Finding, finding, system_reason
from kvalitet_eval.prepare.files.json_stat import read_json_stat
from kvalitet_eval.prepare.files.parquet_file import read_parquet
from kvalitet_eval.prepare.files.raw_sheet import RawSheet
from kvalitet_eval.prepare.files.text_table import read_text
from kvalitet_eval.prepare.files.workbook import read_workbook

_START = 512
_BLANK = b"\xef\xbb\xbf \t\r\n"
_WEB_PAGES = re.compile(
    rb"<(?:!doctype|\?xml|(?:html|head|body|meta|table|title|script|style|div|pre)\b|!--)", re.IGNORECASE
)
_SPREADSHEET_XML = re.compile(rb"office:spreadsheet|mso-application")
_PC_AXIS = re.compile(rb'(?:CHARSET|AXIS-VERSION|CODEPAGE|LANGUAGES?|CREATION-DATE)="', re.IGNORECASE)
_JSON = re.compile(rb"\{|\[\s*[\[{]")
_KINDS = (
    (b"PK\x03\x04", "workbook"),
    (b"PK\x05\x06", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),  # old xls, and workbooks with a password
    (b"PAR1", "parquet"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"\x80\x02", "pickle"),
    (b"\x80\x03", "pickle"),
    (b"\x80\x04", "pickle"),
    (b"\x80\x05", "pickle"),
    (b"SQLite format 3", "SQLite"),
    (b"ARROW1", "Arrow"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xfd7zXZ", "xz"),
    (b"Rar!", "RAR"),
    (b"RDX", "RData"),
    (b"$FL2", "SPSS"),
    (b"<stata_dta>", "Stata"),
)
_SUFFIXES = {
    "workbook": (".xlsx", ".xlsm", ".xltx", ".xls"),
    "parquet": (".parquet", ".pq"),
    "json": (".json", ".px-json", ".jsonstat"),
    "text": (".csv", ".txt", ".tsv", ".tab", ".skv", ".dat", ""),
}


def read_file(path: Path, names: Collection[str] = ()) -> tuple[RawSheet, ...]:
    """Read a file of any kind that can hold a table.

    Parameters
    ----------
    path : Path
        The file.
    names : collection of str
        Names of municipalities, by which the encoding of a text file is told.

    Returns
    -------
    tuple of RawSheet
        One for each sheet of a workbook, one for any other file. A name that says another kind than the content is a
        warning (INN-A09).

    Raises
    ------
    DataError
        The file cannot be opened, leads out of its folder, is no table, or is refused by its reader.
    """
    data = _read_bytes(path)
    kind = told_kind(data)
    if kind == "web page":
        shown = _start(data)[:40].lower().decode("latin-1")
        raise DataError.of("INN-A08", file=path, line=1, found=shown)
    if kind not in _SUFFIXES:
        raise DataError.of("INN-A19", file=path, kind=kind)
    sheets = _sheets(path, data, kind, names)
    if any(sheet.sha256 != hashlib.sha256(data).hexdigest() for sheet in sheets):
        raise DataError.of("INN-A20", file=path)
    return tuple(_with_warning(sheet, _name_differs(path, kind)) for sheet in sheets)


def told_kind(data: bytes) -> str:
    """Return ``text``, ``workbook``, ``json``, ``parquet``, ``web page`` or the name of a kind that holds no table.

    Examples
    --------
    >>> told_kind(b"PAR1..."), told_kind(b"a;b"), told_kind(b"%PDF-1.7")
    ('parquet', 'text', 'PDF')
    """
    for start, kind in _KINDS:
        if data.startswith(start):
            return kind
    start = _start(data)
    if _SPREADSHEET_XML.search(start):
        return "XML"
    if _WEB_PAGES.match(start):
        return "web page"
    if _PC_AXIS.match(start):
        return "PC-Axis"
    return "json" if _JSON.match(start) else "text"


def _start(data: bytes) -> bytes:
    """Return the first signs of a file, in UTF-8 also where the file says that it is UTF-16."""
    start = data[:_START]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "replace").encode()
    return start.lstrip(_BLANK)


def _sheets(path: Path, data: bytes, kind: str, names: Collection[str]) -> tuple[RawSheet, ...]:
    if kind == "workbook":
        return tuple(read_workbook(path))
    if kind == "parquet":
        return (read_parquet(path),)
    return (read_json_stat(path),) if kind == "json" else (read_text(path, data, names),)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_symlink() and not path.exists():
            raise DataError.of("INN-A15", file=path, found=path.readlink())
        _check_inside(path)
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise DataError.of("INN-A18", file=path, found=path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError.of("INN-A15", file=path) from error
    except OSError as error:
        raise DataError.of(
            "INN-A14", file=path, found=error.strerror or str(error), system=system_reason(error)
        ) from error
    except ValueError as error:  # a NUL in the name
        raise DataError.of("INN-A14", file=path, found=str(error), system=str(error)) from error


def _check_inside(path: Path) -> None:
    """Refuse a link in ``data/raw`` that leads out of it: what is delivered lies there itself."""
    absolute = path.absolute()
    for folder in absolute.parents:
        if folder.name == "raw" and folder.parent.name == "data":
            if not absolute.resolve().is_relative_to(folder.resolve()):
                raise DataError.of("INN-A18", file=path, found=absolute.resolve().name)
            return


def _name_differs(path: Path, kind: str) -> Finding | None:
    suffix = path.suffix.lower()
    named = next((other for other, suffixes in _SUFFIXES.items() if suffix in suffixes), None)
    if named is None or named == kind:
        return None
    facts = {"kind_word": f"file_kind.{kind}", "suffix": suffix}
    return finding("INN-A09", severity="warning", file=path, found=path.name, **facts)


def _with_warning(sheet: RawSheet, warning: Finding | None) -> RawSheet:
    return dataclasses.replace(sheet, findings=(*sheet.findings, warning)) if warning else sheet
