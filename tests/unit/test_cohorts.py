"""Cohorts: same start and same name."""

from __future__ import annotations

from hand_panels import NEVER, panel

from kvalitet_eval.design.cohorts import find_cohorts

ROWS = {
    "a": (3, [0.0] * 5),
    "b": (5, [0.0] * 5),
    "c": (3, [0.0] * 5),
    "d": (NEVER, [0.0] * 5),
    "e": (9, [0.0] * 5),
}


def test_cohorts_are_listed_by_start_with_their_periods_before_and_after():
    found = find_cohorts(panel(ROWS))
    assert [(c.name, c.start, c.members, c.n_before, c.n_after) for c in found] == [
        ("3", 3.0, (0, 2), 2, 3),
        ("5", 5.0, (1,), 4, 1),
        ("9", 9.0, (4,), 5, 0),
    ]
    assert [c.size for c in found] == [2, 1, 1]


def test_anticipation_shortens_the_periods_before_and_nothing_else():
    found = find_cohorts(panel(ROWS), anticipation=2)
    assert [(c.n_before, c.n_after) for c in found] == [(0, 3), (2, 1), (5, 0)]


def test_two_names_with_one_start_are_two_cohorts_and_a_hole_is_no_period():
    names = {"a": "x", "b": "x", "c": "y", "d": None, "e": "z"}
    found = find_cohorts(panel(ROWS, [1, 2, 3, 4, 7], cohort_name=names))
    assert [(c.name, c.start, c.n_before, c.n_after) for c in found] == [
        ("x", 3.0, 2, 3),
        ("y", 3.0, 2, 3),
        ("x", 5.0, 4, 1),
        ("z", 9.0, 5, 0),
    ]
