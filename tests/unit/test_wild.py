"""The wild bootstrap against dummies and full matrices, statsmodels, and by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hand_panels import NEVER, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_paths import path_blocks, two_way_block
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.wild import _null_draws, _Regressions, draw_signs, infer_wild

NAN = np.nan
MANY = noisy([4] * 6 + [6] * 5 + [NAN] * 8, n_periods=8, seed=1)
FORMS = {
    "imputation cells": lambda cells: impute(cells, leads=1),
    "imputation overall": lambda cells: aggregate_cells(impute(cells, leads=0), "overall"),
}


def changes(treated, comparison):
    rows = {f"a{i}": (2, [0.0, float(c)]) for i, c in enumerate(treated)}
    return rows | {f"b{i}": (NEVER, [0.0, float(c)]) for i, c in enumerate(comparison)}


def collapsed(treated, comparison):
    """p-value and accepted hypotheses from all sign patterns of changes on a dummy, from the textbook's formulas."""
    z, d = np.array([*treated, *comparison], dtype=float), np.repeat([1.0, 0.0], [len(treated), len(comparison)])
    weight = np.where(d == 1, 1 / d.sum(), -1 / (1 - d).sum())

    def statistic(values, effect):
        means = np.where(d == 1, values[d == 1].mean(), values[d == 0].mean())
        return (weight @ values - effect) / np.sqrt(((weight * (values - means)) ** 2).sum())

    def p_value(effect):
        fitted = effect * d + (z - effect * d).mean()
        patterns = itertools.product([-1.0, 1.0], repeat=len(z))
        drawn = [statistic(fitted + np.array(v) * (z - fitted), effect) for v in patterns]
        return np.mean(np.abs(drawn) >= abs(statistic(z, effect)) * (1 - 1e-9))

    return p_value


def test_few_municipalities_go_through_every_pattern():
    """Ten municipalities, two periods: p is a share of 1 024, and the interval's limits are where it crosses .05."""
    treated, comparison = (-4.1, -2.2, -3.3, -1.7), (0.4, 1.9, -0.6, 0.1, 2.4, 1.1)
    form = impute(build_cells(compare(panel(changes(treated, comparison)), "never_treated")), leads=0)
    found, p_value = infer_wild(form, draws=99), collapsed(treated, comparison)
    assert found.p_value[0] == pytest.approx(p_value(0.0), abs=1e-15)
    assert found.p_value[0] * 1024 == pytest.approx(round(found.p_value[0] * 1024), abs=1e-9)
    for limit, sign in ((found.conf_low[0], -1), (found.conf_high[0], 1)):
        assert p_value(limit + sign * 1e-6) <= 0.05 < p_value(limit - sign * 1e-6)
    assert found.conf_low[0] < form.estimates()[0] < found.conf_high[0]


def test_the_smallest_p_of_six_municipalities_is_one_in_thirty_two():
    """The observed pattern and its mirror image tie, so that 2 of 64 are as large; five cannot reach 5 per cent."""
    form = impute(build_cells(compare(panel(changes((-9.0, -9.1, -9.3), (0.0, 0.1, 0.3))), "never_treated")), leads=0)
    assert infer_wild(form, draws=99).p_value[0] == 2 / 64
    few = impute(build_cells(compare(panel(changes((-9.0, -9.1), (0.0, 0.1, 0.3))), "never_treated")), leads=0)
    with pytest.raises(EstimationError) as error:
        infer_wild(few, draws=99)
    assert error.value.findings[0].code == "EST-21"
    assert "5 kommuner" in str(error.value)
    assert infer_wild(few, draws=99, level=0.9).p_value[0] == 2 / 32


def test_drawn_p_values_approach_the_exact_one(monkeypatch):
    form = FORMS["imputation overall"](build_cells(compare(panel(noisy([3] * 5 + [NAN] * 8, seed=2)))))
    exact = infer_wild(form).p_value[0]
    monkeypatch.setattr("kvalitet_eval.estimate.wild.ENUMERATED", 0)
    monkeypatch.setattr("kvalitet_eval.estimate.wild.AT_ONCE", 1000)
    drawn = infer_wild(form, draws=8_000).p_value[0]
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 8_000))
    assert drawn * 8_001 == pytest.approx(round(drawn * 8_001), abs=1e-6)


def test_one_path_per_group_and_the_two_way_regression_agree_where_both_hold():
    """One intake and one pool: the overall effect is the two-way coefficient, in a complete panel with equal draws."""
    rows = noisy([4] * 6 + [NAN] * 9, seed=5)
    cells = build_cells(compare(panel(rows), "never_treated"))
    form, signs = aggregate_cells(impute(cells, leads=0), "overall"), draw_signs(50, 15, seed=0)
    assert _Regressions(form).blocks(0)[0].dummy is not None
    estimate = form.estimates()[0]
    both = [
        _null_draws(form.loadings[:, 0], estimate, blocks, signs, exact=False).statistics(estimate)
        for blocks in ([two_way_block(cells)], path_blocks(cells, cells.group))
    ]
    assert both[0] == pytest.approx(both[1], rel=1e-9)


def test_what_is_not_the_bootstraps_stays_as_it_was():
    form = FORMS["imputation cells"](build_cells(compare(panel(MANY))))
    base, found = infer(form), infer_wild(form, draws=99)
    for name in ("std_error", "statistic", "degrees_of_freedom", "smallest_detectable", "covariance"):
        assert np.array_equal(getattr(base, name), getattr(found, name), equal_nan=True)
    again, other = infer_wild(form, draws=99), infer_wild(form, draws=99, seed=1)
    assert np.array_equal(found.p_value, again.p_value, equal_nan=True)
    assert not np.array_equal(found.p_value, other.p_value, equal_nan=True)


def test_a_row_on_one_municipality_has_no_p_value():
    rows = noisy([3, 4, 4, 4] + [NAN] * 5, seed=1)
    form = impute(build_cells(compare(panel(rows))), leads=0)
    found = infer_wild(form, draws=99)
    alone = form.rows["group"].to_numpy() == 0
    assert np.isnan(found.p_value[alone]).all()
    assert np.isfinite(found.p_value[~alone]).all()


def test_too_few_draws_are_refused():
    form = FORMS["imputation overall"](build_cells(compare(panel(MANY))))
    with pytest.raises(EstimationError, match=r"18[\s\S]*19"):
        infer_wild(form, draws=18)
    infer_wild(form, draws=19)
