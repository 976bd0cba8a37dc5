"""Withhold until the attacker is held off, then print again what proved unnecessary to withhold."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from kvalitet_eval.publish.attacker import Attacker, Bounds
from kvalitet_eval.publish.elimination import suppress
from kvalitet_eval.publish.system import System

_MOVED = 1e-6
_ROUNDS = 2
_NEAR = 60
_PATIENCE = 300
"""Linear programs spent on printing again; what is withheld when they are used up stays withheld, which is safe."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Which candidates of a system are withheld, and what the attacker is left with.

    Parameters
    ----------
    hidden, primary, secondary, repaired : frozenset of int
        Positions of cells: all; by a rule; by elimination; added because the attacker came too near.
    bounds : mapping
        From a protected cell to values the attacker cannot rule out: its true bounds are as wide or wider.
    exposed : tuple of int
        Protected cells that an attacker can work out whatever is withheld now, because of what is known already.
    searches : int
        Linear programs solved.
    """

    hidden: frozenset[int]
    primary: frozenset[int]
    secondary: frozenset[int]
    repaired: frozenset[int]
    bounds: dict[int, Bounds]
    exposed: tuple[int, ...]
    searches: int


def withhold(system: System, *, forced: frozenset[int] = frozenset()) -> Withheld:
    """Withhold what the rules, the elimination and the attacker ask for.

    Parameters
    ----------
    system : System
        Cells with their rules.
    forced : frozenset of int
        Further candidates that are withheld in any case.

    Raises
    ------
    Contradiction
        As for :class:`Attacker`.

    Notes
    -----
    Zeros that are always printed can leave a small cell without help; then zeros are withheld like other cells. What
    earlier publications give away stays given away; nothing is printed that tells more.
    """
    found = _withhold(system, forced)
    if not found.exposed:
        return found
    if system.zeros_are_open:
        return withhold(replace(system, zeros_are_open=False), forced=forced)
    return replace(_withhold(_as_far_as_possible(system, found.exposed), forced), exposed=found.exposed)


def _as_far_as_possible(system: System, exposed: tuple[int, ...]) -> System:
    """Ask of cells that earlier publications give away what withholding everything would leave of them."""
    attacker, cells = Attacker(system), list(system.cells)
    everything = frozenset(index for index, cell in enumerate(cells) if cell.status == "candidate")
    for index in exposed:
        if not math.isnan(cells[index].need):
            cells[index] = replace(cells[index], need=attacker.bounds(index, everything).high)
    return replace(system, cells=tuple(cells))


def _withhold(system: System, forced: frozenset[int]) -> Withheld:
    primary = frozenset(
        index
        for place in range(len(system.cells))
        if place in forced or (system.cells[place].rule and system.cells[place].status == "candidate")
        for index in system.bundle_of[place]
    )
    if not system.sensitive:
        return Withheld(primary, primary, frozenset(), frozenset(), {}, (), 0)
    eliminated = suppress(system, primary)
    attacker = Attacker(system)
    hidden, exposed = _repair(system, attacker, eliminated)
    if hidden != eliminated:
        hidden = _print_again(system, attacker, hidden, primary, exposed)
    return Withheld(
        hidden,
        primary,
        (eliminated & hidden) - primary,
        hidden - eliminated,
        attacker.seen(hidden),
        exposed,
        attacker.searches,
    )


def _repair(system: System, attacker: Attacker, hidden: frozenset[int]) -> tuple[frozenset[int], tuple[int, ...]]:
    """Withhold more for each protected cell the attacker comes too near to."""
    exposed: list[int] = []
    for index in sorted(attacker.near(hidden), key=lambda place: (-len(system.cells[place].parts), place)):
        while index not in exposed and not attacker.is_protected(index, hidden):
            table = _nearest_table(system, index, hidden, attacker)
            moved = frozenset() if table is None else _moved(system, table, hidden)
            if not moved:
                exposed.append(index)
            else:
                attacker.keep(table)
                hidden |= moved
    return hidden, tuple(exposed)


def _print_again(
    system: System, attacker: Attacker, hidden: frozenset[int], primary: frozenset[int], exposed: tuple[int, ...]
) -> frozenset[int]:
    """Print a bundle again when every protected cell stays protected; the most valuable first."""
    guarded = [index for index in system.sensitive if index not in exposed]
    limit = attacker.searches + _PATIENCE
    spare = {system.bundle_of[index] for index in hidden - primary}
    for bundle in sorted(spare, key=lambda item: (-np.nan_to_num(system.values[list(item)]).max(), item)):
        if attacker.searches > limit:
            break
        tried = hidden - set(bundle)
        touched = set(system.cells[bundle[0]].parts)
        nearest = [index for index in guarded if touched & set(system.cells[index].parts)]
        if _is_safe(attacker, tried, nearest, guarded):
            hidden = tried
    return hidden


def _is_safe(attacker: Attacker, hidden: frozenset[int], nearest: list[int], guarded: list[int]) -> bool:
    """Whether no protected cell is too near; those that share parts with what changes are asked first."""
    return all(next(attacker.near(hidden, among=group), None) is None for group in (nearest, guarded))


def _moved(system: System, table: np.ndarray, hidden: frozenset[int]) -> frozenset[int]:
    gap = np.abs(system.incidence @ table - system.values) > _MOVED * (1 + np.abs(system.values))
    printed = system.published(hidden)
    cells = [index for index in np.flatnonzero(gap & printed) if system.cells[index].status == "candidate"]
    return frozenset(part for index in cells for part in system.bundle_of[index])


def _nearest_table(system: System, index: int, hidden: frozenset[int], attacker: Attacker) -> np.ndarray | None:
    """Return a table where the cell has the value it needs and as few printed cells as possible differ; None if none.

    Minimises the weighted sum of differences, a few times over with weights that let the cells that moved move on: a
    stand-in for their number. Looked for among the parts around the cell first, then among all.
    """
    around = _around(system, index, hidden)
    everywhere = np.arange(len(system.parts))
    for parts in (around, everywhere) if len(around) < len(everywhere) else (everywhere,):
        for target in _targets(system, index):
            weights = _prices(system)
            found: np.ndarray | None = None
            for _ in range(_ROUNDS):
                table, gaps = _solve(system, index, hidden, target, weights, parts=parts, base=attacker.base)
                if table is None:
                    break
                found, weights = table, weights / (gaps + 0.5)
            if found is not None:
                return found
    return None


def _around(system: System, index: int, hidden: frozenset[int]) -> np.ndarray:
    """Parts that are withheld or stand in a small sum together with a part of the cell."""
    sums = system.incidence
    sizes = np.diff(sums.indptr)
    small = sums[np.flatnonzero(sizes <= _NEAR)]
    own = np.zeros(len(system.parts))
    own[list(system.cells[index].parts)] = 1.0
    touched = small.T @ (small @ own > 0).astype(float) > 0
    touched |= own > 0
    alone = [cell for cell in hidden if sizes[cell] == 1]
    touched[[system.cells[cell].parts[0] for cell in alone]] = True
    related = np.abs(system.relation_matrix)
    touched |= related.T @ (related @ touched.astype(float) > 0).astype(float) > 0
    second = small.T @ (small @ (touched & (own == 0)).astype(float) > 0).astype(float) > 0
    return np.flatnonzero(touched | (second if touched.sum() < _NEAR else False))


def _targets(system: System, index: int) -> tuple[float, ...]:
    cell = system.cells[index]
    if not math.isnan(cell.need):
        return (cell.need,)
    step = 1.0 if system.is_whole else max(0.01 * abs(np.nan_to_num(cell.value)), 1.0)
    value = float(np.nan_to_num(cell.value))
    return (value + step, value - step) if value >= step else (value + step,)


def _prices(system: System) -> np.ndarray:
    """Price of a difference in each cell: dearer the larger the cell is, so that totals go last."""
    return 1.0 + 0.1 * np.log1p(np.abs(np.nan_to_num(system.values)))


def _solve(
    system: System,
    index: int,
    hidden: frozenset[int],
    target: float,
    weights: np.ndarray,
    *,
    parts: np.ndarray,
    base: np.ndarray,
) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the nearest table with the target, only ``parts`` free, and how far each cell moved."""
    others = base.copy()
    others[parts] = 0.0
    sums = system.incidence[:, parts]
    printed = np.flatnonzero(system.published(hidden) & ~np.isnan(system.values) & (np.diff(sums.indptr) > 0))
    movable = np.array(
        [system.cells[place].status == "candidate" and not system.is_open_zero(place) for place in printed], dtype=bool
    )
    n_parts, n_movable = len(parts), int(movable.sum())
    slack = sparse.csr_array(
        (np.ones(n_movable), (np.flatnonzero(movable), np.arange(n_movable))), shape=(len(printed), n_movable)
    )
    exact = sparse.vstack([system.relation_matrix[:, parts], sums[[index]]])
    matrix = sparse.vstack(
        [
            sparse.hstack([sums[printed], -slack, slack]),
            sparse.hstack([exact, sparse.csr_array((exact.shape[0], 2 * n_movable))]),
        ]
    )
    left = system.values - system.incidence @ others
    wanted = target - float((system.incidence[[index]] @ others)[0])
    found = linprog(
        np.concatenate([np.zeros(n_parts), np.tile(weights[printed][movable], 2)]),
        A_eq=matrix,
        b_eq=np.concatenate([left[printed], -(system.relation_matrix @ others), [wanted]]),
        bounds=(np.column_stack([_limits(system, parts, n_movable), np.full(n_parts + 2 * n_movable, np.inf)])),
        method="highs",
    )
    gaps = np.zeros(len(system.cells))
    if found.status != 0:
        return None, gaps
    gaps[printed[movable]] = found.x[n_parts : n_parts + n_movable] + found.x[n_parts + n_movable :]
    others[parts] = found.x[:n_parts]
    return others, gaps


def _limits(system: System, parts: np.ndarray, n_movable: int) -> np.ndarray:
    return np.concatenate([_least(system)[parts], np.zeros(2 * n_movable)])


def _least(system: System) -> np.ndarray:
    """Smallest value a part can take when it is withheld."""
    truth = np.nan_to_num(system.truth)
    return np.where(truth > 0, 1.0, 0.0) if system.zeros_are_open else np.zeros(len(truth))
