"""Both drawings and the table show the numbers of the chart: read back from pixels, from traces, from cells."""

import itertools
import math
import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from chart_gallery import gallery
from svg_reading import SVG, paths

from kvalitet_eval.present import numbers
from kvalitet_eval.present.layout import lay_out
from kvalitet_eval.present.tables import table_of_chart
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg

GALLERY = gallery()
BASELINE = 14 * 0.36
PIXEL = 0.12
"""Coordinates are printed with one decimal; two roundings may add up."""
EVERY_KIND = pytest.mark.parametrize("chart", GALLERY.values(), ids=GALLERY)
SCALED = {name: chart for name, chart in GALLERY.items() if chart.plane != "map" and name != "multiples"}


def as_number(text):
    return float(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def quarter(text):
    number, year = re.fullmatch(r"(\d)\. kv\. (\d{4})", text).groups()
    return 4 * int(year) + int(number) - 1


def places_of(group):
    """The pixels of the markers and invisible targets of a series, in order."""
    for node in group.iter():
        if node.tag == f"{SVG}circle":
            yield float(node.get("cx")), float(node.get("cy"))
        elif node.tag == f"{SVG}polygon":
            yield _middle(node)
        elif node.get("class") == "bar":
            x, start, end = map(float, re.fullmatch(r"M([\d.]+) ([\d.]+)V([\d.]+)", node.get("d")).groups())
            yield x, (start + end) / 2


def _middle(node):
    """Middle of a marker: of a square or diamond by its corners, of a triangle between its tip and its base."""
    corners = np.array([[float(part) for part in corner.split(",")] for corner in node.get("points").split()])
    if len(corners) == 4:
        return tuple(corners.mean(axis=0))
    tip, base = corners[0], corners[1:].mean(axis=0)
    return tip[0], tip[1] + (base[1] - tip[1]) * 5.5 / 9.5


def groups(svg):
    return {node.get("data-series"): node for node in fromstring(svg).iter(f"{SVG}g") if node.get("class") == "series"}


def ruler(root, kind, pixel, value):
    """The straight line from pixels to values that two printed ticks give."""
    read = [(pixel(node), value("".join(node.itertext()))) for node in root.iter(f"{SVG}text")
            if node.get("class") == kind]  # fmt: skip
    (p0, v0), (p1, v1) = read[0], read[-1]
    return lambda place: v0 + (place - p0) * (v1 - v0) / (p1 - p0), abs((v1 - v0) / (p1 - p0))


def values_of(chart, svg):
    """Return a function from pixels to the value on the y axis, read off the printed ticks, and its accuracy."""
    root = fromstring(svg)
    if chart.plane == "plot":
        return *ruler(root, "y-tick", lambda node: float(node.get("y")) - BASELINE, as_number), 1
    if chart.y.kind == "number":
        return *ruler(root, "x-tick", lambda node: float(node.get("x")), as_number), 0
    plot = lay_out(chart, 720, 400).plots[0]
    (_, first), *_, (_, last) = plot.x_ticks
    pixels = [float(n.get("x")) for n in root.iter(f"{SVG}text") if n.get("class") == "x-tick"]
    values = [quarter(" ".join(label.split("\n"))) for label in (first, last)]
    per_pixel = (values[1] - values[0]) / (pixels[-1] - pixels[0])
    return lambda place: values[0] + (place - pixels[0]) * per_pixel, per_pixel, 0


@pytest.mark.parametrize("chart", SCALED.values(), ids=SCALED)
def test_the_svg_shows_the_values_of_the_rows(chart):
    svg = to_svg(chart)
    value_of, per_pixel, axis = values_of(chart, svg)
    rows = chart.rows()
    for name, group in groups(svg).items():
        own = rows[(rows["series"] == name) & (rows["kind"] == "series")]
        lines = [node for node in group.iter(f"{SVG}path") if node.get("class") == "line"]
        pixels = [pair for node in lines for run in paths(node) for pair in run] or list(places_of(group))
        drawn = [value_of(place[axis]) for place in pixels]
        assert drawn == pytest.approx(own["y"].dropna().tolist(), abs=PIXEL * per_pixel), name
        ends = [sorted((value_of(float(n.get(f"{'xy'[axis]}1"))), value_of(float(n.get(f"{'xy'[axis]}2")))))
                for n in group.iter(f"{SVG}line") if n.get("class") == "interval"]  # fmt: skip
        limits = own.dropna(subset=["low", "high"])[["low", "high"]].to_numpy().tolist()
        assert list(itertools.chain(*ends)) == pytest.approx(list(itertools.chain(*limits)), abs=PIXEL * per_pixel)
    bands = [node for node in fromstring(svg).iter(f"{SVG}path") if node.get("class") == "band"]
    drawn = sorted(value_of(y) for node in bands for run in paths(node) for _, y in run)
    limits = rows[rows["kind"] == "band"].dropna(subset=["low", "high"])[["low", "high"]]
    assert drawn == pytest.approx(sorted(limits.to_numpy().ravel()), abs=PIXEL * per_pixel)


def test_the_svg_shows_the_size_of_each_municipality_on_a_logarithmic_scale():
    chart = GALLERY["funnel"]
    svg = to_svg(chart)
    ticks = [(float(n.get("x")), as_number(n.text)) for n in fromstring(svg).iter(f"{SVG}text")
             if n.get("class") == "x-tick"]  # fmt: skip
    (p0, v0), (p1, v1) = ticks[0], ticks[-1]
    per_pixel = math.log(v1 / v0) / (p1 - p0)
    others = next(series for series in chart.series if series.name == "Andre kommuner")
    drawn = [math.log(v0) + (x - p0) * per_pixel for x, _ in places_of(groups(svg)[others.name])]
    assert drawn == pytest.approx([math.log(point.x) for point in others.points], abs=PIXEL * per_pixel)


def test_the_svg_of_small_plots_shows_every_value_in_its_own_plot():
    chart = GALLERY["multiples"]
    svg = to_svg(chart)
    plots = {plot.panel: plot for plot in lay_out(chart, 720, 400).plots}
    tops = sorted({plot.top for plot in plots.values()})
    ticks = [float(n.get("y")) - BASELINE for n in fromstring(svg).iter(f"{SVG}text") if n.get("class") == "y-tick"]
    n_each = len(ticks) // len(tops)
    labels = [as_number(n.text) for n in fromstring(svg).iter(f"{SVG}text") if n.get("class") == "y-tick"]
    for series in chart.series:
        row = tops.index(plots[series.panel].top)
        pixels, values = ticks[row * n_each : (row + 1) * n_each], labels[row * n_each : (row + 1) * n_each]
        per_pixel = (values[-1] - values[0]) / (pixels[-1] - pixels[0])
        line = next(n for n in groups(svg)[chart.full_name(series)].iter(f"{SVG}path") if n.get("class") == "line")
        drawn = [values[0] + (y - pixels[0]) * per_pixel for run in paths(line) for _, y in run]
        assert drawn == pytest.approx([p.y for p in series.points if p.y is not None], abs=PIXEL * abs(per_pixel))
        left, right = plots[series.panel].left, plots[series.panel].right
        assert all(left <= x <= right for run in paths(line) for x, _ in run)


def great_circle_km(one, other):
    (a, b), (c, d) = (map(math.radians, place) for place in (one, other))
    h = math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def test_the_svg_map_keeps_the_distances_on_the_globe():
    """A transverse Mercator stretches by at most 1/cos of the distance from 15 degrees east: 2 per cent in Finnmark."""
    chart = GALLERY["map"]
    svg = to_svg(chart)
    drawn = {}
    for series in chart.series:
        for point, place in zip(series.points, places_of(groups(svg)[series.name]), strict=True):
            drawn[point.name] = ((point.x, point.y), place)
    pairs = list(itertools.combinations(drawn.values(), 2))
    scales = [math.dist(a[1], b[1]) / great_circle_km(a[0], b[0]) for a, b in pairs]
    assert len(pairs) > 20
    assert max(scales) / min(scales) < 1.03
    north = sorted(drawn.values(), key=lambda found: found[0][1])
    assert north[0][1][1] > north[-1][1][1]


@EVERY_KIND
def test_the_traces_hold_the_numbers_of_the_rows(chart):
    rows = chart.rows()
    figure = to_plotly(chart)
    across, up = ("y", "x") if chart.plane == "rows" else ("x", "y")
    for trace in figure.data:
        if trace.meta != "series":
            continue
        own = rows[(rows["series"] == trace.name) & (rows["kind"] == "series")]
        if chart.plane == "map":
            assert [t.split(":")[0] for t in trace.text] == own["name"].tolist()
            continue
        known = own["y"].notna().to_numpy()
        assert np.array(trace[across], dtype=float)[known] == pytest.approx(own["x"].to_numpy()[known])
        assert np.array(trace[up], dtype=float) == pytest.approx(own["y"].to_numpy(), nan_ok=True)
        bars = trace.error_x if chart.plane == "rows" else trace.error_y
        limits = [(y - down, y + more) for y, more, down in zip(own["y"], bars.array, bars.arrayminus, strict=True)
                  if more is not None]  # fmt: skip
        expected = own.dropna(subset=["y", "low", "high"])[["low", "high"]].to_numpy().tolist()
        assert list(itertools.chain(*limits)) == pytest.approx(list(itertools.chain(*expected)))
    assert sum(trace.meta == "series" for trace in figure.data) == len(chart.series)


@EVERY_KIND
def test_the_traces_of_bands_hold_their_limits(chart):
    rows = chart.rows()
    for trace in to_plotly(chart).data:
        if trace.meta == "band":
            own = rows[(rows["series"] == trace.name) & (rows["kind"] == "band")].dropna(subset=["low", "high"])
            drawn = sorted((x, y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None)
            limits = own[["x", "low"]].to_numpy().tolist() + own[["x", "high"]].to_numpy().tolist()
            assert drawn == sorted(map(tuple, limits))


@EVERY_KIND
def test_plotly_holds_the_same_pixels_as_the_svg(chart):
    """Where a plot begins and ends in the layout is where Plotly's axes begin and end."""
    figure = to_plotly(chart).layout
    for number, plot in enumerate(lay_out(chart, 720, 400).plots, start=1):
        suffix = str(number) if number > 1 else ""
        for axis, scale, edges in (
            (figure[f"xaxis{suffix}"], plot.scale_x, (plot.left, plot.right)),
            (figure[f"yaxis{suffix}"], plot.scale_y, (plot.bottom, plot.top)),
        ):
            start, end = (10**value for value in axis.range) if axis.type == "log" else axis.range
            assert [scale(start), scale(end)] == pytest.approx(edges, abs=1e-6)


@EVERY_KIND
def test_the_table_holds_the_numbers_of_the_rows(chart):
    rows = chart.rows()
    rows = rows[rows["kind"] != "outline"]
    expected = [v for name in ("y", "low", "high") for v in rows[name].dropna()]
    places = list(rows["x"].unique())
    if [chart.x_label(x) for x in places] == [numbers.number(x, chart.x.decimals, chart.language) for x in places]:
        expected += places  # rows that are called by their number
    if chart.table_by == "point":
        expected = [v for name in ("x", "y", "low", "high") for v in rows.loc[rows["name"] != "", name].dropna()]
        at = rows[rows["name"] == ""].set_index("x")
        own = rows[rows["name"] != ""]
        expected += [v for x in own["x"] for name in ("y", "low", "high") if x in at.index
                     for v in np.ravel(at.loc[[x], name].dropna())]  # fmt: skip
    assert sorted(table_of_chart(chart).numbers()) == pytest.approx(sorted(expected))


@EVERY_KIND
def test_the_table_has_a_row_for_everything_that_is_read_as_one(chart):
    rows = chart.rows()
    rows = rows[rows["kind"] != "outline"]
    counted = {
        "x": rows["x"].nunique(),
        "series": rows["series"].nunique(),
        "point": (rows["name"] != "").sum(),
    }[chart.table_by]
    assert len(table_of_chart(chart).rows) == counted
