"""Rows of persons to cells of municipalities: ten million rows become one row per municipality and period.

Every estimator of the workbench is a weighted sum of cells, and the programme reaches a municipality, not a person: the
weighted means of the cells and their weights hold all that a regression with municipality and period effects uses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.errors import DataError, finding
from kvalitet_eval.prepare.panel_rules import require_columns

AT_ONCE = 2**18  # rows worked on at a time, so that they stay near the processor
NARROW = 2**14  # whole numbers within this range are their own positions
MAX_LISTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class _Codes:
    """One column as positions in ``names``: ``numbers`` less ``offset``."""

    numbers: np.ndarray
    offset: int
    names: pd.Index

    def piece(self, rows: slice) -> np.ndarray:
        """Positions of some rows."""
        return self.numbers[rows].astype(np.intp, copy=False) - self.offset


def collapse_rows(
    rows: pd.DataFrame, *, unit: str, period: str, outcome: str, cohort: str, weights: str | None = None
) -> pd.DataFrame:
    """Collapse individual rows to one row per unit and period.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per person and period, in any order; left unchanged. A row without an outcome is left out.
    unit, period, outcome, cohort : str
        Columns as for :meth:`kvalitet_eval.prepare.panel.Panel.from_frame`.
    weights : str, optional
        Column of positive weights of the persons; without it every row counts once.

    Returns
    -------
    pandas.DataFrame
        The columns of the same names, ``outcome`` the weighted mean of the cell; ``weight``, the sum of the weights;
        ``n_rows``, the number of rows behind the mean. Sorted by unit and period.

    Raises
    ------
    DataError
        ``PAN-01``: a column is missing. ``PAN-03``: a unit has rows of different cohorts. ``PAN-04``: an outcome or a
        weight is no finite number. ``PAN-07``: a weight is not positive. ``PAN-10``: there is no row with an outcome.
        ``PAN-11``, ``PAN-12``: a row without unit, or without period.

    Notes
    -----
    With W the sum of a cell's weights and ybar their mean, sum_j w_j (y_j - m)^2 over its rows is W (ybar - m)^2 and a
    number without m. A weighted regression on what is the same for all rows of a cell (municipality and period effects,
    "started") therefore has the same coefficients from the cells. The scores of a municipality are the same too, and so
    is its clustered standard error, but for the number of rows in a small-sample factor.

    Examples
    --------
    Two persons with 1 and 3 are a cell with mean 2 and weight 2:

    >>> rows = pd.DataFrame({"unit": list("aab"), "t": [1, 1, 1], "y": [1.0, 3.0, 5.0], "g": [2.0, 2.0, None]})
    >>> collapse_rows(rows, unit="unit", period="t", outcome="y", cohort="g").values.tolist()
    [['a', 1, 2.0, 2.0, 2.0, 2], ['b', 1, 5.0, nan, 1.0, 1]]
    """
    require_columns(rows, [name for name in (unit, period, outcome, cohort, weights) if name])
    if rows.empty:
        raise DataError.of("PAN-10", column=outcome)
    units, periods, cohorts = (_encode(rows[name]) for name in (unit, period, cohort))
    for name, codes, code in ((unit, units, "PAN-11"), (period, periods, "PAN-12")):
        if codes.names.hasnans:
            raise DataError.of(code, column=name, found=np.nan, n=int(rows[name].isna().sum()))
    values = _figures(rows, outcome, place=[unit, period])
    mass = None if weights is None else _figures(rows, weights, place=[unit, period])
    if mass is not None and (bad := ~(mass > 0) & ~np.isnan(values)).any():
        raise DataError.of("PAN-07", column=weights, found=rows.loc[bad, weights].iloc[0], n=int(bad.sum()))
    count, total, weight, member = _add_up(units, periods, cohorts, values, mass)
    _refuse_changing(member, units, cohorts, column=cohort)
    cell = np.flatnonzero(count)
    if not cell.size:
        raise DataError.of("PAN-10", column=outcome)
    place, time = np.divmod(cell, len(periods.names))
    table = {
        unit: units.names[place],
        period: periods.names[time],
        outcome: total[cell] / weight[cell],
        cohort: cohorts.names[member.argmax(axis=1)[place]],
        "weight": weight[cell],
        "n_rows": count[cell],
    }
    return pd.DataFrame(table).sort_values([unit, period], ignore_index=True)


def _encode(values: pd.Series) -> _Codes:
    """Number the values; a missing one is a value too."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "i":
        numbers = values.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low < NARROW:
            return _Codes(numbers, low, pd.Index(np.arange(low, high + 1).astype(values.dtype)))
    numbers, names = pd.factorize(values, use_na_sentinel=False)
    return _Codes(numbers, 0, pd.Index(names))


def _figures(rows: pd.DataFrame, column: str, *, place: list[str]) -> np.ndarray:
    """(n,) figures of a column, missing ones included; text and infinity are refused."""
    values = pd.to_numeric(rows[column], errors="coerce").to_numpy(float, na_value=np.nan)
    suspect = np.flatnonzero(~np.isfinite(values))
    bad = suspect[np.isinf(values[suspect]) | rows[column].iloc[suspect].notna().to_numpy()]
    if bad.size:
        listed = rows[[*place, column]].iloc[bad[:MAX_LISTED]].itertuples(index=False)
        raise DataError([finding("PAN-04", column=column, found=text, unit=u, period=t) for u, t, text in listed])
    return values


def _add_up(
    units: _Codes, periods: _Codes, cohorts: _Codes, values: np.ndarray, mass: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(U x T,) rows, sums and weights of the cells, and (U, C) rows of each unit by cohort, piece by piece."""
    n_units, n_periods, n_cohorts = (len(codes.names) for codes in (units, periods, cohorts))
    n_cells = n_units * n_periods
    count, member = np.zeros(n_cells, dtype=np.intp), np.zeros(n_units * n_cohorts, dtype=np.intp)
    total, weight = np.zeros(n_cells), np.zeros(n_cells)
    size = max(AT_ONCE, n_cells)
    for first in range(0, len(values), size):
        rows = slice(first, first + size)
        place, y = units.piece(rows), values[rows]
        member += np.bincount(place * n_cohorts + cohorts.piece(rows), minlength=len(member))
        cell = place * n_periods + periods.piece(rows)
        w = None if mass is None else mass[rows]
        if np.isnan(y).any():
            there = ~np.isnan(y)
            cell, y, w = cell[there], y[there], None if w is None else w[there]
        count += np.bincount(cell, minlength=n_cells)
        total += np.bincount(cell, weights=y if w is None else w * y, minlength=n_cells)
        if w is not None:
            weight += np.bincount(cell, weights=w, minlength=n_cells)
    return count, total, count.astype(float) if mass is None else weight, member.reshape(n_units, n_cohorts)


def _refuse_changing(member: np.ndarray, units: _Codes, cohorts: _Codes, *, column: str) -> None:
    changing = np.flatnonzero((member > 0).sum(axis=1) > 1)[:MAX_LISTED]
    if changing.size:
        seen = [", ".join(sorted(map(str, cohorts.names[member[u] > 0]))) for u in changing]
        facts = zip(changing, seen, strict=True)
        raise DataError([finding("PAN-03", column=column, found=names, unit=units.names[u]) for u, names in facts])
