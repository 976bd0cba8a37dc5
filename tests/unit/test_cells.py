"""The design as matrices, and the elimination of the municipalities."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import GAP, NEVER, THREE, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.cells import build_cells, solve_periods

ROWS = {
    "a": (3, [1.0, 2, 4]),
    "b": (3, [3.0, 3, 3]),
    "c": (NEVER, [1.0, GAP, 3]),
    "d": (NEVER, [5.0, 6, 7]),
    "e": (7, [0.0, 0, 3]),
}


def test_alike_municipalities_are_one_profile():
    cells = build_cells(compare(panel(ROWS)))
    assert cells.profile[0] == cells.profile[1]
    assert len(set(cells.profile)) == 4
    assert sorted(cells.count) == [1, 1, 1, 2]
    assert [cells.names[cells.group[p]] for p in cells.profile] == ["3", "3", "", "", "7"]
    assert cells.members(int(cells.profile[1])).tolist() == [0, 1]


def test_cohorts_that_start_after_the_panel_are_groups_without_an_effect():
    cells = build_cells(compare(panel(ROWS)))
    assert (cells.names, cells.pool_group) == (("3", "7", ""), 2)
    assert cells.estimable() == [0]


def test_outcomes_lose_their_own_mean_and_gaps_are_zero_with_weight_zero():
    cells = build_cells(compare(panel(ROWS)))
    assert cells.outcome[2].tolist() == [-1.0, 0.0, 1.0]
    assert cells.omega[cells.profile[2]].tolist() == [1.0, 0.0, 1.0]


def test_clean_periods_end_before_anticipation():
    cells = build_cells(compare(panel(ROWS, [1, 2, 3]), anticipation=1))
    assert cells.clean(0).tolist() == [True, False, False]
    assert cells.clean(cells.pool_group).all()


def test_every_weight_of_its_own_is_a_profile_of_its_own():
    weights = {"a": 1.0, "b": 2.0, "c": 1.0}
    cells = build_cells(compare(panel(THREE, weights=weights), "never_treated"))
    assert cells.count.tolist() == [1, 1, 1]
    assert sorted(cells.omega[:, 0]) == [1, 1, 2]


def test_profiles_may_be_kept_apart_and_sums_are_by_profile():
    together, apart = (build_cells(compare(panel(ROWS)), separate=s) for s in (False, True))
    assert apart.count.tolist() == [1] * 5
    assert sorted(apart.profile) == list(range(5))
    assert apart.sums()[apart.profile] == pytest.approx(apart.outcome)
    own = together.sums()[together.profile[0]]
    assert own == pytest.approx(apart.outcome[0] + apart.outcome[1])
    for i in range(5):
        assert apart.omega[apart.profile[i]].tolist() == together.omega[together.profile[i]].tolist()


def normal_matrix(fit: np.ndarray) -> np.ndarray:
    return np.diag(fit.sum(axis=0)) - fit.T @ (fit / fit.sum(axis=1, keepdims=True))


def test_solution_solves_the_normal_equations():
    rng = np.random.default_rng(1)
    fit = rng.uniform(0.1, 3, (6, 4))
    right = normal_matrix(fit) @ rng.standard_normal((4, 3))
    gamma, solved = solve_periods(fit, np.ones(6), right)
    assert solved.all()
    assert normal_matrix(fit) @ gamma == pytest.approx(right, abs=1e-12)


def test_counts_are_repeated_profiles():
    rng = np.random.default_rng(2)
    fit, count = rng.uniform(0.1, 3, (3, 4)), np.array([2, 1, 3])
    right = np.array([[1.0], [-1.0], [0.5], [-0.5]])
    once = solve_periods(np.repeat(fit, count, axis=0), np.ones(6), right)[0]
    assert solve_periods(fit, count, right)[0] == pytest.approx(once, abs=1e-12)


def test_periods_that_no_municipality_connects_are_not_solved():
    fit = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]])
    inside, across = [1.0, -1, 0, 0], [1.0, 0, -1, 0]
    _, solved = solve_periods(fit, np.ones(2), np.array([inside, across]).T)
    assert solved.tolist() == [True, False]


@pytest.mark.parametrize("small", [1e-6, 1e-9, 1e-12, 1e-15])
def test_a_period_of_tiny_weight_is_still_told_from_one_without_any(small):
    fit = np.array([[1.0, 1, small], [1.0, 2, small], [2.0, 1, 3 * small]])
    right = normal_matrix(fit) @ np.array([[0.0], [1.0], [2.0]])
    gamma, solved = solve_periods(fit, np.ones(3), right)
    assert solved.all()
    assert (gamma - gamma[0])[:, 0] == pytest.approx([0, 1, 2], rel=1e-8)
