"""Covariates: columns of the panel's frame, as they are in the base period of each comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """K covariates of N municipalities in T periods.

    Parameters
    ----------
    names : tuple of str
        (K,) column, or column=category.
    values : numpy.ndarray
        (N, T, K) not-a-number where missing.
    """

    names: tuple[str, ...]
    values: np.ndarray

    def at(self, group: int, period: int) -> np.ndarray:
        """(N, K) covariates in a base period, the same for every cohort."""
        return self.values[:, period]


def read_covariates(design: Design, columns: Sequence[str]) -> Covariates:
    """Take columns of the panel's frame as covariates; text becomes one column per category but the first.

    Raises
    ------
    EstimationError
        With every fault: no such column, an infinite number, or no figure at all.
    """
    panel, faults = design.panel, []
    names: list[str] = []
    parts = [np.zeros((*panel.outcome.shape, 0))]
    for column in dict.fromkeys(columns):
        if column not in panel.columns():
            faults.append(finding("EST-30", column=column, allowed=", ".join(panel.columns()) or "-"))
            continue
        own, values = _numbers(column, panel.column(column))
        faults += _faults(column, values)
        names += own
        parts.append(values)
    if faults:
        raise EstimationError(faults)
    return Covariates(tuple(names), np.concatenate(parts, axis=2))


def _numbers(column: str, wide: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Names and (N, T, k) numbers of a column."""
    flat = wide.to_numpy(dtype=object).ravel()
    known = pd.notna(flat)
    numbers = pd.to_numeric(pd.Series(flat[known], dtype=object).map(_plain), errors="coerce").to_numpy(float)
    if not np.isnan(numbers).any():
        filled = np.full(len(flat), np.nan)
        filled[known] = numbers
        return [column], filled.reshape(*wide.shape, 1)
    text = np.array([str(value) for value in flat], dtype=object)
    categories = sorted(set(text[known]))[1:]
    values = np.array([np.where(known, text == c, np.nan) for c in categories] or [np.where(known, 0.0, np.nan)])
    names = [f"{column}={c}" for c in categories] or [column]
    return names, values.astype(float).T.reshape(*wide.shape, -1)


def _plain(value: object) -> object:
    """Yes and no as 1 and 0."""
    return float(value) if isinstance(value, (bool, np.bool_)) else value


def _faults(column: str, values: np.ndarray) -> list[Finding]:
    if np.isinf(values).any():
        return [finding("EST-31", column=column, found="inf")]
    if np.isnan(values).all():
        return [finding("EST-31", column=column, found="")]
    return []
