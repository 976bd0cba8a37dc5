"""Joint tests, power, ranks: against scipy.stats."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from kvalitet_eval.estimate.inference_checks import (
    excess_p_value,
    joint_test,
    power_of_t,
    rank_p_value,
    slope_found,
    small_sample_factor,
)


def test_joint_test_is_hotellings_of_a_mean():
    """Twelve draws in three dimensions: n m' S^-1 m (n - q) / ((n - 1) q) is F(q, n - q)."""
    x = np.random.default_rng(3).standard_normal((12, 3)) + 0.5
    mean, covariance = x.mean(axis=0), np.cov(x.T) / 12
    found = joint_test(mean, covariance, 11.0)
    statistic = mean @ np.linalg.solve(covariance, mean) * 9 / (11 * 3)
    assert found.statistic == pytest.approx(statistic)
    assert (found.restrictions, found.degrees_of_freedom) == (3, 9.0)
    assert found.p_value == pytest.approx(stats.f.sf(statistic, 3, 9))


@pytest.mark.parametrize(
    ("covariance", "df"), [(np.eye(3), 2.0), (np.ones((3, 3)), 20.0), (np.full((3, 3), np.nan), 20.0)]
)
def test_no_joint_test_without_enough_to_go_on(covariance, df):
    assert math.isnan(joint_test(np.ones(3), covariance, df).p_value)
    assert math.isnan(slope_found(np.ones(3), covariance, df, power=0.5, level=0.95))


@pytest.mark.parametrize("df", [8.0, 40.0, np.inf])
def test_slope_found_has_the_power_that_was_asked_for(df):
    covariance = np.array([[1.0, 0.4], [0.4, 2.0]])
    drift = np.array([-2.0, -1.0])
    for power in (0.5, 0.8):
        slope = slope_found(drift, covariance, df, power=power, level=0.95)
        noncentral = slope**2 * drift @ np.linalg.solve(covariance, drift)
        if np.isinf(df):
            share = stats.ncx2.sf(stats.chi2.ppf(0.95, 2), 2, noncentral)
        else:
            share = stats.ncf.sf(stats.f.ppf(0.95, 2, df - 1), 2, df - 1, noncentral)
        assert share == pytest.approx(power, abs=1e-6)


def test_without_drift_there_is_no_slope_to_find():
    assert math.isnan(slope_found(np.zeros(2), np.eye(2), 20.0, power=0.5, level=0.95))


def test_power_grows_with_the_effect_and_is_missing_with_the_error():
    chances = power_of_t(np.array([0.0, 1.0, -2.0, 50.0]), np.ones(4), np.full(4, 9.0), level=0.95)
    assert (np.diff(chances) > 0).all()
    assert chances[-1] == pytest.approx(1.0)
    far = power_of_t(np.array([8.0, 12.0, 20.0, 40.0]), np.ones(4), np.array([1.0, 3.0, 11.0, 60.0]), level=0.95)
    assert far == pytest.approx([stats.nct.sf(12.706205, 1, 8), 1, 1, 1], abs=1e-6)
    assert np.isnan(power_of_t(np.array([1.0]), np.array([np.nan]), np.array([np.nan]), level=0.95)).all()


def test_ranks_and_excess():
    assert rank_p_value(5.0, np.arange(99.0) / 100) == 0.01
    assert rank_p_value(0.0, np.arange(9.0)) == 1.0
    assert excess_p_value(3, 40, 0.05) == pytest.approx(stats.binom.sf(2, 40, 0.05))
    assert small_sample_factor(11.0, level=0.9) == pytest.approx(stats.t.ppf(0.95, 11) / stats.norm.ppf(0.95))
