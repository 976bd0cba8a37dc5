"""Publish what a notebook works out of a design of its own: effects, paths and checks, under the programme's policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.design.paths import mean_paths
from kvalitet_eval.estimate.bracket import Bracket
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.publish import Memory, Policy, PublishedTable
from kvalitet_eval.report import structures
from kvalitet_eval.report.imported import Imported
from kvalitet_eval.report.open_tables import OpenTables, policy_of
from kvalitet_eval.report.published_effects import (
    GROUPS,
    NOBODY,
    Behind,
    publish_checks,
    publish_effects,
    publish_left_out,
    residual_df,
)
from kvalitet_eval.report.published_rates import publish_own
from kvalitet_eval.report.publishing import memory_file


@dataclass(frozen=True, slots=True)
class DesignTables:
    """Tables of one design and one of its cohorts, as far as they may be shown.

    Parameters
    ----------
    policy, behind, memory
        The limits, whom averages rest on, and what has been published before.
    design : Design
        Panel and comparison.
    cohort : str
        One of its cohorts.
    """

    policy: Policy
    behind: Behind
    memory: Memory
    design: Design
    cohort: str

    @classmethod
    def of(cls, config: Config, imported: Imported, design: Design, cohort: str) -> DesignTables:
        """Find out whose rates are withheld; nothing is remembered of what a notebook shows.

        Raises
        ------
        ConfigError, ReportError
            The policy or the memory of earlier publications cannot be read.
        """
        policy, memory = policy_of(config), Memory.load(memory_file(config, imported))
        outcome = config.outcome(design.panel.outcome_id)
        own = publish_own(config, imported, outcome, design.account, policy, memory=memory)
        return cls(policy, Behind.of(config, imported, design.account, own), memory, design, cohort)

    def account(self) -> PublishedTable:
        """Count the municipalities by their part in the comparison and the reason for it."""
        return OpenTables(self.policy).account(self.design.account)

    def path(self, name: str) -> PublishedTable:
        """Publish the mean path of the ``cohort`` or of its ``comparison``, quarter by quarter."""
        paths = mean_paths(self.design, self.cohort)
        counted = self.behind.counted
        pool = [unit for unit, is_in in zip(self.design.panel.units, self.design.pool, strict=True) if is_in]
        persons = {
            "cohort": self.behind.persons[self.cohort],
            "comparison": sum(counted.get(unit, 0.0) for unit in pool),
        }
        frame = pd.DataFrame(
            {
                "window_end": paths["period"],
                "rate_pct": paths[name],
                "sum_pct": paths[name] * paths[f"n_{name}"],
                "n_municipalities": paths[f"n_{name}"].astype(float),
                "persons": persons[name],
                "origin": paths["origin"],
            }
        )
        return publish.table(frame.dropna(), self.policy, structures.PATH, output=f"path/{name}")

    def effects(self, rows: pd.DataFrame) -> PublishedTable:
        """Publish effects of the cohort, in the vocabulary of ``results.COLUMNS``; at least one row."""
        return self._effects(rows, structures.EFFECT_KEYS, "effects")

    def bracket(self, rows: pd.DataFrame) -> PublishedTable:
        """Publish the rows of the cohort's bracket."""
        return self._effects(rows, structures.BRACKET_KEYS, "bracket")

    def bump(self, bracket: Bracket) -> PublishedTable:
        """Publish how unusual the time before the cohort's start was; no row when it could not be measured."""
        if bracket.bump is None:
            return self.bracket(bracket.rows(self.cohort)).select(member=NOBODY)
        rows = bracket.bump.to_frame()
        return self._effects(rows[rows["cohort"] == self.cohort], structures.BUMP_KEYS, "bump")

    def checks(self, checks: Iterable[CheckResult]) -> PublishedTable:
        """Publish what robustness checks found."""
        origin = self.design.panel.origin
        return publish_checks(checks, self.policy, **self._behind(), origin=origin, output="checks")

    def left_out(self, check: CheckResult) -> PublishedTable:
        """Publish the effects without each member, or without each group."""
        persons = self.behind.without_one(self.cohort)
        about = {"persons": persons, "origin": self.design.panel.origin}
        return publish_left_out(check, self.policy, **about, output=check.name)

    def honest(self, frame: pd.DataFrame) -> PublishedTable:
        """Publish honest intervals by how far the development may depart from parallel."""
        rows = [str(number) for number in range(len(frame))]
        shown = frame.assign(row=rows, **self._behind(), origin=self.design.panel.origin)
        return self._declared(shown, structures.HONEST, "honest")

    def pools(self, pools: pd.DataFrame) -> PublishedTable:
        """Publish the effect against each comparison pool, and how alike each pool was before the start."""
        persons = self.behind.persons[self.cohort]
        shown = pools.assign(residual_df=residual_df(pools), persons=persons, origin=self.design.panel.origin)
        return self._declared(shown, structures.POOLS, "pools")

    def _behind(self) -> dict[str, float]:
        n_treated = int(np.sum([name == self.cohort for name in self.design.panel.cohort]))
        n_cases = float(n_treated + np.sum(self.design.pool))
        return {"residual_df": n_cases - GROUPS, "persons": self.behind.persons[self.cohort]}

    def _effects(self, rows: pd.DataFrame, keys: tuple[str, ...], output: str) -> PublishedTable:
        about = {"output": output, "memory": self.memory}
        (found,) = publish_effects(rows.fillna({"cohort": self.cohort}), keys, self.policy, self.behind, **about)
        return found

    def _declared(self, shown: pd.DataFrame, structure: publish.Structure, output: str) -> PublishedTable:
        return publish.table(shown[[*structure.needs, "origin"]], self.policy, structure, output=output)
