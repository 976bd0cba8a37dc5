"""Standardised differences, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, NEVER, panel

from kvalitet_eval.design.balance import COLUMNS, balance
from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DesignError
from kvalitet_eval.prepare.panel import Panel

# Start in period 5. Levels before: a 6, b 4 | c 3, d 1, e 2; last year (period 4): a 9, b 7 | c 3, d 1, e 2.
ROWS = {
    "a": (5, [5.0, 5, 5, 9, 0]), "b": (5, [3.0, 3, 3, 7, 0]),
    "c": (NEVER, [3.0, 3, 3, 3, 0]), "d": (NEVER, [1.0, 1, 1, 1, 0]), "e": (NEVER, [2.0, 2, 2, 2, 0]),
}  # fmt: skip


def measured(found, measure, cohort="5"):
    rows = found[(found["cohort"] == cohort) & (found["measure"] == measure)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_level_last_year_and_slope_by_hand():
    found = balance(compare(panel(ROWS), "never_treated"), year=1)
    assert tuple(found.columns) == COLUMNS
    level = measured(found, "level")
    assert (level["treated_mean"], level["comparison_mean"]) == (5.0, 2.0)
    assert (level["treated_sd"] ** 2, level["comparison_sd"] ** 2) == pytest.approx((2.0, 1.0))
    assert level["standardised_difference"] == pytest.approx(3 / np.sqrt(1.5))
    assert (level["n_treated"], level["n_comparison"]) == (2, 3)
    assert measured(found, "last_year")["standardised_difference"] == pytest.approx(6 / np.sqrt(1.5))
    slope = measured(found, "slope")  # 5, 5, 5, 9 on 1..4: (-1.5*5 - .5*5 + .5*5 + 1.5*9) / 5 = 1.2, for b the same
    assert (slope["treated_mean"], slope["comparison_mean"]) == pytest.approx((1.2, 0.0), abs=1e-12)
    assert np.isnan(slope["standardised_difference"])  # nobody varies


def test_the_period_of_anticipation_is_not_before():
    found = balance(compare(panel(ROWS), "never_treated", anticipation=1), year=1)
    assert measured(found, "level")["treated_mean"] == 4.0
    assert measured(found, "last_year")["treated_mean"] == 4.0


def test_weights_count_in_means_and_deviations():
    weights = dict(zip("abcde", (3.0, 1.0, 1.0, 1.0, 2.0), strict=True))
    level = measured(balance(compare(panel(ROWS, weights=weights), "never_treated")), "level")
    assert level["treated_mean"] == 5.5  # (3 * 6 + 4) / 4
    # s^2 = 4 / (16 - 10) * (3 * 0.5^2 + 1.5^2) = 2
    assert level["treated_sd"] ** 2 == pytest.approx(2.0)
    assert level["comparison_mean"] == 2.0
    # 4 / (16 - 6) * (1 + 1) = 0.8
    assert level["comparison_sd"] ** 2 == pytest.approx(0.8)


def test_later_cohorts_are_compared_with_only_when_the_design_says_so():
    rows = {**ROWS, "f": (6, [9.0, 9, 9, 9, 9])}
    never = balance(compare(panel(rows, [1, 2, 3, 4, 5]), "never_treated"), cohort="5")
    waiting = balance(compare(panel(rows, [1, 2, 3, 4, 5]), "not_yet_treated"), cohort="5")
    assert measured(never, "level")["n_comparison"] == 3
    assert measured(waiting, "level")["n_comparison"] == 4
    # with one period of anticipation f is already under way in period 5
    early = balance(compare(panel(rows), "not_yet_treated", anticipation=1), cohort="5")
    assert measured(early, "level")["n_comparison"] == 3


def test_missing_figures_are_left_out_of_the_means():
    rows = {**ROWS, "c": (NEVER, [GAP, GAP, GAP, GAP, 0.0]), "d": (NEVER, [1.0, GAP, 1, 4, 0])}
    level = measured(balance(compare(panel(rows), "never_treated")), "level")
    assert (level["n_comparison"], level["comparison_mean"]) == (2, 2.0)


def test_size_and_further_columns():
    frame = pd.DataFrame(
        {
            "unit": np.repeat(list("abcde"), 5),
            "t": [1, 2, 3, 4, 5] * 5,
            "y": np.concatenate([values for _, values in ROWS.values()]),
            "g": np.repeat([5, 5, np.nan, np.nan, np.nan], 5),
            "people": np.repeat([np.e**2, np.e**4, np.e, np.e, np.e**4], 5),
            "old": np.repeat([2.0, 4, 1, 3, 2], 5),
            "name": "x",
        }
    )
    columns = {"unit": "unit", "period": "t", "outcome": "y", "cohort": "g", "size": "people"}
    design = compare(Panel.from_frame(frame, **columns), "never_treated")
    found = balance(design, columns=["old"])
    assert measured(found, "log_size")[["treated_mean", "comparison_mean"]].tolist() == pytest.approx([3.0, 2.0])
    assert measured(found, "old")["standardised_difference"] == pytest.approx(1 / np.sqrt(1.5))
    for columns, code in ((["nobody"], "DES-17"), (["name"], "DES-18")):
        with pytest.raises(DesignError) as caught:
            balance(design, columns=columns)
        assert caught.value.findings[0].code == code


def test_one_treated_municipality_has_a_mean_and_no_standardised_difference():
    rows = {name: row for name, row in ROWS.items() if name != "b"}
    level = measured(balance(compare(panel(rows), "never_treated")), "level")
    assert level["treated_mean"] == 6.0
    assert np.isnan(level["treated_sd"])
    assert np.isnan(level["standardised_difference"])


def test_an_unknown_cohort_is_refused():
    with pytest.raises(DesignError) as caught:
        balance(compare(panel(ROWS), "never_treated"), cohort="2010")
    assert caught.value.findings[0].code == "DES-14"
