"""Tables that tell about the same persons: put together before the attacker is tried.

Linked are rolling windows and other sums over common parts, earlier runs, the same cell in several reports, and tables
that part the same persons in different ways.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.publish.audit import LINKED, REVISION
from kvalitet_eval.publish.common_parts import Key, common_parts, ways_of
from kvalitet_eval.publish.memory import Trace, TracedCell
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.published import PublishedTable
from kvalitet_eval.publish.system import Cell, System

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Joined:
    """A system together with what was published before.

    Parameters
    ----------
    system : System
        Cells of the table first, at the same positions.
    forced : mapping of int to str
        Candidates that are withheld because of earlier publications, with the rule.
    n_linked : int
        Cells known from before.
    """

    system: System
    forced: Mapping[int, str]
    n_linked: int


def join(
    system: System, traces: Iterable[Trace], dimensions: Mapping[str, bool], policy: Policy, *, output: str
) -> Joined:
    """Add earlier tables to a system.

    A cell that was withheld before stays withheld: what was printed around it was printed on that condition. A cell
    whose new value differs from the printed one by fewer persons than the minimum is withheld, because the difference
    is a group. A value that was corrected by more replaces the old one. The same table published again is withheld for
    the same reasons, so that a second run on the same data writes the same record.
    """
    traces = list(traces)
    parts = {name: place for place, name in enumerate(system.parts)}
    earlier = [cell for trace in traces for cell in trace.cells]
    forced = _forced(system, traces, policy, output)
    for name in (part for cell in earlier for part in cell.parts):
        parts.setdefault(name, len(parts))
    truth = dict(zip(system.parts, system.truth, strict=True))
    added = _earlier_cells(system, earlier, parts, truth)
    groups = [dimensions, *({**trace.dimensions} for trace in traces)]
    complete = _complete(groups)
    for name in common_parts(ways_of(parts), complete):
        parts.setdefault(name, len(parts))
    relations = (*system.relations, *_relations(parts, complete))
    widened = replace(system, parts=tuple(parts), cells=(*system.cells, *added), relations=relations)
    return Joined(widened, forced, sum(cell.status == "known" for cell in added))


def _forced(system: System, traces: Iterable[Trace], policy: Policy, output: str) -> dict[int, str]:
    names = {cell.name for cell in system.cells if cell.status == "candidate"}
    withheld: dict[tuple[str, tuple[str, ...]], str] = {}
    for trace in traces:
        is_same = trace.output == output and names == {c.name for c in trace.cells if c.status != "unprinted"}
        for cell in trace.cells:
            if cell.status == "withheld":
                withheld.setdefault((cell.name, cell.parts), cell.because if is_same else LINKED)
    earlier = [cell for trace in traces for cell in trace.cells]
    printed = {(cell.name, cell.parts): cell for cell in earlier if cell.status == "printed"}
    forced = {}
    for index, cell in enumerate(system.cells):
        name = cell.name, tuple(sorted(system.parts[part] for part in cell.parts))
        if cell.status != "candidate":
            continue
        if name in withheld:
            forced[index] = withheld[name]
        elif name in printed and _is_small_revision(cell, printed[name], policy):
            forced[index] = REVISION
    return forced


def _is_small_revision(cell: Cell, before: TracedCell, policy: Policy) -> bool:
    """Whether the change of a count, or of the persons behind an amount, is a group under the minimum."""
    if math.isnan(cell.persons):
        change = abs(cell.value - (math.nan if before.value is None else before.value))
    else:
        change = abs(cell.persons - (math.nan if before.persons is None else before.persons))
    return 0 < change < policy.minimum


def _earlier_cells(
    system: System, earlier: Iterable[TracedCell], parts: Mapping[str, int], truth: Mapping[str, float]
) -> list[Cell]:
    here = {tuple(sorted(system.parts[part] for part in cell.parts)) for cell in system.cells if cell.rule}
    seen: set[tuple[bool, tuple[str, ...]]] = set()
    added = []
    for cell in reversed(list(earlier)):
        place = (cell.status == "printed", cell.parts)
        if place in seen:
            continue
        places = tuple(parts[part] for part in cell.parts)
        now = sum(truth.get(part, math.nan) for part in cell.parts)
        if cell.status == "printed" and cell.value is not None:
            if math.isnan(now) or abs(now - cell.value) <= _SAME * max(1.0, abs(now)):
                added.append(Cell(cell.name, places, cell.value, "known"))
                seen.add(place)
        elif cell.rule and cell.parts not in here:
            need = math.nan if cell.need is None else cell.need
            added.append(Cell(cell.name, places, now, "unprinted", cell.rule, need))
            seen.add(place)
    return added


def _complete(groups: Iterable[Mapping[str, bool]]) -> dict[str, bool]:
    """Of which columns all codes together are everybody, in every table that has the column."""
    complete: dict[str, bool] = {}
    for group in groups:
        for column, has_total in group.items():
            complete[column] = complete.get(column, True) and has_total
    return complete


def _relations(parts: Mapping[str, int], complete: Mapping[str, bool]) -> list[dict[int, int]]:
    """Sums of parts that are the same persons parted in two ways: the difference is 0."""
    by_columns = ways_of(parts)
    ways = sorted(by_columns)
    relations = []
    for position, first in enumerate(ways):
        for second in ways[position + 1 :]:
            common = set(first) & set(second)
            if all(complete.get(column, False) for column in {*first, *second} - common):
                relations += _differences(by_columns[first], by_columns[second], common)
    return relations


def _differences(
    first: list[tuple[str, Key, int]], second: list[tuple[str, Key, int]], common: set[str]
) -> list[dict[int, int]]:
    sums: list[dict[tuple[str, Key], list[int]]] = []
    for group in (first, second):
        found: dict[tuple[str, Key], list[int]] = defaultdict(list)
        for kind, key, place in group:
            found[kind, tuple(pair for pair in key if pair[0] in common)].append(place)
        sums.append(found)
    both = [key for key in sums[0] if key in sums[1]]
    return [{**dict.fromkeys(sums[0][key], 1), **dict.fromkeys(sums[1][key], -1)} for key in both]


def compare(first: PublishedTable, second: PublishedTable) -> tuple[Finding, ...]:
    """Compare two versions of one table - languages, formats - and return where one tells what the other does not.

    Rows are matched by their codes; columns that only one has are compared with nothing.

    Returns
    -------
    tuple of Finding
        PUB-16 a cell is withheld in one and printed in the other, PUB-17 two different values, PUB-18 a row that only
        one has.
    """
    frames = []
    for table in (first, second):
        keys = [tuple(map(str, key)) for key in table.to_frame()[list(table.keys)].itertuples(index=False)]
        frames.append(dict(zip(keys, table.records(), strict=True)))
    output = first.stamp.output
    only = sorted(set(frames[0]) ^ set(frames[1]))
    found = [finding("PUB-18", output=output, found=", ".join(key)) for key in only]
    columns = [column for column in first.columns if column in second.columns and column not in first.keys]
    for key in frames[0].keys() & frames[1].keys():
        for column in columns:
            one, other = frames[0][key][column], frames[1][key][column]
            if one.mark != other.mark:
                found.append(finding("PUB-16", output=output, column=column, found=", ".join(key)))
            elif isinstance(one.value, float) and one.value != other.value:
                found.append(finding("PUB-17", output=output, column=column, found=", ".join(key)))
    return tuple(sorted(found, key=lambda item: (item.code, item.found or "", item.column or "")))
