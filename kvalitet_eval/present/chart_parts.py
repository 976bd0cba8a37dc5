"""What a chart consists of: points, series, bands, lines across, events, outlines and axes, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kvalitet_eval.publish.published import MISSING

Role = Literal["participant", "comparison", "other", "contrast", "cohort"]
Marker = Literal["circle", "circle_open", "square", "diamond", "triangle", "triangle_down", "bar"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its interval; ``y`` None is a gap and is drawn as one.

    ``label`` is shown when pointed at; ``mark`` is printed in the table below the chart where there is no value;
    ``name`` tells whom a value belongs to where that is not said by its series or its place, and stands beside it when
    it ``is_named``.
    """

    x: float
    y: float | None
    low: float | None = None
    high: float | None = None
    label: str | None = None
    mark: str = MISSING
    name: str = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Values that belong together, in order of x; values with names of their own may share an x.

    Parameters
    ----------
    panel : str
        Which of several small plots it stands in; its name needs to be unique there only.
    limits : str
        What the intervals are called in the table; the catalogue's words for an interval when empty.
    """

    name: str
    points: tuple[Point, ...]
    role: Role = "other"
    style: Literal["line", "marker", "both"] = "line"
    dash: Literal["solid", "dash", "dot"] = "solid"
    marker: Marker = "circle"
    panel: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded interval along x; a limit that is None is a gap, and ``marks`` are what the table prints instead.

    ``edge`` draws its limits as lines, so that bands inside each other can be told apart.
    """

    name: str
    x: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    role: Role = "comparison"
    marks: tuple[str, ...] = ()
    panel: str = ""
    edge: Literal["", "solid", "dash", "dot"] = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the chart, in every panel: at an x value (dashed) or at a y value."""

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
class Outline:
    """Borders on a map, without values: closed rings of (longitude, latitude) in degrees.

    A ring of one place is a dot. ``series`` names the series whose colour fills it; empty is the land around.
    """

    rings: tuple[tuple[tuple[float, float], ...], ...]
    series: str = ""


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
    scale : {"linear", "log"}
        On a log axis equal distances are equal ratios; every value is above zero.
    kind : {"number", "quarter"}
        How values are printed: as numbers, or as the quarters whose ordinals they are.
    """

    title: str
    unit: str = ""
    ticks: tuple[tuple[float, str], ...] | None = None
    from_zero: bool = False
    decimals: int = 1
    scale: Literal["linear", "log"] = "linear"
    kind: Literal["number", "quarter"] = "number"

    @property
    def heading(self) -> str:
        """Title with unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title
