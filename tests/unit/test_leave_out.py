"""Leaving out municipalities, one at a time or in groups."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import THREE, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DesignError, EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.leave_out import drop_units, leave_one_out, leave_out_groups

NEVER = float("nan")
STARTS = (4.0,) * 4 + (6.0,) * 3 + (NEVER,) * 8


def design_of(shift=None, comparison="not_yet_treated"):
    rows = noisy(STARTS, 8, seed=6)
    for name, by in (shift or {}).items():
        start, values = rows[name]
        rows[name] = (start, [v + by * (t >= start) for t, v in enumerate(values, start=1)])
    return compare(panel(rows), comparison)


@pytest.mark.parametrize("method", ["imputation", "group_time", "two_way"])
def test_each_row_is_the_estimate_of_a_design_without_that_municipality(method):
    found = leave_one_out(design_of(), method).table
    assert found["left_out"].tolist() == ["", *(f"u{i}" for i in range(7))]
    for name in ("u0", "u6"):
        rows = noisy(STARTS, 8, seed=6)
        del rows[name]
        expected = estimate(compare(panel(rows)), method).aggregate("overall").frame.iloc[0]
        row = found.set_index("left_out").loc[name]
        for column in ("estimate", "std_error", "conf_high", "n_treated", "n_comparison"):
            assert row[column] == pytest.approx(expected[column]), column
    assert found["difference"].to_numpy() == pytest.approx((found["estimate"] - found["estimate"].iloc[0]).to_numpy())


def test_one_municipality_that_carries_the_answer_is_named():
    even = leave_one_out(design_of({f"u{i}": 5.0 for i in range(7)}))
    assert (even.passed, even.text_key) == (True, "check.leave_out.passed")
    alone = leave_one_out(design_of({"u2": 40.0}))
    assert alone.facts["most"] == "u2"
    assert alone.facts["lowest"] == alone.table["estimate"].min()
    mixed = leave_one_out(design_of({f"u{i}": 1.2 for i in range(7)} | {"u1": 3.0}))
    sides = np.sign(mixed.table["conf_low"])
    assert mixed.passed is bool((sides == sides.iloc[0]).all())


def test_one_intake():
    found = leave_one_out(design_of(), cohort="6").table
    assert found["left_out"].tolist() == ["", "u4", "u5", "u6"]
    assert found["n_treated"].tolist() == [3, 2, 2, 2]


def test_groups_may_hold_treated_and_comparison_and_strangers():
    design = design_of()
    found = leave_out_groups(design, {"other programme": ["u0", "u10", "9999"], "nobody": []}).table.set_index(
        "left_out"
    )
    assert found.loc["other programme", "n_treated"] == 6
    assert found.loc["other programme", "n_comparison"] == found.loc["", "n_comparison"] - 1
    assert found.loc["nobody", "difference"] == 0


def test_a_group_without_which_nobody_is_left_has_an_empty_row_and_the_check_fails():
    found = leave_out_groups(design_of(), {"all": [f"u{i}" for i in range(7)]})
    assert np.isnan(found.table["estimate"].iloc[1])
    assert found.passed is False


def test_nothing_to_leave_out():
    with pytest.raises(EstimationError) as caught:
        leave_one_out(compare(panel(THREE), "never_treated"))
    assert caught.value.findings[0].code == "EST-57"
    with pytest.raises(DesignError) as missing:
        drop_units(compare(panel(THREE), "never_treated"), ["a"])
    assert missing.value.findings[0].code == "DES-06"
    assert leave_out_groups(design_of(), {}).passed is None


def test_the_design_given_is_not_changed():
    design = design_of()
    before = design.panel.outcome.copy()
    leave_one_out(design)
    assert (design.panel.outcome == before).all()
    assert len(drop_units(design, ["u3"]).panel.units) == len(design.panel.units) - 1
