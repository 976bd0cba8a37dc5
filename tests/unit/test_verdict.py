"""The one function that says what may be said, with its table of cases."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest

from kvalitet_eval.estimate.verdict import HEADLINE, MEMBERS, OWN_PAST, SAME_PAST, agreement, judge

NAN = math.nan
BELOW, ABOVE, AROUND, TOUCHING, NONE = (-0.6, -0.1), (0.1, 0.6), (-0.6, 0.1), (-0.6, 0.0), (NAN, NAN)
RTM = "consistent_with_regression_to_the_mean"
ALL_BELOW = dict.fromkeys(MEMBERS, BELOW)
ALL_ABOVE = dict.fromkeys(MEMBERS, ABOVE)


def rows(limits):
    low, high = zip(*limits.values(), strict=True) if limits else ((), ())
    return pd.DataFrame({"member": list(limits), "conf_low": low, "conf_high": high}, dtype=object)


CASES = [  # what the members' intervals are, verdict when a decrease is the improvement
    ("all below", ALL_BELOW, "better"),
    ("all above", ALL_ABOVE, "worse"),
    ("infinite limits are limits", dict.fromkeys(MEMBERS, (-math.inf, -0.1)), "better"),
    ("the headline holds zero", {**ALL_BELOW, HEADLINE: AROUND}, "cannot_be_told"),
    ("the headline touches zero", {**ALL_BELOW, HEADLINE: TOUCHING}, "cannot_be_told"),
    ("the headline touches zero from above", {**ALL_ABOVE, HEADLINE: (0.0, 0.6)}, "cannot_be_told"),
    ("the headline has no interval", {**ALL_BELOW, HEADLINE: NONE}, "cannot_be_told"),
    ("the headline has half an interval", {**ALL_BELOW, HEADLINE: (NAN, -0.1)}, "cannot_be_told"),
    ("there is no headline", {name: BELOW for name in MEMBERS if name != HEADLINE}, "cannot_be_told"),
    ("nothing at all", {}, "cannot_be_told"),
    ("only the headline", {HEADLINE: BELOW}, RTM),
    ("only their own past", dict.fromkeys(OWN_PAST, BELOW), RTM),
    ("only the same past beside the headline", {HEADLINE: BELOW, **dict.fromkeys(SAME_PAST, BELOW)}, RTM),
    (
        "one of each kind beside the headline",
        {HEADLINE: BELOW, "group_time_early": BELOW, "same_level": BELOW},
        "better",
    ),
    ("members without an interval are not asked", {**ALL_BELOW, "synthetic": NONE, "imputation_donut": NONE}, "better"),
    ("all of one kind without an interval", {**ALL_BELOW, **dict.fromkeys(SAME_PAST, NONE)}, RTM),
    *((f"{name} holds zero", {**ALL_BELOW, name: AROUND}, RTM) for name in MEMBERS if name != HEADLINE),
    *((f"{name} touches zero", {**ALL_BELOW, name: TOUCHING}, RTM) for name in MEMBERS if name != HEADLINE),
    *((f"{name} says the opposite", {**ALL_BELOW, name: ABOVE}, RTM) for name in MEMBERS if name != HEADLINE),
    *((f"{name} holds zero, all above", {**ALL_ABOVE, name: AROUND}, RTM) for name in MEMBERS if name != HEADLINE),
]
OPPOSITE = {"better": "worse", "worse": "better"}


@pytest.mark.parametrize(("limits", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_table_of_cases(limits, verdict):
    assert judge(rows(limits), improvement="decrease") == verdict
    assert judge(rows(limits), improvement="increase") == OPPOSITE.get(verdict, verdict)


def test_every_combination_is_better_or_worse_only_when_all_agree():
    for sides in itertools.product((BELOW, AROUND, ABOVE), repeat=len(MEMBERS)):
        verdict = judge(rows(dict(zip(MEMBERS, sides, strict=True))), improvement="decrease")
        assert (verdict == "better") == (set(sides) == {BELOW})
        assert (verdict == "worse") == (set(sides) == {ABOVE})
        assert (verdict == "cannot_be_told") == (sides[MEMBERS.index(HEADLINE)] == AROUND)


def test_the_order_of_the_members_does_not_matter():
    mixed = rows({**ALL_BELOW, "synthetic": AROUND})
    assert judge(mixed.iloc[::-1], improvement="decrease") == RTM
    assert agreement(mixed.sample(frac=1, random_state=3)) == agreement(mixed)


def test_agreement_counts_the_headline_and_those_on_its_side():
    found = agreement(rows({**ALL_BELOW, "synthetic": AROUND, "same_level": NONE, "lagged_outcome": ABOVE}))
    assert (found.n_members, found.n_agreeing, found.is_complete, found.is_full) == (6, 4, True, False)
    assert agreement(rows({**ALL_BELOW, HEADLINE: AROUND})).n_agreeing == 0
    assert agreement(rows(ALL_BELOW)).is_full


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="decrease or increase, not 'down'"):
        judge(rows(ALL_BELOW), improvement="down")


@pytest.mark.parametrize("members", [("imputation", "imputation"), ("imputation", "guess")])
def test_members_that_stand_twice_or_are_unknown_are_refused(members):
    wrong = pd.DataFrame({"member": members, "conf_low": -0.6, "conf_high": -0.1})
    with pytest.raises(ValueError, match="one row per member of the bracket"):
        judge(wrong, improvement="decrease")
