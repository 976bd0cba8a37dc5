"""A map: places at their true distances from each other, names in a key, no axes."""

from __future__ import annotations

from kvalitet_eval.present import geometry
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.layout_names import key, named_items
from kvalitet_eval.present.layout_parts import GAP, INSET, SAMPLE, WIDE_FROM, Layout, Plot
from kvalitet_eval.present.layout_points import name_points
from kvalitet_eval.present.plane import along_and_up

_KEY_SHARE = 0.3
_TALLER = 1.4
_SMALLEST_SPAN_KM = 60.0


def lay_out_map(chart: Chart, width: float, height: float) -> Layout:
    """Place a map; the key stands beside it in wide drawings and above it in narrow ones."""
    is_wide = width >= WIDE_FROM
    key_width = _KEY_SHARE * width if is_wide else width
    texts = [(item, colour, geometry.wrap(item.name, key_width - SAMPLE - 6)) for item, colour in named_items(chart)]
    names, key_end = key(texts, key_width, is_list=is_wide)
    left, right = (key_width + GAP, width) if is_wide else (0.0, width)
    top = 0.0 if is_wide else key_end + GAP
    low_x, low_y, high_x, high_y = _edges(chart)
    room = right - left - 2 * INSET
    per_km = min(room / (high_x - low_x), (_TALLER * height - 2 * INSET) / (high_y - low_y))
    spare = (room - per_km * (high_x - low_x)) / 2
    bottom = top + 2 * INSET + per_km * (high_y - low_y)
    bottom = max(bottom, key_end) if is_wide else bottom
    middle = (low_y + high_y) / 2
    half = (bottom - top - 2 * INSET) / 2 / per_km
    scale_x = geometry.Scale(low_x, high_x, left + INSET + spare, right - INSET - spare)
    scale_y = geometry.Scale(middle - half, middle + half, bottom - INSET, top + INSET)
    plot = Plot("", left, right, top, bottom, scale_x, scale_y, has_axes=False)
    points, y = name_points(chart, plot, bottom, width)
    return Layout(width, y + 2, (plot,), points, names)


def _edges(chart: Chart) -> tuple[float, float, float, float]:
    """Return the first and last kilometre east and north of all that is drawn, never nearer than a short distance."""
    places = [(p.x, p.y) for series in chart.series for p in series.points if p.y is not None]
    places += [place for outline in chart.outlines for ring in outline.rings for place in ring]
    found = [along_and_up(chart, *place) for place in places] or [(0.0, 0.0)]
    edges = []
    for values in zip(*found, strict=True):
        middle, half = (min(values) + max(values)) / 2, max(max(values) - min(values), _SMALLEST_SPAN_KM) / 2
        edges.append((middle - half, middle + half))
    return edges[0][0], edges[1][0], edges[0][1], edges[1][1]
