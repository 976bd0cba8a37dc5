"""Imputation, worked out by hand; against regressions in ``tests/reference/test_by_regression.py``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, NEVER, THREE, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DesignError
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.prepare.panel import Panel


def cells_of(rows, comparison="not_yet_treated", periods=None, leads=0, anticipation=0, **columns):
    return estimate(
        compare(panel(rows, periods, **columns), comparison, anticipation=anticipation), "imputation", leads=leads
    ).to_frame()


def values(frame) -> dict[int, float]:
    return dict(zip(frame["event_time"], frame["estimate"].round(12), strict=True))


def test_three_municipalities_in_three_periods():
    """Untreated period effects are 0, 1, 2; a's level is 5 (mean of 5 - 0 and 6 - 1): 6 - 7 = -1."""
    assert values(cells_of(THREE)) == {0: -1.0}


def test_all_clean_periods_are_the_base_not_only_the_last():
    """a's level is the mean of 4 - 0 and 7 - 1, that is 5; its effect 6 - (5 + 2) = -1, by base 2 it would be -2."""
    assert values(cells_of({**THREE, "a": (3, [4.0, 7, 6])})) == {0: -1.0}


def test_weights_count_in_the_fit_and_in_the_average():
    rows = {"a": (2, [0.0, 1]), "b": (2, [0.0, 4]), "c": (NEVER, [0.0, 1]), "d": (NEVER, [0.0, 2])}
    weights = {"a": 3.0, "b": 1.0, "c": 1.0, "d": 3.0}
    # treated change (3 x 1 + 1 x 4) / 4 = 1.75, comparison change (1 + 6) / 4 = 1.75
    assert values(cells_of(rows, weights=weights)) == {0: 0.0}
    assert values(cells_of(rows)) == {0: 1.0}


def test_a_missing_cell_leaves_the_rest():
    """Without c in period 2 the period effects still are 0, 1, 2."""
    assert values(cells_of({**THREE, "c": (NEVER, [0.0, GAP, 2])})) == {0: -1.0}


def test_a_municipality_seen_once_adds_nothing():
    frame = cells_of({**THREE, "d": (NEVER, [GAP, 9.0, GAP])})
    assert values(frame) == {0: -1.0}
    assert frame["n_comparison"].item() == 2


def test_leads_stand_before_the_effects_and_are_as_if_started_earlier():
    rows = {"a": (4, [0.0, 0, 3, 0]), "b": (NEVER, [0.0] * 4), "c": (NEVER, [0.0] * 4)}
    frame = cells_of(rows, leads=9)
    assert values(frame) == {
        -1: 3.0,
        0: -1.0,
    }  # only one lead leaves two periods; the effect's base is the mean of three
    assert frame["event_time"].tolist() == [-1, 0]


def test_anticipation_is_an_effect_and_moves_the_leads():
    rows = {"a": (5, [0.0, 0, 0, 2, 5]), "b": (NEVER, [0.0] * 5), "c": (NEVER, [0.0] * 5)}
    assert values(cells_of(rows, anticipation=1, leads=1)) == {-2: 0.0, -1: 2.0, 0: 5.0}


def test_two_clean_periods_leave_no_room_for_leads():
    assert values(cells_of(THREE, leads=4)) == {0: -1.0}


def test_holes_in_the_calendar_keep_their_event_times():
    rows = {"a": ("2007Q1", [0.0, 0, 0, -1]), "b": (NEVER, [0.0] * 4)}
    frame = cells_of(rows, periods=["2005Q1", "2006Q1", "2006Q4", "2007Q4"], leads=4)
    assert values(frame) == {-1: 0.0, 3: -1.0}


def test_later_starts_help_until_they_start_and_only_under_not_yet_treated():
    rows = {"a": (2, [0.0, 1, 1]), "b": (3, [0.0, 4, 9]), "c": (NEVER, [0.0, 0, 0])}
    assert cells_of(rows).set_index(["cohort", "period"])["estimate"]["2", "2"] == pytest.approx(1 - (4 + 0) / 2)
    never = cells_of(rows, "never_treated").set_index(["cohort", "period"])["estimate"]
    assert never["2", "2"] == pytest.approx(1.0)


def test_periods_without_any_untreated_cell_are_not_identified():
    rows = {"a": (2, [0.0, 1, 1]), "b": (2, [0.0, 1, 1]), "c": (3, [0.0, 0, 0]), "d": (3, [0.0, 0, 0])}
    frame = cells_of(rows)
    assert frame["estimate"].notna().tolist() == [True, False, False]


def test_treated_before_the_own_figures_begin_gives_no_row_for_that_municipality():
    """b has figures from its start on only: nothing to impute from; it is left out and said so."""
    rows = {"a": (3, [5.0, 6, 6]), "b": (3, [GAP, GAP, 8]), "c": (NEVER, [0.0, 1, 2])}
    design = compare(panel(rows))
    assert design.account.set_index("unit")["reason"]["b"] == "no_period_before"
    assert values(estimate(design, leads=0).to_frame()) == {0: -1.0}


def test_a_cohort_without_figures_after_its_start_never_gets_as_far_as_an_estimate():
    rows = {"a": (4, [0.0, 1, 0, GAP]), "b": (NEVER, [0.0, 1, 1, 1]), "c": (NEVER, [0.0, 2, 1, 1])}
    with pytest.raises(DesignError) as error:
        cells_of(rows, leads=1)
    assert error.value.findings[0].code == "DES-16"


def test_loadings_sum_to_zero_within_every_municipality_and_period_and_one_over_the_cohort():
    cells = build_cells(compare(panel(noisy([3, 3, 5, 5, np.nan, np.nan, np.nan]))))
    form = impute(cells, leads=2)
    assert np.abs(form.loadings.sum(axis=2)).max() < 1e-12
    assert np.abs(np.einsum("p,prt->rt", cells.count, form.loadings)).max() < 1e-12
    for row in range(len(form.rows)):
        own = cells.group == form.rows["group"][row]
        position = form.rows["position"][row]
        assert (cells.count[own] * form.loadings[own, row, position]).sum() == pytest.approx(1.0)


def test_donut_leaves_the_last_periods_before_the_start_out_of_the_cohorts_own_before():
    # a starts in period 4; its level is 5, but period 3 (the year somebody chose it) was 8. b and c are flat.
    values = {"a": [5.0, 5, 8, 5], "b": [1.0, 1, 1, 1], "c": [2.0, 2, 2, 2]}
    rows = [(u, t, y, 4.0 if u == "a" else None) for u, ys in values.items() for t, y in enumerate(ys, start=1)]
    frame = pd.DataFrame(rows, columns=["unit", "t", "y", "g"])
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    cells = build_cells(compare(panel, "never_treated"))
    assert impute(cells, leads=0).estimates().tolist() == pytest.approx([-1.0])
    assert impute(cells, leads=0, donut=1).estimates().tolist() == pytest.approx([0.0], abs=1e-12)
    assert not impute(cells, leads=0, donut=3).rows["identified"].any()
