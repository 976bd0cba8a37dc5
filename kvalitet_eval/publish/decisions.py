"""What is withheld of one measure, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.publish import linked
from kvalitet_eval.publish.attacker import Contradiction
from kvalitet_eval.publish.audit import LINKED, REPAIRED, SECONDARY
from kvalitet_eval.publish.cells import Rows, build_system
from kvalitet_eval.publish.checks import check_sums
from kvalitet_eval.publish.linked import Joined
from kvalitet_eval.publish.memory import Memory, Trace
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.primary import judge_statistic
from kvalitet_eval.publish.repair import Withheld, withhold
from kvalitet_eval.publish.structure import Magnitude, Measure, Open, Ratio, Statistic, Structure
from kvalitet_eval.publish.system import System, kind_of, name_of

_NOTHING = System((), (), ())
_WIDEST = 10
"""Widths are recorded up to this many times the minimum: beyond, they would tell the size of the cell."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is withheld of one measure.

    Parameters
    ----------
    column : str
        The measure's own.
    rules : mapping of (str, int) to str
        Column that adds up and row, to the rule that withholds it; what is not there is printed.
    system, hidden
        The table's own cells, and the rule of each withheld one by its position, for the memory.
    n_protected, n_exposed, n_linked, narrowest, is_consistent
        For the audit record; ``narrowest`` is None where no width in persons exists.
    """

    column: str
    rules: Mapping[tuple[str, int], str]
    system: System
    hidden: Mapping[int, str]
    n_protected: int = 0
    n_exposed: int = 0
    n_linked: int = 0
    narrowest: float | None = None
    is_consistent: bool = True


def decide(
    measure: Measure,
    rows: Rows,
    policy: Policy,
    structure: Structure,
    *,
    memory: Memory,
    output: str,
    forced: Mapping[tuple[str, int], str],
) -> Decision:
    """Decide what is withheld of one measure.

    Parameters
    ----------
    forced : mapping of (str, int) to str
        Columns and rows that another measure of the table withholds.

    Raises
    ------
    ReportError
        PUB-12: totals are not the sums of their parts.
    """
    if isinstance(measure, Open):
        return Decision(measure.column, {}, _NOTHING, {})
    if isinstance(measure, Statistic):
        return _decide_statistic(measure, rows, policy)
    hidden_persons = _hidden_persons(measure, rows, memory.related(structure.family, {*measure.needs}), forced)
    system = build_system(measure, rows, policy, hidden_persons=hidden_persons)
    check_sums(system, rows, output=output, column=measure.column)
    columns = [kind_of(cell.name) for cell in system.cells]
    dimensions = {dimension.column: dimension.total is not None for dimension in structure.dimensions}
    joined = linked.join(system, memory.related(structure.family, set(columns)), dimensions, policy, output=output)
    because = dict(joined.forced)
    for index, cell in enumerate(system.cells):
        if cell.status == "candidate" and (columns[index], cell.row) in forced:
            because.setdefault(index, forced[columns[index], cell.row])
    joined, withheld, is_consistent = _withhold(joined, system, frozenset(because))
    own = frozenset(index for index in withheld.hidden if index < len(system.cells))
    reasons = {index: _rule(system, index, because, withheld) for index in sorted(own)}
    rules = {(columns[index], system.cells[index].row): rule for index, rule in reasons.items()}
    return Decision(
        measure.column,
        rules,
        system,
        reasons,
        n_protected=len(withheld.bounds),
        n_exposed=len(withheld.exposed),
        n_linked=joined.n_linked if is_consistent else 0,
        narrowest=_narrowest(joined.system, withheld, policy),
        is_consistent=is_consistent,
    )


def _hidden_persons(
    measure: Measure, rows: Rows, traces: Iterable[Trace], forced: Mapping[tuple[str, int], str]
) -> frozenset[int]:
    """Return the rows in which the number of persons behind an amount is withheld, here or in an earlier table."""
    if not isinstance(measure, Ratio | Magnitude):
        return frozenset()
    withheld = {cell.name for trace in traces for cell in trace.cells if cell.status == "withheld"}
    names = [name_of(measure.persons, rows.columns, codes) for codes in rows.codes]
    here = {row for column, row in forced if column == measure.persons}
    return frozenset(here | {row for row, name in enumerate(names) if name in withheld})


def _withhold(joined: Joined, system: System, forced: frozenset[int]) -> tuple[Joined, Withheld, bool]:
    try:
        return joined, withhold(joined.system, forced=forced), True
    except Contradiction:
        return Joined(system, joined.forced, 0), withhold(system, forced=forced), False


def _rule(system: System, index: int, because: Mapping[int, str], withheld: Withheld) -> str:
    if system.cells[index].rule:
        return system.cells[index].rule
    if index in withheld.primary:
        return next((because[other] for other in system.bundle_of[index] if other in because), LINKED)
    told = _rule_of_rest(system, system.cells[index].row)
    if told:
        return told
    return SECONDARY if index in withheld.secondary else REPAIRED


def _rule_of_rest(system: System, row: int) -> str:
    """Return the rule about those of a row who are not counted: they are not printed, but the count gives them."""
    rest = (cell.rule for cell in system.cells if cell.row == row and cell.status == "unprinted" and cell.rule)
    return next(rest, "") if row >= 0 else ""


def _narrowest(system: System, withheld: Withheld, policy: Policy) -> float | None:
    if not system.is_whole or not withheld.bounds:
        return None
    width = min(bounds.high - bounds.low for bounds in withheld.bounds.values())
    return float(min(round(width, 6), _WIDEST * policy.minimum))


def _decide_statistic(measure: Statistic, rows: Rows, policy: Policy) -> Decision:
    basis, persons = (
        pd.to_numeric(rows.frame[name], errors="coerce").to_numpy(dtype=float)[: rows.n_printed] if name else None
        for name in (measure.basis, measure.persons)
    )
    judged = judge_statistic(measure, basis, policy, persons)
    is_there = rows.frame[list(measure.printed)].notna().any(axis=1)[: rows.n_printed]
    rules = {(measure.column, row): rule for row, rule in enumerate(judged) if rule and is_there.iloc[row]}
    return Decision(measure.column, rules, _NOTHING, {})
