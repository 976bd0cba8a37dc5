"""What is to be estimated and how, apart from any data: from a design to cells, from cells to the asked rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.adjust import ADJUSTMENTS
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.covariates import Covariates
from kvalitet_eval.estimate.group_time import Base, adjust_cells, difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.lagged_outcome import compare_alike
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.two_way import regress_event_times, regress_two_way

METHODS = ("imputation", "group_time", "synthetic", "lagged_outcome", "two_way")
INFERENCES = ("cr2", "cluster", "influence", "conservative", "multiplier", "wild", "permutation")
SYNTHETIC_INFERENCES = ("cr2", "jackknife", "placebo")
BASES = ("universal", "varying")
LAGS = 8  # two years of quarters: what municipalities are chosen for is seldom one year's level alone
BASES_ALLOWED = ", ".join((*BASES, "k >= 1", "(first, last) < -anticipation"))
TWO_WAY_KINDS = ("overall", "event_time")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The choices of :func:`kvalitet_eval.estimate.effects.estimate` that the estimates depend on."""

    method: str
    base: Base
    leads: int
    covariates: tuple[str, ...]
    adjust: str
    lags: int | None
    donut: int = 0

    def cells(self, design: Design, given: Covariates | None = None) -> LinearForm:
        """Estimate one row per cohort and period (``two_way``: one row), with the covariates that were asked for."""
        adjusted = self.method == "lagged_outcome" or given is not None
        cells, at = build_cells(design, separate=adjusted), None if given is None else given.at
        if self.method == "lagged_outcome":
            return compare_alike(cells, lags=self.lags or LAGS, how=self.adjust, covariates_at=at)
        if at is not None:
            return adjust_cells(cells, base=self.base, covariates_at=at, how=self.adjust)
        if self.method == "imputation":
            return impute(cells, leads=self.leads, donut=self.donut)
        return difference_cells(cells, base=self.base) if self.method == "group_time" else regress_two_way(cells)

    def shown(self, form: LinearForm, kind: str, cohort: str | None = None) -> LinearForm:
        """Average the cells, of all cohorts or of one."""
        if self.method == "two_way":
            if kind not in TWO_WAY_KINDS or cohort is not None:
                raise EstimationError.of("EST-06", found=kind)
            return form if kind == "overall" else regress_event_times(form.cells)
        if cohort is not None:
            form = take_cohort(form, cohort)
        return form if kind == "cell" else aggregate_cells(form, kind)

    def check(self, design: Design) -> None:
        """Refuse choices that do not exist or do not belong to the method.

        Raises
        ------
        EstimationError
            ``EST-04`` with what is allowed; ``EST-32`` for a choice that the method has no use for.
        """
        for name, value, allowed in (("method", self.method, METHODS), ("adjust", self.adjust, ADJUSTMENTS)):
            if value not in allowed:
                raise EstimationError.of("EST-04", column=name, found=value, allowed=", ".join(allowed))
        if not _is_base(self.base, design.anticipation):
            raise EstimationError.of("EST-04", column="base", found=self.base, allowed=BASES_ALLOWED)
        for name, value, least in (("leads", self.leads, 0), ("lags", self.lags, 1), ("donut", self.donut, 0)):
            if value is not None and value < least:
                raise EstimationError.of("EST-04", column=name, found=value, allowed=f">= {least}")
        only = (("base", self.base, "universal", "group_time"), ("donut", self.donut, 0, "imputation"))
        for name, value, plain, method in only:
            if value != plain and self.method != method:
                raise EstimationError.of("EST-32", column=name, found=value, method=self.method, allowed=method)
        if self.covariates and self.method not in ("group_time", "lagged_outcome"):
            facts = {"method": self.method, "allowed": "group_time, lagged_outcome"}
            raise EstimationError.of("EST-32", column="covariates", found=", ".join(self.covariates), **facts)


def take_cohort(form: LinearForm, cohort: str) -> LinearForm:
    """Cells of the intake with a name."""
    groups = [g for g in form.cells.estimable() if form.cells.names[g] == cohort]
    if not groups:
        names = ", ".join(form.cells.names[g] for g in form.cells.estimable())
        raise EstimationError.of("EST-10", found=cohort, allowed=names)
    return form.take(form.rows["group"].isin(groups).to_numpy())


def _is_base(base: object, anticipation: int) -> bool:
    if isinstance(base, tuple):
        whole = len(base) == 2 and all(isinstance(e, (int, np.integer)) for e in base)
        return whole and base[0] <= base[1] < -anticipation
    return base in BASES if isinstance(base, str) else isinstance(base, (int, np.integer)) and base >= 1
