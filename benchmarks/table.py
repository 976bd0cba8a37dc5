"""The outcomes as one Markdown table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.comparison import Outcome
from benchmarks.measure import Measured

HEAD = (
    "task",
    "side",
    "median",
    "minimum",
    "processor",
    "peak MB",
    "of which input",
    "ratio",
    "of minima",
    "asked",
    "reached",
    "same",
)


def render(outcomes: Sequence[Outcome]) -> str:
    """Two lines per comparison: ours with the ratio and the bound, and the other."""
    lines = []
    for outcome in outcomes:
        lines.append([outcome.comparison.title, *_side(outcome.ours), *_answer(outcome)])
        if outcome.other is not None:
            lines.append(["", *_side(outcome.other), "", "", "", "", ""])
    return as_markdown(HEAD, lines)


def as_markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table of texts."""
    rule = ["---", *("---" for _ in head[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))


def seconds(value: float) -> str:
    """Three digits with a unit that fits.

    Examples
    --------
    >>> seconds(0.01234), seconds(12.34)
    ('12.3 ms', '12.3 s')
    """
    return f"{1000 * value:.3g} ms" if value < 1 else f"{value:.3g} s"


def _side(found: Measured) -> list[str]:
    star = "" if found.side.scale == 1 else " (scaled)"
    memory = f"{found.peak_mb:.0f}", f"{found.before_mb:.0f}"
    times = found.median, min(found.seconds), median(found.processor)
    return [found.side.name, *(seconds(value) + star for value in times), *memory]


def _answer(outcome: Outcome) -> list[str]:
    asked = outcome.comparison
    ratio = "" if outcome.ratio is None else f"{outcome.ratio:.3g}"
    minima = "" if outcome.ratio_of_minima is None else f"{outcome.ratio_of_minima:.3g}"
    bounds = [f">= {asked.least:g} x"] if asked.least is not None else []
    if asked.most_seconds is not None:
        each = "" if asked.parts == 1 else f" each of {asked.parts}"
        found = seconds(outcome.ours.median / asked.parts), seconds(median(outcome.ours.processor) / asked.parts)
        bounds.append(f"<= {seconds(asked.most_seconds)}{each}; took {found[0]}, processor {found[1]}")
    reached = {None: "", True: "yes", False: "NO"}[outcome.is_reached]
    same = ", ".join(f"{name} {found:.1g}" for name, found in outcome.differences().items())
    return [ratio, minima, "; ".join(bounds), reached, same if outcome.is_same else f"NO: {same}"]
