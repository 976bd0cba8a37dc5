"""Draw a chart with Plotly, for notebooks and the explorer: the same numbers, places and words as the SVG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

from kvalitet_eval.present import geometry, numbers, theme
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.layout import lay_out
from kvalitet_eval.present.layout_parts import Layout
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.plotly_axes import axes
from kvalitet_eval.present.plotly_traces import traces
from kvalitet_eval.present.plotly_words import annotations, safe
from kvalitet_eval.results import SYNTHETIC

_TITLE_LINE = theme.TITLE_FONT_SIZE * theme.LINE_HEIGHT
_PADDING = 12
_TOOLBAR = 34
_WATERMARK = 84


def to_plotly(chart: Chart, width: int = theme.WIDE[0], height: int = theme.WIDE[1]) -> go.Figure:
    """Draw a chart as an interactive figure.

    Names stand beside their lines; what is pointed at shows the printed value. The alternative text is in
    ``figure.layout.meta["alt"]``: Plotly's own drawing has no accessible name, so the page must set the text beside it.

    Parameters
    ----------
    chart : Chart
        What to draw.
    width, height : int
        As for :func:`~kvalitet_eval.present.to_svg.to_svg`: the narrowest page, in pixels inside its padding, on which
        no words meet; a wider page gives the plots more room.

    Returns
    -------
    plotly.graph_objects.Figure
        Height fixed, width that of the page.
    """
    layout = lay_out(chart, width, height)
    left, top, right, bottom = layout.edges
    title = _title(chart, width)
    above = len(title) * _TITLE_LINE + top + _PADDING + _TOOLBAR
    below = layout.height - bottom
    figure = go.Figure(list(traces(chart, layout)))
    figure.update_layout(
        template="none",
        title={"text": "<br>".join(title), "x": 0, "xref": "container", "xanchor": "left", "pad": {"l": _PADDING}},
        title_y=1,
        title_yanchor="top",
        title_pad_t=_PADDING + _TOOLBAR,
        title_font_size=theme.TITLE_FONT_SIZE,
        font={"family": theme.FONT_FAMILY, "size": theme.FONT_SIZE, "color": theme.INK},
        separators=numbers.separators(chart.language),
        height=bottom - top + above + below + _PADDING,
        margin={"l": left + _PADDING, "r": layout.width - right + _PADDING, "t": above, "b": below + _PADDING},
        showlegend=False,
        hovermode="closest",
        shapes=list(_shapes(chart, layout)),
        annotations=[*_watermark(chart, width), *annotations(chart, layout)],
        meta={"alt": chart.alt, "origin": chart.origin},
        **axes(chart, layout),
    )
    return figure


def _title(chart: Chart, width: int) -> list[str]:
    lines = geometry.wrap(chart.title, width, theme.TITLE_FONT_SIZE)
    title = [f"<b>{safe(line)}</b>" for line in lines]
    small = [f'<span style="font-size:{theme.FONT_SIZE}px">{safe(line)}</span>'
             for line in geometry.wrap(chart.subtitle, width)]  # fmt: skip
    return [*title, *small]


def _shapes(chart: Chart, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield the lines across every plot and the upright ones of rules and events."""
    for number, _ in enumerate(layout.plots, start=1):
        on = str(number) if number > 1 else ""
        for rule in chart.rules:
            if rule.axis == "y" and chart.plane == "plot":
                yield {"type": "line", "xref": f"x{on} domain", "x0": 0, "x1": 1, "yref": f"y{on}", "y0": rule.at,
                       "y1": rule.at, "layer": "above", "line": {"color": theme.INK, "width": 1.2}}  # fmt: skip
    for mark in layout.marks:
        on, plot = str(mark.plot + 1) if mark.plot else "", layout.plots[mark.plot]
        ends = [(layout.edges[3] - pixel) / (layout.edges[3] - layout.edges[1]) for pixel in (plot.bottom, plot.top)]
        line = {"color": theme.MUTED, "width": 1.2, "dash": theme.PLOTLY_DASHES[mark.dash]}
        yield {"type": "line", "yref": "paper", "xref": f"x{on}", "x0": mark.at, "x1": mark.at, "y0": ends[0],
               "y1": ends[1], "layer": "between", "line": line}  # fmt: skip


def _watermark(chart: Chart, width: int) -> Iterator[dict[str, Any]]:
    if chart.origin == SYNTHETIC:
        yield {"text": safe(text("chart.synthetic", chart.language)), "xref": "paper", "yref": "paper", "x": 0.5,
               "y": 0.5, "showarrow": False, "textangle": -16, "opacity": theme.WATERMARK_OPACITY,
               "font": {"size": round(_WATERMARK * width / theme.WIDE[0]), "color": theme.WATERMARK}}  # fmt: skip
