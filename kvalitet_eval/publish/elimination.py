"""Secondary suppression by Gaussian elimination: print as much as possible without determining a protected cell.

Cells are taken from the one most worth printing to the least. A cell is printed unless some protected cell then becomes
a combination of what is printed. Computed with whole numbers modulo a prime, so that rounding decides nothing.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping

from kvalitet_eval.publish.system import System

PRIME = 2_147_483_647
Vector = dict[int, int]


def suppress(system: System, hidden: Iterable[int]) -> frozenset[int]:
    """Return the candidates to withhold: those given and the secondary ones that protect all protected cells.

    Parameters
    ----------
    system : System
        Protected cells that what is known determines from the start cannot be helped and are left out.
    hidden : iterable of int
        Candidates that are withheld in any case.

    Notes
    -----
    Protects against exact combinations only, not against what follows because no part is negative; the attacker audit
    does that. Order: cells of 0 that are always printed, then falling value; a bundle goes by its largest.
    """
    hidden = set(hidden)
    elimination = _Elimination(system, hidden)
    order = sorted((bundle for bundle in system.bundles if not hidden & set(bundle)), key=lambda b: _rank(system, b))
    for bundle in order:
        reduced = [elimination.reduce(dict.fromkeys(system.cells[index].parts, 1)) for index in bundle]
        if any(elimination.would_tell(vector) for vector in reduced):
            hidden |= set(bundle)
        else:
            for index in bundle:
                elimination.add(elimination.reduce(dict.fromkeys(system.cells[index].parts, 1)))
    return frozenset(hidden)


def _rank(system: System, bundle: tuple[int, ...]) -> tuple[bool, float, int, int]:
    cells = [system.cells[index] for index in bundle]
    value = max(-math.inf if math.isnan(cell.value) else cell.value for cell in cells)
    return not all(system.is_open_zero(index) for index in bundle), -value, -len(cells[0].parts), bundle[0]


class _Elimination:
    """The printed cells so far in echelon form, and the protected cells reduced by them."""

    def __init__(self, system: System, hidden: set[int]) -> None:
        truth = system.truth
        ranked = sorted(range(len(system.parts)), key=lambda part: (math.isnan(truth[part]), -truth[part], part))
        self._rank = {part: place for place, part in enumerate(ranked)}
        self._rows: dict[int, Vector] = {}
        self._protected: list[Vector] = []
        self._holders: dict[int, set[int]] = {}
        for relation in system.relations:
            self.add(self.reduce({part: factor % PRIME for part, factor in relation.items()}))
        for cell in system.cells:
            if cell.status == "known":
                self.add(self.reduce(dict.fromkeys(cell.parts, 1)))
        for index in system.sensitive:
            self._protect(self.reduce(dict.fromkeys(system.cells[index].parts, 1)))

    def reduce(self, vector: Vector) -> Vector:
        """Subtract rows until no pivot is left."""
        vector = dict(vector)
        waiting = [-self._rank[part] for part in vector if part in self._rows]
        heapq.heapify(waiting)
        by_rank = {self._rank[part]: part for part in vector if part in self._rows}
        while waiting:
            pivot = by_rank[-heapq.heappop(waiting)]
            factor = vector.get(pivot, 0)
            if not factor:
                continue
            for part in _subtract(vector, self._rows[pivot], factor):
                if part in self._rows and self._rank[part] not in by_rank:
                    by_rank[self._rank[part]] = part
                    heapq.heappush(waiting, -self._rank[part])
        return vector

    def would_tell(self, vector: Vector) -> bool:
        """Whether a protected cell would be a combination of what is printed and of this reduced vector."""
        if not vector:
            return False
        pivot = self._pivot(vector)
        size = len(vector)
        for place in self._holders.get(pivot, ()):
            protected = self._protected[place]
            if len(protected) == size and protected.keys() == vector.keys():
                factor = protected[pivot] * pow(vector[pivot], -1, PRIME) % PRIME
                if all(protected[part] == value * factor % PRIME for part, value in vector.items()):
                    return True
        return False

    def add(self, vector: Vector) -> None:
        """Take a reduced vector among the rows."""
        if not vector:
            return
        pivot = self._pivot(vector)
        inverse = pow(vector[pivot], -1, PRIME)
        row = {part: value * inverse % PRIME for part, value in vector.items()}
        self._rows[pivot] = row
        for place in tuple(self._holders.get(pivot, ())):
            protected = self._protected[place]
            before = set(protected)
            _subtract(protected, row, protected[pivot])
            for part in before - protected.keys():
                self._holders[part].discard(place)
            for part in protected.keys() - before:
                self._holders.setdefault(part, set()).add(place)

    def _protect(self, vector: Vector) -> None:
        if vector:
            for part in vector:
                self._holders.setdefault(part, set()).add(len(self._protected))
            self._protected.append(vector)

    def _pivot(self, vector: Mapping[int, int]) -> int:
        return max(vector, key=self._rank.__getitem__)


def _subtract(vector: Vector, row: Vector, factor: int) -> Iterable[int]:
    """Subtract ``factor`` times a row in place and return the parts that may be new."""
    for part, value in row.items():
        left = (vector.get(part, 0) - factor * value) % PRIME
        if left:
            vector[part] = left
        else:
            vector.pop(part, None)
    return row
