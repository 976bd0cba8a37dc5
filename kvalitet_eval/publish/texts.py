"""The gate for words: every number in a sentence stands in a published table or is a stated fact."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.published import _SEAL, PublishedTable, PublishedText

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,]\d+)?")
_ROUNDING = 1e-9


def text(sentence: str, *tables: PublishedTable, facts: Iterable[object] = ()) -> PublishedText:
    """Let a text through.

    Parameters
    ----------
    sentence : str
        Words in any language; numbers with decimal comma or point, thousands parted by a space.
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
    foreign = [type(table).__name__ for table in tables if not isinstance(table, PublishedTable)]
    if foreign:
        raise ReportError.of("PUB-20", found=", ".join(foreign))
    if not isinstance(sentence, str) or not sentence.strip():
        raise ReportError.of("PUB-24", found=type(sentence).__name__)
    written = {token for fact in facts for token in _tokens(str(fact))}
    values = np.empty(0)
    for table in tables:
        frame = table.to_frame()
        words = frame.select_dtypes(exclude="number").astype(object)
        written |= {token for column in words for item in words[column].dropna() for token in _tokens(str(item))}
        values = np.concatenate([values, _numbers(frame)])
    unknown = [token for token in _tokens(sentence) if token not in written and not _is_rounded(token, values)]
    if unknown:
        raise ReportError.of("PUB-25", n=len(unknown))
    return PublishedText(sentence.strip(), tuple(table.stamp for table in tables), _SEAL)


def _tokens(sentence: str) -> list[str]:
    return [re.sub(r"\s", "", token).replace(",", ".") for token in _NUMBER.findall(sentence)]


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    values = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan).ravel()
    return np.abs(values[~np.isnan(values)])


def _is_rounded(token: str, values: np.ndarray) -> bool:
    decimals = len(token.partition(".")[2])
    return bool((np.abs(values - float(token)) <= 0.5 * 10.0**-decimals + _ROUNDING).any())
