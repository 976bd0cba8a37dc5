"""Breakdowns that go round in a ring: the persons behind all of them, parted in every way at once.

Two tables that agree on what they share always fit together. Three need not: of municipality by sector, sector by age
and municipality by age each pair agrees, and yet there may be only one number of persons that fits with all three.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.system import name_of

MOST_PARTS = 50_000
"""More common parts than this are not searched in reasonable time."""
Key = tuple[tuple[str, str], ...]
Ways = Mapping[tuple[str, ...], list[tuple[str, Key, int]]]
"""From the columns of a breakdown to its parts: quantity, codes and position."""


def ways_of(parts: Mapping[str, int]) -> Ways:
    """Sort parts by the columns they are broken down by."""
    by_columns: dict[tuple[str, ...], list[tuple[str, Key, int]]] = defaultdict(list)
    for name, place in parts.items():
        kind, *codes = json.loads(name)
        key = tuple((column, code) for column, code in codes)
        by_columns[tuple(column for column, _ in key)].append((kind, key, place))
    return by_columns


def common_parts(ways: Ways, complete: Mapping[str, bool]) -> list[str]:
    """Return the names of the parts that all breakdowns of a ring are sums of.

    Parameters
    ----------
    ways : mapping
        From :func:`ways_of`.
    complete : mapping of str to bool
        Whether all codes of a column together are everybody.

    Returns
    -------
    list of str
        Empty when no breakdowns go round in a ring.

    Raises
    ------
    ReportError
        PUB-40: there would be more than :data:`MOST_PARTS`; nothing may be published that has not been tried.

    Notes
    -----
    Breakdowns without a ring fit together whenever each two of them do (Vorob'ev 1962, Theory of Probability and Its
    Applications 7(2), doi:10.1137/1107014, for probabilities; multiplied by the number of persons the same holds for
    counts). Whether there is a ring is found by taking columns that only one breakdown has, and breakdowns that lie in
    another, away until nothing more can be taken (Graham 1979; Yu and Ozsoyoglu 1979): what is left is the ring.
    """
    names: dict[str, None] = {}
    for fixed, group in _by_fixed(ways, complete).items():
        core = _core({frozenset(way) - fixed for way in group})
        if not core:
            continue
        columns = sorted(fixed | frozenset().union(*core))
        members = [way for way in group if any(edge <= frozenset(way) for edge in core)]
        for kind, codes in _codes(ways, members, columns).items():
            _check_size(codes, columns)
            names |= {name_of(kind, columns, labels): None for labels in itertools.product(*codes)}
    return list(names)


def _by_fixed(ways: Ways, complete: Mapping[str, bool]) -> dict[frozenset[str], list[tuple[str, ...]]]:
    """Group breakdowns that share all columns without a total: only the others can be summed over."""
    groups: dict[frozenset[str], list[tuple[str, ...]]] = defaultdict(list)
    for way in sorted(ways):
        groups[frozenset(column for column in way if not complete.get(column, False))].append(way)
    return groups


def _core(edges: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    """Return what is left of some sets of columns when all that hangs on loosely is taken away."""
    left = set(edges)
    while True:
        shared = {column for edge in left for column in edge if sum(column in other for other in left) > 1}
        reduced = {edge & shared for edge in left}
        reduced = {edge for edge in reduced if edge and not any(edge < other for other in reduced)}
        if reduced == left:
            return left
        left = reduced


def _codes(ways: Ways, members: Iterable[tuple[str, ...]], columns: list[str]) -> dict[str, list[list[str]]]:
    """Codes of each column that the breakdowns have, for each quantity that all of them tell."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    kinds = []
    for way in members:
        kinds.append({kind for kind, _, _ in ways[way]})
        for kind, key, _ in ways[way]:
            for column, code in key:
                found[kind][column].add(code)
    told = set.intersection(*kinds) if kinds else set()
    return {kind: [sorted(found[kind][column]) for column in columns] for kind in sorted(told)}


def _check_size(codes: list[list[str]], columns: list[str]) -> None:
    n_parts = 1
    for labels in codes:
        n_parts *= len(labels)
    if n_parts > MOST_PARTS:
        raise ReportError.of("PUB-40", found=n_parts, most=MOST_PARTS, columns=", ".join(columns))
