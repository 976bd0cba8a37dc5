"""The gate for words: every number in a sentence stands in a published table or is a stated fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.published import _SEAL, PublishedTable, PublishedText

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f,]\d{3}(?!\d))*(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[ \u00a0\u202f]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ROUNDING = 1e-9


def text(sentence: str, *tables: PublishedTable, facts: Iterable[object] = ()) -> PublishedText:
    """Let a text through.

    Parameters
    ----------
    sentence : str
        Words in any language; numbers with decimal comma or point, thousands parted by a space or an English comma.
    *tables : PublishedTable
        Where its numbers come from. A number is known when some printed value, rounded to the decimals it is written
        with, gives it (the sign aside), or when it stands in some printed text, such as a quarter.
    facts : iterable of object
        Numbers, or texts with numbers, that are about nobody: years, levels of confidence, numbers of municipalities.

    Raises
    ------
    ReportError
        PUB-20: a source is no published table; PUB-24: not a text, or empty; PUB-25: numbers that stand nowhere,
        counted but never repeated.

    Examples
    --------
    >>> str(text("Fra 2007 til 2009.", facts=["2007-2009"]))
    'Fra 2007 til 2009.'
    """
    require_published(tables)
    if not isinstance(sentence, str) or not sentence.strip():
        raise ReportError.of("PUB-24", found=type(sentence).__name__)
    n_unknown = count_unknown([sentence], tables, facts)
    if n_unknown:
        raise ReportError.of("PUB-25", n=n_unknown)
    return PublishedText(sentence.strip(), tuple(dict.fromkeys(table.stamp for table in tables)), _SEAL)


def join(parts: Iterable[PublishedText], separator: str = " ") -> PublishedText:
    """Set published texts after each other.

    Raises
    ------
    ReportError
        PUB-20: one of them has not passed the gate; PUB-24: there is none.

    Examples
    --------
    >>> str(join([text("En."), text("To.")]))
    'En. To.'
    """
    parts = list(parts)
    foreign = [type(part).__name__ for part in parts if not isinstance(part, PublishedText)]
    if foreign:
        raise ReportError.of("PUB-20", found=", ".join(foreign))
    if not parts or re.search(r"\d", separator):
        raise ReportError.of("PUB-24", found="0")
    stamps = dict.fromkeys(stamp for part in parts for stamp in part.stamps)
    return PublishedText(separator.join(part.text for part in parts), tuple(stamps), _SEAL)


def require_published(tables: Iterable[object]) -> None:
    """Refuse sources that have not passed the gate.

    Raises
    ------
    ReportError
        PUB-20, with the types that were found.
    """
    foreign = [type(table).__name__ for table in tables if not isinstance(table, PublishedTable)]
    if foreign:
        raise ReportError.of("PUB-20", found=", ".join(foreign))


def count_unknown(words: Iterable[str], tables: Iterable[PublishedTable], facts: Iterable[object] = ()) -> int:
    """Return how many numbers in some words stand in no published table and in no stated fact."""
    written = {value for fact in facts for token in _tokens(str(fact)) for value in _readings(token)}
    values = np.empty(0)
    for table in tables:
        frame = table.to_frame()
        texts = frame.select_dtypes(exclude="number").astype(object)
        items = {str(item) for column in texts for item in texts[column].dropna().unique()}
        written |= {value for item in items for token in _tokens(item) for value in _readings(token)}
        values = np.concatenate([values, _numbers(frame)])
    tokens = {token for sentence in words for token in _tokens(sentence)}
    values = np.unique(values)
    return sum(not any(v in written or _is_rounded(v, values) for v in _readings(token)) for token in tokens)


def _tokens(sentence: str) -> list[str]:
    return [_THOUSANDS.sub("", token) for token in _NUMBER.findall(sentence)]


def _readings(token: str) -> Iterator[str]:
    """Yield a number as it can be meant: the comma begins decimals, or parts thousands as in English."""
    if _GROUPED.fullmatch(token):
        yield token.replace(",", "")
    if token.count(",") <= 1 and not ("," in token and "." in token):
        yield token.replace(",", ".")


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    values = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan).ravel()
    return np.abs(values[~np.isnan(values)])


def _is_rounded(token: str, values: np.ndarray) -> bool:
    decimals = len(token.partition(".")[2])
    reach = 0.5 * 10.0**-decimals + _ROUNDING
    place = np.searchsorted(values, float(token) - reach)
    return bool(place < len(values) and values[place] <= float(token) + reach)
