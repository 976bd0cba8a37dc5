"""The estimators against plain regressions with dummies (statsmodels) and against full matrices over all cells."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from reference_panels import (
    STARTS,
    dense_inference,
    design_of,
    impute_by_regression,
    long_frame,
    two_way_by_regression,
)

from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.two_way import regress_two_way

CLOSED_FORM = 1e-8  # the same sums by other routes; statsmodels inverts the normal equations by SVD
SHAPES = {
    "complete": {},
    "holes": {"missing": 0.2, "seed": 3},
    "weighted units": {"weighted": "unit", "seed": 4},
    "weighted cells with holes": {"weighted": "cell", "missing": 0.15, "seed": 5},
}
shapes = pytest.mark.parametrize("shape", SHAPES, ids=str)


def make(shape: str, comparison: str = "not_yet_treated", **design):
    frame = long_frame(**SHAPES[shape])
    return frame, design_of(frame, comparison, weighted="weighted" in shape, **design)


@shapes
@pytest.mark.parametrize(
    ("comparison", "anticipation"), [("not_yet_treated", 0), ("not_yet_treated", 1), ("never_treated", 0)]
)
def test_imputation_is_least_squares_on_the_untreated_cells(shape, comparison, anticipation):
    frame, design = make(shape, comparison, anticipation=anticipation)
    rows = estimate(design, "imputation", leads=0).to_frame()
    assert len(rows) == (8 - 4 + 1) + (8 - 6 + 1) + 2 * anticipation
    for row in rows.itertuples():
        expected = impute_by_regression(
            frame, float(row.cohort), int(row.period), anticipation=anticipation, later=comparison == "not_yet_treated"
        )
        assert row.estimate == pytest.approx(expected, abs=CLOSED_FORM), (row.cohort, row.period)


@pytest.mark.parametrize("shape", ["complete", "holes"])
@pytest.mark.parametrize("kind", ["overall", "event_time"])
def test_conservative_errors_are_those_of_the_dense_residuals(shape, kind):
    """Theorem 3 by a pseudo-inverse over all cells: weights of every cell, residuals, cohort-by-period means."""
    frame, design = make(shape)
    rows = estimate(design, "imputation", inference="conservative", leads=0).aggregate(kind).to_frame()
    treated = (frame["t"] >= frame["g"]).to_numpy()
    x = np.column_stack([pd.get_dummies(frame["unit"], dtype=float), pd.get_dummies(frame["t"], dtype=float)])
    inverse = np.linalg.pinv(x[~treated].T @ x[~treated])
    gap = frame["y"].to_numpy() - x @ (inverse @ x[~treated].T @ frame["y"].to_numpy()[~treated])
    mean = pd.Series(gap).groupby([frame["g"].to_numpy(), frame["t"].to_numpy()]).transform("mean").to_numpy()
    residual = np.where(treated, gap - mean, gap)
    for row in rows.itertuples():
        own = treated if kind == "overall" else (frame["t"] - frame["g"] == row.event_time).to_numpy()
        weight = own / own.sum()
        weight[~treated] = -x[~treated] @ (inverse @ x.T @ weight)
        parts = pd.Series(weight * residual).groupby(frame["unit"].to_numpy()).sum()
        assert row.estimate == pytest.approx(weight @ frame["y"].to_numpy(), abs=CLOSED_FORM)
        assert row.std_error == pytest.approx(float(np.sqrt((parts**2).sum())), abs=CLOSED_FORM)


@shapes
def test_leads_are_least_squares_without_the_lead_cells_of_the_cohort(shape):
    frame, design = make(shape)
    rows = estimate(design, "imputation", leads=2).to_frame()
    leads = rows[rows["event_time"] < 0]
    assert leads[["cohort", "event_time"]].to_numpy().tolist() == [["4", -1], ["6", -2], ["6", -1]]
    for row in leads.itertuples():
        expected = impute_by_regression(
            frame, float(row.cohort), int(row.period), lead_from=-1 if row.cohort == "4" else -2
        )
        assert row.estimate == pytest.approx(expected, abs=CLOSED_FORM)


@shapes
def test_two_way_is_least_squares_with_dummies(shape):
    frame, design = make(shape)
    assert estimate(design, "two_way").to_frame()["estimate"].item() == pytest.approx(
        two_way_by_regression(frame), abs=CLOSED_FORM
    )


@pytest.mark.parametrize("base", ["universal", "varying"])
@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
@shapes
def test_group_time_is_a_difference_of_mean_changes(shape, comparison, base):
    frame, design = make(shape, comparison)
    wide, start = frame.pivot(index="unit", columns="t", values="y"), frame.groupby("unit")["g"].first()
    weight = frame.pivot(index="unit", columns="t", values="w") if "weighted" in shape else wide.notna() * 1.0
    for row in estimate(design, "group_time", base=base).to_frame().itertuples():
        g, t = float(row.cohort), int(row.period)
        b = t - 1 if base == "varying" and t < g else int(g) - 1
        change = (wide[t] - wide[b]).dropna()
        first = start.loc[change.index]
        free = first.isna() | ((first > max(t, b)) & (first != g) & (comparison == "not_yet_treated"))
        means = [np.average(change[side], weights=weight.loc[change.index, b][side]) for side in (first == g, free)]
        assert row.estimate == pytest.approx(means[0] - means[1], abs=CLOSED_FORM), (g, t)
        assert (row.n_treated, row.n_comparison) == ((first == g).sum(), free.sum())


FORMS = {
    "imputation": lambda cells: impute(cells, leads=1),
    "group_time": lambda cells: difference_cells(cells, base="universal"),
    "two_way": regress_two_way,
}


@pytest.mark.parametrize("method", FORMS)
@shapes
def test_errors_and_degrees_of_freedom_are_those_of_full_matrices(shape, method):
    """Unbalanced and weighted panels too: leverage and Satterthwaite moments without any shortcut."""
    _, design = make(shape)
    form = FORMS[method](build_cells(design))
    averages = [aggregate_cells(form, kind) for kind in ("overall", "event_time")] if method != "two_way" else []
    for one in (form, *averages):
        found = infer(one)
        for row in range(len(one.rows)):
            std_error, degrees = dense_inference(one, row)
            assert found.std_error[row] == pytest.approx(std_error, rel=CLOSED_FORM)
            assert found.degrees_of_freedom[row] == pytest.approx(degrees, rel=CLOSED_FORM)


def test_cr2_of_a_saturated_regression_by_matrices():
    """Pustejovsky and Tipton's adjustment (I - H_ii)^(-1/2) per cluster gives the same error on a complete panel."""
    frame = long_frame(n_periods=6, starts=STARTS[2:], seed=8)
    cells = build_cells(design_of(frame))
    form = aggregate_cells(impute(cells, leads=0), "overall")
    n, t = cells.outcome.shape
    group = cells.group[cells.profile]
    units = np.kron(np.eye(n), np.ones((t, 1)))
    paths = np.zeros((n * t, cells.n_groups * t))
    for i, k in itertools.product(range(n), range(t)):
        paths[i * t + k, group[i] * t + k] = 1.0
    x = np.column_stack([units, paths])
    bread, y = np.linalg.pinv(x.T @ x), cells.outcome.ravel()
    estimand = x.T @ form.loadings[cells.profile, 0].ravel()  # the estimate as c'b: loadings are constant in groups
    residual = y - x @ (bread @ (x.T @ y))
    assert estimand @ (bread @ (x.T @ y)) == pytest.approx(form.estimates()[0], abs=CLOSED_FORM)
    variance = 0.0
    for i in range(n):
        own = slice(i * t, (i + 1) * t)
        values, vectors = np.linalg.eigh(np.eye(t) - x[own] @ bread @ x[own].T)
        keep = values > 1e-9
        root = (vectors[:, keep] / np.sqrt(values[keep])) @ vectors[:, keep].T
        variance += (estimand @ bread @ x[own].T @ root @ residual[own]) ** 2
    assert infer(form).std_error[0] == pytest.approx(np.sqrt(variance), rel=CLOSED_FORM)


def test_satterthwaite_of_weighted_means_by_matrices():
    """One group of weighted units against another in two periods: 2 E(V)^2 / Var(V) from explicit 2n x 2n moments."""
    rng = np.random.default_rng(6)
    n1, n0 = 5, 9
    weight = np.concatenate([rng.uniform(0.5, 3, n1), rng.uniform(0.5, 3, n0)])
    mean, spread = 0.0, 0.0
    for part in (weight[:n1], weight[n1:]):
        h = part / part.sum()
        variance = part.mean() / part  # per unit of loading, relative to the group's mean weight
        keep = np.eye(len(h)) - np.outer(np.ones(len(h)), h)
        cov = np.diag(h) @ keep @ np.diag(variance) @ keep.T @ np.diag(h)
        scaled = cov / np.sqrt(np.outer(1 - h, 1 - h))
        mean += np.trace(scaled)
        spread += (scaled**2).sum()
    frame = long_frame(starts=(2.0,) * n1 + (np.nan,) * n0, n_periods=2, seed=6)
    frame["w"] = np.repeat(weight, 2)
    row = estimate(design_of(frame, "never_treated", weighted=True), leads=0).to_frame().iloc[0]
    assert row["degrees_of_freedom"] == pytest.approx(mean**2 / spread, rel=CLOSED_FORM)
