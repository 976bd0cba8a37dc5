"""Estimates and their HC2 variances under reassigned cohorts.

In a complete panel without weights the loadings belong to the place, whoever has it, and a draw is a gather of scores
and a sum; with holes, weights or covariates every draw is a new estimation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.inference_by_draws import NullDraws
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.relabelling import Exchange, Rebuild, relabel

AT_ONCE = 8_000_000  # gathered numbers in memory at a time


def is_exchangeable(form: LinearForm) -> bool:
    """Whether the loadings belong to the place, whoever has it: no holes, no weights, no covariates."""
    cells = form.cells
    alike = (cells.omega == cells.omega.flat[0]).all() and len(cells.count) == len(np.unique(cells.group))
    return bool(alike) and form.adjustments is None


def _effect_pattern(form: LinearForm, row: int) -> np.ndarray:
    """(G, T) treated cells that "the effect is c" speaks of, scaled so that the estimate then moves by c."""
    cells = form.cells
    since = cells.design.panel.ordinals[None, :] - cells.start[:, None]
    event_time = form.rows["event_time"].iloc[row]
    inside = (since >= 0 if pd.isna(event_time) else since == event_time).astype(float)
    active = np.zeros(cells.n_groups, dtype=bool)
    active[cells.group[form.treated[:, row]]] = True
    inside[~active] = 0.0
    return inside / (form.loadings[:, row] * inside[cells.group] * cells.count[:, None]).sum()


def gather(form: LinearForm, row: int, exchange: Exchange, placed: np.ndarray, *, variance: float) -> NullDraws:
    """Draws of one estimate in a complete panel: one gather of scores and one sum per group.

    Parameters
    ----------
    form : LinearForm
        The estimates; see :func:`is_exchangeable`.
    row : int
        Which of them.
    exchange : Exchange
        Who changes places.
    placed : numpy.ndarray
        (B, m) assignments of ``exchange``.
    variance : float
        HC2 variance of the estimate. Whoever keeps the place adds the same to every draw: what the exchanged
        municipalities lack of this variance and of the estimate.
    """
    cells, group = form.cells, exchange.group
    pattern = _effect_pattern(form, row)
    outcome = cells.outcome[exchange.units] - cells.outcome.mean(axis=0) - form.estimates()[row] * pattern[group]
    features = {}
    for p in np.flatnonzero(np.isin(cells.group, group)):
        score, moved = outcome @ form.loadings[p, row], pattern[group] @ form.loadings[p, row]
        features[int(cells.group[p])] = np.column_stack([score, moved, score**2, 2 * score * moved, moved**2])
    size = {g: int((group == g).sum()) for g in features}
    rest, drawn = features[exchange.rest], group[exchange.drawn]
    sums = {g: _sum_gathered(own, placed[:, drawn == g]) for g, own in features.items() if g != exchange.rest}
    sums[exchange.rest] = rest.sum(axis=0) - _sum_gathered(rest, placed)
    numerator, spread = _moments(sums, size)
    observed, own_spread = _moments({g: own[group == g].sum(axis=0)[None] for g, own in features.items()}, size)
    numerator[0] -= observed[0]
    spread[0] += max(variance - own_spread[0, 0], 0.0)
    return NullDraws(numerator, spread, variance, exact=False)


def _moments(sums: dict[int, np.ndarray], size: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(2, B) estimates and (3, B) HC2 variances, as polynomials of the gap, from (B, 5) sums by group."""
    numerator, spread = 0.0, 0.0
    for group, total in sums.items():
        level, slope = total[:, 0], total[:, 1]
        square = np.array([level**2, 2 * level * slope, slope**2])
        numerator = numerator + total[:, :2].T
        spread = spread + (total[:, 2:].T - square / size[group]) * size[group] / (size[group] - 1)
    return numerator, spread


def _sum_gathered(features: np.ndarray, placed: np.ndarray) -> np.ndarray:
    """(B, F) sums of the features (n, F) of the municipalities in ``placed`` (B, m)."""
    size = max(1, AT_ONCE // max(placed.shape[1], 1))
    pieces = [placed[first : first + size] for first in range(0, len(placed), size)]
    columns = np.ascontiguousarray(features.T)
    return np.column_stack([np.concatenate([own[piece].sum(axis=1) for piece in pieces]) for own in columns])


def estimate_anew(
    form: LinearForm, rows: list[int], exchange: Exchange, placed: np.ndarray, *, rebuild: Rebuild
) -> list[NullDraws]:
    """Draws of some estimates where every draw is a new estimation; one that fails counts as larger.

    The statistics are those under no effect, and taken for those under any other hypothesis too.
    """
    wanted, observed = _keys(form)[rows], np.diag(infer(form).covariance)[rows]
    statistics = np.full((len(rows), len(placed)), np.inf)
    for b, places in enumerate(placed):
        try:
            drawn = rebuild(relabel(form.cells.design, exchange, places))
        except EstimationError:
            continue
        same = (_keys(drawn)[:, None, :] == wanted[None]).all(axis=2)
        there = same.any(axis=1)
        if there.any():
            found = infer(drawn.take(there)).statistic
            statistics[same[there].argmax(axis=1), b] = np.where(np.isfinite(found), found, np.inf)
    ones, none = np.ones(len(placed)), np.zeros(len(placed))
    variance = np.array([ones, none, none])
    return [
        NullDraws(np.array([found, none]), variance, float(own), exact=False)
        for own, found in zip(observed, statistics, strict=True)
    ]


def _keys(form: LinearForm) -> np.ndarray:
    """(R, 3) what each row is about."""
    return np.column_stack(
        [form.rows["group"], form.rows["position"], form.rows["event_time"].astype("Float64").fillna(-np.inf)]
    ).astype(float)
