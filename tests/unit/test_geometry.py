from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.present import geometry

SIZES = st.lists(st.tuples(st.floats(-50, 500), st.floats(1, 60)), min_size=1, max_size=12)


def test_labels_that_do_not_touch_stay_where_they_are():
    assert geometry.push_apart([100, 10], [20, 20], 0, 200) == (100, 10)


def test_two_labels_on_the_same_spot_move_equally_far():
    assert geometry.push_apart([50, 50], [20, 20], 0, 200) == (40, 60)


def test_labels_stay_inside():
    assert geometry.push_apart([-30, 190], [20, 20], 0, 200) == (0, 180)


@given(SIZES)
def test_labels_never_overlap(blocks):
    tops, heights = zip(*blocks, strict=True)
    placed = sorted(zip(geometry.push_apart(tops, heights, 0, 300), heights, strict=True))
    assert all(a + height <= b + 1e-6 for (a, height), (b, _) in pairwise(placed))
    assert placed[0][0] >= -1e-9
    if sum(heights) <= 300:
        assert placed[-1][0] + placed[-1][1] <= 300 + 1e-6


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
def test_ticks_enclose_the_values_and_are_few(low, width):
    ticks, _ = geometry.round_ticks(low, low + width)
    assert ticks[0] <= low + 1e-6 * width and ticks[-1] >= low + width * (1 - 1e-6) - 1e-6
    assert 2 <= len(ticks) <= 10
    assert len(set(ticks)) == len(ticks)


def test_one_single_value_still_gets_an_axis():
    ticks, _ = geometry.round_ticks(9.0, 9.0)
    assert ticks[0] < 9 < ticks[-1]


def test_quarters_are_thinned_to_first_quarters():
    ticks = [(ordinal, "1. kv.\n2007") for ordinal in range(2005 * 4 + 2, 2011 * 4)]
    kept = geometry.thin_ticks(ticks, lambda value: (value - 8022) * 18)
    assert [value for value, _ in kept] == [2006 * 4, 2007 * 4, 2008 * 4, 2009 * 4, 2010 * 4]


def test_event_time_keeps_zero():
    ticks = [(k, str(k)) for k in range(-7, 8)]
    assert 0 in dict(geometry.thin_ticks(ticks, lambda value: value * 12))


def test_wrap_breaks_between_words_and_only_then_within():
    assert geometry.wrap("kort ord", 500) == ("kort ord",)
    assert geometry.wrap("sammenligningsgruppen her", 170) == ("sammenligningsgruppen", "her")
    pieces = geometry.wrap("sammenligningsgruppen", 60)
    assert "".join(pieces) == "sammenligningsgruppen" and all(geometry.text_width(p) <= 60 for p in pieces)
    assert geometry.wrap("", 60) == ()


def test_spans_that_touch_get_rows_of_their_own():
    assert geometry.rows_of([(0, 50), (40, 60), (80, 90)]) == (0, 1, 0)


def test_runs_are_split_at_gaps():
    assert list(geometry.runs([(1, 2.0), (2, None), (3, 4.0), (4, 5.0)])) == [[(1, 2.0)], [(3, 4.0), (4, 5.0)]]


@pytest.mark.parametrize(("value", "pixel"), [(0, 300), (10, 100), (5, 200)])
def test_scale(value, pixel):
    assert geometry.Scale(0, 10, 300, 100)(value) == pixel
