"""The one function that says what may be said, with its table of cases."""

from __future__ import annotations

import math

import pytest

from kvalitet_eval.estimate.verdict import judge

NAN = math.nan
CASES = [  # low, high, improvement, selected, verdict
    (-0.6, -0.1, "decrease", False, "better"),
    (-0.6, -0.1, "decrease", True, "consistent_with_regression_to_the_mean"),
    (-0.6, -0.1, "increase", False, "worse"),
    (-0.6, -0.1, "increase", True, "worse"),
    (0.1, 0.6, "decrease", False, "worse"),
    (0.1, 0.6, "decrease", True, "worse"),
    (0.1, 0.6, "increase", False, "better"),
    (0.1, 0.6, "increase", True, "consistent_with_regression_to_the_mean"),
    (-0.1, 0.6, "decrease", False, "cannot_be_told"),
    (-0.1, 0.6, "decrease", True, "cannot_be_told"),
    (-0.6, 0.0, "decrease", False, "cannot_be_told"),
    (0.0, 0.6, "decrease", False, "cannot_be_told"),
    (0.0, 0.0, "decrease", False, "cannot_be_told"),
    (NAN, NAN, "decrease", False, "cannot_be_told"),
    (NAN, -0.1, "decrease", False, "cannot_be_told"),
    (-0.6, NAN, "decrease", True, "cannot_be_told"),
    (-math.inf, -0.1, "decrease", False, "better"),
    (-math.inf, math.inf, "decrease", False, "cannot_be_told"),
]


@pytest.mark.parametrize(("low", "high", "improvement", "selected", "verdict"), CASES)
def test_table_of_cases(low, high, improvement, selected, verdict):
    assert judge(low, high, improvement=improvement, selected_on_outcome=selected) == verdict


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="decrease or increase, not 'down'"):
        judge(-1, -0.5, improvement="down")
