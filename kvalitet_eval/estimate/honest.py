"""How far parallel trends may fail before the conclusion does: honest intervals and the breakdown value.

Rambachan and Roth (2023), "A More Credible Approach to Parallel Trends", Review of Economic Studies 90(5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.event_study import Composition, EventStudy, read_event_study
from kvalitet_eval.estimate.honest_relative import relative_interval, relative_test
from kvalitet_eval.estimate.honest_smooth import smooth_interval, trace_frontier
from kvalitet_eval.estimate.inference_checks import small_sample_factor
from kvalitet_eval.results import EffectTable

MBAR = (0.5, 1.0, 1.5, 2.0)
KINDS = ("relative", "smooth")
MOST = 1024.0  # times the scale of the bound: beyond it a conclusion is called safe
PRECISION = 1e-5
Kind = Literal["relative", "smooth"]


@dataclass(frozen=True, slots=True, eq=False)
class Honest:
    """Intervals that hold although trends may differ, by how much they may.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per bound: ``kind``, ``bound``, ``estimate``, ``conf_low``, ``conf_high``, ``conf_level``, ``unit``.
    breakdown : float
        Smallest bound at which the interval holds zero: 0 when it does so with trends exactly parallel (``relative``)
        or straight (``smooth``), infinite when no bound tried makes it. ``relative``: in multiples of the largest step
        before the start; ``smooth``: in the outcome's unit, change of slope from one period (year) to the next.
    kind : {"relative", "smooth"}
        Bound on steps, or on changes of slope.
    n_pre, n_post : int
        Coefficients before the reference period and from the start on.
    period_length : int
        Periods of the panel behind one coefficient: 4 for years of quarters.
    cohorts : tuple of str
        Intakes behind the coefficients; empty when they came from elsewhere.
    warnings : tuple of Finding
        What weakens the reading.
    """

    frame: pd.DataFrame
    breakdown: float
    kind: Kind
    n_pre: int
    n_post: int
    period_length: int = 1
    cohorts: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    @property
    def check(self) -> CheckResult:
        """``relative``: passed when steps as large as the largest before the start do not overturn the conclusion.

        Not applicable where there is nothing to overturn, and to ``smooth``, whose bound has no natural size.
        """
        none = self.breakdown == 0 or np.isnan(self.breakdown)
        passed = None if none or self.kind == "smooth" else bool(self.breakdown >= 1)
        if none:
            key = "check.honest.not_applicable"
        elif np.isinf(self.breakdown):
            return CheckResult("honest", passed, self.to_frame(), "check.honest.unbroken")
        elif self.kind == "smooth":
            key = "check.honest.smooth"
        else:
            key = f"check.honest.{'passed' if passed else 'failed'}"
        return CheckResult("honest", passed, self.to_frame(), key, {"breakdown": self.breakdown})


def honest(
    effects: EffectTable,
    mbar: Sequence[float] = MBAR,
    kind: Kind = "relative",
    *,
    target: Literal["first", "average"] | int = "first",
    cohort: str | None = None,
    composition: Composition = "constant",
    period_length: int | None = None,
    small_sample: bool = True,
    level: float = 0.95,
) -> Honest:
    """Honest intervals of the effects of a table.

    Parameters
    ----------
    effects : EffectTable
        From ``group_time`` with a universal base, or ``imputation``, whose design is then estimated that way; see
        :func:`kvalitet_eval.estimate.event_study.read_event_study`. Quarters are averaged to event years.
    mbar : sequence of float
        Bounds. ``relative``: largest step of the trend from the reference on, in multiples of the largest step before
        it. ``smooth``: largest change of its slope, in the outcome's unit per year (or per period of a yearly panel).
    kind : {"relative", "smooth"}
        Which bound.
    target : {"first", "average"} or int
        Effect in the first year, mean over all years from the start on, or effect in year number k (0 is the first).
    cohort : str, optional
        One intake instead of all.
    composition : {"constant", "all"}
        ``constant`` leaves out intakes with too short a course (``warnings``); ``all`` lets the years rest on different
        intakes, as R's ``did`` and ``HonestDiD`` together do.
    period_length : int, optional
        Periods of the panel that count as one; 4 by default for quarters, else 1.
    small_sample : bool
        Widen the covariance for few municipalities; without it as R's ``HonestDiD``.
    level : float
        Level of the intervals, as a share.

    Raises
    ------
    EstimationError
        Unknown kind or target, negative bound, too short a panel, another base, or too few municipalities.

    Notes
    -----
    The intervals are asymptotic. With Satterthwaite degrees of freedom m behind the standard errors the covariance is
    widened by (t quantile / normal quantile)^2 first, so that under exactly parallel trends the interval is the t
    interval.
    """
    study = read_event_study(effects, cohort=cohort, composition=composition, period_length=period_length)
    found = honest_from(
        study.beta,
        study.sigma,
        study.n_pre,
        study.n_post,
        mbar=mbar,
        kind=kind,
        weights=_weights(target, study.n_post),
        level=level,
        degrees_of_freedom=study.degrees_of_freedom if small_sample else np.inf,
        unit=str(effects.frame["unit"].iloc[0]),
    )
    return replace(found, period_length=study.period_length, cohorts=study.cohorts, warnings=_warnings(study))


def _warnings(study: EventStudy) -> tuple[Finding, ...]:
    found = []
    if study.left_out:
        found.append(finding("EST-65", severity="warning", found=", ".join(study.left_out)))
    if study.composition_changes:
        found.append(finding("EST-66", severity="warning"))
    return tuple(found)


def _weights(target: str | int, n_post: int) -> np.ndarray:
    if target == "average":
        return np.full(n_post, 1 / n_post)
    position = 0 if target == "first" else target
    if not isinstance(position, int) or not 0 <= position < n_post:
        raise EstimationError.of("EST-04", column="target", found=target, allowed=f"first, average, 0-{n_post - 1}")
    return np.eye(n_post)[position]


def honest_from(
    beta: np.ndarray,
    sigma: np.ndarray,
    n_pre: int,
    n_post: int,
    *,
    mbar: Sequence[float] = MBAR,
    kind: Kind = "relative",
    weights: np.ndarray | None = None,
    level: float = 0.95,
    degrees_of_freedom: float = np.inf,
    unit: str = "",
) -> Honest:
    """Honest intervals from event-study coefficients of any origin.

    Parameters
    ----------
    beta : numpy.ndarray
        (n_pre + n_post,) coefficients in calendar order, relative to a reference period that stands between the two
        parts and is not among them.
    sigma : numpy.ndarray
        Their covariance.
    n_pre, n_post : int
        Coefficients before and after the reference period; at least one each.
    mbar, kind, level
        As in :func:`honest`.
    weights : numpy.ndarray, optional
        (n_post,) weights of the effects that are asked for; the first one by default.
    degrees_of_freedom : float
        Widens the covariance; infinite takes it as known.
    unit : str
        Unit of the outcome.

    Examples
    --------
    One coefficient before (0.1 off), one after; a straight line through 0.1 and 0 goes on to -0.1, so that the effect
    of 1 is 1.1. Nothing is random here to speak of:

    >>> found = honest_from(np.array([0.1, 1.0]), 1e-12 * np.eye(2), 1, 1, mbar=(0.0, 0.5), kind="smooth")
    >>> found.frame[["conf_low", "conf_high"]].round(3).values.tolist()
    [[1.1, 1.1], [0.6, 1.6]]
    >>> round(found.breakdown, 4)
    1.1

    Steps up to twice the one before, 0.1:

    >>> found = honest_from(np.array([0.1, 1.0]), 1e-12 * np.eye(2), 1, 1, mbar=(2.0,))
    >>> found.frame[["conf_low", "conf_high"]].round(3).values.tolist()
    [[0.8, 1.2]]
    """
    beta, sigma = np.asarray(beta, dtype=float), np.asarray(sigma, dtype=float)
    chosen = np.eye(n_post)[0] if weights is None else np.asarray(weights, dtype=float)
    _check_options(mbar, kind, level)
    _refuse(beta, sigma, n_pre, n_post, chosen)
    wide = sigma * small_sample_factor(degrees_of_freedom, level=level) ** 2
    interval = relative_interval
    if kind == "smooth":
        interval = partial(smooth_interval, frontier=trace_frontier(wide, n_pre, chosen))
    limits = [interval(beta, wide, n_pre, chosen, float(bound), level=level) for bound in mbar]
    frame = pd.DataFrame(
        {
            "kind": kind,
            "bound": [float(bound) for bound in mbar],
            "estimate": float(chosen @ beta[n_pre:]),
            "conf_low": [low for low, _ in limits],
            "conf_high": [high for _, high in limits],
            "conf_level": level,
            "unit": unit,
        }
    )

    def holds_zero(bound: float) -> bool:
        if kind == "relative":
            return bool(relative_test(beta, wide, n_pre, chosen, bound, level=level).accepts(np.zeros(1))[0])
        low, high = interval(beta, wide, n_pre, chosen, bound, level=level)
        return low <= 0 <= high

    scale = 1.0 if kind == "relative" else max(map(abs, interval(beta, wide, n_pre, chosen, 0.0, level=level)))
    return Honest(frame, _find_breakdown(holds_zero, scale), kind, n_pre, n_post)


def _refuse(beta: np.ndarray, sigma: np.ndarray, n_pre: int, n_post: int, weights: np.ndarray) -> None:
    n = n_pre + n_post
    if min(n_pre, n_post) < 1 or beta.shape != (n,) or sigma.shape != (n, n) or weights.shape != (n_post,):
        raise EstimationError.of("EST-67", found=f"{beta.shape}, {sigma.shape}, {weights.shape}, {n_pre}, {n_post}")
    finite = np.isfinite(beta).all() and np.isfinite(sigma).all() and np.isfinite(weights).all()
    if not finite or not np.allclose(sigma, sigma.T) or not weights.any():
        raise EstimationError.of("EST-67", found=f"{beta}, {sigma}, {weights}")
    if np.linalg.matrix_rank(sigma, hermitian=True) < n:
        raise EstimationError.of("EST-68", n=n)


def _check_options(mbar: Sequence[float], kind: str, level: float) -> None:
    if kind not in KINDS:
        raise EstimationError.of("EST-04", column="kind", found=kind, allowed=", ".join(KINDS))
    if not all(np.isfinite(bound) and bound >= 0 for bound in mbar):
        raise EstimationError.of("EST-04", column="mbar", found=list(mbar), allowed=">= 0")
    if not 0 < level < 1:
        raise EstimationError.of("EST-04", column="level", found=level, allowed="0 < level < 1")


def _find_breakdown(holds_zero: Callable[[float], bool], scale: float) -> float:
    """Smallest bound at which zero is inside, by doubling and halving."""
    if holds_zero(0.0):
        return 0.0
    steps = [0.0, *(scale * 2.0**k for k in range(-2, int(np.log2(MOST)) + 1))]
    bracket = next(((low, high) for low, high in pairwise(steps) if holds_zero(high)), None)
    if bracket is None:
        return float("inf")
    low, high = bracket
    while high - low > PRECISION * max(high, scale):
        middle = (low + high) / 2
        low, high = (low, middle) if holds_zero(middle) else (middle, high)
    return float(high)
