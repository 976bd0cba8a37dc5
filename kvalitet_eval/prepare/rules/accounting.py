"""What became of a file: its rows, its ledger, its findings, and an account that must balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import Finding
from kvalitet_eval.prepare.files.locate import TextTable
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.ledger import ledger_frame


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
        Typed rows in the layout's columns plus ``line``. Beside a column of figures stands ``<column>_status`` (text,
        one of ``number_rules.STATUSES``, missing elsewhere) when the file says of some figure why it is missing.
        After ``intake.read`` all rows; after ``intake.inspect`` those without a fault, for looking at and never for
        computing unless ``is_accepted``.
    ledger : pandas.DataFrame
        Columns file, sheet, line, column, raw, value, rule.
    findings : tuple of Finding
        Errors and warnings in order of line.
    counts : Counts
        The account of the rows.
    sheet : str, optional
        Name of the sheet of a workbook that was read.
    """

    path: Path
    layout: Layout | None
    sha256: str
    rows: pd.DataFrame
    ledger: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: Counts
    sheet: str | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the file."""
        return tuple(item for item in self.findings if item.severity == "error")

    @property
    def is_accepted(self) -> bool:
        """Whether the file may be used: no error."""
        return not self.errors


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by line, those about the whole file first, and leave out repetitions."""
    unique = {(f.code, f.severity, f.line, f.column, f.found, tuple(f.facts.items())): f for f in findings}
    return tuple(sorted(unique.values(), key=lambda item: (item.line or 0, item.code)))


def refused(path: Path, layout: Layout | None, table: TextTable | None, findings: Iterable[Finding]) -> Intake:
    """Return the account of a file of which no row can be used."""
    n_read, n_excluded = (table.n_read, table.n_excluded) if table else (0, 0)
    return Intake(
        path=path,
        layout=layout,
        sha256=table.sha256 if table else "",
        rows=pd.DataFrame({"line": pd.Series([], dtype="int64")}),
        ledger=ledger_frame(path, table.ledger if table else (), table.sheet if table else None),
        findings=tuple(findings),
        counts=Counts(n_read, 0, n_excluded, n_read - n_excluded),
        sheet=table.sheet if table else None,
    )
