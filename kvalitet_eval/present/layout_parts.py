"""What a placed drawing consists of: words, names, marks and plots with their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kvalitet_eval.present import geometry, theme
from kvalitet_eval.present.chart import Band, Event, Rule, Series

WIDE_FROM = 520
LINE = theme.FONT_SIZE * theme.LINE_HEIGHT
SAMPLE = 26
EVENT_RADIUS = 10
GAP = 10
INSET = 12

Item = Series | Band | Rule
WordKind = Literal["heading", "x-tick", "y-tick", "panel", "row-value", "point-name", "event-text"]


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text that stand somewhere.

    Parameters
    ----------
    x, y : float
        Pixel that the lines begin, end or are centred at, and the middle of the first line.
    tie : float
        Pixel along the page that the text belongs to: it moves with it when a page is wider than the layout.
    leader : (float, float), optional
        Pixel that a thin line leads to, where the text had to be moved.
    is_over_plot : bool
        Whether lines of the plot run behind the text.
    """

    kind: WordKind
    lines: tuple[str, ...]
    x: float
    y: float
    anchor: Literal["start", "middle", "end"] = "start"
    size: float = theme.FONT_SIZE
    colour: str = theme.INK
    tie: float = 0.0
    leader: tuple[float, float] | None = None
    is_over_plot: bool = False

    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom."""
        width = max(geometry.text_width(line, self.size) for line in self.lines)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - LINE / 2, left + width, self.y + LINE * (len(self.lines) - 0.5)


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a series, band or rule across: where its sample starts, its first line's middle, its lines.

    ``anchor`` is the pixel where the data end that the name belongs to; None when names stand in a key.
    """

    item: Item
    colour: str
    x: float
    y: float
    lines: tuple[str, ...]
    anchor: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line of a rule or an event, and what stands above it: its pixel, the middle of its text, its height.

    ``at`` is the value it marks, ``plot`` the number of the plot it stands in.
    """

    item: Rule | Event
    at: float
    x: float
    text_x: float
    y: float
    lines: tuple[str, ...]
    dash: Literal["solid", "dash", "dot"] = "dash"
    plot: int = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: its edges in pixels, its scales along and up the page, and the values that have a tick with its words.

    ``has_axes`` is False for a map.
    """

    panel: str
    left: float
    right: float
    top: float
    bottom: float
    scale_x: geometry.Scale
    scale_y: geometry.Scale
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    has_axes: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """All positions of one drawing, in pixels."""

    width: float
    height: float
    plots: tuple[Plot, ...]
    words: tuple[Words, ...]
    names: tuple[Name, ...] = ()
    marks: tuple[Mark, ...] = ()
    numbered: tuple[tuple[Event, float], ...] = ()

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what all plots cover."""
        lefts, tops, rights, bottoms = zip(*((p.left, p.top, p.right, p.bottom) for p in self.plots), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)
