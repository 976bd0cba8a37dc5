"""Plain geometry of drawings: how wide a text is, where ticks stand, how labels are kept apart."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kvalitet_eval.present.font_widths import WIDEST, WIDTHS
from kvalitet_eval.present.theme import FONT_SIZE

# The reader's font may be a little wider than the one that was measured.
_WIDER_FONT = 1.1
_BREAKABLE = re.compile(r"[ \t\r\n]+")
_TICK_STEPS = (1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 80, 160)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Return an upper estimate of the width of one line, in pixels."""
    return sum(WIDTHS.get(sign, WIDEST) for sign in text) * size * _WIDER_FONT / 1000


def wrap(text: str, room: float, size: float = FONT_SIZE) -> tuple[str, ...]:
    r"""Break a text into lines no wider than ``room`` pixels; a word that is too long is broken where the room ends.

    A no-break space holds a number and what belongs to it together.

    Examples
    --------
    >>> wrap("Anslag med 95\u00a0% sikkerhet", 95)
    ('Anslag med', '95\xa0%', 'sikkerhet')
    """
    lines: list[str] = []
    line = ""
    for word in _BREAKABLE.split(text.strip()):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room, size)
        lines += full
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and text_width(pieces[-1] + sign, size) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values, or from their logarithms, to pixels."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        if self.is_log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
            return self.start + share * (self.end - self.start)
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def value(self, pixel: float) -> float:
        """Return what an axis in Plotly calls the value at a pixel: its logarithm where the scale is logarithmic."""
        low, high = (math.log10(self.low), math.log10(self.high)) if self.is_log else (self.low, self.high)
        return low + (pixel - self.start) / (self.end - self.start) * (high - low)


def round_ticks(low: float, high: float, about: int = 4) -> tuple[tuple[float, ...], int]:
    """Return evenly spaced round numbers that enclose an interval, and the decimals they need.

    Examples
    --------
    >>> round_ticks(0, 12.7)
    ((0.0, 5.0, 10.0, 15.0), 0)
    >>> round_ticks(-0.9, 0.4)
    ((-1.0, -0.5, 0.0, 0.5), 1)
    """
    if high <= low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / about
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = min((m * magnitude for m in (1, 2, 5, 10)), key=lambda candidate: abs(math.log(candidate / rough)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple(round(index * step, decimals) for index in range(first, last + 1)), decimals


def log_ticks(low: float, high: float) -> tuple[tuple[float, ...], int]:
    """Return 1, 2 and 5 times powers of ten that enclose an interval above zero, and the decimals they need.

    Examples
    --------
    >>> log_ticks(30, 420)
    ((20.0, 50.0, 100.0, 200.0, 500.0), 0)
    """
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    steps = [round(m * 10.0**power, max(0, -power)) for power in powers for m in (1, 2, 5)]
    first = max((step for step in steps if step <= low), default=steps[0])
    last = min((step for step in steps if step >= high and step > first), default=steps[-1])
    kept = tuple(step for step in steps if first <= step <= last)
    return kept, max(0, -math.floor(math.log10(kept[0]) + 1e-9))


def thin_ticks(
    ticks: Sequence[tuple[float, str]], place: Callable[[float], float], width: float = math.inf, gap: float = 8
) -> tuple[tuple[float, str], ...]:
    """Return as many ticks as can stand beside each other within ``width`` pixels, evenly chosen.

    Where values are whole and follow each other, those that divide by the step are kept: first quarters, and time 0.
    """
    follows = all(right[0] - left[0] == 1 and left[0].is_integer() for left, right in pairwise(_floats(ticks)))
    for step in _TICK_STEPS:
        kept = [tick for index, tick in enumerate(ticks) if (tick[0] if follows else index) % step == 0]
        spans = [span_of(label.split("\n"), place(value), width) for value, label in kept]
        if all(left[1] + gap <= right[0] for left, right in pairwise(spans)):
            return tuple(kept) or tuple(ticks[:1])
    return tuple(ticks[:1])


def span_of(
    lines: Iterable[str], centre: float, width: float = math.inf, size: float = FONT_SIZE
) -> tuple[float, float]:
    """Return where centred lines begin and end, moved so that they stay between 0 and ``width``."""
    half = max((text_width(line, size) for line in lines), default=0.0) / 2
    middle = max(min(centre, width - half), half)
    return middle - half, middle + half


def _floats(ticks: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    return [(float(value), label) for value, label in ticks]


def push_apart(tops: Sequence[float], heights: Sequence[float], lowest: float, highest: float) -> tuple[float, ...]:
    """Move blocks along a line as little as possible (least squares) so that none overlaps and all lie inside.

    Parameters
    ----------
    tops, heights : sequence of float
        Wanted start and size of each block, in pixels; any order.
    lowest, highest : float
        First and last pixel allowed. Where the room is too small the blocks go beyond ``highest``, but never overlap.

    Examples
    --------
    >>> push_apart([10, 12, 50], [10, 10, 10], 0, 55)
    (6.0, 16.0, 45.0)
    """
    order = sorted(range(len(tops)), key=lambda index: (tops[index], index))
    above = [sum(heights[earlier] for earlier in order[:rank]) for rank in range(len(order))]
    groups: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, size = tops[index] - above[rank], 1
        while groups and groups[-1][0] > mean:
            other_mean, other_size = groups.pop()
            mean, size = (mean * size + other_mean * other_size) / (size + other_size), size + other_size
        groups.append((mean, size))
    latest = max(lowest, highest - sum(heights))
    starts = [min(max(mean, lowest), latest) for mean, size in groups for _ in range(size)]
    placed = {index: float(starts[rank] + above[rank]) for rank, index in enumerate(order)}
    return tuple(placed[index] for index in range(len(tops)))


def rows_of(spans: Iterable[tuple[float, float]], gap: float = 6) -> tuple[int, ...]:
    """Return for each span (start, end) the first row in which it does not touch an earlier one; 0 is the first."""
    taken: list[list[tuple[float, float]]] = []
    rows = []
    for start, end in spans:
        free = next(
            (i for i, row in enumerate(taken) if all(end + gap <= a or b + gap <= start for a, b in row)), len(taken)
        )
        if free == len(taken):
            taken.append([])
        taken[free].append((start, end))
        rows.append(free)
    return tuple(rows)


def runs(rows: Iterable[tuple[float | None, ...]]) -> Iterator[list[tuple[float, ...]]]:
    """Split rows where a value is missing: a gap is drawn as a gap."""
    run: list[tuple[float, ...]] = []
    for row in rows:
        if None not in row:
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run
