"""The reading of one workbook, in the process of its own: every cell as text.

Only the standard library and python-calamine are imported (:mod:`kvalitet_eval.prepare.files.separate_process`).
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import compress, islice, product, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from kvalitet_eval.prepare.files.cell_text import date_text, number_text, number_texts, truth_text
from kvalitet_eval.prepare.files.separate_process import RefusedError, limit_memory
from kvalitet_eval.prepare.files.workbook_cells import Cells
from kvalitet_eval.prepare.files.workbook_contents import Contents
from kvalitet_eval.prepare.files.workbook_guard import Package
from kvalitet_eval.prepare.files.workbook_marks import (
    Marks,
    UnusualError,
    add_hidden_rows,
    add_surroundings,
    check_declared,
    plain_part,
    walked,
)
from kvalitet_eval.prepare.files.workbook_strings import as_shown, shared_strings
from kvalitet_eval.prepare.files.workbook_styles import Styles, read_styles

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEMORY_AT_FIRST = 400 * 2**20
MEMORY_FOR_EACH_BYTE = 6
"""Bytes of memory for each byte of the unpacked file, beside ``MEMORY_AT_FIRST``: the parts, the cells, their text."""
_CHUNK = 8_192  # rows
ZEROS, PERCENT, MERGED = range(3)
"""Why a text is another than the number that stands in the file."""


def read(data: bytes) -> tuple[dict[str, Any], list[array]]:
    """Return the sheets (names, sizes, what was found) with all texts once, and lines, cells and changes as numbers.

    Raises
    ------
    RefusedError
        With the codes of :func:`kvalitet_eval.prepare.files.workbook.read_workbook`.
    """
    limit_memory(MEMORY_AT_FIRST + 3 * len(data))
    package = Package(data)
    limit_memory(MEMORY_AT_FIRST + 3 * len(data) + MEMORY_FOR_EACH_BYTE * package.n_unpacked)
    parts = {}
    if name := package.related("sharedStrings"):
        parts[name] = shared_strings(package.part(name))
    if name := package.related("styles"):
        parts[name] = package.part(name)
    styles = read_styles(parts.get(name) if name else None)
    contents, sheets = Contents(styles), []
    for sheet in package.sheets:
        data = as_shown(plain_part(package.part(sheet.part)))
        sheets.append(_looked_at(data, styles, contents))
        if sheets[-1].numbers is None:
            parts[sheet.part] = data
    usual = next(
        (sheet for sheet, found in zip(package.sheets, sheets, strict=True) if found.numbers is not None), None
    )
    if usual:
        parts[usual.part] = contents.written()
    grids = _Grids(package, parts)
    if usual:
        contents.fill_in(_written_texts(grids.of(usual.name)))
    texts, head, numbers = _Texts(contents.texts), [], []
    for sheet, found in zip(package.sheets, sheets, strict=True):
        table = _Table(found, None if found.numbers is not None else grids.of(sheet.name), texts)
        head.append({"name": sheet.name, "is_hidden": sheet.is_hidden, **table.head})
        numbers += [table.lines, table.cells, table.changes]
    return {"sheets": head, "texts": texts.known}, numbers


class _Sheet(NamedTuple):
    """What is known of a sheet before its values: marks, and the cells as numbers if it is written as usual."""

    marks: Marks
    numbers: array | None
    width: int


def _looked_at(data: bytes, styles: Styles, contents: Contents) -> _Sheet:
    check_declared(data)
    marks = Marks()
    try:
        cells = Cells(data, contents)
        numbers = cells.numbers()
        cells.mark(marks, numbers)
        add_hidden_rows(data, marks)
        width = cells.last_column + 1
    except UnusualError:
        marks, numbers, width = walked(data, styles), None, 0
    add_surroundings(data, marks)
    return _Sheet(marks, numbers, width)


def _written_texts(grid: CalamineSheet) -> Iterator[str]:
    """Yield the texts of :meth:`Contents.written`; its first row only makes the others as wide."""
    for row in islice(grid.iter_rows(), 1, None):
        yield from map(_text, row)


class _Grids:
    """What the parser of workbooks makes of the parts: sheets written in unusual ways, and each different content."""

    def __init__(self, package: Package, parts: dict[str, bytes]) -> None:
        import python_calamine  # noqa: PLC0415

        self._errors = (python_calamine.CalamineError, ValueError, OSError)
        self._workbook = self._or_refused(lambda: python_calamine.load_workbook(package.repacked(parts)))

    def of(self, name: str) -> CalamineSheet:
        """Return the cells of a sheet."""
        return self._or_refused(lambda: self._workbook.get_sheet_by_name(name))

    def _or_refused(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except self._errors as error:
            raise RefusedError("INN-C13", found=str(error)) from error


class _Texts(dict[Any, int]):
    """The number of each value's text, worked out once; ``known`` has the texts in order, the empty one first."""

    def __init__(self, known: list[str]) -> None:
        super().__init__({"": 0})
        self.known = known

    def __missing__(self, value: object) -> int:
        number = self[value] = len(self.known)
        self.known.append(_text(value))
        return number

    def numbers(self, values: Sequence[object]) -> array:
        """Return the numbers of many values; where most are different, looking them up does not pay."""
        if len(set(values)) * 2 < len(values) or set(map(type, values)) != {float}:
            return array("I", map(self.__getitem__, values))
        first = len(self.known)
        self.known += number_texts(values)
        return array("I", range(first, len(self.known)))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, bool):
        return truth_text(value)
    return date_text(value) if isinstance(value, dt.date) else str(value)


def _distinct(value: object) -> object:
    """Return a logical value as text: TRUE equals 1, so they may not be looked up beside one another."""
    return truth_text(value) if isinstance(value, bool) else value


class _Table:
    """The cells of one sheet as numbers of texts, row by row."""

    def __init__(self, found: _Sheet, grid: CalamineSheet | None, texts: _Texts) -> None:
        # A cell without a value is no part of the grid, but its row must be there to be refused.
        self._texts, marks = texts, found.marks
        width = found.width if grid is None else grid.end[1] + 1 if grid.end else 0
        self._width = max([width, *(column + 1 for _, _, column, _ in marks.faults)])
        self.cells = array("I") if found.numbers is None else _without_blank(found.numbers, texts.known)
        if grid is not None:
            self._fill(grid, has_truth=marks.has_truth)
        n_cells = self._width * max((row + 1 for _, row, _, _ in marks.faults), default=0)
        self.cells.extend(repeat(0, n_cells - len(self.cells)))
        self.changes = array("I")  # line, column, text before, text after, why; line, ...
        self._apply_formats(marks)
        self._apply_errors(marks)
        self._unfold(marks)
        self.lines = array("I")
        self._drop_empty()
        self.head = {
            "width": self._width,
            "n_lines": len(self.lines),
            "n_changes": len(self.changes) // 5,
            "faults": marks.faults,
            "hidden_rows": [row + 1 for row in marks.hidden_rows],
            "hidden_columns": marks.hidden_columns,
            "has_filter": marks.has_filter,
            "looks": {name: places.tolist() for name, places in marks.looks.items()},
            "merged": [list(span) for span in marks.merged],
        }

    def _fill(self, grid: CalamineSheet, *, has_truth: bool) -> None:
        """Take the rows some thousands at a time, column by column; they begin in row 1 and the first used column."""
        rows = iter(grid.iter_rows() if grid.end else ())
        while chunk := list(islice(rows, _CHUNK)):
            block = array("I", bytes(4 * self._width * len(chunk)))
            for column, values in enumerate(zip(*chunk, strict=True), start=grid.start[1]):
                block[column :: self._width] = self._texts.numbers(
                    tuple(map(_distinct, values)) if has_truth else values
                )
            self.cells += block

    def _holds(self, row: int, column: int) -> bool:
        return column < self._width and row * self._width < len(self.cells)

    def _apply_formats(self, marks: Marks) -> None:
        """Write the numbers whose format matters as the format shows them."""
        shown = _ShownNumbers(self._texts)
        there = [self._holds(row, column) for row, column in zip(marks.rows, marks.columns, strict=True)]
        rows, columns, digits = (tuple(compress(items, there)) for items in (marks.rows, marks.columns, marks.digits))
        places = [row * self._width + column for row, column in zip(rows, columns, strict=True)]
        changes = map(shown.__getitem__, zip(map(self.cells.__getitem__, places), digits, strict=True))
        for place, row, column, (before, after, why) in zip(places, rows, columns, list(changes), strict=True):
            if before != after:
                self.cells[place] = after
                self.changes.extend((row + 1, column, before, after, why))

    def _apply_errors(self, marks: Marks) -> None:
        for _, row, column, text in marks.faults:
            if self._holds(row, column):
                self.cells[row * self._width + column] = self._texts[text]

    def _unfold(self, marks: Marks) -> None:
        """Put the text of a merged range into each of its cells that is empty."""
        for top, left, bottom, right in marks.merged:
            number = self.cells[top * self._width + left] if self._holds(top, left) else 0
            for row, column in product(range(top, bottom + 1), range(left, right + 1)) if number else ():
                if self._holds(row, column) and not self.cells[row * self._width + column]:
                    self.cells[row * self._width + column] = number
                    self.changes.extend((row + 1, column, 0, number, MERGED))

    def _drop_empty(self) -> None:
        """Leave out the rows without any text; ``lines`` tells which are left."""
        step = self.cells.itemsize * self._width
        n_rows = len(self.cells) // self._width if step else 0
        if self.cells.tobytes().find(bytes(step or 1)) < 0:
            self.lines.extend(range(1, n_rows + 1))
            return
        empty, kept, view = bytes(step), array("I"), memoryview(self.cells).cast("B")
        for row in range(n_rows):
            cells = view[row * step : (row + 1) * step]
            if cells != empty:
                self.lines.append(row + 1)
                kept.frombytes(cells)
        self.cells = kept


def _without_blank(numbers: array, texts: list[str]) -> array:
    """Give every cell without text the same number."""
    blank = {number for number, text in enumerate(texts) if not text}
    return numbers if len(blank) == 1 else array("I", (0 if number in blank else number for number in numbers))


class _ShownNumbers(dict[tuple[int, int], tuple[int, int, int]]):
    """Numbers of the texts before and after, and why, for a text and the digits that its format shows."""

    def __init__(self, texts: _Texts) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, key: tuple[int, int]) -> tuple[int, int, int]:
        text, digits = self._texts.known[key[0]], key[1]
        after = text.zfill(digits) if text.isdigit() else text
        if not digits:
            text, after = _percent(text)
        change = self[key] = (self._texts[text], self._texts[after], ZEROS if digits else PERCENT)
        return change


def _percent(text: str) -> tuple[str, str]:
    """Return a share as it stands in the file and as per cent."""
    try:
        number = Decimal(text).normalize()
    except InvalidOperation:
        return text, text
    return format(number, "f"), f"{format(number.scaleb(2), 'f')} %"
