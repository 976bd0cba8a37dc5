"""What a reader with a calculator can work out about withheld cells: linear programming over all tables that fit.

The attacker knows every printed cell, every total and hierarchy, that nothing is negative, and - where cells of 0 are
always printed - that a withheld smallest part is at least 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from kvalitet_eval.publish.system import System
from kvalitet_eval.publish.tables import EXACT, Tables

BEYOND = 10.0
"""The search for a value that is large enough stops at this many times what it must reach."""
_OPTIMAL, _UNBOUNDED = 0, 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """Smallest and largest value of a withheld cell that fit with what is printed."""

    low: float
    high: float


class Contradiction(ValueError):  # noqa: N818  a statement about the data, not a failure of the program
    """No table fits with what is known: figures of an earlier publication were changed since."""


class Attacker:
    """An attacker on one system; keeps every table it found, so that a later question is often answered without search.

    Parameters
    ----------
    system : System
        What is printed, withheld and known.

    Raises
    ------
    Contradiction
        The known cells contradict each other.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.searches = 0
        self.base = _first_table(system)
        self._tables = Tables(system)
        self._tables.keep(self.base)
        self._equations: tuple[frozenset[int], _Equations] | None = None

    def bounds(self, index: int, hidden: frozenset[int]) -> Bounds:
        """Return what fits with the printed cells for one cell."""
        return Bounds(self._search(index, hidden, -1.0), self._search(index, hidden, 1.0, reach=math.inf))

    def seen(self, hidden: frozenset[int]) -> dict[int, Bounds]:
        """Return for each protected cell the least and the most it has in the tables found: no bounds are narrower."""
        low, high = self._tables.ranges(hidden)
        return {index: Bounds(*pair) for index, *pair in zip(self.system.sensitive, low, high, strict=True)}

    def near(self, hidden: frozenset[int], *, among: Iterable[int] | None = None) -> Iterator[int]:
        """Yield the protected cells that the attacker comes too near to, one by one."""
        places = {index: place for place, index in enumerate(self.system.sensitive)}
        wanted = np.array([places[index] for index in (self.system.sensitive if among is None else among)], dtype=int)
        waiting = wanted[~self._tables.are_enough(hidden)[wanted]]
        while len(waiting) > 1:
            self._search_together(np.array(self.system.sensitive)[waiting], hidden)
            left = waiting[~self._tables.are_enough(hidden)[waiting]]
            if len(left) > 0.7 * len(waiting):
                waiting = left
                break
            waiting = left
        for place in waiting:
            if not self.is_protected(self.system.sensitive[place], hidden):
                yield self.system.sensitive[place]

    def is_protected(self, index: int, hidden: frozenset[int]) -> bool:
        """Whether the attacker must hold ``need`` possible, or at least two values when there is no need."""
        place = self.system.sensitive.index(index)
        if self._tables.are_enough(hidden)[place]:
            return True
        self._search(index, hidden, 1.0)
        if math.isnan(self.system.cells[index].need):
            self._search(index, hidden, -1.0)
        return bool(self._tables.are_enough(hidden)[place])

    def keep(self, table: np.ndarray) -> None:
        """Remember a table found by somebody else, shape *(n_parts,)*; it must obey what is known."""
        self._tables.keep(table)

    def _search(self, index: int, hidden: frozenset[int], sense: float, reach: float = BEYOND) -> float:
        equations = self._equations_for(hidden)
        cell = self.system.cells[index]
        parts = np.array(cell.parts)
        fixed = equations.fixed[parts]
        known = float(fixed[~np.isnan(fixed)].sum())
        free = parts[np.isnan(fixed)]
        if len(free) == 0:
            return known
        cap = reach * np.nanmax([cell.need, cell.value, 1.0])
        table = equations.best(free, sense, max(cap - known, 0.0), self.base)
        self.searches += 1
        if table is None:
            return math.inf
        self._tables.keep(table)
        return float(table[parts].sum())

    def _search_together(self, indices: np.ndarray, hidden: frozenset[int]) -> None:
        """Find one table where many cells reach what they need."""
        values = np.nan_to_num(self.system.values[indices])
        needs = self.system.needs[indices]
        targets = np.where(np.isnan(needs), values + np.maximum(2 * self.system.scales[indices], 0.01 * values), needs)
        self._tables.keep(self._equations_for(hidden).together(self.system.incidence[indices], targets, self.base))
        self.searches += 1

    def _equations_for(self, hidden: frozenset[int]) -> _Equations:
        if self._equations is None or self._equations[0] != hidden:
            self._equations = (hidden, _Equations(self.system, hidden, self.base))
        return self._equations[1]


def _first_table(system: System) -> np.ndarray:
    """Return a table that fits with everything: the true one where it is known."""
    truth = system.truth
    if not np.isnan(truth).any() and not _contradicts(system, truth):
        return truth
    known = ~np.isnan(system.values) & system.published(frozenset())
    matrix = sparse.vstack([system.incidence[np.flatnonzero(known)], system.relation_matrix])
    right = np.concatenate([system.values[known], np.zeros(len(system.relations))])
    found = linprog(np.ones(matrix.shape[1]), A_eq=matrix, b_eq=right, method="highs")
    if found.status != _OPTIMAL:
        raise Contradiction
    return found.x


def _contradicts(system: System, table: np.ndarray) -> bool:
    known = system.published(frozenset()) & ~np.isnan(system.values)
    gap = np.abs(system.incidence @ table - system.values)[known]
    related = np.abs(system.relation_matrix @ table)
    return bool((gap > EXACT * (1 + np.abs(system.values[known]))).any() or (related > EXACT).any())


class _Equations:
    """What is printed, as equations between the parts that are not printed themselves, in connected groups."""

    def __init__(self, system: System, hidden: frozenset[int], base: np.ndarray) -> None:
        printed = np.flatnonzero(system.published(hidden))
        matrix = sparse.vstack([system.incidence[printed], system.relation_matrix], format="csr")
        right = np.concatenate([system.incidence[printed] @ base, np.zeros(len(system.relations))])
        lengths = np.diff(matrix.indptr)
        self.fixed = np.full(len(system.parts), np.nan)
        for row in np.flatnonzero(lengths[: len(printed)] == 1):
            self.fixed[matrix.indices[matrix.indptr[row]]] = right[row]
        is_free = np.isnan(self.fixed)
        right = right - matrix @ np.nan_to_num(self.fixed)
        self._matrix, self._right = matrix[:, is_free], right
        self._place = np.cumsum(is_free) - 1
        self._free = np.flatnonzero(is_free)
        both = sparse.block_array([[None, self._matrix], [self._matrix.T, None]], format="csr")
        self._group = connected_components(both, directed=False)[1][len(right) :]
        self._floor = _floors(system, hidden)[is_free]

    def best(self, parts: np.ndarray, sense: float, cap: float, base: np.ndarray) -> np.ndarray | None:
        """Return a table with the least (-1) or most (1) of some free parts, at most ``cap``; None: without limit."""
        places = self._place[parts]
        chosen = np.flatnonzero(np.isin(self._group, np.unique(self._group[places])))
        matrix = self._matrix[:, chosen]
        rows = np.flatnonzero(np.diff(matrix.tocsr().indptr))
        target = np.isin(chosen, places).astype(float)
        floor = self._floor[chosen]
        found = linprog(
            -sense * target,
            A_ub=None if math.isinf(cap) else target[None, :],
            b_ub=None if math.isinf(cap) else [max(cap, float(base[parts].sum()))],
            A_eq=matrix[rows] if len(rows) else None,
            b_eq=self._right[rows] if len(rows) else None,
            bounds=np.column_stack([floor, np.full(len(floor), np.inf)]),
            method="highs",
        )
        if found.status == _UNBOUNDED:
            return None
        table = base.copy()
        if found.status == _OPTIMAL:
            table[self._free[chosen]] = found.x
        return table

    def together(self, cells: sparse.csr_array, targets: np.ndarray, base: np.ndarray) -> np.ndarray:
        """Return a table that fits and brings as many cells as near their targets as it can, shares of them added up.

        Parameters
        ----------
        cells : scipy.sparse.csr_array
            Shape *(n_cells, n_parts)*.
        targets : numpy.ndarray
            Shape *(n_cells,)*, positive.
        """
        n_cells, n_free = len(targets), len(self._free)
        known = cells @ np.nan_to_num(self.fixed)
        reached = sparse.hstack([-cells[:, self._free], sparse.eye_array(n_cells)])
        rows = np.flatnonzero(np.diff(self._matrix.tocsr().indptr))
        padding = sparse.csr_array((len(rows), n_cells))
        found = linprog(
            np.concatenate([np.zeros(n_free), -1.0 / targets]),
            A_ub=reached,
            b_ub=known,
            A_eq=sparse.hstack([self._matrix[rows], padding]) if len(rows) else None,
            b_eq=self._right[rows] if len(rows) else None,
            bounds=np.column_stack(
                [np.concatenate([self._floor, np.zeros(n_cells)]), np.concatenate([np.full(n_free, np.inf), targets])]
            ),
            method="highs",
        )
        table = base.copy()
        if found.status == _OPTIMAL:
            table[self._free] = found.x[:n_free]
        return table


def _floors(system: System, hidden: frozenset[int]) -> np.ndarray:
    floors = np.zeros(len(system.parts))
    if system.zeros_are_open:
        for index in hidden:
            if len(system.cells[index].parts) == 1:
                floors[system.cells[index].parts[0]] = 1.0
    return floors
