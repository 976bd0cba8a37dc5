"""The wild bootstrap and permutations against full matrices, plain refits and statsmodels, draw by draw."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from brute_draws import wild_by_matrices
from reference_panels import design_of, long_frame
from statsmodels.regression.linear_model import OLS

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_paths import is_coefficient, two_way_block
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.inference_relabelled import is_exchangeable
from kvalitet_eval.estimate.randomisation import _overall, infer_permutation, permute
from kvalitet_eval.estimate.relabelling import exchange_of, label_strata, relabel
from kvalitet_eval.estimate.two_way import regress_two_way
from kvalitet_eval.estimate.wild import _null_draws, _Regressions, draw_signs

NAN = np.nan
SHAPES = {
    "complete": {},
    "holes": {"missing": 0.2, "seed": 3},
    "weighted units": {"weighted": "unit", "seed": 4},
    "weighted cells with holes": {"weighted": "cell", "missing": 0.15, "seed": 5},
}
FORMS = {
    "imputation cells": lambda cells: impute(cells, leads=1),
    "imputation overall": lambda cells: aggregate_cells(impute(cells, leads=0), "overall"),
    "group_time by event time": lambda cells: aggregate_cells(difference_cells(cells, base="universal"), "event_time"),
    "two_way": regress_two_way,
}


@pytest.mark.parametrize("method", FORMS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_draw_is_that_of_a_regression_with_dummies(shape, method):
    """Statistics under three hypotheses, complete, ragged and weighted; the fits are made by SVD, draw by draw."""
    frame = long_frame(**SHAPES[shape])
    form = FORMS[method](build_cells(design_of(frame, weighted="weighted" in shape)))
    signs = draw_signs(6, len(form.cells.profile), seed=1)
    regressions, estimate = _Regressions(form), form.estimates()
    for row in np.flatnonzero(np.isfinite(infer(form).std_error))[::3]:
        blocks = regressions.blocks(row)
        null = _null_draws(form.loadings[:, row], estimate[row], blocks, signs, exact=False)
        for gap in (estimate[row], 0.7, -2.0):
            observed, drawn = wild_by_matrices(
                form, row, signs, estimate[row] - gap, two_way=blocks[0].dummy is not None
            )
            assert gap / np.sqrt(null.observed_variance) == pytest.approx(observed, rel=1e-8)
            assert null.statistics(gap) == pytest.approx(drawn, rel=1e-7)


def test_the_two_way_coefficient_is_drawn_in_its_own_regression():
    """Refitted by statsmodels with clustered errors: the shares of larger statistics agree, draw by draw."""
    frame = long_frame(starts=(3.0,) * 3 + (5.0,) * 3 + (NAN,) * 4, n_periods=6, seed=7)
    form = regress_two_way(build_cells(design_of(frame)))
    frame = frame.sort_values(["unit", "t"])
    dummies = pd.get_dummies(frame[["unit", "t"]].astype(str), dtype=float).drop(columns="t_1").to_numpy()
    null_fit = OLS(frame["y"].to_numpy(), dummies).fit()
    started = (frame["t"] >= frame["g"]).to_numpy(float)
    x, unit = np.column_stack([dummies, started]), pd.factorize(frame["unit"])[0]

    def t_statistic(y):
        return OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": unit}).tvalues[-1]

    observed = abs(t_statistic(frame["y"].to_numpy()))
    signs = draw_signs(60, 10, seed=3)
    drawn = [abs(t_statistic(null_fit.fittedvalues + v[unit] * null_fit.resid)) for v in signs]
    block = two_way_block(form.cells)
    assert is_coefficient(block, form.loadings[:, 0])
    estimate = form.estimates()[0]
    null = _null_draws(form.loadings[:, 0], estimate, [block], signs, exact=False)
    own = abs(estimate) / np.sqrt(null.observed_variance)
    assert np.abs(null.statistics(estimate)) / own == pytest.approx(np.array(drawn) / observed, rel=1e-7)
    assert null.p_value(estimate) == (1 + sum(d >= observed for d in drawn)) / 61


def plain(design, method, placed, exchange):
    """Statistic of the overall effect after moving the cohorts, estimated anew."""
    return infer(_overall(relabel(design, exchange, placed), method=method)).statistic[0]


@pytest.mark.parametrize(
    "shape", [{"missing": 0.2, "seed": 3}, {"weighted": "unit", "seed": 4}, {"weighted": "cell", "missing": 0.1}]
)
def test_ragged_and_weighted_panels_are_estimated_anew(shape):
    design = design_of(long_frame(**shape), weighted="weighted" in shape)
    form = _overall(design, method="imputation")
    assert not is_exchangeable(form)
    found = permute(design, draws=25)
    assert found.draws == 25
    assert found.p_value * 26 == pytest.approx(round(found.p_value * 26))
    exchange = exchange_of(form, 0, label_strata(design, None))
    placed = exchange.draw(25, np.random.default_rng(np.random.SeedSequence(0)))
    drawn = [plain(design, "imputation", p, exchange) for p in placed]
    assert found.statistics == pytest.approx(drawn)
    assert found.p_value == (1 + sum(abs(t) >= abs(found.statistic) for t in drawn)) / 26
    assert (found.conf_low <= 0 <= found.conf_high) == (found.p_value > 0.05)
    with pytest.raises(EstimationError, match="permute"):
        infer_permutation(form, draws=25)
    again = infer_permutation(form, draws=25, rebuild=partial(_overall, method="imputation"))
    assert again.p_value[0] == found.p_value
