"""The gate for figures and set tables: made of published tables, and checked number by number and word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.published import _SEAL, PublishedFigure, PublishedTable
from kvalitet_eval.publish.texts import count_unknown, require_published
from kvalitet_eval.results import OBSERVED, SYNTHETIC

_SAME = 1e-9


def figure(draw: Callable[..., Any], *tables: PublishedTable, facts: Iterable[object] = ()) -> PublishedFigure:
    """Make a drawing or a set table of published tables and let it through.

    Parameters
    ----------
    draw : callable
        Takes the tables and returns a description with two methods: ``numbers`` gives every number that is drawn or
        stored, ``words`` every text: titles, alternative texts, notes, headings and printed cells. Where it says
        ``origin``, that is checked too.
    *tables : PublishedTable
        What it is made of; no other number may be in it.
    facts : iterable of object
        Numbers, or texts with numbers, that are about nobody; see :func:`~kvalitet_eval.publish.texts.text`.

    Raises
    ------
    ReportError
        PUB-20: made of something else than published tables; PUB-21: it does not give its numbers and words; PUB-22:
        numbers that no table has, or PUB-25: words with such numbers, counted but never named; PUB-23: made from
        simulated rows but says "observed".
    """
    require_published(tables)
    if not tables:
        raise ReportError.of("PUB-20", found=None)
    facts = list(facts)
    content = draw(*tables)
    output = ", ".join(dict.fromkeys(table.stamp.output for table in tables))
    numbers, words = (getattr(content, name, None) for name in ("numbers", "words"))
    if not callable(numbers) or not callable(words):
        raise ReportError.of("PUB-21", output=output, found=type(content).__name__)
    drawn = np.array([value for value in numbers() if not pd.isna(value)], dtype=float)
    n_foreign = int((~_is_among(drawn, _published(tables, facts))).sum())
    if n_foreign:
        raise ReportError.of("PUB-22", output=output, n=n_foreign)
    n_unknown = count_unknown(words(), tables, facts)
    if n_unknown:
        raise ReportError.of("PUB-25", n=n_unknown)
    origin = SYNTHETIC if any(table.origin == SYNTHETIC for table in tables) else OBSERVED
    if origin == SYNTHETIC and getattr(content, "origin", SYNTHETIC) != SYNTHETIC:
        raise ReportError.of("PUB-23", output=output, found=content.origin)
    return PublishedFigure(content, tuple(dict.fromkeys(table.stamp for table in tables)), origin, _SEAL)


def _published(tables: tuple[PublishedTable, ...], facts: Iterable[object]) -> np.ndarray:
    stated = [float(fact) for fact in facts if isinstance(fact, int | float) and not isinstance(fact, bool)]
    return np.unique(np.concatenate([np.array(stated), *(_numbers(table.to_frame()) for table in tables)]))


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    values = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan).ravel()
    return values[~np.isnan(values)]


def _is_among(values: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    if len(allowed) == 0:
        return np.zeros(len(values), dtype=bool)
    after = np.searchsorted(allowed, values).clip(0, len(allowed) - 1)
    before = (after - 1).clip(0)
    gap = np.minimum(np.abs(values - allowed[after]), np.abs(values - allowed[before]))
    return gap <= _SAME * np.maximum(1.0, np.abs(values))
