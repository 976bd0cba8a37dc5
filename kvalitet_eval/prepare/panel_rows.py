"""The rows of a long frame as places in the panel: each distinct label is read once, all else is counting numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.prepare.periods import ordinal


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column as its K distinct values, in order of appearance, and the number of each row's.

    Parameters
    ----------
    distinct : numpy.ndarray
        (K,) objects; all missing values are one of them, as the first of them is written.
    numbers : numpy.ndarray
        (n,) positions in ``distinct``.
    """

    distinct: np.ndarray
    numbers: np.ndarray

    @classmethod
    def of(cls, column: pd.Series) -> Labels:
        """Read a column; rows that repeat the row above are counted, not looked up.

        Examples
        --------
        >>> found = Labels.of(pd.Series(["b", "b", None, "a"], dtype=object))
        >>> found.distinct.tolist(), found.numbers.tolist()
        (['b', None, 'a'], [0, 0, 1, 2])
        """
        heads, lengths = _runs(column)
        if heads is not None:
            column = column.iloc[heads]
        numbers, values = pd.factorize(column, use_na_sentinel=False)
        distinct = _objects(values, len(values))
        for missing in np.flatnonzero(pd.isna(distinct)):
            distinct[missing] = column.iloc[int((numbers == missing).argmax())]
        return cls(distinct, numbers if heads is None else np.repeat(numbers, lengths))

    def ask(self, question: Callable[[object], float | bool]) -> np.ndarray:
        """(K,) the answer of a function for each distinct value, numbers or yes and no."""
        return np.array([question(value) for value in self.distinct])

    def drop_blank(self) -> Labels:
        """The same with texts of blanks read as missing."""
        blank = self.ask(lambda value: isinstance(value, str) and not value.strip())
        if not blank.any():
            return self
        numbers, values = pd.factorize(np.where(blank, np.nan, self.distinct), use_na_sentinel=False)
        return Labels(_objects(values, len(values)), numbers[self.numbers])


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The place of each of n rows in a panel of N units and T periods.

    Parameters
    ----------
    units : tuple of str
        (N,) names, sorted.
    ordinals : numpy.ndarray
        (T,) ordinals of the periods, sorted; ``labels`` are their names as they first appear.
    unit, period : numpy.ndarray
        (n,) positions in ``units`` and ``ordinals``.
    """

    units: tuple[str, ...]
    ordinals: np.ndarray
    labels: tuple[object, ...]
    unit: np.ndarray
    period: np.ndarray

    @classmethod
    def of(cls, units: Labels, periods: Labels) -> Rows:
        """The rows of two columns whose labels can be read."""
        place, names = pd.factorize(_objects(map(str, units.distinct), len(units.distinct)), sort=True)
        ordinals, first, column = np.unique(periods.ask(ordinal_of), return_index=True, return_inverse=True)
        labels = tuple(periods.distinct[first])
        return cls(tuple(names.tolist()), ordinals, labels, place[units.numbers], column[periods.numbers])

    @property
    def cell(self) -> np.ndarray:
        """(n,) number of each row's cell, counted along the periods of the first unit, then of the second."""
        return self.unit * len(self.ordinals) + self.period

    @property
    def first(self) -> np.ndarray:
        """(N,) the first row of each unit."""
        found = np.empty(len(self.units), dtype=int)
        found[self.unit[::-1]] = np.arange(len(self.unit))[::-1]
        return found

    def are_distinct(self) -> bool:
        """Whether no two rows share a cell."""
        filled = np.zeros(len(self.units) * len(self.ordinals), dtype=bool)
        filled[self.cell] = True
        return int(filled.sum()) == len(self.unit)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """(N, T) figures of the rows in their cells; not-a-number where there is no row."""
        wide = np.full(len(self.units) * len(self.ordinals), np.nan)
        wide[self.cell] = values
        return wide.reshape(len(self.units), len(self.ordinals))


def whole(value: object) -> object:
    """A whole number that a column with missing values has turned into a float, as it was."""
    return int(value) if isinstance(value, (float, np.floating)) and float(value).is_integer() else value


def ordinal_of(value: object) -> float:
    """Ordinal of a period; a column with missing values holds whole numbers as floats."""
    return float(ordinal(whole(value)))


def spells_never(value: object) -> bool:
    """Whether a start is written as 0 or infinity, as other programs write "never"."""
    text = str(value).strip().lower()
    return text in ("0", "0.0", "inf", "infinity")


def numbers_of(column: pd.Series) -> np.ndarray:
    """(n,) a column as numbers; not-a-number where it is missing, or no number."""
    if pd.api.types.is_float_dtype(column.dtype) and isinstance(column.dtype, np.dtype):
        return column.to_numpy(float)
    return pd.to_numeric(column, errors="coerce").astype(float).to_numpy(float)


def _runs(column: pd.Series) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Where runs of equal numbers begin and how long they are; None where looking them up one by one is no dearer."""
    if not (isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf"):
        return None, None
    values = column.to_numpy()
    changes = values[1:] != values[:-1]
    if column.dtype.kind == "f":
        missing = np.isnan(values)
        changes &= ~(missing[1:] & missing[:-1])
    heads = np.concatenate([[0], np.flatnonzero(changes) + 1])
    if 4 * len(heads) > len(values):
        return None, None
    return heads, np.diff(heads, append=len(values))


def _objects(values: Iterable[object], n: int) -> np.ndarray:
    """(n,) the values one by one, as they are."""
    return np.fromiter(values, dtype=object, count=n)
