"""Calendar quarters as labels (``2007Q3``), as whole numbers to count with, and windows of several quarters."""

from __future__ import annotations

import calendar
import operator
import re
from dataclasses import dataclass
from typing import SupportsIndex

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_WORD = r"(?:kvartal|kv\.?|k|q)"
_THREE_MONTHS = (
    r"jan(?:uar|\.)? ?[-–] ?mars?\.?",
    r"apr(?:il|\.)? ?[-–] ?juni?\.?",
    r"juli?\.? ?[-–] ?sep(?:t|tember)?\.?",
    r"okt(?:ober|\.)? ?[-–] ?des(?:ember|\.)?",
)
_ORDINALS = tuple(
    (re.compile(rf"\b{word}(?= kvartal\b)"), f"{number}.")
    for word, number in (("første", 1), ("fyrste", 1), ("andre", 2), ("annet", 2), ("tredje", 3), ("fjerde", 4))
)
_SPELLINGS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}[ ._/-]{{0,2}}[qk] ?0?(?P<quarter>[1-4])",  # 2007Q3, 2007K3, 2007-Q3, 2007.K3, 2007K03
        rf"{_YEAR}:(?P<quarter>[1-4])",  # 2007:3
        rf"{_YEAR},? (?P<quarter>[1-4])\.? ?{_WORD}",  # 2007, 3. kvartal
        rf"{_YEAR},? (?:kvartal|kv\.?) ?(?P<quarter>[1-4])",  # 2007 kvartal 3
        rf"(?P<quarter>[1-4])\.? ?{_WORD}[ ,/-]{{0,2}}{_YEAR}",  # 3. kvartal 2007, 3. kv. 2007
        rf"{_WORD} ?(?P<quarter>[1-4])[ ,/-]{{0,2}}{_YEAR}",  # Q3 2007, K3/2007, kvartal 3, 2007
    )
)
_MONTHS = tuple(re.compile(rf"{months},? {_YEAR}") for months in _THREE_MONTHS)  # juli-september 2007
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?:[ t]00:00(?::00)?)?",  # 2007-09-30
        rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}",  # 30.09.2007, day first
    )
)
_LABEL = re.compile(r"[0-9]{4}(?:Q[1-4])?")
FIRST_QUARTER_ORDINAL = 4000  # smaller ordinals are years: 2007 is a year, 8030 is 2007Q3


def parse_quarter(text: str) -> str:
    """Return the label of the quarter that a text names.

    Parameters
    ----------
    text : str
        For example ``2007Q3``, ``2007K3``, ``2007:3``, ``3. kvartal 2007``, ``3. kv. 2007``, ``K3/2007``,
        ``tredje kvartal 2007``, ``juli-september 2007``, or the last day of a quarter as ``2007-09-30`` or
        ``30.09.2007``. Any other day is refused: it could be a month or a single day.

    Returns
    -------
    str
        Label of the form ``2007Q3``.

    Raises
    ------
    ValueError
        The text is not one quarter; years alone, months, decimals (``2007.1``) and windows are not.

    Examples
    --------
    >>> parse_quarter("3. kv. 2007")
    '2007Q3'
    """
    plain = " ".join(str(text).split()).casefold()
    for word, number in _ORDINALS:
        plain = word.sub(number, plain)
    for pattern in _SPELLINGS:
        if match := pattern.fullmatch(plain):
            return f"{match['year']}Q{match['quarter']}"
    for number, pattern in enumerate(_MONTHS, start=1):
        if match := pattern.fullmatch(plain):
            return f"{match['year']}Q{number}"
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
            if month in (3, 6, 9, 12) and day == calendar.monthrange(year, month)[1]:
                return f"{year}Q{month // 3}"
    raise ValueError(f"not one quarter: {text!r}")


def ordinal(period: str | SupportsIndex) -> int:
    """Return a whole number to count periods with: year x 4 + quarter - 1, the year itself for a year.

    A number is returned as it is, so that data with numbered periods need no labels.

    Raises
    ------
    ValueError
        The text is neither a label such as ``2007Q3`` nor a year.

    Examples
    --------
    >>> ordinal("2007Q3"), ordinal("2007"), ordinal(5)
    (8030, 2007, 5)
    """
    if not isinstance(period, str):
        return operator.index(period)
    if not _LABEL.fullmatch(period):
        raise ValueError(f"not a quarter label such as 2007Q3, nor a year: {period!r}")
    return int(period[:4]) * 4 + int(period[5]) - 1 if len(period) > 4 else int(period)


def label(number: SupportsIndex) -> str:
    """Return the label of an ordinal, the inverse of :func:`ordinal`.

    Examples
    --------
    >>> label(8030), label(2007)
    ('2007Q3', '2007')
    """
    number = operator.index(number)
    if number < FIRST_QUARTER_ORDINAL:
        return str(number)
    year, quarter = divmod(number, 4)
    return f"{year}Q{quarter + 1}"


def add(period: str, n: int) -> str:
    """Return the label ``n`` periods later (earlier when negative).

    Examples
    --------
    >>> add("2007Q4", 1)
    '2008Q1'
    """
    return label(ordinal(period) + n)


def quarters(first: str, last: str) -> tuple[str, ...]:
    """Return all labels from the first to the last, both included; empty when the last is before the first.

    Examples
    --------
    >>> quarters("2007Q4", "2008Q2")
    ('2007Q4', '2008Q1', '2008Q2')
    """
    return tuple(label(number) for number in range(ordinal(first), ordinal(last) + 1))


@dataclass(frozen=True, slots=True)
class Window:
    """Several quarters in a row, such as the four behind one figure of the annual report's Table 1.

    Parameters
    ----------
    start, end : str
        Labels of the first and the last quarter, both included.

    Raises
    ------
    ValueError
        A label is wrong, or the end is before the start.
    """

    start: str
    end: str

    def __post_init__(self) -> None:
        if ordinal(self.start) > ordinal(self.end):
            raise ValueError(f"the window ends before it starts: {self.start} to {self.end}")

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``4. kvartal 2005 - 3. kvartal 2006`` or ``2005Q4-2006Q3``, with a hyphen or a dash.

        Raises
        ------
        ValueError
            The text is not two quarters with a dash between, in order.

        Examples
        --------
        >>> Window.parse("4. kvartal 2005 - 3. kvartal 2006")
        Window(start='2005Q4', end='2006Q3')
        """
        for dash in re.finditer(r"[-–—]", text):
            try:
                start, end = parse_quarter(text[: dash.start()]), parse_quarter(text[dash.end() :])
            except ValueError:
                continue
            return cls(start, end)
        raise ValueError(f"not two quarters with a dash between: {text!r}")

    @property
    def quarters(self) -> tuple[str, ...]:
        """Labels of all quarters in the window, in order."""
        return quarters(self.start, self.end)

    def overlap(self, other: Window) -> int:
        """Return how many quarters two windows share.

        Examples
        --------
        >>> Window("2005Q4", "2006Q3").overlap(Window("2006Q2", "2007Q1"))
        2
        """
        return len(set(self.quarters) & set(other.quarters))

    def exposure_share(self, first_treated: str) -> float:
        """Return the share (0 to 1) of the quarters that are at or after the first treated quarter.

        Examples
        --------
        >>> Window("2006Q4", "2007Q3").exposure_share("2007Q1")
        0.75
        """
        start = ordinal(first_treated)
        return sum(ordinal(quarter) >= start for quarter in self.quarters) / len(self.quarters)
