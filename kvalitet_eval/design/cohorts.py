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
    keys = sorted({(s, c) for s, c in zip(panel.start, panel.cohort, strict=True) if not np.isnan(s)})
    cohorts = []
    for start, name in keys:
        members = tuple(
            i for i, (s, c) in enumerate(zip(panel.start, panel.cohort, strict=True)) if s == start and c == name
        )
        before = int((panel.ordinals < start - anticipation).sum())
        cohorts.append(Cohort(name, start, members, before, int((panel.ordinals >= start).sum())))
    return tuple(cohorts)
