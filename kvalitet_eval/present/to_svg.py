"""Draw a chart as SVG: text as text, the same bytes every time, no browser and no other library."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Band, Chart, Rule, Series
from kvalitet_eval.present.geometry import Scale, runs, text_width
from kvalitet_eval.present.layout import EVENT_RADIUS, LINE, SAMPLE, Layout, Mark, Name, lay_out
from kvalitet_eval.present.messages import text
from kvalitet_eval.results import SYNTHETIC

_BASELINE = 0.36
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_SWITCH = (
    "<style>@media (max-width:599px){.kv-wide{display:none}}@media (min-width:600px){.kv-narrow{display:none}}</style>"
)


def to_svg(chart: Chart, width: int = theme.WIDE[0], height: int = theme.WIDE[1]) -> str:
    """Draw a chart.

    The title, the notes and the source are not drawn: the page sets them as text around the figure. They are in the
    drawing's accessible name and description.

    Parameters
    ----------
    chart : Chart
        What to draw.
    width, height : int
        Size in pixels at which type has its intended size. Below 520 pixels names stand in a key above the plot. The
        drawing becomes higher than ``height`` when names or the list of events need it, and scales down with its page.

    Returns
    -------
    str
        One ``<svg>`` element, well-formed, with ids that are unique for chart and width.
    """
    layout = lay_out(chart, width, height)
    w, h = _n(layout.width), _n(layout.height)
    name = f"{chart.id}-{w}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kv-chart" role="img" lang="{chart.language}" '
        f'aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        f'style="max-width:100%;height:auto" font-family="{theme.FONT_FAMILY}" font-size="{theme.FONT_SIZE}" '
        f'fill="{theme.INK}">',
        f'<title id="{name}-title">{_safe(chart.title)}</title><desc id="{name}-desc">{_safe(chart.alt)}</desc>',
        f'<rect width="{w}" height="{h}" fill="{theme.PAPER}"/>',
        *_watermark(chart, layout),
        *_axes(chart, layout),
        *_data(chart, layout),
        *(_mark_label(mark) for mark in layout.marks),
        *(part for placed in layout.names for part in _name(placed)),
        *_legend(layout),
        "</svg>",
    ]
    return "\n".join(parts)


def to_page_svg(chart: Chart) -> str:
    """Draw a chart twice, for wide and for narrow windows, with the style that shows the one that fits.

    Returns
    -------
    str
        A ``<style>`` element and two ``<svg>`` elements, of which one is shown; print uses the wide one on A4.
    """
    wide, narrow = (to_svg(chart, *size) for size in (theme.WIDE, theme.NARROW))
    mark = 'class="kv-chart"'
    return "\n".join(
        [
            _SWITCH,
            wide.replace(mark, 'class="kv-chart kv-wide"', 1),
            narrow.replace(mark, 'class="kv-chart kv-narrow"', 1),
        ]
    )


def _n(value: float) -> str:
    """Return a coordinate with at most one decimal and never a negative zero."""
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0").removesuffix(".0")


def _safe(value: str) -> str:
    """Escape text, without the control characters that XML cannot hold."""
    return escape(value.translate(_FORBIDDEN))


def _attribute(value: str) -> str:
    return quoteattr(value.translate(_FORBIDDEN))


def _line(start: tuple[float, float], end: tuple[float, float], stroke: str, width: float = 1, more: str = "") -> str:
    place = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
    return f'<line {place} stroke="{stroke}" stroke-width="{_n(width)}"{more}/>'


def _text(x: float, middle: float, value: str, more: str = "", size: float = theme.FONT_SIZE) -> str:
    return f'<text x="{_n(x)}" y="{_n(middle + size * _BASELINE)}"{more}>{_safe(value)}</text>'


def _watermark(chart: Chart, layout: Layout) -> Iterator[str]:
    if chart.origin != SYNTHETIC:
        return
    word = text("chart.synthetic", chart.language)
    x, y = (layout.left + layout.right) / 2, (layout.top + layout.bottom) / 2
    size = 0.72 * (layout.right - layout.left) / text_width(word, 1)
    yield (
        f'<text class="watermark" transform="translate({_n(x)} {_n(y)}) rotate(-16)" text-anchor="middle" '
        f'dominant-baseline="central" font-size="{_n(size)}" font-weight="700" fill="{theme.WATERMARK}" '
        f'fill-opacity="{theme.WATERMARK_OPACITY}">{_safe(word)}</text>'
    )


def _axes(chart: Chart, layout: Layout) -> Iterator[str]:
    lines, y = layout.heading
    for index, line in enumerate(lines):
        more = f' class="heading" font-size="{theme.SMALL_FONT_SIZE}" fill="{theme.MUTED}"'
        yield _text(0, y + index * LINE, line, more, theme.SMALL_FONT_SIZE)
    for value, label in layout.y_ticks:
        height = layout.scale_y(value)
        is_base = value == layout.y_ticks[0][0]
        yield _line((layout.left, height), (layout.right, height), theme.AXIS if is_base else theme.GRID)
        yield _text(layout.left - 8, height, label, f' class="y-tick" text-anchor="end" fill="{theme.MUTED}"')
    for value, label in layout.x_ticks:
        x = layout.scale_x(value)
        yield _line((x, layout.bottom), (x, layout.bottom + 5), theme.AXIS)
        for index, line in enumerate(label.split("\n")):
            middle = layout.bottom + 8 + LINE * (index + 0.5)
            yield _text(x, middle, line, f' class="x-tick" text-anchor="middle" fill="{theme.MUTED}"')
    if chart.x.title:
        middle = (layout.left + layout.right) / 2
        more = f' class="heading" text-anchor="middle" font-size="{theme.SMALL_FONT_SIZE}" fill="{theme.MUTED}"'
        yield _text(middle, layout.x_title_y, chart.x.heading, more, theme.SMALL_FONT_SIZE)


def _data(chart: Chart, layout: Layout) -> Iterator[str]:
    for name in layout.names:
        if isinstance(name.item, Band):
            yield from _band(name.item, name.colour, layout.scale_x, layout.scale_y)
    for rule in chart.rules:
        if rule.axis == "y":
            y = layout.scale_y(rule.at)
            yield _line((layout.left, y), (layout.right, y), theme.INK, 1.2)
    for mark in layout.marks:
        dash = "6 4" if isinstance(mark.item, Rule) else "2 3"
        start = mark.y + (LINE / 2 if isinstance(mark.item, Rule) else EVENT_RADIUS)
        yield _line((mark.x, start), (mark.x, layout.bottom), theme.MUTED, 1.2, f' stroke-dasharray="{dash}"')
    for name in reversed(layout.names):
        if isinstance(name.item, Series):
            yield from _series(chart, name.item, name.colour, layout)


def _band(band: Band, colour: str, scale_x: Scale, scale_y: Scale) -> Iterator[str]:
    for run in runs(zip(band.x, band.low, band.high, strict=True)):
        upper = [f"{_n(scale_x(x))} {_n(scale_y(high))}" for x, _, high in run]
        lower = [f"{_n(scale_x(x))} {_n(scale_y(low))}" for x, low, _ in reversed(run)]
        place = "L".join(upper + lower)
        yield f'<path class="band" d="M{place}Z" fill="{colour}" fill-opacity="{theme.BAND_OPACITY}"/>'


def _series(chart: Chart, series: Series, colour: str, layout: Layout) -> Iterator[str]:
    scale_x, scale_y = layout.scale_x, layout.scale_y
    yield f'<g class="series" data-series={_attribute(series.name)} stroke="{colour}" fill="{colour}">'
    if series.style != "marker":
        for run in runs((point.x, point.y) for point in series.points):
            place = "L".join(f"{_n(scale_x(x))} {_n(scale_y(y))}" for x, y in run)
            yield f'<path class="line" d="M{place}" fill="none" {_stroke(series)}/>'
    for point in series.points:
        if point.low is not None and point.high is not None:
            x = scale_x(point.x)
            yield _line((x, scale_y(point.low)), (x, scale_y(point.high)), colour, 1.8, ' class="interval"')
    alone = {run[0][0] for run in runs((p.x, p.y) for p in series.points) if len(run) == 1}
    last = next((point for point in reversed(series.points) if point.y is not None), None)
    for point in series.points:
        if point.y is not None:
            is_shown = series.style != "line" or point.x in alone or point is last
            yield _value(
                chart.point_label(series, point), series.marker, (scale_x(point.x), scale_y(point.y)), is_shown
            )
    yield "</g>"


def _stroke(series: Series) -> str:
    dash = f' stroke-dasharray="{theme.DASHES[series.dash]}"' if series.dash != "solid" else ""
    return f'stroke-width="{theme.LINE_WIDTH}" stroke-linejoin="round"{dash}'


def _value(label: str, marker: str, place: tuple[float, float], is_shown: bool) -> str:
    """Draw one value with the text shown when it is pointed at; a line's values have an invisible target."""
    hover = f"<title>{_safe(label)}</title>"
    if not is_shown:
        return f'<circle cx="{_n(place[0])}" cy="{_n(place[1])}" r="8" fill-opacity="0" stroke="none">{hover}</circle>'
    return f'<g class="value">{_marker(marker, *place)}{hover}</g>'


def _marker(shape: str, x: float, y: float) -> str:
    r = theme.MARKER_RADIUS + 0.5
    if shape in ("circle", "circle_open"):
        more = f' fill="{theme.PAPER}" stroke-width="1.8"' if shape == "circle_open" else f' stroke="{theme.PAPER}"'
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r + 0.5)}"{more}/>'
    corners = {
        "square": ((-r, -r), (r, -r), (r, r), (-r, r)),
        "diamond": ((0, -r - 2), (r + 2, 0), (0, r + 2), (-r - 2, 0)),
        "triangle": ((0, -r - 1.5), (r + 1, r), (-r - 1, r)),
    }[shape]
    place = " ".join(f"{_n(x + dx)},{_n(y + dy)}" for dx, dy in corners)
    return f'<polygon points="{place}" stroke="{theme.PAPER}"/>'


def _mark_label(mark: Mark) -> str:
    if isinstance(mark.item, Rule):
        halo = f' paint-order="stroke" stroke="{theme.PAPER}" stroke-width="5" stroke-linejoin="round"'
        return _text(mark.text_x, mark.y, mark.item.label, f' class="rule" text-anchor="middle"{halo}')
    return _numbered(mark.text_x, mark.y, mark.item.number)


def _numbered(x: float, y: float, number: int) -> str:
    circle = f'<circle class="event" cx="{_n(x)}" cy="{_n(y)}" r="{EVENT_RADIUS}" fill="{theme.INK}"/>'
    style = f' text-anchor="middle" font-weight="600" font-size="{theme.SMALL_FONT_SIZE}" fill="{theme.PAPER}"'
    return circle + _text(x, y, str(number), style, theme.SMALL_FONT_SIZE)


def _name(name: Name) -> Iterator[str]:
    """Draw a name with a sample of its line; a thin line leads to it when it had to be moved."""
    if name.anchor is not None:
        x, y = name.anchor
        if abs(y - name.y) > 5 or name.x - x > SAMPLE:
            start = (x if isinstance(name.item, Rule) else x + 6, y)
            yield _line(start, (name.x - 3, name.y), name.colour, 1, ' class="leader" stroke-opacity="0.45"')
    yield f'<g stroke="{name.colour}" fill="{name.colour}">{_sample(name)}</g>'
    for index, line in enumerate(name.lines):
        more = f' class="name" fill="{theme.text_colour(name.colour)}"'
        yield _text(name.x + SAMPLE, name.y + index * LINE, line, more)


def _sample(name: Name) -> str:
    x, y, end = name.x, name.y, name.x + SAMPLE - 6
    if isinstance(name.item, Band):
        size = f'width="{_n(end - x)}" height="12" fill-opacity="{theme.BAND_OPACITY + 0.12}" stroke="none"'
        return f'<rect x="{_n(x)}" y="{_n(y - 6)}" {size}/>'
    if isinstance(name.item, Rule):
        return _line((x, y), (end, y), name.colour, 1.2)
    series = name.item
    line = "" if series.style == "marker" else f'<path d="M{_n(x)} {_n(y)}H{_n(end)}" fill="none" {_stroke(series)}/>'
    bar = ""
    if any(point.low is not None for point in series.points):
        bar = _line(((x + end) / 2, y - 8), ((x + end) / 2, y + 8), name.colour, 1.8)
    return line + bar + ("" if series.style == "line" else _marker(series.marker, (x + end) / 2, y))


def _legend(layout: Layout) -> Iterator[str]:
    for event, y, lines in layout.legend:
        yield _numbered(EVENT_RADIUS, y, event.number)
        for index, line in enumerate(lines):
            yield _text(2 * EVENT_RADIUS + 10, y + index * LINE, line, ' class="event-text"')
