"""The traditional two-way coefficient: a contrast."""

from __future__ import annotations

import pytest
from hand_panels import NEVER, THREE, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate


def coefficient(rows) -> float:
    return estimate(compare(panel(rows)), "two_way").to_frame()["estimate"].item()


def test_one_start_is_a_difference_in_differences_of_means():
    assert coefficient(THREE) == pytest.approx((6 - 5.5) - (3 - 1.5))


def test_growing_effects_with_two_starts_are_missed_even_in_sign():
    """Goodman-Bacon's point: effects of +1, +2, ... without never-treated give a negative coefficient."""
    early = [0.0, 1, 2, 3, 4, 5, 6, 7]
    late = [0.0, 0, 0, 0, 0, 0, 1, 2]
    rows = {"a": (2, early), "b": (7, late), "c": (2, early), "d": (7, late)}
    assert coefficient(rows) < 0
    effects = estimate(compare(panel(rows)), leads=0).to_frame()
    assert (effects["estimate"].dropna() > 0).all()


def test_it_has_one_row_that_is_its_own_average_and_nothing_else():
    effects = estimate(compare(panel(THREE)), "two_way")
    same = effects.aggregate("overall").to_frame()
    assert same["estimate"].tolist() == effects.to_frame()["estimate"].tolist()
    assert same["estimand"].item() == "overall"
    for kind, cohort in (("cohort", None), ("calendar", None), ("cell", None), ("overall", "3"), ("event_time", "3")):
        with pytest.raises(EstimationError) as error:
            effects.aggregate(kind, cohort=cohort)
        assert error.value.findings[0].code == "EST-06"


def test_counts_who_starts_and_who_does_not():
    row = estimate(compare(panel({**THREE, "d": (9, [1.0, 1, 1]), "e": (NEVER, [0.0, 0, 1])})), "two_way").to_frame()
    assert row[["n_treated", "n_comparison", "n_clusters"]].iloc[0].tolist() == [1, 4, 5]
    assert row["n_cohorts"].isna().all()


def test_event_times_by_hand():
    """One start and a pool: each distance is the gap between a and the pool, less the gap just before the start."""
    rows = {"a": (3, [1.0, 5, 6, 9]), "b": (NEVER, [0.0, 1, 2, 3]), "c": (NEVER, [2.0, 3, 4, 5])}
    frame = estimate(compare(panel(rows)), "two_way").aggregate("event_time").to_frame()
    gap = [1 - 1, 5 - 2, 6 - 3, 9 - 4]
    assert frame["event_time"].tolist() == [-2, 0, 1]
    assert frame["estimate"].tolist() == pytest.approx([gap[0] - gap[1], gap[2] - gap[1], gap[3] - gap[1]])
    assert set(frame["estimand"]) == {"event_time"}
    assert frame["n_treated"].tolist() == [1, 1, 1]


def test_event_times_without_a_pool_leave_out_the_earliest():
    """Two starts: distances, municipalities and periods are told apart when one more distance is left out."""
    rows = {"a": (3, [0.0, 1, 5, 4]), "b": (4, [0.0, 3, 1, 8]), "c": (3, [1.0, 0, 2, 2]), "d": (4, [2.0, 2, 0, 1])}
    frame = estimate(compare(panel(rows)), "two_way").aggregate("event_time").to_frame()
    assert frame["event_time"].tolist() == [-2, 0, 1]
    assert frame["estimate"].notna().all()
