"""The panel: municipalities by periods, one outcome, who started when. Frozen and checked once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.panel_rows import Labels, Rows, numbers_of, ordinal_of, spells_never, whole
from kvalitet_eval.prepare.panel_rules import (
    MAX_LISTED,
    PanelColumns,
    PanelLabels,
    refuse_faulty,
    refuse_unreadable,
    require_columns,
)

STATUSES = ("treated", "never_treated", "unknown", "start_unknown", "possible_participant", "excluded")
_WITHOUT_START = tuple(status for status in STATUSES if status not in ("treated", "excluded"))


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
    others : pandas.DataFrame, optional
        The rows of the frame with its other columns as they were, ``_unit`` and ``_ordinal``; see :meth:`column`.
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
    others: pd.DataFrame | None = None

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
            Left unchanged. Rows may come in any order; a missing row or outcome is a missing cell. Its other columns
            are kept as possible covariates.
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
            no number; a period or a start cannot be read, or they count in different calendars; two units differ by
            blanks or leading zeros alone, a size is not positive, or a status denies a start that is given.
        """
        wanted = [unit, period, outcome, cohort, *(c for c in (weights, cohort_name, status, size) if c)]
        require_columns(frame, wanted)
        if frame.empty:
            raise DataError.of("PAN-10", column=outcome)
        names = {"unit": unit, "period": period, "outcome": outcome, "cohort": cohort, "weights": weights}
        names |= {"cohort_name": cohort_name, "status": status, "size": size}
        columns = PanelColumns(**names)
        labels = PanelLabels.of(frame, columns)
        refuse_unreadable(labels, columns)
        rows = Rows.of(labels.unit, labels.period)
        refuse_faulty(frame, columns, labels, rows)
        found = _assemble(frame, columns, labels, rows)
        return replace(found, unit_of_measure=unit_of_measure, others=_others(frame, columns, rows))

    @property
    def observed(self) -> np.ndarray:
        """(N, T) whether there is a figure."""
        return ~np.isnan(self.outcome)

    def column(self, name: str) -> pd.DataFrame:
        """Another column of the frame as (N, T), missing where there is no row.

        Raises
        ------
        KeyError
            There is no such column.
        """
        if self.others is None:
            raise KeyError(name)
        wide = self.others[["_unit", "_ordinal", name]].astype({"_unit": object})
        wide = wide.pivot(index="_unit", columns="_ordinal", values=name)
        return wide.reindex(index=list(self.units), columns=list(self.ordinals))

    def columns(self) -> tuple[str, ...]:
        """Names of the other columns."""
        names = () if self.others is None else self.others.columns
        return tuple(str(name) for name in names if name not in ("_unit", "_ordinal"))

    def event_time(self) -> np.ndarray:
        """(N, T) periods since the start; not-a-number for units without one."""
        return self.ordinals[None, :] - self.start[:, None]


def _assemble(frame: pd.DataFrame, columns: PanelColumns, labels: PanelLabels, rows: Rows) -> Panel:
    outcome = rows.spread(numbers_of(frame[columns.outcome]))
    weights = columns.weights and _weights(numbers_of(frame[columns.weights]), columns.weights, outcome, rows)
    first = frame[columns.given("cohort", "cohort_name", "status", "size")].iloc[rows.first]
    start, findings = _starts(labels.cohort, rows, columns.cohort)
    return Panel(
        units=rows.units,
        periods=tuple(whole(p.item() if isinstance(p, np.generic) else p) for p in rows.labels),
        ordinals=rows.ordinals,
        outcome=outcome,
        weights=weights,
        start=start,
        cohort=_cohort_names(start, first, columns),
        status=_statuses(start, first, columns, rows.units),
        size=numbers_of(first[columns.size]) if columns.size else None,
        outcome_id=columns.outcome,
        origin=_origin(frame),
        findings=findings,
    )


def _others(frame: pd.DataFrame, columns: PanelColumns, rows: Rows) -> pd.DataFrame:
    unit = pd.Categorical.from_codes(rows.unit, categories=list(rows.units))
    return frame.drop(columns=[columns.unit, columns.period]).assign(_unit=unit, _ordinal=rows.ordinals[rows.period])


def _cohort_names(start: np.ndarray, first: pd.DataFrame, columns: PanelColumns) -> tuple[str, ...]:
    names = np.full(len(start), "", dtype=object)
    started = np.flatnonzero(~np.isnan(start))
    values = first[columns.cohort_name or columns.cohort].iloc[started].astype(object)
    named = values.notna() & (values.astype(str).str.strip() != "")
    values = values.where(named, first[columns.cohort].iloc[started])
    names[started] = [str(whole(value)) for value in values]
    return tuple(names)


def _statuses(start: np.ndarray, first: pd.DataFrame, columns: PanelColumns, units: tuple[str, ...]) -> tuple[str, ...]:
    startless = np.isnan(start)
    if not columns.status:
        return tuple(np.where(startless, "never_treated", "treated").tolist())
    values = first[columns.status].to_numpy(object)
    unknown = sorted({str(v) for v in values[startless | pd.notna(values)]} - set(STATUSES))
    if unknown:
        raise DataError.of("PAN-05", column=columns.status, found=", ".join(unknown), allowed=", ".join(STATUSES))
    found = [units[i] for i in np.flatnonzero(startless & (values == "treated"))]
    if found:
        raise DataError.of("PAN-14", column=columns.status, found=", ".join(found[:MAX_LISTED]), n=len(found))
    contradicted = [units[i] for i in np.flatnonzero(~startless & np.isin(values.astype(str), _WITHOUT_START))]
    if contradicted:
        facts = {"found": ", ".join(contradicted[:MAX_LISTED]), "n": len(contradicted)}
        raise DataError.of("PAN-22", column=columns.status, **facts)
    return tuple(np.where(~startless & (values != "excluded"), "treated", values).tolist())


def _starts(cohort: Labels, rows: Rows, column: str) -> tuple[np.ndarray, tuple[Finding, ...]]:
    given = pd.notna(cohort.distinct)
    named = given & ~cohort.ask(spells_never)
    ordinals = np.full(len(named), np.nan)
    ordinals[named] = [ordinal_of(value) for value in cohort.distinct[named]]
    numbers = cohort.numbers[rows.first]
    spelled = int((given & ~named)[numbers].sum())
    findings = (finding("PAN-06", severity="info", column=column, n=spelled),) if spelled else ()
    return ordinals[numbers], findings


def _weights(values: np.ndarray, column: str, outcome: np.ndarray, rows: Rows) -> np.ndarray:
    wide = rows.spread(values)
    bad = ~np.isnan(outcome) & ~(wide > 0)
    if bad.any():
        places = [f"{rows.units[i]} {rows.labels[j]}" for i, j in np.argwhere(bad)[:MAX_LISTED]]
        raise DataError.of("PAN-07", column=column, found=", ".join(places), n=int(bad.sum()))
    return wide


def _origin(frame: pd.DataFrame) -> str:
    if "origin" in frame and (frame["origin"] == "syntetisk").any():
        return "syntetisk"
    return "observed"
