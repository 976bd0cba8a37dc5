"""Weights on the simplex: against hand cases, all supports by force, and the conditions of optimality."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from kvalitet_eval.estimate.weights_solver import descend, solve_exactly, solve_one


def objective(matrix, target, ridge, x) -> float:
    return float(((matrix @ x - target) ** 2).sum() + ridge * (x @ x))


def by_force(matrix: np.ndarray, target: np.ndarray, ridge: float) -> np.ndarray:
    """Solve with equality on every set of positive weights and keep the best that is feasible."""
    m = matrix.shape[1]
    best, lowest = None, np.inf
    for support in chain.from_iterable(combinations(range(m), k) for k in range(1, m + 1)):
        own = matrix[:, list(support)]
        k = len(support)
        system = np.block([[own.T @ own + ridge * np.eye(k), np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])
        solution = np.linalg.lstsq(system, np.append(own.T @ target, 1.0), rcond=None)[0][:k]
        if (solution < -1e-12).any() or abs(solution.sum() - 1) > 1e-9:
            continue
        x = np.zeros(m)
        x[list(support)] = solution
        if objective(matrix, target, ridge, x) < lowest:
            best, lowest = x, objective(matrix, target, ridge, x)
    return best


def problem(seed: int, k: int = 6, m: int = 7) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((k, m)), rng.standard_normal(k)


def everybody(n_problems: int, m: int) -> np.ndarray:
    return np.ones((n_problems, m), dtype=bool)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("ridge", [0.0, 0.01, 1.0, 30.0])
def test_exact_weights_are_the_best_of_all_supports(seed, ridge):
    matrix, target = problem(seed)
    expected = by_force(matrix, target, ridge)
    found = solve_exactly(matrix, target[None], everybody(1, 7), ridge=ridge)[0]
    assert found == pytest.approx(expected, abs=1e-9)
    assert solve_one(matrix, target, ridge=ridge) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_descent_is_near_the_best_and_never_below_it(seed):
    matrix, target = problem(seed)
    best = objective(matrix, target, 0.5, by_force(matrix, target, 0.5))
    found = descend(matrix.T @ matrix, (target @ matrix)[None], everybody(1, 7), ridge=0.5, least_decrease=1e-13)[0]
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    assert best - 1e-12 <= objective(matrix, target, 0.5, found) <= best + 1e-6


def plain_descent(matrix, target, start, *, ridge, least, most):
    """The iteration as the paper writes it, one problem, no shortcuts."""
    x, values = start.copy(), []
    while len(values) < most and (len(values) < 2 or values[-2] - values[-1] > least):
        slope = matrix.T @ (matrix @ x - target) + ridge * x
        direction = -x.copy()
        direction[slope.argmin()] += 1
        curve = ((matrix @ direction) ** 2).sum() + ridge * (direction @ direction)
        size = min(1.0, max(0.0, -(slope @ direction) / curve)) if curve > 0 else 0.0
        x = x + size * direction
        values.append(objective(matrix, target, ridge, x))
    return x


@pytest.mark.parametrize("least", [1e-3, 1e-6])
def test_many_problems_in_step_give_what_each_gives_alone(least):
    rng = np.random.default_rng(3)
    matrix = rng.standard_normal((8, 20))
    allowed = ~np.eye(20, dtype=bool)
    together = descend(matrix.T @ matrix, matrix.T @ matrix, allowed, ridge=0.3, least_decrease=least)
    for j in range(20):
        own, target, m = matrix[:, allowed[j]], matrix[:, j], 19
        x = plain_descent(own, target, np.full(m, 1 / m), ridge=0.3, least=least, most=100)
        x = np.where(x <= x.max() / 4, 0.0, x)
        x = plain_descent(own, target, x / x.sum(), ridge=0.3, least=least, most=10_000)
        assert together[j, allowed[j]] == pytest.approx(x, abs=1e-9)
        assert together[j, j] == 0


def test_two_points_by_hand():
    """(10 x - 4)^2 + ridge (x^2 + (1 - x)^2) is least at x = (40 + ridge) / (100 + 2 ridge)."""
    matrix, target = np.array([[0.0, 10.0]]), np.array([4.0])
    for ridge, expected in ((0.0, 0.4), (50.0, 0.45)):
        assert solve_one(matrix, target, ridge=ridge)[1] == pytest.approx(expected)
        assert solve_exactly(matrix, target[None], everybody(1, 2), ridge=ridge)[0, 1] == pytest.approx(expected)


def test_a_target_outside_takes_the_nearest_corner():
    matrix, target = np.array([[1.0, 2.0, 3.0]]), np.array([9.0])
    assert solve_one(matrix, target, ridge=0.0).tolist() == pytest.approx([0, 0, 1])
    found = descend(matrix.T @ matrix, (target @ matrix)[None], everybody(1, 3), ridge=0.0, least_decrease=0.0)
    assert found[0].tolist() == [0, 0, 1]


@pytest.mark.parametrize("ridge", [1e-10, 1e-4, 5.0])
def test_conditions_of_optimality_with_many_donors(ridge):
    rng = np.random.default_rng(8)
    matrix = rng.standard_normal((9, 120))
    allowed = ~np.eye(120, dtype=bool)
    x = solve_exactly(matrix, matrix.T, allowed, ridge=ridge)
    assert x.min() >= 0
    assert x.sum(axis=1) == pytest.approx(1)
    assert (x[~allowed] == 0).all()
    slope = (x @ matrix.T - matrix.T) @ matrix + ridge * x
    for j in range(120):
        used = x[j] > 1e-9
        lowest = slope[j, allowed[j]].min()
        assert slope[j, used] == pytest.approx(np.full(used.sum(), lowest), abs=1e-7)


def test_a_single_donor_and_equal_donors():
    assert solve_exactly(np.array([[3.0]]), np.array([[1.0]]), everybody(1, 1), ridge=2.0).tolist() == [[1.0]]
    same = np.ones((4, 3))
    assert solve_exactly(same, np.array([[1.0, 2, 3, 4]]), everybody(1, 3), ridge=1.0)[0] == pytest.approx(1 / 3)
    found = descend(same.T @ same, np.zeros((1, 3)), everybody(1, 3), ridge=0.0, least_decrease=0.0)
    assert found[0] == pytest.approx(1 / 3)
