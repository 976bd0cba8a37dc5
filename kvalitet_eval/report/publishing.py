"""The publishing stage: once for a whole programme it is decided what may be shown, and every report loads its part.

All municipalities are decided together, so the order and the number of processes in which reports are made cannot
change what is withheld. The memory of what has been published lies beside the evaluations and outlives each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.monitor.table_1 import change_table, direction_counts, level_contrast, published_rates
from kvalitet_eval.publish import Memory, Policy, PublishedTable
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported, marked
from kvalitet_eval.report.open_tables import OpenTables, policy_of
from kvalitet_eval.report.published_effects import GROUPS, Behind, publish_checks, publish_effects
from kvalitet_eval.report.published_rates import publish_rates

if TYPE_CHECKING:
    from kvalitet_eval.report.evaluation import Evaluation

PUBLISHED, WITHHELD, AUDIT, MEMORY = "published.json", "withheld.json", "audit.json", "publishing_memory.json"
_EFFECTS = (
    ("effects", structures.EFFECT_KEYS),
    ("bracket", structures.BRACKET_KEYS),
    ("bump", structures.BUMP_KEYS),
)


def publish_evaluation(config: Config, imported: Imported, evaluation: Evaluation, folder: Path) -> None:
    """Decide what may be shown of an evaluation and store it beside it, with the record of every decision.

    Written are the published tables, the withheld values (for the leak scanner only), the audit records, and what
    later publications must remember.

    Raises
    ------
    ConfigError
        The profile of the programme file is none.
    ReportError
        The memory of earlier publications cannot be read, or a file cannot be written.
    """
    policy, path = policy_of(config), memory_file(config, imported)
    memory = Memory.load(path)
    open_tables = OpenTables(policy)
    tables = [open_tables.account(evaluation.account)]
    if config.files.published_table is not None:
        tables += _printed(config, published_rates(config, imported.participants), open_tables)
    for outcome in config.outcomes:
        found = publish_rates(config, imported, outcome, evaluation.account, policy, memory=memory)
        tables += found.values()
        behind = Behind.of(config, imported, evaluation.account, found[f"own/{outcome.id}"])
        for name, keys in _EFFECTS:
            rows = getattr(evaluation, name)
            output = f"{name}/{outcome.id}"
            rows = rows[rows["outcome"] == outcome.id]
            tables += publish_effects(rows, keys, policy, behind, output=output, memory=memory)
        tables += _leave_one_out(evaluation, imported, outcome.id, policy, behind)
    publish.save_tables(folder / PUBLISHED, tables)
    publish.write_withheld(folder / WITHHELD, memory.withheld)
    publish.write_private(folder / AUDIT, [json.loads(table.audit.to_json()) for table in tables])
    memory.save(path)


def _printed(config: Config, printed: pd.DataFrame, open_tables: OpenTables) -> Iterator[PublishedTable]:
    """Publish the programme's own printed table: as printed, recomputed, counted, and by the level that was chosen."""
    changes = change_table(printed)
    yield open_tables("printed_rates", printed)
    yield open_tables.changes(changes)
    yield open_tables("directions", direction_counts(changes))
    chosen_low = sum(intake.selected_low for intake in config.intakes)
    if chosen_low:
        yield open_tables.contrast(level_contrast(changes, chosen_low))


def _leave_one_out(
    evaluation: Evaluation, imported: Imported, outcome: str, policy: Policy, behind: Behind
) -> Iterator[PublishedTable]:
    """Publish whether each cohort's answer hangs on one member, who is named."""
    names = dict(imported.membership[["municipality_number", "name"]].itertuples(index=False))
    for cohort in behind.members:
        check = evaluation.leave_one_out_check(outcome, cohort)
        if check is None:
            continue
        most = str(check.facts.get("most", ""))
        check = replace(check, facts={**check.facts, "most": names.get(most, most)})
        sizes = check.table[["n_treated", "n_comparison"]].astype(float).sum(axis=1).min()
        about = {"residual_df": sizes - GROUPS, "persons": behind.without_one(cohort)}
        origin = str(evaluation.record["origin"])
        yield publish_checks([check], policy, **about, origin=origin, output=f"checks/{outcome}/{cohort}")


def memory_file(config: Config, imported: Imported) -> Path:
    """Where it is kept what has been published; simulated figures never bind observed ones."""
    return marked(config.processed / MEMORY, str(imported.record["origin"]))


def load_published(config: Config, folder: Path) -> Mapping[str, PublishedTable]:
    """Read what was published back, by the name of the output; errors as for `publish.load_tables`."""
    return publish.load_tables(folder / PUBLISHED, policy_of(config))
