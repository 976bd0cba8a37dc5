"""What a frame must be before it is a panel: every fault with its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.panel_rows import Labels, Rows, numbers_of, ordinal_of, spells_never, whole
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL

MAX_LISTED = 20


@dataclass(frozen=True, slots=True)
class PanelColumns:
    """Names of the columns that a panel is built from; None where there is none."""

    unit: str
    period: str
    outcome: str
    cohort: str
    weights: str | None
    cohort_name: str | None
    status: str | None
    size: str | None

    def given(self, *names: str) -> list[str]:
        """Columns that there are, of these."""
        return [value for value in (getattr(self, name) for name in names) if value]


@dataclass(frozen=True, slots=True, eq=False)
class PanelLabels:
    """What stands in the columns that say who, when and from when on; blanks among the starts are missing."""

    unit: Labels
    period: Labels
    cohort: Labels

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: PanelColumns) -> PanelLabels:
        """Read the three columns."""
        unit, period, cohort = (Labels.of(frame[name]) for name in (columns.unit, columns.period, columns.cohort))
        return cls(unit, period, cohort.drop_blank())

    def starts(self) -> np.ndarray:
        """The distinct starts that are periods."""
        return self.cohort.distinct[[pd.notna(value) and not spells_never(value) for value in self.cohort.distinct]]


def require_columns(frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    """Raise with every column that is missing."""
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        present = ", ".join(map(str, frame.columns))
        raise DataError([finding("PAN-01", column=name, present=present) for name in missing])


def refuse_unreadable(labels: PanelLabels, columns: PanelColumns) -> None:
    """Units must have a name, periods and starts must be readable, before anything else can be asked."""
    faults = []
    names = labels.unit.distinct
    unnamed = np.array([pd.isna(name) or not str(name).strip() for name in names])
    if n := int(unnamed[labels.unit.numbers].sum()):
        faults.append(finding("PAN-11", column=columns.unit, n=n))
    faults += _confusable(names[~unnamed], columns.unit)
    for column, values in ((columns.period, labels.period.distinct), (columns.cohort, labels.starts())):
        faults += [finding("PAN-12", column=column, found=v) for v in values if not _is_readable(v)]
    if faults:
        raise DataError(faults)


def refuse_faulty(frame: pd.DataFrame, columns: PanelColumns, labels: PanelLabels, rows: Rows) -> None:
    """Raise with all faults of a frame whose periods and starts are readable."""
    faults = _mixed_calendars(labels, columns, rows) + _duplicates(frame, columns.period, rows)
    for column in columns.given("cohort", "cohort_name", "status", "size"):
        faults += _changing(column, labels.cohort if column == columns.cohort else Labels.of(frame[column]), rows)
    for column in columns.given("outcome", "weights", "size"):
        faults += _not_numeric(frame, column, columns.period, rows)
    faults += _sizeless(frame, columns, rows) if columns.size else []
    if faults:
        raise DataError(faults)


def _confusable(names: np.ndarray, column: str) -> list[Finding]:
    """Units that are one and the same but for blanks, or for a zero that a number has lost, would be counted twice."""
    seen: dict[str, object] = {}
    found = []
    for name in names:
        known = seen.setdefault(str(whole(name)).strip().lstrip("0"), name)
        if known is not name:
            found.append(finding("PAN-20", column=column, found=str(name), other=str(known)))
    return found


def _is_readable(value: object) -> bool:
    try:
        ordinal_of(value)
    except (TypeError, ValueError):
        return False
    return True


def _mixed_calendars(labels: PanelLabels, columns: PanelColumns, rows: Rows) -> list[Finding]:
    """Starts given as years in a panel of quarters, or the other way round: event time would be nonsense."""
    quarterly = rows.ordinals[-1] >= FIRST_QUARTER_ORDINAL
    return [
        finding("PAN-13", column=column, found=value)
        for column, values in ((columns.period, labels.period.distinct), (columns.cohort, labels.starts()))
        for value in values
        if (ordinal_of(value) >= FIRST_QUARTER_ORDINAL) != quarterly
    ]


def _duplicates(frame: pd.DataFrame, period: str, rows: Rows) -> list[Finding]:
    if rows.are_distinct():
        return []
    repeated = np.flatnonzero(pd.Series(rows.cell).duplicated(keep="first"))
    return [
        finding("PAN-02", line=int(index) + 1 if isinstance(index, (int, np.integer)) else None, found=f"{u} {p}")
        for index, u, p in zip(
            frame.index[repeated],
            [rows.units[i] for i in rows.unit[repeated]],
            frame[period].iloc[repeated],
            strict=True,
        )
    ]


def _changing(column: str, labels: Labels, rows: Rows) -> list[Finding]:
    changed = labels.numbers != labels.numbers[rows.first][rows.unit]
    found = []
    for i in np.unique(rows.unit[changed]):
        seen = ", ".join(sorted(str(labels.distinct[k]) for k in set(labels.numbers[rows.unit == i].tolist())))
        found.append(finding("PAN-03", column=column, found=seen, unit=rows.units[i]))
    return found


def _sizeless(frame: pd.DataFrame, columns: PanelColumns, rows: Rows) -> list[Finding]:
    sizes = numbers_of(frame[columns.size])[rows.first]
    units = [f"{rows.units[i]} ({sizes[i]:.10g})" for i in np.flatnonzero(sizes <= 0)]
    return [finding("PAN-21", column=columns.size, found=", ".join(units[:MAX_LISTED]), n=len(units))] if units else []


def _not_numeric(frame: pd.DataFrame, column: str, period: str, rows: Rows) -> list[Finding]:
    numbers = numbers_of(frame[column])
    suspect = np.flatnonzero(~np.isfinite(numbers))
    texts = frame[column].iloc[suspect]
    bad = np.isinf(numbers[suspect]) | texts.notna().to_numpy()
    places = zip(rows.unit[suspect[bad]], frame[period].iloc[suspect[bad]], texts[bad], strict=True)
    return [finding("PAN-04", column=column, found=text, unit=rows.units[u], period=p) for u, p, text in places]
