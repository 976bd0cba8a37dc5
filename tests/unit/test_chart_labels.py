"""Whatever a chart holds, none of its words meet, and none of them leaves the picture."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from chart_samples import ALT, small_chart
from hypothesis import given
from hypothesis import strategies as st
from svg_reading import SVG, boxes, outside, overlapping

from kvalitet_eval.present.chart import Axis, Band, Chart, Event, Point, Rule, Series
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg

WIDTHS = st.sampled_from([320, 340, 519, 520, 720, 1000])
WORDS = st.text(st.characters(codec="latin-1", categories=["Lu", "Ll", "Nd", "Zs", "Po"]), min_size=1, max_size=70)
NAMES = WORDS.filter(str.strip)
VALUES = st.one_of(
    st.floats(-20, 20), st.sampled_from([0.0, 1e9, -1e9, 1e-6, -1e-6, 9.1, 9.1]), st.floats(-1e7, 1e7), st.none()
)
ONE_PLOT = st.just([""])
COMMON = {"title": "Tittel", "alt": ALT, "source": "KS", "origin": "syntetisk"}


@st.composite
def points(draw, xs):
    made = []
    for x in xs:
        low, y, high = sorted(draw(st.tuples(*[VALUES.map(lambda v: v or 0.0)] * 3)))
        kind = draw(st.sampled_from(["missing", "value", "interval"]))
        made.append({"missing": Point(x, None), "value": Point(x, y), "interval": Point(x, y, low, high)}[kind])
    return tuple(made)


@st.composite
def axes(draw, n):
    """An x axis of numbers or of names, and a y axis."""
    named = draw(st.booleans())
    ticks = tuple((k, draw(WORDS)) for k in range(n)) if named else None
    y = Axis(draw(WORDS), draw(st.sampled_from(["", "prosent"])), from_zero=draw(st.booleans()))
    return Axis(draw(st.one_of(st.just(""), WORDS)), ticks=ticks), y


@st.composite
def plots(draw, panels=ONE_PLOT):
    n = draw(st.sampled_from([1, 2, 3, 20]))
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    styles, dashes = st.sampled_from(["line", "marker", "both"]), st.sampled_from(["solid", "dash", "dot"])
    roles = st.sampled_from(["participant", "comparison", "other", "contrast", "cohort"])
    drawn = draw(panels)
    series = tuple(
        Series(name, draw(points(range(n))), draw(roles), draw(styles), draw(dashes), panel=panel)
        for panel in drawn
        for name in names
    )
    x, y = draw(axes(n))
    events, bands = (), ()
    if drawn == [""]:
        at = draw(st.lists(st.integers(0, n - 1), max_size=8))
        events = tuple(Event(place, number, draw(WORDS)) for number, place in enumerate(at, start=1))
        bands = (Band("Bånd " * draw(st.integers(1, 9)), (0,), (1.0,), (2.0,)),)[: draw(st.integers(0, 1))]
    rules = tuple(Rule(draw(st.sampled_from("xy")), draw(st.floats(0, n)), draw(WORDS))
                  for _ in range(draw(st.integers(0, 4))))  # fmt: skip
    table_by = draw(st.sampled_from(["x", "series"]))
    return Chart("plot", x=x, y=y, series=series, bands=bands, events=events, rules=rules, table_by=table_by, **COMMON)


@st.composite
def rows(draw):
    n = draw(st.integers(1, 8))
    named = tuple((place, draw(NAMES)) for place in range(1, n + 1))
    kind = draw(st.sampled_from(["number", "quarter"]))
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    if kind == "quarter":
        quarters = st.integers(8000, 8040)
        made = [
            tuple(Point(x, *draw(st.tuples(quarters, quarters, quarters).map(lambda q: (sorted(q)[1], min(q), max(q)))))
                  for x, _ in named) for _ in names
        ]  # fmt: skip
    else:
        made = [draw(points([x for x, _ in named])) for _ in names]
    rules = tuple(Rule("y", float(at), draw(WORDS)) for at in draw(st.lists(st.integers(8000, 8040), max_size=2)))
    series = tuple(Series(name, found, style="marker") for name, found in zip(names, made, strict=True))
    x, y = Axis("Navn", ticks=named), Axis(draw(WORDS), "prosent", decimals=2, kind=kind)
    return Chart("rows", x=x, y=y, series=series, rules=rules, plane="rows", **COMMON)


@st.composite
def maps(draw):
    longitude, latitude = st.floats(4.5, 31), st.floats(57.9, 71.2)
    crowded = st.sampled_from([(10.7, 59.9), (10.71, 59.91)])
    places = draw(st.lists(st.one_of(st.tuples(longitude, latitude), crowded), min_size=1, max_size=25))
    listed = tuple(Point(x, y, name=draw(NAMES), is_named=draw(st.booleans())) for x, y in places)
    groups = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    series = tuple(Series(name, listed[place :: len(groups)], "cohort", "marker") for place, name in enumerate(groups))
    return Chart("map", x=Axis("X"), y=Axis("Y"), series=series, plane="map", table_by="point", **COMMON)


def check(chart, width):
    svg = to_svg(chart, width, 400)
    assert overlapping(boxes(svg)) == []
    assert outside(svg) == []
    assert fromstring(svg).get("role") == "img"


@given(plots(), WIDTHS)
def test_plots(chart, width):
    check(chart, width)


@given(plots(panels=st.lists(NAMES, min_size=2, max_size=6, unique=True)), WIDTHS)
def test_small_plots(chart, width):
    check(chart, width)


@given(rows(), WIDTHS)
def test_rows(chart, width):
    check(chart, width)


@given(maps(), WIDTHS)
def test_maps(chart, width):
    check(chart, width)


@given(st.one_of(plots(), rows(), maps()))
def test_every_chart_can_be_drawn_with_plotly(chart):
    figure = to_plotly(chart)
    assert {"series"} <= {trace.meta for trace in figure.data}


@given(st.floats(1e-3, 1e6), st.floats(1, 1e4), WIDTHS)
def test_logarithmic_axes(low, ratio, width):
    series = (
        Series("Andre", (Point(low, 1, name="A", is_named=True), Point(low * ratio, 2, name="B")), style="marker"),
    )
    if ratio == 1:
        series = (replace(series[0], points=series[0].points[:1]),)
    check(Chart("log", x=Axis("Ansatte", scale="log"), y=Axis("Y"), series=series, table_by="point", **COMMON), width)


@pytest.mark.parametrize(
    "planted",
    [
        '<text x="10" y="20" class="a">Levanger</text><text x="30" y="24" class="b">Verdal</text>',
        '<text x="60" y="20" text-anchor="end">Levanger kommune</text>',
        '<text x="690" y="20">Levanger kommune</text>',
        '<text x="100" y="5">Levanger</text>',
        '<text x="100" y="9999">Levanger</text>',
    ],
)
def test_words_that_meet_or_leave_the_picture_are_found(planted):
    svg = to_svg(small_chart()).replace("</svg>", f"{planted}</svg>")
    assert overlapping(boxes(svg)) or outside(svg)


def test_the_watermark_is_not_counted():
    assert sum(
        "watermark" in (node.get("class") or "") for node in fromstring(to_svg(small_chart())).iter(f"{SVG}text")
    )
    assert not any(box.kind == "watermark" for box in boxes(to_svg(small_chart())))
