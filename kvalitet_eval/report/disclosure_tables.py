"""Set the cells of a table, and the lines of a text, beside what names them: headings, titles, rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvalitet_eval.report.disclosure_record import QUARTER_OR_DATE
from kvalitet_eval.report.disclosure_seen import Seen, joined

Rows = Sequence[Sequence[str]]
_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w,])")
_CODE = re.compile(r"^\d{4}(?=\s+[^\W\d])")
_MARK = re.compile(r"(?:^|[\s|])(?::|\.\.|\.)(?=$|[\s|])")
_FIGURE = re.compile(r"[+\-\u2212\u2013]?\d[\d.,\u00a0\u202f]*%?|:|\.\.|\.|[-\u2013]")
_PARTED = re.compile(r"(?<!\S)(0\d{5}|0\d[.]\d\d[.]\d\d) \| (\d{5})(?!\S)")
_BETWEEN_ROWS = re.compile(r"(?<=[\])}]),\s*(?=[\[({])")
_MOST_HEADINGS, _MOST_NAMING = 3, 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with what names it; ``key``, ``near`` and ``wide`` as for ``Seen``."""

    row: int
    column: int
    text: str
    key: str
    near: str
    wide: str


def has_figures(text: str) -> bool:
    """Whether a text has a number or a mark in place of one; quarters, days, years and codes before a name are none.

    Examples
    --------
    >>> [has_figures(text) for text in ("3. kv. 2007", "2007", "1719 Levanger", "8,3", ":", "Levanger")]
    [False, False, False, True, True, False]
    """
    text = _CODE.sub("", QUARTER_OR_DATE.sub(" ", text.strip()))
    return _MARK.search(text) is not None or any(sign.isdigit() for sign in _YEAR.sub(" ", text))


def cells_of(rows: Rows) -> Iterator[Cell]:
    """Yield the cells of a table with all its headings, what stands above it, and a name that is written only once.

    Parameters
    ----------
    rows : sequence of sequence of str
        All rows in order, titles above the headings included; rows may differ in length.
    """
    first = next((number for number, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    above = joined(cell for row in rows[:first] for cell in row)
    n_headings = _count_headings(rows[first:])
    headings = _headings(rows[first : first + n_headings])
    corner = next(iter(headings[0]), "") if headings else ""
    section, before = "", []
    named = _named(headings, above, corner, section)
    for number, row in enumerate(rows):
        is_heading = number < first + n_headings
        if not is_heading and _is_section(row):
            section = row[0]
            named = _named(headings, above, corner, section)
        filled = list(row) if is_heading else _filled(row, before)
        before = filled if not is_heading else before
        near = joined(filled)
        for column, text in enumerate(row):
            key, wide = named[column] if column < len(named) and number >= first else ("", joined([above, section]))
            yield Cell(number, column, text, "" if is_heading else key, near, wide)


def _is_section(row: Sequence[str]) -> bool:
    return bool(row) and bool(row[0]) and not any(row[1:]) and not has_figures(row[0])


def _named(headings: list[list[str]], *around: str) -> list[tuple[str, str]]:
    """The uppermost heading of each column, and all that stands over it."""
    return [(next(iter(over), ""), joined([*around[:-1], *over, around[-1]])) for over in headings]


def parted(row: str, place: str) -> Iterator[Seen]:
    """Yield what may be a person number in two cells: a day that begins with a zero, and five digits beside it.

    Examples
    --------
    >>> [seen.content for seen in parted("Kari | 010107 | 10029", "a")]
    ['010107 10029']
    """
    yield from (Seen(place, f"{found[1]} {found[2]}", is_measure=False) for found in _PARTED.finditer(row))


def _count_headings(rows: Rows) -> int:
    """Rows without figures that stand over the first with some; one where there are no figures at all."""
    for number, row in enumerate(rows[: _MOST_HEADINGS + 1]):
        if any(map(has_figures, row)) or (number and _is_section(row)):
            return max(number, 1)
    return 1


def _headings(rows: Rows) -> list[list[str]]:
    """Texts over each column, the uppermost first; but for the lowest, one holds until the next to its right."""
    width = max(map(len, rows), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        last = ""
        for column in range(width):
            text = row[column] if column < len(row) else ""
            last = text or (last if number < len(rows) - 1 else "")
            columns[column] += [last] if last else []
    return columns


def _filled(row: Sequence[str], before: Sequence[str]) -> list[str]:
    """Put what stands in the row above in blank cells that begin a row, where another name follows."""
    start = next((number for number, text in enumerate(row) if text), 0)
    if not start or has_figures(row[start]) or any(map(has_figures, before[:start])):
        return list(row)
    return [*before[:start], *row[start:]]


class Lines:
    """Reads lines in order and knows what stood above each: headings, the names of columns, and lines without figures.

    Parameters
    ----------
    over : str
        What stands over all lines.
    """

    def __init__(self, over: str = "") -> None:
        self._over = over
        self._naming: list[str] = []
        self._quarters: list[str] = []
        self._first = ""
        self._heading = ""
        self._table: list[str] = []

    def blank(self) -> None:
        """End a block: a table or a paragraph."""
        self._first, self._quarters, self._table = "", [], []

    def read(self, line: str, place: str) -> Iterator[Seen]:
        """Yield a line, or its figures each with the quarter of its column when the line is a row of a table."""
        self._heading = line if line.startswith("#") else self._heading
        self._first = self._first or ("" if _MARK.search(line) else line)
        wide = joined([self._over, self._heading, self._first, *self._naming])
        if line.lstrip().startswith("|") and line.count("|") > 1:
            yield from self._row(line, place, wide)
        elif len(rows := _BETWEEN_ROWS.split(line)) > 1:
            yield Seen(place, line, near=line, is_measure=False)
            yield from (Seen(place, row, near=row, wide=joined([self._over, self._heading])) for row in rows)
        else:
            yield from self._plain(line, place, wide)
        if not has_figures(line) and not line.lstrip().startswith("|"):
            self._naming = [*self._naming, line][-_MOST_NAMING:]

    def _row(self, line: str, place: str, wide: str) -> Iterator[Seen]:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        yield Seen(place, line, near=line, is_measure=False)
        if not self._table:
            self._table = cells
        for number, cell in enumerate(cells if cells != self._table else ()):
            key = self._table[number] if number < len(self._table) else ""
            above = joined([self._over, self._heading, *self._naming, self._table[0], key])
            yield Seen(f"{place}:{number + 1}", cell, key, joined(cells), above)

    def _plain(self, line: str, place: str, wide: str) -> Iterator[Seen]:
        words = line.split()
        n_columns = len(self._quarters)
        is_row = 1 < n_columns < len(words) and all(map(_FIGURE.fullmatch, words[-n_columns:]))
        if is_row and not _FIGURE.fullmatch(words[-n_columns - 1]):
            name = " ".join(words[:-n_columns])
            yield Seen(place, line, near=line, is_measure=False)
            above = joined([self._over, self._heading, *self._naming])
            above = QUARTER_OR_DATE.sub(" ", above)
            for quarter, figure in zip(self._quarters, words[-n_columns:], strict=True):
                yield Seen(place, figure, quarter, joined([name, quarter, figure]), above)
            return
        yield Seen(place, line, near=line, wide=wide)
        quarters = [found[0] for found in QUARTER_OR_DATE.finditer(line)]
        if len(quarters) > 1 and not has_figures(line):
            self._quarters = quarters
