"""The figures of single municipalities and of their peers, for all of them at once, as they go to the gate.

Days and persons stand behind every rate here; nothing in this module is shown to a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config, Intake, OutcomeSettings
from kvalitet_eval.design.comparison import size_group
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.regression_to_mean import expect_change
from kvalitet_eval.prepare.days import rates, rolling
from kvalitet_eval.prepare.periods import add
from kvalitet_eval.publish import CONFIDENTIAL, PublishedTable
from kvalitet_eval.report.imported import Imported

YEAR = 4
MIDDLE = (0.1, 0.9)
MOST_DAYS_A_QUARTER = 66
"""Nobody has agreed to more days in a quarter: 92 calendar days, five of seven. docs/ASSUMPTIONS.md A-26."""
SIZE = "size_"
OUTSIDE = ("never_treated", "unknown")
EXPECTED = ("expected", "expected_low", "expected_high", "common", "regression")


@dataclass(frozen=True, slots=True)
class Periods:
    """First and last quarter of the year before the start and of the year it is compared with."""

    before: tuple[str, str]
    after: tuple[str, str]


def compared_periods(intake: Intake, last_quarter: str) -> Periods:
    """Return the year before the start and the second year after it (the first when the panel ends earlier)."""
    start = intake.first_treated_quarter
    shift = YEAR if add(start, 2 * YEAR - 1) <= last_quarter else 0
    return Periods((add(start, -YEAR), add(start, -1)), (add(start, shift), add(start, shift + YEAR - 1)))


def size_groups(membership: pd.DataFrame, config: Config) -> pd.Series:
    """Return the name of every municipality's size group, by its number."""
    groups = size_group(membership["population"].to_numpy(), config.comparison.size_groups)
    return pd.Series([f"{SIZE}{group}" for group in groups], index=membership["municipality_number"].to_numpy())


def windows_of(rows: pd.DataFrame, outcome: OutcomeSettings) -> pd.DataFrame:
    """Return four-quarter rates with the days and persons behind them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Days per ``unit`` - a municipality, or a group of them - quarter and sector.

    Returns
    -------
    pandas.DataFrame
        unit, window (its first and last quarter), window_end, complete, rate_pct, numerator_days, agreed_days,
        persons, has_all (whether no quarter of the window is missing), origin. Windows without any days are left out.
    """
    table = rolling(rows, outcome, ["unit"], quarters=YEAR)
    table = table[table["n_quarters"] > 0].reset_index(drop=True)
    first = rows["quarter"].min()
    table["window"] = [f"{max(first, add(end, 1 - YEAR))}-{end}" for end in table["window_end"]]
    lengths = {window: len(parts) for window, parts in window_parts(table["window"]).items()}
    table["has_all"] = table["n_quarters"] == table["window"].map(lengths)
    return _with_persons(table, table["n_quarters"])


def quarters_of(rows: pd.DataFrame, outcome: OutcomeSettings) -> pd.DataFrame:
    """Return the quarters behind the windows, in the columns of :func:`windows_of`; quarters without days are left out.

    A quarter has the days it has or none at all: windows are sums over those that have.
    """
    table = _with_persons(rates(rows, outcome, ["unit", "quarter"]), 1)
    has_days = table["numerator_days"].notna() & table["agreed_days"].notna()
    return table[has_days].assign(window=table["quarter"]).reset_index(drop=True)


def group_rows(rows: pd.DataFrame, groups: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return the rows of each group's municipalities with the name of the group as ``unit``, group after group."""
    number = rows["municipality_number"]
    return pd.concat([rows[number.isin(list(members))].assign(unit=name) for name, members in groups.items()])


def partition(groups: Mapping[str, Iterable[str]]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Part the municipalities of groups that overlap into the smallest groups that all of them are sums of.

    Returns
    -------
    dict of str to str
        Each municipality's part: the names of the groups it is in.
    dict of str to tuple of str
        The parts of each group.

    Examples
    --------
    >>> partition({"small": ["0301", "0542"], "all": ["0542", "1902"]})[1]
    {'small': ('small', 'small+all'), 'all': ('small+all', 'all')}
    """
    found: dict[str, list[str]] = {}
    for name, members in groups.items():
        for number in members:
            found.setdefault(number, []).append(name)
    part_of = {number: "+".join(names) for number, names in found.items()}
    parts = dict.fromkeys(part_of.values())
    return part_of, {name: tuple(part for part in parts if name in part.split("+")) for name in groups}


def window_parts(windows: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the quarters that each window is the sum of.

    Examples
    --------
    >>> window_parts(["2006Q4-2007Q1"])
    {'2006Q4-2007Q1': ('2006Q4', '2007Q1')}
    """
    parts = {}
    for window in dict.fromkeys(windows):
        quarter, last = window.split("-")
        parts[window] = (quarter,)
        while quarter != last:
            quarter = add(quarter, 1)
            parts[window] += (quarter,)
    return parts


def _with_persons(table: pd.DataFrame, n_quarters: pd.Series | int) -> pd.DataFrame:
    """Add the persons behind each rate, at the least, and the rate itself also where few stand behind it."""
    fewest = np.floor(table["agreed_days"] / (MOST_DAYS_A_QUARTER * n_quarters))
    agreed = table["agreed_days"].where(table["agreed_days"] > 0)
    return table.assign(persons=table["employees"].fillna(fewest), rate_pct=100 * table["numerator_days"] / agreed)


def percentiles_of(windows: pd.DataFrame, groups: Mapping[str, Iterable[str]], minimum: int) -> pd.DataFrame:
    """Return the limits that the middle 80 per cent of the municipalities of each group lie within.

    Parameters
    ----------
    windows : pandas.DataFrame
        As from :func:`windows_of` by municipality; incomplete windows and those of fewer persons than the minimum are
        left out, because a percentile is nearly the figure of one municipality.

    Returns
    -------
    pandas.DataFrame
        unit (the group), window, low_pct, high_pct, n_municipalities.
    """
    used = windows[windows["complete"] & (windows["persons"] >= minimum)]
    inside = pd.concat([used[used["unit"].isin(list(members))].assign(unit=name) for name, members in groups.items()])
    found = inside.groupby(["unit", "window"])["rate_pct"]
    limits = found.quantile(list(MIDDLE)).unstack()
    limits.columns = ["low_pct", "high_pct"]
    return limits.assign(n_municipalities=found.size()).reset_index()


def expected_changes(config: Config, imported: Imported, own: PublishedTable, peers: pd.DataFrame) -> pd.DataFrame:
    """Set the change of every municipality beside the change expected of its level.

    Parameters
    ----------
    own : PublishedTable
        Published four-quarter rates: what is withheld there cannot be used here.
    peers : pandas.DataFrame
        Four-quarter rates of those who took no part, as from :func:`windows_of`.

    Returns
    -------
    pandas.DataFrame
        One row for each municipality that has figures for both years, or whose figures are withheld: the four quarters
        as text, before, after, change, the columns of `ExpectedChange`, and ``<column>_status``.
    """
    table = imported.membership
    groups = size_groups(table, config)
    started = table[table["status"] == "treated"].set_index("municipality_number")["intake"]
    levels = peers[peers["complete"]].pivot(index="unit", columns="window_end", values="rate_pct")
    level_groups = groups[levels.index]
    found = []
    for number, intake in started.items():
        periods = compared_periods(config.intake(intake), str(imported.record["last_quarter"]))
        pool = levels[(level_groups == groups[number]).to_numpy()].reindex(
            columns=[periods.before[1], periods.after[1]]
        )
        row = _expected(own.select(unit=number), periods, pool)
        if row:
            found.append({"municipality_number": number, **row})
    names = ["municipality_number", *(f"{at}_{end}" for at in ("before", "after") for end in ("from", "to"))]
    frame = pd.DataFrame(found, columns=[*names, *_NUMBERS, "status"])
    hidden = frame.pop("status")
    return frame.assign(
        residual_df=frame["n_comparison"] - 2,
        origin=str(imported.record["origin"]),
        **{f"{name}_status": hidden for name in ("before", "after", "change", *EXPECTED)},
    )


_NUMBERS = ("before", "after", "change", *EXPECTED, "n_comparison", "level")


def _expected(own: PublishedTable, periods: Periods, pool: pd.DataFrame) -> dict[str, object] | None:
    frame, marks = own.to_frame(), own.marks()
    ends = (periods.before[1], periods.after[1])
    both = [((frame["window_end"] == end) & frame["complete"]).to_numpy() for end in ends]
    if not all(place.any() for place in both):
        return None
    names = ("before_from", "before_to", "after_from", "after_to")
    named = dict(zip(names, (*periods.before, *periods.after), strict=True))
    if any((marks["rate_pct"][place] == CONFIDENTIAL).any() for place in both):
        return {**named, "status": "confidential"}
    before, after = (float(frame["rate_pct"][place].iloc[0]) for place in both)
    try:
        expected = expect_change(before, after, *(pool[end].to_numpy() for end in pool))
    except EstimationError:
        return None
    values = {name: getattr(expected, name) for name in _NUMBERS}
    return None if np.isnan(values["change"]) else {**named, **values, "status": ""}
