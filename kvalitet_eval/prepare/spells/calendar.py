"""The small tables beside the microdata: working days of the period, its quarters, and what became of each number."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.periods import Window, ordinal
from kvalitet_eval.prepare.spells.working_days import days_between, is_working_day


@dataclass(frozen=True, slots=True, eq=False)
class CalendarTables:
    """The tables that the queries join with; any engine may hold them.

    Parameters
    ----------
    calendar : pandas.DataFrame
        One row per day of the period: calendar_day (date), quarter_number, days_before and days_through (working days
        from the start of the period until the day before, and through the day), is_quarter_end (0 or 1).
    quarter_spans : pandas.DataFrame
        One row per first and last quarter of a spell and quarter between them: first_quarter, last_quarter,
        quarter_number, days_before and days_through (working days before and through the quarter).
    numbers : pandas.DataFrame
        One row per number and quarter: recorded, quarter_number, municipality_number (the number that its employer has
        in that quarter).
    """

    calendar: pd.DataFrame
    quarter_spans: pd.DataFrame
    numbers: pd.DataFrame


def first_and_last_day(window: Window) -> tuple[date, date]:
    """Return the first day of the first quarter and the last day of the last."""
    first, last = ordinal(window.start), ordinal(window.end)
    month = last % 4 * 3 + 3
    return date(first // 4, first % 4 * 3 + 1, 1), date(last // 4, month, calendar.monthrange(last // 4, month)[1])


def calendar_tables(window: Window, register: Register) -> CalendarTables:
    """Build the tables of a period.

    Raises
    ------
    ValueError
        The period reaches outside the years with known holidays.
    """
    days, through = [], 0
    first, last = first_and_last_day(window)
    for day in days_between(first, last):
        before, through = through, through + is_working_day(day)
        days.append((day, day.year * 4 + (day.month - 1) // 3, before, through))
    frame = pd.DataFrame(days, columns=["calendar_day", "quarter_number", "days_before", "days_through"])
    is_end = frame["quarter_number"] != frame["quarter_number"].shift(-1)
    return CalendarTables(
        calendar=frame.assign(is_quarter_end=is_end.astype("int64")),
        quarter_spans=_spans(frame),
        numbers=pd.DataFrame(
            [
                (recorded, year * 4 + quarter, number)
                for recorded, year, number, _ in number_years(register, range(first.year, last.year + 1))
                for quarter in range(4)
            ],
            columns=["recorded", "quarter_number", "municipality_number"],
        ),
    )


def number_years(register: Register, years: Iterable[int]) -> list[tuple[str, int, str, bool]]:
    """Return what each number of the register is called in each year.

    Returns
    -------
    list of tuple
        recorded number, year, number in that year, whether the recorded number itself is valid in that year. A number
        that is not valid is followed forwards from its last year, as long as the whole area went to one municipality;
        there is no row for one that was split or that does not exist yet.
    """
    last_years: dict[str, list[int]] = {}
    for item in register.municipalities:
        last_years.setdefault(item.number, []).append(item.last_year)
    found = []
    for year in years:
        for recorded, ends in sorted(last_years.items()):
            if register.exists(recorded, year):
                found.append((recorded, year, recorded, True))
            elif earlier := [end for end in ends if end < year]:
                targets = register.targets(recorded, max(earlier), year)
                found += [(recorded, year, targets[0], False)] if len(targets) == 1 else []
    return found


def _spans(frame: pd.DataFrame) -> pd.DataFrame:
    limits = frame.groupby("quarter_number").agg(
        days_before=("days_before", "min"), days_through=("days_through", "max")
    )
    quarters = list(limits.itertuples(name=None))
    rows = [
        (quarters[first][0], quarters[last][0], *quarter)
        for first in range(len(quarters))
        for last in range(first, len(quarters))
        for quarter in quarters[first : last + 1]
    ]
    return pd.DataFrame(
        rows, columns=["first_quarter", "last_quarter", "quarter_number", "days_before", "days_through"]
    )
