"""Checks under the truth: the joint pre-trend test and the bump hold their level with few treated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_design import two_groups
from programme_panels import tell
from scipy import stats

from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.pretrends import pretrends

SIZE = 0.05
RARE = 0.001
SAMPLED = 50
COMPLETE = 1000


def shares(panels: int, seed: int) -> pd.Series:
    """Share of panels without effect or trend in which each check fails."""
    rows = []
    for k in range(panels):
        design = two_groups(seed + k)
        effects = estimate(design, "group_time")
        rows.append(
            {
                "pretrends": pretrends(effects).test.p_value < SIZE,
                "pretrends, chi-squared": pretrends(effects, small_sample=False).test.p_value < SIZE,
                "bump": not bump(design).check.passed,
            }
        )
    return pd.DataFrame(rows).mean()


def test_sampled():
    found = shares(SAMPLED, 30_000)
    most = stats.binom.ppf(1 - RARE, SAMPLED, SIZE) / SAMPLED
    assert found["pretrends"] <= most
    assert found["bump"] <= most


@pytest.mark.slow
def test_complete():
    found = shares(COMPLETE, 31_000)
    tell(f"12 treated of 112, {COMPLETE} panels, share that fails:", found.to_string())
    margin = stats.norm.isf(RARE) * np.sqrt(SIZE * (1 - SIZE) / COMPLETE)
    assert found["pretrends"] <= SIZE + margin
    assert abs(found["bump"] - SIZE) <= margin
    assert found["pretrends, chi-squared"] > found["pretrends"]
