"""What must hold of every table that passes the gate."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval import publish
from kvalitet_eval.publish import Count, Dimension, Memory, Share, Structure

POLICIES = st.sampled_from([publish.Policy.load(name) for name in publish.PROFILES])
GEO, SECTOR = Dimension("geo", total="all"), Dimension("sector", total="all")
COUNTS = Structure((GEO, SECTOR), (Count("n"),))


@st.composite
def values(draw, largest=40):
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    size = height * width
    return np.array(draw(st.lists(st.integers(0, largest), min_size=size, max_size=size))).reshape(height, width)


def with_totals(inner, names=None):
    """The rows of a table with totals."""
    names = names or ([f"g{i}" for i in range(inner.shape[0])], [f"s{j}" for j in range(inner.shape[1])])
    whole = np.block([[inner, inner.sum(axis=1, keepdims=True)], [inner.sum(axis=0), inner.sum()]])
    labels = itertools.product([*names[0], "all"], [*names[1], "all"])
    frame = pd.DataFrame(labels, columns=["geo", "sector"])
    return frame.assign(n=whole.ravel())


def marks_of(table, column="n"):
    keys = [tuple(map(str, key)) for key in table.to_frame()[list(table.keys)].itertuples(index=False)]
    return dict(zip(keys, table.marks()[column], strict=True))


@settings(max_examples=25, deadline=None)
@given(values(), POLICIES)
def test_nothing_under_the_minimum_is_printed_and_the_rest_is_untouched(inner, policy):
    frame = with_totals(inner)
    before = frame.copy()
    table = publish.table(frame, policy, COUNTS)
    shown, marks = table.to_frame()["n"], table.marks()["n"]
    assert (shown.dropna() >= policy.minimum).all()
    assert shown[marks == ""].tolist() == frame["n"][marks == ""].tolist()
    assert shown.isna().tolist() == (marks != "").tolist()
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=25, deadline=None)
@given(values(), POLICIES)
def test_no_line_gives_a_withheld_cell_by_subtraction(inner, policy):
    """In every row and column with its total, never exactly one number is missing."""
    table = publish.table(with_totals(inner), policy, COUNTS)
    shape = (inner.shape[0] + 1, inner.shape[1] + 1)
    is_withheld = (table.marks()["n"] == ":").to_numpy().reshape(shape)
    alone = {1} & ({*is_withheld.sum(axis=0)} | {*is_withheld.sum(axis=1)})
    assert not alone


@settings(max_examples=15, deadline=None)
@given(values(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_for_what_the_rules_withhold(inner, policy, random):
    frame = with_totals(inner)
    order = list(range(len(frame)))
    random.shuffle(order)
    first, second = publish.table(frame, policy, COUNTS), publish.table(frame.iloc[order], policy, COUNTS)
    rules = ("small", "zero")
    assert [first.audit.by_rule.get(rule) for rule in rules] == [second.audit.by_rule.get(rule) for rule in rules]
    assert list(second.to_frame()["geo"]) == list(frame["geo"].iloc[order])


@settings(max_examples=15, deadline=None)
@given(values(), POLICIES)
def test_the_same_run_gives_the_same_table(inner, policy):
    frame = with_totals(inner)
    memory = Memory()
    first = publish.table(frame, policy, COUNTS, memory=memory)
    again = publish.table(frame, policy, COUNTS, memory=memory)
    assert marks_of(first) == marks_of(publish.table(frame, policy, COUNTS)) == marks_of(again)
    assert publish.compare(first, again) == ()


@settings(max_examples=15, deadline=None)
@given(values(), st.data())
def test_reports_of_single_places_tell_no_more_than_the_table_of_all(inner, data):
    """Whatever is asked for afterwards, what the first table withheld stays withheld."""
    policy, memory = publish.Policy.load("ssb"), Memory()
    frame = with_totals(inner)
    first = marks_of(publish.table(frame, policy, COUNTS, memory=memory))
    chosen = data.draw(st.sampled_from(sorted(set(frame["geo"]) - {"all"})))
    alone = frame[frame["geo"] == chosen]
    structure = Structure((Dimension("geo"), SECTOR), COUNTS.measures)
    second = marks_of(publish.table(alone, policy, structure, memory=memory))
    assert {key for key, mark in first.items() if mark == ":" and key in second} <= {
        key for key, mark in second.items() if mark == ":"
    }


@settings(max_examples=20, deadline=None)
@given(values(), values(), POLICIES)
def test_shares_print_no_small_group_in_any_direction(counted, others, policy):
    height, width = (min(counted.shape[k], others.shape[k]) for k in (0, 1))
    counted, others = counted[:height, :width], others[:height, :width]
    frame = with_totals(counted).rename(columns={"n": "ill"}).assign(n=with_totals(counted + others)["n"])
    frame["pct"] = 100 * frame["ill"] / frame["n"].where(frame["n"] > 0)
    structure = Structure((GEO, SECTOR), (Share("pct", "ill", "n", shown=("n", "ill")),))
    table = publish.table(frame, policy, structure)
    is_printed = (table.marks()["pct"] == "").to_numpy()
    for group in (frame["ill"], frame["n"], frame["n"] - frame["ill"]):
        assert (group[is_printed] >= policy.minimum).all()
    assert (table.marks()["pct"][(table.marks()["n"] == ":") | (table.marks()["ill"] == ":")] != "").all()
