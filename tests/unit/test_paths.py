"""Mean paths worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import GAP, NEVER, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.design.paths import mean_paths
from kvalitet_eval.errors import DesignError
from kvalitet_eval.present.messages import why_and_mend

ROWS = {
    "a": (2, [4.0, 6, 8]),
    "b": (2, [6.0, GAP, 10]),
    "c": (3, [1.0, 3, 50]),
    "d": (NEVER, [2.0, 4, 6]),
    "e": (NEVER, [3.0, 5, GAP]),
}
NAMES = dict(zip("abcde", ["first", "first", "second", "", ""], strict=True))


def paths(cohort="first", comparison="not_yet_treated", anticipation=0, **columns):
    design = compare(panel(ROWS, cohort_name=NAMES, **columns), comparison, anticipation=anticipation)
    return mean_paths(design, cohort)


def test_each_period_is_the_mean_of_those_with_a_figure():
    found = paths(comparison="never_treated")
    assert found["period"].tolist() == [1, 2, 3]
    assert found["cohort"].tolist() == [5.0, 6.0, 9.0]
    assert found["n_cohort"].tolist() == [2, 1, 2]
    assert found["comparison"].tolist() == [2.5, 4.5, 6.0]
    assert found["n_comparison"].tolist() == [2, 2, 1]


def test_later_cohorts_are_compared_with_until_they_start():
    found = paths()
    assert found["comparison"].tolist() == [2.0, 4.0, 6.0], "c counts in periods 1 and 2"
    assert found["n_comparison"].tolist() == [3, 3, 1]


def test_anticipation_takes_the_last_periods_before_the_start_away():
    rows = {**ROWS, "a": (3, [4.0, 6, 8]), "b": (3, [6.0, GAP, 10]), "c": (4, [1.0, 3, 50])}
    design = compare(panel(rows, cohort_name=NAMES), "not_yet_treated", anticipation=1)
    assert mean_paths(design, "first")["comparison"].tolist() == [2.0, 4.0, 6.0], "c starts in 4: out from 3 on"


def test_the_cohort_itself_is_never_its_own_comparison():
    design = compare(panel({"a": (3, [1.0, 1, 1]), "b": (3, [1.0, 1, 1]), "d": (NEVER, [9.0, 9, 9])}))
    assert mean_paths(design, "3")["comparison"].tolist() == [9.0, 9.0, 9.0]


def test_weights_count_municipalities_by_size():
    weights = {"a": 1.0, "b": 3.0, "c": 1.0, "d": 1.0, "e": 4.0}
    found = paths(comparison="never_treated", weights=weights)
    assert found["cohort"].tolist() == [5.5, 6.0, 9.5], "(1 x 4 + 3 x 6) / 4, ..., (1 x 8 + 3 x 10) / 4"
    assert found["comparison"].tolist() == pytest.approx([2.8, 4.8, 6.0])


def test_a_comparison_of_the_same_size_is_weighted_by_size_group():
    size = {"a": 3000.0, "b": 9000.0, "c": 3000.0, "d": 3000.0, "e": 9000.0}
    rows = {**ROWS, "f": (NEVER, [4.0, 8, 8])}
    names = {**NAMES, "f": ""}
    design = compare(panel(rows, cohort_name=names, size={**size, "f": 3000.0}), "same_size")
    found = mean_paths(design, "first")
    # Treated: two small, one larger. Small pool: d, f; larger pool: e. Period 1: 2/3 x 3 + 1/3 x 3.
    assert found["comparison"].iloc[0] == pytest.approx(3.0)
    assert found["comparison"].iloc[1] == pytest.approx(2 / 3 * 6 + 1 / 3 * 5)


def test_a_period_without_anybody_to_compare_with_is_missing_not_zero():
    rows = {"a": (2, [1.0, 2, 3]), "c": (3, [1.0, 2, 3])}
    found = mean_paths(compare(panel(rows)), "2")
    assert found["comparison"].tolist()[:2] == [1.0, 2.0]
    assert np.isnan(found["comparison"].iloc[2])
    assert found["n_comparison"].tolist() == [1, 1, 0]


def test_an_unknown_cohort_is_refused_with_those_there_are():
    with pytest.raises(DesignError) as caught:
        paths("third")
    (item,) = caught.value.findings
    assert item.found == "third"
    why, mend = why_and_mend(item)
    assert "third" in why
    assert "first, second" in mend
