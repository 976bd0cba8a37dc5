"""The one way in: from a file to typed rows, with a ledger of every change and every fault found at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.header_rules import HeaderMatch, match_header, recognise_layout
from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.ledger import LedgerEntry, ledger_frame
from kvalitet_eval.prepare.row_rules import check_rows
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.text_table import TextRow, TextTable, read_text_table
from kvalitet_eval.prepare.typing_rules import ZERO_RESTORED, Typed, type_column

_DTYPES = {"number": "float64", "count": "Int64"}


class RegisterLike(Protocol):
    """What the intake asks of a municipality register."""

    def exists(self, number: str, year: int) -> bool:
        """Whether a number is valid in a year."""

    def nearest(self, text: str, year: int) -> tuple[str, ...]:
        """Municipalities of a year that a wrong number probably stands for."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The account of the data rows: read = used + excluded (reason in the ledger) + refused (with a finding).

    Raises
    ------
    ValueError
        The account does not balance.
    """

    read: int
    used: int
    excluded: int
    refused: int

    def __post_init__(self) -> None:
        if self.read != self.used + self.excluded + self.refused:
            raise ValueError(f"rows are not accounted for: {self}")


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file.

    Parameters
    ----------
    path, layout, sha256
        The file, its layout (nothing when it was not recognised) and the hash of the bytes that were read.
    rows : pandas.DataFrame
        Typed rows in the layout's columns plus ``line``. After :func:`read` all rows; after :func:`inspect` those
        without a fault, for looking at and never for computing unless ``is_accepted``.
    ledger : pandas.DataFrame
        Columns file, sheet, line, column, raw, value, rule.
    findings : tuple of Finding
        Errors and warnings in order of line.
    counts : Counts
        The account of the rows.
    """

    path: Path
    layout: Layout | None
    sha256: str
    rows: pd.DataFrame
    ledger: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: Counts

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the file."""
        return tuple(item for item in self.findings if item.severity == "error")

    @property
    def is_accepted(self) -> bool:
        """Whether the file may be used: no error."""
        return not self.errors


def read(path: str | Path, layout: str | Layout, register: RegisterLike | None = None) -> Intake:
    """Read a file that must be right.

    Parameters
    ----------
    path : str or Path
        The file; ``line`` in rows, ledger and findings is its physical line counted from 1.
    layout : str or Layout
        What the file must look like, an id of ``schema.LAYOUTS`` or a layout.
    register : RegisterLike, optional
        Checks municipality numbers in the year of their quarter; without it a number that lost its leading zero is
        refused, because nobody can tell whether the padded one exists.

    Raises
    ------
    DataError
        With all errors of the file at once; never half a table.
    KeyError
        There is no layout of this id.
    """
    result = inspect(path, layout, register)
    if not result.is_accepted:
        raise DataError(result.errors)
    return result


def inspect(path: str | Path, layout: str | Layout | None = None, register: RegisterLike | None = None) -> Intake:
    """Read a file and return all findings instead of raising; parameters as for :func:`read`.

    Without ``layout`` it is recognised by the header.
    """
    chosen = LAYOUTS[layout] if isinstance(layout, str) else layout
    try:
        table = read_text_table(path)
    except DataError as error:
        return _refused(Path(path), chosen, None, error.findings)
    if chosen is None:
        recognised = recognise_layout(table)
        if isinstance(recognised, Finding):
            return _refused(table.path, None, table, (recognised, *table.findings))
        chosen = recognised
    header = match_header(table, chosen)
    cells = {
        column.name: type_column([row.cells[header.positions[column.name]] for row in table.rows], column, chosen)
        for column in chosen.columns
        if column.name in header.positions
    }
    _check_municipalities(cells, chosen, register)
    draft = _Draft(table, chosen, header, cells)
    if not header.is_refused:
        return _assembled(draft)
    # The faults of the cells are told together with the missing column, unless the file is another kind of file.
    faults = () if header.is_other_layout else (*table.findings, *_cell_findings(draft))
    return _refused(table.path, chosen, table, (*header.findings, *faults))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A file whose cells are typed and whose faults are not yet gathered."""

    table: TextTable
    layout: Layout
    header: HeaderMatch
    cells: dict[str, list[Typed]]


def _check_municipalities(cells: dict[str, list[Typed]], layout: Layout, register: RegisterLike | None) -> None:
    """Refuse, in place, numbers that the register does not have in the year of their quarter."""
    quarters = next((cells[column.name] for column in layout.of_kind("quarter") if column.name in cells), None)
    for column in layout.of_kind("municipality"):
        if column.name not in cells:
            continue
        seen: dict[tuple[Typed, int | None], Typed] = {}
        for index, typed in enumerate(cells[column.name]):
            label = quarters[index].value if quarters else None
            year = int(str(label)[:4]) if label else None
            if (typed.value, typed.rule, year) not in seen:
                seen[typed.value, typed.rule, year] = _checked(typed, column, year, register)
            cells[column.name][index] = seen[typed.value, typed.rule, year] if typed.value else typed


def _checked(typed: Typed, column: Column, year: int | None, register: RegisterLike | None) -> Typed:
    number = str(typed.value)
    if typed.value is None or number in column.allowed:
        return typed
    if register is None or year is None:
        return Typed(code="INN-F01", facts={"padded": number}) if typed.rule == ZERO_RESTORED else typed
    if register.exists(number, year):
        return typed
    nearest = ", ".join(register.nearest(number, year))
    facts = {"number": number, "year": str(year), "nearest": nearest}
    return Typed(code="INN-F11" if nearest else "INN-F12", facts=facts)


def _assembled(draft: _Draft) -> Intake:
    table, layout = draft.table, draft.layout
    frame = _frame(draft)
    findings = [
        *table.findings,
        *draft.header.findings,
        *_cell_findings(draft),
        *check_rows(frame, layout, table.path),
    ]
    refused = {item.line for item in findings if item.severity == "error"}
    rows = frame[~frame["line"].isin(refused)].reset_index(drop=True)
    n_refused = len(table.uneven_lines) + len(frame) - len(rows)
    return Intake(
        path=table.path,
        layout=layout,
        sha256=table.sha256,
        rows=_whole_numbers(rows, layout),
        ledger=ledger_frame(table.path, (*table.ledger, *draft.header.ledger, *_changes(draft))),
        findings=tuple(sorted(findings, key=lambda item: (item.line or 0, item.code))),
        counts=Counts(table.n_read, len(rows), table.n_excluded, n_refused),
    )


def _cell_findings(draft: _Draft) -> list[Finding]:
    return [
        finding(typed.code, file=draft.table.path, line=row.line, column=name, found=raw, **typed.facts)
        for name, row, raw, typed in _each_cell(draft)
        if typed.code
    ]


def _changes(draft: _Draft) -> Iterator[LedgerEntry]:
    for column in draft.layout.columns:
        if column.name not in draft.cells and column.default is not None:
            yield LedgerEntry(None, column.name, "", column.default, "column not in the file: this value used")
    for name, row, raw, typed in _each_cell(draft):
        if typed.rule:
            yield LedgerEntry(row.line, name, raw, "" if typed.value is None else str(typed.value), typed.rule)


def _each_cell(draft: _Draft) -> Iterator[tuple[str, TextRow, str, Typed]]:
    for name, cells in draft.cells.items():
        position = draft.header.positions[name]
        for row, typed in zip(draft.table.rows, cells, strict=True):
            yield name, row, row.cells[position], typed


def _frame(draft: _Draft) -> pd.DataFrame:
    columns = {}
    for column in draft.layout.columns:
        if column.name in draft.cells:
            values = [typed.value for typed in draft.cells[column.name]]
        elif column.default is not None:
            values = [column.default] * len(draft.table.rows)
        else:
            continue
        columns[column.name] = pd.Series(values, dtype=_DTYPES.get(column.kind, "str"))
    columns["line"] = pd.Series([row.line for row in draft.table.rows], dtype="int64")
    return pd.DataFrame(columns)


def _whole_numbers(rows: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Give counts that are never missing the plain integer type."""
    whole = [column.name for column in layout.of_kind("count") if column.name in rows and not column.nullable]
    return rows.astype(dict.fromkeys(whole, "int64"))


def _refused(path: Path, layout: Layout | None, table: TextTable | None, findings: Iterable[Finding]) -> Intake:
    """Return the account of a file of which no row can be used."""
    n_read, n_excluded = (table.n_read, table.n_excluded) if table else (0, 0)
    return Intake(
        path=path,
        layout=layout,
        sha256=table.sha256 if table else "",
        rows=pd.DataFrame({"line": pd.Series([], dtype="int64")}),
        ledger=ledger_frame(path, table.ledger if table else ()),
        findings=tuple(findings),
        counts=Counts(n_read, 0, n_excluded, n_read - n_excluded),
    )
