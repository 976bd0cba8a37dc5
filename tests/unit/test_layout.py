from itertools import pairwise

import pytest
from chart_gallery import gallery
from chart_samples import small_chart
from hypothesis import given
from hypothesis import strategies as st
from svg_reading import boxes, outside, overlapping

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Axis, Event, Point, Series
from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.layout import lay_out
from kvalitet_eval.present.layout_axes import ticks_up
from kvalitet_eval.present.layout_names import latest_name, named_items
from kvalitet_eval.present.plane import along_and_up
from kvalitet_eval.present.to_svg import to_svg

WIDTHS = (320, 340, 640, 720, 1000)
NAMES = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=60).filter(str.strip)


@pytest.mark.parametrize("width", WIDTHS)
@given(
    ends=st.lists(st.tuples(NAMES, st.floats(0, 20)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]),
    events=st.lists(st.integers(-2, 2), max_size=5),
)
def test_names_and_marks_never_overlap_and_stay_on_the_sheet(width, ends, events):
    series = tuple(Series(f"{i} {name}", (Point(-2, 5), Point(2, y))) for i, (name, y) in enumerate(ends))
    marks = tuple(Event(x, number, "Tiltak") for number, x in enumerate(events, start=1))
    svg = to_svg(small_chart(series=series, events=marks), width, 400)
    assert overlapping(boxes(svg)) == []
    assert outside(svg) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_ticks_have_room(width):
    ticks = tuple((k, f"{k}. kv.\n2007") for k in range(-2, 3))
    plot = lay_out(small_chart(x=Axis("", ticks=ticks)), width, 300).plots[0]
    ends = [(plot.scale_x(v) - text_width("1. kv.") / 2, plot.scale_x(v) + text_width("1. kv.") / 2)
            for v, _ in plot.x_ticks]  # fmt: skip
    assert all(a[1] < b[0] for a, b in pairwise(ends))
    assert plot.right - plot.left > 0.55 * width and plot.bottom - plot.top >= 150


def test_the_axis_shows_zero_only_when_asked():
    series = (Series("A", (Point(0, 9.1), Point(1, 9.4))),)
    levels = small_chart(series=series, bands=(), rules=(), events=())
    assert ticks_up(levels)[0] == (0, "0")
    near = small_chart(series=series, bands=(), rules=(), events=(), y=Axis("Sykefravær", "prosent"))
    assert ticks_up(near)[0] == (9.1, "9,1")


def test_names_carry_the_latest_value_of_lines_only():
    chart = small_chart()
    assert [latest_name(chart, item) for item, _ in named_items(chart)] == ["Levanger: 8,0", "Anslag", "Bånd", "Mål"]
    ended = Series("A", (Point(0, 9.1), Point(1, None)))
    assert latest_name(chart, ended) == "A: 9,1"
    assert latest_name(chart, Series("A", (Point(0, None),))) == "A"


def test_other_series_have_colours_of_their_own():
    series = tuple(Series(name, (Point(0, 1),)) for name in "ABC")
    assert len({colour for _, colour in named_items(small_chart(series=series, bands=(), rules=()))}) == 3


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_words_overlap_or_leave_the_picture_in_any_kind_of_chart(language, width):
    for name, chart in gallery(language).items():
        svg = to_svg(chart, width, 400)
        assert overlapping(boxes(svg)) == [], name
        assert outside(svg) == [], name


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_no_dot_of_the_land_around_stands_beside_a_name_as_if_it_were_a_sign_of_it(width):
    chart = gallery()["map"]
    layout = lay_out(chart, *width)
    (plot,) = layout.plots
    dots = [along_and_up(chart, *ring[0]) for outline in chart.outlines for ring in outline.rings if len(ring) == 1]
    named = [words for words in layout.words if words.kind == "point-name"]
    assert len(dots) > 2
    assert len(named) == 3
    for words in named:
        left, top, right, bottom = words.box()
        for x, y in ((plot.scale_x(along), plot.scale_y(up)) for along, up in dots):
            assert not (left - 14 < x < right + 14 and top < y < bottom), words.lines
