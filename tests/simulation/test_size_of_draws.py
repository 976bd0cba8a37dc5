"""How often a true null is rejected at 5 per cent with 5, 12 and 29 treated of 431, small ones more variable.

The figures of the complete version stand in docs/METHODS.md. The plain permutation and the multiplier bootstrap fail
the same check, which shows that it can fail.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_panels import tell

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.multiplier import infer_multiplier
from kvalitet_eval.estimate.randomisation import infer_permutation
from kvalitet_eval.estimate.wild import infer_wild
from kvalitet_eval.prepare.panel import Panel

N, T, START = 431, 12, 7
SAMPLED, COMPLETE = 60, 2_000
HONEST = ("cr2", "permutation", "wild")
FEW, SOME, MORE = 5, 12, 29
# Lowest and highest share found for each before this code was written (12 treated: the range asked for); the sampled
# and the complete version add three times their own Monte-Carlo error.
ACCEPTED = {
    ("cr2", FEW): (0.048, 0.054),
    ("cr2", SOME): (0.03, 0.07),
    ("cr2", MORE): (0.037, 0.048),
    ("permutation", FEW): (0.047, 0.060),
    ("permutation", SOME): (0.03, 0.07),
    ("permutation", MORE): (0.040, 0.056),
    ("wild", FEW): (0.058, 0.067),
    ("wild", SOME): (0.03, 0.07),
    ("wild", MORE): (0.040, 0.051),
}


def draw_panel(rng: np.random.Generator, n_treated: int, small: bool) -> Panel:
    """One panel without effects: autocorrelated, variance falls with the number of employees as for a rate."""
    employees = np.exp(rng.normal(np.log(500), 1.0, N))
    noise = np.zeros((N, T))
    noise[:, 0] = rng.standard_normal(N)
    for t in range(1, T):
        noise[:, t] = 0.4 * noise[:, t - 1] + np.sqrt(1 - 0.4**2) * rng.standard_normal(N)
    outcome = 9 + rng.standard_normal((N, 1)) + np.sqrt(0.1 + 90 / employees)[:, None] * noise
    candidates = np.argsort(employees)[: N // 8] if small else np.arange(N)
    start = np.full(N, np.nan)
    start[rng.choice(candidates, n_treated, replace=False)] = START
    treated = ~np.isnan(start)
    return Panel(
        units=tuple(f"{i:04d}" for i in range(N)),
        periods=tuple(range(1, T + 1)),
        ordinals=np.arange(1.0, T + 1),
        outcome=outcome,
        weights=None,
        start=start,
        cohort=tuple("a" if t else "" for t in treated),
        status=tuple("treated" if t else "never_treated" for t in treated),
    )


def plain_permutation(panel: Panel, rng: np.random.Generator, draws: int) -> float:
    """p-value of the permuted estimate itself, not divided by its error: change of means before and after."""
    change = panel.outcome[:, START - 1 :].mean(axis=1) - panel.outcome[:, : START - 1].mean(axis=1)
    change -= change.mean()
    treated = np.flatnonzero(~np.isnan(panel.start))
    drawn = [change[rng.permutation(N)[: len(treated)]].mean() for _ in range(draws)]
    return (1 + (np.abs(drawn) >= abs(change[treated].mean())).sum()) / (draws + 1)


def reject(n_treated: int, small: bool, *, n_panels: int, draws: int, first_seed: int) -> pd.Series:
    """Share of panels in which each way rejects "no effect" at 5 per cent."""
    lines = []
    for k in range(n_panels):
        rng = np.random.default_rng(np.random.SeedSequence([first_seed, n_treated, int(small), k]))
        panel = draw_panel(rng, n_treated, small)
        form = aggregate_cells(impute(build_cells(compare(panel, "never_treated")), leads=0), "overall")
        lines.append(
            {
                "cr2": infer(form).p_value[0],
                "permutation": infer_permutation(form, draws=draws, seed=k).p_value[0],
                "wild": infer_wild(form, draws=draws, seed=k).p_value[0],
                "multiplier": infer_multiplier(form, draws=draws, seed=k).p_value[0],
                "plain permutation": plain_permutation(panel, rng, draws),
            }
        )
    return (pd.DataFrame(lines) <= 0.05).mean()


def check(shares: pd.Series, n_treated: int, n_panels: int) -> None:
    slack = 3 * np.sqrt(0.05 * 0.95 / n_panels)
    for way in HONEST:
        low, high = ACCEPTED[way, n_treated]
        assert low - slack <= shares[way] <= high + slack, (way, n_treated, shares[way])


@pytest.mark.parametrize("n_treated", [FEW, SOME, MORE])
def test_true_nulls_are_rejected_as_often_as_said_sampled(n_treated):
    check(reject(n_treated, False, n_panels=SAMPLED, draws=199, first_seed=1), n_treated, SAMPLED)


def test_without_a_standard_error_small_municipalities_are_a_finding_sampled():
    shares = reject(SOME, True, n_panels=SAMPLED // 2, draws=199, first_seed=2)
    assert shares["plain permutation"] > 0.12
    assert shares["permutation"] < 0.12


@pytest.mark.slow
@pytest.mark.parametrize("small", [False, True], ids=["any treated", "small treated"])
@pytest.mark.parametrize("n_treated", [FEW, SOME, MORE])
def test_true_nulls_are_rejected_as_often_as_said_complete(n_treated, small):
    shares = reject(n_treated, small, n_panels=COMPLETE, draws=499, first_seed=3)
    tell(f"{n_treated} treated, {'small' if small else 'any'}", shares.round(4).to_string())
    if not small:
        check(shares, n_treated, COMPLETE)
    assert (shares["multiplier"] > 0.07) == (n_treated < MORE)
    assert shares[list(HONEST)].max() < 0.07
    assert not small or shares["plain permutation"] > 0.12
