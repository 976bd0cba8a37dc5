"""What a worksheet says beside its values: number formats, errors, formulas never calculated, what is hidden.

Runs in the workbook's process. A sheet of Excel, LibreOffice or the common libraries is searched with one pattern that
skips every ordinary cell; a sheet written another way (prefixed names, cells without address) is walked tag by tag.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from html import unescape

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
_LETTERS = 26
_TRUE = (b"1", b"true")
_SAMPLE = 200_000  # bytes at both ends of a sheet that tell how wide it is


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
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add_format(self, row: int, column: int, digits: int) -> None:
        """Keep a number whose format matters."""
        self.rows.append(row)
        self.columns.append(column)
        self.digits.append(digits)

    def reach(self, row: int, column: int) -> None:
        """Widen the sheet to a cell."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)


class _UnusualError(Exception):
    """The sheet is not written in the ordinary way."""


def plain_part(data: bytes) -> bytes:
    """Take comments and processing instructions out of a sheet.

    Raises
    ------
    RefusedError
        ``INN-C13``: the sheet has sections of raw text, which no spreadsheet program writes.
    """
    if b"<!" in data:
        data = re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)
        if b"<!" in data:
            raise RefusedError("INN-C13", found="CDATA")
    return re.sub(rb"<\?.*?\?>", b"", data, flags=re.DOTALL) if data.count(b"<?") > 1 else data


def find_marks(data: bytes, styles: Styles) -> Marks:
    """Search one sheet that passed :func:`plain_part`.

    Raises
    ------
    RefusedError
        ``INN-C12`` more cells than can be read, by what the sheet declares or by where its cells stand; ``INN-C13``
        damaged.
    """
    if declared := re.search(rb"<(?:\w+:)?dimension\s[^<>]*ref\s*=\s*[\"']([^\"'<>]*)", data[:_SAMPLE]):
        rows, columns = _range(declared[1])[2:]
        _check_area(rows, columns, declared[1].decode("latin-1"))
    try:
        marks = _searched(data, styles)
        if (marks.last_row + 1) * (marks.last_column + 1) > MOST_CELLS:
            raise _UnusualError
    except _UnusualError:
        marks = _walked(data, styles)
    _check_area(marks.last_row, marks.last_column, f"{marks.last_row + 1} x {marks.last_column + 1}")
    _add_surroundings(data, marks)
    return marks


def _check_area(last_row: int, last_column: int, found: str) -> None:
    if (last_row + 1) * (last_column + 1) > MOST_CELLS:
        raise RefusedError("INN-C12", found=found, most=MOST_CELLS)


def _searched(data: bytes, styles: Styles) -> Marks:
    """Look only at the cells that are not ordinary; ordinary ones stand in the columns up to ``last_column``."""
    marks, columns = Marks(), _Columns()
    found = re.findall(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"', data[:_SAMPLE] + data[-_SAMPLE:])
    last = re.match(rb'<row r="([1-9][0-9]{0,6})"', data[data.rfind(b"<row ") :][:40]) if found else None
    if last is None or b":c " in data:
        raise _UnusualError
    marks.reach(int(last[1]) - 1, max(columns[letters] for letters, _ in found))
    digits = max(len(last[1]), *(len(number) for _, number in found))
    for match in _special(marks.last_column, digits, styles).finditer(data):
        if match[1] is None:
            _add_cell(data, match.start(), marks, styles, None)
        else:
            letters, number, style = match.groups()
            marks.add_format(int(number) - 1, columns[letters], styles.zeros.get(style, 0))
    for row in re.finditer(rb"<row\s[^<>]*hidden=[^<>]*>", data) if b"hidden=" in data else ():
        _add_row(row[0], marks, None)
    return marks


def _special(last_column: int, digits: int, styles: Styles) -> re.Pattern[bytes]:
    """Return the pattern of all cells that need a look; groups 1 to 3 are filled for numbers with a format."""
    letters = _letters_to(last_column)
    special = b"|".join(styles.special)
    other = rb'(?: s="(?!(?:' + special + rb')")[0-9]{1,6}")?' if special else rb'(?: s="[0-9]{1,6}")?'
    place = rb' r="(?:' + letters + rb")[1-9][0-9]{0," + str(digits - 1).encode() + rb'}"'
    body = rb"(?:/>|>(?:(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>[^<]|<is>|</c>))"
    ordinary = place + other + rb'(?: t="(?:s|n|str|inlineStr)")?' + body
    formatted = rb'(?: r="([A-Z]{1,3})([1-9][0-9]{0,6})" s="(' + (special or rb"(?!)") + rb')"(?: t="n")?><v>[^<])?'
    return re.compile(rb"<c(?=[\s/>])(?!" + ordinary + rb")" + formatted)


def _letters_to(last_column: int) -> bytes:
    """Return a pattern of the column letters from A to the last column; any letters when there are three."""
    if last_column < _LETTERS:
        return rb"[A-%c]" % (ord("A") + last_column)
    first, second = divmod(last_column - _LETTERS, _LETTERS)
    if first >= _LETTERS:
        return rb"[A-Z]{1,3}"
    before = rb"[A-%c][A-Z]|" % (ord("A") + first - 1) if first else b""
    return rb"[A-Z]|%b%c[A-%c]" % (before, ord("A") + first, ord("A") + second)


def _walked(data: bytes, styles: Styles) -> Marks:
    """Look at every row and cell; one without an address follows the one before."""
    marks, row, column = Marks(), -1, -1
    for tag in _TAGS.finditer(data):
        if tag[1] == b"row":
            match = _ROW.match(data, tag.start())
            if match is None:
                raise RefusedError("INN-C13", found=data[tag.start() : tag.start() + 40].decode("latin-1"))
            row, column = _add_row(match[0], marks, row + 1), -1
            continue
        row, column = _add_cell(data, tag.start(), marks, styles, (max(row, 0), column + 1))
    return marks


def _add_row(tag: bytes, marks: Marks, follows: int | None) -> int:
    attributes = _attributes(tag)
    if "r" in attributes:
        if not re.fullmatch(rb"[1-9][0-9]{0,6}", attributes["r"]) or int(attributes["r"]) > LAST_ROW:
            raise RefusedError("INN-C13", found=tag[:80].decode("latin-1"))
        follows = int(attributes["r"]) - 1
    elif follows is None:
        raise _UnusualError
    if attributes.get("hidden") in _TRUE:
        marks.hidden_rows.append(follows)
    return follows


def _attributes(tag: bytes) -> dict[str, bytes]:
    return {name.decode("latin-1"): double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _add_cell(
    data: bytes, start: int, marks: Marks, styles: Styles, follows: tuple[int, int] | None
) -> tuple[int, int]:
    """Note what matters about one cell; return where it stands."""
    match = _CELL.match(data, start)
    end = _END.search(data, match.end()) if match and not match[2] else None
    if match is None or (not match[2] and end is None):
        raise RefusedError("INN-C13", found=data[start : start + 40].decode("latin-1"))
    attributes = _attributes(match[1])
    if "r" in attributes:
        place = _range(attributes["r"])[:2]
    elif follows is not None:
        place = follows
    else:
        raise _UnusualError
    if end is not None:
        _note_content(data[match.end() : end.start()], attributes, place, marks, styles)
    return place


def _note_content(
    body: bytes, attributes: dict[str, bytes], place: tuple[int, int], marks: Marks, styles: Styles
) -> None:
    value = _VALUE.search(body)
    text = value[1].strip() if value else b""
    kind, style = attributes.get("t", b"n"), attributes.get("s", b"0")
    is_uncached = not text and kind not in (b"str", b"inlineStr") and _FORMULA.search(body) is not None
    if text or is_uncached or _INLINE.search(body):
        marks.reach(*place)
    marks.has_truth |= kind == b"b"
    if kind == b"e":
        marks.faults.append(("error", *place, unescape(text.decode("utf-8", "replace"))))
    elif is_uncached:
        formula = re.sub(rb"<[^<>]*>", b"", body).decode("utf-8", "replace")
        marks.faults.append(("uncached", *place, "=" + unescape(formula)[:100]))
    elif text and kind == b"n" and (style in styles.zeros or style in styles.percent):
        marks.add_format(*place, styles.zeros.get(style, 0))


def _add_surroundings(data: bytes, marks: Marks) -> None:
    """Add hidden columns, the filter and merged ranges, all clipped to the part that is used."""
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
    columns, places = _Columns(), []
    for corner in reference.split(b":"):
        match = _REFERENCE.fullmatch(corner)
        if match is None or columns[match[1]] >= LAST_COLUMN or int(match[2]) > LAST_ROW:
            raise RefusedError("INN-C13", found=reference[:40].decode("latin-1"))
        places.append((int(match[2]) - 1, columns[match[1]]))
    return (*places[0], *places[-1])


class _Columns(dict[bytes, int]):
    """Positions of column letters, from 0, each worked out once."""

    def __missing__(self, letters: bytes) -> int:
        position = 0
        for letter in letters:
            position = position * _LETTERS + letter - ord("A") + 1
        self[letters] = position - 1
        return position - 1
