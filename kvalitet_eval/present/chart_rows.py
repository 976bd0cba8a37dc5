"""The rows of a published table as a chart needs them: all it asks for, and the mark of each missing value."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import MISSING, PublishedTable
from kvalitet_eval.publish.texts import require_published


def checked_rows(table: PublishedTable, needed: Iterable[str], *, value: str, what: str) -> pd.DataFrame:
    """Return the rows with a column ``mark``: what is printed where ``value`` is missing.

    Raises
    ------
    ReportError
        PUB-20: not a published table.
    ValueError
        A column is missing, or there is no row; the message begins with ``what``.
    """
    require_published((table,))
    frame = table.to_frame()
    missing = [name for name in needed if name not in frame]
    if missing:
        raise ValueError(f"{what}: columns are missing: {missing}")
    if frame.empty:
        raise ValueError(f"{what}: no rows")
    return frame.assign(mark=[mark or MISSING for mark in table.marks()[value]])


def require_once(values: Iterable[object], what: str) -> None:
    """Refuse names that are missing or stand twice.

    Raises
    ------
    ValueError
        The message begins with ``what`` and lists them.
    """
    listed = list(values)
    wrong = sorted({str(value) for value in listed if numbers.is_missing(value) or listed.count(value) > 1})
    if wrong:
        raise ValueError(f"{what}: missing, or stands twice: {wrong}")


def value_with_interval(
    value: float | None, low: float | None, high: float | None, decimals: int, language: str
) -> str:
    """Return a number with its interval in brackets; the word for missing where there is no value."""
    shown = numbers.number(value, decimals, language)
    if numbers.is_missing(value) or numbers.is_missing(low) or numbers.is_missing(high):
        return shown
    return f"{shown} ({numbers.interval(low, high, decimals, language)})"


def level_of(levels: pd.Series, language: str) -> str:
    """Return the level of confidence of the first row that has one, as printed; empty where none has."""
    known = levels.dropna()
    return "" if known.empty else numbers.percent(100 * float(known.iloc[0]), 0, language)


def told(verdict: sentences.Verdict | None, origin: str, language: str) -> str:
    """Return the ending of an alternative text: the verdict, or that nothing has been tested."""
    if verdict is None:
        return sentences.without_verdict(origin, language)
    return sentences.conclusion(verdict, origin, language)


def described(origin: str, language: str) -> str:
    """Return the ending of an alternative text of a figure that measures nothing."""
    said = text("chart.describes", language)
    return f"{said} {text('chart.synthetic_sentence', language)}" if origin != "observed" else said
