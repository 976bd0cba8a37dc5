"""The gate for tables: rules, secondary suppression, attacker and memory, then marks in place of what is withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.audit import AuditRecord, WithheldValue
from kvalitet_eval.publish.cells import Rows, rows_of
from kvalitet_eval.publish.checks import STATUS, check_frame
from kvalitet_eval.publish.decisions import Decision, decide
from kvalitet_eval.publish.memory import Memory
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.primary import SOURCE
from kvalitet_eval.publish.published import (
    _SEAL,
    CONFIDENTIAL,
    MISSING,
    NOT_APPLICABLE,
    PublishedTable,
    Stamp,
)
from kvalitet_eval.publish.structure import Open, Ratio, Share, Structure
from kvalitet_eval.publish.undeclared import check_contributions, check_undeclared
from kvalitet_eval.results import origin_of

_SOURCE_WITHHELD, _NOT_APPLICABLE = "confidential", "not_applicable"


def table(
    frame: pd.DataFrame,
    policy: Policy,
    structure: Structure,
    *,
    output: str = "table",
    behind: pd.DataFrame | None = None,
    memory: Memory | None = None,
    may_be_empty: bool = False,
) -> PublishedTable:
    """Let a table through, with everything withheld that it or tables before it would disclose.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per row of the table, totals included, in the order they are read; never changed. Columns as the
        structure declares, and nothing else but ``origin`` and ``<column>_status`` (``confidential``,
        ``not_applicable`` or anything else for a value that is merely missing).
    policy : Policy
        The limits.
    structure : Structure
        Dimensions with their totals and hierarchies, and what each column measures. A combination of smallest codes
        without a row is nobody, so that totals must be the sums of what stands in the table.
    output : str
        Name of the table, the same in every language and format and from run to run.
    behind : pandas.DataFrame, optional
        Rows that are not printed although printed ones are sums of them: the quarters of a rolling window.
    memory : Memory, optional
        What has been published before; is told about this table. Without it nothing is linked.
    may_be_empty : bool
        Whether a table without rows says something: there were no warnings.

    Returns
    -------
    PublishedTable
        Rows in the same order; columns as declared.

    Raises
    ------
    ReportError
        PUB-03 to PUB-12, PUB-26, PUB-41 and PUB-42: the frame is not what the structure says; all faults at once.
        PUB-43: a sum that is not declared gives a withheld number by subtraction.

    Examples
    --------
    >>> from kvalitet_eval.publish import Count, Dimension
    >>> frame = pd.DataFrame({"geo": ["a", "b", "c", "all"], "n": [2, 9, 11, 22]})
    >>> structure = Structure((Dimension("geo", total="all"),), (Count("n"),))
    >>> table(frame, Policy.load("ssb"), structure).marks()["n"].tolist()
    [':', ':', '', '']
    """
    if not isinstance(policy, Policy) or not isinstance(structure, Structure):
        raise ReportError.of("PUB-19", output=output, found=f"{type(policy).__name__}, {type(structure).__name__}")
    check_contributions(structure, policy, output=output)
    check_frame(frame, structure, output=output, may_be_empty=may_be_empty)
    if behind is not None:
        check_frame(behind, structure, output=output, is_behind=True, may_be_empty=True)
    memory = Memory() if memory is None else memory
    rows = rows_of(frame.reset_index(drop=True), behind, structure)
    found = _settle(rows, structure, policy, memory, output)
    hidden = {place for decision in found for place in decision.rules}
    check_undeclared(frame, structure, hidden, output=output)
    rules = _column_rules(structure, found, len(frame))
    _keep_confidential(rules, frame)
    for decision in found:
        memory.add(decision.system, decision.hidden, structure=structure, output=output, measure=decision.column)
    memory.withheld += _withheld(frame, structure, rules, output)
    return _published(frame, structure, rules, record=_record(found, rules, policy, structure, output))


def _settle(rows: Rows, structure: Structure, policy: Policy, memory: Memory, output: str) -> list[Decision]:
    """Decide measure by measure until what one withholds is withheld by the others that hold the same column."""
    forced: dict[tuple[str, int], str] = {}
    while True:
        settled = [
            decide(measure, rows, policy, structure, memory=memory, output=output, forced=forced)
            for measure in structure.measures
        ]
        now = {key: rule for decision in settled for key, rule in decision.rules.items()}
        if now.keys() <= forced.keys():
            return settled
        forced |= {key: rule for key, rule in now.items() if key not in forced}


def _column_rules(structure: Structure, decisions: Iterable[Decision], n_rows: int) -> dict[str, np.ndarray]:
    """For each measured column that is printed, the rule that withholds each row; empty where none does."""
    rules = {column: np.full(n_rows, "", dtype=object) for column in structure.printed}
    for measure, decision in zip(structure.measures, decisions, strict=True):
        own = {column: [row for name, row in decision.rules if name == column] for column, _ in decision.rules}
        of_measure = (
            [(c, measure.numerator, measure.denominator) for c in (measure.column, *measure.also)]
            if isinstance(measure, Share | Ratio)
            else [(c, measure.column) for c in measure.printed]
        )
        shown = [(c, c) for c in measure.shown] if isinstance(measure, Share | Ratio) else []
        for column, *sources in [*of_measure, *shown]:
            for source in sources:
                for row in own.get(source, ()):
                    rules[column][row] = rules[column][row] or decision.rules[source, row]
    return rules


def _keep_confidential(rules: dict[str, np.ndarray], frame: pd.DataFrame) -> None:
    """Withhold what the source has called confidential in whatever column, also where no rule looks at it."""
    for column, of_rows in rules.items():
        status = frame.get(f"{column}{STATUS}")
        if status is not None:
            of_rows[((status == _SOURCE_WITHHELD).to_numpy()) & (of_rows == "")] = SOURCE


def _published(
    frame: pd.DataFrame, structure: Structure, rules: dict[str, np.ndarray], *, record: AuditRecord
) -> PublishedTable:
    measured = {column for measure in structure.measures for column in measure.printed}
    empty = _empty_denominators(frame, structure)
    shown, marks = {}, {}
    for column in structure.printed:
        values, rule = frame[column].reset_index(drop=True), rules[column]
        status = frame.get(f"{column}{STATUS}", pd.Series("", index=frame.index)).to_numpy()
        is_missing = values.isna().to_numpy()
        is_withheld = (rule != "") & ~(is_missing & (rule == SOURCE) & (status != _SOURCE_WITHHELD))
        if column not in measured:
            is_withheld[:] = False
        not_applicable = is_missing & ((status == _NOT_APPLICABLE) | empty.get(column, False))
        marks[column] = np.select(
            [is_withheld, not_applicable, is_missing], [CONFIDENTIAL, NOT_APPLICABLE, MISSING], default=""
        )
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values) and column in measured:
            values = values.astype("float64")
        shown[column] = values.where(~is_withheld) if is_withheld.any() else values
    stamp = Stamp(record.policy, record.policy_sha256, record.output, record.sha256)
    return PublishedTable(
        stamp, structure.keys, origin_of(frame), record, pd.DataFrame(shown), pd.DataFrame(marks), _SEAL
    )


def _empty_denominators(frame: pd.DataFrame, structure: Structure) -> dict[str, np.ndarray]:
    """Where a share or ratio does not apply because there is nothing to take it of."""
    return {
        column: (frame[measure.denominator] == 0).to_numpy()
        for measure in structure.measures
        if isinstance(measure, Share | Ratio)
        for column in (measure.column, *measure.also)
    }


def _withheld(
    frame: pd.DataFrame, structure: Structure, rules: dict[str, np.ndarray], output: str
) -> list[WithheldValue]:
    keys = frame[list(structure.keys)].astype(str).to_dict("records")
    found = []
    for column, of_rows in rules.items():
        if not pd.api.types.is_numeric_dtype(frame[column]):
            continue
        for row in np.flatnonzero(of_rows != ""):
            value = frame[column].iloc[row]
            found.append(
                WithheldValue(output, column, keys[row], None if pd.isna(value) else float(value), of_rows[row])
            )
    return found


def _record(
    settled: list[Decision], rules: dict[str, np.ndarray], policy: Policy, structure: Structure, output: str
) -> AuditRecord:
    by_rule = Counter(rule for of_rows in rules.values() for rule in of_rows if rule)
    measured = [column for column, of_rows in rules.items() if (of_rows != "").any()]
    n_rows = len(next(iter(rules.values())))
    n_measured = len({column for measure in structure.measures for column in measure.printed})
    widths = [decision.narrowest for decision in settled if decision.narrowest is not None]
    return AuditRecord(
        output=output,
        policy=policy.name,
        policy_sha256=policy.sha256,
        n_cells=n_rows * n_measured,
        n_withheld=sum(int((rules[column] != "").sum()) for column in measured),
        by_rule=dict(sorted(by_rule.items())),
        n_protected=sum(decision.n_protected for decision in settled),
        narrowest=min(widths, default=float("nan")),
        n_exposed=sum(decision.n_exposed for decision in settled),
        n_linked=sum(decision.n_linked for decision in settled),
        is_consistent=all(decision.is_consistent for decision in settled),
        left_open=_left_open(structure, n_rows),
    )


def _left_open(structure: Structure, n_rows: int) -> dict[str, int]:
    """Count the numbers that no rule looked at, by reason."""
    counts: Counter[str] = Counter()
    for measure in structure.measures:
        if isinstance(measure, Open):
            counts[measure.because] += n_rows * len(measure.printed)
    return dict(sorted(counts.items()))
