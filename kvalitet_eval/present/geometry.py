"""Plain geometry of drawings: how wide a text is, where ticks stand, how labels are kept apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kvalitet_eval.present.theme import FONT_SIZE

# Widths in thousandths of the font size, as in the common sans-serif fonts of which ours is one; a little is added
# because the reader's font may be wider.
_WIDTHS = {
    222: "ijl'|",
    278: " .,:;!/\\[]ftI\u00a0",
    333: "-()r`",
    389: '"*',
    500: "ckvxyzsJ",
    584: "+<=>~\u2212",
    611: "FTZø",
    667: "&ABEKPSVXYÅ",
    722: "CDHNRUw",
    778: "GOQØ",
    833: "mMæ",
    889: "%",
    944: "W",
    1000: "Æ@—…",
}
_WIDTH_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_USUAL_WIDTH = 556
_WIDER_FONT = 1.1
_TICK_STEPS = (1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 80, 160)


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Return an upper estimate of the width of one line, in pixels."""
    return sum(_WIDTH_OF.get(sign, _USUAL_WIDTH) for sign in text) * size * _WIDER_FONT / 1000


def wrap(text: str, room: float, size: float = FONT_SIZE) -> tuple[str, ...]:
    """Break a text into lines no wider than ``room`` pixels; a word that is too long is broken where the room ends."""
    lines: list[str] = []
    line = ""
    for word in text.split():
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
    """A straight line from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


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


def thin_ticks(
    ticks: Sequence[tuple[float, str]], place: Callable[[float], float], gap: float = 8, size: float = FONT_SIZE
) -> tuple[tuple[float, str], ...]:
    """Return as many ticks as can stand beside each other, evenly chosen.

    Whole-numbered values that divide by the step are kept: first quarters of years, and time 0.
    """
    whole = all(float(value).is_integer() for value, _ in ticks)
    for step in _TICK_STEPS:
        kept = [tick for index, tick in enumerate(ticks) if (tick[0] if whole else index) % step == 0]
        half = [max(text_width(line, size) for line in label.split("\n")) / 2 for _, label in kept]
        ends = [(place(tick[0]) - width, place(tick[0]) + width) for tick, width in zip(kept, half, strict=True)]
        if all(left[1] + gap <= right[0] for left, right in pairwise(ends)):
            return tuple(kept) or tuple(ticks[:1])
    return tuple(ticks[:1])


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
