"""Links on the points of a map, in a layer of its own over the drawing, for those who point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Chart, Point
from kvalitet_eval.present.layout import lay_out
from kvalitet_eval.present.layout_parts import Plot
from kvalitet_eval.present.plane import along_and_up
from kvalitet_eval.present.svg_parts import Pixel, attribute, digits, safe

Place = tuple[float, float]
_SMALLEST, _LARGEST = 4.0, 9.0
"""Radius of a link, in pixels: a point that is covered by its neighbour can still be hit at its middle."""


def point_links(chart: Chart, hrefs: Mapping[Place, str]) -> str:
    """Return two drawings of nothing but links, to be laid over those of ``to_svg.to_page_svg``.

    They are hidden from screen readers and are no stops of the keyboard: wherever a map leads, a list on the same page
    leads too, and a map would repeat every one of its stops.

    Parameters
    ----------
    hrefs : mapping of (x, y) to str
        Where the point at a place of the chart leads, relative to the page. Points that are not in it lead nowhere.

    Returns
    -------
    str
        Two ``<svg>`` elements of which one is shown, as of the drawing below; a link says what its point says.
    """
    sizes = {"wide": theme.WIDE, "narrow": theme.NARROW}
    return "\n".join(_layer(chart, hrefs, name, *size) for name, size in sizes.items())


def _layer(chart: Chart, hrefs: Mapping[Place, str], name: str, width: int, height: int) -> str:
    layout = lay_out(chart, width, height)
    w, h = digits(layout.width), digits(layout.height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="kv-links kv-{name}" aria-hidden="true" '
    size = f'viewBox="0 0 {w} {h}" width="{w}" height="{h}" fill-opacity="0">'
    (plot,) = layout.plots
    return "\n".join([head + size, *_links(chart, hrefs, plot), "</svg>"])


def _links(chart: Chart, hrefs: Mapping[Place, str], plot: Plot) -> Iterator[str]:
    """Draw a link on each point that leads somewhere, as large as its neighbours allow."""
    found = [(series, point, hrefs[point.x, point.y]) for series in chart.series for point in series.points
             if point.y is not None and (point.x, point.y) in hrefs]  # fmt: skip
    pixels = [_pixel(chart, plot, point) for _, point, _ in found]
    for (series, point, href), (x, y) in zip(found, pixels, strict=True):
        nearest = sorted(math.dist((x, y), other) for other in pixels)[1:2]
        reach = max(_SMALLEST, min([_LARGEST, *(distance / 2 for distance in nearest)]))
        target = f'<circle cx="{digits(x)}" cy="{digits(y)}" r="{digits(reach)}"/>'
        title = f"<title>{safe(chart.point_label(series, point))}</title>"
        yield f'<a href={attribute(href)} tabindex="-1">{target}{title}</a>'


def _pixel(chart: Chart, plot: Plot, point: Point) -> Pixel:
    along, up = along_and_up(chart, point.x, point.y or 0.0)
    return plot.scale_x(along), plot.scale_y(up)
