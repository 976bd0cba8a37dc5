"""The panel: municipalities by periods, one outcome, who started when. Frozen and checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL, ordinal

STATUSES = ("treated", "never_treated", "unknown", "start_unknown", "possible_participant", "excluded")
MAX_LISTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One outcome for N municipalities over T periods.

    Parameters
    ----------
    units : tuple of str
        Identifiers, sorted; N of them.
    periods : tuple
        Labels in calendar order; T of them. ``ordinals`` (T,) are their places in the calendar, so that event time
        counts calendar periods even where the panel has a hole.
    outcome : numpy.ndarray
        (N, T), in ``unit_of_measure``; not-a-number where there is no figure.
    weights : numpy.ndarray or None
        (N, T), positive where the outcome is observed; None gives every municipality the same weight.
    start : numpy.ndarray
        (N,) ordinal of the first treated period; not-a-number for a municipality without a start.
    cohort : tuple of str
        (N,) name of the intake; empty for a municipality without a start.
    status : tuple of str
        (N,) one of :data:`STATUSES`.
    """

    units: tuple[str, ...]
    periods: tuple[str | int, ...]
    ordinals: np.ndarray
    outcome: np.ndarray
    weights: np.ndarray | None
    start: np.ndarray
    cohort: tuple[str, ...]
    status: tuple[str, ...]
    size: np.ndarray | None = None
    outcome_id: str = "outcome"
    unit_of_measure: str = "percentage points"
    origin: str = "observed"
    findings: tuple[Finding, ...] = ()

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        unit: str,
        period: str,
        outcome: str,
        cohort: str,
        weights: str | None = None,
        cohort_name: str | None = None,
        status: str | None = None,
        size: str | None = None,
        unit_of_measure: str = "percentage points",
    ) -> Panel:
        """Build the panel from a long frame, one row per unit and period.

        Parameters
        ----------
        frame : pandas.DataFrame
            Left unchanged. Rows may come in any order; a missing row or outcome is a missing cell.
        unit, period, outcome, cohort : str
            Columns. ``period`` holds integers or quarters ("2007Q3"); ``cohort`` the first treated period, missing for
            units that are never treated (0 and infinity are read so too, with a finding, as other programs write them).
        weights : str, optional
            Column of positive weights: the "average employee" instead of the "average municipality".
        cohort_name, status, size : str, optional
            Columns with the intake's name, the status of units without a start (default ``never_treated``;
            ``excluded`` bars units with a start too) and the number of inhabitants; constant within a unit.
        unit_of_measure : str
            Unit of the outcome and of every effect.

        Raises
        ------
        DataError
            A column is missing or there is no row; a unit has two rows for a period, its cohort changes, or a value is
            no number; a period or a start cannot be read, or they count in different calendars.
        """
        wanted = [unit, period, outcome, cohort, *(c for c in (weights, cohort_name, status, size) if c)]
        _require_columns(frame, wanted)
        table = frame.loc[:, list(dict.fromkeys(wanted))].copy()
        names = {"unit": unit, "period": period, "outcome": outcome, "cohort": cohort, "weights": weights}
        names |= {"cohort_name": cohort_name, "status": status, "size": size}
        columns = _Columns(**names)
        table[cohort] = table[cohort].mask(table[cohort].astype(str).str.strip() == "")
        _refuse_unreadable(table, columns)
        table["_unit"] = table[unit].astype(str)
        table["_ordinal"] = table[period].map(_ordinal).astype(float)
        _refuse_faulty(table, columns)
        return _assemble(table, columns, unit_of_measure, _origin(frame))

    @property
    def observed(self) -> np.ndarray:
        """(N, T) whether there is a figure."""
        return ~np.isnan(self.outcome)

    def event_time(self) -> np.ndarray:
        """(N, T) periods since the start; not-a-number for units without one."""
        return self.ordinals[None, :] - self.start[:, None]


@dataclass(frozen=True, slots=True)
class _Columns:
    unit: str
    period: str
    outcome: str
    cohort: str
    weights: str | None
    cohort_name: str | None
    status: str | None
    size: str | None

    def given(self, *names: str) -> list[str]:
        return [value for value in (getattr(self, name) for name in names) if value]


def _refuse_faulty(table: pd.DataFrame, columns: _Columns) -> None:
    faults = _mixed_calendars(table, columns) + _duplicates(table, columns.period)
    faults += _changing(table, columns.given("cohort", "cohort_name", "status", "size"))
    faults += _not_numeric(table, columns.given("outcome", "weights", "size"), columns.period)
    if faults:
        raise DataError(faults)


def _require_columns(frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        present = ", ".join(map(str, frame.columns))
        raise DataError([finding("PAN-01", column=name, present=present) for name in missing])


def _refuse_unreadable(table: pd.DataFrame, columns: _Columns) -> None:
    """Units must have a name, periods and starts must be readable, before anything else can be asked."""
    if table.empty:
        raise DataError.of("PAN-10", column=columns.outcome)
    faults = []
    if n := int(table[columns.unit].isna().sum()):
        faults.append(finding("PAN-11", column=columns.unit, n=n))
    for column, values in ((columns.period, table[columns.period]), (columns.cohort, _named(table[columns.cohort]))):
        faults += [finding("PAN-12", column=column, found=v) for v in values.unique() if not _is_readable(v)]
    if faults:
        raise DataError(faults)


def _is_readable(value: object) -> bool:
    try:
        _ordinal(value)
    except (TypeError, ValueError):
        return False
    return True


def _mixed_calendars(table: pd.DataFrame, columns: _Columns) -> list[Finding]:
    """Starts given as years in a panel of quarters, or the other way round: event time would be nonsense."""
    quarterly = table["_ordinal"].max() >= FIRST_QUARTER_ORDINAL
    return [
        finding("PAN-13", column=column, found=value)
        for column, values in ((columns.period, table[columns.period]), (columns.cohort, _named(table[columns.cohort])))
        for value in values.unique()
        if (_ordinal(value) >= FIRST_QUARTER_ORDINAL) != quarterly
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


def _assemble(table: pd.DataFrame, columns: _Columns, unit_of_measure: str, origin: str) -> Panel:
    labels = table.drop_duplicates("_ordinal").set_index("_ordinal")[columns.period].sort_index()
    matrix = table.pivot(index="_unit", columns="_ordinal", values=columns.outcome)[labels.index]
    units = tuple(matrix.index)
    first = table.drop_duplicates("_unit").set_index("_unit").loc[list(units)]
    start, findings = _starts(first[columns.cohort])
    return Panel(
        units=units,
        periods=tuple(_whole(p.item() if isinstance(p, np.generic) else p) for p in labels),
        ordinals=labels.index.to_numpy(float),
        outcome=matrix.to_numpy(float),
        weights=_weights(table, columns, matrix) if columns.weights else None,
        start=start,
        cohort=_cohort_names(start, first, columns),
        status=_statuses(start, first, columns),
        size=first[columns.size].to_numpy(float) if columns.size else None,
        outcome_id=columns.outcome,
        unit_of_measure=unit_of_measure,
        origin=origin,
        findings=findings,
    )


def _cohort_names(start: np.ndarray, first: pd.DataFrame, columns: _Columns) -> tuple[str, ...]:
    values = first[columns.cohort_name or columns.cohort].astype(object)
    values = values.where(values.notna(), first[columns.cohort])
    return tuple("" if np.isnan(s) else str(_whole(v)) for s, v in zip(start, values, strict=True))


def _whole(value: object) -> object:
    """A whole number that a column with missing values has turned into a float, as it was."""
    return int(value) if isinstance(value, (float, np.floating)) and float(value).is_integer() else value


def _statuses(start: np.ndarray, first: pd.DataFrame, columns: _Columns) -> tuple[str, ...]:
    values = first[columns.status] if columns.status else ["never_treated"] * len(start)
    unknown = sorted({str(v) for s, v in zip(start, values, strict=True) if np.isnan(s) or pd.notna(v)} - set(STATUSES))
    if unknown:
        raise DataError.of("PAN-05", column=columns.status, found=", ".join(unknown), allowed=", ".join(STATUSES))
    startless = [str(u) for u, s, v in zip(first.index, start, values, strict=True) if np.isnan(s) and v == "treated"]
    if startless:
        raise DataError.of("PAN-14", column=columns.status, found=", ".join(startless[:MAX_LISTED]), n=len(startless))
    has_place = ~np.isnan(start) & (np.array(values, dtype=object) != "excluded")
    return tuple("treated" if placed else str(v) for placed, v in zip(has_place, values, strict=True))


def _ordinal(value: object) -> float:
    """Ordinal of a period; a column with missing values holds whole numbers as floats."""
    return float(ordinal(_whole(value)))


def _spells_never(value: object) -> bool:
    """Whether a start is written as 0 or infinity, as other programs write "never"."""
    text = str(value).strip().lower()
    return text in ("0", "0.0", "inf", "infinity")


def _named(starts: pd.Series) -> pd.Series:
    """The starts that are periods."""
    return starts[starts.notna() & ~starts.map(_spells_never).astype(bool)]


def _starts(values: pd.Series) -> tuple[np.ndarray, tuple[Finding, ...]]:
    start = _named(values).map(_ordinal).reindex(values.index).to_numpy(float)
    spelled = int((values.notna() & np.isnan(start)).sum())
    if not spelled:
        return start, ()
    return start, (finding("PAN-06", severity="info", column=str(values.name), n=spelled),)


def _weights(table: pd.DataFrame, columns: _Columns, matrix: pd.DataFrame) -> np.ndarray:
    wide = table.pivot(index="_unit", columns="_ordinal", values=columns.weights)
    values = wide.reindex(columns=matrix.columns).to_numpy(float)
    bad = matrix.notna().to_numpy() & ~(values > 0)
    if bad.any():
        names = table.drop_duplicates("_ordinal").set_index("_ordinal")[columns.period]
        places = [f"{matrix.index[i]} {names[matrix.columns[j]]}" for i, j in np.argwhere(bad)[:MAX_LISTED]]
        raise DataError.of("PAN-07", column=columns.weights, found=", ".join(places), n=int(bad.sum()))
    return values


def _origin(frame: pd.DataFrame) -> str:
    if "origin" in frame and (frame["origin"] == "syntetisk").any():
        return "syntetisk"
    return "observed"
