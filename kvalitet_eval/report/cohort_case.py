"""One cohort's case: its members, who of the list is not among them, its development and its effects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Intake, load_config
from kvalitet_eval.prepare.participants import DISTRICT, PARTICIPANT, SECOND_INTAKE, UNRESOLVED
from kvalitet_eval.prepare.periods import add
from kvalitet_eval.present.alphabet import norwegian_order, order_in
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.report.absent import Absent, either_size, unresolved_names
from kvalitet_eval.report.evaluation import ensure_evaluation
from kvalitet_eval.report.imported import ensure_imported
from kvalitet_eval.report.intake_case import IntakeCase
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.published_rates import EVERYBODY_ELSE
from kvalitet_eval.report.subject import Subject


@dataclass(frozen=True)
class CohortCase(IntakeCase):
    """Everything a cohort's report is made of; its results are those of :class:`IntakeCase`."""

    intake: Intake

    @property
    def subject(self) -> Subject:
        """Who the report is about."""
        return Subject("cohort", self.intake.id, self.intake.name)

    @property
    def year_before(self) -> str:
        """Last quarter of the year before the start."""
        return add(self.intake.first_treated_quarter, -1)

    def sizes(self, language: str = "nb") -> str:
        """Return how many municipalities the sources say that the cohort has: "46, 49 eller 44"."""
        return either_size(self.intake.published_sizes, language)

    @property
    def has_effect(self) -> bool:
        """Whether an average effect could be estimated."""
        return bool(self.effect().to_frame()["estimate"].notna().any())

    @property
    def is_partly_known(self) -> bool:
        """Whether the sources name another number of municipalities than the effects rest on."""
        return set(self.intake.published_sizes) != {len(self.members)}

    @cached_property
    def members(self) -> pd.DataFrame:
        """Members that the effects rest on: name, municipality_number, county, population; in Norwegian order."""
        account = self.evaluation.account
        units = account.loc[(account["role"] == "treated") & (account["cohort"] == self.intake.id), "unit"]
        table = self.imported.membership
        columns = ["name", "municipality_number", "county", "population"]
        found = table.loc[table["municipality_number"].isin(units), columns]
        return found.sort_values("name", key=lambda names: names.map(norwegian_order), ignore_index=True)

    def absent(self, language: str = "nb") -> list[Absent]:
        """List the names on the participants' list that the effects do not rest on, each with its reason."""
        entries = self.imported.participants.entries
        unproven = entries["label"].isin(self.intake.unproven_labels)
        mine = entries[(entries["intake"] == self.intake.id) | unproven]
        no_municipality = mine[mine["entry_status"].isin([UNRESOLVED, DISTRICT])]
        found = [*self._left_out(mine, language), *unresolved_names(no_municipality, self._names, language)]
        order = order_in(language)
        return sorted(found, key=lambda item: order(item.name))

    def members_listed(self, language: str = "nb") -> PublishedTable:
        """Return the members with county and size, in the reader's order: names and sizes are public."""
        order = order_in(language)
        rows = self.members.sort_values("name", key=lambda names: names.map(order), ignore_index=True)
        return OpenTables.of(self.config)("members", rows)

    def absent_listed(self, language: str = "nb") -> PublishedTable | None:
        """Return the names that the effects do not rest on, with the reason; None when there is none."""
        rows = pd.DataFrame([(item.name, item.reason) for item in self.absent(language)], columns=["name", "reason"])
        if rows.empty:
            return None
        return OpenTables.of(self.config)("absent", rows)

    def development(self) -> PublishedTable:
        """Return the members' four-quarter rate, sum over sum: window_end, rate_pct, complete."""
        return self.rates_of(self.intake.id)

    def comparison_development(self) -> PublishedTable:
        """Return the rate of those outside the programme, with the limits that the middle 80 per cent lie within.

        Later cohorts, which effects are compared with until they start, are not among them: their number changes.
        """
        return self.rates_of_others(EVERYBODY_ELSE)

    def leave_one_out(self) -> PublishedTable | None:
        """Return whether the cohort's answer hangs on one member, named; None for fewer than three members."""
        checks = self.evaluation.published.get(f"checks/{self.outcome.id}/{self.intake.id}")
        return None if checks is None else checks.select(check="leave_one_out")

    def co_interventions(self) -> list[tuple[str, str, dt.date]]:
        """List other measures among the members: name of the municipality, name of the measure, when it began."""
        members = set(self.members["municipality_number"])
        there = (item for item in self.config.co_interventions if item.municipality in members)
        return [(self._names[item.municipality], item.name, item.start) for item in there]

    @cached_property
    def _names(self) -> dict[str, str]:
        table = self.imported.membership
        return dict(zip(table["municipality_number"], table["name"], strict=True))

    def _left_out(self, entries: pd.DataFrame, language: str) -> Iterator[Absent]:
        """Explain municipalities that were listed under this cohort and are not among its members."""
        account = self.evaluation.account.set_index("unit")
        intakes = {intake.id: intake.name for intake in self.config.intakes}
        others = entries[~entries["entry_status"].isin([UNRESOLVED, DISTRICT])]
        for entry in others[~others["border_number"].isin(self.members["municipality_number"])].itertuples():
            part = account.loc[entry.border_number]
            known = {"name": self._names[entry.border_number], "number": entry.border_number}
            if entry.entry_status == SECOND_INTAKE and part["cohort"] in intakes:
                reason = text("cohort.absent.second", language, intake=intakes[part["cohort"]])
            elif entry.entry_status == PARTICIPANT:
                reason = text("cohort.absent.reason", language, reason=text(f"reason.{part['reason']}", language))
            else:
                reason = text("cohort.absent.unproven", language)
            yield Absent(text("report.municipality", language, **known), reason)


def load_cohort_case(programme: str | Path, cohort: str, outcome: str | None = None) -> CohortCase:
    """Load a cohort's case from the stored import and evaluation, which are made when they are missing.

    Parameters
    ----------
    programme : str or Path
        Programme file.
    cohort : str
        Id of the intake in the programme file.
    outcome : str, optional
        Outcome; the programme's first one by default.

    Raises
    ------
    ConfigError
        KON-05: no such intake.
    """
    config = load_config(programme)
    intake = config.intake(cohort)
    imported = ensure_imported(config)
    return CohortCase(
        config=config,
        imported=imported,
        evaluation=ensure_evaluation(config, imported),
        outcome=config.outcome(outcome) if outcome else config.outcomes[0],
        intake=intake,
    )
