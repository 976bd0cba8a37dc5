"""The bracket: one question asked in seven ways, because no single one is safe against regression to the mean.

Four ways compare municipalities with their own past: with the last period before the start, with earlier ones, with
all of them, and with all but the last year. When the municipalities were chosen in an unusual year, those that lean on
it take the return to normal for an effect. Three ways compare with others of the same past: adjusted for lagged
outcomes, a weighted average with a parallel course, and the pool on the same level. When the municipalities were
chosen for a lasting level, these err towards the other side (Ding and Li 2019, Political Analysis 27(4); Daw and
Hatfield 2018, Health Services Research 53(6)). What all seven say, may be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import DesignError, EstimationError, Finding
from kvalitet_eval.estimate.bump import Bump, bump
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.verdict import HEADLINE, MEMBERS, Verdict, agreement, judge
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL
from kvalitet_eval.results import effect_frame

QUARTERS_LEFT_OUT, YEARS_LEFT_OUT = 4, 1
EARLY_LENGTH = {QUARTERS_LEFT_OUT: 8, YEARS_LEFT_OUT: 2}  # periods before those that are left out


@dataclass(frozen=True, slots=True, eq=False)
class Bracket:
    """The seven answers, for all cohorts together and for each.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``member`` and the columns of :data:`kvalitet_eval.results.COLUMNS`: seven rows with ``estimand`` ``overall``,
        then seven per cohort. A member that the design does not allow has a row with a missing estimate.
    bump : Bump or None
        How unusual the time just before the start was; None when the panel begins too late.
    warnings : tuple of Finding
        Why members are missing.
    """

    frame: pd.DataFrame
    bump: Bump | None
    warnings: tuple[Finding, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    def rows(self, cohort: str | None = None) -> pd.DataFrame:
        """Return the seven rows of a cohort, or of all cohorts together.

        Raises
        ------
        EstimationError
            There is no such cohort.
        """
        return bracket_rows(self.frame, cohort)

    def verdict(self, *, improvement: str, cohort: str | None = None) -> Verdict:
        """Say what may be said; see :func:`kvalitet_eval.estimate.verdict.judge`."""
        return judge(self.rows(cohort), improvement=improvement)

    @property
    def check(self) -> CheckResult:
        """Passed when the answer for all cohorts together is the same in all seven ways; None when it has no side."""
        found = agreement(self.rows())
        passed = found.is_full if found.n_agreeing else None
        key = {True: "passed", False: "failed", None: "not_applicable"}[passed]
        facts = {"n_members": found.n_members, "n_agreeing": found.n_agreeing}
        return CheckResult("bracket", passed, self.to_frame(), f"check.bracket.{key}", facts)


def bracket_rows(frame: pd.DataFrame, cohort: str | None = None) -> pd.DataFrame:
    """Take the rows of a cohort, or of all cohorts together, from the frame of a bracket; errors as there."""
    wanted = frame["cohort"].isna() if cohort is None else frame["cohort"] == cohort
    if not wanted.any():
        names = ", ".join(frame["cohort"].dropna().unique())
        raise EstimationError.of("EST-10", found=cohort, allowed=names)
    return frame[wanted].reset_index(drop=True)


def bracket(design: Design, *, level: float = 0.95, seed: int = 0) -> Bracket:
    """Estimate the effect in the seven ways of the bracket.

    Parameters
    ----------
    design : Design
        Panel and comparison. ``same_level`` and ``synthetic`` need a pool that is free of the programme throughout.
    level : float
        Level of the intervals, as a share.
    seed : int
        Seed of the methods that draw.

    Raises
    ------
    EstimationError
        The headline itself cannot be estimated.

    Notes
    -----
    ``group_time_recent``: base is the last period before anticipation. ``group_time_early``: base is the mean of the
    two years before the last year. ``imputation_donut``: imputation without the last year before anticipation.
    ``lagged_outcome``, ``synthetic``: see there. ``same_level``: imputation against the pool municipalities nearest in
    level and size (:func:`kvalitet_eval.design.pools.mimic_selection`), of each cohort by itself.

    Examples
    --------
    Two municipalities start in period 5 and fall by 2 from then on; everybody else is level, with a wobble of their
    own. Every way finds -2:

    >>> import numpy as np
    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> wobble = np.random.default_rng(1).normal(0, 0.01, (24, 8))
    >>> y = np.linspace(5, 10, 24)[:, None] + wobble
    >>> y[[8, 16], 4:] -= 2.0
    >>> frame = pd.DataFrame({"unit": np.repeat(np.arange(24), 8).astype(str), "t": np.tile(np.arange(2001, 2009), 24),
    ...                       "y": y.ravel(), "g": np.repeat([2005 if i in (8, 16) else None for i in range(24)], 8)})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> found = bracket(compare(panel, "never_treated"))
    >>> found.rows()["estimate"].round(1).tolist()
    [-2.0, -2.0, -2.0, -2.0, -2.0, -2.0, -2.0]
    >>> found.verdict(improvement="decrease")
    'better'
    """
    cells = build_cells(design)
    cohorts = list(dict.fromkeys(cells.names[group] for group in cells.estimable()))
    frames, told = [], []
    for member in MEMBERS:
        rows, findings = _ask(design, member, cohorts, {"level": level, "seed": seed})
        frames.append(rows)
        told += findings
    whole = pd.concat(frames, ignore_index=True)
    order = {name: i for i, name in enumerate(cohorts)}
    place = whole["cohort"].map(order).fillna(-1)
    frame = whole.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)
    try:
        before = bump(design, level=level)
    except EstimationError as error:
        before = None
        told += error.findings
    return Bracket(frame, before, tuple(_as_warnings(told)))


def _ask(
    design: Design, member: str, cohorts: list[str], options: dict[str, float]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Rows of one member: overall, then one per cohort; missing where the design does not allow it."""
    rows, told = [], []
    try:
        answer = _answers(design, member, options)
    except EstimationError as error:
        if member == HEADLINE:
            raise
        answer, told = None, list(error.findings)
    for name in (None, *cohorts):
        try:
            row = None if answer is None else answer(name)
        except (DesignError, EstimationError) as error:
            row = None
            told += error.findings
        named = {"estimand": "overall" if name is None else "cohort", "cohort": pd.Series([name or pd.NA], dtype="str")}
        rows.append((_blank(design, options["level"]) if row is None else row).assign(**named))
    frame = pd.concat(rows, ignore_index=True)
    frame.insert(0, "member", member)
    return frame, told


def _answers(design: Design, member: str, options: dict[str, float]) -> Callable[[str | None], pd.DataFrame]:
    """From a cohort, or none for all together, to one row."""
    if member == "same_level":
        return lambda cohort: estimate(mimic_selection(design, cohort), **options).aggregate("overall").frame
    quarterly = design.panel.ordinals[-1] >= FIRST_QUARTER_ORDINAL
    left_out = QUARTERS_LEFT_OUT if quarterly else YEARS_LEFT_OUT
    last = -max(left_out, design.anticipation) - 1
    chosen = {
        "group_time_recent": {"method": "group_time", "base": 1},
        "group_time_early": {"method": "group_time", "base": (last - EARLY_LENGTH[left_out] + 1, last)},
        "imputation_donut": {"donut": left_out},
    }
    table = estimate(design, **chosen.get(member, {"method": member}), **options)
    return lambda cohort: table.aggregate("overall", cohort=cohort).frame


def _blank(design: Design, level: float) -> pd.DataFrame:
    panel = design.panel
    return effect_frame(
        {
            "comparison": design.comparison,
            "weighting": "municipality" if panel.weights is None else "employee",
            "outcome": panel.outcome_id,
            "unit": panel.unit_of_measure,
            "estimate": [np.nan],
            "conf_level": level,
            "origin": panel.origin,
        }
    )


def _as_warnings(findings: Iterable[Finding]) -> list[Finding]:
    unique = {(item.code, item.found, *item.facts.items()): item for item in findings}
    return [replace(item, severity="warning") for item in unique.values()]
