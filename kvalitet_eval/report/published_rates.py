"""The rates that may be shown: of participants and cohorts, of those they are compared with, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config, OutcomeSettings
from kvalitet_eval.publish import Memory, Policy, PublishedTable
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.own_figures import (
    OUTSIDE,
    expected_changes,
    group_rows,
    partition,
    percentiles_of,
    quarters_of,
    size_groups,
    window_parts,
    windows_of,
)

EVERYBODY_ELSE = "outside"
PARTICIPANTS = ("treated", "start_unknown")
Groups = Mapping[str, tuple[str, ...]]


def cohort_members(account: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the municipalities of each cohort that its effects rest on, from ``Design.account``."""
    treated = account[account["role"] == "treated"]
    return {str(name): tuple(rows["unit"]) for name, rows in treated.groupby("cohort")}


def publish_rates(
    config: Config,
    imported: Imported,
    outcome: OutcomeSettings,
    account: pd.DataFrame,
    policy: Policy,
    *,
    memory: Memory,
) -> dict[str, PublishedTable]:
    """Publish the development of participants and cohorts, of the others, and the change expected of each participant.

    A cohort is a total of its members, and the groups of the others overlap; each is decided together with its parts.

    Parameters
    ----------
    account : pandas.DataFrame
        ``Design.account``: who belongs to which cohort.
    memory : Memory
        What has been published before; is told about these tables.

    Returns
    -------
    dict of str to PublishedTable
        ``own/<outcome>``, ``others/<outcome>`` and ``expected/<outcome>``; the last two only when there is anybody to
        compare with.
    """
    own = publish_own(config, imported, outcome, account, policy, memory=memory)
    found = {own.stamp.output: own}
    outside = _rows_of(imported, OUTSIDE)
    if outside.empty:
        return found
    sizes = size_groups(imported.membership, config)
    never = sizes[sizes.index.isin(outside["municipality_number"])]
    groups = {name: tuple(never.index[never == name]) for name in sorted(set(never))}
    groups[EVERYBODY_ELSE] = tuple(never.index)
    single = windows_of(outside.assign(unit=outside["municipality_number"]), outcome)
    others = _publish_others(outside, single, groups, outcome, policy, family=_family(config, outcome), memory=memory)
    found[others.stamp.output] = others
    expected = expected_changes(config, imported, own, single)
    if len(expected):
        output = f"expected/{outcome.id}"
        found[output] = publish.table(expected, policy, structures.EXPECTED_CHANGE, output=output, memory=memory)
    return found


def publish_own(
    config: Config,
    imported: Imported,
    outcome: OutcomeSettings,
    account: pd.DataFrame,
    policy: Policy,
    *,
    memory: Memory,
) -> PublishedTable:
    """Publish the four-quarter rates of every participant and every cohort; arguments as for :func:`publish_rates`."""
    rows, cohorts = _rows_of(imported, PARTICIPANTS), cohort_members(account)
    rows = rows.assign(unit=rows["municipality_number"])
    known = set(rows["unit"])
    cohorts = {name: tuple(number for number in members if number in known) for name, members in cohorts.items()}
    cohorts = {name: members for name, members in cohorts.items() if members}
    whole = pd.concat([rows, group_rows(rows, cohorts)]) if cohorts else rows
    windows = windows_of(whole, outcome)
    windows = windows[windows["has_all"] | ~windows["unit"].isin(list(cohorts))]
    family = _family(config, outcome)
    structure = structures.rate_structure(window_parts(windows["window"]), cohorts, family=family)
    behind = quarters_of(rows, outcome)
    return _publish(windows, behind, structure, policy, output=f"own/{outcome.id}", memory=memory)


def _publish_others(
    rows: pd.DataFrame,
    single: pd.DataFrame,
    groups: Groups,
    outcome: OutcomeSettings,
    policy: Policy,
    *,
    family: str,
    memory: Memory,
) -> PublishedTable:
    part_of, parts = partition(groups)
    windows = windows_of(group_rows(rows, groups), outcome)
    windows = windows[windows["has_all"]]
    limits = percentiles_of(single, groups, policy.minimum)
    windows = windows.merge(limits, on=["unit", "window"], how="left")
    status = windows["complete"].map({True: "", False: "not_applicable"})
    windows = windows.assign(low_pct_status=status, high_pct_status=status)
    behind = quarters_of(rows.assign(unit=rows["municipality_number"].map(part_of)), outcome)
    behind = behind[~behind["unit"].isin(list(groups))]
    nothing = dict.fromkeys(("low_pct", "high_pct", "n_municipalities"), float("nan"))
    structure = structures.rate_structure(window_parts(windows["window"]), parts, family=family, bands=True)
    return _publish(windows, behind.assign(**nothing), structure, policy, output=f"others/{outcome.id}", memory=memory)


def _publish(
    windows: pd.DataFrame,
    behind: pd.DataFrame,
    structure: publish.Structure,
    policy: Policy,
    *,
    output: str,
    memory: Memory,
) -> PublishedTable:
    shown = [*structure.needs, "origin", *(name for name in windows if name.endswith("_status"))]
    needed = [*structure.keys, *dict.fromkeys(name for measure in structure.measures for name in measure.needs)]
    return publish.table(windows[shown], policy, structure, output=output, behind=behind[needed], memory=memory)


def _rows_of(imported: Imported, statuses: tuple[str, ...]) -> pd.DataFrame:
    status = imported.membership.set_index("municipality_number")["status"]
    return imported.rows[imported.rows["municipality_number"].map(status).isin(statuses)]


def _family(config: Config, outcome: OutcomeSettings) -> str:
    return f"{config.panel.source}/{outcome.id}"
