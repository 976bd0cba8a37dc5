"""What a worksheet says beside its values: number formats, errors, formulas never calculated, what is hidden.

Runs in the workbook's process. The cells of a sheet of Excel, LibreOffice or the common libraries are told apart by
:mod:`workbook_cells`; a sheet written another way (prefixed names, cells without address) is walked tag by tag here.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from kvalitet_eval.prepare.files.column_letters import column_position
from kvalitet_eval.prepare.files.separate_process import RefusedError
from kvalitet_eval.prepare.files.workbook_guard import MOST_CELLS
from kvalitet_eval.prepare.files.workbook_styles import Styles

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_MERGED = 1_000_000
_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*"""
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_CELL = re.compile(rb"<(?:\w+:)?c" + _ATTRIBUTES + rb"(/?)>")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_INLINE = re.compile(rb"<(?:\w+:)?is[\s>]")
_END = re.compile(rb"</(?:\w+:)?c\s*>")
_TAGS = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])")
_ROW = re.compile(rb"<(?:\w+:)?row" + _ATTRIBUTES + rb"/?>")
_REFERENCE = re.compile(rb"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_TRUE = (b"1", b"true")
_SAMPLE = 200_000  # bytes at the start of a sheet within which it says how large it is


@dataclass(slots=True)
class Marks:
    """What was found in one sheet; rows and columns count from 0.

    Parameters
    ----------
    last_row, last_column : int
        Of the cells that hold something; -1 when there is none. The sheet is not larger than this.
    faults : list of (kind, row, column, text)
        ``error`` with the error value, ``uncached`` with the formula.
    rows, columns, digits : array
        Numbers with a format that matters: digits shown at least, or 0 for per cent; in the order of the file.
    hidden_rows, hidden_columns : list of int
    has_filter : bool
        A filter is active.
    has_truth : bool
        Some cell holds a logical value.
    looks : dict of str to array
        Cells that hold something and are shown otherwise: ``unseen`` or ``struck``; row, column, row, ...
    merged : list of (first row, first column, last row, last column)
    """

    last_row: int = -1
    last_column: int = -1
    faults: list[tuple[str, int, int, str]] = field(default_factory=list)
    rows: array = field(default_factory=lambda: array("I"))
    columns: array = field(default_factory=lambda: array("I"))
    digits: array = field(default_factory=lambda: array("I"))
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    has_filter: bool = False
    has_truth: bool = False
    looks: dict[str, array] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, place: tuple[int, int], content: Content) -> None:
        """Note what matters about the cell in a row and column."""
        if content.is_there:
            self.reach(*place)
        self.has_truth |= content.is_truth
        for look in content.looks:
            self.looks.setdefault(look, array("I")).extend(place)
        if content.fault:
            kind, text = content.fault
            self.faults.append((kind, *place, text))
        elif content.digits is not None:
            self.rows.append(place[0])
            self.columns.append(place[1])
            self.digits.append(content.digits)

    def reach(self, row: int, column: int) -> None:
        """Widen the sheet to a cell."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)


class Content(NamedTuple):
    """What one cell holds, as far as more than its value matters.

    Parameters
    ----------
    is_there : bool
        A value, a text or a formula.
    fault : (kind, text), optional
        ``error`` with the error value, ``uncached`` with the formula.
    digits : int, optional
        For a number with a format that matters: digits shown at least, or 0 for per cent.
    is_truth : bool
        A logical value.
    looks : tuple of str
        Of a cell that holds something: ``unseen`` and ``struck``, see :class:`Styles`.
    """

    is_there: bool
    fault: tuple[str, str] | None = None
    digits: int | None = None
    is_truth: bool = False
    looks: tuple[str, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether it is more than a value."""
        return self.fault is not None or self.digits is not None or bool(self.looks)


class UnusualError(Exception):
    """The sheet is not written in the ordinary way."""


def plain_part(data: bytes) -> bytes:
    """Take comments and processing instructions out of a sheet.

    Raises
    ------
    RefusedError
        ``INN-C13``: the sheet has sections of raw text, which no spreadsheet program writes.
    """
    if b"!" in data and b"<!" in data:  # the single letter is rare, and found far sooner
        data = re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)
        if b"<!" in data:
            raise RefusedError("INN-C13", found="CDATA")
    return re.sub(rb"<\?.*?\?>", b"", data, flags=re.DOTALL) if data.find(b"?", data.find(b"?>") + 2) >= 0 else data


def check_declared(data: bytes) -> None:
    """Refuse a sheet that says it is larger than can be read.

    Raises
    ------
    RefusedError
        ``INN-C12``.
    """
    if declared := re.search(rb"<(?:\w+:)?dimension\s[^<>]*ref\s*=\s*[\"']([^\"'<>]*)", data[:_SAMPLE]):
        rows, columns = _range(declared[1])[2:]
        check_area(rows, columns, declared[1].decode("latin-1"))


def check_area(last_row: int, last_column: int, found: str = "") -> None:
    """Refuse a sheet that reaches so far.

    Raises
    ------
    RefusedError
        ``INN-C12``.
    """
    if (last_row + 1) * (last_column + 1) > MOST_CELLS:
        raise RefusedError("INN-C12", found=found or f"{last_row + 1} x {last_column + 1}", most=MOST_CELLS)


def add_hidden_rows(data: bytes, marks: Marks) -> None:
    """Add the hidden rows of a sheet whose rows are numbered.

    Raises
    ------
    UnusualError
        A hidden row has no number.
    """
    for row in re.finditer(rb"<row\s[^<>]*hidden=[^<>]*>", data) if b"hidden=" in data else ():
        _add_row(row[0], marks, None)


def walked(data: bytes, styles: Styles) -> Marks:
    """Look at every row and cell of a sheet that passed :func:`plain_part`; one without an address follows the last.

    Raises
    ------
    RefusedError
        ``INN-C12`` its cells stand too far apart; ``INN-C13`` damaged.
    """
    marks, row, column = Marks(), -1, -1
    for tag in _TAGS.finditer(data):
        if tag[1] == b"row":
            match = _ROW.match(data, tag.start())
            if match is None:
                raise RefusedError("INN-C13", found=data[tag.start() : tag.start() + 40].decode("latin-1"))
            row, column = _add_row(match[0], marks, row + 1), -1
            continue
        row, column = _add_cell(data, tag.start(), marks, styles, (max(row, 0), column + 1))
    check_area(marks.last_row, marks.last_column)
    return marks


def _add_row(tag: bytes, marks: Marks, follows: int | None) -> int:
    attributes = _attributes(tag)
    if "r" in attributes:
        if not re.fullmatch(rb"[1-9][0-9]{0,6}", attributes["r"]) or int(attributes["r"]) > LAST_ROW:
            raise RefusedError("INN-C13", found=tag[:80].decode("latin-1"))
        follows = int(attributes["r"]) - 1
    elif follows is None:
        raise UnusualError
    if attributes.get("hidden") in _TRUE:
        marks.hidden_rows.append(follows)
    return follows


def _attributes(tag: bytes) -> dict[str, bytes]:
    return {name.decode("latin-1"): double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _add_cell(data: bytes, start: int, marks: Marks, styles: Styles, follows: tuple[int, int]) -> tuple[int, int]:
    """Note what matters about one cell; return where it stands."""
    match = _CELL.match(data, start)
    end = _END.search(data, match.end()) if match and not match[2] else None
    if match is None or (not match[2] and end is None):
        raise RefusedError("INN-C13", found=data[start : start + 40].decode("latin-1"))
    attributes = _attributes(match[1])
    place = _range(attributes["r"])[:2] if "r" in attributes else follows
    if end is not None:
        marks.add(place, understood(match[1], data[match.end() : end.start()], styles))
    return place


def understood(attributes: bytes, body: bytes, styles: Styles) -> Content:
    """Return what matters about a cell.

    Parameters
    ----------
    attributes, body : bytes
        What stands in its tag, and between that and the end of the cell.
    styles : Styles
        The number formats that matter.
    """
    value, named = _VALUE.search(body), _attributes(attributes)
    text = value[1].strip() if value else b""
    kind, style = named.get("t", b"n"), named.get("s", b"0")
    if not text and kind not in (b"str", b"inlineStr") and _FORMULA.search(body):
        formula = re.sub(rb"<[^<>]*>", b"", body).decode("utf-8", "replace")
        return Content(is_there=True, fault=("uncached", "=" + unescape(formula)[:100]), is_truth=kind == b"b")
    is_there = bool(text or _INLINE.search(body))
    if kind == b"e":
        return Content(is_there, ("error", unescape(text.decode("utf-8", "replace"))))
    is_shown = text and kind == b"n" and (style in styles.zeros or style in styles.percent)
    digits = styles.zeros.get(style, 0) if is_shown else None
    return Content(is_there, None, digits, is_truth=kind == b"b", looks=styles.looks(style) if is_there else ())


def add_surroundings(data: bytes, marks: Marks) -> None:
    """Add hidden columns, the filter and merged ranges, all clipped to the part that is used.

    Raises
    ------
    RefusedError
        ``INN-C12`` merged ranges over too many cells; ``INN-C13`` damaged.
    """
    for tag in re.findall(rb"<(?:\w+:)?col\s[^<>]*hidden=[^<>]*>", data[: data.find(b"sheetData")]):
        span = _attributes(tag)
        if span.get("hidden") in _TRUE:
            bounds = [span.get(name, b"") for name in ("min", "max")]
            if not all(re.fullmatch(rb"[1-9][0-9]{0,4}", bound) for bound in bounds):
                raise RefusedError("INN-C13", found=tag[:80].decode("latin-1"))
            first, last = map(int, bounds)
            marks.hidden_columns += range(first - 1, min(last, marks.last_column + 1))
    rest = data[data.rfind(b"sheetData") :]
    marks.has_filter = re.search(rb"<(?:\w+:)?filterColumn[\s>]", rest) is not None
    area = 0
    for match in re.finditer(rb"<(?:\w+:)?mergeCell\s[^<>]*ref\s*=\s*[\"']([^\"'<>]*)", rest):
        top, left, bottom, right = _range(match[1])
        bottom, right = min(bottom, marks.last_row), min(right, marks.last_column)
        area += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if area > MOST_MERGED:
            raise RefusedError("INN-C12", found=match[1].decode("latin-1"), most=MOST_MERGED)
        marks.merged.append((top, left, bottom, right))


def _range(reference: bytes) -> tuple[int, int, int, int]:
    """Read ``B2`` or ``B2:D4`` as first row, first column, last row, last column, from 0."""
    places = []
    for corner in reference.split(b":"):
        match = _REFERENCE.fullmatch(corner)
        if match is None or column_position(match[1]) >= LAST_COLUMN or int(match[2]) > LAST_ROW:
            raise RefusedError("INN-C13", found=reference[:40].decode("latin-1"))
        places.append((int(match[2]) - 1, column_position(match[1])))
    return (*places[0], *places[-1])
