"""Who could have been treated: strata, and reassignments of cohorts to municipalities within them.

A *place* is what a municipality gets by the draw: a cohort (with its start and its weight in the pool), or the pool.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kvalitet_eval.design.cohorts import find_cohorts
from kvalitet_eval.design.comparison import DEFAULT_SIZE_GROUPS, Design, size_group
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.linear import LinearForm

Strata = str | Mapping[str, object] | None
Rebuild = Callable[[Design], LinearForm]
ENUMERATED = 20_000
AT_ONCE = 2_000_000  # numbers in memory at a time


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Municipalities whose places are exchanged; n of them, m in places other than the largest group's.

    Parameters
    ----------
    units : numpy.ndarray
        (n,) positions in the panel, by stratum and, within it, by group, the largest group last.
    group : numpy.ndarray
        (n,) group whose place each has.
    rest : int
        The largest group; its places are what is left over.
    bounds : numpy.ndarray
        (S + 1,) where each stratum begins in ``units``.
    """

    units: np.ndarray
    group: np.ndarray
    rest: int
    bounds: np.ndarray

    @property
    def drawn(self) -> np.ndarray:
        """(m,) where in ``units`` the places are that are not the largest group's."""
        return np.flatnonzero(self.group != self.rest)

    def n_assignments(self) -> int:
        """Number of different assignments, however large."""
        return math.prod(self._in_stratum(*bounds) for bounds in itertools.pairwise(self.bounds))

    def _in_stratum(self, first: int, last: int) -> int:
        _, sizes = np.unique(self.group[first:last], return_counts=True)
        total, ways = 0, 1
        for size in sizes.tolist():
            total += size
            ways *= math.comb(total, size)
        return ways

    def draw(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """(B, m) which of ``units`` (by index) gets each drawn place, at random within strata."""
        pieces = []
        for first, last in itertools.pairwise(self.bounds):
            wanted, there = int((self.group[first:last] != self.rest).sum()), int(last - first)
            size = max(1, AT_ONCE // there)
            parts = [_sample(rng, min(size, draws - done), there, wanted) for done in range(0, draws, size)]
            pieces.append(first + np.concatenate(parts))
        return np.concatenate(pieces, axis=1)

    def enumerate(self) -> np.ndarray:
        """(B, m) every assignment once, the observed one first."""
        strata = [self._arrangements(*bounds) for bounds in itertools.pairwise(self.bounds)]
        return np.array([sum(parts, ()) for parts in itertools.product(*strata)], dtype=int).reshape(
            -1, len(self.drawn)
        )

    def _arrangements(self, first: int, last: int) -> list[tuple[int, ...]]:
        own = self.group[first:last]
        sizes = [int((own == g).sum()) for g in dict.fromkeys(own.tolist()) if g != self.rest]
        return list(_arrange(tuple(range(first, last)), sizes))


def _arrange(free: tuple[int, ...], sizes: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to fill groups of the given sizes, in order, from the free ones."""
    if not sizes:
        yield ()
        return
    for chosen in itertools.combinations(free, sizes[0]):
        left = tuple(unit for unit in free if unit not in chosen)
        for others in _arrange(left, sizes[1:]):
            yield chosen + others


def _sample(rng: np.random.Generator, draws: int, there: int, wanted: int) -> np.ndarray:
    """(B, wanted) different numbers below ``there``, in random order: the first steps of a shuffle.

    All draws take a step at once, which pays when there are more draws than steps; else each is shuffled whole.
    """
    cards, row = np.tile(np.arange(there, dtype=np.int32), (draws, 1)), np.arange(draws)
    if wanted > draws:
        return rng.permuted(cards, axis=1)[:, :wanted]
    for place in range(wanted):
        other = rng.integers(place, there, size=draws)
        cards[row, other], cards[:, place] = cards[:, place].copy(), cards[row, other]
    return cards[:, :wanted]


def label_strata(design: Design, strata: Strata) -> np.ndarray:
    """(N,) number of the stratum of each municipality of the design's panel.

    Parameters
    ----------
    design : Design
        The design.
    strata : {"size", "none"}, mapping or None
        ``size``: the size groups of :func:`design.compare`; ``none``: one stratum; a mapping gives a label for every
        unit. None is ``size`` where every municipality has a size, else ``none``.

    Raises
    ------
    EstimationError
        ``EST-24``: an unknown name, sizes that are missing, or a unit without a label.
    """
    panel = design.panel
    sized = panel.size is not None and not np.isnan(panel.size).any()
    if isinstance(strata, Mapping):
        if missing := [unit for unit in panel.units if unit not in strata]:
            raise EstimationError.of("EST-24", found=", ".join(missing[:20]))
        names = sorted({str(strata[unit]) for unit in panel.units})
        return np.array([names.index(str(strata[unit])) for unit in panel.units])
    if strata == "none" or (strata is None and not sized):
        return np.zeros(len(panel.units), dtype=int)
    if strata not in (None, "size") or not sized:
        raise EstimationError.of("EST-24", found=strata)
    return size_group(panel.size, DEFAULT_SIZE_GROUPS)


def exchange_of(form: LinearForm, row: int, strata: np.ndarray) -> Exchange:
    """Municipalities whose places are exchanged for one estimate.

    They are those whose effect the row is about and the pool without a start; where no pool is compared with, everybody
    who is. Later cohorts beside a pool keep their places: their starts are not in question.
    """
    cells = form.cells
    active = (form.loadings[:, row] != 0).any(axis=1)
    groups = set(cells.group[active & form.treated[:, row]].tolist())
    compared = set(cells.group[active].tolist())
    groups |= {cells.pool_group} if cells.pool_group in compared else compared
    label = cells.group[cells.profile]
    units = np.flatnonzero(np.isin(label, sorted(groups)))
    sizes = np.bincount(label[units])
    rest = int(np.flatnonzero(sizes == sizes.max())[-1])
    order = np.lexsort((units, label[units], label[units] == rest, strata[units]))
    units = units[order]
    _, starts = np.unique(strata[units], return_index=True)
    return Exchange(units, label[units], rest, np.append(starts, len(units)))


def relabel(design: Design, exchange: Exchange, placed: np.ndarray) -> Design:
    """The design with the exchanged municipalities in the places of one draw (m,); figures and weights stay."""
    panel, source = design.panel, np.arange(len(design.panel.units))
    filled = np.full(len(exchange.units), -1)
    filled[exchange.drawn] = placed
    for first, last in itertools.pairwise(exchange.bounds):
        own = filled[first:last]
        own[own < 0] = np.setdiff1d(np.arange(first, last), own)
    source[exchange.units[filled]] = exchange.units
    moved = replace(
        panel,
        start=panel.start[source],
        cohort=tuple(panel.cohort[i] for i in source),
        status=tuple(panel.status[i] for i in source),
    )
    cohorts = tuple(c for c in find_cohorts(moved, anticipation=design.anticipation) if c.n_after)
    return replace(
        design, panel=moved, cohorts=cohorts, pool=design.pool[source], pool_weight=design.pool_weight[source]
    )
