"""The listed corners against a plain enumeration, and the parts of the test on their own."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from kvalitet_eval.estimate.honest_relative import (
    FIRST_STAGE,
    _least_favourable,
    relative_interval,
    relative_test,
    truncated_quantile,
)

LEVEL = 0.95


def covariance(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((n, n + 2))
    return root @ root.T / n


def moments(n_pre: int, n_post: int, mbar: float, largest: int, sign: float, *, after: bool) -> np.ndarray:
    """Rows a of "a @ deviation <= 0", in the words of the paper: |step| <= bound x largest step."""
    full = np.insert(np.eye(n_pre + n_post), n_pre, 0.0, axis=0)
    steps = [full[t + 1] - full[t] for t in range(n_pre + n_post)]
    rows = []
    for t, step in enumerate(steps):
        bound = (mbar if t >= n_pre else 1.0) * sign * steps[largest]
        if t >= n_pre or not after:
            rows += [step - bound, -step - bound]
    return np.array([row for row in rows if np.abs(row).max() > 0])


def enumerate_corners(rows: np.ndarray, sigma: np.ndarray, nuisance: np.ndarray) -> np.ndarray:
    """All basic solutions of g >= 0, g @ deviations = 1, g @ nuisance = 0."""
    deviation = np.sqrt(np.diag(rows @ sigma @ rows.T))
    system = np.column_stack([deviation, nuisance])
    size, found = system.shape[1], []
    for chosen in combinations(range(len(rows)), size):
        part = system[list(chosen)].T
        if np.linalg.matrix_rank(part) < size:
            continue
        solution = np.linalg.solve(part, np.eye(size)[0])
        if (solution >= -1e-9).all():
            corner = np.zeros(len(rows))
            corner[list(chosen)] = np.maximum(solution, 0)
            if not any(np.allclose(corner, other) for other in found):
                found.append(corner)
    return np.array(found)


def slow_accepts(beta, sigma, n_pre, weights, mbar, *, effect, critical):
    """The union of tests, one corner at a time, with the distribution of scipy.stats."""
    n_post = len(weights)
    basis = np.linalg.svd(weights[None, :])[2][1:].T  # directions of the effects that do not move the target
    start = weights / (weights @ weights) * effect
    error = 1 - LEVEL
    size = (error - FIRST_STAGE * error) / (1 - FIRST_STAGE * error)
    place = 0
    for largest in range(n_pre):
        for sign in (1.0, -1.0):
            rows = moments(n_pre, n_post, mbar, largest, sign, after=n_post > 1)
            values = rows @ beta - rows[:, n_pre:] @ start
            corners = enumerate_corners(rows, sigma, rows[:, n_pre:] @ basis)
            variances = corners @ rows @ sigma @ rows.T @ corners.T
            levels = corners @ values
            best = int(levels.argmax())
            top, own = levels[best], variances[best, best]
            low, high = -np.inf, critical[place]
            for k in range(len(corners)):
                ratio = variances[best, k] / own
                if abs(1 - ratio) > 1e-9:
                    limit = (levels[k] - ratio * top) / (1 - ratio)
                    low, high = (max(low, limit), high) if ratio < 1 else (low, min(high, limit))
            sd = np.sqrt(own)
            quantile = stats.truncnorm.ppf(1 - size, low / sd, max(high, low + 1e-12) / sd)
            if top <= critical[place] and top / sd <= max(quantile, 0):
                return True
            place += 1
    return False


@pytest.mark.parametrize(
    ("n_pre", "weights"),
    [(2, [1.0, 0.0]), (3, [0.5, 0.5]), (2, [0.0, 1.0, 0.0]), (3, [0.2, -0.5, 1.0]), (1, [1.0, 0, 0]), (3, [1.0])],
)
@pytest.mark.parametrize("mbar", [0.5, 2.0])
def test_listed_corners_give_the_test_of_enumerated_ones(n_pre, weights, mbar):
    weights = np.array(weights)
    n = n_pre + len(weights)
    for seed in range(4):
        sigma = covariance(n, seed)
        beta = 2 * np.random.default_rng(seed + 100).standard_normal(n)
        test = relative_test(beta, sigma, n_pre, weights, mbar, level=LEVEL)
        effects = weights @ beta[n_pre:] + np.linspace(-1, 1, 9) * min(test.reach(0.0), 12)
        fast = test.accepts(effects)
        slow = [slow_accepts(beta, sigma, n_pre, weights, mbar, effect=e, critical=test.critical) for e in effects]
        assert fast.tolist() == slow


@pytest.mark.parametrize(("n", "rank"), [(3, 1), (4, 2), (9, 5)])
def test_least_favourable_value_is_exceeded_with_the_first_stages_probability(n, rank):
    rng = np.random.default_rng(n)
    root = rng.standard_normal((n, rank))
    value = _least_favourable(root @ root.T, LEVEL)
    largest = (rng.standard_normal((1_000_000, rank)) @ root.T).max(axis=1)
    expected = FIRST_STAGE * (1 - LEVEL)
    assert (largest > value).mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / 1e6) + 0.05 * expected)


def test_with_a_known_course_the_interval_is_the_set_that_the_bound_allows():
    """Steps before: 0.1, -0.3 and 0.2; without noise the effect in year k may be off by (k + 1) x bound x 0.3."""
    beta, sigma = np.array([0.0, 0.1, -0.2, 1.0, 3.0]), 1e-14 * np.eye(5)
    for weights, steps in (([1.0, 0.0], 1), ([0.0, 1.0], 2), ([0.5, 0.5], 1.5)):
        low, high = relative_interval(beta, sigma, 3, np.array(weights), 0.5, level=LEVEL)
        centre = np.array(weights) @ [1.0, 3.0]
        assert [low, high] == pytest.approx([centre - steps * 0.15, centre + steps * 0.15], abs=1e-5)


def test_a_wider_bound_gives_a_wider_interval_and_the_ends_are_where_the_test_turns():
    sigma = covariance(5, 1) / 100
    beta = np.array([0.1, -0.1, 0.05, 1.0, 1.2])
    previous = (np.inf, -np.inf)
    for mbar in (0.0, 0.5, 1.0, 2.0, 4.0):
        low, high = relative_interval(beta, sigma, 3, np.array([1.0, 0.0]), mbar, level=LEVEL)
        assert low < previous[0] + 1e-9
        assert high > previous[1] - 1e-9
        test = relative_test(beta, sigma, 3, np.array([1.0, 0.0]), mbar, level=LEVEL)
        near = 1e-5 * (high - low)
        assert test.accepts(np.array([low - near, low + near, high - near, high + near])).tolist() == [
            False, True, True, False,
        ]  # fmt: skip
        previous = (low, high)


def test_truncated_quantile_is_that_of_scipy_and_survives_far_tails():
    low, high = np.array([-np.inf, -1.0, 0.5, 3.0, -8.0]), np.array([np.inf, 2.0, np.inf, 3.5, -6.0])
    expected = stats.truncnorm.ppf(0.9, low, high)
    assert truncated_quantile(0.9, low, high) == pytest.approx(expected, abs=1e-9)
    far = truncated_quantile(0.95, np.array([35.0, 60.0]), np.array([np.inf, 60.01]))
    assert far[0] == pytest.approx(35 + np.log(20) / 35, abs=0.01)
    assert 60 <= far[1] <= 60.01
