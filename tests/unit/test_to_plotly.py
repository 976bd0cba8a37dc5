import itertools
import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from chart_samples import HOSTILE, comparison, effects, rates, small_chart
from publish_samples import opened

from kvalitet_eval.present.chart import Event, Point, Rule, Series
from kvalitet_eval.present.development import development_chart
from kvalitet_eval.present.event_study import event_study_chart
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {
    "small": small_chart(),
    "development": development_chart(
        opened(rates()), opened(comparison()), id="d", name="Bø", outcome="sick_leave_total", verdict=None,
        start="2007Q1", source="KS",
    ).content,
    "event_study": event_study_chart(
        opened(effects()), id="e", name="Pulje I", outcome="sick_leave_total", verdict="cannot_be_told",
        improvement="decrease", source="KS",
    ).content,
}  # fmt: skip


def as_number(text):
    return float(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def ruler(root, css_class, pixel):
    """Return the straight line from pixels to values, read off two printed ticks."""
    ticks = [node for node in root.iter(f"{SVG}text") if node.get("class") == css_class]
    read = [(pixel(node), as_number(node.text)) for node in (ticks[0], ticks[-1])]
    (p0, v0), (p1, v1) = read
    return lambda place: v0 + (place - p0) * (v1 - v0) / (p1 - p0)


def values_in_svg(chart):
    """Read y values back from the pixels of the SVG and the ticks printed beside its axis."""
    root = fromstring(to_svg(chart))
    value_of = ruler(root, "y-tick", lambda node: float(node.get("y")) - 14 * 0.36)
    read = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == "series":
            targets = [node for node in group.iter() if node.get("cy")]
            shapes = [node.get("points").split() for node in group.iter(f"{SVG}polygon")]
            middles = [np.mean([float(corner.split(",")[1]) for corner in (c[0], c[2])]) for c in shapes]
            read[group.get("data-series")] = [value_of(float(node.get("cy"))) for node in targets] + [
                value_of(middle) for middle in middles
            ]
    limits = [(value_of(float(n.get("y2"))), value_of(float(n.get("y1")))) for n in root.iter(f"{SVG}line")
              if n.get("class") == "interval"]  # fmt: skip
    bands = [value_of(float(y)) for n in root.iter(f"{SVG}path") if n.get("class") == "band"
             for y in re.findall(r" ([\d.]+)", n.get("d"))]  # fmt: skip
    return read, limits, bands


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_both_drawings_show_the_same_numbers(chart):
    series, limits, bands = values_in_svg(chart)
    traces = {trace.name: trace for trace in to_plotly(chart).data}
    accuracy = 0.06 * (to_plotly(chart).layout.yaxis.range[1] - to_plotly(chart).layout.yaxis.range[0]) / 150
    for name, drawn in series.items():
        assert drawn == pytest.approx([y for y in traces[name].y if y is not None], abs=accuracy)
    bars = [
        (y + up, y - down)
        for name in series
        for y, up, down in zip(traces[name].y, traces[name].error_y.array, traces[name].error_y.arrayminus, strict=True)
        if up is not None
    ]
    assert sorted(itertools.chain(*limits)) == pytest.approx(sorted(itertools.chain(*bars)), abs=accuracy)
    outlines = [y for name, trace in traces.items() if name not in series for y in trace.y if y is not None]
    assert bands == pytest.approx(outlines, abs=accuracy)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_both_drawings_show_the_numbers_of_the_chart(chart):
    traces = {trace.name: trace for trace in to_plotly(chart).data}
    for series in chart.series:
        assert list(traces[series.name].y) == [point.y for point in series.points]
        assert list(traces[series.name].x) == [point.x for point in series.points]
        assert traces[series.name].connectgaps is False


def words(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def test_words_and_watermark():
    figure = to_plotly(small_chart())
    assert {"syntetisk", "Oppstart", "― Levanger: 8,0", "◆ Anslag", "▬ Bånd", "— Mål", "<b>1</b>"} <= set(words(figure))
    assert "syntetisk" not in words(to_plotly(small_chart(origin="observed")))
    assert figure.layout.title.text.startswith("<b>Tittel</b>")
    assert figure.layout.separators == ",\u00a0"
    assert figure.layout.meta["alt"] == small_chart().alt
    assert figure.layout.showlegend is False


def test_pointing_at_a_value_shows_it_as_printed():
    trace = next(trace for trace in to_plotly(small_chart()).data if trace.name == "Levanger")
    assert trace.text[0] == "Levanger, -2: 9,0 prosent"
    assert trace.hovertemplate == "%{text}<extra></extra>"


def test_series_differ_in_more_than_colour():
    traces = to_plotly(CHARTS["development"]).data
    assert {trace.line.dash for trace in traces if trace.mode == "lines" and trace.fill is None} == {"solid", "dash"}


def test_hostile_strings_are_text():
    chart = small_chart(
        title=HOSTILE,
        series=(Series(HOSTILE, (Point(0, 1), Point(1, 2))),),
        events=(Event(0, 1, HOSTILE),),
        rules=(Rule("x", 0, HOSTILE),),
    )
    figure = to_plotly(chart)
    everything = [
        figure.layout.title.text,
        *words(figure),
        *(name for t in figure.data for name in (t.name, *(t.text or ()))),
    ]
    assert not any("<script" in text for text in everything)


def test_numbers_are_stored_as_plain_lists():
    assert "bdata" not in to_plotly(small_chart()).to_json()
