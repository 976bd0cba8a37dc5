"""The axes of a plot: which values have a tick, and where the words stand."""

from __future__ import annotations

from collections.abc import Iterable

from kvalitet_eval.present import geometry, numbers, theme
from kvalitet_eval.present.chart import Axis, Chart
from kvalitet_eval.present.layout_parts import GAP, LINE, Plot, Words

Ticks = tuple[tuple[float, str], ...]
BELOW_AXIS = 10
_WIDEST_LABELS = 0.35
_NARROWEST_LABEL = 72


def ticks_up(chart: Chart) -> Ticks:
    """Return the ticks of the y axis; the first and the last are the limits of the axis."""
    return chart.y.ticks or ticks_around(chart.y_values(), chart.y, chart.language)


def ticks_around(values: Iterable[float], axis: Axis, language: str) -> Ticks:
    """Return round numbers that enclose some values."""
    known = list(values) or [1.0 if axis.scale == "log" else 0.0, 1.0]
    if axis.scale == "log":
        found, decimals = geometry.log_ticks(min(known), max(known))
    else:
        low, high = (min(0.0, *known), max(0.0, *known)) if axis.from_zero else (min(known), max(known))
        found, decimals = geometry.round_ticks(low, high)
    return tuple((tick, numbers.number(tick, decimals, language)) for tick in found)


def limits_along(chart: Chart) -> tuple[float, float]:
    """Return the first and the last x value of anything drawn, apart also where there is one value only."""
    values = [point.x for series in chart.series for point in series.points]
    values += [x for band in chart.bands for x in band.x]
    values += [rule.at for rule in chart.rules if rule.axis == "x"] + [event.x for event in chart.events]
    low, high = (min(values), max(values)) if values else (1.0, 2.0)
    if high > low:
        return low, high
    return (low / 2, low * 2) if chart.x.scale == "log" else (low - 0.5, high + 0.5)


def ticks_along(axis: Axis, scale: geometry.Scale, width: float, language: str) -> Ticks:
    """Return the ticks of an axis along the page that have room, with lines as narrow as they need to be."""
    ticks = axis.ticks
    if ticks is None:
        ticks = ticks_around((scale.low, scale.high), axis, language)
    within = [tick for tick in ticks if scale.low <= tick[0] <= scale.high]
    room = min(max((scale.end - scale.start) / max(len(within), 1) - GAP, _NARROWEST_LABEL), width)
    wrapped = [
        (value, "\n".join(part for line in label.split("\n") for part in geometry.wrap(line, room)))
        for value, label in within
    ]
    return geometry.thin_ticks(wrapped, scale, width)


def words_along(plot: Plot, width: float, kind: str = "x-tick") -> tuple[Words, ...]:
    """Place the words below the ticks along the page."""
    placed = []
    for value, label in plot.x_ticks:
        lines, x = tuple(label.split("\n")), plot.scale_x(value)
        start, end = geometry.span_of(lines, x, width)
        middle = (start + end) / 2
        y = plot.bottom + BELOW_AXIS + LINE / 2
        placed.append(Words(kind, lines, middle, y, "middle", colour=theme.MUTED, tie=x))
    return tuple(placed)


def height_along(ticks: Ticks) -> float:
    """Return the room that ticks need below a plot."""
    return BELOW_AXIS + LINE * max((label.count("\n") + 1 for _, label in ticks), default=0) + 2


def room_up(ticks: Ticks, width: float) -> tuple[dict[float, tuple[str, ...]], float]:
    """Break the words of the ticks up the page and return them by value, with the pixel where the plot begins."""
    lines = {value: geometry.wrap(label, _WIDEST_LABELS * width) for value, label in ticks}
    return lines, max((geometry.text_width(line) for found in lines.values() for line in found), default=0.0) + GAP


def words_up(plot: Plot, lines: dict[float, tuple[str, ...]]) -> tuple[Words, ...]:
    """Place the words beside the ticks up the page; what has no room between its neighbours is left out."""
    placed: list[Words] = []
    for value, found in lines.items():
        if not found:
            continue
        y = plot.scale_y(value) - LINE * (len(found) - 1) / 2
        words = Words("y-tick", found, plot.left - 8, y, "end", colour=theme.MUTED, tie=plot.left)
        box = words.box()
        inside = box[1] >= plot.top - LINE and box[3] <= plot.bottom + LINE / 2 + 0.1
        if inside and (not placed or box[3] <= placed[-1].box()[1]):
            placed.append(words)
    return tuple(placed)


def heading_above(title: str, y: float, width: float) -> tuple[tuple[Words, ...], float]:
    """Place the heading of the y axis and return where it ends."""
    lines = geometry.wrap(title, width, theme.SMALL_FONT_SIZE)
    if not lines:
        return (), y + 6
    words = Words("heading", lines, 0.0, y + LINE / 2, size=theme.SMALL_FONT_SIZE, colour=theme.MUTED)
    return (words,), y + len(lines) * LINE + 6


def title_below(title: str, plot: Plot, y: float, width: float) -> tuple[tuple[Words, ...], float]:
    """Place the title of the axis along the page below its ticks and return where it ends."""
    size = theme.SMALL_FONT_SIZE
    lines = geometry.wrap(title, width, size)
    if not lines:
        return (), y
    start, end = geometry.span_of(lines, (plot.left + plot.right) / 2, width, size)
    middle = (start + end) / 2
    words = Words("heading", lines, middle, y + LINE / 2, "middle", size, theme.MUTED, tie=(plot.left + plot.right) / 2)
    return (words,), y + len(lines) * LINE
