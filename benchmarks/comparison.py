"""A question about speed: what is measured beside what, what was asked for, and what must come out the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.measure import Measured, Side, measure_in_turn


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side of ours beside at most one other.

    Parameters
    ----------
    title : str
        What is done.
    ours, other : Side
        Measured in turn; without ``other`` there is only a limit in seconds.
    least : float, optional
        Asked ratio of the other's time to ours.
    most_seconds : float, optional
        Asked limit of our own time.
    parts : int
        Our call does so many of what the limit speaks of.
    same : mapping of str to float
        Figures that both sides report, with the largest difference.
    rounds : int
        Rounds at full length; a short run takes two.
    """

    title: str
    ours: Side
    other: Side | None = None
    least: float | None = None
    most_seconds: float | None = None
    parts: int = 1
    same: Mapping[str, float] | None = None
    rounds: int = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured of a comparison."""

    comparison: Comparison
    ours: Measured
    other: Measured | None

    @property
    def ratio(self) -> float | None:
        """Median over rounds of the other's time to ours, both of the same round."""
        if self.other is None:
            return None
        return median(b / a for a, b in zip(self.ours.seconds, self.other.seconds, strict=True))

    @property
    def ratio_of_minima(self) -> float | None:
        """The other's shortest round to ours."""
        return None if self.other is None else min(self.other.seconds) / min(self.ours.seconds)

    @property
    def is_reached(self) -> bool | None:
        """Whether every bound that was asked for holds; None where none was."""
        asked = self.comparison
        answers = []
        if asked.least is not None:
            answers.append(self.ratio >= asked.least)
        if asked.most_seconds is not None:
            answers.append(self.ours.median / asked.parts <= asked.most_seconds)
        return all(answers) if answers else None

    def differences(self) -> dict[str, float]:
        """Largest differences between the figures that both report."""
        if self.other is None or not self.comparison.same:
            return {}
        return {name: abs(self.ours.figures[name] - self.other.figures[name]) for name in self.comparison.same}

    @property
    def is_same(self) -> bool:
        """Whether both sides found the same."""
        return all(found <= self.comparison.same[name] for name, found in self.differences().items())


def measure(comparison: Comparison, pythons: Mapping[str, str], *, short: bool = False) -> Outcome:
    """Measure a comparison, its two sides in turn."""
    sides = [comparison.ours] if comparison.other is None else [comparison.ours, comparison.other]
    found = measure_in_turn(sides, pythons, 2 if short else comparison.rounds)
    return Outcome(comparison, found[0], found[1] if len(found) > 1 else None)
