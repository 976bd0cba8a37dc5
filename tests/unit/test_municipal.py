"""Single municipalities: each as if it were alone, never ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.municipal import COLUMNS, municipal_effects
from kvalitet_eval.estimate.shrinkage import shrink
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.prepare.panel import Panel

STARTS = [5.0] * 3 + [7.0] * 2 + [np.nan] * 25


@pytest.fixture(scope="module")
def of():
    return noisy(STARTS, n_periods=9, seed=21)


@pytest.fixture(scope="module")
def frame(of):
    return municipal_effects(compare(panel(of)))


def test_each_is_estimated_as_if_it_were_the_only_one(of, frame):
    for unit, row in frame.set_index("unit").iterrows():
        others = {u for u, (g, _) in of.items() if g is not None} - {unit}
        alone = synthesise(compare(panel({u: r for u, r in of.items() if u not in others})), solver="exact").to_frame()
        assert row["estimate"] == pytest.approx(alone["estimate"].iloc[0], abs=1e-9)
        assert row["p_value"] == pytest.approx(alone["p_value"].iloc[0], abs=1e-12)


def test_sorted_by_number_with_the_documented_columns(frame):
    assert tuple(frame.columns) == COLUMNS
    assert frame["unit"].tolist() == ["u0", "u1", "u2", "u3", "u4"]
    assert not any("rank" in column for column in frame.columns)
    assert frame["cohort"].tolist() == ["5", "5", "5", "7", "7"]
    assert frame["n_before"].tolist() == [4, 4, 4, 6, 6]
    assert (frame["n_comparison"] == 25).all()


def test_shrunken_effects_are_those_of_all_municipalities_together(frame):
    expected = shrink(frame["estimate"].to_numpy(), frame["std_error"].to_numpy())
    assert frame["shrunken"].tolist() == pytest.approx(expected.effect.tolist())
    assert ((frame["shrunken_low"] < frame["shrunken"]) & (frame["shrunken"] < frame["shrunken_high"])).all()


def test_the_scaled_interval_and_p_value_agree(frame):
    rejected = frame["p_value_scaled"] <= 0.05
    outside = (frame["conf_low"] > 0) | (frame["conf_high"] < 0)
    assert (rejected == outside).all()


def test_a_large_effect_is_found_and_only_there(of):
    raised = dict(of)
    raised["u1"] = (5, [y - 40 * (t >= 5) for t, y in enumerate(of["u1"][1], 1)])
    found = municipal_effects(compare(panel(raised))).set_index("unit")
    assert found.loc["u1", "p_value"] == pytest.approx(1 / 26)
    assert found.loc["u1", "p_value_scaled"] == pytest.approx(1 / 26)
    assert found.loc["u1", "conf_high"] < 0


def test_a_municipality_with_a_hole_has_a_window_of_its_own(of):
    holed = {u: (g, list(v)) for u, (g, v) in of.items()}
    holed["u2"][1][1] = GAP
    found = municipal_effects(compare(panel(holed))).set_index("unit")
    assert found["n_before"].tolist() == [4, 4, 3, 6, 6]
    before = municipal_effects(compare(panel(of))).set_index("unit")
    assert found.loc["u0", "estimate"] == before.loc["u0", "estimate"]


def test_one_that_cannot_be_estimated_keeps_its_row_and_says_why():
    of = noisy([2.0, 5.0] + [np.nan] * 22, n_periods=7, seed=2)
    found = municipal_effects(compare(panel(of))).set_index("unit")
    assert found["reason"].tolist() == ["EST-42", ""]
    assert np.isnan(found.loc["u0", "estimate"])
    assert found["shrunken"].isna().all()  # fewer than four


def test_too_few_placebos_give_no_interval():
    found = municipal_effects(compare(panel(noisy([5.0] + [np.nan] * 10, n_periods=8, seed=3))))
    assert found["p_value"].notna().all()
    assert found["conf_low"].isna().all()


@pytest.mark.parametrize("options", [{"kind": "x"}, {"solver": "x"}, {"level": 0.0}])
def test_unknown_options_are_refused(of, options):
    with pytest.raises(EstimationError) as error:
        municipal_effects(compare(panel(of)), **options)
    assert error.value.findings[0].code == "EST-04"


@pytest.mark.parametrize("kind", ["synthetic_control", "did"])
def test_the_other_kinds(of, kind):
    found = municipal_effects(compare(panel(of)), kind=kind).set_index("unit")
    others = {"u1", "u2", "u3", "u4"}
    design = compare(panel({u: r for u, r in of.items() if u not in others}))
    alone = synthesise(design, kind=kind, solver="exact", inference="jackknife").to_frame()
    assert found.loc["u0", "estimate"] == pytest.approx(alone["estimate"].iloc[0], abs=1e-9)


def test_the_frame_of_the_panel_is_not_needed_in_order(of):
    long = pd.DataFrame([(u, t, y, g) for u, (g, v) in of.items() for t, y in enumerate(v, 1)], columns=list("utyg"))
    tables = [
        municipal_effects(compare(Panel.from_frame(f, unit="u", period="t", outcome="y", cohort="g")))
        for f in (long, long.sample(frac=1, random_state=1))
    ]
    pd.testing.assert_frame_equal(*tables)
