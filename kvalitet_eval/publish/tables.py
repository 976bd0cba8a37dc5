"""The tables an attacker has found so far, and what they already prove."""

from __future__ import annotations

import numpy as np

from kvalitet_eval.publish.system import System

EXACT = 1e-6
"""Tolerance of the linear programs."""
_ROOM = 64


class Tables:
    """Tables that obey what is known; one proves a cell safe when it fits with everything that is printed.

    Parameters
    ----------
    system : System
        Whose cells are summed.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._cells = system.incidence[list(system.sensitive)] if system.sensitive else system.incidence[:0]
        self._values = np.nan_to_num(system.values)
        self._tolerance = EXACT * (1 + np.abs(self._values))
        self._count = 0
        self._deviates = np.empty((_ROOM, len(system.cells)), dtype=bool)
        self._sums = np.empty((_ROOM, len(system.sensitive)))

    def keep(self, table: np.ndarray) -> None:
        """Add a table, shape *(n_parts,)*."""
        if self._count == len(self._sums):
            self._deviates = np.vstack([self._deviates, np.empty_like(self._deviates)])
            self._sums = np.vstack([self._sums, np.empty_like(self._sums)])
        gap = np.abs(self._system.incidence @ table - self._values)
        self._deviates[self._count] = (gap > self._tolerance) & ~np.isnan(self._system.values)
        self._sums[self._count] = self._cells @ table
        self._count += 1

    def ranges(self, hidden: frozenset[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most of each protected cell over the tables that fit, *(n_sensitive,)* each."""
        printed = np.flatnonzero(self._system.published(hidden))
        fits = ~self._deviates[: self._count, printed].any(axis=1)
        sums = self._sums[: self._count][fits]
        if len(sums) == 0:
            return np.full(self._sums.shape[1], np.inf), np.full(self._sums.shape[1], -np.inf)
        return sums.min(axis=0), sums.max(axis=0)

    def are_enough(self, hidden: frozenset[int]) -> np.ndarray:
        """Return which protected cells the tables that fit prove safe, shape *(n_sensitive,)*.

        A cell is safe when the value it needs is possible, or any two values when it needs none; counts are whole.
        """
        low, high = self.ranges(hidden)
        places = list(self._system.sensitive)
        needs, scales = self._system.needs[places], self._system.scales[places]
        if self._system.is_whole:
            low, high = np.ceil(low - EXACT), np.floor(high + EXACT)
        reaches = high + (0.0 if self._system.is_whole else scales) >= needs
        return np.where(np.isnan(needs), high - low > scales, reaches)
