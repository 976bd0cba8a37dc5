"""The axes of a chart in Plotly: limits, ticks and where each plot lies, as in the layout."""

from __future__ import annotations

from typing import Any

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.geometry import Scale
from kvalitet_eval.present.layout_parts import Layout, Plot
from kvalitet_eval.present.plotly_words import safe


def axes(chart: Chart, layout: Layout) -> dict[str, dict[str, Any]]:
    """Return every axis by Plotly's name for it."""
    found: dict[str, dict[str, Any]] = {}
    for number, plot in enumerate(layout.plots, start=1):
        suffix = str(number) if number > 1 else ""
        along = {"anchor": f"y{suffix}", "domain": _domain(layout, plot, 0)}
        up = {"anchor": f"x{suffix}", "domain": _domain(layout, plot, 1)}
        if not plot.has_axes:
            along |= {"visible": False, "constrain": "domain"}
            up |= {"visible": False, "scaleanchor": f"x{suffix}", "constrain": "domain"}
        found[f"xaxis{suffix}"] = _along(chart, plot) | along
        found[f"yaxis{suffix}"] = _up(chart, plot, layout) | up
    return found


def _domain(layout: Layout, plot: Plot, axis: int) -> list[float]:
    """Return where a plot begins and ends as shares of what all plots cover, from the left and from below."""
    left, top, right, bottom = layout.edges
    if axis == 0:
        return [(plot.left - left) / (right - left), (plot.right - left) / (right - left)]
    return [(bottom - plot.bottom) / (bottom - top), (bottom - plot.top) / (bottom - top)]


def _limits(scale: Scale, start: float, end: float) -> dict[str, Any]:
    """Return the values at the edges of a plot; on a log axis Plotly wants their logarithms."""
    return {"type": "log" if scale.is_log else "linear", "range": [scale.value(start), scale.value(end)]}


def _along(chart: Chart, plot: Plot) -> dict[str, Any]:
    return _limits(plot.scale_x, plot.left, plot.right) | {
        "tickvals": [value for value, _ in plot.x_ticks],
        "ticktext": [safe(label) for _, label in plot.x_ticks],
        "tickfont_color": theme.MUTED,
        "ticks": "outside",
        "showgrid": chart.plane == "rows",
        "gridcolor": theme.GRID,
        "zeroline": False,
        "linecolor": theme.AXIS,
    }


def _up(chart: Chart, plot: Plot, layout: Layout) -> dict[str, Any]:
    is_first = plot.left == layout.edges[0]
    return _limits(plot.scale_y, plot.bottom, plot.top) | {
        "tickvals": [value for value, _ in plot.y_ticks],
        "ticktext": [safe(label) for _, label in plot.y_ticks],
        "showticklabels": is_first and chart.plane != "rows",
        "showgrid": chart.plane != "rows",
        "tickfont_color": theme.MUTED,
        "gridcolor": theme.GRID,
        "zeroline": False,
    }
