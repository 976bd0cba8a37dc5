"""One municipality's case: its own figures, its peers, its intake's effects. Numbers only; the words come later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config, Intake, OutcomeSettings, load_config
from kvalitet_eval.design.comparison import size_group
from kvalitet_eval.errors import EstimationError, UsageError
from kvalitet_eval.estimate.regression_to_mean import ExpectedChange, expect_change
from kvalitet_eval.estimate.verdict import Verdict
from kvalitet_eval.monitor.table_1 import change_table, published_rates
from kvalitet_eval.prepare.days import rolling
from kvalitet_eval.prepare.periods import add
from kvalitet_eval.report.evaluation import Evaluation, ensure_evaluation
from kvalitet_eval.report.imported import Imported, ensure_imported

REPORTED_STATUSES = ("treated", "start_unknown")
YEAR = 4
MIDDLE = (0.1, 0.9)
FEWEST_FOR_PERCENTILES = 10


@dataclass(frozen=True, slots=True)
class Periods:
    """First and last quarter of the year before the start and of the year it is compared with."""

    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True)
class Case:
    """Everything a municipality's report is made of.

    Parameters
    ----------
    config, imported, evaluation
        The programme, its panel and its stored effects.
    outcome : OutcomeSettings
        The outcome the report is about.
    number, name, county, status : str
        The municipality in the programme's borders.
    population : int
        Inhabitants.
    intake : Intake or None
        Its intake; None when the start is not known.
    """

    config: Config
    imported: Imported
    evaluation: Evaluation
    outcome: OutcomeSettings
    number: str
    name: str
    county: str
    status: str
    population: int
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

    @cached_property
    def peers(self) -> tuple[str, ...]:
        """Municipalities of the same size group that do not take part, as far as is known."""
        table = self.imported.membership
        groups = size_group(table["population"].to_numpy(), self.config.comparison.size_groups)
        own = size_group(np.array([self.population]), self.config.comparison.size_groups)[0]
        outside = table["status"].isin(["never_treated", "unknown"]) & (groups == own)
        return tuple(table.loc[outside, "municipality_number"])

    @property
    def peers_are_confirmed(self) -> bool:
        """Whether it is confirmed that the peers never took part."""
        return self.config.never_treated_confirmation is not None

    def own_development(self) -> pd.DataFrame:
        """Return the municipality's four-quarter rates: window_end, rate_pct, complete."""
        own = self.windows[self.windows["municipality_number"] == self.number]
        return own[["window_end", "rate_pct", "complete"]].reset_index(drop=True)

    def peer_development(self) -> pd.DataFrame:
        """Return the peers' rate, sum over sum, with the limits that the middle 80 per cent of them lie within."""
        rows = self.imported.rows
        inside = rows[rows["municipality_number"].isin(self.peers)]
        table = rolling(inside, self.outcome, [], quarters=YEAR)[["window_end", "rate_pct", "complete"]]
        each = self.windows[self.windows["municipality_number"].isin(self.peers) & self.windows["complete"]]
        if len(self.peers) < FEWEST_FOR_PERCENTILES:
            return table
        limits = each.groupby("window_end")["rate_pct"].quantile(list(MIDDLE)).unstack()
        limits.columns = ["low_pct", "high_pct"]
        return table.merge(limits.reset_index(), on="window_end", how="left")

    def periods(self) -> Periods | None:
        """Return the year before the start and the second year after it (the first when the panel ends earlier)."""
        if self.intake is None:
            return None
        start, last = self.intake.first_treated_quarter, str(self.imported.record["last_quarter"])
        shift = YEAR if add(start, 2 * YEAR - 1) <= last else 0
        return Periods((add(start, -YEAR), add(start, -1)), (add(start, shift), add(start, shift + YEAR - 1)))

    def before_after(self) -> ExpectedChange | None:
        """Set the own change beside the change expected of its level; None without a start, figures or enough peers."""
        periods = self.periods()
        if periods is None:
            return None
        whole = self.windows[self.windows["complete"]]
        wide = whole.pivot(index="municipality_number", columns="window_end", values="rate_pct")
        ends = [periods.before[1], periods.after[1]]
        wide = wide.reindex(columns=ends)
        if self.number not in wide.index or wide.loc[self.number].isna().any():
            return None
        before, after = (float(wide.loc[self.number, end]) for end in ends)
        peers = wide[wide.index.isin(self.peers)]
        try:
            return expect_change(before, after, peers[ends[0]].to_numpy(), peers[ends[1]].to_numpy())
        except EstimationError:
            return None

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

    def published(self) -> pd.DataFrame:
        """Return the municipality's rows of the programme's published table (empty when it has none)."""
        table = self._published_rates
        return self._own(table if table.empty else change_table(table))

    def published_level(self) -> pd.DataFrame:
        """Return the published rates themselves, one row per window; empty when there are none."""
        return self._own(self._published_rates)

    @cached_property
    def _published_rates(self) -> pd.DataFrame:
        if self.config.files.published_table is None:
            return pd.DataFrame({"municipality_number": []})
        return published_rates(self.config, self.imported.participants)

    def _own(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["municipality_number"] == self.number].reset_index(drop=True)

    def _stored(self, **wanted: str) -> pd.DataFrame:
        if self.intake is None:
            return self.evaluation.effects.iloc[:0]
        return self.evaluation.select(cohort=self.intake.id, outcome=self.outcome.id, **wanted)


def load_case(programme: str | Path, municipality: str, outcome: str | None = None) -> Case:
    """Load a municipality's case from the stored import and evaluation, which are made when they are missing.

    Parameters
    ----------
    programme : str or Path
        Programme file.
    municipality : str
        Number in the programme's borders, four digits.
    outcome : str, optional
        Outcome; the programme's first one by default.

    Raises
    ------
    UsageError
        No such municipality, it does not take part, or the panel has no figures for it.
    """
    config = load_config(programme)
    imported = ensure_imported(config)
    row = participant(imported, municipality, config)
    return Case(
        config=config,
        imported=imported,
        evaluation=ensure_evaluation(config, imported),
        outcome=config.outcome(outcome) if outcome else config.outcomes[0],
        number=str(row["municipality_number"]),
        name=str(row["name"]),
        county=str(row["county"]),
        status=str(row["status"]),
        population=int(row["population"]),
        intake=config.intake(row["intake"]) if row["status"] == "treated" else None,
    )


def participant(imported: Imported, municipality: str, config: Config) -> pd.Series:
    """Return the row of a participating municipality; errors as for :func:`load_case`."""
    table, year = imported.membership, config.programme.borders
    found = table[table["municipality_number"] == municipality]
    if found.empty:
        nearest = ", ".join(imported.register.nearest(municipality, year))
        code = "BRK-10" if nearest else "BRK-16"
        where = {"column": "municipality", "found": municipality, "year": year}
        raise UsageError.of(code, **where, nearest=nearest, register=config.files.population)
    row = found.iloc[0]
    if row["status"] not in REPORTED_STATUSES:
        facts = {"name": row["name"], "year": year, "programme": config.programme.name}
        raise UsageError.of("BRK-11", column="municipality", found=municipality, **facts)
    if not (imported.rows["municipality_number"] == municipality).any():
        facts = {"name": row["name"], "panel": imported.record["source_file"]}
        raise UsageError.of("BRK-17", column="municipality", found=municipality, **facts)
    return row


def reportable(imported: Imported) -> list[str]:
    """Return the numbers of all participants with figures, in the order of the register."""
    table = imported.membership
    has_figures = table["municipality_number"].isin(imported.rows["municipality_number"])
    return list(table.loc[table["status"].isin(REPORTED_STATUSES) & has_figures, "municipality_number"])
