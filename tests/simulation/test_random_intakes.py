"""Panels with intakes drawn at random and effects that differ by intake and grow: bias and coverage.

The figures of the complete version stand in docs/METHODS.md. Truth is the mean of the effects that were put into the
treated municipality-quarters, panel by panel.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_panels import METHODS, draw_random, overall_rows, tell, true_overall_pp
from scipy import stats

EFFECT_PP = {"innsats": -0.6, "pulje_1": -0.2, "pulje_2": -0.4, "pulje_4": -0.3}
QUARTERS_TO_FULL = 8
SEED = 1000
COMPLETE = 200
SAMPLED = 40
LARGEST_BIAS_PP = 0.02
COVERAGE = (0.92, 0.98)
RARE = 0.001  # a sampled run may fail by chance this often under the truth; its seeds are fixed


def run(n_panels: int, cohort: str | None = None) -> pd.DataFrame:
    """One row per panel and method: error, whether the interval covers, standard error, truth."""
    lines = []
    for k in range(n_panels):
        design, effect = draw_random(SEED + k, EFFECT_PP, QUARTERS_TO_FULL)
        truth = true_overall_pp(design, effect, cohort)
        for method, row in overall_rows(design, cohort).items():
            covers = row["conf_low"] <= truth <= row["conf_high"]
            lines.append((method, row["estimate"] - truth, covers, row["std_error"], truth))
    return pd.DataFrame(lines, columns=["method", "error", "covers", "std_error", "truth"])


def summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Bias, its Monte-Carlo error, SD of the estimates, mean standard error and coverage by method."""
    groups = runs.groupby("method")
    table = groups.agg(
        bias=("error", "mean"), sd=("error", "std"), std_error=("std_error", "mean"), coverage=("covers", "mean")
    )
    return table.assign(monte_carlo_error=table["sd"] / np.sqrt(groups.size())).loc[list(METHODS)]


def test_sampled():
    table = summary(run(SAMPLED))
    fewest = stats.binom.ppf(RARE, SAMPLED, 0.95) / SAMPLED
    for method in ("imputation", "group_time"):
        row = table.loc[method]
        assert abs(row["bias"]) < stats.norm.isf(RARE / 2) * row["monte_carlo_error"], table.to_string()
        assert row["coverage"] >= fewest, table.to_string()
    precise = table.loc["imputation"]
    assert precise["monte_carlo_error"] < 0.03  # or the bound above would say nothing about an effect of 0.27
    assert precise["std_error"] == pytest.approx(precise["sd"], rel=0.35)  # an SD of 40 draws is within 35 %


@pytest.mark.slow
def test_complete():
    runs = run(COMPLETE)
    table = summary(runs)
    seeds = f"{COMPLETE} panels, seeds {SEED}-{SEED + COMPLETE - 1}"
    tell(f"{seeds}, true effect {runs['truth'].mean():.3f} pp", table.round(4).to_string())
    assert abs(table.loc["imputation", "bias"]) < LARGEST_BIAS_PP
    for method in ("imputation", "group_time"):
        assert COVERAGE[0] <= table.loc[method, "coverage"] <= COVERAGE[1], method
        assert abs(table.loc[method, "bias"]) < stats.norm.isf(RARE / 2) * table.loc[method, "monte_carlo_error"]


@pytest.mark.slow
def test_complete_with_twelve_treated():
    """The intervals of a single intake of twelve hold their level too; a normal interval does not."""
    runs = run(COMPLETE, "innsats")
    table = summary(runs)
    tell(f"{COMPLETE} panels, innsats only, true effect {runs['truth'].mean():.3f} pp", table.round(4).to_string())
    fewest = stats.binom.ppf(RARE, COMPLETE, 0.95) / COMPLETE
    for method in ("imputation", "group_time"):
        assert table.loc[method, "coverage"] >= fewest
        assert abs(table.loc[method, "bias"]) < stats.norm.isf(RARE / 2) * table.loc[method, "monte_carlo_error"]
