"""What every report says of an intake: its effects, the bracket, its verdict. Numbers only; the words come later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kvalitet_eval.config import Config, Intake, OutcomeSettings
from kvalitet_eval.estimate.verdict import Verdict
from kvalitet_eval.prepare.days import rolling
from kvalitet_eval.report.evaluation import Evaluation
from kvalitet_eval.report.imported import Imported

REPORTED_STATUSES = ("treated", "start_unknown")
YEAR = 4
MIDDLE = (0.1, 0.9)
FEWEST_FOR_PERCENTILES = 10


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

    @cached_property
    def windows(self) -> pd.DataFrame:
        """Four-quarter rates of every municipality: municipality_number, window_end, rate_pct, n_quarters, complete."""
        return rolling(self.imported.rows, self.outcome, ["municipality_number"], quarters=YEAR)

    def group_development(self, members: Collection[str]) -> pd.DataFrame:
        """Return the four-quarter rate of some municipalities together, sum over sum.

        Parameters
        ----------
        members : collection of str
            Numbers; at least one with figures.

        Returns
        -------
        pandas.DataFrame
            window_end, rate_pct, complete; with ten members or more also low_pct and high_pct, the limits that the
            middle 80 per cent of them lie within.
        """
        rows = self.imported.rows
        inside = rows[rows["municipality_number"].isin(members)]
        table = rolling(inside, self.outcome, [], quarters=YEAR)[["window_end", "rate_pct", "complete"]]
        if len(members) < FEWEST_FOR_PERCENTILES:
            return table
        each = self.windows[self.windows["municipality_number"].isin(members) & self.windows["complete"]]
        limits = each.groupby("window_end")["rate_pct"].quantile(list(MIDDLE)).unstack()
        limits.columns = ["low_pct", "high_pct"]
        return table.merge(limits.reset_index(), on="window_end", how="left")

    def effect(self, *, method: str = "imputation", weighting: str = "municipality") -> pd.Series | None:
        """Return the intake's average effect since its start as a row of effects; None without an intake."""
        rows = self._stored(estimand="cohort", method=method, weighting=weighting)
        return None if rows.empty else rows.iloc[0]

    def effects(self) -> pd.DataFrame:
        """Return the intake's average effects side by side: both estimands, both estimators."""
        return self._stored(estimand="cohort")

    def course(self) -> pd.DataFrame:
        """Return the intake's effects by quarters since its start, imputation, average municipality."""
        return self._stored(estimand="cell", method="imputation", weighting="municipality")

    def warnings(self) -> list[str]:
        """Return what the reader must know about the comparison, for example that participants are unknown."""
        findings = self.evaluation.findings
        return list(findings.loc[findings["code"].str.startswith("DES-"), "why"])

    def bracket(self) -> pd.DataFrame:
        """Return the intake's average effect asked in seven ways, average municipality; empty without an intake."""
        if self.intake is None:
            return self.evaluation.bracket.iloc[:0]
        return self.evaluation.bracket_rows(self.outcome.id, self.intake.id)

    def bump(self) -> pd.Series | None:
        """Return how unusual the time before the intake's start was; None when nobody can tell."""
        return None if self.intake is None else self.evaluation.bump_row(self.outcome.id, self.intake.id)

    def verdict(self) -> Verdict:
        """What may be said about the intake's average effect."""
        return "cannot_be_told" if self.intake is None else self.evaluation.verdict(self.outcome, self.intake.id)

    def _stored(self, **wanted: str) -> pd.DataFrame:
        if self.intake is None:
            return self.evaluation.effects.iloc[:0]
        return self.evaluation.select(cohort=self.intake.id, outcome=self.outcome.id, **wanted)
