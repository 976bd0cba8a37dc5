"""Placebos in time and in space."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.placebo import give_starts, move_start, placebo_in_space, placebo_in_time

NEVER = float("nan")
STARTS = (7.0,) * 6 + (9.0,) * 5 + (NEVER,) * 20


def design_of(starts=STARTS, *, effect=0.0, jump=0.0, comparison="not_yet_treated", anticipation=0, seed=1):
    """Ten periods; ``effect`` from the start on, ``jump`` in the two periods before it."""
    rows = noisy(starts, 10, seed=seed)
    t = np.arange(1, 11)
    for name, (start, values) in rows.items():
        if start:
            moved = np.array(values) + effect * (t >= start) + jump * ((t >= start - 2) & (t < start))
            rows[name] = (start, moved.tolist())
    return compare(panel(rows), comparison, anticipation=anticipation)


def test_in_time_uses_nothing_from_the_programme():
    one, other = (placebo_in_time(design_of(effect=e), shift=2).table for e in (0.0, 50.0))
    assert one["estimate"].tolist() == other["estimate"].tolist()
    assert one["cohort"].tolist()[1:] == ["7", "9"]


def test_in_time_is_the_estimate_of_a_panel_that_ends_before_the_start():
    design = design_of(starts=(7.0,) * 6 + (NEVER,) * 20, anticipation=1)
    found = placebo_in_time(design, shift=2, leads=0).table
    rows = noisy((7.0,) * 6 + (NEVER,) * 20, 10, seed=1)
    cut = {u: (4 if start else None, values[:5]) for u, (start, values) in rows.items()}
    expected = estimate(compare(panel(cut)), leads=0).aggregate("overall").frame.iloc[0]
    for column in ("estimate", "std_error", "conf_low"):
        assert found[column].iloc[0] == pytest.approx(expected[column]), column


def test_in_time_finds_a_jump_before_the_start():
    assert placebo_in_time(design_of(), shift=2).passed is True
    found = placebo_in_time(design_of(jump=3.0), shift=2)
    assert (found.passed, found.text_key) == (False, "check.placebo_in_time.failed")
    assert found.facts["shift"] == 2


@pytest.mark.parametrize("method", ["imputation", "group_time", "two_way"])
def test_in_time_with_every_method(method):
    found = placebo_in_time(design_of(), method, shift=2)
    assert np.isfinite(found.table["estimate"]).all()


def test_intakes_without_a_period_before_fall_out():
    found = placebo_in_time(design_of(starts=(3.0,) * 6 + (9.0,) * 5 + (NEVER,) * 20), shift=4)
    assert found.table["cohort"].tolist()[1:] == ["9"]
    moved = move_start(design_of(starts=(3.0,) * 6 + (9.0,) * 5 + (NEVER,) * 20), 4)
    assert [(c.name, c.start) for c in moved.cohorts] == [("9", 5.0)]


@pytest.mark.parametrize(("shift", "code"), [(0, "EST-58"), (9, "EST-59")])
def test_in_time_refusals(shift, code):
    with pytest.raises(EstimationError) as caught:
        placebo_in_time(design_of(), shift=shift)
    assert caught.value.findings[0].code == code
    assert str(caught.value)


def test_one_treated_has_no_mark():
    found = placebo_in_time(design_of(starts=(7.0,) + (NEVER,) * 20), shift=2)
    assert (found.passed, found.text_key) == (None, "check.placebo_in_time.not_applicable")


def test_in_space_real_participants_are_in_no_draw():
    one, other = (placebo_in_space(design_of(effect=e), draws=15, seed=3).table for e in (0.0, 9.0))
    assert one["estimate"].tolist()[1:] == other["estimate"].tolist()[1:]
    assert other["estimate"].iloc[0] - one["estimate"].iloc[0] == pytest.approx(9.0)


def test_in_space_gives_each_intake_its_size_and_start():
    design = design_of()
    given = give_starts(design, np.flatnonzero(design.pool)[:11])
    assert [(c.name, c.size) for c in given.cohorts] == [("7", 6), ("9", 5)]
    assert int(given.pool.sum()) == 9
    assert set(given.panel.units).isdisjoint(
        u for u, s in zip(design.panel.units, design.panel.start, strict=True) if s > 0
    )


def test_in_space_ranks_the_real_statistic():
    found = placebo_in_space(design_of(effect=4.0), draws=19)
    assert found.facts["p_value"] == pytest.approx(1 / 20)
    placebos = found.table.iloc[1:]
    assert found.facts["significant"] == placebos["significant"].mean()
    outside = (placebos["conf_low"] > 0) | (placebos["conf_high"] < 0)
    assert placebos["significant"].tolist() == outside.tolist()
    same = placebo_in_space(design_of(effect=4.0), draws=19)
    assert same.table.equals(found.table)
    assert (
        placebo_in_space(design_of(effect=4.0), draws=19, seed=1).table["estimate"].iloc[1]
        != (found.table["estimate"].iloc[1])
    )


def test_in_space_refusals():
    small = design_of(starts=(7.0,) * 6 + (NEVER,) * 7)
    for design, draws in ((small, 9), (design_of(), 0)):
        with pytest.raises(EstimationError) as caught:
            placebo_in_space(design, draws=draws)
        assert caught.value.findings[0].code == "EST-60"
