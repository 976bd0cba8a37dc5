"""Draw a chart with Plotly, for notebooks and the explorer: the same numbers, places and words as the SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import plotly.graph_objects as go

from kvalitet_eval.present import geometry, numbers, theme
from kvalitet_eval.present.chart import Band, Chart, Event, Point, Rule, Series
from kvalitet_eval.present.layout import LINE, Layout, Mark, Name, lay_out
from kvalitet_eval.present.messages import text
from kvalitet_eval.results import SYNTHETIC

_MODES = {"line": "lines", "marker": "markers", "both": "lines+markers"}
_TITLE_LINE = theme.TITLE_FONT_SIZE * theme.LINE_HEIGHT
_PADDING = 12
_TOOLBAR = 34


def to_plotly(chart: Chart) -> go.Figure:
    """Draw a chart as an interactive figure.

    Names stand beside their lines; what is pointed at shows the printed value. The alternative text is in
    ``figure.layout.meta["alt"]``: Plotly's own drawing has no accessible name, so the page must set the text beside it.

    Returns
    -------
    plotly.graph_objects.Figure
        Height fixed, width that of the page.
    """
    layout = lay_out(chart, *theme.WIDE)
    figure = go.Figure()
    for name in layout.names:
        if isinstance(name.item, Band):
            figure.add_trace(_band(name.item, name.colour))
    for name in reversed(layout.names):
        if isinstance(name.item, Series):
            figure.add_trace(_series(chart, name.item, name.colour))
    title = _title(chart)
    top = len(title) * _TITLE_LINE + layout.top + _PADDING + _TOOLBAR
    below = layout.height - layout.bottom
    figure.update_layout(
        template="none",
        title={"text": "<br>".join(title), "x": 0, "xref": "container", "xanchor": "left", "pad": {"l": _PADDING}},
        title_y=1,
        title_yanchor="top",
        title_pad_t=_PADDING + _TOOLBAR,
        title_font_size=theme.TITLE_FONT_SIZE,
        font={"family": theme.FONT_FAMILY, "size": theme.FONT_SIZE, "color": theme.INK},
        separators=numbers.separators(chart.language),
        height=layout.bottom - layout.top + top + below + _PADDING,
        margin={"l": layout.left + _PADDING, "r": layout.width - layout.right, "t": top, "b": below + _PADDING},
        showlegend=False,
        hovermode="closest",
        xaxis=_x_axis(chart, layout),
        yaxis=_y_axis(layout),
        shapes=list(_shapes(chart)),
        annotations=[
            *_watermark(chart),
            *_headings(chart, layout),
            *(_mark(m, layout) for m in layout.marks),
            *(_beside(n, layout) for n in layout.names),
        ],
        meta={"alt": chart.alt, "origin": chart.origin},
    )
    return figure


def _safe(value: str) -> str:
    """Escape what Plotly would read as mark-up; keep line breaks."""
    return escape(value, quote=False).replace("\n", "<br>")


def _title(chart: Chart) -> list[str]:
    lines = geometry.wrap(chart.title, theme.WIDE[0], theme.TITLE_FONT_SIZE)
    title = [f"<b>{_safe(line)}</b>" for line in lines]
    small = f'<span style="font-size:{theme.FONT_SIZE}px">{_safe(chart.subtitle)}</span>'
    return [*title, small] if chart.subtitle else title


def _band(band: Band, colour: str) -> go.Scatter:
    """Return the outline of the band; a gap splits it."""
    x: list[float | None] = []
    y: list[float | None] = []
    for run in geometry.runs(zip(band.x, band.low, band.high, strict=True)):
        x += [row[0] for row in run] + [row[0] for row in reversed(run)] + [None]
        y += [row[2] for row in run] + [row[1] for row in reversed(run)] + [None]
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return go.Scatter(
        x=x[:-1],
        y=y[:-1],
        name=_safe(band.name),
        mode="lines",
        line_width=0,
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},{theme.BAND_OPACITY})",
        hoverinfo="skip",
    )


def _series(chart: Chart, series: Series, colour: str) -> go.Scatter:
    points = series.points
    return go.Scatter(
        x=[point.x for point in points],
        y=[point.y for point in points],
        name=_safe(series.name),
        mode=_MODES[series.style],
        connectgaps=False,
        line={"color": colour, "width": theme.LINE_WIDTH, "dash": theme.PLOTLY_DASHES[series.dash]},
        marker={"color": colour, "size": 2 * theme.MARKER_RADIUS + 2, "symbol": theme.PLOTLY_MARKERS[series.marker]},
        error_y=_error_bars(points, colour),
        text=[_safe(chart.point_label(series, point)) for point in points],
        hovertemplate="%{text}<extra></extra>",
    )


def _error_bars(points: tuple[Point, ...], colour: str) -> dict[str, Any]:
    known = [None not in (point.y, point.low, point.high) for point in points]
    return {
        "visible": any(known),
        "symmetric": False,
        "array": [p.high - p.y if is_known else None for p, is_known in zip(points, known, strict=True)],
        "arrayminus": [p.y - p.low if is_known else None for p, is_known in zip(points, known, strict=True)],
        "width": 0,
        "thickness": 1.8,
        "color": colour,
    }


def _x_axis(chart: Chart, layout: Layout) -> dict[str, Any]:
    margin = (layout.scale_x.start - layout.left) / (layout.scale_x.end - layout.scale_x.start)
    margin *= layout.scale_x.high - layout.scale_x.low
    return {
        "range": [layout.scale_x.low - margin, layout.scale_x.high + margin],
        "tickvals": [value for value, _ in layout.x_ticks],
        "ticktext": [_safe(label) for _, label in layout.x_ticks],
        "tickfont_color": theme.MUTED,
        "ticks": "outside",
        "showgrid": False,
        "zeroline": False,
        "linecolor": theme.AXIS,
        "title": {"text": _safe(chart.x.heading), "font": {"size": theme.SMALL_FONT_SIZE, "color": theme.MUTED}},
    }


def _y_axis(layout: Layout) -> dict[str, Any]:
    return {
        "range": [layout.scale_y.low, layout.scale_y.high],
        "tickvals": [value for value, _ in layout.y_ticks],
        "ticktext": [_safe(label) for _, label in layout.y_ticks],
        "tickfont_color": theme.MUTED,
        "gridcolor": theme.GRID,
        "zeroline": False,
    }


def _shapes(chart: Chart) -> Iterator[dict[str, Any]]:
    for rule in chart.rules:
        if rule.axis == "x":
            yield _vertical(rule.at, "dash")
        else:
            yield {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": rule.at, "y1": rule.at,
                   "layer": "above", "line": {"color": theme.INK, "width": 1.2}}  # fmt: skip
    for event in chart.events:
        yield _vertical(event.x, "dot")


def _vertical(x: float, dash: str) -> dict[str, Any]:
    line = {"color": theme.MUTED, "width": 1.2, "dash": dash}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "between", "line": line}


def _watermark(chart: Chart) -> Iterator[dict[str, Any]]:
    if chart.origin == SYNTHETIC:
        yield {"text": _safe(text("chart.synthetic", chart.language)), "xref": "paper", "yref": "paper", "x": 0.5,
               "y": 0.5, "showarrow": False, "textangle": -16, "opacity": theme.WATERMARK_OPACITY,
               "font": {"size": 84, "color": theme.WATERMARK}}  # fmt: skip


def _headings(chart: Chart, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield the heading of the y axis above the plot and the explanation of the events below it."""
    lines, y = layout.heading
    small = {"size": theme.SMALL_FONT_SIZE, "color": theme.MUTED}
    yield _note("<br>".join(_safe(line) for line in lines), layout, y - LINE / 2, 0) | {"font": small}
    if chart.events:
        explained = "<br>".join(f"<b>{e.number}</b>  {'<br>'.join(_safe(line) for line in lines)}"
                                for e, _, lines in layout.legend)  # fmt: skip
        yield _note(explained, layout, layout.legend[0][1] - LINE / 2, 0)


def _note(value: str, layout: Layout, y: float, x: float) -> dict[str, Any]:
    """Return a text whose upper left corner stands at a pixel of the layout."""
    return {"text": value, "xref": "paper", "x": 0, "xanchor": "left", "xshift": x - layout.left, "yref": "paper",
            "y": 1, "yanchor": "top", "yshift": layout.top - y, "align": "left", "showarrow": False}  # fmt: skip


def _mark(mark: Mark, layout: Layout) -> dict[str, Any]:
    place = {"yref": "paper", "y": 1, "yanchor": "middle", "yshift": layout.top - mark.y, "showarrow": False}
    if isinstance(mark.item, Event):
        font = {"color": theme.PAPER, "size": 12}
        return place | {"x": mark.item.x, "text": f"<b>{mark.item.number}</b>", "font": font, "bgcolor": theme.INK}
    return place | {"x": mark.item.at, "text": _safe(mark.item.label), "bgcolor": theme.PAPER}


def _beside(name: Name, layout: Layout) -> dict[str, Any]:
    shown = "<br>".join(_safe(line) for line in name.lines)
    note = _note(f"{_key(name.item)} {shown}", layout, name.y - LINE / 2, 0)
    return note | {"x": 1, "xshift": name.x - layout.right, "font": {"color": theme.text_colour(name.colour)}}


def _key(item: Series | Band | Rule) -> str:
    """Return a sign that looks like the line, marker or area which the name belongs to."""
    if isinstance(item, Band):
        return "▬"
    if isinstance(item, Rule):
        return "—"
    return (
        {"solid": "―", "dash": "- -", "dot": "···"}[item.dash] if item.style == "line" else _MARKER_SIGNS[item.marker]
    )


_MARKER_SIGNS = {"circle": "●", "circle_open": "○", "square": "■", "diamond": "◆", "triangle": "▲"}
