from itertools import pairwise

import pytest
from chart_samples import small_chart
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.present.chart import Axis, Event, Point, Rule, Series
from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.layout import EVENT_RADIUS, LINE, SAMPLE, full_name, lay_out, named_items, y_ticks

WIDTHS = (320, 360, 640, 720, 1000)
NAMES = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=60).filter(str.strip)


def boxes(layout):
    """Return left, top, right and bottom of every name and mark."""
    for name in layout.names:
        width = SAMPLE + max(text_width(line) for line in name.lines)
        yield name.x, name.y - LINE / 2, name.x + width, name.y + LINE * (len(name.lines) - 0.5)
    for mark in layout.marks:
        half = text_width(mark.item.label) / 2 if isinstance(mark.item, Rule) else EVENT_RADIUS
        yield mark.text_x - half, mark.y - LINE / 2, mark.text_x + half, mark.y + LINE / 2


def overlapping(layout):
    placed = list(boxes(layout))
    return [
        (a, b)
        for index, a in enumerate(placed)
        for b in placed[index + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.1 and min(a[3], b[3]) - max(a[1], b[1]) > 0.1
    ]


@pytest.mark.parametrize("width", WIDTHS)
@given(
    ends=st.lists(st.tuples(NAMES, st.floats(0, 20)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]),
    events=st.lists(st.integers(-2, 2), max_size=5),
)
def test_names_and_marks_never_overlap_and_stay_on_the_sheet(width, ends, events):
    series = tuple(Series(f"{i} {name}", (Point(-2, 5), Point(2, y))) for i, (name, y) in enumerate(ends))
    marks = tuple(Event(x, number, "Tiltak") for number, x in enumerate(events, start=1))
    layout = lay_out(small_chart(series=series, events=marks), width, 400)
    assert not overlapping(layout)
    assert all(left >= -0.1 and right <= width + 0.1 for left, _, right, _ in boxes(layout))
    assert all(top >= 0 and bottom <= layout.height for _, top, _, bottom in boxes(layout))


@pytest.mark.parametrize("width", WIDTHS)
def test_ticks_have_room(width):
    ticks = tuple((k, f"{k}. kv.\n2007") for k in range(-2, 3))
    layout = lay_out(small_chart(x=Axis("", ticks=ticks)), width, 300)
    ends = [(layout.scale_x(v) - text_width("1. kv.") / 2, layout.scale_x(v) + text_width("1. kv.") / 2)
            for v, _ in layout.x_ticks]  # fmt: skip
    assert all(a[1] < b[0] for a, b in pairwise(ends))
    assert layout.right - layout.left > 0.55 * width and layout.bottom - layout.top >= 150


def test_the_axis_shows_zero_only_when_asked():
    series = (Series("A", (Point(0, 9.1), Point(1, 9.4))),)
    levels = small_chart(series=series, bands=(), rules=(), events=())
    assert y_ticks(levels)[0] == (0, "0")
    near = small_chart(series=series, bands=(), rules=(), events=(), y=Axis("Sykefravær", "prosent"))
    assert y_ticks(near)[0] == (9.1, "9,1")


def test_names_carry_the_latest_value_of_lines_only():
    chart = small_chart()
    assert [full_name(chart, item) for item, _ in named_items(chart)] == ["Levanger: 8,0", "Anslag", "Bånd", "Mål"]
    ended = Series("A", (Point(0, 9.1), Point(1, None)))
    assert full_name(chart, ended) == "A: 9,1"
    assert full_name(chart, Series("A", (Point(0, None),))) == "A"


def test_other_series_have_colours_of_their_own():
    series = tuple(Series(name, (Point(0, 1),)) for name in "ABC")
    assert len({colour for _, colour in named_items(small_chart(series=series, bands=(), rules=()))}) == 3
