"""Codes of time as open APIs write them, and what a user writes for a first and last period, counted in quarters."""

from __future__ import annotations

import re

from kvalitet_eval.errors import UsageError
from kvalitet_eval.prepare.periods import ordinal, parse_quarter

_CODE = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:[KQ](?P<quarter>[1-4])(?: Ny)?|M(?P<month>0[1-9]|1[0-2])|-(?P<last>[0-9]{4}))?"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def span(code: str) -> tuple[int, int] | None:
    """Return the first and last quarter that a code of time covers, as ordinals; nothing when the spelling is unknown.

    Known are years (``2007``), stretches of years (``2006-2007``), quarters (``2007K3``, ``2008K1 Ny``) and months
    (``2007M03``, its quarter).

    Examples
    --------
    >>> span("2007K3"), span("2007"), span("uke 3")
    ((8030, 8030), (8028, 8031), None)
    """
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    first = 4 * int(match["year"])
    if match["quarter"] or match["month"]:
        first += int(match["quarter"]) - 1 if match["quarter"] else (int(match["month"]) - 1) // 3
        return first, first
    last = 4 * int(match["last"] or match["year"]) + 3
    return (first, last) if first <= last else None


def parse_bounds(first: str | None, last: str | None) -> tuple[int | None, int | None]:
    """Return the ordinals of the first quarter of ``first`` and the last quarter of ``last``; missing stays missing.

    Parameters
    ----------
    first, last : str, optional
        A year or a quarter in any spelling of :func:`periods.parse_quarter`.

    Raises
    ------
    UsageError
        API-31: neither a year nor a quarter. API-32: the first comes after the last.

    Examples
    --------
    >>> parse_bounds("2004", "2010K2"), parse_bounds(None, "2010")
    ((8016, 8041), (None, 8043))
    """
    low = None if first is None else _bound(first, "--from", 0)
    high = None if last is None else _bound(last, "--to", 3)
    if low is not None and high is not None and low > high:
        raise UsageError.of("API-32", column="--from", found=first, last=last)
    return low, high


def _bound(text: str, option: str, quarter: int) -> int:
    if _YEAR.fullmatch(text.strip()):
        return 4 * int(text) + quarter
    try:
        return ordinal(parse_quarter(text))
    except ValueError as error:
        raise UsageError.of("API-31", column=option, found=text) from error
