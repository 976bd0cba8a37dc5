"""One municipality's case: its own figures, its peers, its intake's effects. Numbers only; the words come later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.design.comparison import size_group
from kvalitet_eval.errors import EstimationError, UsageError
from kvalitet_eval.estimate.regression_to_mean import ExpectedChange, expect_change
from kvalitet_eval.monitor.table_1 import change_table, published_rates
from kvalitet_eval.prepare.periods import add
from kvalitet_eval.report.evaluation import ensure_evaluation
from kvalitet_eval.report.imported import Imported, ensure_imported
from kvalitet_eval.report.intake_case import REPORTED_STATUSES, YEAR, IntakeCase
from kvalitet_eval.report.subject import Subject


@dataclass(frozen=True, slots=True)
class Periods:
    """First and last quarter of the year before the start and of the year it is compared with."""

    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True)
class Case(IntakeCase):
    """Everything a municipality's report is made of; its intake's results are those of :class:`IntakeCase`.

    Parameters
    ----------
    number, name, county, status : str
        The municipality in the programme's borders.
    population : int
        Inhabitants.
    """

    number: str
    name: str
    county: str
    status: str
    population: int

    @property
    def subject(self) -> Subject:
        """Who the report is about."""
        return Subject("municipality", self.number, self.name)

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
        return self.group_development(self.peers)

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
