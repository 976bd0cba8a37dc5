"""Tests behind the robustness checks: joint tests, the power of tests, ranks among placebos.

Functions of scipy.special instead of distributions: the noncentral ones are needed at single points, fast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import bdtrc, chdtrc, chdtri, chndtr, fdtrc, fdtri, ncfdtr, nctdtr, ndtr, ndtri, stdtrit

FAR = 5.0  # standard errors from which the wrong side has a probability below 1e-8, which nctdtr cannot always compute


@dataclass(frozen=True, slots=True)
class JointTest:
    """Test of several estimates against zero at once; not-a-number where it cannot be made.

    Parameters
    ----------
    statistic : float
        W (m - q + 1) / (m q) with W = b' V^-1 b; W / q without degrees of freedom.
    restrictions : int
        q, the number of independent estimates.
    degrees_of_freedom : float
        m - q + 1 of the reference F distribution; infinite for chi-squared.
    p_value : float
        Probability of a larger statistic if all are zero.
    """

    statistic: float
    restrictions: int
    degrees_of_freedom: float
    p_value: float


def joint_test(estimate: np.ndarray, covariance: np.ndarray, degrees_of_freedom: float) -> JointTest:
    """Hotelling's test with Satterthwaite degrees of freedom m (Pustejovsky and Tipton 2018, section 3.2).

    Examples
    --------
    Two independent estimates, two standard errors from zero each, known variances: chi-squared 8 with 2.

    >>> found = joint_test(np.array([2.0, 2.0]), np.eye(2), np.inf)
    >>> found.statistic, round(found.p_value, 6)
    (4.0, 0.018316)
    """
    q = len(estimate)
    left = degrees_of_freedom - q + 1
    if (
        not q
        or not np.isfinite(covariance).all()
        or not left > 0
        or np.linalg.matrix_rank(covariance, hermitian=True) < q
    ):
        return JointTest(math.nan, q, math.nan, math.nan)
    wald = float(estimate @ np.linalg.solve(covariance, estimate))
    if np.isinf(degrees_of_freedom):
        return JointTest(wald / q, q, math.inf, float(chdtrc(q, wald)))
    statistic = wald * left / (degrees_of_freedom * q)
    return JointTest(statistic, q, float(left), float(fdtrc(q, left, statistic)))


def slope_found(
    drift: np.ndarray, covariance: np.ndarray, degrees_of_freedom: float, *, power: float, level: float
) -> float:
    """Slope per period that the joint test finds with this probability (Roth 2022, AER: Insights 4(3)).

    Parameters
    ----------
    drift : numpy.ndarray
        (q,) what the estimates would be under a slope of one per period.
    covariance, degrees_of_freedom
        As in :func:`joint_test`.
    power : float
        Probability, as a share.
    level : float
        One less the size of the test.

    Notes
    -----
    Under a slope s the statistic is noncentral F with noncentrality s^2 d' V^-1 d.
    """
    q = len(drift)
    left = degrees_of_freedom - q + 1
    if not joint_test(drift, covariance, degrees_of_freedom).statistic > 0:
        return math.nan
    critical = chdtri(q, 1 - level) if np.isinf(left) else fdtri(q, left, level)

    def missing(noncentrality: float) -> float:
        missed = chndtr(critical, q, noncentrality) if np.isinf(left) else ncfdtr(q, left, noncentrality, critical)
        return 1 - power - float(missed)

    top = 10.0
    while missing(top) < 0:
        top *= 2
    return math.sqrt(brentq(missing, 0.0, top, xtol=1e-10) / float(drift @ np.linalg.solve(covariance, drift)))


def power_of_t(effect: np.ndarray, spread: np.ndarray, degrees_of_freedom: np.ndarray, *, level: float) -> np.ndarray:
    """Probability that a two-sided t test finds an effect; ``spread`` is the standard error.

    Examples
    --------
    >>> round(float(power_of_t(np.array(0.0), np.array(0.1), np.array(11.0), level=0.95)), 6)
    0.05
    >>> round(float(power_of_t(np.array(2.8), np.array(1.0), np.array(np.inf), level=0.95)), 4)
    0.7996
    """
    shift = np.abs(effect / spread)
    known = np.isinf(degrees_of_freedom)
    df = np.where(known, 1.0, degrees_of_freedom)
    critical = np.where(known, ndtri((1 + level) / 2), stdtrit(df, (1 + level) / 2))
    above = np.where(known, ndtr(shift - critical), 1 - nctdtr(df, shift, critical))
    near = shift < FAR
    wrong_side = np.where(known, ndtr(-shift - critical), nctdtr(df, np.where(near, shift, 0.0), -critical))
    return above + np.where(near, wrong_side, 0.0)


def small_sample_factor(degrees_of_freedom: float, *, level: float) -> float:
    """Ratio of the t quantile to the normal one: turns a normal interval at this level into the t interval.

    Examples
    --------
    >>> small_sample_factor(float("inf"), level=0.95), round(small_sample_factor(11.0, level=0.95), 4)
    (1.0, 1.123)
    """
    if np.isinf(degrees_of_freedom):
        return 1.0
    return float(stdtrit(degrees_of_freedom, (1 + level) / 2) / ndtri((1 + level) / 2))


def rank_p_value(statistic: float, others: np.ndarray) -> float:
    """(1 + #) / (B + 1), # = how many of B are at least as far from zero; ties count.

    Examples
    --------
    >>> rank_p_value(-3.0, np.array([1.0, 3.0, -2.0]))
    0.5
    """
    far = np.abs(others) >= abs(statistic) * (1 - 1e-12)
    return float((1 + far.sum()) / (1 + len(others)))


def excess_p_value(found: int, n: int, share: float) -> float:
    """Probability of at least ``found`` among ``n`` when each happens with this probability.

    Examples
    --------
    >>> round(excess_p_value(2, 2, 0.05), 6), excess_p_value(0, 10, 0.05)
    (0.0025, 1.0)
    """
    return float(bdtrc(found - 1, n, share)) if found else 1.0
