"""Adjustment for covariates: by hand, against plain regressions, and its influence values by differentiation."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import WLS

from kvalitet_eval.estimate.adjust import ADJUSTMENTS, adjust_for

EVERY = pytest.mark.parametrize("how", ADJUSTMENTS)


def draw(seed: int = 0, n: int = 60, k: int = 2):
    """Covariates, who is treated, weights and changes that depend on the covariates."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, k))
    treated = rng.random(n) < 1 / (1 + np.exp(1 - 0.7 * x[:, 0]))
    return x, treated, rng.uniform(0.5, 3, n), x @ np.arange(1, k + 1) + rng.standard_normal(n)


def adjust(x, treated, weight, how):
    return adjust_for(x, treated, weight, units=np.arange(len(weight)), how=how)


def effect(x, treated, weight, change, how) -> float:
    return float(adjust(x, treated, weight, how).loading @ change)


def test_regression_by_hand():
    """The change of the compared with is their covariate; the treated have covariates 3 and 5 and change by 2 and 8."""
    x, d = np.array([[3.0], [5], [0], [1], [2]]), np.array([True, True, False, False, False])
    assert effect(x, d, np.ones(5), np.array([2.0, 8, 0, 1, 2]), "reg") == pytest.approx(5 - 4)


def test_weights_by_hand():
    """Covariate 1: two treated, one not; covariate 0: one treated, three not. Odds 2 and 1/3: weights 2 and 1."""
    x = np.array([1.0, 1, 1, 0, 0, 0, 0])[:, None]
    d = np.array([True, True, False, True, False, False, False])
    change = np.array([5.0, 7, 4, 3, 0, 1, 2])
    assert effect(x, d, np.ones(7), change, "ipw") == pytest.approx(5 - (2 * 4 + 1 * 1) / 3)


@EVERY
def test_without_covariates_it_is_a_difference_of_means(how):
    _, treated, weight, change = draw()
    means = [np.average(change[side], weights=weight[side]) for side in (treated, ~treated)]
    assert effect(np.zeros((60, 0)), treated, weight, change, how) == pytest.approx(means[0] - means[1])


@EVERY
@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_the_textbook_formula_with_statsmodels(how, weighted):
    x, treated, weight, change = draw(3)
    w = weight if weighted else np.ones(len(weight))
    full = np.column_stack([np.ones(len(w)), x])
    share = GLM(treated.astype(float), full, family=Binomial(), freq_weights=w).fit(tol=1e-14).fittedvalues
    line = WLS(change[~treated], full[~treated], weights=w[~treated]).fit().predict(full)
    odds = w * share / (1 - share)
    left = change - line if how != "ipw" else change
    treated_mean = np.average(left[treated], weights=w[treated])
    other_mean = np.average(left[~treated], weights=odds[~treated]) if how != "reg" else 0.0
    assert effect(x, treated, w, change, how) == pytest.approx(treated_mean - other_mean, abs=1e-8)


@EVERY
def test_influence_is_what_a_little_more_weight_does(how):
    """Derivative of the effect by each municipality's weight, relative: the definition, with no formula in common."""
    x, treated, weight, change = draw(5)
    found = adjust(x, treated, weight, how).influence(change)
    step = 1e-4
    for i in range(len(weight)):
        up, down = weight.copy(), weight.copy()
        up[i], down[i] = weight[i] * (1 + step), weight[i] * (1 - step)
        slope = (effect(x, treated, up, change, how) - effect(x, treated, down, change, how)) / (2 * step)
        assert found[i] == pytest.approx(slope, abs=1e-8)
    assert found.sum() == pytest.approx(0, abs=1e-9)


@EVERY
def test_loadings_sum_to_one_and_minus_one(how):
    x, treated, weight, _ = draw(6)
    loading = adjust(x, treated, weight, how).loading
    assert (loading[treated].sum(), loading[~treated].sum()) == pytest.approx((1, -1))
    if how != "ipw":
        assert loading @ x == pytest.approx(np.zeros(2), abs=1e-10)  # a change that is linear in them moves nothing


@EVERY
def test_units_of_measure_and_shifts_of_covariates_do_not_matter(how):
    x, treated, weight, change = draw(7)
    moved = x * [1e6, -1e-6] + [1e7, 3]
    assert effect(moved, treated, weight, change, how) == pytest.approx(
        effect(x, treated, weight, change, how), rel=1e-7
    )


@EVERY
def test_a_dependent_covariate_is_left_out_by_order(how):
    x, treated, weight, change = draw(8)
    more = np.column_stack([x[:, 0], 2 * x[:, 0] - 1, x[:, 1], np.full(len(x), 4.0), x[:, 0] + x[:, 1]])
    found = adjust(more, treated, weight, how)
    assert found.dropped == (1, 3, 4)
    assert found.loading @ change == pytest.approx(effect(x, treated, weight, change, how), abs=1e-9)


def test_a_covariate_that_is_constant_among_the_compared_with_is_left_out():
    x, treated, weight, change = draw(9)
    x[:, 1] = np.where(treated, x[:, 1], 2.0)
    found = adjust(x, treated, weight, "reg")
    assert found.dropped == (1,)
    assert found.loading @ change == pytest.approx(effect(x[:, :1], treated, weight, change, "reg"))


@pytest.mark.parametrize("how", ["dr", "ipw"])
def test_somebody_unlike_all_others_has_no_odds(how):
    x, treated, weight, change = draw(10)
    x[treated, 0] += 50
    assert not adjust(x, treated, weight, how).overlaps
    assert adjust(x, treated, weight, "reg").overlaps
    assert np.isfinite(effect(x, treated, weight, change, "reg"))


@EVERY
def test_leverage_is_that_of_the_mean_or_of_the_regression(how):
    x, treated, weight, _ = draw(11)
    found = adjust(x, treated, weight, how)
    assert found.leverage[treated].sum() == pytest.approx(1)
    full, w = np.column_stack([np.ones(60), x])[~treated], weight[~treated]
    hat = np.diag(full @ np.linalg.inv(full.T @ (w[:, None] * full)) @ (full.T * w))
    if how == "reg":
        assert found.leverage[~treated] == pytest.approx(hat)
    elif how == "dr":
        assert (found.leverage[~treated] >= hat - 1e-12).all()
