"""The case of a whole programme: its intakes side by side, all of them together, and what cannot be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kvalitet_eval.config import load_config
from kvalitet_eval.estimate.verdict import Verdict, judge
from kvalitet_eval.prepare.participation import ParticipationAccount, participation_account
from kvalitet_eval.present.alphabet import norwegian_order
from kvalitet_eval.present.programme_words import IntakeFacts, selection_sentences
from kvalitet_eval.publish import PublishedTable, PublishedText
from kvalitet_eval.report.absent import Absent, either_size, unresolved_names
from kvalitet_eval.report.evaluation import ensure_evaluation
from kvalitet_eval.report.imported import ensure_imported
from kvalitet_eval.report.intake_case import IntakeCase
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.published_effects import EVERYBODY
from kvalitet_eval.report.subject import Subject


@dataclass(frozen=True)
class ProgrammeCase(IntakeCase):
    """Everything a programme's report is made of: as for one intake, about all of them together."""

    @property
    def subject(self) -> Subject:
        """Who the report is about."""
        return Subject("programme", self.config.programme.id, self.config.programme.name)

    @property
    def intake_name(self) -> str:
        """Name of the programme: all intakes together."""
        return self.config.programme.name

    @property
    def selected(self) -> tuple[int, int]:
        """How many were chosen because the outcome was high, and how many because it was low, in all intakes."""
        intakes = self.config.intakes
        return sum(intake.selected_high for intake in intakes), sum(intake.selected_low for intake in intakes)

    @property
    def names(self) -> Mapping[str, str]:
        """Name of every intake by its id, in order of time as the programme file has them."""
        return {intake.id: intake.name for intake in self.config.intakes}

    @cached_property
    def participation(self) -> ParticipationAccount:
        """How many participants were published, and how many can be named."""
        return participation_account(self.config, self.imported.register, self.imported.participants)

    @property
    def n_start_unknown(self) -> int:
        """How many took part although nobody knows when they started."""
        return self.participation.n_start_unknown

    def selections(self, language: str = "nb") -> list[PublishedText]:
        """Return what must be known of intakes that were chosen for the level of the outcome."""
        chosen = ((item.name, item.selected_high, item.selected_low) for item in self.config.intakes)
        return selection_sentences(chosen, language)

    @property
    def intakes_listed(self) -> PublishedTable:
        """Return the intakes in order of time: start, published sizes and what the list of participants has."""
        return OpenTables.of(self.config).intakes(self.participation)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the programme was: its name, years and end, when its intakes began, participants published and known."""
        own = self.config.programme
        starts = [intake.first_treated_quarter for intake in self.config.intakes]
        return {"programme": own.name, "years": own.years, "starts": starts, "ended": own.ended, **self.participants}

    @property
    def last_quarter(self) -> str:
        """The programme's last quarter."""
        ended = self.config.programme.ended
        return f"{ended.year}Q{(ended.month + 2) // 3}"

    @property
    def measures_began(self) -> Mapping[str, str]:
        """The quarter in which most measures of an intake had begun, by the intake's name, where it is known."""
        return {item.name: item.measures_began for item in self.config.intakes if item.measures_began is not None}

    def effect(self, *, method: str = "imputation", weighting: str = "municipality") -> PublishedTable:
        """Return the average effect on all participants since their start, one row of effects."""
        return self._all("effects", estimand="overall", method=method, weighting=weighting)

    def effects(self) -> PublishedTable:
        """Return the average effects on all participants side by side: both estimands, all estimators."""
        return self._all("effects", estimand="overall")

    def course(self) -> PublishedTable:
        """Return the effects by quarters since the start, all intakes together, average municipality."""
        return self._all("effects", estimand="event_time", method="imputation", weighting="municipality")

    def effects_by_intake(self) -> PublishedTable:
        """Return each intake's average effect, imputation, average municipality, in order of time."""
        wanted = {"estimand": "cohort", "method": "imputation", "weighting": "municipality"}
        return self.evaluation.published[f"effects/{self.outcome.id}"].select(**wanted)

    def all_effects_by_intake(self) -> PublishedTable:
        """Return each intake's average effects: both estimands, both estimators."""
        return self.evaluation.published[f"effects/{self.outcome.id}"].select(estimand="cohort")

    def bracket(self) -> PublishedTable:
        """Return the average effect on all participants asked in seven ways, average municipality."""
        return self._all("bracket", weighting="municipality")

    def bump(self) -> PublishedTable:
        """Return how unusual the time before the start was in all intakes together; maybe no row."""
        return self._all("bump", weighting="municipality")

    def verdicts(self) -> dict[str, Verdict]:
        """Say what may be said about each intake: what its bracket says."""
        rows = self.evaluation.published[f"bracket/{self.outcome.id}"].select(weighting="municipality").to_frame()
        found = {name: rows[rows["cohort"] == name].reset_index(drop=True) for name in self.names}
        improvement = self.outcome.improvement
        return {
            name: judge(asked, improvement=improvement) if len(asked) else "cannot_be_told"
            for name, asked in found.items()
        }

    def leave_one_out(self) -> dict[str, PublishedTable]:
        """Return for each intake with enough members, by name, whether its answer hangs on one of them."""
        published, outcome = self.evaluation.published, self.outcome.id
        found = {name: published.get(f"checks/{outcome}/{id}") for id, name in self.names.items()}
        return {name: checks.select(check="leave_one_out") for name, checks in found.items() if checks is not None}

    def directions(self) -> PublishedTable | None:
        """Return how many municipalities of that table went down, went up or cannot be told."""
        return self.evaluation.published.get("directions")

    def contrast(self) -> PublishedTable | None:
        """Return how those of that table that were lowest changed, and the others; None when nobody was chosen so."""
        return self.evaluation.published.get("contrast")

    def intakes(self, language: str = "nb") -> Mapping[str, IntakeFacts]:
        """Return what is said of each intake beside its effect, by id, in order of time."""
        account, verdicts = self.evaluation.account, self.verdicts()
        counted = account.loc[account["role"] == "treated", "cohort"].value_counts()
        return {
            item.id: IntakeFacts(
                name=item.name,
                sizes=either_size(item.published_sizes, language),
                n_members=int(counted.get(item.id, 0)),
                is_whole=set(item.published_sizes) == {int(counted.get(item.id, 0))},
                verdict=verdicts[item.id],
            )
            for item in self.config.intakes
        }

    def without_municipality(self, language: str = "nb") -> list[Absent]:
        """List the names on the participants' list that stand for no municipality, each with its reason."""
        table = self.imported.membership
        names = dict(zip(table["municipality_number"], table["name"], strict=True))
        entries = pd.concat([self.participation.unresolved, self.participation.districts])
        return sorted(unresolved_names(entries, names, language), key=lambda item: norwegian_order(item.name))

    def without_municipality_listed(self, language: str = "nb") -> PublishedTable:
        """Return those names as a table; maybe no row."""
        rows = [(item.name, item.reason) for item in self.without_municipality(language)]
        return OpenTables.of(self.config)("absent", pd.DataFrame(rows, columns=["name", "reason"], dtype="str"))

    def co_interventions(self) -> list[tuple[str, str, dt.date]]:
        """List other measures among the municipalities: name, name of the measure, when it began."""
        table = self.imported.membership
        names = dict(zip(table["municipality_number"], table["name"], strict=True))
        return [(names[item.municipality], item.name, item.start) for item in self.config.co_interventions]

    def _all(self, name: str, **wanted: str) -> PublishedTable:
        return self.evaluation.published[f"{name}/{self.outcome.id}"].select(cohort=EVERYBODY, **wanted)


def load_programme_case(programme: str | Path, outcome: str | None = None) -> ProgrammeCase:
    """Load a programme's case from the stored import and evaluation, which are made when they are missing.

    Parameters
    ----------
    programme : str or Path
        Programme file.
    outcome : str, optional
        Outcome; the programme's first one by default.
    """
    config = load_config(programme)
    imported = ensure_imported(config)
    return ProgrammeCase(
        config=config,
        imported=imported,
        evaluation=ensure_evaluation(config, imported),
        outcome=config.outcome(outcome) if outcome else config.outcomes[0],
        intake=None,
    )
