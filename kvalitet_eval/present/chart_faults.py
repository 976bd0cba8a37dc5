"""What makes a chart impossible to draw, told before anybody tries."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kvalitet_eval.present.chart_parts import Band, Series

if TYPE_CHECKING:
    from kvalitet_eval.present.chart import Chart

SHORTEST_ALT = 40
_ID = re.compile(r"^[a-z][a-z0-9_-]*$")


def faults_of(chart: Chart) -> Iterator[str]:
    """Yield every fault of a chart, in words."""
    if not _ID.match(chart.id):
        yield f"id {chart.id!r} must be small letters, digits, - and _"
    if len(chart.alt) < SHORTEST_ALT:
        yield f"alternative text has {len(chart.alt)} characters, at least {SHORTEST_ALT} are needed"
    if chart.origin not in ("observed", "syntetisk"):
        yield f"origin {chart.origin!r} is neither 'observed' nor 'syntetisk'"
    if not chart.title or not chart.source:
        yield "title and source must not be empty"
    names = [(item.panel, item.name) for item in (*chart.series, *chart.bands)]
    if not chart.series or len(set(names)) != len(names) or not all(name.strip() for _, name in names):
        yield f"needs series with names that are not empty and not used twice: {[name for _, name in names]}"
    yield from _number_faults(chart)
    yield from _plane_faults(chart)


def _number_faults(chart: Chart) -> Iterator[str]:
    for series in chart.series:
        values = ((p.x, p.low, p.y, p.high) for p in series.points)
        yield from _limit_faults(series.name, values, rising=not _may_share_x(series, chart))
    for band in chart.bands:
        if not len(band.x) == len(band.low) == len(band.high):
            yield f"band {band.name!r}: x, low and high differ in length"
        else:
            yield from _limit_faults(band.name, zip(band.x, band.low, _gaps(band), band.high, strict=True))
    yield from _limit_faults("rules", ((0.0, None, rule.at, None) for rule in chart.rules), rising=False)
    yield from _limit_faults("events", ((event.x, None, None, None) for event in chart.events), rising=False)
    places = [place for outline in chart.outlines for ring in outline.rings for place in ring]
    if not all(math.isfinite(part) for place in places for part in place):
        yield "an outline has a number that is not finite"
    for axis, values in (("x", _x_values(chart)), ("y", chart.y_values())):
        if getattr(chart, axis).scale == "log" and any(value <= 0 for value in values):
            yield f"the {axis} axis is logarithmic: every value must be above zero"


def _plane_faults(chart: Chart) -> Iterator[str]:
    if chart.plane != "plot" and (chart.events or chart.bands or chart.panels != ("",)):
        yield f"events, bands and panels need the plane 'plot', not {chart.plane!r}"
    if chart.plane == "rows":
        named = dict(chart.x.ticks or ())
        unnamed = sorted({p.x for s in chart.series for p in s.points if p.x not in named})
        if unnamed or not named:
            yield f"rows need a name each on the x axis: {unnamed}"
    if chart.outlines and chart.plane != "map":
        yield "outlines need the plane 'map'"
    unknown = sorted({o.series for o in chart.outlines} - {"", *(s.name for s in chart.series)})
    if unknown:
        yield f"outlines of no series: {unknown}"
    if len(chart.panels) > 1 and chart.events:
        yield "events cannot be told apart in several panels"


def _may_share_x(series: Series, chart: Chart) -> bool:
    return chart.plane == "map" or (bool(series.points) and all(point.name for point in series.points))


def _x_values(chart: Chart) -> list[float]:
    points = [point.x for series in chart.series for point in series.points]
    return points + [x for band in chart.bands for x in band.x]


def _gaps(band: Band) -> list[None]:
    return [None] * len(band.x)


def _limit_faults(name: str, rows: Iterable[tuple[float | None, ...]], rising: bool = True) -> Iterator[str]:
    previous = -math.inf
    for x, *values in rows:
        known = [value for value in values if value is not None]
        if not all(math.isfinite(value) for value in (x, *known)):
            yield f"{name!r} has a number that is not finite at x = {x} (a gap is None)"
        elif known != sorted(known):
            yield f"{name!r} at x = {x}: low, y and high are not in order: {known}"
        if rising and not x > previous:
            yield f"{name!r}: x does not rise at {x}"
        previous = x
