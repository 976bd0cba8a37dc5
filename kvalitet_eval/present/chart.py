"""The one description of a chart, from which every drawing and the table below it are made.

Nothing here draws. ``to_svg`` draws it for pages and print, ``to_plotly`` for notebooks, ``tables.table_of_chart`` sets
the same numbers as a table.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish.published import MISSING

Role = Literal["participant", "comparison", "other", "contrast"]
Origin = Literal["observed", "syntetisk"]
SHORTEST_ALT = 40
_ID = re.compile(r"^[a-z][a-z0-9_-]*$")


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its interval; ``y`` None is a gap and is drawn as one.

    ``label`` is shown when pointed at; ``mark`` is printed in the table below the chart where there is no value.
    """

    x: float
    y: float | None
    low: float | None = None
    high: float | None = None
    label: str | None = None
    mark: str = MISSING


@dataclass(frozen=True, slots=True)
class Series:
    """Values that belong together, in order of x."""

    name: str
    points: tuple[Point, ...]
    role: Role = "other"
    style: Literal["line", "marker", "both"] = "line"
    dash: Literal["solid", "dash", "dot"] = "solid"
    marker: Literal["circle", "circle_open", "square", "diamond", "triangle"] = "circle"


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded interval along x; a limit that is None is a gap, and ``marks`` are what the table prints instead."""

    name: str
    x: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    role: Role = "comparison"
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the chart: at an x value (vertical, dashed) or at a y value (horizontal)."""

    axis: Literal["x", "y"]
    at: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered mark in time; what the number means stands below the chart."""

    x: float
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Parameters
    ----------
    title, unit : str
        Shown as ``title (unit)``; the unit also follows printed values of a y axis.
    ticks : tuple of (value, label), optional
        Names of the values on the axis, one for each value of an x axis: a drawing shows as many as there is room for.
        A line break in a label is kept. None lets the drawing choose round numbers.
    from_zero : bool
        Whether the axis must show zero.
    decimals : int
        Decimals of printed values.
    """

    title: str
    unit: str = ""
    ticks: tuple[tuple[float, str], ...] | None = None
    from_zero: bool = False
    decimals: int = 1

    @property
    def heading(self) -> str:
        """Title with unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as data.

    Parameters
    ----------
    id : str
        Unique on the page; small letters, digits, ``-`` and ``_``.
    title, subtitle : str
        The finding, and what is shown. A title follows the verdict; see ``development`` and ``event_study``.
    alt : str
        What the chart shows, in words: at least 40 characters, with the latest value and the verdict.
    origin : {"observed", "syntetisk"}
        Synthetic figures carry a watermark in every drawing.

    Raises
    ------
    ValueError
        A number is infinite or NaN, limits are reversed, x does not rise, the alternative text is too short, an id or a
        name is empty or used twice; all faults in one message.
    """

    id: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    alt: str
    source: str
    origin: Origin
    subtitle: str = ""
    bands: tuple[Band, ...] = ()
    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = "nb"

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ValueError(f"chart {self.id!r}: " + "; ".join(faults))

    def x_label(self, x: float) -> str:
        """Return the name of a value on the x axis, on one line."""
        named = dict(self.x.ticks or ()).get(x)
        return " ".join(named.split("\n")) if named else numbers.number(x, self.x.decimals, self.language)

    def y_label(self, y: float | None) -> str:
        """Return a value on the y axis as it is printed, with its unit."""
        value = numbers.number(y, self.y.decimals, self.language)
        return value if y is None or not self.y.unit else f"{value} {self.y.unit}"

    def point_label(self, series: Series, point: Point) -> str:
        """Return what is shown when somebody points at a value: name, place on the x axis, value, interval."""
        if point.label is not None:
            return point.label
        shown = f"{series.name}, {self.x_label(point.x)}: {self.y_label(point.y)}"
        if point.low is None or point.high is None:
            return shown
        return f"{shown} ({numbers.interval(point.low, point.high, self.y.decimals, self.language)})"

    def rows(self) -> pd.DataFrame:
        """Return the numbers of the chart, one row per point of a series and of a band.

        Returns
        -------
        pandas.DataFrame
            Columns ``series``, ``kind`` ("series" or "band"), ``x``, ``x_label``, ``y``, ``low``, ``high``, ``origin``;
            missing is NaN. Units are those of the axes.
        """
        rows = [(s.name, "series", p.x, p.y, p.low, p.high) for s in self.series for p in s.points]
        for band in self.bands:
            rows += [
                (band.name, "band", *values) for values in zip(band.x, _gaps(band), band.low, band.high, strict=True)
            ]
        frame = pd.DataFrame(rows, columns=["series", "kind", "x", "y", "low", "high"])
        frame = frame.astype(dict.fromkeys(("x", "y", "low", "high"), "float64"))
        frame.insert(3, "x_label", [self.x_label(x) for x in frame["x"]])
        return frame.assign(origin=self.origin)

    def numbers(self) -> list[float]:
        """Return every number of the chart that is a figure: values, limits, lines across, and x where it measures."""
        points = [point for series in self.series for point in series.points]
        found = [value for point in points for value in (point.y, point.low, point.high)]
        found += [value for band in self.bands for value in (*band.low, *band.high)]
        found += [rule.at for rule in self.rules if rule.axis == "y"]
        if self.x.ticks is None:
            found += [point.x for point in points]
        return [value for value in found if value is not None]

    def words(self) -> list[str]:
        """Return every text of the chart."""
        axes = [word for axis in (self.x, self.y) for word in (axis.title, axis.unit)]
        ticks = [label for axis in (self.x, self.y) for _, label in axis.ticks or ()]
        named = [item.name for item in (*self.series, *self.bands)]
        labels = [point.label or "" for series in self.series for point in series.points]
        marked = [item.label for item in (*self.rules, *self.events)]
        return [self.title, self.subtitle, self.alt, self.source, *self.notes, *axes, *ticks, *named, *labels, *marked]

    def to_dict(self) -> dict[str, Any]:
        """Return the chart as plain dictionaries, lists, numbers and text, for storing."""
        return dataclasses.asdict(self)


def from_dict(stored: Mapping[str, Any]) -> Chart:
    """Build the chart again from `Chart.to_dict`, also after a round trip through JSON; errors as for `Chart`."""
    axes = {name: Axis(**{**stored[name], "ticks": _pairs(stored[name]["ticks"])}) for name in ("x", "y")}
    series = tuple(Series(**{**item, "points": tuple(Point(**p) for p in item["points"])}) for item in stored["series"])
    bands = tuple(
        Band(**{**b, **{name: tuple(b[name]) for name in ("x", "low", "high", "marks")}}) for b in stored["bands"]
    )
    rest = {
        "rules": tuple(Rule(**rule) for rule in stored["rules"]),
        "events": tuple(Event(**event) for event in stored["events"]),
        "notes": tuple(stored["notes"]),
    }
    return Chart(**{**stored, **axes, "series": series, "bands": bands, **rest})


def quarter_axis(labels: Iterable[str | int], title: str = "", language: str = "nb") -> Axis:
    r"""Return an x axis of quarters; the value of a quarter is its ordinal.

    Parameters
    ----------
    labels : iterable of str or int
        ``"2007Q3"`` or ordinals; quarters between the first and the last are filled in.

    Examples
    --------
    >>> quarter_axis(["2007Q3", "2008Q1"]).ticks[1]
    (8031, '4. kv.\n2007')
    """
    ordinals = [numbers.quarter_ordinal(label) for label in labels]
    ticks = []
    for ordinal in range(min(ordinals), max(ordinals) + 1):
        year, number_of_quarter = numbers.quarter_parts(ordinal)
        ticks.append((ordinal, text("chart.quarter_tick", language, quarter=number_of_quarter, year=year)))
    return Axis(title, ticks=tuple(ticks), decimals=0)


def optional(x: object) -> float | None:
    """Return a number for a `Point`: missing values of every kind become None."""
    return None if numbers.is_missing(x) else float(x)


def _pairs(ticks: Iterable[Iterable[Any]] | None) -> tuple[tuple[Any, ...], ...] | None:
    return None if ticks is None else tuple(tuple(tick) for tick in ticks)


def _gaps(band: Band) -> list[None]:
    return [None] * len(band.x)


def _faults(chart: Chart) -> Iterable[str]:
    if not _ID.match(chart.id):
        yield f"id {chart.id!r} must be small letters, digits, - and _"
    if len(chart.alt) < SHORTEST_ALT:
        yield f"alternative text has {len(chart.alt)} characters, at least {SHORTEST_ALT} are needed"
    if chart.origin not in ("observed", "syntetisk"):
        yield f"origin {chart.origin!r} is neither 'observed' nor 'syntetisk'"
    if not chart.title or not chart.source:
        yield "title and source must not be empty"
    names = [item.name for item in (*chart.series, *chart.bands)]
    if not chart.series or len(set(names)) != len(names) or not all(names):
        yield f"needs series with names that are not empty and not used twice: {names}"
    for series in chart.series:
        yield from _limit_faults(series.name, ((p.x, p.low, p.y, p.high) for p in series.points))
    for band in chart.bands:
        if not len(band.x) == len(band.low) == len(band.high):
            yield f"band {band.name!r}: x, low and high differ in length"
        else:
            yield from _limit_faults(band.name, zip(band.x, band.low, _gaps(band), band.high, strict=True))
    yield from _limit_faults("rules", ((0.0, None, rule.at, None) for rule in chart.rules), rising=False)
    yield from _limit_faults("events", ((event.x, None, None, None) for event in chart.events), rising=False)


def _limit_faults(name: str, rows: Iterable[tuple[float | None, ...]], rising: bool = True) -> Iterable[str]:
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
