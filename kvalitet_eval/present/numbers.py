"""Numbers, quarters and dates as a reader of the language writes them.

A value is rounded to nine decimals first and then half away from zero, so that what is printed does not depend on the
order in which something was summed. Minus is U+2212; zero never carries a sign; what is missing is a word.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from babel.dates import format_date

from kvalitet_eval.present.messages import text

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"
_NOISE_DECIMALS = 9
_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")
_SEPARATORS = {"nb": (",", NO_BREAK_SPACE), "nn": (",", NO_BREAK_SPACE), "en": (".", ",")}
_DATE_LOCALES = {"nb": "nb", "nn": "nn", "en": "en_GB"}


def separators(language: str = "nb") -> str:
    """Return the decimal sign and the sign between thousands, as one text of two signs."""
    return "".join(_SEPARATORS[language])


def is_missing(x: object) -> bool:
    """Return whether a value is missing (None, NaN, NA or NaT)."""
    return x is None or bool(pd.isna(x))


def number(x: float | None, decimals: int, language: str = "nb") -> str:
    """Return a number with a fixed number of decimals.

    Raises
    ------
    ValueError
        The number is infinite: a division by zero must not reach a reader.

    Examples
    --------
    >>> number(-1234.25, 1).replace(NO_BREAK_SPACE, "_")
    '−1_234,3'
    >>> number(-0.04, 1), number(None, 1), number(9.5, 1, "en")
    ('0,0', 'mangler', '9.5')
    """
    if is_missing(x):
        return text("number.missing", language)
    rounded = _rounded(x, decimals)
    point, group = _SEPARATORS[language]
    digits = f"{abs(rounded):,.{decimals}f}".replace(",", "\0").replace(".", point).replace("\0", group)
    return (MINUS if rounded < 0 else "") + digits


def signed(x: float | None, decimals: int, language: str = "nb") -> str:
    """Return a number that always shows its sign, except zero.

    Examples
    --------
    >>> signed(0.42, 1), signed(-0.42, 1), signed(0.01, 1)
    ('+0,4', '−0,4', '0,0')
    """
    plus = "+" if not is_missing(x) and _rounded(x, decimals) > 0 else ""
    return plus + number(x, decimals, language)


def count(x: float | None, language: str = "nb") -> str:
    """Return a whole number with grouped thousands."""
    return number(x, 0, language)


def counted(what: str, n: float | None, language: str = "nb") -> str:
    """Return a whole number with what it counts, in the form that goes with it.

    Parameters
    ----------
    what : str
        Last part of the catalogue's key: "municipalities", "participating", "compared" or "participants".

    Examples
    --------
    >>> [counted("municipalities", n).replace(NO_BREAK_SPACE, " ") for n in (0, 1, 2, None)]
    ['0 kommuner', '1 kommune', '2 kommuner', 'et ukjent antall kommuner']
    """
    form = "unknown" if is_missing(n) else "one" if n == 1 else "many"
    return text(f"counted.{what}.{form}", language, n=count(n, language))


def points(x: float | None, decimals: int = 2, language: str = "nb") -> str:
    """Return a difference between two percentages.

    Examples
    --------
    >>> points(-0.424)
    '−0,42 prosentpoeng'
    """
    return _with_unit("number.points", x, decimals, language)


def percent(x: float | None, decimals: int = 1, language: str = "nb") -> str:
    """Return a percentage, which is another thing than percentage points.

    Examples
    --------
    >>> percent(9.5).replace(NO_BREAK_SPACE, "_")
    '9,5_%'
    """
    return _with_unit("number.percent", x, decimals, language)


def interval(low: float | None, high: float | None, decimals: int = 2, language: str = "nb") -> str:
    """Return two limits; missing when either limit is.

    Examples
    --------
    >>> interval(-0.82, 0.05)
    '−0,82 til 0,05'
    """
    if is_missing(low) or is_missing(high):
        return text("number.missing", language)
    return text("number.interval", language, low=number(low, decimals, language), high=number(high, decimals, language))


def quarter(label: str | int, language: str = "nb") -> str:
    """Return a quarter as text.

    Parameters
    ----------
    label : str or int
        ``"2007Q3"``, or its ordinal (year times 4 plus quarter minus 1).

    Raises
    ------
    ValueError
        The label is not a quarter.

    Examples
    --------
    >>> quarter("2007Q3"), quarter(2007 * 4 + 2)
    ('3. kv. 2007', '3. kv. 2007')
    """
    year, number_of_quarter = quarter_parts(label)
    return text("number.quarter", language, quarter=number_of_quarter, year=year)


def quarter_parts(label: str | int) -> tuple[int, int]:
    """Return year and quarter (1 to 4) of a label such as ``"2007Q3"`` or of an ordinal; errors as for `quarter`."""
    if isinstance(label, str):
        match = _QUARTER.match(label)
        if match is None:
            raise ValueError(f"not a quarter such as '2007Q3': {label!r}")
        return int(match[1]), int(match[2])
    return label // 4, label % 4 + 1


def quarter_ordinal(label: str | int) -> int:
    """Return year times 4 plus quarter minus 1, so that neighbouring quarters differ by one."""
    year, number_of_quarter = quarter_parts(label)
    return year * 4 + number_of_quarter - 1


def window(first: str | int, last: str | int, language: str = "nb") -> str:
    """Return a period of quarters.

    Examples
    --------
    >>> window("2005Q4", "2006Q3")
    '4. kv. 2005 – 3. kv. 2006'
    """
    return text("number.window", language, first=quarter(first, language), last=quarter(last, language))


def date(day: dt.date, language: str = "nb") -> str:
    """Return a date with the month written out.

    Examples
    --------
    >>> date(dt.date(2026, 11, 21))
    '21. november 2026'
    """
    return format_date(day, format="long", locale=_DATE_LOCALES[language])


def month(day: dt.date, language: str = "nb") -> str:
    """Return the month of a date.

    Examples
    --------
    >>> month(dt.date(2007, 10, 1))
    'oktober 2007'
    """
    return format_date(day, format="MMMM y", locale=_DATE_LOCALES[language])


def _rounded(x: float, decimals: int) -> Decimal:
    if not math.isfinite(x):
        raise ValueError(f"not a finite number: {x!r}")
    exact = Decimal(repr(round(float(x), _NOISE_DECIMALS)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _with_unit(key: str, x: float | None, decimals: int, language: str) -> str:
    value = number(x, decimals, language)
    return value if is_missing(x) else text(key, language, value=value)
