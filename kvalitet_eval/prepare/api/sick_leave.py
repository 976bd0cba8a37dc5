"""Doctor-certified sick leave by municipality of residence: which of Statistics Norway's tables has which quarters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kvalitet_eval.errors import UsageError
from kvalitet_eval.prepare.api.fetch import Fetched, Visit, fetch_table
from kvalitet_eval.prepare.layouts.sick_leave import SSB_SICK_LEAVE
from kvalitet_eval.prepare.periods import label, ordinal

SICK_LEAVE_TRAPS = (
    "The population is RESIDENTS of the municipality in all industries, doctor-certified only. It must never be joined "
    "with figures for municipal employees.",
    "Tables 03217 (to 2008K4) and 07905 (from 2008K1) both have the four quarters of 2008; they are never one series "
    "without a check of the overlap.",
    "A code of time such as `2008K1 Ny` is the quarter by new industry codes; it can stand beside `2008K1`.",
    "Breaks: new rules from July 2004, new industry codes from 2009K1, new source of employment data from 2015K1.",
)


@dataclass(frozen=True, slots=True)
class SickLeaveTable:
    """One table and the quarters it is used for; no last quarter for the one that is still kept up."""

    table: str
    first: str
    last: str | None


TABLES_IN_ORDER = (
    SickLeaveTable("03217", "2000Q2", "2008Q4"),
    SickLeaveTable("07905", "2008Q1", "2018Q4"),
    SickLeaveTable("12451", "2019Q1", None),
)
OLDEST = TABLES_IN_ORDER[0].first


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of what was asked for that one table is used for, as ordinals of quarters, both included."""

    table: str
    first: int
    last: int


def choose_tables(first: int, last: int) -> tuple[Stretch, ...]:
    """Return the tables for a stretch of quarters, oldest first; a quarter that two tables have stands in both.

    Quarters before :data:`OLDEST` are in no table and in no stretch.

    Raises
    ------
    UsageError
        API-36: the stretch ends before the oldest table begins.

    Examples
    --------
    >>> [(each.table, label(each.first), label(each.last)) for each in choose_tables(8016, 8043)]
    [('03217', '2004Q1', '2008Q4'), ('07905', '2008Q1', '2010Q4')]
    """
    if last < ordinal(OLDEST):
        raise UsageError.of(
            "API-36", column="--to", found=label(last).replace("Q", "K"), oldest=OLDEST.replace("Q", "K")
        )
    chosen = []
    for each in TABLES_IN_ORDER:
        low = max(first, ordinal(each.first))
        high = last if each.last is None else min(last, ordinal(each.last))
        if low <= high:
            chosen.append(Stretch(each.table, low, high))
    return tuple(chosen)


def find_overlaps(chosen: tuple[Stretch, ...]) -> tuple[tuple[str, str, str, str], ...]:
    """Return the quarters that two tables both have: older table, newer table, first and last quarter.

    Examples
    --------
    >>> find_overlaps(choose_tables(8016, 8043))
    (('03217', '07905', '2008Q1', '2008Q4'),)
    """
    return tuple(
        (old.table, new.table, label(new.first), label(old.last))
        for old, new in pairwise(chosen)
        if new.first <= old.last
    )


def fetch_sick_leave(visit: Visit, stretch: Stretch) -> Fetched:
    """Fetch one table of sick leave, and keep it; errors as for :func:`api_fetch.fetch_table`."""
    about = {"traps": SICK_LEAVE_TRAPS, "layout": SSB_SICK_LEAVE.id}
    return fetch_table(visit, stretch.table, stretch.first, stretch.last, **about)
