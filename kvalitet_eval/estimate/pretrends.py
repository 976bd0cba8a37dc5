"""Did the treated move away from their comparison before the start, and would it have been seen?

A test that finds nothing says little when it could have found nothing: Roth (2022), "Pretest with Caution", American
Economic Review: Insights 4(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.inference_checks import JointTest, joint_test, slope_found
from kvalitet_eval.estimate.moments import Moments, read_moments
from kvalitet_eval.results import EffectTable

LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class PreTrends:
    """Joint test of the estimates before the start, and what it could have found.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows by event time (or by intake and period), those after the start too: ``tested`` says which are in the test;
        ``drift_half`` and ``drift_likely`` are what the estimates would be if the treated drifted away by the slopes
        below and there were no effect.
    test : JointTest
        All tested estimates are zero.
    slope_half, slope_likely : float
        Drift per period, in the outcome's unit and of either sign, that the test finds half of the time and with 80 per
        cent probability.
    drift_after : float
        Mean over the rows from the start on under ``slope_half``: a bias that goes unseen half of the time.
    level : float
        One less the size of the test.
    """

    frame: pd.DataFrame
    test: JointTest
    slope_half: float
    slope_likely: float
    drift_after: float
    level: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    @property
    def check(self) -> CheckResult:
        """Passed when the test finds nothing; to be read with ``drift_after``."""
        passed = None if np.isnan(self.test.p_value) else bool(self.test.p_value >= 1 - self.level)
        names = {True: "check.pretrends.passed", False: "check.pretrends.failed", None: "check.pretrends.unknown"}
        facts = {
            "p_value": self.test.p_value,
            "n": self.test.restrictions,
            "slope_half": self.slope_half,
            "drift_after": self.drift_after,
        }
        return CheckResult("pretrends", passed, self.to_frame(), names[passed], facts)


def pretrends(
    effects: EffectTable,
    *,
    kind: Literal["event_time", "cell"] = "event_time",
    cohort: str | None = None,
    least_share: float = LEAST_SHARE,
    small_sample: bool = True,
    level: float = 0.95,
) -> PreTrends:
    """Test the estimates before the start jointly, and tell what drift the test can find.

    Parameters
    ----------
    effects : EffectTable
        With estimates before the start: ``imputation`` with leads, or ``group_time``.
    kind : {"event_time", "cell"}
        Test averages by event time, or every intake's every period.
    cohort : str, optional
        One intake instead of all.
    least_share : float
        Averages by event time are tested when they rest on at least this share of the treated municipalities of the row
        before the start that rests on most: far from the start only few are left, and their degrees of freedom would
        be those of the whole test. 0 tests all.
    small_sample : bool
        Use the degrees of freedom; without it chi-squared, as R's ``did`` for its pre-test (``kind="cell"``).
    level : float
        One less the size of the test, as a share.

    Returns
    -------
    PreTrends
        Without a p-value where there are fewer degrees of freedom than estimates.

    Raises
    ------
    EstimationError
        No estimate before the start has a standard error, or the table was read from disk.

    Notes
    -----
    Tested are event times before the anticipation. W = b' V^-1 b; with m degrees of freedom W (m - q + 1)/(m q) is
    referred to F(q, m - q + 1), without to chi-squared. A drift of s per period moves the estimates by s d, d read from
    the estimator's own loadings (event time less reference in ``group_time`` with a universal base); the statistic is
    then noncentral with s^2 d' V^-1 d. Roth's power is that of "some estimate is significant", ours that of the joint
    test.
    """
    moments = read_moments(effects, kind, cohorts=None if cohort is None else [cohort])
    before = _tested(moments, kind, least_share)
    tested = moments.take(before)
    known = (tested.covariance, tested.degrees_of_freedom if small_sample else np.inf)
    half, likely = (slope_found(tested.drift, *known, power=share, level=level) for share in (0.5, 0.8))
    drift = {"drift_half": half * moments.drift, "drift_likely": likely * moments.drift}
    after = moments.drift[moments.event_time >= 0]
    return PreTrends(
        frame=moments.frame.assign(tested=before, **drift),
        test=joint_test(tested.estimate, *known),
        slope_half=half,
        slope_likely=likely,
        drift_after=float(half * after.mean()) if after.size else np.nan,
        level=level,
    )


def _tested(moments: Moments, kind: str, least_share: float) -> np.ndarray:
    """(R,) rows before the anticipation that rest on enough municipalities."""
    before = moments.event_time < -moments.anticipation
    if not before.any():
        raise EstimationError.of("EST-64")
    if kind == "cell":
        return before
    n_treated = moments.frame["n_treated"].to_numpy(float)
    return before & (n_treated >= least_share * n_treated[before].max())
