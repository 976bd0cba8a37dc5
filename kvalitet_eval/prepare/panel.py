"""The panel: municipalities by periods, one outcome, who started when. Frozen and checked once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.panel_rules import (
    PanelColumns,
    named_starts,
    of_distinct,
    ordinal_of,
    refuse_faulty,
    refuse_unreadable,
    require_columns,
    whole,
)

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
            no number; a period or a start cannot be read, or they count in different calendars.
        """
        wanted = [unit, period, outcome, cohort, *(c for c in (weights, cohort_name, status, size) if c)]
        require_columns(frame, wanted)
        table = frame.loc[:, list(dict.fromkeys(wanted))].copy()
        names = {"unit": unit, "period": period, "outcome": outcome, "cohort": cohort, "weights": weights}
        names |= {"cohort_name": cohort_name, "status": status, "size": size}
        columns = PanelColumns(**names)
        if not pd.api.types.is_numeric_dtype(table[cohort]):
            table[cohort] = table[cohort].mask(table[cohort].astype(str).str.strip() == "")
        refuse_unreadable(table, columns)
        table["_unit"] = _as_text(table[unit])
        table["_ordinal"] = of_distinct(table[period], ordinal_of).astype(float)
        refuse_faulty(table, columns)
        others = frame.drop(columns=[unit, period]).assign(_unit=table["_unit"], _ordinal=table["_ordinal"])
        return replace(_assemble(table, columns, unit_of_measure, _origin(frame)), others=others)

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
        wide = self.others.pivot(index="_unit", columns="_ordinal", values=name)
        return wide.reindex(index=list(self.units), columns=list(self.ordinals))

    def columns(self) -> tuple[str, ...]:
        """Names of the other columns."""
        names = () if self.others is None else self.others.columns
        return tuple(str(name) for name in names if name not in ("_unit", "_ordinal"))

    def event_time(self) -> np.ndarray:
        """(N, T) periods since the start; not-a-number for units without one."""
        return self.ordinals[None, :] - self.start[:, None]


def _as_text(values: pd.Series) -> pd.Series:
    """The values as text; each distinct one is written once."""
    numbers, names = pd.factorize(values)
    return pd.Series(names).astype(str).take(numbers).set_axis(values.index)


def _assemble(table: pd.DataFrame, columns: PanelColumns, unit_of_measure: str, origin: str) -> Panel:
    labels = table.drop_duplicates("_ordinal").set_index("_ordinal")[columns.period].sort_index()
    matrix = table.pivot(index="_unit", columns="_ordinal", values=columns.outcome)[labels.index]
    units = tuple(matrix.index)
    first = table.drop_duplicates("_unit").set_index("_unit").loc[list(units)]
    start, findings = _starts(first[columns.cohort])
    return Panel(
        units=units,
        periods=tuple(whole(p.item() if isinstance(p, np.generic) else p) for p in labels),
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


def _cohort_names(start: np.ndarray, first: pd.DataFrame, columns: PanelColumns) -> tuple[str, ...]:
    values = first[columns.cohort_name or columns.cohort].astype(object)
    values = values.where(values.notna(), first[columns.cohort])
    return tuple("" if np.isnan(s) else str(whole(v)) for s, v in zip(start, values, strict=True))


def _statuses(start: np.ndarray, first: pd.DataFrame, columns: PanelColumns) -> tuple[str, ...]:
    values = first[columns.status] if columns.status else ["never_treated"] * len(start)
    unknown = sorted({str(v) for s, v in zip(start, values, strict=True) if np.isnan(s) or pd.notna(v)} - set(STATUSES))
    if unknown:
        raise DataError.of("PAN-05", column=columns.status, found=", ".join(unknown), allowed=", ".join(STATUSES))
    startless = [str(u) for u, s, v in zip(first.index, start, values, strict=True) if np.isnan(s) and v == "treated"]
    if startless:
        raise DataError.of("PAN-14", column=columns.status, found=", ".join(startless[:MAX_LISTED]), n=len(startless))
    has_place = ~np.isnan(start) & (np.array(values, dtype=object) != "excluded")
    return tuple("treated" if placed else str(v) for placed, v in zip(has_place, values, strict=True))


def _starts(values: pd.Series) -> tuple[np.ndarray, tuple[Finding, ...]]:
    start = named_starts(values).map(ordinal_of).reindex(values.index).to_numpy(float)
    spelled = int((values.notna() & np.isnan(start)).sum())
    if not spelled:
        return start, ()
    return start, (finding("PAN-06", severity="info", column=str(values.name), n=spelled),)


def _weights(table: pd.DataFrame, columns: PanelColumns, matrix: pd.DataFrame) -> np.ndarray:
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
