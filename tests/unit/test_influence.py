"""Influence values by their definition, and clustered errors against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, NEVER, noisy, panel, table
from statsmodels.regression.linear_model import OLS

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.aggregate import KINDS, MEANS, aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import adjust_cells, difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer, infer_cluster, infer_influence
from kvalitet_eval.estimate.influence import influence_values
from kvalitet_eval.estimate.two_way import regress_event_times, regress_two_way

NAN = np.nan
ROWS = noisy([4, 4, 4, 6, 6, 7, *[NAN] * 6], n_periods=8, seed=7)
RAGGED = {
    u: (g, [GAP if (i + 3 * t) % 11 == 5 else v for t, v in enumerate(y)]) for i, (u, (g, y)) in enumerate(ROWS.items())
}
WEIGHTS = dict(zip(ROWS, (1.0, 2, 3, 1, 2, 1.5, 1, 2, 3, 1, 0.5, 2), strict=True))
FORMS = {
    "varying": lambda design: difference_cells(build_cells(design), base="varying"),
    "window": lambda design: difference_cells(build_cells(design), base=(-3, -2)),
    "dr": lambda design: adjust_cells(
        build_cells(design, separate=True),
        base="universal",
        covariates_at=lambda _, b: design.panel.outcome[:, :1],
        how="dr",
    ),
}


def form_of(weights, rows=ROWS, name="varying", kind="cell", comparison="not_yet_treated"):
    form = FORMS[name](compare(panel(rows, weights=weights), comparison))
    return form if kind == "cell" else aggregate_cells(form, kind)


@pytest.mark.parametrize("kind", ["cell", *KINDS, *MEANS])
@pytest.mark.parametrize("name", ["varying", "window"])
@pytest.mark.parametrize("rows", [ROWS, RAGGED], ids=["complete", "ragged"])
def test_influence_is_what_a_little_more_weight_does(rows, name, kind):
    """Through cells, comparison and the weights of the averages: the derivative by each municipality's weight."""
    found, step = influence_values(form_of(WEIGHTS, rows, name, kind)), 1e-4
    for i, unit in list(enumerate(sorted(ROWS)))[::3]:
        moved = [
            form_of(WEIGHTS | {unit: WEIGHTS[unit] * (1 + s)}, rows, name, kind).estimates() for s in (step, -step)
        ]
        slope = np.nan_to_num((moved[0] - moved[1]) / (2 * step))
        assert found[i] == pytest.approx(slope, abs=1e-7), unit
    assert found.sum(axis=0) == pytest.approx(np.zeros(found.shape[1]), abs=1e-9)


@pytest.mark.parametrize("kind", ["cell", "overall", "cohort_mean"])
def test_influence_with_covariates_is_the_same_derivative(kind):
    found, step = influence_values(form_of(WEIGHTS, name="dr", kind=kind)), 1e-4
    identified = form_of(WEIGHTS, name="dr", kind=kind).rows["identified"].to_numpy(bool)
    assert identified.any()
    for i, unit in enumerate(sorted(ROWS)):
        moved = [
            form_of(WEIGHTS | {unit: WEIGHTS[unit] * (1 + s)}, name="dr", kind=kind).estimates() for s in (step, -step)
        ]
        assert found[i, identified] == pytest.approx(((moved[0] - moved[1]) / (2 * step))[identified], abs=1e-6), unit


def test_two_groups_by_hand():
    """Changes 1, 3 against 0, 1, 2: (1/2)^2 (1 + 1) + (1/3)^2 (1 + 0 + 1), without correction for few."""
    rows = {"a": (2, [0.0, 1]), "b": (2, [0.0, 3])}
    rows |= {name: (NEVER, [5.0, 5.0 + change]) for name, change in zip("cde", (0, 1, 2), strict=True)}
    form = difference_cells(build_cells(compare(panel(rows))), base="universal")
    assert infer_influence(form).std_error[0] ** 2 == pytest.approx(2 / 4 + 2 / 9)
    assert infer_influence(form).degrees_of_freedom == pytest.approx(infer(form).degrees_of_freedom)
    coefficients, periods, cells = 1, 2, 10
    factor = 5 / 4 * (cells - 1) / (cells - coefficients - periods)
    assert infer_cluster(form).std_error[0] ** 2 == pytest.approx(factor * (2 / 4 + 2 / 9))


def test_without_a_centre_of_its_own_a_form_is_measured_against_paths():
    form = impute(build_cells(compare(panel(ROWS))), leads=0)
    plain = influence_values(form)
    assert plain.sum(axis=0) == pytest.approx(np.zeros(plain.shape[1]), abs=1e-9)
    assert ((plain**2).sum(axis=0) < np.diag(infer(form).covariance)).all()


@pytest.mark.parametrize("regress", [regress_two_way, regress_event_times])
@pytest.mark.parametrize("rows", [ROWS, RAGGED], ids=["complete", "ragged"])
def test_two_way_clusters_are_those_of_a_regression_with_dummies(regress, rows):
    form = regress(build_cells(compare(panel(rows))))
    frame = table(rows)
    distance = frame["t"] - frame["g"]
    times = [None] if regress is regress_two_way else form.rows["event_time"].to_list()
    columns = {f"e{e}": (distance >= 0 if e is None else distance == e).astype(float) for e in times}
    dummies = pd.DataFrame(columns).join(pd.get_dummies(frame["unit"], dtype=float))
    dummies = dummies.join(pd.get_dummies(frame["t"].astype(str), dtype=float, drop_first=True))
    clusters = pd.factorize(frame["unit"])[0]
    fit = OLS(frame["y"], dummies).fit(cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False})
    assert form.estimates() == pytest.approx(fit.params[list(columns)].to_numpy(), abs=1e-9)
    n, g, k = len(frame), 12, len(columns) + 8
    expected = fit.bse[list(columns)].to_numpy() * np.sqrt(g / (g - 1) * (n - 1) / (n - k))
    several = form.counts(form.treated) > 1
    assert infer_cluster(form).std_error[several] == pytest.approx(expected[several], abs=1e-9)
    assert np.isnan(infer_cluster(form).std_error[~several]).all()


def test_one_treated_municipality_has_no_error_by_any_of_them():
    """Its own deviation from itself is zero: the squares would be far too small."""
    form = difference_cells(build_cells(compare(panel(noisy([4, *[NAN] * 5])))), base="universal")
    for found in (infer_influence(form), infer_cluster(form)):
        assert found.alone.all()
        assert np.isnan(found.std_error).all()


def test_an_intake_of_one_has_no_error_and_takes_it_from_no_average():
    """u5 alone starts in 7. By ``cr2`` the average has none either, as it leans on her path."""
    effects = {i: estimate(compare(panel(ROWS)), "group_time", inference=i) for i in ("cr2", "influence", "cluster")}
    for name, found in effects.items():
        cohorts = found.aggregate("cohort").frame.set_index("cohort")["std_error"]
        assert np.isnan(cohorts["7"]), name
        assert np.isfinite(cohorts[["4", "6"]]).all(), name
        overall = found.aggregate("overall").frame.iloc[0]
        assert np.isnan(overall["std_error"]) == (name == "cr2"), name
        if name != "cr2":
            assert overall["degrees_of_freedom"] == 6 - 1


@pytest.mark.parametrize("inference", ["cluster", "influence", "multiplier"])
def test_few_treated_are_warned_of(inference):
    found = estimate(compare(panel(ROWS)), "group_time", inference=inference)
    code = {"multiplier": "EST-23"}.get(inference, "EST-37")
    assert code in [w.code for w in found.warnings]
    assert code in [w.code for w in found.aggregate("overall").warnings]
    if code == "EST-37":
        assert next(w for w in found.warnings if w.code == code).facts["n_treated"] == "6"


@pytest.mark.parametrize("inference", ["cluster", "influence", "multiplier", "wild", "permutation"])
@pytest.mark.parametrize("method", ["imputation", "group_time", "two_way"])
def test_every_inference_speaks_the_common_vocabulary(method, inference):
    rows = {u: ROWS[u] for u in ROWS if u not in ("u3", "u4", "u5")}
    shown = estimate(compare(panel(rows)), method, inference=inference, draws=199).aggregate("overall").to_frame()
    row = shown.iloc[0]
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert row["band_low"] < row["estimate"] < row["band_high"]
    assert 0 < row["p_value"] <= 1
    assert row["std_error"] > 0
    plain = estimate(compare(panel(rows)), method).aggregate("overall").to_frame().iloc[0]
    assert row["estimate"] == plain["estimate"]
