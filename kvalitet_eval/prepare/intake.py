"""The one way in: from a file to typed rows, with a ledger of every change and every fault found at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.files.bulk import without_collecting
from kvalitet_eval.prepare.files.choose_sheet import choose_table
from kvalitet_eval.prepare.files.file_kind import read_file
from kvalitet_eval.prepare.files.locate import TextTable
from kvalitet_eval.prepare.files.wide import lengthen
from kvalitet_eval.prepare.hidden_text import hidden_findings, hidden_ledger
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.ledger import LedgerEntry, ledger_frame
from kvalitet_eval.prepare.rules.accounting import Counts, Intake, in_order, refused
from kvalitet_eval.prepare.rules.draft import Draft, make_draft
from kvalitet_eval.prepare.rules.header_rules import match_header, recognise_layout
from kvalitet_eval.prepare.rules.header_spellings import column_names
from kvalitet_eval.prepare.rules.municipality_rules import RegisterLike
from kvalitet_eval.prepare.rules.row_rules import check_rows, split_duplicates
from kvalitet_eval.prepare.rules.series_rules import check_gaps
from kvalitet_eval.prepare.rules.totals import check_totals, unknown_warnings
from kvalitet_eval.prepare.schema import LAYOUTS

__all__ = ["Counts", "Intake", "RegisterLike", "inspect", "read"]


def read(
    path: str | Path,
    layout: str | Layout,
    register: RegisterLike | None = None,
    *,
    sheet: str | None = None,
    sha256: str | None = None,
    treated: Collection[str] = (),
) -> Intake:
    """Read a file that must be right.

    Parameters
    ----------
    path : str or Path
        The file: delimited text, Excel workbook, JSON-stat or parquet, told by its content. ``line`` in rows, ledger
        and findings is its physical line, or the row number of the sheet, counted from 1.
    layout : str or Layout
        What the file must look like, an id of ``schema.LAYOUTS`` or a layout.
    register : RegisterLike, optional
        Checks municipality numbers in the year of their quarter, looks names up, and tells ambiguous encodings apart;
        without it a number that lost its leading zero is refused, because nobody can tell whether the padded one
        exists.
    sheet : str, optional
        Sheet of a workbook; without it the only one that fits the layout.
    sha256 : str, optional
        What the file's hash must be; another one refuses the file.
    treated : collection of str
        Numbers of the municipalities in the programme; quarters in which only they are missing refuse the file.

    Raises
    ------
    DataError
        With all errors of the file at once; never half a table.
    KeyError
        There is no layout of this id.
    """
    result = inspect(path, layout, register, sheet=sheet, sha256=sha256, treated=treated)
    if not result.is_accepted:
        raise DataError(result.errors)
    return result


@without_collecting()
def inspect(
    path: str | Path,
    layout: str | Layout | None = None,
    register: RegisterLike | None = None,
    *,
    sheet: str | None = None,
    sha256: str | None = None,
    treated: Collection[str] = (),
) -> Intake:
    """Read a file and return all findings instead of raising; parameters as for :func:`read`.

    Without ``layout`` it is recognised by the header. Neither findings nor ledger name a person.
    """
    made = _inspect(Path(path), layout, register, sheet=sheet, sha256=sha256, treated=treated)
    names, known = _names(register), made.layout

    def is_heading(column: str) -> bool:
        return known is not None and column_names((column,), known) != (None,)

    findings = hidden_findings(made.findings, names, is_heading)
    return dataclasses.replace(made, findings=findings, ledger=hidden_ledger(made.ledger, names, is_heading))


def _inspect(
    path: Path,
    layout: str | Layout | None,
    register: RegisterLike | None,
    *,
    sheet: str | None,
    sha256: str | None,
    treated: Collection[str],
) -> Intake:
    chosen = LAYOUTS[layout] if isinstance(layout, str) else layout
    try:
        sheets = read_file(path, _names(register))
        if sha256 is not None and sheets[0].sha256 != sha256.lower():
            raise DataError.of("INN-A12", file=path, found=sheets[0].sha256, expected=sha256)
        table = choose_table(sheets, chosen, sheet)
    except DataError as error:
        return refused(path, chosen, None, error.findings)
    if chosen is None:
        recognised = recognise_layout(table)
        if isinstance(recognised, Finding):
            return refused(path, None, table, (recognised, *table.findings))
        chosen = recognised
    table = lengthen(table, chosen)
    header = match_header(table, chosen)
    draft = make_draft(table, chosen, header, register)
    if not header.is_refused:
        return _assembled(draft, register, treated)
    # The faults of the cells are told together with the missing column, unless the file is another kind of file.
    faults = () if header.is_other_layout else _told_once(map(draft.placed, (*table.findings, *draft.cell_findings())))
    return refused(path, chosen, table, (*header.findings, *faults))


def _names(register: RegisterLike | None) -> frozenset[str]:
    return frozenset(item.name for item in getattr(register, "municipalities", ()))


def _assembled(draft: Draft, register: RegisterLike | None, treated: Collection[str]) -> Intake:
    table, layout = draft.table, draft.layout
    typed = draft.frame()
    aside = typed.index.isin(draft.aside.rows)
    frame, repeated = split_duplicates(typed[~aside], layout)
    totals = typed[typed.index.isin(draft.aside.totals)]
    findings = [
        *table.findings,
        *draft.header.findings,
        *draft.cell_findings(),
        *unknown_warnings(draft.places, [row.line for row in table.rows], draft.aside, table.path),
        *check_rows(frame, layout, table.path),
        *(check_gaps(frame, layout, table.path, register, treated) if not table.uneven_lines else ()),
        *_nothing_left(table, frame),
        *check_totals(frame, totals, [draft.places[index] for index in totals.index], layout, table.path),
        *_repetitions(table, typed.loc[repeated.index, "line"].tolist(), repeated.tolist()),
    ]
    wrong = {item.line for item in findings if item.severity == "error"}
    rows = frame[~frame["line"].isin(wrong)].reset_index(drop=True)
    n_excluded = table.n_excluded + len(draft.aside.rows) + len(repeated)
    same = zip(typed.loc[repeated.index, "line"], repeated, strict=True)
    entries = [LedgerEntry(int(line), None, "", "", f"same as line {first}, left out") for line, first in same]
    return Intake(
        path=table.path,
        layout=layout,
        sha256=table.sha256,
        rows=draft.whole_numbers(rows),
        ledger=ledger_frame(table.path, (*table.ledger, *draft.header.ledger, *draft.changes(), *entries), table.sheet),
        findings=in_order(_told_once(draft.placed(item) for item in findings)),
        counts=Counts(table.n_read, len(rows), n_excluded, len(table.uneven_lines) + len(frame) - len(rows)),
        sheet=table.sheet,
    )


def _told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out that a text is no number where the reader of the workbook has said what the cell holds instead."""
    told = list(findings)
    cells = {(item.line, item.column) for item in told if item.code.startswith("INN-C") and item.severity == "error"}
    return [item for item in told if item.code.startswith("INN-C") or (item.line, item.column) not in cells]


def _nothing_left(table: TextTable, frame: pd.DataFrame) -> list[Finding]:
    if len(frame) or table.uneven_lines:
        return []
    return [finding("INN-A07", file=table.path, line=table.header_line, n=table.n_read)]


def _repetitions(table: TextTable, lines: list[int], first_lines: list[int]) -> list[Finding]:
    return [
        finding("INN-G01", severity="warning", file=table.path, line=line, first_line=first, n=len(lines))
        for line, first in zip(lines, first_lines, strict=True)
    ]
