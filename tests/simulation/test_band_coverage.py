"""Bands over twelve quarters with twelve treated: all true effects inside at once, as often as said.

No effect, 431 municipalities, 24 quarters, autocorrelation .4, variance .1 + 90 / employees. The band of the default
inference keeps its level; that of the multiplier bootstrap, the usual one, does not: the test can fail.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

N_UNITS, N_TREATED, N_QUARTERS, START = 431, 12, 24, 12
ASKED = 0.92
PERSISTENCE = 0.4


def draw_design(seed: int) -> Design:
    rng = np.random.default_rng(seed)
    spread = np.sqrt(0.1 + 90 / rng.lognormal(6, 1, N_UNITS))
    shocks = rng.standard_normal((N_UNITS, N_QUARTERS))
    for t in range(1, N_QUARTERS):
        shocks[:, t] = PERSISTENCE * shocks[:, t - 1] + np.sqrt(1 - PERSISTENCE**2) * shocks[:, t]
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(N_UNITS), N_QUARTERS),
            "t": np.tile(np.arange(N_QUARTERS), N_UNITS),
            "g": np.repeat(np.where(np.arange(N_UNITS) < N_TREATED, START, np.nan), N_QUARTERS),
            "y": (8 + spread[:, None] * shocks).ravel(),
        }
    )
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "never_treated")


def covered(seeds: range) -> pd.Series:
    """Share of panels in which the band holds zero in all twelve quarters, by inference."""
    found = []
    for seed in seeds:
        design = draw_design(seed)
        bands = {
            name: estimate(design, leads=0, inference=name, seed=seed).aggregate("event_time").frame
            for name in ("cr2", "multiplier")
        }
        assert all(len(band) == N_QUARTERS - START for band in bands.values())
        found.append({k: ((b["band_low"] <= 0) & (b["band_high"] >= 0)).all() for k, b in bands.items()})
    return pd.DataFrame(found).mean()


def check(shares: pd.Series, n_panels: int) -> None:
    """Within two Monte-Carlo errors of the bound; the usual band below it by the same reckoning."""
    error = np.sqrt(ASKED * (1 - ASKED) / n_panels)
    assert shares["cr2"] >= ASKED - 2 * error
    assert shares["multiplier"] < ASKED - 2 * error


def test_bands_hold_all_quarters_at_once_sampled():
    check(covered(range(91000, 91120)), 120)


@pytest.mark.slow
def test_bands_hold_all_quarters_at_once_complete():
    n_panels = 1000
    shares = covered(range(91000, 91000 + n_panels))
    assert shares["cr2"] >= ASKED
    check(shares, n_panels)
