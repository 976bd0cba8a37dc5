"""Where everything in a chart stands, in pixels; the drawings only put ink there.

Two shapes: from `WIDE_FROM` pixels on, names stand to the right of the lines they belong to; below that (telephones)
they stand in a key above the plot. Type has the same size in both.
"""

from __future__ import annotations

from kvalitet_eval.present import geometry
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.layout_axes import (
    heading_above,
    height_along,
    limits_along,
    room_up,
    ticks_along,
    ticks_up,
    title_below,
    words_along,
    words_up,
)
from kvalitet_eval.present.layout_map import lay_out_map
from kvalitet_eval.present.layout_names import Texts, beside, explained, key, latest_name, marks_above, named_items
from kvalitet_eval.present.layout_panels import lay_out_panels
from kvalitet_eval.present.layout_parts import GAP, INSET, LINE, SAMPLE, WIDE_FROM, Layout, Plot
from kvalitet_eval.present.layout_points import name_points
from kvalitet_eval.present.layout_rows import lay_out_rows

_LABEL_SHARE = 0.27
_LABEL_ROOM = 178
_NARROW_ROOM = 0.34
_SMALLEST_PLOT = 150


def lay_out(chart: Chart, width: float, height: float) -> Layout:
    """Place a chart on a sheet ``width`` pixels wide; names and events may make it higher than ``height``."""
    if chart.plane == "rows":
        return lay_out_rows(chart, width)
    if chart.plane == "map":
        return lay_out_map(chart, width, height)
    if chart.panels != ("",):
        return lay_out_panels(chart, width)
    return _lay_out_plot(chart, width, height)


def _lay_out_plot(chart: Chart, width: float, height: float) -> Layout:
    is_beside = width >= WIDE_FROM or chart.table_by == "series"
    texts = _texts(chart, width, is_beside)
    names, y = ((), 0.0) if is_beside else key(texts, width)
    above, y = heading_above(chart.y.heading, y, width)
    up = ticks_up(chart)
    lines_up, left = room_up(up, width)
    right = width - (_widest(texts) + SAMPLE + 2 * GAP if is_beside else INSET)
    scale_x = geometry.Scale(*limits_along(chart), left + INSET, right - INSET, chart.x.scale == "log")
    upright = [(rule, rule.at) for rule in chart.rules if rule.axis == "x"]
    marks, top = marks_above([*upright, *((event, event.x) for event in chart.events)], scale_x, y, width)
    along = ticks_along(chart.x, scale_x, width, chart.language)
    below = height_along(along) + (LINE if chart.x.heading else 0)
    needed = max(_SMALLEST_PLOT, sum(len(lines) * LINE + 4 for *_, lines in texts) if is_beside else 0)
    bottom = max(height - below, top + needed)
    scale_y = geometry.Scale(up[0][0], up[-1][0], bottom, top, chart.y.scale == "log")
    plot = Plot("", left, right, top, bottom, scale_x, scale_y, along, up)
    title, y = title_below(chart.x.heading, plot, bottom + height_along(along), width)
    numbered, told, y = explained(chart.events, y + (GAP if chart.events else 0), width)
    points, y = name_points(chart, plot, y, width)
    words = (*above, *words_up(plot, lines_up), *words_along(plot, width), *title, *told, *points)
    return Layout(width, y + 2, (plot,), words, beside(texts, plot) if is_beside else names, marks, numbered)


def _texts(chart: Chart, width: float, is_beside: bool) -> Texts:
    if not is_beside:
        room = width - SAMPLE - 6
    else:
        room = max(width * _LABEL_SHARE, _LABEL_ROOM) if width >= WIDE_FROM else width * _NARROW_ROOM
    return [(item, colour, geometry.wrap(latest_name(chart, item), room)) for item, colour in named_items(chart)]


def _widest(texts: Texts) -> float:
    return max(geometry.text_width(line) for *_, lines in texts for line in lines)
