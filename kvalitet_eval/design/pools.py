"""Comparison municipalities that were as high, or as low, as the participants when these were chosen.

Municipalities that are chosen for their level carry the luck that made them stand out. Others on the same level carry
the same luck, and fall as much afterwards. Comparing with them takes regression to the mean away when it stems from
passing fluctuations; when the participants' level was lasting, matching on it brings in a bias of its own (Daw and
Hatfield 2018, Health Services Research 53(6)). So it is one side of a bracket, never the answer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kvalitet_eval.design.cohorts import find_cohorts
from kvalitet_eval.design.comparison import Design, subset
from kvalitet_eval.errors import DesignError

NEIGHBOURS = 15
COMPARISON = "same_level"


def mimic_selection(design: Design, cohort: str | None = None, *, neighbours: int = NEIGHBOURS) -> Design:
    """Compare a cohort, or all of them, with the pool municipalities on the members' level before their start.

    Parameters
    ----------
    design : Design
        A design with a pool of municipalities without a start.
    cohort : str, optional
        Name of the cohort that was chosen for its level; all cohorts by default, each member compared on the periods
        before its own start.
    neighbours : int
        How many municipalities of the pool, nearest in level, stand in for each member. Each member's neighbours
        together weigh the same.

    Returns
    -------
    Design
        The cohort and the chosen pool, weighted; comparison ``same_level``. The level is the mean outcome over the
        cohort's periods before the start, less anticipation.

    Raises
    ------
    DesignError
        No such cohort, or a pool of fewer than ``neighbours`` municipalities with figures.

    Examples
    --------
    The member lies at 10; of the pool at 0, 9 and 12, the nearest one is at 9:

    >>> import pandas as pd
    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aabbccdd"), "t": [1, 2] * 4, "y": [10.0, 9, 0, 0, 9, 9, 12, 11],
    ...                       "g": [2, 2] + [None] * 6})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> mimic_selection(compare(panel, "never_treated"), "2", neighbours=1).panel.units
    ('a', 'c')
    """
    chosen = [item for item in design.cohorts if cohort in (None, item.name)]
    if not chosen:
        names = ", ".join(dict.fromkeys(item.name for item in design.cohorts))
        raise DesignError.of("DES-14", found=cohort, allowed=names)
    panel = design.panel
    weight = np.zeros(len(panel.units))
    for item in chosen:
        level = _level_before(design, item.start)
        pool = np.flatnonzero(design.pool & np.isfinite(level))
        if len(pool) < neighbours:
            raise DesignError.of("DES-15", found=len(pool), neighbours=neighbours)
        for member in (i for i in item.members if np.isfinite(level[i])):
            order = np.argsort(_distance(level, panel.size, pool, member), kind="stable")[:neighbours]
            weight[pool[order]] += 1 / neighbours
        weight[list(item.members)] = 1.0
    return _restrict(design, weight)


def _level_before(design: Design, start: float) -> np.ndarray:
    """(N,) mean outcome over the periods before a start less anticipation; missing without a figure there."""
    panel = design.panel
    before = panel.observed & (panel.ordinals < start - design.anticipation)[None, :]
    count = before.sum(axis=1)
    sums = np.where(before, np.nan_to_num(panel.outcome), 0.0).sum(axis=1)
    return np.divide(sums, count, out=np.full(len(count), np.nan), where=count > 0)


def _distance(level: np.ndarray, size: np.ndarray | None, pool: np.ndarray, member: int) -> np.ndarray:
    """(n_pool,) distance in level, and in size where it is known, each in standard deviations of the pool."""
    apart = np.abs(level[pool] - level[member]) / max(level[pool].std(), np.finfo(float).tiny)
    if size is None:
        return apart
    scale = np.log(size)
    return np.hypot(apart, (scale[pool] - scale[member]) / max(scale[pool].std(), np.finfo(float).tiny))


def _restrict(design: Design, weight: np.ndarray) -> Design:
    """Keep the municipalities with a weight; the pool's weights have mean 1."""
    keep = np.flatnonzero(weight > 0)
    panel = subset(design.panel, keep)
    pool = design.pool[keep]
    scaled = np.where(pool, weight[keep] * pool.sum() / weight[keep][pool].sum(), 1.0)
    kept = set(panel.units)
    account = design.account
    dropped = (account["role"] != "left_out") & ~account["unit"].isin(kept)
    account = account.assign(
        role=account["role"].mask(dropped, "left_out"),
        reason=account["reason"].mask(dropped, "other_level"),
    )
    return replace(
        design,
        panel=panel,
        comparison=COMPARISON,
        cohorts=tuple(c for c in find_cohorts(panel, anticipation=design.anticipation) if c.n_after),
        pool=pool,
        pool_weight=scaled,
        account=account,
    )
