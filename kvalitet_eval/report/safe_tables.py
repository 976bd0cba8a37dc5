"""Tables as CSV and XLSX that a spreadsheet opens as data: numbers stay numbers, text never becomes a formula."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import xlsxwriter

from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Cell, Table, TableColumn

Value = str | int | float | bool | None
PRINTED_ONLY = ("text", "quarter", "window", "date")
"""Kinds of columns that are written as they are printed: there is no number behind them."""
_FORMULA = re.compile(
    r"(^|[,;|])([\s\"\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])"
)
_SIGN_ALONE = ("-", "--")
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?(?:[ \u00a0]%)?", re.ASCII)
_FIXED_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
_LARGEST_EXACT = 2**53
_LONGEST_SHEET_NAME = 31
_A4 = 9
_LINE, _MOST_LINES = 15.0, 20
_NOT_IN_SHEET_NAMES = re.compile(r"[^\w .()-]|^[\W_]+")


class _Exact(float):
    """A number that is written with all its digits; the workbook's writer would stop at sixteen."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def neutral(value: str) -> str:
    r"""Return text that no spreadsheet reads as a formula, also when it is split at another sign than it was set with.

    An apostrophe is set before `= + - @` (full-width ones too) at the beginning and after a comma, a semicolon or a
    bar, blanks and quotes not counted; tabs, line ends and other control characters become blanks. A minus that stands
    alone is a mark, and is kept.

    Examples
    --------
    >>> neutral("=1+1"), neutral("\t@SUM(1)"), neutral("a;=1+1"), neutral("Nord-Aurdal"), neutral("-")
    ("'=1+1", " '@SUM(1)", "a;'=1+1", 'Nord-Aurdal', '-')
    """
    if value in _SIGN_ALONE:
        return value
    one_line = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in value)
    return _FORMULA.sub(r"\1\2'", one_line)


def csv_text(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], *, delimiter: str = ";", decimal: str = ","
) -> str:
    """Return delimited text: every text in quotes, every number bare, lines ended by return and line feed.

    Parameters
    ----------
    headings : sequence of str
        One per column.
    rows : iterable of sequences
        Values; None, NaN and infinite numbers are empty.
    delimiter, decimal : str
        Two different signs.

    Raises
    ------
    ValueError
        The two signs are the same, or a row has another length than the headings.
    """
    if delimiter == decimal:
        raise ValueError("the sign between columns must not be the decimal sign")
    lines = [delimiter.join(_quoted(heading) for heading in headings)]
    for row in rows:
        fields = (_csv_field(value, decimal) for _, value in zip(headings, row, strict=True))
        lines.append(delimiter.join(fields))
    return "\r\n".join(lines) + "\r\n"


def _csv_field(value: Value, decimal: str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None or not math.isfinite(value):
        return ""
    return str(int(value)) if isinstance(value, int) else repr(float(value)).replace(".", decimal)


def _quoted(value: str) -> str:
    return '"' + neutral(value).replace('"', '""') + '"'


class SheetColumn(NamedTuple):
    """How a column of a sheet looks: how its numbers are shown, how wide it is in signs, on which side text stands."""

    number_format: str = ""
    width: float = 12
    is_right: bool = False


class Sheet(NamedTuple):
    """One sheet of a workbook; headings and rows are enough.

    Parameters
    ----------
    headings, rows : sequence, iterable of sequences
        Values as for :func:`csv_text`; the row of headings and the first column stay in sight.
    above, below : sequence of str
        Lines over the headings, the first of them as a title, and lines under the rows; each as wide as the table.
    columns : sequence of SheetColumn
        One per column, or none for a plain table.
    """

    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    columns: Sequence[SheetColumn] = ()


def xlsx_bytes(sheets: Mapping[str, Sheet], properties: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return a workbook: one sheet per entry; the same content gives the same bytes.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Names of sheets are made valid and different. Whole numbers too large to be exact in a spreadsheet, and text,
        are written as text.
    properties : mapping of str to str
        Of the document, as `Workbook.set_properties` of xlsxwriter names them.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({**{name: neutral(value) for name, value in properties.items()}, "created": _FIXED_TIME})
        looks = _Looks(book)
        taken: set[str] = set()
        for name, content in sheets.items():
            _fill(book.add_worksheet(_sheet_name(name, taken)), Sheet(*content), looks)
    return stream.getvalue()


class _Looks:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Any] = {}

    def __call__(
        self, number: str = "", *, bold: bool = False, size: int = 11, line: bool = False, right: bool = False
    ) -> Any:
        key = (number, bold, size, line, right)
        if key not in self._made:
            about = {"num_format": number or "@", "bold": bold, "font_size": size, "text_wrap": not number}
            sides = {"valign": "bottom" if line else "top", "bottom": int(line), "align": "right" if right else ""}
            look = self._book.add_format({name: value for name, value in (about | sides).items() if value})
            if not number:
                look.set_quote_prefix()
            self._made[key] = look
        return self._made[key]


def _fill(sheet: Any, content: Sheet, looks: _Looks) -> None:
    columns = content.columns or [SheetColumn() for _ in content.headings]
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    for number, line in enumerate(content.above):
        _spread(sheet, number, line, looks(bold=number == 0, size=14 if number == 0 else 11), columns)
    head = number = len(content.above) + bool(content.above)
    for number, row in enumerate([content.headings, *content.rows], start=head):
        is_head = number == head
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            as_text = looks(bold=is_head, line=is_head, right=column.is_right)
            _write(sheet, (number, index), value, as_text, looks(column.number_format or "General"))
        sheet.set_row(number, _LINE * max(_n_lines(value, c.width) for value, c in zip(row, columns, strict=True)))
    for place, line in enumerate(content.below, start=number + 2):
        _spread(sheet, place, line, looks(), columns)
    sheet.freeze_panes(head + 1, 1)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _spread(sheet: Any, row: int, line: str, look: Any, columns: Sequence[SheetColumn]) -> None:
    """Write a line over the whole width of the table, in as many lines as it needs."""
    if len(columns) > 1:
        sheet.merge_range(row, 0, row, len(columns) - 1, "", look)
    _write(sheet, (row, 0), line, look)
    room = sum(column.width for column in columns) * 11 / look.font_size
    sheet.set_row(row, _LINE * look.font_size / 11 * _n_lines(line, room))


def _n_lines(value: Value, width: float) -> int:
    """Lines that a text needs in a cell; spreadsheets do not find out by themselves in every case."""
    return min(-(-len(value) // max(int(width), 1)), _MOST_LINES) if isinstance(value, str) and value else 1


def _write(sheet: Any, place: tuple[int, int], value: Value, as_text: Any, as_number: Any = None) -> None:
    """Write one cell: text as text whatever it looks like, numbers with all their digits, nothing for no value.

    A number with its sign that the report prints as text has nothing in it to calculate, and is left as it is.
    """
    if isinstance(value, str) and _SIGNED_NUMBER.fullmatch(value):
        sheet.write_string(*place, value, as_text)
    elif isinstance(value, str) or (isinstance(value, int) and abs(value) > _LARGEST_EXACT):
        sheet.write_string(*place, neutral(str(value)), as_text)
    elif value is not None and math.isfinite(value):
        sheet.write_number(*place, _Exact(value), as_number)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _NOT_IN_SHEET_NAMES.sub(" ", name).strip(" -.()")[:_LONGEST_SHEET_NAME].strip() or "1"
    base = f"{base} 1" if base.lower() == "history" else base
    found, number = base, 1
    while found.lower() in taken:
        number += 1
        found = f"{base[: _LONGEST_SHEET_NAME - len(str(number)) - 1]} {number}"
    taken.add(found.lower())
    return found


def column_cells(table: Table, language: str = "nb") -> Iterator[tuple[TableColumn, list[str], list[list[Value]]]]:
    """Yield each column of a finished table with its headings and the values of its rows.

    Numbers are those behind the printed text, and a cell without a number keeps its mark. An interval is two columns;
    numbers and intervals that stand in one column are three.
    """
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in table.rows]
        limits = [text(f"export.{limit}", language, heading=column.heading) for limit in ("low", "high")]
        if column.kind == "interval":
            yield column, limits, [_limits(cell) for cell in cells]
        elif any(isinstance(cell.value, tuple) for cell in cells) and column.kind == "mixed":
            yield column, [column.heading, *limits], [_value_or_limits(cell) for cell in cells]
        else:
            is_printed = column.kind in PRINTED_ONLY
            values = [cell.text if is_printed or cell.value is None else cell.value for cell in cells]
            yield column, [column.heading], [[value] for value in values]


def _limits(cell: Cell) -> list[Value]:
    limits = cell.value if isinstance(cell.value, tuple) else (cell.value, cell.value)
    return [cell.text if limit is None else limit for limit in limits]


def _value_or_limits(cell: Cell) -> list[Value]:
    if isinstance(cell.value, tuple):
        return [None, *_limits(cell)]
    return [cell.text if cell.value is None else cell.value, None, None]
