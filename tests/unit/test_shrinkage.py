"""Empirical Bayes: by hand, at its limits, and against what is known when it is simulated."""

from __future__ import annotations

import numpy as np
import pytest

from kvalitet_eval.estimate.inference_synthetic import posterior_interval
from kvalitet_eval.estimate.shrinkage import shrink


def test_equal_uncertainty_by_hand():
    """k = 5, sum of squares 10, V = 1: A = 1.5, B = 0.2; variance 1 - 0.8 x 0.2 + 0.04 distance^2."""
    found = shrink(np.array([8.0, 9, 10, 11, 12]), np.ones(5))
    assert found.mean == pytest.approx(10)
    assert found.spread**2 == pytest.approx(1.5)
    assert found.reliance == pytest.approx(0.8)
    assert found.effect == pytest.approx([8.4, 9.2, 10, 10.8, 11.6])
    assert found.variance == pytest.approx([1.0, 0.88, 0.84, 0.88, 1.0])


def test_the_between_variance_solves_its_equation():
    rng = np.random.default_rng(1)
    error = rng.uniform(0.2, 2, 30)
    effect = rng.standard_normal(30) + error * rng.standard_normal(30)
    found = shrink(effect, error)
    weight = 1 / (error**2 + found.spread**2)
    assert found.mean == pytest.approx(np.average(effect, weights=weight))
    assert (weight * (effect - found.mean) ** 2).sum() == pytest.approx(29)


def test_differences_within_chance_are_taken_for_chance():
    found = shrink(np.array([-0.1, 0.0, 0.1, 0.2]), np.ones(4))
    assert found.spread == 0
    assert found.reliance == pytest.approx(1 - 1 / 3)  # (k - 3) / (k - 1): four effects say little about their spread


def test_large_differences_are_kept():
    effect = np.array([-500.0, 100, 300, 900, 20])
    assert shrink(effect, np.ones(5)).effect == pytest.approx(effect, abs=0.02)


def test_the_less_certain_is_pulled_more_and_none_beyond_the_mean():
    rng = np.random.default_rng(2)
    error = np.linspace(0.1, 3, 20)
    effect = 1 + rng.standard_normal(20) + error * rng.standard_normal(20)
    found = shrink(effect, error)
    assert (np.diff(found.reliance) < 0).all()
    between = np.sort(np.column_stack([effect, np.full(20, found.mean)]), axis=1)
    assert ((found.effect >= between[:, 0]) & (found.effect <= between[:, 1])).all()


def test_missing_stay_missing_and_do_not_matter():
    effect, error = np.array([1.0, 2, np.nan, 4, 5, 6]), np.array([1.0, 1, 1, 1, np.nan, 1])
    found = shrink(effect, error)
    keep = np.isfinite(effect) & np.isfinite(error)
    assert np.isnan(found.effect).tolist() == (~keep).tolist()
    assert found.effect[keep] == pytest.approx(shrink(effect[keep], error[keep]).effect)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_fewer_than_four_are_not_shrunken(n):
    found = shrink(np.arange(float(n)), np.ones(n))
    assert np.isnan(found.effect).all()
    assert np.isnan(found.mean)
    assert len(found.effect) == n


def test_shift_and_scale():
    effect, error = np.array([-2.0, 0.5, 1, 4, 2]), np.array([1.0, 0.5, 2, 1, 1.5])
    a, b = shrink(effect, error), shrink(7 - 3 * effect, 3 * error)
    assert b.effect == pytest.approx(7 - 3 * a.effect)
    assert b.variance == pytest.approx(9 * a.variance)


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
def test_intervals_cover_and_errors_are_smaller(spread):
    """300 sets of 12 municipalities with errors between 0.5 and 2."""
    rng = np.random.default_rng(3)
    covered, before, after = [], [], []
    error = np.linspace(0.5, 2, 12)
    for _ in range(300):
        truth = -0.4 + spread * rng.standard_normal(12)
        effect = truth + error * rng.standard_normal(12)
        found = shrink(effect, error)
        low, high = posterior_interval(found.effect, found.variance, level=0.95)
        covered.append((low <= truth) & (truth <= high))
        before.append((effect - truth) ** 2)
        after.append((found.effect - truth) ** 2)
    assert np.mean(covered) > 0.93
    assert np.mean(after) < np.mean(before)
