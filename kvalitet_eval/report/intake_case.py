"""What every report says of an intake: its effects, the bracket, its verdict, as published; the words come later."""

from __future__ import annotations

from dataclasses import dataclass

from kvalitet_eval import publish
from kvalitet_eval.config import Config, Intake, OutcomeSettings
from kvalitet_eval.estimate.verdict import Verdict, judge
from kvalitet_eval.present.messages import why_and_mend
from kvalitet_eval.present.numbers import quarter_ordinal
from kvalitet_eval.publish import PublishedTable, PublishedText
from kvalitet_eval.report.evaluation import Evaluation
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.stored_findings import findings_in

REPORTED_STATUSES = ("treated", "start_unknown")
NO_INTAKE = ""


@dataclass(frozen=True)
class IntakeCase:
    """An intake's results, for a report about it or about one of its municipalities.

    Parameters
    ----------
    config, imported, evaluation
        The programme, its panel and its stored effects.
    outcome : OutcomeSettings
        The outcome the report is about.
    intake : Intake or None
        None when nobody knows when the municipality started.
    """

    config: Config
    imported: Imported
    evaluation: Evaluation
    outcome: OutcomeSettings
    intake: Intake | None

    @property
    def intake_name(self) -> str | None:
        """Name of the intake as readers know it; None when the start is not known."""
        return None if self.intake is None else self.intake.name

    @property
    def quarters_followed(self) -> int | None:
        """For how many quarters since its start the effects follow the intake; None when the start is not known."""
        if self.intake is None:
            return None
        return quarter_ordinal(self.config.window.last) - quarter_ordinal(self.intake.first_treated_quarter) + 1

    @property
    def selected(self) -> tuple[int, int]:
        """How many of the intake were chosen because the outcome was high, and how many because it was low."""
        return (0, 0) if self.intake is None else (self.intake.selected_high, self.intake.selected_low)

    @property
    def participants(self) -> dict[str, int]:
        """How many participants the programme has ``published``, and how many of them are ``known``."""
        known = int(self.imported.membership["status"].isin(REPORTED_STATUSES).sum())
        return {"published": self.config.programme.published_participants, "known": known}

    @property
    def origin(self) -> str:
        """``syntetisk`` or ``observed``."""
        return str(self.imported.record["origin"])

    @property
    def peers_are_confirmed(self) -> bool:
        """Whether it is confirmed that those outside the programme never took part."""
        return self.config.never_treated_confirmation is not None

    @property
    def account(self) -> PublishedTable:
        """How many municipalities have each part in the comparison, and why."""
        return self.evaluation.published["account"]

    def effect(self, *, method: str = "imputation", weighting: str = "municipality") -> PublishedTable:
        """Return the intake's average effect since its start, one row of effects; no row without an intake."""
        return self._published("effects", estimand="cohort", method=method, weighting=weighting)

    def effects(self) -> PublishedTable:
        """Return the intake's average effects side by side: both estimands, both estimators."""
        return self._published("effects", estimand="cohort")

    def course(self) -> PublishedTable:
        """Return the intake's effects by quarters since its start, imputation, average municipality."""
        return self._published("effects", estimand="cell", method="imputation", weighting="municipality")

    def warnings(self, language: str = "nb") -> list[PublishedText]:
        """Return what the reader must know about the comparison, for example that participants are unknown.

        Their numbers count municipalities.
        """
        told = [item for item in findings_in(self.evaluation.findings) if item.code.startswith("DES-")]
        said = [why_and_mend(item, language)[0] for item in told]
        return [publish.text(why, facts=[why]) for why in said]

    def bracket(self) -> PublishedTable:
        """Return the intake's average effect asked in seven ways, average municipality; empty without an intake."""
        return self._published("bracket", weighting="municipality")

    def bump(self) -> PublishedTable:
        """Return how unusual the time before the intake's start was, one row; none when nobody can tell."""
        return self._published("bump", weighting="municipality")

    def verdict(self) -> Verdict:
        """What may be said about the intake's average effect: what the bracket that is shown says."""
        rows = self.bracket().to_frame()
        return judge(rows, improvement=self.outcome.improvement) if len(rows) else "cannot_be_told"

    def rates_of(self, unit: str) -> PublishedTable:
        """Return the four-quarter rates of a participant or a cohort: window_end, complete, rate_pct; maybe no row."""
        return self.evaluation.published[f"own/{self.outcome.id}"].select(unit=unit)

    def rates_of_others(self, group: str) -> PublishedTable:
        """Return the four-quarter rates of a group that took no part, with the limits of the middle 80 per cent.

        No rows when nobody outside the programme has figures.
        """
        others = self.evaluation.published.get(f"others/{self.outcome.id}")
        return self.rates_of(NO_INTAKE) if others is None else others.select(unit=group)

    def _published(self, name: str, **wanted: str) -> PublishedTable:
        """Return the intake's rows of a table, or no row of the effects when there is no such table."""
        published, outcome = self.evaluation.published, self.outcome.id
        found = published.get(f"{name}/{outcome}")
        if found is None or self.intake is None:
            return published[f"effects/{outcome}"].select(cohort=NO_INTAKE)
        return found.select(cohort=self.intake.id, **wanted)
