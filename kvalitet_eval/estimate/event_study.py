"""An event study with one reference period before the start: what honest bounds are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.moments import Moments, cells_of, read_moments
from kvalitet_eval.prepare.periods import FIRST_QUARTER_ORDINAL
from kvalitet_eval.results import EffectTable

YEAR = 4
COMPOSITIONS = ("constant", "all")
Composition = Literal["constant", "all"]


@dataclass(frozen=True, slots=True, eq=False)
class EventStudy:
    """Coefficients in calendar order, relative to a reference that is not among them.

    Parameters
    ----------
    beta, sigma : numpy.ndarray
        (n_pre + n_post,) coefficients, in the outcome's unit, and their covariance.
    n_pre, n_post : int
        Coefficients before the reference, and from the start on.
    degrees_of_freedom : float
        Of the t distribution behind the standard errors; infinite where they are taken as known.
    period_length : int
        Periods of the panel behind one coefficient: 4 for years of quarters.
    cohorts, left_out : tuple of str
        Intakes behind the coefficients, and those whose course is too short.
    composition_changes : bool
        The coefficients do not all rest on the same number of intakes.
    """

    beta: np.ndarray
    sigma: np.ndarray
    n_pre: int
    n_post: int
    degrees_of_freedom: float
    period_length: int
    cohorts: tuple[str, ...]
    left_out: tuple[str, ...]
    composition_changes: bool


def read_event_study(
    effects: EffectTable,
    *,
    cohort: str | None = None,
    composition: Composition = "constant",
    period_length: int | None = None,
) -> EventStudy:
    """Event study with one reference; in years when the panel is in quarters.

    Parameters
    ----------
    effects : EffectTable
        From ``group_time`` with a universal base; of ``imputation`` and ``lagged_outcome`` the design is taken, and the
        event study is that of ``group_time`` with a universal base and the same comparison: leads of an imputation are
        measured against another "before" than its effects, and no trend can be read across them.
    cohort : str, optional
        One intake instead of all.
    composition : {"constant", "all"}
        ``constant``: only intakes with two whole years (or periods) before the start and one from it on, and only the
        years that all of these have. ``all``: every year that any intake has; a step in the course may then be a change
        of who is in it.
    period_length : int, optional
        Periods of the panel that one coefficient averages; 4 by default for quarters, else 1.

    Raises
    ------
    EstimationError
        Another base, ``two_way`` or ``synthetic``, no step before the reference, no whole year from the start on, or no
        such intake.

    Notes
    -----
    With quarters, coefficients are means over event years less the mean of the last year before the start (less
    anticipation); periods of anticipation are in no year. Years are used back to and on to the first gap.
    """
    if composition not in COMPOSITIONS:
        raise EstimationError.of("EST-04", column="composition", found=composition, allowed=", ".join(COMPOSITIONS))
    design = cells_of(effects).cells.design
    if effects.frame["method"].iloc[0] != "group_time":
        options = {"inference": effects.inference or "cr2", "level": float(effects.frame["conf_level"].iloc[0])}
        effects = estimate(design, "group_time", base="universal", **options)
    length = period_length or (YEAR if design.panel.ordinals[-1] >= FIRST_QUARTER_ORDINAL else 1)
    names = tuple(c.name for c in design.cohorts) if cohort is None else (cohort,)
    shortest: tuple[int | None, ...] = (None, None)
    chosen = names
    if composition == "constant":
        spans = {name: _years(read_moments(effects, cohorts=[name]), length) for name in names}
        chosen = tuple(name for name, (before, after) in spans.items() if len(before) > 1 and after)
        shortest = tuple(min((len(spans[name][side]) for name in chosen), default=0) for side in (0, 1))
    if not chosen:
        raise EstimationError.of("EST-63", n=length)
    moments = read_moments(effects, cohorts=chosen)
    before, after = _years(moments, length)
    before, after = before[: shortest[0]], after[: shortest[1]]
    if len(before) < 2 or not after:
        raise EstimationError.of("EST-63", n=length)
    left_out = tuple(name for name in names if name not in chosen)
    return _average(moments, before, after, chosen, left_out)


def _average(
    moments: Moments, before: list[range], after: list[range], cohorts: tuple[str, ...], left_out: tuple[str, ...]
) -> EventStudy:
    """Means over years less the mean of the last year before; the reference period itself is zero."""
    length = len(before[0])
    mean = np.array([np.isin(moments.event_time, block) / length for block in [*before[:0:-1], *after]])
    rows = mean - np.isin(moments.event_time, before[0]) / length
    used = moments.take((rows != 0).any(axis=0))
    return EventStudy(
        beta=rows @ moments.estimate,
        sigma=rows @ moments.covariance @ rows.T,
        n_pre=len(before) - 1,
        n_post=len(after),
        degrees_of_freedom=used.degrees_of_freedom,
        period_length=length,
        cohorts=cohorts,
        left_out=left_out,
        composition_changes=bool(len(set(used.frame["n_cohorts"])) > 1),
    )


def _years(moments: Moments, length: int) -> tuple[list[range], list[range]]:
    """Whole years back from the reference period and on from the start, nearest first, each to the first gap."""
    reference = -moments.anticipation - 1
    times = set(moments.event_time.tolist())
    if reference in times:
        raise EstimationError.of("EST-62", found=reference)
    known = {*times, reference}
    sides = (range(reference + 1 - length, reference + 1), -length), (range(length), length)
    found = []
    for first, step in sides:
        blocks = []
        while known.issuperset(block := range(first.start + step * len(blocks), first.stop + step * len(blocks))):
            blocks.append(block)
        found.append(blocks)
    return found[0], found[1]
