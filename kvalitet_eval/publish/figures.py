"""The gate for figures: drawn from published tables, and checked number by number against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.published import _SEAL, PublishedFigure, PublishedTable
from kvalitet_eval.results import OBSERVED, SYNTHETIC

PLACE = "x"
_SAME = 1e-9


def figure(draw: Callable[..., Any], *tables: PublishedTable) -> PublishedFigure:
    """Draw a figure from published tables and let it through.

    Parameters
    ----------
    draw : callable
        Takes the tables and returns a description with a method ``rows`` that gives every number of the drawing as a
        frame (and, where it says so, an attribute ``origin``). Numbers in every column but ``x`` are checked.
    *tables : PublishedTable
        What it is drawn from; nothing else may be in it.

    Raises
    ------
    ReportError
        PUB-20: drawn from something else than published tables; PUB-21: it does not give its numbers; PUB-22: numbers
        that no table has, counted but never named; PUB-23: made from simulated rows but says "observed".
    """
    foreign = [type(table).__name__ for table in tables if not isinstance(table, PublishedTable)]
    if foreign or not tables:
        raise ReportError.of("PUB-20", found=", ".join(foreign) or None)
    content = draw(*tables)
    output = ", ".join(table.stamp.output for table in tables)
    rows = getattr(content, "rows", None)
    drawn = rows() if callable(rows) else None
    if not isinstance(drawn, pd.DataFrame):
        raise ReportError.of("PUB-21", output=output, found=type(content).__name__)
    n_foreign = int((~_is_among(_numbers(drawn.drop(columns=[PLACE], errors="ignore")), _published(tables))).sum())
    if n_foreign:
        raise ReportError.of("PUB-22", output=output, n=n_foreign)
    origin = SYNTHETIC if any(table.origin == SYNTHETIC for table in tables) else OBSERVED
    if origin == SYNTHETIC and getattr(content, "origin", SYNTHETIC) != SYNTHETIC:
        raise ReportError.of("PUB-23", output=output, found=content.origin)
    return PublishedFigure(content, tuple(table.stamp for table in tables), origin, _SEAL)


def _published(tables: tuple[PublishedTable, ...]) -> np.ndarray:
    return np.unique(np.concatenate([_numbers(table.to_frame()) for table in tables]))


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
