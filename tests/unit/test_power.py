"""Smallest detectable effects and chances of finding given ones."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import THREE, noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.power import power

NEVER = float("nan")
STARTS = (4.0,) * 6 + (6.0,) * 4 + (NEVER,) * 12


def design_of():
    return compare(panel(noisy(STARTS, 8, seed=2)))


@pytest.mark.parametrize("method", ["imputation", "group_time"])
def test_overall_and_each_intake_as_in_the_effects(method):
    found, effects = power(design_of(), method=method), estimate(design_of(), method)
    assert found.frame["estimand"].tolist() == ["overall", "cohort", "cohort"]
    for kind, rows in found.frame.groupby("estimand"):
        expected = effects.aggregate(kind).frame
        assert rows["smallest_detectable"].to_numpy() == pytest.approx(expected["smallest_detectable"].to_numpy())
        assert rows["n_treated"].tolist() == expected["n_treated"].tolist()


def test_chances_are_those_of_the_noncentral_t():
    found = power(design_of(), effects=(0.0, -0.5, 0.5, 3.0))
    row = found.frame.iloc[0]
    df, shift = row["degrees_of_freedom"], 0.5 / row["std_error"]
    critical = stats.t.ppf(0.975, df)
    expected = stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)
    chances = found.chances[found.chances["estimand"] == "overall"]["power"].to_numpy()
    assert chances[:3] == pytest.approx([0.05, expected, expected], abs=1e-6)
    assert chances[3] > 0.99


def test_the_smallest_detectable_effect_is_found_in_about_four_of_five_cases():
    found = power(design_of())
    size = float(found.frame["smallest_detectable"].iloc[0])
    assert power(design_of(), effects=(size,)).chances["power"].iloc[0] == pytest.approx(0.8, abs=0.01)


def test_no_standard_error_no_answer():
    found = power(compare(panel(THREE), "never_treated"), effects=(1.0,))
    assert np.isnan(found.frame["smallest_detectable"]).all()
    assert np.isnan(found.chances["power"]).all()
    assert (found.check.passed, found.check.text_key) == (None, "check.power.not_applicable")
    assert power(design_of()).check.text_key == "check.power"


def test_two_way_has_one_row_and_nobody_asks_for_chances():
    found = power(design_of(), method="two_way")
    assert found.frame["estimand"].tolist() == ["overall"]
    assert found.chances.empty
