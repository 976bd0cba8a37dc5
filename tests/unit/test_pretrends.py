"""Joint test before the start, and what drift it can find."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.moments import cells_of, read_moments
from kvalitet_eval.estimate.pretrends import pretrends

NEVER = float("nan")
STARTS = (6.0,) * 8 + (7.0,) * 8 + (NEVER,) * 20


def design_of(starts=STARTS, seed=2, drift=0.0, n_periods=9, anticipation=0):
    rows = noisy(starts, n_periods, seed=seed)
    moved = {
        name: (start, (np.array(values) + (drift * np.arange(n_periods) if start else 0)).tolist())
        for name, (start, values) in rows.items()
    }
    return compare(panel(moved), "never_treated", anticipation=anticipation)


def test_one_estimate_before_the_start_gives_the_t_test_of_its_row():
    """Three periods and a start in the third: one coefficient, F(1, m) = t(m) squared."""
    effects = estimate(design_of(starts=(3.0,) * 8 + (NEVER,) * 20, n_periods=3), "group_time")
    row = effects.aggregate("event_time").frame.iloc[0]
    found = pretrends(effects)
    assert row["event_time"] == -2
    assert found.test.p_value == pytest.approx(row["p_value"], rel=1e-9)
    assert found.test.statistic == pytest.approx(row["statistic"] ** 2, rel=1e-9)


def test_joint_test_by_matrices():
    effects = estimate(design_of(), "group_time")
    form = effects.aggregate("event_time")
    found, moments = pretrends(effects), read_moments(effects)
    before = form.frame["event_time"].to_numpy() < 0
    assert found.frame["tested"].tolist() == before.tolist()
    b, V = moments.estimate[before], moments.covariance[np.ix_(before, before)]
    m, q = form.frame.loc[before, "degrees_of_freedom"].min(), before.sum()
    statistic = b @ np.linalg.solve(V, b) * (m - q + 1) / (m * q)
    assert found.test.statistic == pytest.approx(statistic)
    assert found.test.p_value == pytest.approx(stats.f.sf(statistic, q, m - q + 1))
    chi = pretrends(effects, small_sample=False).test
    assert chi.p_value == pytest.approx(stats.chi2.sf(b @ np.linalg.solve(V, b), q))


def test_drift_of_group_time_is_the_distance_from_the_reference():
    found = pretrends(estimate(design_of(), "group_time"))
    drift = found.frame["drift_half"] / found.slope_half
    assert drift.to_numpy() == pytest.approx(found.frame["event_time"] + 1.0)
    assert found.drift_after == pytest.approx(found.slope_half * np.mean([1, 2, 3, 4]))


@pytest.mark.parametrize("method", ["imputation", "group_time"])
def test_a_drift_that_is_put_in_moves_the_estimates_by_what_is_said(method):
    plain, moved = (read_moments(estimate(design_of(drift=d), method)) for d in (0.0, 0.3))
    assert moved.estimate - plain.estimate == pytest.approx(0.3 * plain.drift, abs=1e-10)


def test_half_and_four_in_five_of_panels_find_their_slopes():
    """The noncentral distribution against draws of the estimates with known covariance."""
    found = pretrends(estimate(design_of(), "group_time"), small_sample=False)
    moments = read_moments(estimate(design_of(), "group_time"))
    tested = moments.take(found.frame["tested"].to_numpy())
    rng = np.random.default_rng(1)
    noise = rng.multivariate_normal(np.zeros(len(tested.drift)), tested.covariance, 20_000)
    inverse, critical = np.linalg.inv(tested.covariance), stats.chi2.ppf(0.95, len(tested.drift))
    for slope, share in ((found.slope_half, 0.5), (found.slope_likely, 0.8)):
        b = noise + slope * tested.drift
        assert (np.einsum("ki,ij,kj->k", b, inverse, b) > critical).mean() == pytest.approx(share, abs=0.015)


def test_rows_far_from_the_start_that_few_rest_on_are_not_tested():
    starts = (3.0,) * 12 + (8.0,) * 3 + (NEVER,) * 20
    effects = estimate(design_of(starts=starts), "group_time")
    assert pretrends(effects).frame.query("tested")["event_time"].tolist() == [-2]
    assert pretrends(effects, least_share=0).frame.query("tested")["event_time"].tolist() == [-7, -6, -5, -4, -3, -2]
    assert pretrends(effects, cohort="8").frame.query("tested")["event_time"].min() == -7


def test_periods_of_anticipation_are_not_before():
    found = pretrends(estimate(design_of(anticipation=2), "imputation"))
    assert found.frame.query("tested")["event_time"].max() == -3


def test_too_few_municipalities_have_no_answer():
    found = pretrends(estimate(design_of(starts=(8.0,) * 3 + (NEVER,) * 20), "group_time"))
    assert np.isnan([found.test.p_value, found.slope_half, found.drift_after]).all()
    assert (found.check.passed, found.check.text_key) == (None, "check.pretrends.unknown")


def test_marks_and_refusals():
    assert pretrends(estimate(design_of(), "group_time")).check.passed is True
    assert pretrends(estimate(design_of(drift=2.0), "group_time")).check.passed is False
    with pytest.raises(EstimationError) as caught:
        pretrends(estimate(design_of(), leads=0))
    assert caught.value.findings[0].code == "EST-64"
    with pytest.raises(EstimationError) as caught:
        pretrends(estimate(design_of()), kind="overall")
    assert caught.value.findings[0].code == "EST-04"


def test_moments_of_cells_are_those_of_the_inference_that_was_asked_for():
    for name in ("cr2", "influence", "cluster"):
        effects = estimate(design_of(), "group_time", inference=name)
        expected = effects.aggregate("event_time").frame["std_error"].to_numpy()
        assert np.sqrt(np.diag(read_moments(effects).covariance)) == pytest.approx(expected), name
    form = cells_of(estimate(design_of(), "group_time"))
    assert read_moments(estimate(design_of(), "group_time"), "cell").covariance == pytest.approx(infer(form).covariance)
