"""Neighbours, weights and range: what each check leaves out, counts and says."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effective_number import effective_number
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.overlap import overlap
from kvalitet_eval.estimate.spillover import spillover_ring

NEVER = float("nan")
STARTS = (4.0,) * 4 + (6.0,) * 3 + (NEVER,) * 8
DEGREE_KM = 6371.0088 * np.pi / 180


def places(**moved):
    """Participants at (10, 60), the others one degree of latitude further north each: u7 one, u8 two, ..."""
    found = {f"u{i}": (10.0, 60.0 + max(0, i - 6)) for i in range(len(STARTS))}
    return found | moved


def design(comparison="not_yet_treated", shift=None, **columns):
    rows = noisy(STARTS, 8, seed=6)
    for name, by in (shift or {}).items():
        start, values = rows[name]
        rows[name] = (start, [v + by * (t >= 4) for t, v in enumerate(values, start=1)])
    return compare(panel(rows, **columns), comparison)


@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
def test_each_ring_is_the_estimate_without_those_inside_it(comparison):
    found = spillover_ring(design(comparison), places(), kilometres=(2.5 * DEGREE_KM, 1.001 * DEGREE_KM)).table
    assert found["left_out"].tolist() == ["", f"{1.001 * DEGREE_KM:g}", f"{2.5 * DEGREE_KM:g}"]
    for row, gone in ((1, ["u7"]), (2, ["u7", "u8"])):
        rows = noisy(STARTS, 8, seed=6)
        for name in gone:
            del rows[name]
        expected = estimate(compare(panel(rows), comparison)).aggregate("overall").frame.iloc[0]
        for column in ("estimate", "std_error", "n_treated", "n_comparison"):
            assert found[column].iloc[row] == pytest.approx(expected[column]), column


def test_the_distance_is_along_the_globe_and_to_any_participant():
    """A degree of longitude at 60 degrees north is half a degree of latitude: 55.6 km, haversine by hand."""
    half = 2 * 6371.0088 * np.arcsin(np.cos(np.radians(60)) * np.sin(np.radians(0.5)))
    moved = places(u7=(11.0, 60.0), u6=(10.0, 68.0))  # u8 and later lie near u6 of the second cohort, too
    near = spillover_ring(design("never_treated"), moved, kilometres=(half - 0.01,), cohort="4").table
    far = spillover_ring(design("never_treated"), moved, kilometres=(half + 0.01,), cohort="4").table
    assert far["n_comparison"].iloc[1] == near["n_comparison"].iloc[1] - 1
    alone = spillover_ring(design("never_treated"), moved, kilometres=(1.0,), cohort="4").table
    assert alone["n_comparison"].tolist() == [8, 7]  # u14 stands where u6 does


def test_neighbours_that_fell_with_the_participants_hide_the_effect():
    """Everybody treated and u7-u10 fall by 5: with them the estimate is much smaller than without."""
    fallen = design("never_treated", shift={f"u{i}": -5.0 for i in range(11)})
    found = spillover_ring(fallen, places(), kilometres=(4.5 * DEGREE_KM,)).table
    assert found["estimate"].iloc[1] < found["estimate"].iloc[0] - 1.5


def test_a_ring_around_everybody_has_no_answer():
    found = spillover_ring(design("never_treated"), places(), kilometres=(20_000,))
    assert np.isnan(found.table["estimate"].iloc[1])
    assert (found.name, found.passed, found.text_key) == ("spillover_ring", False, "check.spillover.failed")


@pytest.mark.parametrize("wrong", [None, (200.0, 60.0), (10.0, 95.0), (NEVER, 60.0)])
def test_a_municipality_without_a_place_is_named(wrong):
    given = places(u3=wrong)
    with pytest.raises(EstimationError) as caught:
        spillover_ring(design(), given)
    assert (caught.value.findings[0].code, caught.value.findings[0].found) == ("EST-81", "u3")


def test_effective_numbers_by_hand():
    """Weights of 1 but for u0 with 4: 7 treated, (4 + 6)^2 / (16 + 6) = 100 / 22; first cohort 7^2 / 19."""
    weights = {f"u{i}": 4.0 if i == 0 else 1.0 for i in range(len(STARTS))}
    table = effective_number(design("never_treated", weights=weights)).table
    assert table["n"].tolist() == [7, 4, 3, 8]
    assert table["n_effective"].tolist() == pytest.approx([100 / 22, 49 / 19, 3, 8])
    assert table["largest_share"].tolist() == pytest.approx([0.4, 4 / 7, 1 / 3, 1 / 8])
    assert table["heaviest"].iloc[0] == "u0"


def test_the_pools_own_weights_count():
    size = {f"u{i}": 100.0 if i < 11 else 10_000.0 for i in range(len(STARTS))}
    size |= {"u0": 9_999.0}
    chosen = design("same_size", size=size)
    table = effective_number(chosen).table
    weight = chosen.pool_weight[chosen.pool]
    assert weight.std() > 0
    assert table["n_effective"].iloc[-1] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


def test_participants_beyond_everybody_are_counted():
    inside = overlap(design("never_treated"), cohort="6")
    above = overlap(design("never_treated", shift=None), cohort="4")
    rows = noisy(STARTS, 8, seed=6)
    rows["u1"] = (4, [99.0, 99.0, 99.0, *rows["u1"][1][3:]])
    moved = overlap(compare(panel(rows), "never_treated"), cohort="4")
    level = moved.table.set_index("measure").loc["level"]
    assert level["n_outside"] == above.table.set_index("measure").loc["level", "n_outside"] + 1
    assert moved.passed is False and moved.facts["n"] == 4
    assert inside.table["n_outside"].between(0, 3).all()
