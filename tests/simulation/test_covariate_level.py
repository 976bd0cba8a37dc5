"""Covariates with few treated: no bias when one of the two models is right, and tests that hold their level.

431 municipalities, two periods, covariates that move both the choice of the treated and the change of the outcome,
variation that depends on a covariate. Bounds are four Monte-Carlo errors of the sampled version; the figures of the
complete version stand in docs/METHODS.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_panels import tell

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.adjust import adjust_for
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

MUNICIPALITIES = 431


def draw(seed: int, n_treated: int, *, curved: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Covariates, who is treated, changes without any effect; ``curved`` lets the change follow an exponential."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, n_treated]))
    x = rng.standard_normal((MUNICIPALITIES, 2))
    odds = np.exp(0.5 * x[:, 0])
    treated = np.zeros(MUNICIPALITIES, dtype=bool)
    treated[rng.choice(MUNICIPALITIES, n_treated, replace=False, p=odds / odds.sum())] = True
    level = np.exp(0.7 * x[:, 0]) if curved else x[:, 0]
    return x, treated, level + 0.5 * x[:, 1] + np.exp(0.3 * x[:, 1]) * rng.standard_normal(MUNICIPALITIES)


def design_of(x: np.ndarray, treated: np.ndarray, change: np.ndarray) -> Design:
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"{i:04d}" for i in range(MUNICIPALITIES)], 2),
            "t": np.tile([1, 2], MUNICIPALITIES),
            "y": np.column_stack([np.zeros(MUNICIPALITIES), change]).ravel(),
            "g": np.repeat(np.where(treated, 2.0, np.nan), 2),
            "x1": np.repeat(x[:, 0], 2),
            "x2": np.repeat(x[:, 1], 2),
        }
    )
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "never_treated")


def reject(n_panels: int, n_treated: int, how: str) -> tuple[float, float, float]:
    """Share of true nulls rejected at 5 per cent, bias and its Monte-Carlo error."""
    rows = []
    for seed in range(n_panels):
        design = design_of(*draw(seed, n_treated))
        rows.append(estimate(design, "group_time", covariates=["x1", "x2"], adjust=how).frame.iloc[0])
    table = pd.DataFrame(rows)
    return (table["p_value"] < 0.05).mean(), table["estimate"].mean(), table["estimate"].std() / np.sqrt(n_panels)


@pytest.mark.parametrize("how", ["dr", "reg"])
def test_the_level_holds_with_twelve_treated(how):
    size, bias, error = reject(60, 12, how)
    assert abs(size - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 60)
    assert abs(bias) < 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("n_treated", [5, 12, 29])
@pytest.mark.parametrize("how", ["dr", "reg", "ipw"])
def test_the_level_holds_in_the_complete_run(how, n_treated):
    size, bias, error = reject(1000, n_treated, how)
    tell(f"{how}, {n_treated} treated: size {size:.3f}, bias {bias:+.3f} ({error:.3f})")
    assert 0.03 <= size <= 0.07
    assert abs(bias) < 4 * error


def test_doubly_robust_forgives_a_wrong_regression():
    """The change is an exponential of the covariate: a line errs, the odds are right. 300 panels, 60 treated."""
    found = {how: [] for how in ("dr", "ipw", "reg")}
    for seed in range(300):
        x, treated, change = draw(seed, 60, curved=True)
        for how, values in found.items():
            part = adjust_for(x, treated, np.ones(MUNICIPALITIES), units=np.arange(MUNICIPALITIES), how=how)
            values.append(float(part.loading @ change))
    bias = {how: np.mean(values) for how, values in found.items()}
    error = {how: np.std(values) / np.sqrt(300) for how, values in found.items()}
    assert abs(bias["dr"]) < 4 * error["dr"]
    assert abs(bias["ipw"]) < 4 * error["ipw"]
    assert bias["reg"] > 4 * error["reg"]
