"""One municipality's case: its own figures, its peers, its intake's effects, as published; the words come later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.report.evaluation import ensure_evaluation
from kvalitet_eval.report.imported import Imported, ensure_imported
from kvalitet_eval.report.intake_case import NO_INTAKE, REPORTED_STATUSES, IntakeCase
from kvalitet_eval.report.own_figures import size_groups
from kvalitet_eval.report.subject import Subject


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

    @property
    def size_group(self) -> str:
        """Name of the municipality's size group."""
        return str(size_groups(self.imported.membership, self.config)[self.number])

    def own_development(self) -> PublishedTable:
        """Return the municipality's four-quarter rates: window_end, rate_pct, complete."""
        return self.rates_of(self.number)

    def peer_development(self) -> PublishedTable:
        """Return the rate of those of the same size that took no part, sum over sum, with the middle 80 per cent."""
        return self.rates_of_others(self.size_group)

    def before_after(self) -> PublishedTable:
        """Return the own change beside the one expected of its level; no row without start, figures or enough peers."""
        expected = self.evaluation.published.get(f"expected/{self.outcome.id}")
        return self.rates_of(NO_INTAKE) if expected is None else expected.select(municipality_number=self.number)

    def printed_rates(self) -> PublishedTable | None:
        """Return the municipality's row of the programme's published table; no row or None when it has none."""
        return self._printed("printed_rates")

    def printed_changes(self) -> PublishedTable | None:
        """Return the municipality's changes in the programme's published table; no row or None when it has none."""
        return self._printed("printed_changes")

    def _printed(self, name: str) -> PublishedTable | None:
        table = self.evaluation.published.get(name)
        return None if table is None else table.select(municipality_number=self.number)


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
