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
from kvalitet_eval.monitor.table_1 import change_table, published_rates
from kvalitet_eval.prepare.participants import Participants
from kvalitet_eval.publish import Memory, Policy, PublishedTable, Structure
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported
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


def policy_of(config: Config) -> Policy:
    """Return the limits that the programme file asks for; errors as for `Policy.load`."""
    profile = config.publishing.profile
    return Policy.load(profile if profile in publish.PROFILES else config.root / profile)


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
    policy, path = policy_of(config), config.processed / MEMORY
    memory = Memory.load(path)
    tables = [publish_account(evaluation.account, policy), *publish_printed(config, imported.participants, policy)]
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


def load_published(config: Config, folder: Path) -> Mapping[str, PublishedTable]:
    """Read what was published back, by the name of the output; errors as for `publish.load_tables`."""
    return publish.load_tables(folder / PUBLISHED, policy_of(config))


def publish_account(account: pd.DataFrame, policy: Policy) -> PublishedTable:
    """Publish how many municipalities have each part in the comparison, and why."""
    counts = account.groupby(["role", "reason"], sort=True).size().rename("n").reset_index()
    return publish.table(counts, policy, structures.ACCOUNT, output="account")


def publish_printed(config: Config, participants: Participants, policy: Policy) -> list[PublishedTable]:
    """Publish the annual report's Table 1 and the changes in it; the source has printed its rates, so they are open."""
    if config.files.published_table is None:
        return []
    printed = published_rates(config, participants)
    return [
        publish_open(printed, structures.PRINTED_RATES, policy, output="printed_rates"),
        publish_open(change_table(printed), structures.PRINTED_CHANGES, policy, output="printed_changes"),
    ]


def publish_open(frame: pd.DataFrame, structure: Structure, policy: Policy, *, output: str) -> PublishedTable:
    """Publish the declared columns of a frame, and no other."""
    chosen = dict.fromkeys(name for name in (*structure.needs, "origin") if name in frame)
    return publish.table(frame[list(chosen)], policy, structure, output=output)
