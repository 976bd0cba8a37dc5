"""A column of typed cells that knows each spelling once: what became of it, and in which rows it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.prepare.rules.number_rules import Typed


@dataclass(frozen=True, slots=True, eq=False)
class TypedColumn:
    """What became of the cells of one column.

    Parameters
    ----------
    codes : numpy.ndarray
        (n,) for each row the position of its spelling.
    spellings : sequence of str
        The texts that occur (once for each place, where the same number stands for several).
    results : sequence
        Value of each spelling; ``None`` where it is missing or refused.
    rules : sequence of str
        What was changed on the way from spelling to value; empty when the text stands as it was.
    noted : mapping of int to Typed
        The spellings with a fault or a status, by position.
    """

    codes: np.ndarray
    spellings: Sequence[str]
    results: Sequence[str | float | int | None]
    rules: Sequence[str]
    noted: Mapping[int, Typed]

    @classmethod
    def of(cls, codes: np.ndarray, spellings: Sequence[str], answers: Iterable[Typed]) -> TypedColumn:
        """Gather the answer to every spelling."""
        answers = list(answers)
        noted = {code: typed for code, typed in enumerate(answers) if typed.code or typed.status}
        return cls(codes, spellings, [typed.value for typed in answers], [typed.rule for typed in answers], noted)

    def series(self, dtype: str) -> pd.Series:
        """(n,) the values; missing where there is none."""
        return pd.Series(self.results, dtype=dtype).take(self.codes).reset_index(drop=True)

    def status(self) -> pd.Series:
        """(n,) why figures are missing, as text; missing where the source says nothing."""
        texts = [self.noted[code].status or None if code in self.noted else None for code in range(len(self.results))]
        return pd.Series(texts, dtype="str").take(self.codes).reset_index(drop=True)

    def changed(self) -> np.ndarray:
        """Positions of the rows in which something was changed."""
        return np.flatnonzero(np.array([bool(rule) for rule in self.rules], dtype=bool)[self.codes])

    def noted_rows(self, is_meant: Callable[[Typed], object]) -> Iterator[int]:
        """Yield the positions of the rows with a fault or a status that is meant."""
        meant = [code for code, typed in self.noted.items() if is_meant(typed)]
        return iter(np.flatnonzero(np.isin(self.codes, meant)).tolist() if meant else [])

    def __getitem__(self, row: int) -> Typed:
        """What became of the cell of one row."""
        code = int(self.codes[row])
        return self.noted.get(code) or Typed(self.results[code], self.rules[code])


def encode(items: Sequence[Hashable]) -> tuple[np.ndarray, list]:
    """Return for each item the position of its value among the different ones, and these in order of appearance.

    Examples
    --------
    >>> codes, spellings = encode(["b", "a", "b"])
    >>> codes.tolist(), spellings
    ([0, 1, 0], ['b', 'a'])
    """
    different = list(dict.fromkeys(items))
    position = dict(zip(different, range(len(different)), strict=True))
    return np.fromiter(map(position.__getitem__, items), dtype="int64", count=len(items)), different


def combine(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the combinations that stand together in a row.

    Returns
    -------
    codes : numpy.ndarray
        (n,) number of each row's combination, in order of appearance.
    rows : numpy.ndarray
        The first row of each combination.

    Examples
    --------
    >>> codes, rows = combine(np.array([0, 1, 0, 0]), np.array([0, 0, 1, 0]))
    >>> codes.tolist(), rows.tolist()
    ([0, 1, 2, 0], [0, 1, 2])
    """
    codes = columns[0]
    for column in columns[1:]:
        codes = pd.factorize(codes * (column.max(initial=0) + 1) + column)[0]
    codes = pd.factorize(codes)[0]
    return codes, np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
