"""Names beside single points: moved to where there is room, and told below the plot where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kvalitet_eval.present import geometry
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.layout_parts import LINE, Plot, Words
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.plane import along_and_up

Box = tuple[float, float, float, float]
_MARKER, _DOT = 6.0, 14.0
"""Room beside a name for a marker, and for a dot of the land around, which could pass for a sign of the name."""
_NEAR, _FAR = 9.0, (26.0, 46.0, 70.0)
_SIDES = (("start", 1, 0), ("end", -1, 0), ("middle", 0, -1), ("middle", 0, 1),
          ("start", 1, -1), ("start", 1, 1), ("end", -1, -1), ("end", -1, 1))  # fmt: skip


def name_points(
    chart: Chart, plot: Plot, y: float, width: float, taken: Iterable[Box] = ()
) -> tuple[tuple[Words, ...], float]:
    """Place the names of the points that have one beside them.

    A name stands where it covers no other words and no marker, near its point if it can; further away it gets a thin
    line; where only markers are in the way it covers them. A name without a place is told below the plot, from ``y``.

    Returns
    -------
    tuple
        The placed words, and where they end below the plot.
    """
    named = [(p, *_pixel(chart, plot, p.x, p.y)) for s in chart.series for p in s.points
             if p.is_named and p.name.strip() and p.y is not None]  # fmt: skip
    if not named:
        return (), y
    markers = [(*_pixel(chart, plot, p.x, p.y), _MARKER) for s in chart.series for p in s.points if p.y is not None]
    dots = [ring[0] for outline in chart.outlines for ring in outline.rings if len(ring) == 1]
    markers += [(*_pixel(chart, plot, *place), _DOT) for place in dots]
    placed, boxes, left_over = [], list(taken), []
    for point, px, py in sorted(named, key=lambda found: (found[2], found[1])):
        words = _place(point.name, (px, py), plot, boxes, markers)
        if words is None:
            left_over.append(point.name)
        else:
            placed.append(words)
            boxes.append(words.box())
    if left_over:
        told = text("chart.names_without_room", chart.language, names=", ".join(left_over))
        lines = geometry.wrap(told, width)
        placed.append(Words("event-text", lines, 0.0, y + LINE / 2 + 4))
        y += len(lines) * LINE + 6
    return tuple(placed), y


def _pixel(chart: Chart, plot: Plot, x: float, y: float) -> tuple[float, float]:
    along, up = along_and_up(chart, x, y)
    return plot.scale_x(along), plot.scale_y(up)


def _place(
    name: str, pixel: tuple[float, float], plot: Plot, boxes: list[Box], markers: list[tuple[float, float, float]]
) -> Words | None:
    """Place a name; ``markers`` have their own place and the room that they need at their sides."""
    px, py = pixel
    lines = geometry.wrap(name, (plot.right - plot.left) / 2)
    reach = max(map(geometry.text_width, lines)) + 2 * _FAR[-1]
    near = [(x, y, room) for x, y, room in markers
            if abs(x - px) < reach and abs(y - py) < reach and (x, y) != pixel]  # fmt: skip
    second = None
    for words in _candidates(lines, px, py):
        box = words.box()
        inside = box[0] >= plot.left and box[2] <= plot.right and box[1] >= plot.top and box[3] <= plot.bottom
        if inside and not any(overlap(box, other) for other in boxes):
            if not any(box[0] - room < x < box[2] + room and box[1] < y < box[3] for x, y, room in near):
                return words
            second = second or words
    return second


def _candidates(lines: tuple[str, ...], px: float, py: float) -> Iterator[Words]:
    half = LINE * len(lines) / 2
    for distance in (_NEAR, *_FAR):
        for anchor, right, down in _SIDES:
            y = py + down * (distance + (half if not right else 0)) - half + LINE / 2
            leader = None if distance == _NEAR else (px, py)
            yield Words("point-name", lines, px + right * distance, y, anchor, tie=px, leader=leader, is_over_plot=True)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes (left, top, right, bottom) share more than an edge."""
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])
