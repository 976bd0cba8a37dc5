"""Where everything in a chart stands, in pixels; the drawings only put ink there.

Two shapes: from `WIDE_FROM` pixels on, names stand to the right of the lines they belong to; below that (telephones)
they stand in a key above the plot. Type has the same size in both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kvalitet_eval.present import geometry, numbers, theme
from kvalitet_eval.present.chart import Band, Chart, Event, Rule, Series

WIDE_FROM = 520
LINE = theme.FONT_SIZE * theme.LINE_HEIGHT
SAMPLE = 26
EVENT_RADIUS = 10
_GAP = 10
_INSET = 12
_LABEL_SHARE = 0.27
_LABEL_ROOM = 178
_SMALLEST_PLOT = 150
_FARTHEST_END = 60


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a series, band or horizontal rule: where its sample starts, its first line's middle, its lines.

    ``anchor`` is the pixel where the data end that the name belongs to; None when names stand in a key.
    """

    item: Series | Band | Rule
    colour: str
    x: float
    y: float
    lines: tuple[str, ...]
    anchor: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical rule or event above the plot: the pixel it marks, the middle of its text, its height."""

    item: Rule | Event
    x: float
    text_x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All positions of one drawing, in pixels."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    heading: tuple[tuple[str, ...], float]
    scale_x: geometry.Scale
    scale_y: geometry.Scale
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    names: tuple[Name, ...]
    marks: tuple[Mark, ...]
    x_title_y: float
    legend: tuple[tuple[Event, float, tuple[str, ...]], ...]


def named_items(chart: Chart) -> tuple[tuple[Series | Band | Rule, str], ...]:
    """Return everything that carries a name, with its colour: series, bands, horizontal rules with a label."""
    others = [series for series in chart.series if series.role not in theme.ROLE_COLOURS]
    items = [(s, theme.colour(s.role, others.index(s) if s in others else 0)) for s in chart.series]
    bands = [(band, theme.colour(band.role)) for band in chart.bands]
    return (*items, *bands, *((rule, theme.INK) for rule in chart.rules if rule.axis == "y" and rule.label))


def full_name(chart: Chart, item: Series | Band | Rule) -> str:
    """Return the text beside a line: its name and, for a line through time, its latest value."""
    if isinstance(item, Rule):
        return item.label
    if isinstance(item, Band) or item.style == "marker":
        return item.name
    latest = next((point.y for point in reversed(item.points) if point.y is not None), None)
    value = numbers.number(latest, chart.y.decimals, chart.language)
    return item.name if latest is None else f"{item.name}: {value}"


def y_ticks(chart: Chart) -> tuple[tuple[float, str], ...]:
    """Return the ticks of the y axis; the first and the last are the limits of the axis."""
    if chart.y.ticks:
        return chart.y.ticks
    values = [v for s in chart.series for p in s.points for v in (p.y, p.low, p.high)]
    values += [v for band in chart.bands for v in (*band.low, *band.high)]
    values += [rule.at for rule in chart.rules if rule.axis == "y"]
    known = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = (min(0.0, *known), max(0.0, *known)) if chart.y.from_zero else (min(known), max(known))
    ticks, decimals = geometry.round_ticks(low, high)
    return tuple((tick, numbers.number(tick, decimals, chart.language)) for tick in ticks)


def x_limits(chart: Chart) -> tuple[float, float]:
    """Return the first and the last x value of anything drawn."""
    values = [point.x for series in chart.series for point in series.points]
    values += [x for band in chart.bands for x in band.x]
    values += [rule.at for rule in chart.rules if rule.axis == "x"] + [event.x for event in chart.events]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def lay_out(chart: Chart, width: float, height: float) -> Layout:
    """Place a chart on a sheet ``width`` pixels wide; names and events may make it higher than ``height``."""
    ticks = y_ticks(chart)
    left = max(geometry.text_width(label) for _, label in ticks) + _GAP
    is_wide = width >= WIDE_FROM
    room = max(width * _LABEL_SHARE, _LABEL_ROOM) if is_wide else width - SAMPLE
    texts = [(item, colour, geometry.wrap(full_name(chart, item), room)) for item, colour in named_items(chart)]
    widest = max(geometry.text_width(line) for *_, lines in texts for line in lines)
    right = width - (widest + SAMPLE + 2 * _GAP if is_wide else _INSET)
    key, key_end = ((), 0.0) if is_wide else _key(texts, width)
    heading = geometry.wrap(chart.y.heading, width, theme.SMALL_FONT_SIZE)
    heading_y = key_end + LINE / 2
    scale_x = geometry.Scale(*x_limits(chart), left + _INSET, right - _INSET)
    marks, top = _marks(chart, scale_x, key_end + len(heading) * LINE + 6, width)
    legend_lines = [(event, geometry.wrap(event.label, width - 3 * _GAP - EVENT_RADIUS)) for event in chart.events]
    x_ticks = geometry.thin_ticks(_within(chart, scale_x), scale_x)
    below = LINE * max((label.count("\n") + 1 for _, label in x_ticks), default=0) + 10
    below += LINE if chart.x.title else 0
    legend_height = sum(_legend_height(lines) for _, lines in legend_lines) + (_GAP if legend_lines else 0)
    needed = max(_SMALLEST_PLOT, sum(len(lines) * LINE + 4 for *_, lines in texts) if is_wide else 0)
    bottom = max(height - below, top + needed)
    scale_y = geometry.Scale(ticks[0][0], ticks[-1][0], bottom, top)
    names = _beside(texts, scale_x, scale_y, right, (top - LINE / 2, bottom + LINE / 2)) if is_wide else key
    legend = _legend(legend_lines, bottom + below + _GAP)
    return Layout(
        width=width, height=bottom + below + legend_height + 2, left=left, right=right, top=top, bottom=bottom,
        heading=(heading, heading_y), scale_x=scale_x, scale_y=scale_y, x_ticks=x_ticks, y_ticks=ticks, names=names,
        marks=marks, x_title_y=bottom + below - LINE / 2, legend=legend,
    )  # fmt: skip


_Texts = list[tuple[Series | Band | Rule, str, tuple[str, ...]]]


def _within(chart: Chart, scale: geometry.Scale) -> tuple[tuple[float, str], ...]:
    if chart.x.ticks is not None:
        return tuple(tick for tick in chart.x.ticks if scale.low <= tick[0] <= scale.high)
    ticks, decimals = geometry.round_ticks(scale.low, scale.high)
    inside = [tick for tick in ticks if scale.low <= tick <= scale.high]
    return tuple((tick, numbers.number(tick, decimals, chart.language)) for tick in inside)


def _key(texts: _Texts, width: float) -> tuple[tuple[Name, ...], float]:
    names, x, y = [], 0.0, LINE / 2
    for item, colour, lines in texts:
        needed = SAMPLE + 6 + max(geometry.text_width(line) for line in lines)
        if x and x + needed > width:
            x, y = 0.0, y + LINE
        names.append(Name(item, colour, x, y, lines))
        x += needed + 2 * _GAP
        if len(lines) > 1:
            x, y = 0.0, y + LINE * len(lines)
    return tuple(names), (y + LINE / 2 if x else y - LINE / 2) + _GAP / 2


def _marks(chart: Chart, scale: geometry.Scale, y: float, width: float) -> tuple[tuple[Mark, ...], float]:
    """Return what stands above the plot, in rows so that nothing overlaps, and the pixel where the plot starts."""
    items: list[Rule | Event] = [rule for rule in chart.rules if rule.axis == "x"] + list(chart.events)
    placed = []
    for item in items:
        x = scale(item.at if isinstance(item, Rule) else item.x)
        half = geometry.text_width(item.label) / 2 if isinstance(item, Rule) else EVENT_RADIUS
        placed.append((item, x, min(max(x, half), max(width - half, half)), half))
    rows = geometry.rows_of((text_x - half, text_x + half) for _, _, text_x, half in placed)
    row_height = LINE + 4
    marks = [
        Mark(item, x, text_x, y + row_height * (row + 0.5))
        for (item, x, text_x, _), row in zip(placed, rows, strict=True)
    ]
    return tuple(marks), y + row_height * (max(rows, default=-1) + 1) + 4


def _beside(
    texts: _Texts, scale_x: geometry.Scale, scale_y: geometry.Scale, right: float, limits: tuple[float, float]
) -> tuple[Name, ...]:
    """Place names to the right, each as near its data's end as there is room; what ends earlier comes last."""
    ends = [_end(item, scale_x, scale_y, right) for item, *_ in texts]
    anchors = [end if end is not None and right - end[0] <= _FARTHEST_END else None for end in ends]
    heights = [len(lines) * LINE + 4 for *_, lines in texts]
    wanted = [limits[1] if anchor is None else anchor[1] - LINE / 2 for anchor in anchors]
    tops = geometry.push_apart(wanted, heights, *limits)
    return tuple(
        Name(item, colour, right + _GAP, top + LINE / 2, lines, anchor)
        for (item, colour, lines), top, anchor in zip(texts, tops, anchors, strict=True)
    )


def _end(
    item: Series | Band | Rule, scale_x: Callable[[float], float], scale_y: geometry.Scale, right: float
) -> tuple[float, float] | None:
    """Return the pixel where the data of a name end: the last known value, a band's last lower limit, a rule's end."""
    if isinstance(item, Rule):
        return right, scale_y(item.at)
    if isinstance(item, Series):
        known = [(point.x, point.y) for point in item.points if point.y is not None]
    else:
        known = [(x, low) for x, low in zip(item.x, item.low, strict=True) if low is not None]
    return (scale_x(known[-1][0]), scale_y(known[-1][1])) if known else None


def _legend_height(lines: tuple[str, ...]) -> float:
    return max(len(lines) * LINE, 2 * EVENT_RADIUS) + 6


def _legend(
    legend_lines: list[tuple[Event, tuple[str, ...]]], y: float
) -> tuple[tuple[Event, float, tuple[str, ...]], ...]:
    placed = []
    for event, lines in legend_lines:
        placed.append((event, y + EVENT_RADIUS, lines))
        y += _legend_height(lines)
    return tuple(placed)
