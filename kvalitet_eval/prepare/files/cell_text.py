"""Typed cells of binary formats as text that the typing rules read back without doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NORWEGIAN = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DAY_AND_MONTH = re.compile(rf"(?P<day>[0-9]{{1,2}})[. -]{{1,2}}{_MONTH}\.?", re.IGNORECASE)
_MONTH_AND_YEAR = re.compile(rf"{_MONTH}[. -]{{1,2}}(?P<year>[0-9]{{2}})", re.IGNORECASE)
_THREE_DECIMALS = re.compile(r"\.[0-9]{3}(?=\n)")


def number_text(value: float) -> str:
    """Write a number so that nobody can take its decimal point for a thousands separator.

    Whole numbers have no decimals; three decimals get a fourth (8.125 becomes 8.1250). Every digit that tells the
    number apart from its neighbours is kept.

    Examples
    --------
    >>> number_text(301.0), number_text(9.1), number_text(8.125)
    ('301', '9.1', '8.1250')
    """
    return unambiguous(repr(value))


def number_texts(values: Iterable[float]) -> list[str]:
    """Write many numbers, each as :func:`number_text` does, in a third of the time.

    Examples
    --------
    >>> number_texts([301.0, 9.1, 8.125, 1e16])
    ['301', '9.1', '8.1250', '1e+16']
    """
    lines = "\n".join(map(repr, values)) + "\n"
    lines = _THREE_DECIMALS.sub(r"\g<0>0", lines.replace(".0\n", "\n"))
    return lines.split("\n")[:-1]


def unambiguous(text: str) -> str:
    """Return the text of a number with a decimal point without ``.0`` and never with just three decimals."""
    if text.endswith(".0"):
        return text[:-2]
    return f"{text}0" if text[-4:-3] == "." else text


def date_text(value: dt.date) -> str:
    """Write a date or a point in time as ISO 8601; midnight is a date.

    Examples
    --------
    >>> date_text(dt.datetime(2007, 9, 30)), date_text(dt.datetime(2007, 9, 30, 12, 30))
    ('2007-09-30', '2007-09-30 12:30:00')
    """
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    is_date = value.time() == dt.time() and value.tzinfo is None
    return value.date().isoformat() if is_date else value.isoformat(sep=" ")


def truth_text(value: object) -> str:
    """Write a logical value as a spreadsheet shows it in a formula: TRUE or FALSE."""
    return "TRUE" if value else "FALSE"


def before_date(text: str) -> str | None:
    """Return what a spreadsheet probably made a date of: ``1-2`` for 1 February, ``8-4`` for ``08.apr``.

    Returns
    -------
    str or None
        Nothing when the text is no date as :func:`date_text` or a Norwegian spreadsheet writes it.

    Examples
    --------
    >>> before_date("2026-02-01"), before_date("08.apr"), before_date("apr.08"), before_date("9.1")
    ('1-2', '8-4', '4-08', None)
    """
    if match := _DAY_AND_MONTH.fullmatch(text):
        return f"{int(match['day'])}-{_MONTHS.index(match['month'].casefold()) + 1}"
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return f"{_MONTHS.index(match['month'].casefold()) + 1}-{match['year']}"
    iso = f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}" if (match := _NORWEGIAN.fullmatch(text)) else text
    try:
        date = dt.date.fromisoformat(iso) if _DATE.fullmatch(iso) else None
    except ValueError:
        return None
    return None if date is None else f"{date.day}-{date.month}"
