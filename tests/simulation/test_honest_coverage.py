"""Honest intervals where they are hardest to hold: the true trend breaks by exactly the bound.

Estimates are drawn around a course whose largest step before the start is v and whose steps after it are all mbar x v
in one direction; the true effect is then the end of the identified set. The figures of the complete version stand in
docs/METHODS.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hand_design import two_groups
from programme_panels import tell
from scipy import stats

from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.event_study import read_event_study
from kvalitet_eval.estimate.honest import honest_from
from kvalitet_eval.estimate.honest_relative import relative_test
from kvalitet_eval.estimate.inference_checks import small_sample_factor

LEVEL = 0.95
SAMPLED = 200
COMPLETE = 2000
LEAST = 0.94
RARE = 0.001  # a sampled run may fail by chance this often under the truth; its seeds are fixed
MBARS = (0.5, 1.0, 2.0)
STEPS = (0.0, 1.0, 3.0, 10.0)  # largest step before the start, in standard errors of a step


@dataclass(frozen=True)
class Case:
    """A covariance as of a panel whose municipalities wander, and what is asked for."""

    n_pre: int
    weights: tuple[float, ...]
    persistence: float

    @property
    def sigma(self) -> np.ndarray:
        """Covariance of differences from the reference period."""
        times = np.arange(self.n_pre + len(self.weights) + 1)
        levels = self.persistence ** np.abs(times[:, None] - times[None, :])
        change = np.delete(np.eye(len(times)), self.n_pre, axis=0)
        change[:, self.n_pre] -= 1
        return change @ levels @ change.T


CASES = (Case(4, (1.0, 0.0), 0.3), Case(3, (0.5, 0.5), 0.8), Case(2, (0.0, 0.0, 1.0), 0.5), Case(3, (1.0,), 0.5))


def course(case: Case, mbar: float, size: float) -> np.ndarray:
    """Deviation: one large step before the start among small ones, then steps up to the bound."""
    before = 0.3 * size * np.array([(-1.0) ** k for k in range(case.n_pre)])
    before[case.n_pre // 2] = size
    steps = np.concatenate([before, np.full(len(case.weights), mbar * size)])
    levels = np.concatenate([[0.0], np.cumsum(steps)])
    return np.delete(levels - levels[case.n_pre], case.n_pre)


def accepts_zero(beta: np.ndarray, sigma: np.ndarray, n_pre: int, weights: np.ndarray, mbar: float) -> list[bool]:
    """The test of no effect for every row of estimates; the corners are linear in them and built once."""
    one = relative_test(beta[0], sigma, n_pre, weights, mbar, level=LEVEL)
    units = np.eye(beta.shape[1])
    rows = np.stack([relative_test(u, sigma, n_pre, weights, mbar, level=LEVEL).constant for u in units], axis=-1)
    assert rows @ beta[0] == pytest.approx(one.constant)
    return [bool(replace(one, constant=rows @ b).accepts(np.zeros(1))[0]) for b in beta]


def covers(case: Case, mbar: float, size: float, *, draws: int, seed: int) -> tuple[float, float]:
    """Share of draws whose interval holds the true effect of zero, and of a plug-in interval."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    sigma, weights = case.sigma, np.array(case.weights)
    step = np.sqrt(2 * (1 - case.persistence))
    beta = rng.multivariate_normal(course(case, mbar, size * step), sigma, draws)
    honest = accepts_zero(beta, sigma, case.n_pre, weights, mbar)
    levels = np.insert(beta, case.n_pre, 0.0, axis=1)
    largest = np.abs(np.diff(levels[:, : case.n_pre + 1], axis=1)).max(axis=1)
    reach = mbar * largest * np.cumsum(weights[::-1]).sum()
    error = 1.96 * np.sqrt(weights @ sigma[case.n_pre :, case.n_pre :] @ weights)
    return float(np.mean(honest)), float((np.abs(beta[:, case.n_pre :] @ weights) <= reach + error).mean())


def grid(draws: int, cases: tuple[Case, ...] = CASES) -> pd.DataFrame:
    rows = []
    for c, case in enumerate(cases):
        for m, mbar in enumerate(MBARS):
            for s, size in enumerate(STEPS):
                honest, plug_in = covers(case, mbar, size, draws=draws, seed=1000 + 100 * c + 10 * m + s)
                rows.append({"case": c, "mbar": mbar, "step": size, "honest": honest, "plug_in": plug_in})
    return pd.DataFrame(rows)


def test_sampled():
    fewest = stats.binom.ppf(RARE, SAMPLED, LEVEL) / SAMPLED
    for seed, (case, mbar, size) in enumerate([(CASES[0], 1.0, 3.0), (CASES[1], 0.5, 10.0), (CASES[2], 2.0, 1.0)]):
        honest, _ = covers(case, mbar, size, draws=SAMPLED, seed=seed)
        assert honest >= fewest, (case, mbar, size)


def test_a_plug_in_interval_fails_the_same_test():
    """Taking the largest observed step for the true one and adding a normal margin is too narrow."""
    _, plug_in = covers(CASES[1], 2.0, 10.0, draws=4 * SAMPLED, seed=9)
    assert plug_in < stats.binom.ppf(RARE, 4 * SAMPLED, LEVEL) / (4 * SAMPLED)


@pytest.mark.slow
def test_complete():
    table = grid(COMPLETE)
    tell(f"{COMPLETE} draws each", table.to_string(float_format="%.4f"))
    slack = stats.norm.isf(RARE / len(table)) * np.sqrt(LEAST * (1 - LEAST) / COMPLETE)
    assert (table["honest"] >= LEAST - slack).all(), table.to_string()
    assert table["honest"].mean() >= LEAST
    assert table["plug_in"].min() < 0.93


def smooth_coverage(draws: int, seed: int) -> float:
    """Smoothness: the course bends by the bound at every period, all in the worst direction for its estimator."""
    case, bound = CASES[0], 0.4
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    t = np.concatenate([np.arange(-case.n_pre, 0), np.arange(1, 3)])
    beta = rng.multivariate_normal(bound * t * (t - 1) / 2, case.sigma, draws)
    found = []
    for b in beta:
        row = honest_from(b, case.sigma, case.n_pre, 2, mbar=(bound,), kind="smooth").frame.iloc[0]
        found.append(row["conf_low"] <= 0 <= row["conf_high"])
    return float(np.mean(found))


@pytest.mark.slow
def test_smooth_complete():
    share = smooth_coverage(1500, 5)
    tell(f"smooth, 1500 draws: {share:.4f}")
    assert share >= LEAST - stats.norm.isf(RARE) * np.sqrt(LEAST * (1 - LEAST) / 1500)


def estimated_coverage(panels: int, seed: int) -> pd.Series:
    """Twelve treated of 112 over seven years, covariance estimated, no effect, steps at the bound; mbar 1.

    One step before the start is far larger than the others, and the first after it is as large: the hardest case.
    """
    found = []
    for k in range(panels):
        study = read_event_study(estimate(two_groups(seed + k, steps=(6.0, 1.0, 1.0, 6.0, 6.0, 6.0)), "group_time"))
        row = {}
        for name, df in (("small_sample", study.degrees_of_freedom), ("normal", np.inf)):
            sigma = study.sigma * small_sample_factor(df, level=LEVEL) ** 2
            test = relative_test(study.beta, sigma, study.n_pre, np.array([1.0, 0, 0]), 1.0, level=LEVEL)
            row[name] = test.accepts(np.zeros(1))[0]
        found.append(row)
    return pd.DataFrame(found).mean()


@pytest.mark.slow
def test_complete_with_twelve_treated():
    share = estimated_coverage(1000, 70_000)
    tell("12 treated of 112, 1000 panels:", share.to_string())
    assert share["small_sample"] >= LEAST - stats.norm.isf(RARE) * np.sqrt(LEAST * (1 - LEAST) / 1000)
