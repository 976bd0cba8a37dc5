"""Primary rules at and around every limit."""

from __future__ import annotations

import numpy as np
import pytest
from publish_samples import SSB, STANDARD

from kvalitet_eval.publish import Statistic
from kvalitet_eval.publish.primary import judge_amounts, judge_counts, judge_persons, judge_shares, judge_statistic

OFF = STANDARD.model_copy(update={"protect_zeros": False, "protect_full": False, "protect_complement": False})


def test_counts_around_the_minimum():
    verdicts = judge_counts(np.array([0, 1, 4, 5, 6, np.nan]), STANDARD)
    assert verdicts.rules == ("zero", "small", "small", "", "", "source")
    assert verdicts.needs[[0, 1, 2, 5]].tolist() == [6, 6, 6, 6]
    assert np.isnan(verdicts.needs[[3, 4]]).all()
    assert judge_counts(np.array([2, 3]), SSB).rules == ("small", "")


def test_zeros_are_shown_when_they_say_nothing():
    assert judge_counts(np.array([0.0]), STANDARD, is_attribute=False).rules == ("",)
    assert judge_counts(np.array([0.0]), OFF).rules == ("",)


def test_shares_small_in_one_way_or_another():
    #               nobody all  few  few others  few in group  nobody there  fine  at the limits
    counted = np.array([0, 50, 4, 46, 2, 0, 25, 5])
    group = np.array([50, 50, 50, 50, 4, 0, 50, 10])
    hit, whole, rest = (verdicts.rules for verdicts in judge_shares(counted, group, STANDARD))
    assert hit == ("zero", "", "small", "", "small", "", "", "")
    assert whole == ("", "", "", "", "denominator", "", "", "")
    assert rest == ("", "full", "", "complement", "complement", "", "", "")


def test_each_switch_of_shares():
    counted, group = np.array([0.0, 50.0, 46.0]), np.array([50.0, 50.0, 50.0])
    assert [set(verdicts.rules) for verdicts in judge_shares(counted, group, OFF)] == [{""}, {""}, {""}]


def test_amounts_by_persons():
    assert judge_persons(np.array([0, 1, 4, 5, np.nan]), STANDARD).rules == ("", "persons", "persons", "", "source")


@pytest.mark.parametrize(
    ("largest", "rule"), [((60, 30), "dominance"), ((60, 29.9), ""), ((90, 0), "dominance"), ((50, 30), "")]
)
def test_two_contributors_with_ninety_per_cent(largest, rule):
    verdicts = judge_amounts(np.array([100.0]), np.array([20.0]), np.array([largest]), STANDARD)
    assert verdicts.rules == (rule,)
    assert verdicts.needs[0] == pytest.approx(110) if rule else np.isnan(verdicts.needs[0])


def test_dominance_by_the_two_largest_whatever_else_is_told():
    verdicts = judge_amounts(np.array([100.0]), np.array([20.0]), np.array([[50.0, 30.0, 15.0]]), STANDARD)
    assert verdicts.rules == ("",)
    wider = STANDARD.model_copy(update={"dominance_n": 3})
    assert judge_amounts(np.array([100.0]), np.array([20.0]), np.array([[50.0, 30.0, 15.0]]), wider).rules == (
        "dominance",
    )


@pytest.mark.parametrize("kind", ["extreme", "percentile", "regression"])
def test_statistics_from_ten(kind):
    assert judge_statistic(Statistic("x", kind, "n"), np.array([9, 10, np.nan]), SSB) == ("basis", "", "basis")


def test_persons_and_degrees_of_freedom_have_limits_of_their_own():
    policy = SSB.model_copy(update={"percentile_minimum": 12, "residual_df_minimum": 15})
    basis = np.array([11, 12, 14, 15])
    assert judge_statistic(Statistic("x", "percentile", "n"), basis, policy) == ("basis", "", "", "")
    assert judge_statistic(Statistic("x", "regression", "n"), basis, policy) == ("basis", "basis", "basis", "")
