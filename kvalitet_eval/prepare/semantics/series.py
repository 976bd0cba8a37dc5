"""Take one series out of a file that holds several, and compare the tables in which a figure stands twice.

The published cells have two measures and three sexes: five numbers for one municipality and quarter that must never be
one series. Nothing is chosen by default; what is not named and has several values is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.semantics.meaning import FileLike


@dataclass(frozen=True, slots=True)
class SeriesColumns:
    """Which columns tell series apart, where a figure stands, and how exactly it is printed.

    Parameters
    ----------
    unit, period : str
        Columns with municipality and quarter.
    kinds : tuple of str
        Columns of which a series has one value each.
    table : str
        Column with the table the figure comes from.
    rate, count : str
        Column with the percentage, which must agree between tables, and with the number behind it.
    """

    unit: str
    period: str
    kinds: tuple[str, ...]
    table: str
    rate: str
    count: str


SERIES = MappingProxyType(
    {
        "ssb_cells": SeriesColumns("kommune_nr", "kvartal", ("kjonn", "mal"), "tabell", "prosent", "antall"),
        "ssb_sick_leave": SeriesColumns(
            "municipality_number", "quarter", ("population", "sex"), "table", "rate_doctor_pct", "lost_days_doctor"
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per municipality and quarter, columns as in the file; of figures that stand in several tables the one
        from the first table by name.
    overlaps : pandas.DataFrame
        See :func:`overlaps`.
    findings : tuple of Finding
        Counts that differ between tables although the percentages agree.
    """

    rows: pd.DataFrame
    overlaps: pd.DataFrame
    findings: tuple[Finding, ...]


def overlaps(file: FileLike) -> pd.DataFrame:
    """Return every figure that stands in two tables.

    Returns
    -------
    pandas.DataFrame
        Columns of unit, period and kinds; table and other_table, line and other_line; rate, other_rate, count,
        other_count; rate_agrees and count_agrees (two missing figures agree). Sorted.

    Raises
    ------
    ValueError
        The layout of the file has no series.
    """
    names = _columns_of(file)
    key = [names.unit, names.period, *names.kinds]
    ordered = file.rows.sort_values([*key, names.table])
    for optional in (names.rate, names.count):
        ordered = ordered if optional in ordered else ordered.assign(**{optional: float("nan")})
    columns = {names.table: "table", "line": "line", names.rate: "rate", names.count: "count"}
    wide = ordered[[*key, *columns]].rename(columns=columns)
    pairs = wide.merge(wide, on=key, suffixes=("", "_2"))
    pairs = pairs[pairs["table"] < pairs["table_2"]].reset_index(drop=True)
    pairs = pairs.rename(columns={f"{name}_2": f"other_{name}" for name in columns.values()})
    for name in ("rate", "count"):
        one, other = pairs[name].astype(float), pairs[f"other_{name}"].astype(float)
        pairs[f"{name}_agrees"] = (one == other) | (one.isna() & other.isna())
    return pairs


def pick_series(file: FileLike, choose: Mapping[str, str]) -> Series:
    """Return one series of a file that holds several.

    Parameters
    ----------
    file : Intake
        A file of layout ``ssb_cells`` or ``ssb_sick_leave``.
    choose : mapping of str to str
        Value by column, for example ``{"kjonn": "begge", "mal": "dagsverk_pst"}``.

    Raises
    ------
    DataError
        A column of the series has several values and none is chosen, the chosen value is not there, or two tables
        give different percentages for one figure; all at once.
    ValueError
        The layout of the file has no series.
    """
    names = _columns_of(file)
    faults, rows = [], file.rows
    for column in names.kinds:
        values = sorted(file.rows[column].dropna().unique())
        wanted = choose.get(column)
        if (wanted is None and len(values) > 1) or (wanted is not None and wanted not in values):
            facts = {"values": ", ".join(values)}
            faults.append(finding("INN-S25", file=file.path, column=column, found=wanted or "–", **facts))
        elif wanted is not None:
            rows = rows[rows[column] == wanted]
    if faults:
        raise DataError(faults)
    chosen = rows[[*names.kinds]].drop_duplicates()
    pairs = overlaps(file).merge(chosen, on=list(names.kinds))
    if faults := _disagreeing(pairs[~pairs["rate_agrees"]], names, file, "INN-S26"):
        raise DataError(faults)
    remarks = _disagreeing(pairs[~pairs["count_agrees"]], names, file, "INN-S27")
    ordered = rows.sort_values([names.unit, names.period, names.table])
    return Series(ordered.drop_duplicates([names.unit, names.period]).reset_index(drop=True), pairs, tuple(remarks))


def _columns_of(file: FileLike) -> SeriesColumns:
    layout = file.layout.id if file.layout else None
    if layout not in SERIES:
        raise ValueError(f"no series in layout {layout}; there are some in {', '.join(SERIES)}")
    return SERIES[layout]


def _disagreeing(pairs: pd.DataFrame, names: SeriesColumns, file: FileLike, code: str) -> list[Finding]:
    kind = "rate" if code == "INN-S26" else "count"
    return [
        finding(
            code,
            severity="error" if code == "INN-S26" else "warning",
            file=file.path,
            line=int(row["other_line"]),
            column=names.rate if kind == "rate" else names.count,
            found=_printed(row[f"other_{kind}"]),
            other=_printed(row[kind]),
            other_line=int(row["line"]),
            unit=row[names.unit],
            quarter=row[names.period],
        )
        for row in pairs.to_dict("records")
    ]


def _printed(value: object) -> str:
    return "–" if pd.isna(value) else f"{value:.10g}".replace(".", ",")
