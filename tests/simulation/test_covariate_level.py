"""Covariates with few treated: no bias when one of the two models is right, and tests that hold their level.

431 municipalities, two periods, covariates that move both the choice of the treated and the change of the outcome,
variation that depends on a covariate. Bounds are four Monte-Carlo errors of the sampled version; the figures of the
complete version stand in docs/METHODS.md.

With five treated of uneven variation a t test is cautious, covariates or not: its level is .043 even where the
regression is known (.049 with even variation). The complete version therefore sets the adjusted tests beside the test
of somebody who knows the regression, on the same panels, and has enough panels to tell .043 from .03.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from programme_panels import tell
from scipy import stats

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.adjust import ADJUSTMENTS, adjust_for
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import adjust_cells, difference_cells
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.prepare.panel import Panel

MUNICIPALITIES = 431
COMPLETE = {5: 10_000, 12: 4_000, 29: 4_000}  # panels by number of treated
UNEVEN = 0.3  # the standard deviation is exp(0.3 x2)
KNOWN = "known"  # the test of somebody who knows the regression: no covariates, the error instead of the change


def draw(
    seed: int, n_treated: int, *, curved: bool = False, uneven: float = UNEVEN
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Covariates, who is treated, changes without any effect; ``curved`` lets the change follow an exponential."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, n_treated]))
    x = rng.standard_normal((MUNICIPALITIES, 2))
    odds = np.exp(0.5 * x[:, 0])
    treated = np.zeros(MUNICIPALITIES, dtype=bool)
    treated[rng.choice(MUNICIPALITIES, n_treated, replace=False, p=odds / odds.sum())] = True
    level = np.exp(0.7 * x[:, 0]) if curved else x[:, 0]
    return x, treated, level + 0.5 * x[:, 1] + np.exp(uneven * x[:, 1]) * rng.standard_normal(MUNICIPALITIES)


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


def run_quickly(n_panels: int, n_treated: int, uneven: float = UNEVEN) -> pd.DataFrame:
    """Estimate and p-value by panel (rows) and way of adjusting, without building a panel each time.

    The treated are put first; who is where does not matter.
    """
    first = np.arange(MUNICIPALITIES) < n_treated
    nothing = np.zeros((MUNICIPALITIES, 2))
    design = design_of(nothing, first, nothing[:, 0])
    apart, together = build_cells(design, separate=True), build_cells(design)
    lines = []
    for seed in range(n_panels):
        x, treated, change = draw(seed, n_treated, uneven=uneven)
        order = np.argsort(~treated, kind="stable")
        x, change = x[order], change[order]
        cells = replace(apart, outcome=np.outer(change, [-0.5, 0.5]))
        errors = replace(together, outcome=np.outer(change - x[:, 0] - 0.5 * x[:, 1], [-0.5, 0.5]))
        forms = {
            how: adjust_cells(cells, base="universal", covariates_at=lambda *_, x=x: x, how=how) for how in ADJUSTMENTS
        }
        forms[KNOWN] = difference_cells(errors, base="universal")
        for how, form in forms.items():
            lines.append((seed, how, form.estimates()[0], infer(form).p_value[0]))
    table = pd.DataFrame(lines, columns=["seed", "how", "estimate", "p_value"])
    return table.pivot(index="seed", columns="how")


def test_the_quick_way_is_the_estimator():
    quick = run_quickly(3, 5)
    for seed in range(3):
        x, treated, change = draw(seed, 5)
        for how in ADJUSTMENTS:
            effects = estimate(design_of(x, treated, change), "group_time", covariates=["x1", "x2"], adjust=how)
            for name in ("estimate", "p_value"):
                assert quick.loc[seed, (name, how)] == pytest.approx(effects.frame[name].iloc[0], rel=1e-8), (
                    seed,
                    how,
                    name,
                )


@pytest.mark.slow
@pytest.mark.parametrize("n_treated", [5, 12, 29])
def test_the_level_holds_in_the_complete_run(n_treated):
    """Also no more cautious than the test that knows the regression, by more than .006."""
    runs = run_quickly(COMPLETE[n_treated], n_treated)
    rejects, estimates = runs["p_value"] < 0.05, runs["estimate"]
    size, error = rejects.mean(), estimates.std() / np.sqrt(len(runs))
    tell(
        f"{n_treated} treated, {len(runs)} panels",
        *(
            f"{how:5} size {size[how]:.4f} (first 1 000: {rejects[how][:1000].mean():.3f})"
            f"   bias {estimates[how].mean():+.4f} ({error[how]:.4f})"
            for how in size.index
        ),
    )
    assert (size >= 0.03).all()
    assert (size <= 0.07).all()
    assert (abs(size - size[KNOWN]) < 0.006).all()
    assert (abs(estimates.mean()) < 4 * error).all()


@pytest.mark.parametrize(
    ("n_treated", "uneven", "level"),
    [(5, UNEVEN, 0.0431), (12, UNEVEN, 0.0474), (29, UNEVEN, 0.0491), (5, 0.0, 0.0490), (12, 0.0, 0.0498)],
)
def test_uneven_variation_alone_makes_a_t_test_cautious(n_treated, uneven, level):
    """Difference of two means, all formulas written out: nothing of the package is used. 400 000 draws."""
    rng, n_draws, others = np.random.default_rng(n_treated), 400_000, MUNICIPALITIES - n_treated
    spread = np.exp(uneven * rng.standard_normal((n_draws, n_treated)))
    errors = spread * rng.standard_normal((n_draws, n_treated))
    other = np.exp(2 * uneven**2) / others  # variance of the others' mean
    difference = errors.mean(axis=1) - np.sqrt(other) * rng.standard_normal(n_draws)
    variance = errors.var(axis=1, ddof=1) / n_treated + other
    shares = 1 / n_treated, 1 / others
    degrees = sum(shares) ** 2 / (shares[0] ** 2 / (n_treated - 1) + shares[1] ** 2 / (others - 1))
    rejected = 2 * stats.t.sf(np.abs(difference) / np.sqrt(variance), degrees) < 0.05
    assert rejected.mean() == pytest.approx(level, abs=4 * np.sqrt(0.05 * 0.95 / n_draws))


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
