"""Sums that a reader sees although nobody has declared them: columns and rows that add up to others of the table."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError, finding
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.structure import Count, Dimension, Magnitude, Measure, Ratio, Share, Structure

_CALLED_TOTAL = frozenset(
    {"all", "alle", "i alt", "ialt", "in total", "samla", "samlet", "sum", "til saman", "til sammen", "total", "totalt"}
)
_MOST_COLUMNS = 8
_SAME = 1e-9
_FEWEST = 2
Hidden = Collection[tuple[str, int]]
"""Columns that add up and the positions of rows in which they are withheld."""


def check_contributions(structure: Structure, policy: Policy, *, output: str) -> None:
    """Refuse amounts without as many of the largest contributions as the policy looks at.

    Raises
    ------
    ReportError
        PUB-42.
    """
    faults = [
        finding("PUB-42", output=output, column=measure.column, found=len(measure.largest), expected=policy.dominance_n)
        for measure in structure.measures
        if isinstance(measure, Magnitude) and len(measure.largest) < policy.dominance_n
    ]
    if faults:
        raise ReportError(faults)


def check_undeclared(frame: pd.DataFrame, structure: Structure, hidden: Hidden, *, output: str) -> None:
    """Refuse a table in which a sum that is not declared gives a withheld number by subtraction.

    A column is a sum when it is one in every row of at least two. A row is one when its code is called a total, or when
    it is a sum in at least two places, and in all of them.

    Raises
    ------
    ReportError
        PUB-43, with the columns and the codes.
    """
    columns = dict.fromkeys(column for measure in structure.measures for column in _additive(measure))
    if not hidden or not columns:
        return
    values = frame[[*columns]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    is_hidden = np.array([[(name, row) in hidden for name in columns] for row in range(len(frame))])
    found = [*_columns(values, is_hidden, [*columns])]
    for dimension in structure.dimensions:
        if dimension == Dimension(dimension.column):
            found += _rows(frame, structure, dimension.column, values, is_hidden)
    if found:
        raise ReportError([finding("PUB-43", output=output, found=name) for name in dict.fromkeys(found)])


def _additive(measure: Measure) -> tuple[str, ...]:
    match measure:
        case Count(column) | Magnitude(column):
            return (column,)
        case Share(_, numerator, denominator) | Ratio(_, numerator, denominator):
            return (numerator, denominator)
        case _:
            return ()


def _columns(values: np.ndarray, is_hidden: np.ndarray, names: list[str]) -> Iterator[str]:
    """Columns that are the sum of one or more others, and are withheld in other rows than these."""
    everything = range(len(names))
    sizes = range(1, len(names)) if len(names) <= _MOST_COLUMNS else (1, 2, len(names) - 1)
    for total in everything:
        others = [place for place in everything if place != total]
        for size in sizes:
            for parts in map(list, itertools.combinations(others, size)):
                is_alone = is_hidden[:, [total, *parts]].sum(axis=1) == 1
                if is_alone.any() and _is_sum(values[:, total], values[:, parts].sum(axis=1)):
                    yield names[total]


def _rows(
    frame: pd.DataFrame, structure: Structure, column: str, values: np.ndarray, is_hidden: np.ndarray
) -> Iterator[str]:
    """Codes whose rows are the sum of all others with the same codes of the other dimensions."""
    codes = frame[column].astype(str).to_numpy()
    keys = [frame[key].astype(str) for key in structure.keys if key != column]
    group = pd.MultiIndex.from_arrays(keys).factorize()[0] if keys else np.zeros(len(frame), dtype=int)
    for code in dict.fromkeys(codes):
        insides = [group == number for number in np.unique(group[codes == code])]
        totals = np.concatenate([values[inside & (codes == code)].sum(axis=0) for inside in insides])
        parts = np.concatenate([values[inside & (codes != code)].sum(axis=0) for inside in insides])
        is_alone = any((is_hidden[inside].sum(axis=0) == 1).any() for inside in insides)
        fewest = 1 if code.strip().casefold() in _CALLED_TOTAL else _FEWEST * values.shape[1]
        if is_alone and _is_sum(totals, parts, fewest):
            yield code


def _is_sum(totals: np.ndarray, parts: np.ndarray, fewest: int = _FEWEST) -> bool:
    """Whether all totals that are known are the sums of their parts, and enough of them something."""
    is_known = ~np.isnan(totals) & ~np.isnan(parts)
    is_same = np.abs(totals - parts) <= _SAME * np.maximum(1.0, np.abs(totals))
    return bool(is_same[is_known].all() and (is_known & (totals != 0)).sum() >= fewest)
