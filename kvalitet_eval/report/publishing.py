"""The publishing stage: once for a whole programme it is decided what may be shown, and every report loads its part.

All municipalities are decided together, so the order and the number of processes in which reports are made cannot
change what is withheld. The memory of what has been published lies beside the evaluations and outlives each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config, OutcomeSettings
from kvalitet_eval.monitor.table_1 import change_table, published_rates
from kvalitet_eval.prepare.days import FEWEST_EMPLOYEES, rates
from kvalitet_eval.prepare.periods import quarters
from kvalitet_eval.publish import Memory, Policy, PublishedTable, Structure
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.own_figures import (
    OUTSIDE,
    expected_changes,
    percentiles_of,
    quarters_of,
    size_groups,
    window_parts,
    windows_of,
)

if TYPE_CHECKING:
    from kvalitet_eval.report.evaluation import Evaluation

PUBLISHED, WITHHELD, AUDIT, MEMORY = "published.json", "withheld.json", "audit.json", "publishing_memory.json"
PARTICIPANTS = ("treated", "start_unknown")
EVERYBODY = "all"
SMALLEST_PARTS = 2


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
    tables = [publish_account(evaluation.account, policy), *publish_printed(config, imported, policy)]
    for outcome in config.outcomes:
        found = publish_rates(config, imported, outcome, policy, memory=memory)
        tables += found.values()
        for name, keys in (("effects", structures.EFFECT_KEYS), ("bracket", structures.BRACKET_KEYS),
                           ("bump", structures.BUMP_KEYS)):  # fmt: skip
            rows = getattr(evaluation, name)
            about = {"config": config, "imported": imported, "policy": policy, "own": found[f"own/{outcome.id}"]}
            tables += publish_effects(rows[rows["outcome"] == outcome.id], keys, output=f"{name}/{outcome.id}", **about)
    publish.save_tables(folder / PUBLISHED, tables)
    publish.write_withheld(folder / WITHHELD, memory.withheld)
    publish.write_private(folder / AUDIT, [json.loads(table.audit.to_json()) for table in tables])
    memory.save(path)


def load_published(config: Config, folder: Path) -> Mapping[str, PublishedTable]:
    """Read what was published back, by the name of the output; errors as for `publish.load_tables`."""
    return publish.load_tables(folder / PUBLISHED, policy_of(config))


def publish_rates(
    config: Config, imported: Imported, outcome: OutcomeSettings, policy: Policy, *, memory: Memory
) -> dict[str, PublishedTable]:
    """Publish the development of every participant, of the peers, and the change expected of each participant's level.

    Returns
    -------
    dict of str to PublishedTable
        ``own/<outcome>``, ``peers/<outcome>`` and ``expected/<outcome>``; the last only when some row can be made.
    """
    table, family = imported.membership, f"{config.panel.source}/{outcome.id}"
    status = table.set_index("municipality_number")["status"]
    groups = size_groups(table, config)
    part = imported.rows["municipality_number"].map(status)
    rows = imported.rows[part.isin(PARTICIPANTS)]
    outside = imported.rows[part.isin(OUTSIDE)]
    own = _publish_windows(
        windows_of(rows, outcome, "municipality_number"), quarters_of(rows, outcome, "municipality_number"),
        "municipality_number", policy, family=family, output=f"own/{outcome.id}", memory=memory,
    )  # fmt: skip
    found = {own.stamp.output: own}
    if outside.empty:
        return found
    single = windows_of(outside, outcome, "municipality_number")
    grouped = outside.assign(size_group=outside["municipality_number"].map(groups))
    limits = percentiles_of(single, groups, policy.minimum)
    peers = _publish_windows(
        windows_of(grouped, outcome, "size_group").merge(limits, on=["size_group", "window"], how="left"),
        quarters_of(grouped, outcome, "size_group"),
        "size_group", policy, family=family, output=f"peers/{outcome.id}", memory=memory,
    )  # fmt: skip
    started = table[table["status"] == "treated"].set_index("municipality_number")["intake"]
    intakes = {number: config.intake(intake) for number, intake in started.items()}
    expected = expected_changes(config, imported, own, single, intakes)
    found[peers.stamp.output] = peers
    if len(expected):
        output = f"expected/{outcome.id}"
        found[output] = publish.table(expected, policy, structures.EXPECTED_CHANGE, output=output, memory=memory)
    return found


def _publish_windows(
    windows: pd.DataFrame, behind: pd.DataFrame, key: str, policy: Policy, *, family: str, output: str, memory: Memory
) -> PublishedTable:
    parts = window_parts(windows["window"])
    is_grouped = "low_pct" in windows
    structure = (
        structures.peer_structure(parts, family=family)
        if is_grouped
        else structures.rate_structure(key, parts, family=family)
    )
    if is_grouped:
        status = windows["complete"].map({True: "", False: "not_applicable"})
        windows = windows.assign(low_pct_status=status, high_pct_status=status)
        behind = behind.assign(low_pct=float("nan"), high_pct=float("nan"), n_municipalities=float("nan"))
    shown = [*structure.needs, "origin", *(name for name in windows if name.endswith("_status"))]
    needed = [*structure.keys, *dict.fromkeys(name for measure in structure.measures for name in measure.needs)]
    return publish.table(
        windows[shown], policy, structure, output=output, behind=behind[needed], memory=memory
    )


def publish_effects(
    rows: pd.DataFrame,
    keys: Iterable[str],
    *,
    config: Config,
    imported: Imported,
    policy: Policy,
    own: PublishedTable,
    output: str,
) -> list[PublishedTable]:
    """Publish effects: those of enough residual degrees of freedom and of enough persons; nothing for no rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        In the vocabulary of ``results.COLUMNS``; municipalities that the row rests on give the residual degrees of
        freedom (docs/PUBLISHING.md).
    own : PublishedTable
        Published rates of the single participants: an average must not give those that are withheld.
    """
    if rows.empty:
        return []
    persons = persons_behind(config, imported, own)
    cohorts = rows["cohort"].fillna(EVERYBODY).astype("str")
    codes = {"cohort": cohorts, "period": rows["period"].fillna(EVERYBODY).astype("str")}
    codes["time"] = rows["event_time"].astype("str").where(rows["event_time"].notna(), EVERYBODY)
    frame = rows.assign(
        **codes,
        method=rows["method"].fillna("none"),
        residual_df=rows["n_treated"].astype(float) + rows["n_comparison"].astype(float) - SMALLEST_PARTS,
        persons=cohorts.map(persons),
    )
    structure = structures.effect_structure(keys)
    return [publish.table(frame[[*structure.needs, "origin"]], policy, structure, output=output)]


def persons_behind(config: Config, imported: Imported, own: PublishedTable) -> dict[str, float]:
    """Return how many persons an average of each intake, and of all, rests on that no reader knows from elsewhere.

    Where the figures of some of its municipalities are withheld, those are the persons in them: with the others
    printed, the average would give what is left.
    """
    window = quarters(config.window.first, config.window.last)
    first = config.outcomes[0]
    single = rates(imported.rows, first, ["municipality_number", "quarter"])
    single = single[single["quarter"].isin(window) & ~(single["employees"] < FEWEST_EMPLOYEES)]
    persons = single.groupby("municipality_number")["employees"].min()
    frame, marks = own.to_frame(), own.marks()
    hidden = set(frame.loc[(marks["rate_pct"] == ":").to_numpy(), "municipality_number"])
    treated = imported.membership[imported.membership["status"] == "treated"]
    groups = {name: list(rows["municipality_number"]) for name, rows in treated.groupby("intake")}
    groups[EVERYBODY] = list(treated["municipality_number"])
    found = {}
    for name, numbers in groups.items():
        counted = [number for number in numbers if number in persons.index]
        unseen = [number for number in counted if number in hidden]
        found[name] = float(persons[unseen or counted].sum(min_count=1))
    return found


def publish_account(account: pd.DataFrame, policy: Policy) -> PublishedTable:
    """Publish how many municipalities have each part in the comparison, and why."""
    counts = account.groupby(["role", "reason"], sort=True).size().rename("n").reset_index()
    return publish.table(counts, policy, structures.ACCOUNT, output="account")


def publish_printed(config: Config, imported: Imported, policy: Policy) -> list[PublishedTable]:
    """Publish the annual report's Table 1 and the changes in it; the source has printed its rates, so they are open."""
    if config.files.published_table is None:
        return []
    printed = published_rates(config, imported.participants)
    return [
        publish_open(printed, structures.PRINTED_RATES, policy, output="printed_rates"),
        publish_open(change_table(printed), structures.PRINTED_CHANGES, policy, output="printed_changes"),
    ]


def publish_open(frame: pd.DataFrame, structure: Structure, policy: Policy, *, output: str) -> PublishedTable:
    """Publish the declared columns of a frame, and no other."""
    chosen = [name for name in (*structure.needs, *structure.printed, "origin") if name in frame]
    return publish.table(frame[list(dict.fromkeys(chosen))], policy, structure, output=output)
