"""A file whose cells are typed and whose faults are not yet gathered."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.files.locate import TextTable
from kvalitet_eval.prepare.files.raw_sheet import cell_address
from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.ledger import LedgerBlock, LedgerEntry
from kvalitet_eval.prepare.rules.header_rules import HeaderMatch
from kvalitet_eval.prepare.rules.municipality_rules import Places, RegisterLike, gather_places, resolve
from kvalitet_eval.prepare.rules.number_rules import STATUS_SUFFIX
from kvalitet_eval.prepare.rules.totals import Aside, set_aside
from kvalitet_eval.prepare.rules.typed_column import TypedColumn
from kvalitet_eval.prepare.rules.typing_rules import decimal_summary, type_column, visible

_DTYPES = {"number": "float64", "count": "Int64"}
_STATISTICS_NORWAY = re.compile(r"\bSSB\b|Statistisk sentralbyrå|Statistics Norway", re.IGNORECASE)
_YEAR_OF_ROW = "municipality_number"  # the column whose numbers are also checked by a year or a date in the row


@dataclass(frozen=True, slots=True)
class Draft:
    """Typed cells by column, what each row is about, and the rows that are no municipality."""

    table: TextTable
    layout: Layout
    header: HeaderMatch
    cells: dict[str, TypedColumn]
    places: Places
    aside: Aside

    def frame(self) -> pd.DataFrame:
        """All rows, also those set aside, with the line of each; index is the position from 0."""
        columns, n, aside = {}, len(self.table.rows), self.aside.rows
        for column in self.layout.columns:
            typed = self.cells.get(column.name)
            if typed is not None:
                columns[column.name] = typed.series(_DTYPES.get(column.kind, "str"))
                if not aside.issuperset(typed.noted_rows(lambda one: one.status)):
                    columns[column.name + STATUS_SUFFIX] = typed.status()
            elif column.default is not None:
                columns[column.name] = pd.Series([column.default] * n, dtype=_DTYPES.get(column.kind, "str"))
        columns["line"] = pd.Series([row.line for row in self.table.rows], dtype="int64")
        return pd.DataFrame(columns)

    def whole_numbers(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Give counts that are never missing the plain integer type."""
        counts = self.layout.of_kind("count")
        whole = [column.name for column in counts if column.name in rows and not column.nullable]
        return rows.astype(dict.fromkeys([name for name in whole if rows[name].notna().all()], "int64"))

    def cell_findings(self) -> list[Finding]:
        """Return the faults of the cells, except in rows that are set aside."""
        found = []
        for name, cells in self.cells.items():
            position = self.header.positions[name]
            for index in self._used(cells.noted_rows(lambda typed: typed.code)):
                row, typed = self.table.rows[index], cells[index]
                where = {"file": self.table.path, "line": row.line, "column": name, "found": row.cells[position]}
                found.append(finding(typed.code, severity=typed.severity, **where, **typed.facts))
        return found

    def changes(self) -> Iterator[LedgerEntry | LedgerBlock]:
        """Yield what was filled in, changed and set aside."""
        for column in self.layout.columns:
            if column.name not in self.cells and column.default is not None:
                yield LedgerEntry(None, column.name, "", column.default, "column not in the file: this value used")
            is_number = column.name in self.cells and column.kind in ("number", "count")
            if is_number and (summary := decimal_summary(self.cells[column.name])):
                yield LedgerEntry(None, column.name, "", "", f"both decimal signs: {summary}")
        for name, cells in self.cells.items():
            if indices := self._used(cells.changed().tolist()):
                yield self._changed(name, cells, indices)
        for rule, rows in (
            ("total left out", self.aside.totals),
            ("no known municipality: left out", self.aside.unknown),
        ):
            for index in sorted(rows):
                row = self.table.rows[index]
                yield LedgerEntry(row.line, None, ";".join(row.cells), "", rule)

    def placed(self, item: Finding) -> Finding:
        """Name the column as the file does; in a workbook also the sheet, and the cell where there is one."""
        column, facts = item.column, dict(item.facts)
        if self.table.sheet is not None:
            if column is None and facts.get("position", "").isdigit():
                column = self._name_at(int(facts["position"]))
            position = self.header.positions.get((column or "").split(", ")[0])
            if item.line is not None and position is not None and position < len(self.table.places):
                facts.setdefault("cell", cell_address(self.table.places[position], item.line))
        if "differs" in facts:
            facts["differs"] = self._as_spelt(facts["differs"])
        return dataclasses.replace(item, sheet=self.table.sheet, column=self._as_spelt(column), facts=facts)

    def _as_spelt(self, column: str | None) -> str | None:
        """Return the name (or the names, with commas between) of columns of the layout as the header has them."""
        if column is None:
            return None
        positions, header = self.header.positions, self.table.header
        names = [header[positions[name]] if name in positions else name for name in column.split(", ")]
        return ", ".join(names)

    def _name_at(self, place: int) -> str | None:
        """Return the column of the layout, or else the header, that stands at a place of the sheet."""
        if place not in self.table.places:
            return None
        position = self.table.places.index(place)
        names = {position: name for name, position in self.header.positions.items()}
        return names.get(position, self.table.header[position])

    def _changed(self, name: str, cells: TypedColumn, indices: list[int]) -> LedgerBlock:
        values = ["" if value is None else str(value) for value in cells.results]
        codes = cells.codes[indices].tolist()
        raws, values, rules = ([texts[code] for code in codes] for texts in (cells.spellings, values, cells.rules))
        return LedgerBlock([self.table.rows[index].line for index in indices], name, raws, values, rules)

    def _used(self, indices: Iterable[int]) -> list[int]:
        """Leave out the rows that are set aside."""
        aside = self.aside.rows
        return [index for index in indices if index not in aside]


def make_draft(table: TextTable, layout: Layout, header: HeaderMatch, register: RegisterLike | None) -> Draft:
    """Type every cell of a table and tell what each row is about.

    Parameters
    ----------
    table, layout, header
        The texts, what they should be, and where the columns stand.
    register : RegisterLike, optional
        Municipalities of all years.
    """
    is_ssb = any(_STATISTICS_NORWAY.search(text) for text in table.texts)
    texts = _columns(table)
    cells = {
        column.name: type_column(texts[header.positions[column.name]], column, layout, dash_is_zero=is_ssb)
        for column in layout.columns
        if column.name in header.positions
    }
    places, aside = Places(), Aside()
    for column in layout.of_kind("municipality"):
        if column.name not in cells:
            continue
        places = _places(texts, layout, header, cells, column)
        has_periods = any(place.year for place in places.different)
        if has_periods and len(layout.of_kind("municipality")) == 1 and column.name in layout.key:
            aside = set_aside(places, column, register)
        cells[column.name] = resolve(cells[column.name], places, column, register)
    return Draft(table, layout, header, cells, places, aside)


def _columns(table: TextTable) -> Sequence[Sequence[str]]:
    """Return the texts of each column, in the order of the header."""
    return list(zip(*(row.cells for row in table.rows), strict=True)) or [()] * len(table.header)


def _seen(texts: Sequence[str], column: Column) -> list[str]:
    """Return texts as one sees them, each spelling looked at once."""
    plain = {text: visible(text, column) for text in dict.fromkeys(texts)}
    return [plain[text] for text in texts]


def _places(
    texts: Sequence[Sequence[str]],
    layout: Layout,
    header: HeaderMatch,
    cells: dict[str, TypedColumn],
    column: Column,
) -> Places:
    numbers = _seen(texts[header.positions[column.name]], column)
    beside = {role: _seen(texts[position], column) for role, position in header.beside.items()}
    blank, years = [""] * len(numbers), _years(layout, cells, column, len(numbers))
    return gather_places(numbers, beside.get("name", blank), beside.get("county", blank), years)


def _years(layout: Layout, cells: dict[str, TypedColumn], column: Column, n: int) -> Sequence[int | None]:
    """Return the year each row is about: of its quarter, else of its year, else of its first date."""
    for period in layout.of_kind("quarter"):
        if period.name in cells:
            return _years_of(cells[period.name])
    if column.name != _YEAR_OF_ROW or len(layout.of_kind("municipality")) != 1:
        return [None] * n
    if "year" in cells:
        return _years_of(cells["year"])
    dates = [_years_of(cells[date.name]) for date in layout.of_kind("date") if date.required and date.name in cells]
    years: list[int | None] = [None] * n
    for typed in reversed(dates):
        years = [this or year for this, year in zip(typed, years, strict=True)]
    return years


def _years_of(cells: TypedColumn) -> list[int | None]:
    years = [int(str(value)[:4]) if value else None for value in cells.results]
    return [years[code] for code in cells.codes.tolist()]
