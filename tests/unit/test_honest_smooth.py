"""Shortest intervals against plain optimisation, the largest bias against linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import linprog, minimize

from kvalitet_eval.estimate.honest_smooth import folded_quantile, smooth_interval, trace_frontier

LEVEL = 0.95


def covariance(n: int, seed: int) -> np.ndarray:
    root = np.random.default_rng(seed).standard_normal((n, n + 2))
    return root @ root.T / n


def largest_bias(before: np.ndarray, weights: np.ndarray) -> float:
    """Largest weighted deviation over courses whose slope changes by at most one; infinite if a line moves it."""
    n_pre, n_post = len(before), len(weights)
    full = np.insert(np.eye(n_pre + n_post), n_pre, 0.0, axis=0)
    bends = full[2:] - 2 * full[1:-1] + full[:-2]
    ends = np.concatenate([before, weights])
    found = linprog(
        -ends, A_ub=np.vstack([bends, -bends]), b_ub=np.ones(2 * len(bends)), bounds=[(None, None)] * len(ends)
    )
    return -found.fun if found.status == 0 else np.inf


@pytest.mark.parametrize(("n_pre", "weights"), [(4, [1.0, 0.0]), (3, [0.0, 1.0]), (5, [0.5, 0.5]), (3, [1.0, -1.0])])
def test_bias_along_the_frontier_is_the_largest_possible(n_pre, weights):
    weights = np.array(weights)
    frontier = trace_frontier(covariance(n_pre + len(weights), 3), n_pre, weights)
    for penalty in np.linspace(0, frontier.penalty.max(), 5):
        before, bias = frontier.at(penalty)
        assert bias == pytest.approx(largest_bias(before, weights), rel=1e-7)
    assert largest_bias(before + 0.1, weights) == np.inf


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("bound", [0.0, 0.05, 0.5, 5.0])
def test_interval_is_the_shortest(seed, bound):
    n_pre, weights = 4, np.array([1.0, 0.0, 0.0])
    sigma, beta = covariance(7, seed), np.random.default_rng(seed).standard_normal(7)
    back = np.arange(n_pre, 0, -1.0)
    to_changes = np.maximum(back[None, :] - np.arange(n_pre)[:, None], 0.0)
    low, high = smooth_interval(beta, sigma, n_pre, weights, bound, level=LEVEL)

    def half(changes):
        before = np.linalg.solve(to_changes, np.concatenate([[1.0], changes]))
        both = np.concatenate([before, weights])
        sd = np.sqrt(both @ sigma @ both)
        return sd * folded_quantile(bound * (1 + np.abs(changes).sum()) / sd, LEVEL)

    rng = np.random.default_rng(seed)
    starts = [np.zeros(3), *rng.standard_normal((4, 3))]
    options = {"maxiter": 4000, "xatol": 1e-10, "fatol": 1e-12}
    best = min(minimize(half, start, method="Nelder-Mead", options=options).fun for start in starts)
    assert (high - low) / 2 <= best + 1e-8
    assert (high - low) / 2 == pytest.approx(best, abs=1e-5)


def test_with_one_coefficient_before_only_the_line_is_left():
    beta, sigma = np.array([0.2, 1.0, 1.5]), np.diag([0.01, 0.04, 0.09])
    low, high = smooth_interval(beta, sigma, 1, np.array([0.0, 1.0]), 0.0, level=LEVEL)
    centre, sd = 1.5 + 2 * 0.2, np.sqrt(0.09 + 4 * 0.01)  # the line through 0.2 and 0 goes on to -0.4
    assert [low, high] == pytest.approx([centre - 1.959964 * sd, centre + 1.959964 * sd], abs=1e-6)


def test_wider_bounds_give_wider_intervals_and_a_straight_trend_moves_none():
    sigma, beta = covariance(6, 4) / 50, np.array([0.1, 0.2, -0.1, 0.0, 1.0, 1.1])
    line = np.array([-4.0, -3, -2, -1, 1, 2])
    width = 0.0
    for bound in (0.0, 0.1, 0.5, 2.0):
        low, high = smooth_interval(beta, sigma, 4, np.array([1.0, 0]), bound, level=LEVEL)
        shifted = smooth_interval(beta + 3 * line, sigma, 4, np.array([1.0, 0]), bound, level=LEVEL)
        assert shifted == pytest.approx((low, high), abs=1e-9)
        assert high - low > width
        width = high - low


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0, 4.0, 40.0])
def test_folded_quantile_is_a_root_of_noncentral_chi_squared(shift):
    expected = np.sqrt(stats.ncx2.ppf(LEVEL, 1, shift**2)) if shift else stats.norm.ppf((1 + LEVEL) / 2)
    assert folded_quantile(shift, LEVEL) == pytest.approx(expected, rel=1e-8)
