"""The one description of a chart, from which every drawing and the table below it are made.

Nothing here draws. ``to_svg`` draws it for pages and print, ``to_plotly`` for notebooks, ``tables.table_of_chart`` sets
the same numbers as a table.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart_faults import SHORTEST_ALT, faults_of
from kvalitet_eval.present.chart_parts import Axis, Band, Event, Marker, Outline, Point, Role, Rule, Series
from kvalitet_eval.present.messages import text

__all__ = [
    "SHORTEST_ALT", "Axis", "Band", "Chart", "Event", "Marker", "Origin", "Outline", "Point", "Role", "Rule", "Series",
    "from_dict", "optional", "quarter_axis",
]  # fmt: skip

Origin = Literal["observed", "syntetisk"]


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
    plane : {"plot", "rows", "map"}
        ``plot``: x along the page and y upwards. ``rows``: each value of x is a row with a name, and y runs along the
        page. ``map``: x and y are longitude and latitude in degrees, drawn in a transverse Mercator projection.
    table_by : {"x", "series", "point"}
        What a row of the table below the chart is: a value of x, a series, or a point with a name.

    Raises
    ------
    ValueError
        A number is infinite or NaN, limits are reversed, x does not rise, the alternative text is too short, an id or a
        name is empty or used twice, something stands in a plane that has no place for it; all faults in one message.
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
    outlines: tuple[Outline, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = "nb"
    plane: Literal["plot", "rows", "map"] = "plot"
    table_by: Literal["x", "series", "point"] = "x"

    def __post_init__(self) -> None:
        faults = list(faults_of(self))
        if faults:
            raise ValueError(f"chart {self.id!r}: " + "; ".join(faults))

    @property
    def panels(self) -> tuple[str, ...]:
        """Names of the small plots in order; one without a name where there is a single plot."""
        return tuple(dict.fromkeys(item.panel for item in (*self.series, *self.bands))) or ("",)

    def full_name(self, item: Series | Band) -> str:
        """Return the name of a series or a band, with its panel where there are several."""
        return f"{item.panel}: {item.name}" if item.panel else item.name

    def x_label(self, x: float) -> str:
        """Return the name of a value on the x axis, on one line."""
        named = dict(self.x.ticks or ()).get(x)
        return " ".join(named.split("\n")) if named else _printed(x, self.x, self.language)

    def y_label(self, y: float | None) -> str:
        """Return a value on the y axis as it is printed, with its unit."""
        value = _printed(y, self.y, self.language)
        return value if y is None or not self.y.unit else f"{value} {self.y.unit}"

    def interval_label(self, low: float, high: float) -> str:
        """Return two limits on the y axis as they are printed, without the unit."""
        if self.y.kind == "quarter":
            return numbers.window(int(low), int(high), self.language)
        return numbers.interval(low, high, self.y.decimals, self.language)

    def point_label(self, series: Series, point: Point) -> str:
        """Return what is shown when somebody points at a value: name, place on the x axis, value, interval."""
        if point.label is not None:
            return point.label
        name = f"{point.name} ({self.full_name(series)})" if point.name else self.full_name(series)
        shown = f"{name}, {self.x_label(point.x)}: {self.y_label(point.y)}"
        if point.low is None or point.high is None:
            return shown
        return f"{shown} ({self.interval_label(point.low, point.high)})"

    def y_values(self) -> list[float]:
        """Return every number along the y axis: values, limits and lines across."""
        found = [value for series in self.series for p in series.points for value in (p.y, p.low, p.high)]
        found += [value for band in self.bands for value in (*band.low, *band.high)]
        found += [rule.at for rule in self.rules if rule.axis == "y"]
        return [value for value in found if value is not None]

    def rows(self) -> pd.DataFrame:
        """Return the numbers of the chart, one row per point of a series, of a band and of an outline.

        Returns
        -------
        pandas.DataFrame
            Columns ``series`` (with its panel), ``kind`` ("series", "band" or "outline"), ``x``, ``x_label``, ``y``,
            ``low``, ``high``, ``origin``, ``name``; missing is NaN. Units are those of the axes.
        """
        rows = [(self.full_name(s), "series", p.x, p.y, p.low, p.high, p.name) for s in self.series for p in s.points]
        for band in self.bands:
            limits = zip(band.x, band.low, band.high, strict=True)
            rows += [(self.full_name(band), "band", x, None, low, high, "") for x, low, high in limits]
        for outline in self.outlines:
            rows += [(outline.series, "outline", *place, None, None, "") for ring in outline.rings for place in ring]
        frame = pd.DataFrame(rows, columns=["series", "kind", "x", "y", "low", "high", "name"])
        frame = frame.astype(dict.fromkeys(("x", "y", "low", "high"), "float64"))
        frame.insert(3, "x_label", [self.x_label(x) for x in frame["x"]])
        return frame.assign(origin=self.origin, name=frame.pop("name"))

    def numbers(self) -> list[float]:
        """Return every number that is a figure: values, limits, lines across, places, and x where it measures."""
        found = self.y_values()
        if self.x.ticks is None:
            found += [point.x for series in self.series for point in series.points]
            found += [x for band in self.bands for x in band.x]
            found += [rule.at for rule in self.rules if rule.axis == "x"]
        return found + [part for outline in self.outlines for ring in outline.rings for place in ring for part in place]

    def words(self) -> list[str]:
        """Return every text of the chart."""
        axes = [word for axis in (self.x, self.y) for word in (axis.title, axis.unit)]
        ticks = [label for axis in (self.x, self.y) for _, label in axis.ticks or ()]
        named = [word for item in (*self.series, *self.bands) for word in (item.name, item.panel)]
        named += [word for series in self.series for p in series.points for word in (p.label or "", p.name)]
        named += [series.limits for series in self.series]
        marked = [item.label for item in (*self.rules, *self.events)]
        return [self.title, self.subtitle, self.alt, self.source, *self.notes, *axes, *ticks, *named, *marked]

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
        "outlines": tuple(
            Outline(tuple(tuple(tuple(place) for place in ring) for ring in item["rings"]), item["series"])
            for item in stored["outlines"]
        ),
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


def _printed(value: float | None, axis: Axis, language: str) -> str:
    if axis.kind == "quarter" and value is not None:
        return numbers.quarter(int(value), language)
    return numbers.number(value, axis.decimals, language)
