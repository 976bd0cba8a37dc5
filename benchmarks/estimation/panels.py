"""Synthetic inputs from fixed seeds: the same in both environments, in the shape of the programme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

TREATED = (12, 10, 7)  # municipalities of each intake, of 431
STARTS = (0.3, 0.5, 0.7)  # where in the panel each intake starts
N_UNITS = 431


def draw_starts(n_units: int, n_periods: int) -> np.ndarray:
    """(N,) first treated period counted from 1, not-a-number without one; the treated share does not depend on N."""
    start, done = np.full(n_units, np.nan), 0
    for size, place in zip(TREATED, STARTS, strict=True):
        here = max(2, round(size * n_units / N_UNITS))
        start[done : done + here] = round(place * n_periods)
        done += here
    return start


def draw_outcomes(n_units: int, n_periods: int, seed: int) -> np.ndarray:
    """(N, T) a level per unit and a random walk; no effect."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    steps = 0.3 * rng.standard_normal((n_units, n_periods))
    return 5 + rng.standard_normal((n_units, 1)) + np.cumsum(steps, axis=1)


def panel_frame(n_units: int, n_periods: int, *, seed: int = 0, never: float = np.nan) -> pd.DataFrame:
    """Long frame ``unit``, ``period``, ``y``, ``g``; ``never`` is how units without a start are written."""
    start = draw_starts(n_units, n_periods)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n_units), n_periods),
            "period": np.tile(np.arange(1, n_periods + 1), n_units),
            "y": draw_outcomes(n_units, n_periods, seed).ravel(),
            "g": np.repeat(np.where(np.isnan(start), never, start), n_periods),
        }
    )


def individual_frame(n_rows: int, *, n_units: int = N_UNITS, n_periods: int = 40, seed: int = 0) -> pd.DataFrame:
    """Rows of persons in random order, in cells of very unequal size; ``d`` is "has started"."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    size = rng.lognormal(0.0, 1.0, n_units)[:, None] * rng.uniform(0.9, 1.1, (n_units, n_periods))
    count = 1 + rng.multinomial(n_rows - size.size, (size / size.sum()).ravel())
    cell = rng.permutation(np.repeat(np.arange(size.size), count))
    unit, period = np.divmod(cell, n_periods)
    period += 1
    mean = draw_outcomes(n_units, n_periods, seed)
    start = draw_starts(n_units, n_periods)[unit]
    y = mean.ravel()[cell] + rng.standard_normal(n_rows)
    started = (period >= start).astype(float)
    return pd.DataFrame({"unit": unit, "period": period, "y": y, "g": start, "d": started})


def permuted_starts(start: np.ndarray, draws: int, seed: int) -> Sequence[np.ndarray]:
    """Starts given to units drawn at random."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    return [rng.permutation(start) for _ in range(draws)]
