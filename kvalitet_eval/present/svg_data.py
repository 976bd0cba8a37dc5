"""The data of a chart in an SVG drawing: borders, bands, lines across, series."""

from __future__ import annotations

from collections.abc import Iterator

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Band, Chart, Outline, Series
from kvalitet_eval.present.geometry import runs
from kvalitet_eval.present.layout_names import colours, covering_order
from kvalitet_eval.present.layout_parts import Layout, Plot
from kvalitet_eval.present.plane import along_and_up
from kvalitet_eval.present.svg_parts import Pixel, attribute, broken, digits, line, marker, safe, stroke

_DOT = 3.6
_MOST_TOLD = 40  # more values than this in a series, or small plots, are told by the table alone: a page stays small


def draw_data(chart: Chart, layout: Layout, *, can_be_pointed_at: bool = True) -> Iterator[str]:
    """Draw what a chart shows, plot by plot, in the order in which it covers what lies below."""
    most_told = _MOST_TOLD if can_be_pointed_at else 0
    colour = colours(chart)
    for plot in layout.plots:
        for outline in chart.outlines:
            yield from _outline(chart, outline, colour.get(outline.series, theme.LAND), plot)
        for band in chart.bands:
            if band.panel == plot.panel:
                yield from _band(band, colour[band.name], plot)
        for rule in chart.rules:
            if rule.axis == "y" and chart.plane == "plot":
                y = plot.scale_y(rule.at)
                yield line((plot.left, y), (plot.right, y), theme.INK, 1.2)
        for series in covering_order(chart):
            if series.panel == plot.panel:
                yield from _series(chart, series, colour[series.name], plot, most_told)


def _outline(chart: Chart, outline: Outline, fill: str, plot: Plot) -> Iterator[str]:
    """Draw borders as one path to half pixels, in steps from place to place; places without borders as dots."""
    closed, dots = [], []
    last = (0, 0)
    for ring in outline.rings:
        pixels = [_half_pixels(chart, place, plot) for place in ring]
        if len(pixels) == 1:
            dots.append(f"M{digits(pixels[0][0] / 2)} {digits(pixels[0][1] / 2)}h0")
            continue
        steps, first = [], pixels[0]
        start, last = (first[0] - last[0], first[1] - last[1]), first
        for x, y in pixels[1:]:
            if (x, y) != last:
                steps.append((x - last[0], y - last[1]))
                last = (x, y)
        last = first
        closed.append("m" + "".join(f"{x} {y} " if y >= 0 else f"{x}{y} " for x, y in (start, *steps)) + "z")
    name = attribute(outline.series)
    if closed:
        style = f'fill="{fill}" stroke="{theme.PAPER}" stroke-width="1.2" fill-rule="evenodd" transform="scale(0.5)"'
        opacity = f' fill-opacity="{theme.OUTLINE_OPACITY}"' if outline.series else ""
        yield f'<path class="outline" data-series={name} d="{"".join(closed)}" {style}{opacity}/>'
    if dots:
        shade = fill if outline.series else theme.AXIS
        style = f'stroke="{shade}" stroke-width="{_DOT}" stroke-linecap="round" fill="none"'
        yield f'<path class="outline" data-series={name} d="{"".join(dots)}" {style}/>'


def _half_pixels(chart: Chart, place: tuple[float, float], plot: Plot) -> tuple[int, int]:
    along, up = along_and_up(chart, *place)
    return round(2 * plot.scale_x(along)), round(2 * plot.scale_y(up))


def _band(band: Band, fill: str, plot: Plot) -> Iterator[str]:
    """Draw a band as an area; limits that have no neighbour are an upright stroke, which an area would not show."""
    seen = 2 * theme.BAND_OPACITY
    for run in runs(zip(band.x, band.low, band.high, strict=True)):
        upper = [f"{digits(plot.scale_x(x))} {digits(plot.scale_y(high))}" for x, _, high in run]
        lower = [f"{digits(plot.scale_x(x))} {digits(plot.scale_y(low))}" for x, low, _ in reversed(run)]
        place = "L".join(upper + lower)
        lone = "" if len(run) > 1 else f' stroke="{fill}" stroke-width="{theme.SPAN_WIDTH}" stroke-opacity="{seen}"'
        yield f'<path class="band" d="M{place}Z" fill="{fill}" fill-opacity="{theme.BAND_OPACITY}"{lone}/>'
        if band.edge:
            edges = "M" + "L".join(upper) + "M" + "L".join(lower)
            yield f'<path class="edge" d="{edges}" fill="none" stroke="{fill}"{broken(band.edge)}/>'


def _series(chart: Chart, series: Series, colour: str, plot: Plot, most_told: int) -> Iterator[str]:
    def pixel(x: float, y: float) -> Pixel:
        along, up = along_and_up(chart, x, y)
        return plot.scale_x(along), plot.scale_y(up)

    name = attribute(chart.full_name(series))
    yield f'<g class="series" data-series={name} stroke="{colour}" fill="{colour}">'
    if series.style != "marker":
        for run in runs((point.x, point.y) for point in series.points):
            place = "L".join(f"{digits(x)} {digits(y)}" for x, y in (pixel(*value) for value in run))
            yield f'<path class="line" d="M{place}" fill="none" {stroke(series.dash)}/>'
    width = theme.interval_width(chart.y.kind)
    for point in series.points:
        if point.low is not None and point.high is not None:
            yield line(pixel(point.x, point.low), pixel(point.x, point.high), colour, width, ' class="interval"')
    alone = {run[0][0] for run in runs((p.x, p.y) for p in series.points) if len(run) == 1}
    last = next((point for point in reversed(series.points) if point.y is not None), None)
    is_told = len(series.points) <= most_told and not series.panel
    for point in series.points:
        if point.y is not None:
            label = chart.point_label(series, point) if is_told or point.is_named else ""
            if series.style != "line" or point.x in alone or point is last:
                yield _value(label, marker(series.marker, *pixel(point.x, point.y)))
            elif label:
                yield _target(label, pixel(point.x, point.y))
    yield "</g>"


def _value(label: str, drawn: str) -> str:
    """Set a marker with the text shown when it is pointed at, if there is one."""
    return f'<g class="value">{drawn}<title>{safe(label)}</title></g>' if label else f'<g class="value">{drawn}</g>'


def _target(label: str, place: Pixel) -> str:
    """Return an invisible circle at a value of a line, with the text shown when it is pointed at."""
    x, y = (digits(part) for part in place)
    return f'<circle cx="{x}" cy="{y}" r="8" fill-opacity="0" stroke="none"><title>{safe(label)}</title></circle>'
