"""Names of what is drawn: which there are, in which colour, and where they stand."""

from __future__ import annotations

from kvalitet_eval.present import geometry, numbers, theme
from kvalitet_eval.present.chart import Band, Chart, Event, Rule, Series
from kvalitet_eval.present.layout_parts import EVENT_RADIUS, GAP, LINE, SAMPLE, Item, Mark, Name, Plot, Words

_FARTHEST_END = 60
_ROW = LINE + 4

Texts = list[tuple[Item, str, tuple[str, ...]]]


def colours(chart: Chart) -> dict[str, str]:
    """Return the colour of each series and band by its name; the same name in several panels has one colour."""
    items = (*chart.series, *chart.bands)
    by_role: dict[str, list[str]] = {}
    for item in items:
        named = by_role.setdefault(item.role, [])
        named += [] if item.name in named else [item.name]
    return {item.name: theme.colour(item.role, by_role[item.role].index(item.name), len(by_role[item.role]))
            for item in items}  # fmt: skip


def covering_order(chart: Chart) -> list[Series]:
    """Return the series in the order they are drawn: lines below single values, the first series above the others.

    In a chart of rows the first is the longest and lies below.
    """
    if chart.plane == "rows":
        return list(chart.series)
    above = [series for series in reversed(chart.series) if series.style == "marker"]
    return [series for series in reversed(chart.series) if series.style != "marker"] + above


def named_items(chart: Chart) -> tuple[tuple[Item, str], ...]:
    """Return everything that carries a name, with its colour: series, bands, lines across with a label."""
    colour = colours(chart)
    once = {item.name: item for item in reversed((*chart.series, *chart.bands))}
    items = [(item, colour[item.name]) for item in (*chart.series, *chart.bands) if once[item.name] is item]
    across = "y" if chart.plane == "plot" else ""
    return (*items, *((rule, theme.INK) for rule in chart.rules if rule.axis == across and rule.label))


def latest_name(chart: Chart, item: Item) -> str:
    """Return the text beside a line: its name and, for a line in a single plot, its latest value."""
    if isinstance(item, Rule):
        return item.label
    if isinstance(item, Band) or item.style == "marker" or chart.panels != ("",) or chart.plane != "plot":
        return item.name
    latest = next((point.y for point in reversed(item.points) if point.y is not None), None)
    return item.name if latest is None else f"{item.name}: {numbers.number(latest, chart.y.decimals, chart.language)}"


def key(texts: Texts, width: float, *, is_list: bool = False) -> tuple[tuple[Name, ...], float]:
    """Set names side by side above the plot, or one below the other, and return the pixel where they end."""
    names, x, y = [], 0.0, LINE / 2
    for item, colour, lines in texts:
        needed = SAMPLE + 6 + max(geometry.text_width(line) for line in lines)
        if x and x + needed > width:
            x, y = 0.0, y + LINE
        names.append(Name(item, colour, x, y, lines))
        x += needed + 2 * GAP
        if len(lines) > 1 or is_list:
            x, y = 0.0, y + LINE * len(lines)
    return tuple(names), (y + LINE / 2 if x else y - LINE / 2) + GAP / 2


def beside(texts: Texts, plot: Plot) -> tuple[Name, ...]:
    """Place names to the right, each as near its data's end as there is room; what ends earlier comes last."""
    limits = plot.top - LINE / 2, plot.bottom + LINE / 2
    ends = [_end(item, plot) for item, *_ in texts]
    anchors = [end if end is not None and plot.right - end[0] <= _FARTHEST_END else None for end in ends]
    heights = [len(lines) * LINE + 4 for *_, lines in texts]
    wanted = [limits[1] if anchor is None else anchor[1] - LINE / 2 for anchor in anchors]
    tops = geometry.push_apart(wanted, heights, *limits)
    return tuple(
        Name(item, colour, plot.right + GAP, top + LINE / 2, lines, anchor)
        for (item, colour, lines), top, anchor in zip(texts, tops, anchors, strict=True)
    )


def marks_above(
    items: list[tuple[Rule | Event, float]], scale: geometry.Scale, y: float, width: float
) -> tuple[tuple[Mark, ...], float]:
    """Place what stands above upright lines, in rows so that nothing overlaps, and return where the plot starts.

    Parameters
    ----------
    items : list of (rule or event, value)
        The value is measured along the page.
    """
    placed = []
    for item, at in items:
        lines = geometry.wrap(item.label, width) if isinstance(item, Rule) else (str(item.number),)
        half = max(map(geometry.text_width, lines), default=0.0) / 2 if isinstance(item, Rule) else EVENT_RADIUS
        placed.append((item, at, scale(at), lines, min(max(scale(at), half), max(width - half, half)), half))
    rows = geometry.rows_of((text_x - half, text_x + half) for *_, text_x, half in placed)
    starts = [y]
    for row in range(max(rows, default=-1) + 1):
        n_lines = max(len(p[3]) for p, r in zip(placed, rows, strict=True) if r == row)
        starts.append(starts[-1] + _ROW + LINE * max(n_lines - 1, 0))
    marks = tuple(
        Mark(item, at, x, text_x, starts[row] + _ROW / 2, lines, _dash(item))
        for (item, at, x, lines, text_x, _), row in zip(placed, rows, strict=True)
    )
    return marks, starts[-1] + 4


def explained(
    events: tuple[Event, ...], y: float, width: float
) -> tuple[tuple[tuple[Event, float], ...], tuple[Words, ...], float]:
    """Explain numbered events below the plot; return the numbers, the texts and where they end."""
    numbered, texts = [], []
    for event in events:
        lines = geometry.wrap(event.label, width - 3 * GAP - EVENT_RADIUS) or ("",)
        numbered.append((event, y + EVENT_RADIUS))
        texts.append(Words("event-text", lines, 2 * EVENT_RADIUS + GAP, y + EVENT_RADIUS))
        y += max(len(lines) * LINE, 2 * EVENT_RADIUS) + 6
    return tuple(numbered), tuple(texts), y


def _dash(item: Rule | Event) -> str:
    if isinstance(item, Event):
        return "dot"
    return "dash" if item.axis == "x" else "solid"


def _end(item: Item, plot: Plot) -> tuple[float, float] | None:
    """Return the pixel where the data of a name end: the last known value, a band's last lower limit, a rule's end."""
    if isinstance(item, Rule):
        return plot.right, plot.scale_y(item.at)
    if isinstance(item, Series):
        known = [(point.x, point.y) for point in item.points if point.y is not None]
    else:
        known = [(x, low) for x, low in zip(item.x, item.low, strict=True) if low is not None]
    return (plot.scale_x(known[-1][0]), plot.scale_y(known[-1][1])) if known else None
