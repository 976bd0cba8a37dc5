"""Were the municipalities unusually high (or low) just before they started?

If they were chosen for that, what follows is partly regression to the mean. The bump is the gap between treated and
comparison in the year before the start less the same gap in the two years before that year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.cells import Cells, build_cells
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL
from kvalitet_eval.results import effect_frame

Window = tuple[int, int]
QUARTERLY: tuple[Window, Window] = ((-4, -1), (-12, -5))
YEARLY: tuple[Window, Window] = ((-1, -1), (-3, -2))
REPORTED = ("std_error", "statistic", "degrees_of_freedom", "p_value", "conf_low", "conf_high", "smallest_detectable")


@dataclass(frozen=True, slots=True, eq=False)
class Bump:
    """The bump overall and by intake.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of :data:`kvalitet_eval.results.COLUMNS`; the first row is ``overall``, then one per intake. Positive:
        the treated lay higher just before the start than earlier, compared with the comparison group.
    near, far : tuple of int
        The two windows in event time, both ends included.
    warnings : tuple of Finding
        Intakes whose windows are cut by the panel, or that have no answer.
    """

    frame: pd.DataFrame
    near: Window
    far: Window
    warnings: tuple[Finding, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    @property
    def check(self) -> CheckResult:
        """Passed when the interval of all intakes together holds zero; that is no proof that there was no bump."""
        row = self.frame.iloc[0]
        key = bump_key(row)
        passed = {"check.bump.passed": True, "check.bump.failed": False}.get(key)
        names = ("estimate", "conf_low", "conf_high", "smallest_detectable")
        return CheckResult("bump", passed, self.to_frame(), key, {name: float(row[name]) for name in names})


def bump_key(row: pd.Series) -> str:
    """Return the catalogue's key for one row of a bump: it holds zero, it does not, or nobody can tell."""
    if not np.isfinite(row["conf_low"]):
        return "check.bump.not_applicable"
    return "check.bump.passed" if row["conf_low"] <= 0 <= row["conf_high"] else "check.bump.failed"


def bump(design: Design, *, near: Window | None = None, far: Window | None = None, level: float = 0.95) -> Bump:
    """Measure the bump before the start.

    Parameters
    ----------
    design : Design
        Panel and comparison. With ``not_yet_treated`` later intakes are compared with if untreated to the end
        of ``near``.
    near, far : tuple of int, optional
        First and last event time of each window, counted from the start itself, anticipation or not; by default -4..-1
        and -12..-5 in quarters, -1 and -3..-2 in years. A window is cut where the panel begins later.
    level : float
        Level of the intervals, as a share.

    Raises
    ------
    EstimationError
        Windows that overlap or reach into the programme, or no intake with both windows.

    Notes
    -----
    bump = mean over the intake of (mean Y near - mean Y far) less the same mean over the comparison, for municipalities
    with all figures of both windows; weights are means over the far window. Overall is weighted by the intakes' size.

    Examples
    --------
    a starts in year 5; it was 4 higher in year 4 than in years 2 and 3, the others 1 higher: the bump is 3.

    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": ["a"] * 5 + ["b"] * 5 + ["c"] * 5, "t": [1, 2, 3, 4, 5] * 3,
    ...                       "g": [5.0] * 5 + [None] * 10,
    ...                       "y": [9.0, 5, 7, 10, 2] + [0, 3, 1, 3, 4] + [8, 1, 3, 3, 0]})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> bump(compare(panel, "never_treated")).frame["estimate"].tolist()
    [3.0, 3.0]
    """
    cells = build_cells(design)
    quarterly = design.panel.ordinals[-1] >= FIRST_QUARTER_ORDINAL
    default = QUARTERLY if quarterly else YEARLY
    near, far = near or default[0], far or default[1]
    if not far[0] <= far[1] < near[0] <= near[1] < 0:
        raise EstimationError.of("EST-50", found=f"{far}, {near}")
    form = measure_bump(cells, near, far)
    if not form.rows["identified"].iloc[0]:
        raise EstimationError.of("EST-51", near=near, far=far)
    values, result = form.estimates(), infer(form, level=level)
    names = np.array([*cells.names[:-1], pd.NA, pd.NA], dtype=object)
    frame = effect_frame(
        {
            "estimand": ["overall"] + ["cohort"] * (len(values) - 1),
            "method": "bump",
            "comparison": design.comparison,
            "weighting": "municipality" if design.panel.weights is None else "employee",
            "outcome": design.panel.outcome_id,
            "unit": design.panel.unit_of_measure,
            "cohort": list(names[form.rows["group"].to_numpy()]),
            "estimate": values,
            "conf_level": level,
            **{name: getattr(result, name) for name in REPORTED},
            "n_treated": form.counts(form.treated),
            "n_comparison": form.counts(form.comparison),
            "n_clusters": form.counts((form.loadings != 0).any(axis=2)),
            "n_cohorts": [int(form.rows["identified"].iloc[1:].sum())] + [1] * (len(values) - 1),
            "origin": design.panel.origin,
        }
    )
    return Bump(frame, near, far, _warnings(form, far))


def measure_bump(cells: Cells, near: Window, far: Window) -> LinearForm:
    """Overall and one row per intake, as sums of cells."""
    groups = cells.estimable()
    shape = (len(cells.count), len(groups))
    loadings = np.zeros((*shape, len(cells.design.panel.ordinals)))
    treated, comparison = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    mass, n_far = np.zeros(len(groups)), np.zeros(len(groups), dtype=int)
    for r, group in enumerate(groups):
        event_time = cells.design.panel.ordinals - cells.start[group]
        close = (event_time >= near[0]) & (event_time <= near[1])
        early = (event_time >= far[0]) & (event_time <= far[1])
        n_far[r] = early.sum()
        if not close.any() or not early.any():
            continue
        sides = _sides(cells, group, close | early, near[1])
        if not sides[0].any() or not sides[1].any():
            continue
        contrast = close / close.sum() - early / early.sum()
        heavy = cells.omega[:, early].mean(axis=1)
        treated[:, r], comparison[:, r] = sides
        mass[r] = cells.count[sides[0]] @ heavy[sides[0]]
        for side, sign in zip(sides, (1.0, -1.0), strict=True):
            weight = sign * heavy[side] / (cells.count[side] @ heavy[side])
            loadings[side, r] += weight[:, None] * contrast
    rows = _rows(groups, mass, n_far)
    share = mass / mass.sum() if mass.any() else mass
    form = LinearForm(cells, rows, loadings, treated, comparison)
    return form.combine(
        pd.concat([_rows([-1], mass.sum(keepdims=True), n_far[:1] * 0), rows], ignore_index=True),
        np.vstack([share, np.diag((mass > 0).astype(float))]),
    )


def _rows(groups: list[int], mass: np.ndarray, n_far: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": groups,
            "position": -1,
            "event_time": pd.array([pd.NA] * len(groups), "Int64"),
            "mass": mass,
            "identified": mass > 0,
            "n_far": n_far,
        }
    )


def _sides(cells: Cells, group: int, used: np.ndarray, last: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) profiles of the intake and of its comparison with all figures of both windows."""
    complete = (cells.omega[:, used] > 0).all(axis=1)
    free = cells.group == cells.pool_group
    if cells.design.uses_later_cohorts:
        waiting = cells.start[cells.group] - cells.design.anticipation > cells.start[group] + last
        free = free | (waiting & (cells.group != group))
    return complete & (cells.group == group), complete & free


def _warnings(form: LinearForm, far: Window) -> tuple[Finding, ...]:
    rows, found = form.rows.iloc[1:], []
    asked = far[1] - far[0] + 1
    for group, identified, n_far in zip(rows["group"], rows["identified"], rows["n_far"], strict=True):
        name = form.cells.names[group]
        if not identified:
            found.append(finding("EST-52", severity="warning", cohort=name))
        elif n_far < asked:
            found.append(finding("EST-53", severity="warning", cohort=name, n=int(n_far), asked=asked))
    return tuple(found)
