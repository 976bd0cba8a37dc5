"""A delimited text file as rows of text that remember their line; nothing is typed here.

Faults of the file as a whole (missing, empty, a web page, a workbook) raise at once; faults of single rows are handed
on with the table, so that the reader is told about them together with everything else that is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.ledger import LedgerEntry

DELIMITERS = (";", "\t", "|", ",")
_SHOWN = 120  # characters of a faulty line that a message repeats
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx (zip), old xls (OLE)
_WEB_PAGES = (b"<!doctype", b"<html", b"<?xml")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One record: the physical line where it starts, as an editor counts them, and its cells in header order."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A file as text.

    Parameters
    ----------
    path, sha256, encoding, delimiter
        The file, the hash of the very bytes that were read, and how they were read.
    header : tuple of str
        Column names without surrounding space, as spelt in the file.
    header_line : int
        Line of the header.
    rows : tuple of TextRow
        The rows that have as many cells as the header.
    ledger : tuple of LedgerEntry
        What was changed or left out: encoding, delimiter, empty rows, repeated headers, empty last columns.
    findings : tuple of Finding
        Rows that must be refused. A caller who uses ``rows`` while there are findings has half a table.
    uneven_lines : tuple of int
        Lines of the rows that are not in ``rows`` because they have too few or too many cells.
    n_read, n_excluded : int
        Data rows in the file, and those left out with a reason in the ledger.
    """

    path: Path
    sha256: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[TextRow, ...]
    ledger: tuple[LedgerEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    uneven_lines: tuple[int, ...] = ()
    n_read: int = 0
    n_excluded: int = 0


def read_text_table(path: str | Path) -> TextTable:
    """Read a delimited text file.

    Encoding is UTF-8 (with or without byte order mark), else cp1252; the delimiter is the one of ``; tab | ,`` that
    stands most often in the header.

    Raises
    ------
    DataError
        The file is missing, cannot be opened, is empty, has no data rows, is a web page, a workbook or other binary,
        has an unclosed quotation mark, or has two columns of one name.
    """
    path = Path(path)
    data = _read_bytes(path)
    text, encoding = _decode(path, data)
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(lines)
    records = _records(path, lines, delimiter)
    header = next(record for record in records if any(cell.strip() for cell in record.cells))
    rows = list(records)
    ledger = [
        *([LedgerEntry(None, None, "", encoding, "read as cp1252, not UTF-8")] if encoding == "cp1252" else []),
        *([LedgerEntry(None, None, "", delimiter, "delimiter")] if delimiter != ";" else []),
    ]
    kept, excluded = _exclude_empty(header, rows)
    header, kept, trimmed = _drop_empty_last(header, kept)
    _check_header(path, header)
    if not kept:
        raise DataError.of("INN-A06", file=path, line=header.line, found=_shown(lines, header))
    even = tuple(row for row in kept if len(row.cells) == len(header.cells))
    uneven = [row for row in kept if len(row.cells) != len(header.cells)]
    return TextTable(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        delimiter=delimiter,
        header=header.cells,
        header_line=header.line,
        rows=even,
        ledger=(*ledger, *trimmed, *excluded),
        findings=(
            *_uneven_findings(path, header, uneven, lines, is_decimal_comma=delimiter == "," and not even),
            *_garbled_cells(path, header, even),
        ),
        uneven_lines=tuple(row.line for row in uneven),
        n_read=len(rows),
        n_excluded=len(excluded),
    )


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DataError.of("INN-A15", file=path) from error
    except OSError as error:
        raise DataError.of("INN-A14", file=path, found=error.strerror or str(error)) from error
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_WORKBOOKS):
        raise DataError.of("INN-A09", file=path)
    if start.startswith(_WEB_PAGES):
        raise DataError.of("INN-A08", file=path, line=1, found=start[:40].decode("latin-1"))
    if b"\x00" in data:
        raise DataError.of("INN-A10", file=path, line=data[: data.index(b"\x00")].count(b"\n") + 1)
    return data


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            fault = error
        else:
            if not re.search(r"[^\s,;|]", text):
                raise DataError.of("INN-A05", file=path, size_bytes=len(data))
            return text, encoding.removesuffix("-sig")
    line = data[: fault.start].count(b"\n") + 1
    raise DataError.of("INN-A13", file=path, line=line, found=f"0x{data[fault.start]:02X}") from fault


def _delimiter(lines: list[str]) -> str:
    header = next(line for line in lines if line.strip())
    return max(DELIMITERS, key=lambda sign: (header.count(sign), -DELIMITERS.index(sign)))


def _records(path: Path, lines: list[str], delimiter: str) -> Iterator[TextRow]:
    """Yield records with the line where each starts: a quoted cell may hold line breaks."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield TextRow(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError.of("INN-B05", file=path, line=line, found=lines[line - 1].strip()[:_SHOWN]) from error


def _exclude_empty(header: TextRow, rows: list[TextRow]) -> tuple[list[TextRow], list[LedgerEntry]]:
    """Leave out rows without any text and repetitions of the header (files put after one another)."""
    kept, excluded = [], []
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            excluded.append(LedgerEntry(row.line, None, "", "", "empty row left out"))
        elif row.cells == header.cells:
            excluded.append(LedgerEntry(row.line, None, ";".join(row.cells), "", "repeated header left out"))
        else:
            kept.append(row)
    return kept, excluded


def _drop_empty_last(header: TextRow, rows: list[TextRow]) -> tuple[TextRow, list[TextRow], list[LedgerEntry]]:
    """Drop a last column that is empty in every row: a delimiter at the end of each line."""
    names = tuple(name.strip() for name in header.cells)
    width = len(names) if names[-1] else len(names) - 1
    unnamed = bool(rows) and all(len(row.cells) == width + 1 and not row.cells[-1].strip() for row in rows)
    if not unnamed:
        return TextRow(header.line, names), rows, []
    entry = LedgerEntry(header.line, None, "", "", "empty last column without a name left out")
    return TextRow(header.line, names[:width]), [TextRow(row.line, row.cells[:width]) for row in rows], [entry]


def _check_header(path: Path, header: TextRow) -> None:
    findings = []
    for position, name in enumerate(header.cells):
        first = header.cells.index(name)
        where = {"file": path, "line": header.line, "position": position + 1}
        if not name:
            findings.append(finding("INN-B09", **where))
        elif first != position:
            findings.append(finding("INN-B08", column=name, found=name, first_position=first + 1, **where))
    if findings:
        raise DataError(findings)


def _uneven_findings(
    path: Path, header: TextRow, uneven: list[TextRow], lines: list[str], *, is_decimal_comma: bool
) -> tuple[Finding, ...]:
    expected = len(header.cells)
    code = "INN-B03"
    if is_decimal_comma and all(len(row.cells) > expected for row in uneven):
        code = "INN-B02"  # decimal commas in a file separated by commas: every row is too long, one finding says it
        uneven = uneven[:1]
    return tuple(
        finding(code, file=path, line=row.line, found=_shown(lines, row), n_cells=len(row.cells), n_columns=expected)
        for row in uneven
    )


def _garbled_cells(path: Path, header: TextRow, rows: tuple[TextRow, ...]) -> tuple[Finding, ...]:
    """Find text that was once read in the wrong encoding and saved like that: ``BÃ¸`` for ``Bø``."""
    found = []
    for row in rows:
        for name, cell in zip(header.cells, row.cells, strict=True):
            if "Ã" in cell and (likely := _ungarbled(cell)):
                found.append(finding("INN-A02", file=path, line=row.line, column=name, found=cell, likely=likely))
    return tuple(found)


def _ungarbled(text: str) -> str | None:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _shown(lines: list[str], row: TextRow) -> str:
    return lines[row.line - 1].strip()[:_SHOWN]
