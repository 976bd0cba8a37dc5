"""From the values of a chart to the two directions of a page: along it and up it."""

from __future__ import annotations

import math
from functools import lru_cache

from kvalitet_eval.present.chart import Chart

EARTH_RADIUS_KM = 6371.0
CENTRAL_MERIDIAN = 15.0


def along_and_up(chart: Chart, x: float, y: float) -> tuple[float, float]:
    """Return a place of the chart as what is measured along the page and up it, before it is scaled to pixels."""
    if chart.plane == "rows":
        return y, x
    return project(x, y) if chart.plane == "map" else (x, y)


@lru_cache(maxsize=65536)
def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return kilometres east of the central meridian and north of the equator, on a sphere.

    Transverse Mercator about 15 degrees east, the usual shape of Norway on paper. Source: Snyder (1987), Map
    projections: a working manual, equations 8-1 and 8-3 with scale 1.

    Examples
    --------
    >>> [round(kilometres, 6) for kilometres in project(15.0, 60.0)]
    [0.0, 6671.695599]
    """
    phi, delta = math.radians(latitude), math.radians(longitude - CENTRAL_MERIDIAN)
    b = math.cos(phi) * math.sin(delta)
    east = EARTH_RADIUS_KM * math.atanh(b)
    return east, EARTH_RADIUS_KM * math.atan2(math.tan(phi), math.cos(delta))
