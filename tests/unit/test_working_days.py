"""Working days against the printed calendar."""

from __future__ import annotations

from datetime import date

import pytest

from kvalitet_eval.prepare.spells.working_days import FIRST_YEAR, LAST_YEAR, holidays, is_working_day, working_days

EASTER_SUNDAYS = {
    2000: (4, 23), 2004: (4, 11), 2005: (3, 27), 2006: (4, 16), 2007: (4, 8), 2008: (3, 23), 2009: (4, 12),
    2010: (4, 4), 2011: (4, 24), 2016: (3, 27), 2019: (4, 21), 2024: (3, 31), 2025: (4, 20), 2030: (4, 21),
}  # fmt: skip


@pytest.mark.parametrize(("year", "day"), EASTER_SUNDAYS.items())
def test_easter_sunday(year, day):
    assert [when for when, name in holidays(year).items() if name == "easter_sunday"] == [date(year, *day)]


def test_the_holidays_of_2009():
    assert [day.strftime("%m-%d") for day in holidays(2009)] == [
        "01-01", "04-09", "04-10", "04-12", "04-13", "05-01", "05-17", "05-21", "05-31", "06-01", "12-25", "12-26",
    ]  # fmt: skip


def test_two_holidays_on_one_day_are_one_day_off():
    assert holidays(2007)[date(2007, 5, 17)] == "constitution_day"  # Ascension Day too
    assert len(holidays(2007)) == 11
    assert len(holidays(2008)) == 11  # 1 May is Ascension Day
    assert len(holidays(2009)) == 12


@pytest.mark.parametrize(
    ("year", "by_quarter"),
    [
        # 2007: 65, 65, 65 and 66 weekdays; off: 1 Jan; 5, 6, 9 Apr, 1, 17, 28 May; none; 25, 26 Dec
        (2007, (64, 59, 65, 64)),
        # 2008: Easter in March: 65 weekdays less 1 Jan, 20, 21, 24 Mar; 65 less 1 and 12 May (17 May a Saturday)
        (2008, (61, 63, 66, 64)),
        # 2009: 64, 65, 66 and 66 less 1 Jan; 9, 10, 13 Apr, 1, 21 May, 1 Jun; none; 25 Dec (26 a Saturday)
        (2009, (63, 59, 66, 65)),
    ],
)
def test_working_days_of_quarters(year, by_quarter):
    ends = [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)]
    starts = [date(year, 1, 1), date(year, 4, 1), date(year, 7, 1), date(year, 10, 1)]
    assert tuple(working_days(start, end) for start, end in zip(starts, ends, strict=True)) == by_quarter


def test_eves_are_working_days_and_weekends_are_not():
    assert is_working_day(date(2007, 12, 24))
    assert is_working_day(date(2007, 12, 31))
    assert not is_working_day(date(2007, 12, 29))
    assert working_days(date(2007, 12, 29), date(2007, 12, 30)) == 0
    assert working_days(date(2007, 12, 31), date(2007, 12, 30)) == 0


def test_years_without_stated_rules_are_refused():
    holidays(FIRST_YEAR)
    holidays(LAST_YEAR)
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(ValueError, match=str(year)):
            holidays(year)
