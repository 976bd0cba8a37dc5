"""A chart of rows: each has a name, values along the page and its first value in figures."""

from __future__ import annotations

from kvalitet_eval.present import geometry, numbers
from kvalitet_eval.present.chart import Chart, Rule
from kvalitet_eval.present.layout_axes import height_along, ticks_along, ticks_around, title_below, words_along
from kvalitet_eval.present.layout_names import key, marks_above, named_items
from kvalitet_eval.present.layout_parts import GAP, INSET, LINE, SAMPLE, WIDE_FROM, Layout, Plot, Words
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish.published import CONFIDENTIAL

_NAME_SHARE, _FIGURE_SHARE = 0.28, 0.27
_MARKER_ROOM = 22
_ROW_GAP = 14


def lay_out_rows(chart: Chart, width: float) -> Layout:
    """Place a chart of rows: names to the left and figures to the right in wide drawings, else both above the row."""
    rows = [(x, label.replace("\n", " "), figures(chart, x)) for x, label in chart.x.ticks or ()]
    is_wide = width >= WIDE_FROM
    texts = [(item, colour, geometry.wrap(item.name, width - SAMPLE - 6)) for item, colour in named_items(chart)]
    names, y = key(texts, width)
    if is_wide:
        lines = [(geometry.wrap(name, _NAME_SHARE * width), geometry.wrap(shown, _FIGURE_SHARE * width))
                 for _, name, shown in rows]  # fmt: skip
        left = _widest(names for names, _ in lines) + GAP
        right = width - _widest(figures for _, figures in lines) - GAP
    else:
        lines = [(_above(name, shown, width), ()) for _, name, shown in rows]
        left, right = 0.0, width
    scale_x = _scale_along(chart, left + INSET, right - INSET)
    upright: list[tuple[Rule, float]] = [(rule, rule.at) for rule in chart.rules if rule.axis == "y"]
    marks, top = marks_above(upright, scale_x, y + 4, width)
    scale_y, height = _scale_up(chart, lines, top, is_wide)
    bottom = top + height * len(rows)
    along = ticks_along(chart.y, scale_x, width, chart.language)
    up = tuple((x, " ".join(name)) for (x, *_), (name, _) in zip(rows, lines, strict=True))
    plot = Plot("", left, right, top, bottom, scale_x, scale_y, along, up)
    title, y = title_below(chart.y.heading, plot, bottom + height_along(along), width)
    words = (*_row_words(rows, lines, plot, is_wide), *words_along(plot, width), *title)
    return Layout(width, y + 2, (plot,), words, names, marks)


def figures(chart: Chart, x: float) -> str:
    """Return what is printed of the first series in a row: value and interval, or why there is none."""
    point = next((point for point in chart.series[0].points if point.x == x), None)
    if point is None or point.y is None:
        withheld = point is not None and point.mark == CONFIDENTIAL
        return text("chart.withheld" if withheld else "number.missing", chart.language)
    if point.low is None or point.high is None:
        return chart.y_label(point.y) if chart.y.kind == "quarter" else _number(chart, point.y)
    limits = chart.interval_label(point.low, point.high)
    return limits if chart.y.kind == "quarter" else f"{_number(chart, point.y)} ({limits})"


def _above(name: str, shown: str, width: float) -> tuple[str, ...]:
    """Return a row's name with its figures: on one line where there is room, else one below the other."""
    together = f"{name}: {shown}"
    if geometry.text_width(together) <= width:
        return (together,)
    return (*geometry.wrap(name, width), *geometry.wrap(shown, width))


def _number(chart: Chart, value: float) -> str:
    return numbers.number(value, chart.y.decimals, chart.language)


def _scale_along(chart: Chart, start: float, end: float) -> geometry.Scale:
    values = chart.y_values()
    if chart.y.kind == "quarter" or chart.y.ticks:
        low, high = min(values, default=0.0), max(values, default=1.0)
        low, high = (low, high) if high > low else (low - 1, high + 1)
    else:
        ticks = ticks_around(values, chart.y, chart.language)
        low, high = ticks[0][0], ticks[-1][0]
    return geometry.Scale(low, high, start, end, chart.y.scale == "log")


def _scale_up(
    chart: Chart, lines: list[tuple[tuple[str, ...], tuple[str, ...]]], top: float, is_wide: bool
) -> tuple[geometry.Scale, float]:
    """Return the scale of the rows, which are equally high, and their height; x rises by one from row to row."""
    n_lines = max(max(len(name), len(shown)) for name, shown in lines)
    height = max(n_lines * LINE, _MARKER_ROOM) + _ROW_GAP if is_wide else n_lines * LINE + _MARKER_ROOM + _ROW_GAP
    first = (chart.x.ticks or ((1, ""),))[0][0]
    middle = top + (height / 2 if is_wide else _ROW_GAP / 2 + n_lines * LINE + _MARKER_ROOM / 2)
    return geometry.Scale(first, first + 1, middle, middle + height), height


def _row_words(
    rows: list[tuple[float, str, str]],
    lines: list[tuple[tuple[str, ...], tuple[str, ...]]],
    plot: Plot,
    is_wide: bool,
) -> tuple[Words, ...]:
    placed = []
    for (x, *_), (name, shown) in zip(rows, lines, strict=True):
        y = plot.scale_y(x)
        if not is_wide:
            start = y - _MARKER_ROOM / 2 - len(name) * LINE + LINE / 2
            placed.append(Words("y-tick", name, 0.0, start, tie=plot.left, is_over_plot=True))
            continue
        placed.append(Words("y-tick", name, plot.left - GAP, y - LINE * (len(name) - 1) / 2, "end", tie=plot.left))
        if shown:
            start = y - LINE * (len(shown) - 1) / 2
            placed.append(Words("row-value", shown, plot.right + GAP, start, tie=plot.right))
    return tuple(placed)


def _widest(texts: object) -> float:
    return max((geometry.text_width(line) for lines in texts for line in lines), default=0.0)
