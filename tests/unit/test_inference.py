"""Standard errors and what hangs on them, by hand and in the degenerate cases."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import GAP, NEVER, noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import detectable, infer, predict_on_line, simultaneous_band, t_interval

NAN = np.nan


def form_of(rows, comparison="not_yet_treated", **columns):
    return impute(build_cells(compare(panel(rows, **columns), comparison)), leads=0)


def test_two_periods_by_hand():
    """Changes 1, 3 against 0, 1, 2: variances 2 and 1, so V = 2/2 + 1/3, and df as in Imbens and Kolesar."""
    rows = {"a": (2, [0.0, 1]), "b": (2, [0.0, 3])}
    rows |= {name: (NEVER, [5.0, 5.0 + change]) for name, change in zip("cde", (0, 1, 2), strict=True)}
    found = infer(form_of(rows))
    assert found.std_error[0] == pytest.approx(np.sqrt(2 / 2 + 1 / 3))
    df = (1 / 2 + 1 / 3) ** 2 / (1 / (4 * 1) + 1 / (9 * 2))
    assert found.degrees_of_freedom[0] == pytest.approx(df)
    assert found.statistic[0] == pytest.approx((2 - 1) / found.std_error[0])
    assert found.p_value[0] == pytest.approx(2 * stats.t.sf(found.statistic[0], df))
    half = stats.t.ppf(0.975, df) * found.std_error[0]
    assert (found.conf_low[0], found.conf_high[0]) == pytest.approx((1 - half, 1 + half))


def test_later_cohorts_add_their_own_variance():
    """Cell (2, 2) compares with b-cohort and pool: means of 2 and 3, weights 2/5 and 3/5 of the comparison."""
    frame = noisy([2, 2, 3, 3, NAN, NAN, NAN], n_periods=3, seed=4)
    form = form_of(frame)
    y = np.array([np.diff(values)[0] for _, values in frame.values()])
    groups = [y[:2], y[2:4], y[4:]]
    weights = [1.0, -2 / 5, -3 / 5]
    variance = sum(w**2 * g.var(ddof=1) / len(g) for w, g in zip(weights, groups, strict=True))
    row = np.flatnonzero((form.rows["group"] == 0) & (form.rows["position"] == 1))[0]
    assert infer(form).std_error[row] == pytest.approx(np.sqrt(variance))


def test_one_treated_municipality_has_an_estimate_and_no_error():
    found = infer(form_of(noisy([4, NAN, NAN, NAN])))
    assert found.alone.all()
    for name in ("std_error", "statistic", "degrees_of_freedom", "p_value", "conf_low", "smallest_detectable"):
        assert np.isnan(getattr(found, name)).all(), name


def test_a_cohort_of_one_does_not_take_the_error_from_the_others():
    """u3 is alone in its cohort: its own rows have no error, the rows it is only compared in keep theirs."""
    rows = noisy([4, 4, 4, 6, NAN, NAN, NAN], seed=2)
    effects = estimate(compare(panel(rows)), leads=0)
    has_error = effects.to_frame().groupby("cohort")["std_error"].apply(lambda s: s.notna().all())
    assert has_error.to_dict() == {"4": True, "6": False}
    by_cohort = effects.aggregate("cohort").to_frame().set_index("cohort")
    alone = effects.aggregate("overall", cohort="4").to_frame().iloc[0]
    for column in ("estimate", "std_error", "degrees_of_freedom"):
        assert by_cohort.loc["4", column] == pytest.approx(alone[column], rel=1e-12)
    assert np.isnan(by_cohort.loc["6", "std_error"])


def test_a_lone_comparison_is_measured_against_the_pool():
    """One who starts after the panel is as good as one who never starts: same estimate, same error."""
    rows = noisy([4, 4, 9, NAN, NAN, NAN], seed=3)
    joined = {**rows, "u2": (NEVER, rows["u2"][1])}
    a, b = (infer(form_of(r)) for r in (rows, joined))
    assert a.std_error == pytest.approx(b.std_error, rel=1e-12)
    assert a.degrees_of_freedom == pytest.approx(b.degrees_of_freedom, rel=1e-12)


def test_a_lone_comparison_counts_until_its_start_only():
    """What u3 does once it has started does not touch the rows it is compared in before."""
    rows = noisy([4, 4, 4, 5, NAN, NAN, NAN], seed=5)
    jump = {**rows, "u3": (5, [*rows["u3"][1][:4], 60.0, -60.0])}
    first, second = (estimate(compare(panel(r)), leads=0).to_frame().query("cohort == '4'") for r in (rows, jump))
    for column in ("estimate", "std_error", "degrees_of_freedom"):
        assert first[column].tolist() == pytest.approx(second[column].tolist(), rel=1e-9), column


def test_a_pool_of_one_has_no_error():
    assert infer(form_of(noisy([4, 4, 4, NAN]))).alone.all()


def test_one_treated_municipality_with_a_figure_is_alone_in_that_row_only():
    rows = noisy([4, 4, 4, NAN, NAN, NAN])
    rows["u0"] = (4, [*rows["u0"][1][:5], GAP])
    rows["u1"] = (4, [*rows["u1"][1][:5], GAP])
    found = infer(form_of(rows))
    assert found.alone.tolist() == [False, False, True]
    assert np.isnan(found.std_error).tolist() == [False, False, True]


def test_equal_outcomes_give_missing_and_not_zero():
    rows = {"a": (2, [0.0, 1]), "b": (2, [2.0, 3]), "c": (NEVER, [0.1, 0.3]), "d": (NEVER, [5.1, 5.3])}
    effects = estimate(compare(panel(rows)), leads=0)
    row = effects.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(0.8)
    assert row[["std_error", "statistic", "p_value", "conf_low"]].isna().all()
    assert [w.code for w in effects.warnings] == ["EST-08"]


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_scale_of_the_outcome_does_not_matter(scale):
    rows = noisy([4, 4, NAN, NAN, NAN])
    scaled = {u: (g, [scale * v for v in values]) for u, (g, values) in rows.items()}
    a, b = infer(form_of(rows)), infer(form_of(scaled))
    assert b.std_error == pytest.approx(scale * a.std_error, rel=1e-9)
    assert b.p_value == pytest.approx(a.p_value, rel=1e-9)


def test_weights_that_lie_on_one_municipality_leave_hardly_any_degrees_of_freedom():
    rows = noisy([4, 4, 4, 4, NAN, NAN, NAN, NAN])
    even = dict.fromkeys(rows, 1.0)
    equal = infer(form_of(rows, weights=even))
    heavy = infer(form_of(rows, weights=even | {"u0": 1e6}))
    assert equal.degrees_of_freedom == pytest.approx(np.full(3, 6.0))
    assert (heavy.degrees_of_freedom < 3.01).all()
    assert np.isfinite(heavy.std_error).all()


def test_weights_in_other_units_change_nothing():
    rows = noisy([4, 4, 4, NAN, NAN, NAN])
    weights = dict(zip(rows, (1.0, 2, 3, 4, 5, 6), strict=True))
    a = infer(form_of(rows, weights=weights))
    b = infer(form_of(rows, weights={u: 1e7 * w for u, w in weights.items()}))
    for name in ("std_error", "degrees_of_freedom", "p_value"):
        assert getattr(b, name) == pytest.approx(getattr(a, name), rel=1e-9), name


def test_variance_is_unbiased_and_the_interval_holds_with_three_treated_and_holes():
    """2 000 draws of independent noise on one unbalanced design; bounds are four Monte-Carlo standard errors."""
    rng = np.random.default_rng(11)
    rows = noisy([3, 3, 3, 5, 5, 5, *[NAN] * 8], n_periods=6)
    rows = {
        u: (g, [GAP if (i + t) % 7 == 3 else v for t, v in enumerate(y)]) for i, (u, (g, y)) in enumerate(rows.items())
    }
    form = aggregate_cells(form_of(rows), "overall")
    seen = form.cells.omega[form.cells.profile] > 0
    draws, covered, variances, estimates = 2000, 0, [], []
    for _ in range(draws):
        form.cells.outcome[:] = np.where(seen, rng.standard_normal(seen.shape), 0.0)
        found = infer(form)
        covered += found.conf_low[0] <= 0 <= found.conf_high[0]
        variances.append(found.std_error[0] ** 2)
        estimates.append(form.estimates()[0])
    truth = (form.loadings**2).sum(axis=2)[:, 0] @ form.cells.count
    error = np.std(variances) / np.sqrt(draws)
    assert abs(np.mean(variances) - truth) < 4 * error
    assert np.var(estimates) == pytest.approx(truth, rel=4 * np.sqrt(2 / draws))
    assert abs(covered / draws - 0.95) < 4 * np.sqrt(0.05 * 0.95 / draws)


def test_interval_and_smallest_detectable():
    low, high = t_interval(np.array([1.0]), np.array([2.0]), np.array([1e9]), level=0.95)
    assert (low[0], high[0]) == pytest.approx((1 - 2 * 1.959964, 1 + 2 * 1.959964), abs=1e-5)
    few = detectable(np.array(1.0), np.array(5.0), level=0.95)
    assert few == pytest.approx(stats.t.ppf(0.975, 5) + stats.t.ppf(0.8, 5))
    assert np.isnan(detectable(np.array(NAN), np.array(5.0), level=0.95))


def test_band_is_wider_than_the_intervals_and_equals_it_for_one_row():
    form = form_of(noisy([4, 4, 4, NAN, NAN, NAN, NAN]))
    found = infer(form)
    low, high = simultaneous_band(form.estimates(), found, level=0.95)
    assert (low < found.conf_low).all()
    assert (high > found.conf_high).all()
    one = form.take(np.array([True, False, False]))
    single = infer(one)
    low, high = simultaneous_band(one.estimates(), single, level=0.95)
    assert high[0] - low[0] == pytest.approx(single.conf_high[0] - single.conf_low[0], rel=0.02)  # 100 000 draws


def test_band_of_independent_rows_is_the_maximum_of_independent_t():
    """Two rows without correlation at large df: P(both inside) = level, so each side is at sqrt(level)."""
    form = form_of(noisy([4, 4, 4, NAN, NAN, NAN, NAN])).take(np.array([True, True, False]))
    found = infer(form)
    object.__setattr__(found, "covariance", np.eye(2))
    object.__setattr__(found, "std_error", np.ones(2))
    object.__setattr__(found, "degrees_of_freedom", np.full(2, 1e7))
    low, high = simultaneous_band(np.zeros(2), found, level=0.95)
    assert high == pytest.approx(stats.norm.ppf((1 + np.sqrt(0.95)) / 2), abs=0.02)
    assert low == pytest.approx(-high)


def test_rows_without_an_error_have_no_band_and_do_not_spoil_the_others():
    form = difference_cells(build_cells(compare(panel(noisy([4, 4, 6, NAN, NAN, NAN])))), base="universal")
    found = infer(form)
    low, _ = simultaneous_band(form.estimates(), found, level=0.95)
    assert (np.isnan(low) == np.isnan(found.std_error)).all()
    assert np.isfinite(low).any()


def test_prediction_on_a_line_by_hand():
    x, y = np.array([0.0, 1, 2, 3]), np.array([0.0, 2, 1, 3])
    at, low, high, slope = predict_on_line(x, y, 4.0, level=0.95)
    assert (slope, at) == pytest.approx((0.8, 0.3 + 0.8 * 4))
    residual = y - 0.3 - 0.8 * x
    half = stats.t.ppf(0.975, 2) * np.sqrt(residual @ residual / 2 * (1 + 1 / 4 + (4 - 1.5) ** 2 / 5))
    assert (low, high) == pytest.approx((at - half, at + half))
