"""What a frame must be before it is a panel: every fault with its code, and how periods and starts are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL, ordinal


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


def refuse_faulty(table: pd.DataFrame, columns: PanelColumns) -> None:
    """Raise with all faults of a table whose periods and starts are readable."""
    faults = _mixed_calendars(table, columns) + _duplicates(table, columns.period)
    faults += _changing(table, columns.given("cohort", "cohort_name", "status", "size"))
    faults += _not_numeric(table, columns.given("outcome", "weights", "size"), columns.period)
    if faults:
        raise DataError(faults)


def require_columns(frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    """Raise with every column that is missing."""
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        present = ", ".join(map(str, frame.columns))
        raise DataError([finding("PAN-01", column=name, present=present) for name in missing])


def refuse_unreadable(table: pd.DataFrame, columns: PanelColumns) -> None:
    """Units must have a name, periods and starts must be readable, before anything else can be asked."""
    if table.empty:
        raise DataError.of("PAN-10", column=columns.outcome)
    faults = []
    if n := int(table[columns.unit].isna().sum()):
        faults.append(finding("PAN-11", column=columns.unit, n=n))
    for column, values in (
        (columns.period, table[columns.period]),
        (columns.cohort, named_starts(table[columns.cohort])),
    ):
        faults += [finding("PAN-12", column=column, found=v) for v in values.unique() if not _is_readable(v)]
    if faults:
        raise DataError(faults)


def _is_readable(value: object) -> bool:
    try:
        ordinal_of(value)
    except (TypeError, ValueError):
        return False
    return True


def _mixed_calendars(table: pd.DataFrame, columns: PanelColumns) -> list[Finding]:
    """Starts given as years in a panel of quarters, or the other way round: event time would be nonsense."""
    quarterly = table["_ordinal"].max() >= FIRST_QUARTER_ORDINAL
    return [
        finding("PAN-13", column=column, found=value)
        for column, values in (
            (columns.period, table[columns.period]),
            (columns.cohort, named_starts(table[columns.cohort])),
        )
        for value in values.unique()
        if (ordinal_of(value) >= FIRST_QUARTER_ORDINAL) != quarterly
    ]


def _duplicates(table: pd.DataFrame, period: str) -> list[Finding]:
    repeated = table[table.duplicated(["_unit", "_ordinal"], keep="first")]
    return [
        finding("PAN-02", line=int(index) + 1 if isinstance(index, (int, np.integer)) else None, found=f"{u} {p}")
        for index, u, p in zip(repeated.index, repeated["_unit"], repeated[period], strict=True)
    ]


def _changing(table: pd.DataFrame, columns: Sequence[str]) -> list[Finding]:
    found = []
    for column in columns:
        values = table.groupby("_unit")[column].nunique(dropna=False)
        for name in values.index[values > 1]:
            seen = ", ".join(sorted(map(str, table.loc[table["_unit"] == name, column].unique())))
            found.append(finding("PAN-03", column=column, found=seen, unit=name))
    return found


def _not_numeric(table: pd.DataFrame, columns: Sequence[str], period: str) -> list[Finding]:
    found = []
    for column in columns:
        numbers = pd.to_numeric(table[column], errors="coerce").astype(float)
        bad = (numbers.isna() & table[column].notna()) | np.isinf(numbers)
        for u, p, text in table.loc[bad, ["_unit", period, column]].itertuples(index=False):
            found.append(finding("PAN-04", column=column, found=text, unit=u, period=p))
    return found


def whole(value: object) -> object:
    """A whole number that a column with missing values has turned into a float, as it was."""
    return int(value) if isinstance(value, (float, np.floating)) and float(value).is_integer() else value


def ordinal_of(value: object) -> float:
    """Ordinal of a period; a column with missing values holds whole numbers as floats."""
    return float(ordinal(whole(value)))


def _spells_never(value: object) -> bool:
    """Whether a start is written as 0 or infinity, as other programs write "never"."""
    text = str(value).strip().lower()
    return text in ("0", "0.0", "inf", "infinity")


def named_starts(starts: pd.Series) -> pd.Series:
    """The starts that are periods."""
    return starts[starts.notna().to_numpy() & ~of_distinct(starts, _spells_never).astype(bool)]


def of_distinct(values: pd.Series, function: Callable[[object], object]) -> np.ndarray:
    """(n,) a function of each value, called once for each distinct one."""
    numbers, names = pd.factorize(values, use_na_sentinel=False)
    return np.array([function(name) for name in names])[numbers]
