"""Norwegian working days: Monday to Friday without public holidays, from 2000 to 2030.

Public holidays are those of the Act of 24 February 1995 no. 12, and 1 and 17 May by the Act of 26 April 1947 no. 1.
Christmas Eve, New Year's Eve and the Wednesday before Easter are working days: they are shorter by agreement only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

FIRST_YEAR = 2000
LAST_YEAR = 2030
_FIXED = {(1, 1): "new_year", (5, 1): "labour_day", (5, 17): "constitution_day"} | {
    (12, 25): "christmas_day",
    (12, 26): "boxing_day",
}
_AFTER_EASTER = {
    -3: "maundy_thursday",
    -2: "good_friday",
    0: "easter_sunday",
    1: "easter_monday",
    39: "ascension_day",
    49: "whit_sunday",
    50: "whit_monday",
}
_SATURDAY = 5


@cache
def holidays(year: int) -> dict[date, str]:
    """Return the public holidays of a year, in order, with their names.

    Two holidays on one day (17 May on Whit Monday) are one day off and have the name of the fixed one.

    Raises
    ------
    ValueError
        The year is outside 2000 to 2030, for which the rules are stated.

    Examples
    --------
    >>> [day.isoformat() for day, name in holidays(2008).items() if name in ("labour_day", "ascension_day")]
    ['2008-05-01']
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no working days for {year}: from {FIRST_YEAR} to {LAST_YEAR}")
    moving = {easter(year) + timedelta(days=days): name for days, name in _AFTER_EASTER.items()}
    fixed = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    return dict(sorted((moving | fixed).items()))


def is_working_day(day: date) -> bool:
    """Whether a day is a working day; errors as for :func:`holidays`."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def days_between(first: date, last: date) -> Iterator[date]:
    """Give every calendar day from the first to the last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def working_days(first: date, last: date) -> int:
    """Count the working days from the first to the last day, both included; 0 when the last is before the first.

    Examples
    --------
    >>> working_days(date(2007, 4, 1), date(2007, 4, 9))  # Palm Sunday to Easter Monday: Monday to Wednesday
    3
    """
    return sum(is_working_day(day) for day in days_between(first, last))
