"""Group-time effects, worked out by hand; against R's did in ``tests/reference``."""

from __future__ import annotations

import pytest
from hand_panels import GAP, NEVER, THREE, panel, table

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel


def cells_of(rows, comparison="not_yet_treated", *, base="universal", anticipation=0, periods=None, **columns):
    design = compare(panel(rows, periods, **columns), comparison, anticipation=anticipation)
    frame = estimate(design, "group_time", base=base).to_frame()
    return dict(zip(zip(frame["cohort"], frame["period"], strict=True), frame["estimate"].round(12), strict=True))


def test_three_municipalities_in_three_periods():
    """Period 3: (6 - 6) - mean(3 - 2, 2 - 1) = -1. Period 1 against base 2: (5 - 6) - mean(1 - 2, 0 - 1) = 0."""
    assert cells_of(THREE) == {("3", "1"): 0.0, ("3", "3"): -1.0}


def test_varying_base_compares_with_the_period_before():
    rows = {"a": (4, [0.0, 1, 3, 6]), "b": (NEVER, [0.0] * 4)}
    assert cells_of(rows, base="varying") == {("4", "2"): 1.0, ("4", "3"): 2.0, ("4", "4"): 3.0}
    assert cells_of(rows, base="universal") == {("4", "1"): -3.0, ("4", "2"): -2.0, ("4", "4"): 3.0}


def test_anticipation_moves_the_base_back_for_all_later_periods():
    rows = {"a": (4, [0.0, 1, 3, 6]), "b": (NEVER, [0.0] * 4)}
    assert cells_of(rows, anticipation=1) == {("4", "1"): -1.0, ("4", "3"): 2.0, ("4", "4"): 5.0}


def test_not_yet_treated_must_not_have_started_nor_anticipate():
    rows = {"a": (2, [0.0, 1, 1, 1]), "b": (4, [0.0, 8, 8, 8]), "c": (NEVER, [0.0, 2, 2, 2])}
    found = cells_of(rows)
    assert found["2", "2"] == found["2", "3"] == 1 - (8 + 2) / 2
    assert found["2", "4"] == 1 - 2
    anticipated = cells_of({**rows, "a": (3, [0.0, 0, 1, 1])}, anticipation=1)
    assert anticipated["3", "2"] == 0 - (8 + 2) / 2  # b starts in 4, less one: still free in 2
    assert anticipated["3", "3"] == 1 - 2  # no more in 3


def test_a_base_before_the_start_is_never_shared_with_one_who_starts_in_between():
    """b starts in 2 and is no comparison for a's period 1 against base 3, although period 1 is before its start."""
    rows = {"a": (4, [0.0, 0, 0, 1]), "b": (2, [0.0, 9, 9, 9]), "c": (NEVER, [0.0, 0, 0, 0])}
    assert cells_of(rows)["4", "1"] == 0.0


def test_pairs_need_both_figures():
    rows = {"a": (3, [5.0, 6, 6]), "b": (NEVER, [1.0, 2, 3]), "c": (NEVER, [0.0, GAP, 9])}
    assert cells_of(rows)["3", "3"] == -1.0  # c has no base and is left out


def test_weights_are_those_of_the_base():
    rows = {"a": (2, [0.0, 1]), "b": (2, [0.0, 4]), "c": (NEVER, [0.0, 1]), "d": (NEVER, [0.0, 2])}
    assert cells_of(rows, weights={"a": 3.0, "b": 1.0, "c": 1.0, "d": 1.0}) == {("2", "2"): 1.75 - 1.5}


def test_the_whole_cohort_without_a_base_is_not_identified():
    rows = {"a": (3, [5.0, GAP, 6]), "b": (NEVER, [1.0, 2, 3]), "c": (NEVER, [0.0, 1, 2])}
    frame = estimate(compare(panel(rows)), "group_time")
    assert frame.to_frame()["estimate"].isna().all()
    assert frame.warnings[-1].code == "EST-07"


def test_holes_in_the_calendar():
    rows = {"a": ("2007Q1", [0.0, 1, 3]), "b": (NEVER, [0.0, 0, 0])}
    assert cells_of(rows, periods=["2006Q1", "2006Q4", "2008Q1"]) == {
        ("2007Q1", "2006Q1"): -1.0,
        ("2007Q1", "2008Q1"): 2.0,
    }
    with pytest.raises(KeyError):
        cells_of(rows, periods=["2006Q1", "2006Q4", "2008Q1"])["2007Q1", "2007Q1"]


PATH = {"a": (5, [0.0, 1, 3, 6, 10, 15]), "b": (NEVER, [0.0] * 6)}


@pytest.mark.parametrize(
    ("base", "anticipation", "expected"),
    [
        (1, 0, {"1": -6.0, "2": -5.0, "3": -3.0, "5": 4.0, "6": 9.0}),
        (3, 0, {"1": -1.0, "3": 2.0, "4": 5.0, "5": 9.0, "6": 14.0}),
        (1, 1, {"1": -3.0, "2": -2.0, "4": 3.0, "5": 7.0, "6": 12.0}),
        (2, 1, {"1": -1.0, "3": 2.0, "4": 5.0, "5": 9.0, "6": 14.0}),
        ((-2, -2), 0, {"1": -3.0, "2": -2.0, "4": 3.0, "5": 7.0, "6": 12.0}),
        ((-3, -2), 0, {"1": -2.0, "2": -1.0, "3": 1.0, "4": 4.0, "5": 8.0, "6": 13.0}),
        ((-9, -3), 0, {"1": -0.5, "2": 0.5, "3": 2.5, "4": 5.5, "5": 9.5, "6": 14.5}),
    ],
)
def test_a_base_further_back_and_a_window(base, anticipation, expected):
    """Number k: the k-th period before anticipation. Window: mean of 1 and 3; of what the panel has, 0 and 1."""
    found = cells_of(PATH, base=base, anticipation=anticipation)
    assert found == {("5", period): value for period, value in expected.items()}


def test_a_window_needs_all_its_figures_on_both_sides():
    rows = {**PATH, "c": (NEVER, [0.0, GAP, 0, 0, 6, 6]), "d": (5, [0.0, 1, GAP, 6, 99, 99])}
    assert cells_of(rows, base=(-3, -2))["5", "5"] == 8.0
    assert cells_of(rows, base=(-1, -1))["5", "5"] == (4 + 93) / 2 - 3


def test_weights_of_a_window_are_the_mean_of_its_weights():
    """Weights 1 and 3 of a, 2 and 2 of c: the same; b alone is compared with."""
    frame = table({"a": (3, [0.0, 0, 1]), "c": (3, [0.0, 0, 4]), "b": (NEVER, [0.0] * 3)})
    frame["w"] = [1.0, 3, 9, 2, 2, 9, 1, 1, 1]
    built = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w")
    rows = estimate(compare(built), "group_time", base=(-2, -1)).to_frame().set_index("period")["estimate"]
    assert rows["3"] == pytest.approx(2.5)
    single = estimate(compare(built), "group_time", base=2).to_frame().set_index("period")["estimate"]
    assert single["3"] == pytest.approx((1 + 2 * 4) / 3)


def test_later_intakes_are_compared_with_when_free_of_window_and_period():
    rows = {"a": (4, [0.0, 0, 0, 1]), "b": (3, [0.0, 9, 0, 0]), "c": (NEVER, [0.0] * 4)}
    assert cells_of(rows, base=(-3, -3))["4", "2"] == -4.5  # b and c, before b starts
    assert cells_of(rows, base=(-3, -1))["4", "2"] == 0.0  # the window reaches to b's start: c alone
