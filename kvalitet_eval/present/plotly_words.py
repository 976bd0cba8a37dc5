"""The words of a chart as Plotly's annotations, at the same pixels as in the layout."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Band, Chart, Event, Rule
from kvalitet_eval.present.layout_parts import EVENT_RADIUS, LINE, Item, Layout, Mark, Name, Plot, Words

_MARKER_SIGNS = {
    "circle": "●", "circle_open": "○", "square": "■", "diamond": "◆", "triangle": "▲", "triangle_down": "▼", "bar": "❙",
}  # fmt: skip
_BAND_SIGNS = {"": "▬", "solid": "▭", "dash": "╌", "dot": "┈"}
_DASH_SIGNS = {"solid": "―", "dash": "- -", "dot": "···"}


def safe(value: str) -> str:
    """Escape what Plotly would read as mark-up; keep line breaks."""
    return escape(value, quote=False).replace("\n", "<br>")


def annotations(chart: Chart, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield every text that is not the tick of an axis."""
    for words in layout.words:
        if words.kind == "point-name":
            yield _words(words, layout) | _at_value(words, layout.plots[0])
        elif words.kind != "x-tick" and (words.kind != "y-tick" or chart.plane == "rows"):
            yield _words(words, layout)
    for mark in layout.marks:
        if mark.lines:
            yield _mark(mark, layout)
    for name in layout.names:
        yield _name(name, layout)
    for event, y in layout.numbered:
        yield _number(event.number) | _tied(layout, layout.edges[0], EVENT_RADIUS, y)


def _tied(layout: Layout, tie: float, x: float, y: float) -> dict[str, Any]:
    """Return a place at a pixel of the layout that moves with another pixel when the page is wider or narrower."""
    left, top, right, _ = layout.edges
    return {"xref": "paper", "x": (tie - left) / (right - left), "xshift": x - tie,
            "yref": "paper", "y": 1, "yshift": top - y, "showarrow": False}  # fmt: skip


def _at_value(words: Words, plot: Plot) -> dict[str, Any]:
    """Return the place of a point's name, held by the values it stands at: a map keeps its shape on any page."""
    along, up = plot.scale_x.value(words.tie), plot.scale_y.value(words.y - LINE / 2)
    return {"xref": "x", "x": along, "yref": "y", "y": up, "yshift": 0}


def _words(words: Words, layout: Layout) -> dict[str, Any]:
    shown = "<br>".join(safe(line) for line in words.lines)
    tie = min(max(words.tie, layout.edges[0]), layout.edges[2])
    return _tied(layout, tie, words.x, words.y - LINE / 2) | {
        "text": f"<b>{shown}</b>" if words.kind == "panel" else shown,
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[words.anchor],
        "yanchor": "top",
        "align": {"start": "left", "middle": "center", "end": "right"}[words.anchor],
        "font": {"size": words.size, "color": words.colour},
        "borderpad": 0,
    }


def _mark(mark: Mark, layout: Layout) -> dict[str, Any]:
    place = _tied(layout, mark.x, mark.text_x, mark.y + LINE * (len(mark.lines) - 1) / 2)
    place |= {"xanchor": "center", "yanchor": "middle"}
    if isinstance(mark.item, Event):
        return place | _number(mark.item.number)
    return place | {"text": "<br>".join(safe(line) for line in mark.lines), "bgcolor": theme.PAPER}


def _number(number: int) -> dict[str, Any]:
    font = {"color": theme.PAPER, "size": 12}
    return {"text": f"<b>{number}</b>", "font": font, "bgcolor": theme.INK, "xanchor": "center", "yanchor": "middle"}


def _name(name: Name, layout: Layout) -> dict[str, Any]:
    shown = "<br>".join(safe(line) for line in name.lines)
    tie = layout.edges[2] if name.anchor is not None or name.x > layout.edges[2] else layout.edges[0]
    return _tied(layout, tie, name.x, name.y - LINE / 2) | {
        "text": f"{_coloured(key_sign(name.item), name.colour)} {shown}",
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "font": {"color": theme.text_colour(name.colour)},
        "borderpad": 0,
    }


def _coloured(sign: str, colour: str) -> str:
    """Give a sign the colour of its line where the words beside it are darker, to be read."""
    return sign if theme.text_colour(colour) == colour else f'<span style="color:{colour}">{sign}</span>'


def key_sign(item: Item) -> str:
    """Return a sign that looks like the line, marker or area which a name belongs to."""
    if isinstance(item, Band):
        return _BAND_SIGNS[item.edge]
    if isinstance(item, Rule):
        return "—"
    return _DASH_SIGNS[item.dash] if item.style == "line" else _MARKER_SIGNS[item.marker]
