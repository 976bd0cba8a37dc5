"""Placebo and jackknife by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kvalitet_eval.estimate.inference_synthetic import (
    critical_value,
    infer_jackknife,
    infer_placebo,
    place_scaled,
    placebo_band,
    placebo_p,
    posterior_interval,
)


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_the_p_value_counts_the_municipality_itself_and_ties():
    sizes = column(1, 2, 3, 4)
    assert [placebo_p(np.array([x]), sizes)[0] for x in (5, 4, 2.5, 0)] == [0.2, 0.4, 0.6, 1.0]
    assert placebo_p(np.array([4 * (1 + 1e-12)]), sizes)[0] == 0.4


def test_the_interval_holds_exactly_what_the_test_does_not_reject():
    rng = np.random.default_rng(1)
    placebos = rng.standard_normal((59, 1))
    result = infer_placebo(np.array([0.7]), placebos, level=0.9)
    for effect in np.linspace(-3, 4, 301):
        accepted = placebo_p(np.array([abs(0.7 - effect)]), np.abs(placebos))[0] > 0.1
        assert accepted == (result.conf_low[0] <= effect <= result.conf_high[0])


@pytest.mark.parametrize(("n", "k"), [(18, 0), (19, 1), (38, 1), (39, 2), (373, 18)])
def test_the_largest_distance_that_is_not_rejected(n, k):
    sizes = column(*np.arange(1.0, n + 1))
    found = critical_value(sizes, level=0.95)[0]
    assert np.isnan(found) if k == 0 else found == n + 1 - k


def test_placebo_by_hand():
    placebos = column(*([-1.0, 1.0] * 10))
    result = infer_placebo(np.array([-3.0]), placebos, level=0.9)
    assert result.p_value[0] == pytest.approx(1 / 21)
    assert result.std_error[0] == pytest.approx(1.0)
    assert result.statistic[0] == pytest.approx(-3.0)
    assert [result.conf_low[0], result.conf_high[0]] == pytest.approx([-4, -2])
    assert result.smallest_detectable[0] == pytest.approx(2.0)  # 80 per cent lie above -1, and the limit is 1
    assert np.isnan(result.degrees_of_freedom[0])


def test_a_missing_estimate_has_nothing():
    result = infer_placebo(np.array([np.nan]), column(1, -1, 2), level=0.5)
    for name in ("std_error", "statistic", "p_value", "conf_low", "conf_high", "smallest_detectable"):
        assert np.isnan(getattr(result, name)[0]), name


def test_the_band_covers_the_placebos_of_all_rows_at_once():
    rng = np.random.default_rng(2)
    placebos = rng.standard_normal((199, 5))
    estimate = np.zeros(5)
    result = infer_placebo(estimate, placebos, level=0.95)
    low, high = placebo_band(estimate, result, placebos, level=0.95)
    inside = ((placebos >= low) & (placebos <= high)).all(axis=1)
    assert inside.sum() == 190  # 199 - 10 + the one on the limit


def test_jackknife_by_hand():
    changes = np.array([[0.1], [-0.2], [0.3], [-0.2]])
    result = infer_jackknife(
        np.array([1.0]), changes, np.ones((4, 1), dtype=bool), np.array([5.0]), np.array([False]), level=0.95
    )
    assert result.std_error[0] == pytest.approx(np.sqrt(3 / 4 * 0.18))
    half = stats.t.ppf(0.975, 5) * result.std_error[0]
    assert [result.conf_low[0], result.conf_high[0]] == pytest.approx([1 - half, 1 + half])
    assert result.p_value[0] == pytest.approx(2 * stats.t.sf(1 / result.std_error[0], 5))


def test_who_is_not_in_a_row_is_not_left_out_of_it():
    """The first row is that of four municipalities, the second that of the first two: 1/2 x 2 x 0.15^2."""
    changes = np.array([[0.1, 0.1], [-0.2, -0.2], [0.3, 0.0], [-0.2, 0.0]])
    members = np.array([[True, True], [True, True], [True, False], [True, False]])
    more = (np.ones(2), np.vstack([changes, [0.0, 0.0]]), np.vstack([members, [False, False]]))
    for given in ((np.ones(2), changes, members), more):
        result = infer_jackknife(*given, np.full(2, 3.0), np.array([False, False]), level=0.95)
        assert result.std_error == pytest.approx([np.sqrt(3 / 4 * 0.18), 0.15])


def test_jackknife_says_nothing_of_rows_that_lean_on_one_or_do_not_vary():
    changes = np.array([[0.1, 0.0], [-0.1, 0.0]])
    result = infer_jackknife(
        np.ones(2), changes, np.ones((2, 2), dtype=bool), np.full(2, 3.0), np.array([True, False]), level=0.95
    )
    assert np.isnan(result.std_error).all()
    assert np.isnan(result.p_value).all()


def test_scaled_placement_by_hand():
    """Ratios of the placebos 1 to 19; the effect 4 with unrest 0.25 has the ratio 16."""
    placebos, unrest = 2 * np.arange(1.0, 20.0), np.full(19, 2.0)
    found = place_scaled(np.array([4.0, 4.0]), np.array([0.25, 0.0]), placebos, unrest, level=0.95)
    assert found.p_value[0] == pytest.approx((1 + 4) / 20)
    assert [found.conf_low[0], found.conf_high[0]] == pytest.approx([4 - 19 / 4, 4 + 19 / 4])
    assert found.std_error[0] == pytest.approx(np.sqrt((np.arange(1, 20) ** 2).mean()) / 4)
    assert np.isnan([found.p_value[1], found.std_error[1], found.conf_low[1]]).all()


def test_posterior_interval_is_normal():
    low, high = posterior_interval(np.array([1.0, np.nan]), np.array([4.0, np.nan]), level=0.95)
    assert [low[0], high[0]] == pytest.approx([1 - 3.919928, 1 + 3.919928], abs=1e-6)
    assert np.isnan(low[1])
