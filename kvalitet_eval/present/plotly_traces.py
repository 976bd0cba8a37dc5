"""The data of a chart as Plotly's traces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

from kvalitet_eval.present import geometry, theme
from kvalitet_eval.present.chart import Band, Chart, Outline, Point, Series
from kvalitet_eval.present.layout_names import colours, covering_order
from kvalitet_eval.present.layout_parts import Layout
from kvalitet_eval.present.plane import along_and_up
from kvalitet_eval.present.plotly_words import safe

_MODES = {"line": "lines", "marker": "markers", "both": "lines+markers"}
_DOT = 4
_EDGES = {"bar": 3.5, "circle_open": 1.8}
_WHITE_EDGE = {"color": theme.PAPER, "width": 1}


def traces(chart: Chart, layout: Layout) -> Iterator[go.Scatter]:
    """Yield what a chart shows, in the order in which it covers what lies below."""
    colour = colours(chart)
    for number, plot in enumerate(layout.plots, start=1):
        on = {"xaxis": f"x{number}", "yaxis": f"y{number}"} if number > 1 else {}
        for outline in chart.outlines:
            yield _outline(chart, outline, colour.get(outline.series, theme.LAND))
        for band in chart.bands:
            if band.panel == plot.panel:
                yield _band(chart, band, colour[band.name]).update(on)
        for series in covering_order(chart):
            if series.panel == plot.panel:
                yield _series(chart, series, colour[series.name]).update(on)


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _outline(chart: Chart, outline: Outline, colour: str) -> go.Scatter:
    """Return borders as one filled line with breaks, places without borders as dots."""
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in outline.rings:
        places = [along_and_up(chart, *place) for place in ring]
        x += [*(east for east, _ in places), None]
        y += [*(north for _, north in places), None]
    is_dots = all(len(ring) == 1 for ring in outline.rings)
    return go.Scatter(
        x=x[:-1],
        y=y[:-1],
        name=safe(outline.series),
        mode="markers" if is_dots else "lines",
        marker={"color": colour if outline.series else theme.AXIS, "size": _DOT},
        line={"color": theme.PAPER, "width": 0.7},
        fill="none" if is_dots else "toself",
        fillcolor=_rgba(colour, theme.OUTLINE_OPACITY if outline.series else 1),
        hoverinfo="skip",
        meta="outline",
    )


def _band(chart: Chart, band: Band, colour: str) -> go.Scatter:
    """Return the outline of the band; a gap splits it, and limits without a neighbour are seen by their line alone."""
    x: list[float | None] = []
    y: list[float | None] = []
    runs = list(geometry.runs(zip(band.x, band.low, band.high, strict=True)))
    lone = theme.INTERVAL_WIDTH if any(len(run) == 1 for run in runs) else 0
    for run in runs:
        x += [row[0] for row in run] + [row[0] for row in reversed(run)] + [None]
        y += [row[2] for row in run] + [row[1] for row in reversed(run)] + [None]
    return go.Scatter(
        x=x[:-1],
        y=y[:-1],
        name=safe(chart.full_name(band)),
        mode="lines",
        line={"width": 1 if band.edge else lone, "color": colour, "dash": theme.PLOTLY_DASHES[band.edge or "solid"]},
        fill="toself",
        fillcolor=_rgba(colour, theme.BAND_OPACITY),
        hoverinfo="skip",
        meta="band",
    )


def _series(chart: Chart, series: Series, colour: str) -> go.Scatter:
    points = series.points
    known = [None if p.y is None else along_and_up(chart, p.x, p.y) for p in points]
    if chart.plane == "plot":
        x, y = [p.x for p in points], [p.y for p in points]
    else:
        x, y = ([None if place is None else place[axis] for place in known] for axis in (0, 1))
    bars = "error_x" if chart.plane == "rows" else "error_y"
    is_bar = series.marker == "bar"
    line = {"color": colour, "width": _EDGES[series.marker]} if series.marker in _EDGES else _WHITE_EDGE
    return go.Scatter(
        x=x,
        y=y,
        name=safe(chart.full_name(series)),
        mode=_MODES[series.style],
        connectgaps=False,
        cliponaxis=False,
        line={"color": colour, "width": theme.LINE_WIDTH, "dash": theme.PLOTLY_DASHES[series.dash]},
        marker={
            "color": colour,
            "size": 2 * theme.MARKER_RADIUS + (11 if is_bar else 2),
            "symbol": theme.PLOTLY_MARKERS[series.marker],
            "line": line,
        },
        text=[safe(chart.point_label(series, point)) for point in points],
        hovertemplate="%{text}<extra></extra>",
        meta="series",
        **{bars: _error_bars(points, colour, theme.interval_width(chart.y.kind))},
    )


def _error_bars(points: tuple[Point, ...], colour: str, width: float) -> dict[str, Any]:
    known = [None not in (point.y, point.low, point.high) for point in points]
    return {
        "visible": any(known),
        "symmetric": False,
        "array": [p.high - p.y if is_known else None for p, is_known in zip(points, known, strict=True)],
        "arrayminus": [p.y - p.low if is_known else None for p, is_known in zip(points, known, strict=True)],
        "width": 0,
        "thickness": width,
        "color": colour,
    }
