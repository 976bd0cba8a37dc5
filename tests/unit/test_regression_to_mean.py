"""The change that is expected of a municipality on its level."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.regression_to_mean import expect_change

POOL = np.arange(3.0, 14.0)  # mean 8


def test_by_hand_with_a_common_fall():
    """Half of a difference is left and everybody falls by one: y = x/2 + 3. From 12: 9, that is -3 = -1 and -2."""
    found = expect_change(12.0, 8.0, POOL, POOL / 2 + 3)
    assert (found.slope, found.expected, found.common, found.regression) == pytest.approx((0.5, -3, -1, -2))
    assert (found.change, found.before, found.after, found.n_comparison, found.level) == (-4.0, 12.0, 8.0, 11, 0.95)


def test_low_municipalities_are_expected_to_rise():
    assert expect_change(4.0, 4.0, POOL, POOL / 2 + 4).regression == pytest.approx(2.0)


def test_without_regression_everybody_is_expected_to_follow_the_others():
    found = expect_change(12.0, 12.0, POOL, POOL - 0.3)
    assert (found.slope, found.regression, found.expected) == pytest.approx((1.0, 0.0, -0.3))


def test_interval_is_that_of_a_new_municipality():
    noise = np.array([0.5, -0.5, 0.2, -0.2, 0, 0.1, -0.1, 0.3, -0.3, 0.4, -0.4])
    found = expect_change(12.0, 9.0, POOL, POOL / 2 + 4 + noise, level=0.9)
    fit = stats.linregress(POOL, POOL / 2 + 4 + noise)
    residual = POOL / 2 + 4 + noise - fit.intercept - fit.slope * POOL
    spread = np.sqrt(residual @ residual / 9 * (1 + 1 / 11 + (12 - 8) ** 2 / ((POOL - 8) ** 2).sum()))
    half = stats.t.ppf(0.95, 9) * spread
    assert found.expected == pytest.approx(fit.intercept + fit.slope * 12 - 12)
    assert (found.expected_low, found.expected_high) == pytest.approx((found.expected - half, found.expected + half))


def test_pairs_with_a_missing_figure_are_left_out():
    before, after = np.append(POOL, [np.nan, 5.0]), np.append(POOL / 2, [4.0, np.nan])
    assert expect_change(12.0, 8.0, before, after).n_comparison == 11


def test_interval_covers_new_municipalities_as_often_as_it_says():
    """2 000 municipalities from the same line: share inside within four standard errors of 95 per cent."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(2000):
        before = 9 + rng.standard_normal(41)
        after = 9 + 0.8 * (before - 9) + 0.6 * rng.standard_normal(41)
        found = expect_change(before[0], after[0], before[1:], after[1:])
        inside += found.expected_low <= found.change <= found.expected_high
    assert abs(inside / 2000 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 2000)


@pytest.mark.parametrize(
    ("before", "code", "words"),
    [
        (POOL[:9], "EST-11", "Bare 9 sammenligningskommuner har tall både før og etter. Det trengs minst 10"),
        (np.full(12, 8.0), "EST-12", "Alle sammenligningskommunene har samme nivå (8.0) før"),
    ],
)
def test_a_pool_that_cannot_tell_is_refused(before, code, words):
    with pytest.raises(EstimationError) as error:
        expect_change(12.0, 8.0, before, before + np.arange(len(before)))
    assert error.value.findings[0].code == code
    assert words in str(error.value)
