"""Draw a chart as SVG: text as text, the same bytes every time, no browser and no other library."""

from __future__ import annotations

from collections.abc import Iterator

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Band, Chart, Rule
from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.layout import lay_out
from kvalitet_eval.present.layout_parts import EVENT_RADIUS, LINE, SAMPLE, Layout, Mark, Name, Plot, Words
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.svg_data import draw_data
from kvalitet_eval.present.svg_parts import broken, digits, grid, line, marker, safe, stroke
from kvalitet_eval.present.svg_parts import text as set_text
from kvalitet_eval.results import SYNTHETIC

_SWITCH = (
    "<style>@media (max-width:599px){.kv-wide{display:none}}@media (min-width:600px){.kv-narrow{display:none}}</style>"
)
_SEEN_THROUGH = f' paint-order="stroke" stroke="{theme.PAPER}" stroke-width="4" stroke-linejoin="round"'


def to_svg(
    chart: Chart, width: int = theme.WIDE[0], height: int = theme.WIDE[1], *, can_be_pointed_at: bool = True
) -> str:
    """Draw a chart.

    The title, the notes and the source are not drawn: the page sets them as text around the figure. They are in the
    drawing's accessible name and description.

    Parameters
    ----------
    chart : Chart
        What to draw.
    width, height : int
        Size in pixels at which type has its intended size. Below 520 pixels names stand in a key above the plot. The
        drawing is as high as its names, rows, panels or events need, and scales down with its page.
    can_be_pointed_at : bool
        Whether values that are pointed at are to say their numbers, which the table below the drawing has too.

    Returns
    -------
    str
        One ``<svg>`` element, well-formed, with ids that are unique for chart and width.
    """
    layout = lay_out(chart, width, height)
    w, h = digits(layout.width), digits(layout.height)
    name = f"{chart.id}-{w}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kv-chart" role="img" lang="{chart.language}" '
        f'aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        f'style="max-width:100%;height:auto" font-family="{theme.FONT_FAMILY}" font-size="{theme.FONT_SIZE}" '
        f'fill="{theme.INK}">',
        f'<title id="{name}-title">{safe(chart.title)}</title><desc id="{name}-desc">{safe(chart.alt)}</desc>',
        f'<rect width="{w}" height="{h}" fill="{theme.PAPER}"/>',
        *(part for plot in layout.plots for part in _grid(chart, plot)),
        *_watermark(chart, layout),
        *(part for mark in layout.marks for part in _upright(mark, layout)),
        *draw_data(chart, layout, can_be_pointed_at=can_be_pointed_at),
        *(part for mark in layout.marks for part in _mark(mark)),
        *(part for words in layout.words for part in _words(words)),
        *(part for placed in layout.names for part in _name(placed, chart)),
        *(part for event, y in layout.numbered for part in _numbered(EVENT_RADIUS, y, event.number)),
        "</svg>",
    ]
    return "\n".join(parts)


def to_page_svg(chart: Chart) -> str:
    """Draw a chart twice, for wide and for narrow windows, with the style that shows the one that fits.

    Returns
    -------
    str
        A ``<style>`` element and two ``<svg>`` elements, of which one is shown; print uses the wide one on A4. Nobody
        points at a value on a telephone: only the wide one answers.
    """
    wide, narrow = to_svg(chart, *theme.WIDE), to_svg(chart, *theme.NARROW, can_be_pointed_at=False)
    mark = 'class="kv-chart"'
    return "\n".join(
        [
            _SWITCH,
            wide.replace(mark, 'class="kv-chart kv-wide"', 1),
            narrow.replace(mark, 'class="kv-chart kv-narrow"', 1),
        ]
    )


def _watermark(chart: Chart, layout: Layout) -> Iterator[str]:
    if chart.origin != SYNTHETIC:
        return
    word = text("chart.synthetic", chart.language)
    left, top, right, bottom = layout.edges
    size = min(0.72 * (right - left) / text_width(word, 1), 0.8 * (bottom - top))
    place = f"translate({digits((left + right) / 2)} {digits((top + bottom) / 2)}) rotate(-16)"
    yield (
        f'<text class="watermark" transform="{place}" text-anchor="middle" '
        f'dominant-baseline="central" font-size="{digits(size)}" font-weight="700" fill="{theme.WATERMARK}" '
        f'fill-opacity="{theme.WATERMARK_OPACITY}">{safe(word)}</text>'
    )


def _grid(chart: Chart, plot: Plot) -> Iterator[str]:
    """Draw the lines behind the data: across the page in a plot, upright in a chart of rows."""
    if not plot.has_axes:
        return
    base = ((plot.left, plot.bottom), (plot.right, plot.bottom))
    upright = [plot.scale_x(value) for value, _ in plot.x_ticks]
    if chart.plane == "rows":
        lines = [((x, plot.top), (x, plot.bottom)) for x in upright]
    else:
        levels = [plot.scale_y(value) for value, _ in plot.y_ticks[1:]]
        lines = [((plot.left, y), (plot.right, y)) for y in levels]
    yield grid(lines, theme.GRID)
    yield grid([base, *(((x, plot.bottom), (x, plot.bottom + 5)) for x in upright)], theme.AXIS)


def _upright(mark: Mark, layout: Layout) -> Iterator[str]:
    """Draw the upright line of a rule or an event through the plot it stands in."""
    plot = layout.plots[mark.plot]
    top = plot.top if not mark.lines else mark.y + LINE * (len(mark.lines) - 0.5)
    yield line((mark.x, top), (mark.x, plot.bottom), theme.MUTED, 1.2, broken(mark.dash))


def _mark(mark: Mark) -> Iterator[str]:
    if not isinstance(mark.item, Rule):
        yield from _numbered(mark.text_x, mark.y, mark.item.number)
        return
    for index, words in enumerate(mark.lines):
        yield set_text(mark.text_x, mark.y + index * LINE, words, f' class="rule" text-anchor="middle"{_SEEN_THROUGH}')


def _numbered(x: float, y: float, number: int) -> Iterator[str]:
    yield f'<circle class="event" cx="{digits(x)}" cy="{digits(y)}" r="{EVENT_RADIUS}" fill="{theme.INK}"/>'
    style = f' text-anchor="middle" font-weight="600" font-size="{theme.SMALL_FONT_SIZE}" fill="{theme.PAPER}"'
    yield set_text(x, y, str(number), style, theme.SMALL_FONT_SIZE)


def _words(words: Words) -> Iterator[str]:
    if words.leader is not None:
        yield line(words.leader, (words.x, words.y), theme.MUTED, 1, ' class="leader" stroke-opacity="0.6"')
    more = f' class="{words.kind}"'
    more += f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    more += f' font-size="{words.size}"' if words.size != theme.FONT_SIZE else ""
    more += f' fill="{words.colour}"' if words.colour != theme.INK else ""
    more += ' font-weight="600"' if words.kind == "panel" else ""
    more += _SEEN_THROUGH if words.is_over_plot else ""
    for index, shown in enumerate(words.lines):
        yield set_text(words.x, words.y + index * LINE, shown, more, words.size)


def _name(name: Name, chart: Chart) -> Iterator[str]:
    """Draw a name with a sample of its line; a thin line leads to it when it had to be moved."""
    if name.anchor is not None:
        x, y = name.anchor
        if abs(y - name.y) > 5 or name.x - x > SAMPLE:
            start = (x if isinstance(name.item, Rule) else x + 6, y)
            yield line(start, (name.x - 3, name.y), name.colour, 1, ' class="leader" stroke-opacity="0.45"')
    yield f'<g stroke="{name.colour}" fill="{name.colour}">{_sample(name, chart)}</g>'
    for index, shown in enumerate(name.lines):
        more = f' class="name" fill="{theme.text_colour(name.colour)}"'
        yield set_text(name.x + SAMPLE, name.y + index * LINE, shown, more)


def _sample(name: Name, chart: Chart) -> str:
    x, y, end = name.x, name.y, name.x + SAMPLE - 6
    if isinstance(name.item, Band):
        size = f'width="{digits(end - x)}" height="12" fill-opacity="{theme.BAND_OPACITY + 0.12}"'
        size += broken(name.item.edge) if name.item.edge else ' stroke="none"'
        return f'<rect x="{digits(x)}" y="{digits(y - 6)}" {size}/>'
    if isinstance(name.item, Rule):
        return line((x, y), (end, y), name.colour, 1.2)
    series, middle = name.item, (x + end) / 2
    parts = ""
    if series.style != "marker":
        parts = f'<path d="M{digits(x)} {digits(y)}H{digits(end)}" fill="none" {stroke(series.dash)}/>'
    if any(point.low is not None for point in series.points):
        is_across = chart.plane == "rows"
        start, stop = ((x, y), (end, y)) if is_across else ((middle, y - 8), (middle, y + 8))
        parts += line(start, stop, name.colour, theme.interval_width(chart.y.kind))
    return parts + ("" if series.style == "line" else marker(series.marker, middle, y))
