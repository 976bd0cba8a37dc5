"""From a sheet of text to a table: where the header is, which rows are data, and what stands around them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.files.decoding import ungarbled
from kvalitet_eval.prepare.files.header_place import find_header, has_text
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.ledger import LedgerEntry

_SHOWN = 120  # characters of a faulty line that a message repeats
_FOOTNOTE = re.compile(
    r"\s*(?:kilde|kjelde|source|note|merk|merknad|fotnote|oppdatert|sist oppdatert|uttrekk|tegnforklaring|standardtegn"
    r"|copyright|©|\*+\s|\d{1,2}\)|[¹²³])",
    re.IGNORECASE,
)
_DATA_LIKE = re.compile(r"\s*[0-9](?![0-9]?[.:]?\s+[^\W\d_])")  # a number, but not that of a footnote
LOST = "\ufffd"  # what a program writes for a letter that it could not read


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text.

    Parameters
    ----------
    path, sha256, sheet, encoding, delimiter
        As in :class:`RawSheet`.
    header : tuple of str
        Column names without surrounding space, as spelt in the file.
    header_line : int
        Line of the header (the last one, when it has two).
    rows : tuple of TextRow
        The rows that have as many cells as the header.
    ledger : tuple of LedgerEntry
        What was changed or left out so far.
    findings : tuple of Finding
        Rows that must be refused, and warnings. A caller who uses ``rows`` while there are errors has half a table.
    uneven_lines : tuple of int
        Lines of the rows that are not in ``rows`` because they have too few or too many cells.
    n_read, n_excluded : int
        Rows below the header, and those left out with a reason in the ledger.
    texts : tuple of str
        What stands above the header and below the data: titles, units, sources, footnotes.
    places : tuple of int
        For each column its place in the sheet, from 0 (column A); empty when rows were made anew.
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
    sheet: str | None = None
    texts: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


def locate(raw: RawSheet, layout: Layout | None = None) -> TextTable:
    """Find the table in a sheet.

    The header is the first row that holds the required columns of ``layout``, or of any layout when it is not given;
    two rows count as one header when only both together hold them. Without such a row it is the row that comes
    nearest, so that the reader is told what is missing.

    Raises
    ------
    DataError
        INN-A05: no text at all. INN-A06: a header and nothing below it. INN-B08, INN-B09: two columns of one name, or a
        column with content and no name.
    """
    if not any(has_text(row) for row in raw.rows):
        raise DataError.of("INN-A05", file=raw.path, sheet=raw.sheet, size_bytes=raw.notes.get("size_bytes", "0"))
    start, header, height = find_header(raw.rows, layout)
    above, below = raw.rows[:start], raw.rows[start + height :]
    kept, excluded, notes = _set_aside(header, below)
    if raw.sheet is not None:
        kept = _padded(kept, len(header.cells))
    header, kept, places, trimmed = _drop_unnamed(header, kept)
    _check_header(raw, header)
    if not kept:
        raise DataError.of("INN-A06", file=raw.path, sheet=raw.sheet, line=header.line, found=_shown(raw, header))
    even = tuple(row for row in kept if len(row.cells) == len(header.cells))
    uneven = [row for row in kept if len(row.cells) != len(header.cells)]
    return TextTable(
        path=raw.path,
        sha256=raw.sha256,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        header=header.cells,
        header_line=header.line,
        rows=even,
        ledger=(
            *raw.ledger,
            *_titles(above),
            *trimmed,
            *excluded,
        ),
        findings=(
            *raw.findings,
            *_uneven_findings(raw, header, uneven, is_decimal_comma=raw.delimiter == "," and not even),
            *_other_headers(raw, header, even),
            *_garbled_cells(raw, header, (*above, header, *even)),
        ),
        uneven_lines=tuple(row.line for row in uneven),
        n_read=len(below),
        n_excluded=len(excluded),
        sheet=raw.sheet,
        texts=tuple(filter(None, (*map(_joined, above), *notes, raw.notes.get("source", "")))),
        places=places,
    )


def _titles(rows: Iterable[TextRow]) -> list[LedgerEntry]:
    rule = "line above the header kept as a note"
    return [LedgerEntry(row.line, None, _joined(row), "", rule) for row in rows if has_text(row)]


def _joined(row: TextRow) -> str:
    return " ".join(cell.strip() for cell in row.cells if cell.strip())


def _set_aside(header: TextRow, rows: Sequence[TextRow]) -> tuple[list[TextRow], list[LedgerEntry], list[str]]:
    """Leave out empty rows, repetitions of the header (files put after one another) and footnotes at the end."""
    names = _stripped(header)
    last = len(rows)
    while last and (not has_text(rows[last - 1]) or _is_footnote(rows[last - 1], len(header.cells))):
        last -= 1
    kept, excluded, notes = [], [], []
    for place, row in enumerate(rows):
        if not has_text(row):
            excluded.append(LedgerEntry(row.line, None, "", "", "empty row left out"))
        elif row.cells[0].strip() == names[0] and _stripped(row) == names:
            excluded.append(LedgerEntry(row.line, None, ";".join(row.cells), "", "repeated header left out"))
        elif place >= last:
            notes.append(_joined(row))
            excluded.append(
                LedgerEntry(row.line, None, _joined(row), "", "footnote or source left out, kept as a note")
            )
        else:
            kept.append(row)
    return kept, excluded, notes


def _stripped(row: TextRow) -> list[str]:
    """Return the cells without space around them, and without the empty ones at the end."""
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_footnote(row: TextRow, width: int) -> bool:
    """Whether a row below the data is text about them: it begins as notes and sources do, or is one lonely sentence."""
    filled = [cell for cell in row.cells if cell.strip()]
    if _FOOTNOTE.match(filled[0]) and (len(row.cells) != width or len(filled) == 1):
        return True
    is_sentence = len(filled[0].split()) > 1 and not _DATA_LIKE.match(filled[0])
    return width > 1 and len(filled) == 1 and is_sentence


def _padded(rows: Iterable[TextRow], width: int) -> list[TextRow]:
    """Give the rows of a sheet the width of the header: a sheet is a grid, where a cell left out is an empty cell."""
    return [
        row
        if len(row.cells) == width
        else TextRow(row.line, _fitted(row.cells + ("",) * (width - len(row.cells)), width))
        for row in rows
    ]


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells if any(cell.strip() for cell in cells[width:]) else cells[:width]


def _drop_unnamed(
    header: TextRow, rows: list[TextRow]
) -> tuple[TextRow, list[TextRow], tuple[int, ...], list[LedgerEntry]]:
    """Drop columns without a name that are empty in every row, such as a delimiter at the end of each line makes.

    Returns
    -------
    tuple
        Header with names without space around them, rows, the places of the columns that are left, and the ledger.
    """
    names = tuple(name.strip() for name in header.cells)
    widths = {len(row.cells) for row in rows}
    width = max(widths) if len(widths) == 1 else len(names)
    whole = names + ("",) * (width - len(names))
    same = widths <= {len(whole)}
    dropped = {
        place
        for place, name in enumerate(whole)
        if not name and rows and same and all(not row.cells[place].strip() for row in rows)
    }
    added = set(range(len(names), len(whole)))
    if not dropped or not added <= dropped:
        return TextRow(header.line, names), rows, tuple(range(len(names))), []
    places = tuple(place for place in range(len(whole)) if place not in dropped)
    entry = LedgerEntry(header.line, None, "", "", "empty column without a name left out")
    shorter = [TextRow(row.line, tuple(row.cells[place] for place in places)) for row in rows]
    return TextRow(header.line, tuple(whole[place] for place in places)), shorter, places, [entry] * len(dropped)


def _check_header(raw: RawSheet, header: TextRow) -> None:
    findings, folded = [], [name.casefold() for name in header.cells]
    for position, name in enumerate(header.cells):
        first = folded.index(name.casefold())
        where = {"file": raw.path, "sheet": raw.sheet, "line": header.line, "position": position + 1}
        if not name:
            findings.append(finding("INN-B09", **where))
        elif first != position:
            findings.append(finding("INN-B08", column=name, found=name, first_position=first + 1, **where))
    if findings:
        raise DataError(findings)


def _uneven_findings(
    raw: RawSheet, header: TextRow, uneven: list[TextRow], *, is_decimal_comma: bool
) -> tuple[Finding, ...]:
    expected = len(header.cells)
    code = "INN-B03"
    if is_decimal_comma and all(len(row.cells) > expected for row in uneven):
        code = "INN-B02"  # decimal commas in a file separated by commas: every row is too long, one finding says it
        uneven = uneven[:1]
    where = {"file": raw.path, "sheet": raw.sheet}
    return tuple(
        finding(code, **where, line=row.line, found=_shown(raw, row), n_cells=len(row.cells), n_columns=expected)
        for row in uneven
    )


def _other_headers(raw: RawSheet, header: TextRow, rows: Iterable[TextRow]) -> tuple[Finding, ...]:
    """Find a header in the middle that differs from the first: files with other columns put after one another."""
    spelt = set(header.cells)
    names = {name.casefold() for name in spelt}
    found = []
    for row in rows:
        if spelt.isdisjoint(row.cells):
            continue
        cells = {cell.strip().casefold() for cell in row.cells}
        if len(cells & names) > 1 and 2 * len(cells & names) >= len(names):
            where = {"file": raw.path, "sheet": raw.sheet, "line": row.line, "found": _shown(raw, row)}
            found.append(finding("INN-B12", **where, header_line=header.line))
    return tuple(found)


def _garbled_cells(raw: RawSheet, header: TextRow, rows: Iterable[TextRow]) -> tuple[Finding, ...]:
    """Find text that was once read in the wrong encoding and saved like that: ``BÃ¸`` for ``Bø``."""
    found: list[Finding] = []
    rows = tuple(rows)
    if all(map(str.isascii, itertools.chain.from_iterable(row.cells for row in rows))):
        return ()
    for row in rows:
        if "".join(row.cells).isascii():
            continue
        for name, cell in zip((*header.cells, *[""] * len(row.cells)), row.cells, strict=False):
            where = {"file": raw.path, "sheet": raw.sheet, "line": row.line, "column": name or None, "found": cell}
            if LOST in cell:
                found.append(finding("INN-A17", **where))
            elif likely := ungarbled(cell):
                found.append(finding("INN-A02", **where, likely=likely))
    return tuple(found)


def _shown(raw: RawSheet, row: TextRow) -> str:
    return (raw.delimiter or ";").join(row.cells)[:_SHOWN]
