"""Excel workbooks as rows of text, one :class:`RawSheet` a sheet; the file is opened in a process of its own."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import starmap
from pathlib import Path
from typing import Any

from kvalitet_eval.errors import DataError, Finding, finding, system_reason
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow, cell_address
from kvalitet_eval.prepare.files.separate_process import Answer, ask
from kvalitet_eval.prepare.ledger import LedgerEntry

MOST_BYTES = 200 * 2**20
_OLE = b"\xd0\xcf\x11\xe0"
_OLE_KINDS = (
    ("EncryptedPackage", "INN-C11"),
    ("EncryptionInfo", "INN-C11"),
    ("Workbook", "INN-C17"),
    ("Book", "INN-C17"),
)
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#VERDI!", "#I/T", "#NAVN?", "#TALL!"}
_RULES = ("number format shows leading zeros", "number format shows per cent", "merged range unfolded")
_SHOWN_ROWS = 10


def read_workbook(path: str | Path) -> tuple[RawSheet, ...]:
    """Read all worksheets of a workbook (xlsx, xlsm), hidden ones too.

    Every row that holds any text is there with its number in the sheet as ``line``; ``cells[0]`` is column A. Numbers
    are written as in :mod:`kvalitet_eval.prepare.files.cell_text`; a number format of zeros gives leading zeros back
    and one of per cent a number with `` %``; merged ranges are unfolded into each of their cells. All three are in the
    ledger, with the column's letters as column. Findings about cells carry the address in ``facts["cell"]`` and the
    position of the column (from 0) in ``facts["position"]``, because the header is not known yet.

    Returns
    -------
    tuple of RawSheet
        In the order of the workbook. ``notes`` has ``merged`` (the ranges), ``hidden`` ("sheet" for a hidden sheet) and
        ``width`` (columns). Findings that refuse: ``INN-C03`` a formula that was never calculated, ``INN-C04`` an error
        value. Warnings: ``INN-C01`` cells merged over several rows, ``INN-C06`` hidden rows, ``INN-C07`` hidden
        columns, ``INN-C08`` a filter in use, ``INN-C10`` a hidden sheet, ``INN-C30`` cells whose content is not to
        be seen, ``INN-C31`` cells that are struck out.

    Raises
    ------
    DataError
        ``INN-C11`` password; ``INN-C12`` too many cells; ``INN-C13`` damaged; ``INN-C14`` document type declaration;
        ``INN-C15`` too large when unpacked; ``INN-C16`` too many parts; ``INN-C17`` old xls; ``INN-C18`` not a
        workbook; ``INN-C19`` reading took more memory or time than allowed; ``INN-A14`` the file cannot be opened.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError.of(
            "INN-A14", file=path, found=error.strerror or str(error), system=system_reason(error)
        ) from error
    if len(data) > MOST_BYTES:
        raise DataError.of("INN-C15", file=path, found=path.name, unpacked_mb=len(data) // 2**20)
    if data.startswith(_OLE):
        raise DataError.of(_ole_code(data), file=path, found="OLE")
    answer = ask("workbook_process", path, data, "INN-C19")
    with _without_collector():
        return tuple(_sheets(path, hashlib.sha256(data).hexdigest(), answer))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Build millions of small objects without the search for cycles that each thousand of them would start."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _ole_code(data: bytes) -> str:
    return next((code for name, code in _OLE_KINDS if name.encode("utf-16-le") in data), "INN-C18")


def _sheets(path: Path, sha256: str, answer: Answer) -> Iterator[RawSheet]:
    head, texts, take = answer.head, answer.head["texts"], answer.take
    for sheet in head["sheets"]:
        name, width = sheet["name"], sheet["width"]
        lines = take(sheet["n_lines"])
        cells = map(texts.__getitem__, take(sheet["n_lines"] * width))
        rows = tuple(map(TextRow, lines, zip(*[cells] * width, strict=True))) if width else ()
        changes = zip(*[iter(take(sheet["n_changes"] * 5))] * 5, strict=True)
        yield RawSheet(
            path=path,
            sha256=sha256,
            sheet=name,
            encoding="",
            delimiter="",
            rows=rows,
            ledger=tuple(starmap(_entry(texts), changes)),
            findings=(*_cell_findings(path, sheet, rows, texts), *_warnings(path, sheet)),
            notes={
                "format": "workbook",
                "width": str(width),
                "hidden": "sheet" if sheet["is_hidden"] else "",
                "merged": ", ".join(map(_span, sheet["merged"])),
            },
        )


def _entry(texts: list[str]) -> Any:
    letters: dict[int, str] = {}

    def entry(line: int, column: int, before: int, after: int, why: int) -> LedgerEntry:
        if column not in letters:
            letters[column] = _letters(column)
        return LedgerEntry(line, letters[column], texts[before], texts[after], _RULES[why])

    return entry


def _letters(column: int) -> str:
    return cell_address(column, 1)[:-1]


def _span(span: list[int]) -> str:
    top, left, bottom, right = span
    return f"{cell_address(left, top + 1)}:{cell_address(right, bottom + 1)}"


def _cell_findings(path: Path, sheet: dict[str, Any], rows: tuple[TextRow, ...], texts: list[str]) -> Iterator[Finding]:
    codes = {"error": "INN-C04", "uncached": "INN-C03"}
    faults = [(codes[kind], row + 1, column, text) for kind, row, column, text in sheet["faults"]]
    known = {(line, column) for _, line, column, _ in faults}
    if _ERRORS & set(texts):  # an error that was pasted as text
        faults += [
            ("INN-C04", row.line, column, text)
            for row in rows
            for column, text in enumerate(row.cells)
            if text in _ERRORS and (row.line, column) not in known
        ]
    for code, line, column, text in sorted(faults, key=lambda fault: fault[1:3]):
        where = {"file": path, "sheet": sheet["name"], "line": line, "found": text}
        yield finding(code, cell=cell_address(column, line), position=column, **where)


def _warnings(path: Path, sheet: dict[str, Any]) -> Iterator[Finding]:
    where = {"file": path, "sheet": sheet["name"], "severity": "warning"}
    if sheet["is_hidden"] and sheet["n_lines"]:
        yield finding("INN-C10", found=sheet["name"], **where)
    if rows := sheet["hidden_rows"]:
        yield finding("INN-C06", found=_listed(map(str, rows)), n=len(rows), **where)
    if columns := sheet["hidden_columns"]:
        yield finding("INN-C07", found=_listed(map(_letters, columns)), n=len(columns), **where)
    for look, code in (("unseen", "INN-C30"), ("struck", "INN-C31")):
        if places := list(zip(*[iter(sheet["looks"].get(look, ()))] * 2, strict=True)):
            found = _listed(cell_address(column, row + 1) for row, column in places)
            yield finding(code, found=found, n=len(places), line=places[0][0] + 1, **where)
    if sheet["has_filter"]:
        yield finding("INN-C08", **where)
    if several := [span for span in sheet["merged"] if span[2] > span[0]]:
        yield finding("INN-C01", found=_listed(map(_span, several)), n=len(several), **where)


def _listed(items: Any) -> str:
    items = list(items)
    return ", ".join(items[:_SHOWN_ROWS]) + (" …" if len(items) > _SHOWN_ROWS else "")
