"""Dimensions: which smallest codes a code stands for."""

from __future__ import annotations

import pytest

from kvalitet_eval.publish import Count, Dimension, Ratio, Share, Structure
from kvalitet_eval.publish.system import kind_of, name_of


def leaves(dimension, *codes):
    return {code: "".join(sorted(parts)) for code, parts in dimension.leaves(codes).items()}


def test_a_total_is_all_the_codes_of_the_table():
    assert leaves(Dimension("g", total="T"), "a", "b", "T") == {"a": "a", "b": "b", "T": "ab"}


def test_without_a_total_every_code_stands_for_itself():
    assert leaves(Dimension("g"), "a", "b") == {"a": "a", "b": "b"}


def test_a_hierarchy_in_several_steps():
    tree = Dimension("g", total="T", parents={"a": "x", "b": "x", "c": "y", "x": "X", "y": "X", "d": "z"})
    assert leaves(tree, "T") == {
        "a": "a", "b": "b", "c": "c", "d": "d", "x": "ab", "y": "c", "X": "abc", "z": "d", "T": "abcd",
    }  # fmt: skip


def test_windows_overlap():
    windows = Dimension("q", members={"W1": ("1", "2"), "W2": ("2", "3")})
    assert leaves(windows, "W1", "W2") == {"1": "1", "2": "2", "3": "3", "W1": "12", "W2": "23"}


def test_the_rest_belongs_to_the_total():
    assert leaves(Dimension("g", total="T", rest="r"), "a", "T")["T"] == "ar"


def test_a_code_that_is_part_of_itself_is_refused():
    with pytest.raises(ValueError, match="part of itself"):
        Dimension("g", parents={"a": "b", "b": "a", "c": "a"}).leaves(["c"])


def test_what_is_read_and_what_leaves_are_two_things():
    structure = Structure(
        (Dimension("g"),),
        (Count("k", also=("k_text",)), Share("p", "i", "n", shown=("n",)), Ratio("r", "d", "a", "w")),
        labels=("name",),
    )
    assert structure.printed == ("g", "name", "k", "k_text", "p", "n", "r")
    assert set(structure.needs) - set(structure.printed) == {"i", "d", "a", "w"}


def test_names_do_not_depend_on_the_order_of_dimensions():
    assert name_of("n", ("a", "b"), ("1", "2")) == name_of("n", ("b", "a"), ("2", "1"))
    assert name_of("n", ("a", "b"), ("1", "2")) != name_of("n", ("a", "b"), ("2", "1"))
    assert kind_of(name_of('n"|', ("a",), ("1",))) == 'n"|'
