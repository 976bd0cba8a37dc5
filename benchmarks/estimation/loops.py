"""The same permutation test without any shortcut: one assignment after the other.

``reestimate`` estimates anew with the package's own estimator; ``count_by_hand`` is the leanest loop we could write for
one estimator, sums of scores by hand. Both give the statistics of :func:`randomisation.permute`, draw by draw.
"""

from __future__ import annotations

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.relabelling import Exchange, exchange_of, label_strata, relabel


def overall(design: Design, method: str) -> LinearForm:
    """The overall effect."""
    cells = build_cells(design)
    form = impute(cells, leads=0) if method == "imputation" else difference_cells(cells, base="universal")
    return aggregate_cells(form, "overall")


def draw_places(design: Design, draws: int, *, method: str, seed: int = 0) -> tuple[Exchange, np.ndarray]:
    """Who changes places, and the assignments that ``permute`` draws from this seed."""
    exchange = exchange_of(overall(design, method), 0, label_strata(design, None))
    return exchange, exchange.draw(draws, np.random.default_rng(np.random.SeedSequence(seed)))


def reestimate(design: Design, exchange: Exchange, placed: np.ndarray, *, method: str) -> np.ndarray:
    """(B,) statistics: every assignment is a new design, a new estimate and a new standard error."""
    found = [float(infer(overall(relabel(design, exchange, places), method)).statistic[0]) for places in placed]
    return np.array(found)


def count_by_hand(design: Design, exchange: Exchange, placed: np.ndarray) -> np.ndarray:
    """(B,) statistics of ``group_time`` against the never treated, the largest group; complete, without weights."""
    panel = design.panel
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    anchors = [int(np.flatnonzero(panel.ordinals < start - design.anticipation)[-1]) for start in starts]
    after = [panel.ordinals >= start for start in starts]
    found = []
    for places in placed:
        start = np.full(len(panel.units), np.nan)
        start[exchange.units[places]] = panel.start[exchange.units[exchange.drawn]]
        members = [start == own for own in starts]
        mass = sum(int(own.sum()) * int(late.sum()) for own, late in zip(members, after, strict=True))
        pool, lent = np.isnan(start), np.zeros(int(np.isnan(start).sum()))
        estimate, variance = 0.0, 0.0
        for own, late, anchor in zip(members, after, anchors, strict=True):
            score = (panel.outcome[:, late] - panel.outcome[:, [anchor]]).sum(axis=1) / mass
            size = int(own.sum())
            estimate += score[own].sum()
            variance += size / (size - 1) * ((score[own] - score[own].mean()) ** 2).sum()
            lent += size * score[pool]
        size = len(lent)
        estimate -= lent.mean()
        variance += ((lent - lent.mean()) ** 2).sum() / size / (size - 1)
        found.append(estimate / np.sqrt(variance))
    return np.array(found)
