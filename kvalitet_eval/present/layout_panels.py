"""Several small plots with the same axes, so that they can be compared at a glance."""

from __future__ import annotations

from kvalitet_eval.present import geometry, numbers
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.layout_axes import (
    Ticks,
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
from kvalitet_eval.present.layout_names import key, latest_name, named_items
from kvalitet_eval.present.layout_parts import GAP, INSET, LINE, SAMPLE, WIDE_FROM, Layout, Mark, Plot, Words

_HEIGHT = 130.0
_BETWEEN = 18.0
_MOST_BESIDE = 3


def lay_out_panels(chart: Chart, width: float) -> Layout:
    """Place small plots in a grid: up to three beside each other, two on telephones; one key for all."""
    texts = [
        (item, colour, geometry.wrap(latest_name(chart, item), width - SAMPLE - 6))
        for item, colour in named_items(chart)
    ]
    names, y = key(texts, width)
    above, y = heading_above(chart.y.heading, y, width)
    up = ticks_up(chart)
    lines_up, left = room_up(up, width)
    n = len(chart.panels)
    n_beside = min(_MOST_BESIDE if n > 4 and width >= WIDE_FROM else 2, n)
    each = (width - left - _BETWEEN * (n_beside - 1)) / n_beside
    words: list[Words] = [*above]
    plots: list[Plot] = []
    along: Ticks = ()
    for first in range(0, n, n_beside):
        row = chart.panels[first : first + n_beside]
        titles = [geometry.wrap(title_of(chart, panel), each) for panel in row]
        top = y + max(len(lines) for lines in titles) * LINE + LINE / 2
        for place, (panel, lines) in enumerate(zip(row, titles, strict=True)):
            start = left + place * (each + _BETWEEN)
            scale_x = geometry.Scale(*limits_along(chart), start + INSET, start + each - INSET, chart.x.scale == "log")
            scale_y = geometry.Scale(up[0][0], up[-1][0], top + _HEIGHT, top, chart.y.scale == "log")
            along = along or ticks_along(chart.x, scale_x, width, chart.language)
            plot = Plot(panel, start, start + each, top, top + _HEIGHT, scale_x, scale_y, along, up)
            words.append(Words("panel", lines, start, top - LINE * len(lines), tie=start))
            words += [*_words_along(plot, width), *(words_up(plot, lines_up) if place == 0 else ())]
            plots.append(plot)
        y = top + _HEIGHT + height_along(plots[-1].x_ticks) + (GAP if first + n_beside < n else 0)
    whole = Plot("", left, width, 0, y, plots[0].scale_x, plots[0].scale_y)
    title, y = title_below(chart.x.heading, whole, y, width)
    return Layout(width, y + 2, tuple(plots), (*words, *title), names, _marks(chart, plots))


def title_of(chart: Chart, panel: str) -> str:
    """Return the words above a small plot: its name and the latest value of its first line."""
    first = next((series for series in chart.series if series.panel == panel), None)
    latest = next((p.y for p in reversed(first.points) if p.y is not None), None) if first else None
    return panel if latest is None else f"{panel}: {numbers.number(latest, chart.y.decimals, chart.language)}"


def _words_along(plot: Plot, width: float) -> tuple[Words, ...]:
    """Place the words below a small plot: those that would run into the plot beside it are left out."""
    return tuple(
        words for words in words_along(plot, width)
        if words.box()[0] >= plot.left - _BETWEEN / 2 + 1 and words.box()[2] <= plot.right + _BETWEEN / 2 - 1
    )  # fmt: skip


def _marks(chart: Chart, plots: list[Plot]) -> tuple[Mark, ...]:
    """Return the upright lines of every plot; what they mean stands in a note."""
    return tuple(
        Mark(rule, rule.at, plot.scale_x(rule.at), plot.scale_x(rule.at), plot.top, (), plot=index)
        for index, plot in enumerate(plots) for rule in chart.rules if rule.axis == "x"
    )  # fmt: skip
