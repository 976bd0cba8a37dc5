"""The cells of a worksheet as spreadsheet programs write them, each different cell looked at once.

Runs in the workbook's process. A row is cut at the addresses of its cells. What stands between two of them, the rest of
a cell and the letters of the next, occurs again in many rows, so each such piece is understood once and the parser of
workbooks need only see one cell of each kind. A sheet written in another way is not touched here
(:class:`UnusualError`).
"""

from __future__ import annotations

import operator
import re
from array import array
from collections.abc import Iterator, Sequence

from kvalitet_eval.prepare.files.workbook_contents import END, Contents, CutError
from kvalitet_eval.prepare.files.workbook_marks import LAST_COLUMN, LAST_ROW, Marks, UnusualError, check_area

_BLOCK = 2**22  # bytes of rows that are cut at a time
_ROW_END, _ROW_START = b"</row>", b'<row r="'
_EMPTY_ROWS = re.compile(rb"(?:\s*<row\s[^<>]*/>)*\s*")
_ADDRESS = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')


class Cells:
    """The cells of one sheet that passed :func:`workbook_marks.plain_part`, as numbers of contents.

    Raises
    ------
    UnusualError
        The sheet is not written in the ordinary way.
    RefusedError
        ``INN-C12`` more cells than can be read.
    """

    def __init__(self, data: bytes, contents: Contents) -> None:
        self.last_row = self.last_column = -1
        self._contents = contents
        self._blocks: list[tuple[int, dict[int, array]]] = []
        self._after = 0  # the row below those that were read, from 0
        for block in _blocks(data):
            try:
                self._read(block, _cut(block))
            except CutError:
                self._read(block, _cut_with_care(block))

    def numbers(self) -> array:
        """Return the numbers row by row, ``last_column + 1`` of each from the first row to ``last_row``."""
        width, height = self.last_column + 1, self.last_row + 1
        cells = array("I", bytes(4 * width * height))
        for first, columns in self._blocks:
            for column, numbers in columns.items():
                stop = min(first + len(numbers), height)
                cells[first * width + column : stop * width : width] = numbers[: stop - first]
        return cells

    def mark(self, marks: Marks, numbers: array) -> None:
        """Note the remarkable cells, in their order."""
        marks.reach(self.last_row, self.last_column)
        if remarkable := self._contents.marked:
            for place, number in enumerate(numbers):
                if number in remarkable:
                    marks.add(divmod(place, self.last_column + 1), remarkable[number])

    def _read(self, block: bytes, cut: Iterator[tuple[bytes, list[bytes]]]) -> None:
        names, rows = zip(*cut, strict=True)
        if not b"".join(names).isdigit() or any(name.startswith(b"0") for name in names):
            raise UnusualError
        lines = [int(name) - 1 for name in names]
        if not self._after <= lines[0] or not all(map(operator.lt, lines, lines[1:])) or lines[-1] >= LAST_ROW:
            raise UnusualError
        columns = None
        if lines[-1] - lines[0] == len(lines) - 1 and len(set(map(len, rows))) == 1:
            columns = self._even(lines[0], rows)
        if columns is None:
            columns = self._uneven(lines, rows)
        self._blocks.append((lines[0], columns))
        self._after = lines[-1] + 1

    def _even(self, first: int, rows: Sequence[list[bytes]]) -> dict[int, array] | None:
        """Read rows that follow one another and have the same columns, column by column."""
        heads, *cells = zip(*rows, strict=True)
        following = set(map(self._contents.column_after, set(heads)))
        columns: dict[int, array] = {}
        for pieces in cells:
            column = following.pop() if len(following) == 1 else None
            taken = None if column is None else self._contents.take_column(pieces)
            if taken is None:
                return None
            numbers, after = taken
            self._check_order(column, after)
            columns[column] = numbers
            following = {after}
        if following != {END}:
            return None
        return self._reached(columns, first)

    def _uneven(self, lines: Sequence[int], rows: Sequence[list[bytes]]) -> dict[int, array]:
        """Read rows one by one; what holds something is kept, wherever it stands."""
        found: list[tuple[int, int, int]] = []
        for line, (head, *pieces) in zip(lines, rows, strict=True):
            column = self._contents.column_after(head)
            for piece in pieces:
                number, after = self._contents.take(piece)
                self._check_order(column, after)
                if number:
                    found.append((line, column, number))
                column = after
            if column != END:
                raise CutError
        last_row = max((line for line, _, _ in found), default=-1)
        last_column = max((column for _, column, _ in found), default=-1)
        check_area(max(last_row, self.last_row), max(last_column, self.last_column))
        height = last_row + 1 - lines[0]
        columns = {column: array("I", bytes(4 * height)) for column in sorted({column for _, column, _ in found})}
        for line, column, number in found:
            columns[column][line - lines[0]] = number
        return self._reached(columns, lines[0])

    def _check_order(self, column: int, after: int) -> None:
        if column == END:
            raise CutError
        if column >= LAST_COLUMN or (after != END and after <= column):
            raise UnusualError

    def _reached(self, columns: dict[int, array], first: int) -> dict[int, array]:
        """Widen the sheet to the cells that hold something."""
        heights = {column: _height(numbers) for column, numbers in columns.items()}
        used = {column: columns[column] for column, height in heights.items() if height}
        if used:
            self.last_column = max(self.last_column, *used)
            self.last_row = max(self.last_row, first + max(heights.values()) - 1)
            check_area(self.last_row, self.last_column)
        return used


def _height(numbers: array) -> int:
    """Return how many rows of a column are left without the empty ones at its end."""
    return -(-len(numbers.tobytes().rstrip(b"\0")) // numbers.itemsize)


def _blocks(data: bytes) -> Iterator[bytes]:
    """Yield some whole rows at a time."""
    start, stop = data.find(b"<sheetData>") + len(b"<sheetData>"), data.find(b"</sheetData>")
    end = data.rfind(_ROW_END, 0, max(stop, 0)) + len(_ROW_END)
    if start < len(b"<sheetData>") or end < start or not _EMPTY_ROWS.fullmatch(data, end, stop):
        raise UnusualError
    while start < end:
        cut = data.rfind(_ROW_END, start, min(start + _BLOCK, end))
        cut = (cut if cut >= 0 else data.find(_ROW_END, start)) + len(_ROW_END)
        yield data[start:cut]
        start = cut


def _rows(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the number of each row and what stands from that number to the end of the row."""
    for row in block.split(_ROW_END)[:-1]:
        start = 0 if row.startswith(_ROW_START) else _EMPTY_ROWS.match(row).end()
        text = row[start + len(_ROW_START) :]
        if not row.startswith(_ROW_START, start):
            raise UnusualError
        yield text[: text.find(b'"')], text


def _cut(block: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """Cut rows wherever their number stands before a quotation mark, as it does in addresses."""
    for name, text in _rows(block):
        yield name, text.split(name + b'"')[1:]


def _cut_with_care(block: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """Cut rows at addresses only, which takes longer."""
    for name, text in _rows(block):
        rest = text[len(name) + 1 :]
        between, letters, names = (_ADDRESS.split(rest)[place::3] for place in range(3))
        if not set(names) <= {name}:
            raise UnusualError
        tails = [b'<c r="' + each for each in letters]
        yield name, [*map(operator.add, between, tails), between[-1]]
