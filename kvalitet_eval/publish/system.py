"""A table as its reader meets it: unknown smallest parts, and printed cells that are sums of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy import sparse

Status = Literal["candidate", "unprinted", "known"]
DETERMINED = 1e-6
"""Two bounds nearer than this, relative to the value, are one number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One sum of smallest parts.

    Parameters
    ----------
    name : str
        Quantity and codes, for the audit; never printed.
    parts : tuple of int
        Positions of the smallest parts it is the sum of.
    value : float
        NaN when nobody on our side knows it.
    status : {"candidate", "unprinted", "known"}
        Printed unless withheld; never printed; known to the reader already and beyond recall.
    rule : str
        Why it must be protected; empty when it need not.
    need : float
        What an attacker must hold possible at the least; NaN when it is enough that the value is not determined.
    row : int
        Row of the table it stands in; -1 when it stands in none.
    persons : float
        Persons behind an amount; NaN for a count of persons.
    """

    name: str
    parts: tuple[int, ...]
    value: float
    status: Status = "candidate"
    rule: str = ""
    need: float = float("nan")
    row: int = -1
    persons: float = float("nan")


@dataclass(frozen=True)
class System:
    """All cells of one quantity, or of two that add up, with what is known about the smallest parts.

    Parameters
    ----------
    parts : tuple of str
        Names of the smallest parts; all are at least 0.
    cells : tuple of Cell
        Sums of them.
    bundles : tuple of tuple of int
        Candidates that are printed or withheld together, as positions in ``cells``; every candidate is in one.
    relations : tuple of mapping of int to int
        Sums of parts, with coefficients, that are known to be 0: the same group parted in two ways.
    is_whole : bool
        Whether the parts are whole numbers.
    zeros_are_open : bool
        Whether cells of 0 are always printed, so that a withheld smallest part is at least 1.
    """

    parts: tuple[str, ...]
    cells: tuple[Cell, ...]
    bundles: tuple[tuple[int, ...], ...]
    relations: tuple[Mapping[int, int], ...] = ()
    is_whole: bool = True
    zeros_are_open: bool = False

    @cached_property
    def incidence(self) -> sparse.csr_array:
        """Which parts each cell is the sum of, shape *(n_cells, n_parts)*."""
        return _matrix([dict.fromkeys(cell.parts, 1) for cell in self.cells], len(self.parts))

    @cached_property
    def relation_matrix(self) -> sparse.csr_array:
        """Relations, shape *(n_relations, n_parts)*."""
        return _matrix(self.relations, len(self.parts))

    @cached_property
    def values(self) -> np.ndarray:
        """Value of each cell, shape *(n_cells,)*."""
        return np.array([cell.value for cell in self.cells], dtype=float)

    @cached_property
    def truth(self) -> np.ndarray:
        """Value of each part, shape *(n_parts,)*; NaN when no cell tells it alone."""
        values = np.full(len(self.parts), np.nan)
        for cell in self.cells:
            if len(cell.parts) == 1 and not np.isnan(cell.value):
                values[cell.parts[0]] = cell.value
        return values

    @cached_property
    def sensitive(self) -> tuple[int, ...]:
        """Cells that must be protected, as positions."""
        return tuple(index for index, cell in enumerate(self.cells) if cell.rule and cell.status != "known")

    @cached_property
    def bundle_of(self) -> dict[int, tuple[int, ...]]:
        """From a candidate to its bundle."""
        return {index: bundle for bundle in self.bundles for index in bundle}

    def is_open_zero(self, index: int) -> bool:
        """Whether a candidate is a 0 that is always printed."""
        return self.zeros_are_open and self.cells[index].value == 0 and not self.cells[index].rule

    @cached_property
    def _is_known(self) -> np.ndarray:
        return np.array([cell.status == "known" for cell in self.cells], dtype=bool)

    @cached_property
    def _is_candidate(self) -> np.ndarray:
        return np.array([cell.status == "candidate" for cell in self.cells], dtype=bool)

    @cached_property
    def needs(self) -> np.ndarray:
        """What must stay possible of each cell, shape *(n_cells,)*; NaN where nothing is asked."""
        return np.array([cell.need for cell in self.cells], dtype=float)

    @cached_property
    def scales(self) -> np.ndarray:
        """Smallest difference in each cell that counts as one, shape *(n_cells,)*."""
        if self.is_whole:
            return np.full(len(self.cells), 0.5)
        return DETERMINED * np.maximum(1.0, np.abs(np.nan_to_num(self.values)))

    def published(self, hidden: frozenset[int]) -> np.ndarray:
        """Which cells the reader knows, shape *(n_cells,)*, when some candidates are withheld."""
        printed = self._is_candidate.copy()
        printed[list(hidden)] = False
        return printed | self._is_known


def name_of(kind: str, columns: Iterable[str], codes: Iterable[str]) -> str:
    """Return the name of a part or a cell: the same whatever the order of the dimensions.

    Examples
    --------
    >>> name_of("n", ("sex", "geo"), ("m", "0301"))
    '["n", ["geo", "0301"], ["sex", "m"]]'
    """
    return json.dumps([kind, *sorted([column, code] for column, code in zip(columns, codes, strict=True))])


def kind_of(name: str) -> str:
    """Return the quantity in a name."""
    return str(json.loads(name)[0])


def _matrix(rows: tuple[Mapping[int, int], ...] | list[dict[int, int]], width: int) -> sparse.csr_array:
    columns = [part for row in rows for part in row]
    data = [float(factor) for row in rows for factor in row.values()]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return sparse.csr_array((data, columns, starts), shape=(len(rows), width))
