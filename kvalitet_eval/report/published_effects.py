"""The effects that may be shown: of enough cases in the regression, and of enough persons in what they give away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.prepare.days import FEWEST_EMPLOYEES, rates
from kvalitet_eval.prepare.periods import quarters
from kvalitet_eval.publish import Memory, Policy, PublishedTable
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.published_rates import cohort_members

EVERYBODY = "all"
NOBODY = "nobody"
GROUPS = 2
_ANSWER = {True: "passed", False: "failed", None: "information"}


@dataclass(frozen=True, slots=True)
class Behind:
    """Whom the averages of a programme rest on.

    Parameters
    ----------
    persons : mapping of str to float
        For each cohort and for :data:`EVERYBODY`: the persons that an average could give away. Where the rates of some
        members are withheld, those are the persons in the smallest of these: with the others printed, at least in other
        quarters, the average leads towards it.
    hidden : frozenset of str
        Members whose rates are withheld.
    members : mapping of str to tuple of str
        Municipalities of each cohort.
    counted : mapping of str to float
        The fewest persons that each municipality had in a quarter that estimates rest on.
    """

    persons: Mapping[str, float]
    hidden: frozenset[str]
    members: Mapping[str, tuple[str, ...]]
    counted: Mapping[str, float]

    @classmethod
    def of(cls, config: Config, imported: Imported, account: pd.DataFrame, own: PublishedTable) -> Self:
        """Count the persons, from the panel and from the rates that were published.

        Parameters
        ----------
        account : pandas.DataFrame
            ``Design.account``.
        own : PublishedTable
            ``own/<outcome>`` of ``publish_rates``.
        """
        single = rates(imported.rows, config.outcomes[0], ["municipality_number", "quarter"])
        used = single["quarter"].isin(quarters(config.window.first, config.window.last))
        single = single[used & ~(single["employees"] < FEWEST_EMPLOYEES)]  # smaller ones are in no estimate
        counted = single.groupby("municipality_number")["employees"].min()
        withheld = (own.marks()["rate_pct"] == publish.CONFIDENTIAL).to_numpy()
        members = cohort_members(account)
        hidden = frozenset(own.to_frame().loc[withheld, "unit"]) & set(counted.index)
        groups = {**members, EVERYBODY: tuple(number for found in members.values() for number in found)}
        persons = {}
        for name, numbers in groups.items():
            inside = [number for number in numbers if number in counted.index]
            unseen = [number for number in inside if number in hidden]
            persons[name] = float(counted[unseen].min() if unseen else counted[inside].sum(min_count=1))
        return cls(persons, hidden, members, counted.to_dict())

    def without_one(self, cohort: str) -> float:
        """Return the persons behind what a cohort's estimates with and without each member tell together.

        By subtraction they give every member's own: one person at the fewest, when somebody's rates are withheld.
        """
        return 1.0 if self.hidden & set(self.members[cohort]) else self.persons[cohort]


def publish_effects(
    rows: pd.DataFrame, keys: Iterable[str], policy: Policy, behind: Behind, *, output: str, memory: Memory
) -> list[PublishedTable]:
    """Publish effects: those of enough residual degrees of freedom and of enough persons; nothing for no rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        In the vocabulary of ``results.COLUMNS``; the municipalities that a row rests on give the residual degrees of
        freedom (docs/PUBLISHING.md).
    """
    if rows.empty:
        return []
    cohorts = rows["cohort"].fillna(EVERYBODY).astype("str")
    times = rows["event_time"].astype("str").where(rows["event_time"].notna(), EVERYBODY)
    frame = rows.assign(
        cohort=cohorts,
        period=rows["period"].fillna(EVERYBODY).astype("str"),
        time=times,
        method=rows["method"].fillna("none"),
        residual_df=residual_df(rows),
        persons=cohorts.map(behind.persons),
    )
    structure = structures.effect_structure(keys)
    return [publish.table(frame[[*structure.needs, "origin"]], policy, structure, output=output, memory=memory)]


def publish_left_out(check: CheckResult, policy: Policy, *, persons: float, origin: str, output: str) -> PublishedTable:
    """Publish the effects without each member, or without each group.

    Parameters
    ----------
    check : CheckResult
        From ``estimate.leave_out``.
    persons : float
        From :meth:`Behind.without_one`.
    """
    rows = check.to_frame()
    left_out = rows["left_out"].replace("", NOBODY).fillna(NOBODY)
    frame = rows.assign(left_out=left_out, residual_df=residual_df(rows), persons=persons, origin=origin)
    return publish.table(frame[[*structures.LEFT_OUT.needs, "origin"]], policy, structures.LEFT_OUT, output=output)


def publish_checks(
    checks: Iterable[CheckResult], policy: Policy, *, residual_df: float, persons: float, origin: str, output: str
) -> PublishedTable:
    """Publish what robustness checks found: their numbers one by one, with the sentence that each of them belongs in.

    Parameters
    ----------
    residual_df, persons : float
        Of the design that the checks were made of.
    """
    rows = []
    for check in checks:
        labels = {"check": check.name, "text_key": check.text_key, "answer": _ANSWER[check.passed]}
        facts = dict(check.facts) or {NOBODY: NOBODY}
        for fact, value in facts.items():
            words, number = (value, float("nan")) if isinstance(value, str) else (None, float(value))
            rows.append({**labels, "fact": fact, "words": words, "value": number})
    frame = pd.DataFrame(rows).assign(residual_df=residual_df, persons=persons, origin=origin)
    return publish.table(frame.astype({"words": "str"}), policy, structures.CHECKS, output=output)


def residual_df(rows: pd.DataFrame) -> pd.Series:
    """Residual degrees of freedom of the smallest regression that gives an effect: one difference per municipality."""
    return rows["n_treated"].astype(float) + rows["n_comparison"].astype(float) - GROUPS
