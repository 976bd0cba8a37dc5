"""Cohorts: municipalities that started in the same period as the same intake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.prepare.panel import Panel


@dataclass(frozen=True, slots=True)
class Cohort:
    """One intake as the panel sees it.

    Parameters
    ----------
    name : str
        Intake.
    start : float
        Ordinal of the first treated period (event time 0).
    members : tuple of int
        Positions of its municipalities in the panel.
    n_before, n_after : int
        Periods of the panel before the start, less anticipation, and from the start on.
    """

    name: str
    start: float
    members: tuple[int, ...]
    n_before: int
    n_after: int

    @property
    def size(self) -> int:
        """Number of municipalities."""
        return len(self.members)


def find_cohorts(panel: Panel, *, anticipation: int = 0) -> tuple[Cohort, ...]:
    """List the cohorts of a panel by start and name.

    Parameters
    ----------
    panel : Panel
        Municipalities with and without a start.
    anticipation : int
        Periods before the start that do not count as "before".
    """
    started = np.flatnonzero(~np.isnan(panel.start)).tolist()
    members: dict[tuple[float, str], list[int]] = {}
    for i in started:
        members.setdefault((panel.start[i], panel.cohort[i]), []).append(i)
    cohorts = []
    for start, name in sorted(members):
        before = int((panel.ordinals < start - anticipation).sum())
        cohorts.append(Cohort(name, start, tuple(members[start, name]), before, int((panel.ordinals >= start).sum())))
    return tuple(cohorts)
