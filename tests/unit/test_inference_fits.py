"""Errors with covariates: against the same without them, and against full matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.adjust import ADJUSTMENTS
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_time import adjust_cells, difference_cells
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.inference_fits import vary_around_fits

NAN = np.nan
ROWS = noisy([4, 4, 4, 5, 5, 5, *[NAN] * 9], n_periods=6, seed=7)


def form_of(how, k=1, kind="cell", weights=None, rows=ROWS):
    columns = {} if weights is None else {"weights": weights}
    cells = build_cells(compare(panel(rows, **columns), "never_treated"), separate=True)
    x = np.random.default_rng(3).standard_normal((len(rows), k))
    form = adjust_cells(cells, base="universal", covariates_at=lambda _g, _b: x, how=how)
    return form if kind == "cell" else aggregate_cells(form, kind)


@pytest.mark.parametrize("how", ADJUSTMENTS)
@pytest.mark.parametrize("kind", ["cell", "overall", "event_time", "cohort_mean"])
def test_without_covariates_nothing_is_different(how, kind):
    plain = difference_cells(build_cells(compare(panel(ROWS), "never_treated")), base="universal")
    plain = infer(plain if kind == "cell" else aggregate_cells(plain, kind))
    found = infer(form_of(how, 0, kind))
    for name in ("std_error", "degrees_of_freedom", "p_value", "conf_low", "covariance"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), rel=1e-9), name


@pytest.mark.parametrize("how", ADJUSTMENTS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["cell", "overall", "event_time"])
def test_degrees_of_freedom_are_those_of_full_matrices(how, weighted, kind):
    """Contributions are linear in the cells: their matrix, column by column, gives E(V) and Var(V) outright."""
    weights = {u: 1.0 + i % 3 for i, u in enumerate(ROWS)} if weighted else None
    form = form_of(how, 2, kind, weights)
    cells = form.cells
    n, t = cells.outcome.shape
    columns = []
    for i in range(n):
        for period in range(t):
            outcome = np.zeros((n, t))
            outcome[i, period] = 1.0
            unit = replace(form, cells=replace(cells, outcome=outcome))
            columns.append(vary_around_fits(unit)[0] / np.sqrt(cells.omega[cells.profile[i], period]))
    matrix = np.array(columns)  # (cells, N, R)
    degrees = vary_around_fits(form)[1]
    for row in np.flatnonzero(form.rows["identified"]):
        moments = matrix[:, :, row].T @ matrix[:, :, row]
        assert degrees[row] == pytest.approx(np.trace(moments) ** 2 / (moments**2).sum(), rel=1e-8)


def test_regression_errors_are_hc2_of_both_sides():
    form = form_of("reg", 2)
    cells, part = form.cells, form.adjustments.parts[0]
    change = cells.outcome[part.units] @ form.adjustments.contrasts[0]
    x = np.column_stack([np.ones(15), np.random.default_rng(3).standard_normal((15, 2))])[part.units]
    first = form.treated[cells.profile[part.units], 0]
    inverse = np.linalg.inv(x[~first].T @ x[~first])
    left = change - x @ (inverse @ x[~first].T @ change[~first])
    hat = np.einsum("ij,jk,ik->i", x[~first], inverse, x[~first])
    share = x[first].mean(axis=0) @ inverse @ x[~first].T
    variance = left[first].var(ddof=1) / 3 + (share**2 * left[~first] ** 2 / (1 - hat)).sum()
    assert infer(form).std_error[0] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_as_many_covariates_as_municipalities_leave_no_error():
    """Eight covariates and nine to compare with: the line goes through all of them."""
    found = infer(form_of("reg", 8))
    assert found.alone.all()
    assert np.isnan(found.std_error).all()


@pytest.mark.parametrize("how", ADJUSTMENTS)
def test_one_treated_municipality_has_an_estimate_and_no_error(how):
    found = form_of(how, 1, rows=noisy([4, *[NAN] * 11], seed=2))
    if not found.rows["identified"].all():  # one treated may have no odds at all
        return
    assert np.isfinite(found.estimates()).all()
    assert np.isnan(infer(found).std_error).all()
