"""The multiplier bootstrap: its formulas by hand, its limits, and where it has no answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hand_panels import NEVER, noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.influence import influence_values
from kvalitet_eval.estimate.multiplier import (
    _mammen,
    _rademacher,
    bootstrap_influence,
    infer_multiplier,
    multiplier_band,
    warn_few_treated,
)
from kvalitet_eval.prepare.panel import Panel

NAN = np.nan
SHARED = Path(__file__).resolve().parents[3] / "shared"
VALUES = SHARED / "reference" / "estimation_values.json"


def test_a_bootstrap_of_given_draws_by_hand(monkeypatch):
    """Draws -4 ... 4 of one row: quartiles -2 and 2 (third and seventh of nine), 90 per cent quantile of |b| is 4."""
    drawn = np.arange(-4.0, 5.0)[:, None]
    monkeypatch.setattr("kvalitet_eval.estimate.multiplier._draw", lambda *_, **__: iter([drawn[:5], drawn[5:]]))
    found = bootstrap_influence(np.array([3.0]), np.ones((2, 1)), alone=np.array([False]), level=0.9, draws=9)
    error = 4 / (stats.norm.ppf(0.75) - stats.norm.ppf(0.25))
    assert found.std_error[0] == pytest.approx(error)
    assert found.statistic[0] == pytest.approx(3 / error)
    assert (found.conf_low[0], found.conf_high[0]) == pytest.approx((3 - 4, 3 + 4))
    assert found.p_value[0] == (1 + 4) / 10  # -4, -3, 3 and 4
    assert found.smallest_detectable[0] == pytest.approx(4 + stats.norm.ppf(0.8) * error)
    assert np.isnan(found.degrees_of_freedom[0])
    assert found.covariance == pytest.approx(np.array([[2.0]]))


def test_the_band_takes_the_largest_ratio_of_each_draw(monkeypatch):
    """Two rows that never are large together: 4/2 and 8/4 error units at the ends, 90 per cent of nine is the ninth."""
    a = np.array([-4.0, -3, -2, -1, 0, 1, 2, 3, 4])
    drawn = np.column_stack([a, 2 * np.roll(a, 4)])
    monkeypatch.setattr("kvalitet_eval.estimate.multiplier._draw", lambda *_, **__: iter([drawn]))
    low, high = multiplier_band(np.array([0.0, 10.0]), np.ones((2, 2)), level=0.7, draws=9)
    unit = 4 / (stats.norm.ppf(0.75) - stats.norm.ppf(0.25))
    largest = np.sort(np.maximum(np.abs(a), np.abs(np.roll(a, 4))) / unit)[6]  # the seventh of nine
    assert high == pytest.approx(np.array([0.0, 10.0]) + largest * unit * np.array([1, 2]))
    assert low == pytest.approx(np.array([0.0, 10.0]) - largest * unit * np.array([1, 2]))


@pytest.mark.parametrize("multipliers", ["rademacher", "mammen"])
def test_with_many_municipalities_it_is_the_sum_of_squares(multipliers):
    """Error sqrt(sum psi^2), critical value 1.96, p-value of the normal distribution; 1 per cent at 19 999 draws."""
    psi = np.random.default_rng(0).standard_normal((600, 2)) / 600
    psi[:, 1] *= 3
    error = np.sqrt((psi**2).sum(axis=0))
    estimate = np.array([1.0, -2.0]) * error
    found = bootstrap_influence(
        estimate, psi, alone=np.zeros(2, dtype=bool), draws=19_999, seed=1, multipliers=multipliers
    )
    assert found.std_error == pytest.approx(error, rel=0.02)
    assert found.conf_high - estimate == pytest.approx(1.96 * error, rel=0.03)
    assert found.p_value == pytest.approx(2 * stats.norm.sf([1, 2]), abs=0.012)
    assert found.covariance == pytest.approx(psi.T @ psi)


@pytest.mark.parametrize(
    ("multipliers", "moments"), [(_rademacher, (0, 1, 0, 1)), (_mammen, (0, 1, 1, 2))], ids=["rademacher", "mammen"]
)
def test_multipliers_have_the_moments_of_their_paper(multipliers, moments):
    drawn = multipliers(np.random.default_rng(3), (1000, 400))
    assert len(np.unique(drawn)) == 2
    for power, moment in enumerate(moments, start=1):
        assert (drawn**power).mean() == pytest.approx(moment, abs=0.02)


@pytest.mark.skipif(not VALUES.is_file(), reason=f"reference values are not beside the repository ({VALUES.parent})")
def test_errors_are_those_of_the_r_package_did():
    """R's analytic errors as sums of squares; quartiles of the draws as by a plain bootstrap."""
    expected = json.loads(VALUES.read_text("utf-8"))["cs_mpdta"]["values"]["nevertreated|~1|reg"]
    frame = pd.read_csv(SHARED / "data" / "mpdta.csv")
    counties = Panel.from_frame(frame, unit="countyreal", period="year", outcome="lemp", cohort="first.treat")
    form = difference_cells(build_cells(compare(counties, "never_treated")), base="varying")
    found = infer_multiplier(form, draws=9_999, seed=2)
    values = np.array(list(expected["att_gt"].values()))
    assert form.estimates() == pytest.approx(values[:, 0], abs=1e-8)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(values[:, 1], abs=1e-8)
    signs = np.random.default_rng(9).choice([-1.0, 1.0], size=(9_999, 500))
    low, high = np.quantile(signs @ influence_values(form), [0.25, 0.75], axis=0)
    noise = 4 * np.sqrt(2) * 1.17 / np.sqrt(9_999)  # four times that of a ratio of two interquartile ranges
    assert found.std_error == pytest.approx((high - low) / 1.3489795, rel=noise)


def test_the_band_of_a_form_holds_every_interval_and_uses_the_same_draws():
    form = aggregate_cells(impute(build_cells(compare(panel(noisy([4] * 40 + [NAN] * 60)))), leads=2), "event_time")
    found, psi = infer_multiplier(form, seed=3), influence_values(form)
    low, high = multiplier_band(form.estimates(), psi, seed=3)
    assert (low < found.conf_low).all()
    assert (high > found.conf_high).all()
    critical = (high - form.estimates()) / found.std_error
    assert critical == pytest.approx(np.full(len(critical), critical[0]))
    assert 2 < critical[0] < 3.5


def test_pieces_of_the_draws_do_not_change_a_row_without_a_result(monkeypatch):
    monkeypatch.setattr("kvalitet_eval.estimate.multiplier.AT_ONCE", 64)
    rows = noisy([3, 5, 5, 5] + [NAN] * 8, seed=1)
    form = impute(build_cells(compare(panel(rows))), leads=0)
    found = infer_multiplier(form, draws=99)
    alone = form.rows["group"].to_numpy() == 0
    for name in ("std_error", "statistic", "p_value", "conf_low", "conf_high", "smallest_detectable"):
        assert np.isnan(getattr(found, name)[alone]).all()
        assert np.isfinite(getattr(found, name)[~alone]).all()
    psi = influence_values(form)
    psi[:, alone] = NAN
    low, _ = multiplier_band(form.estimates(), psi, draws=99)
    assert np.array_equal(np.isnan(low), alone)


def test_no_variation_has_no_error():
    rows = {f"a{i}": (2, [0.0, 1.0]) for i in range(3)} | {f"b{i}": (NEVER, [1.0, 1.0]) for i in range(4)}
    found = infer_multiplier(impute(build_cells(compare(panel(rows), "never_treated")), leads=0), draws=99)
    assert np.isnan([found.std_error[0], found.p_value[0], found.conf_low[0]]).all()


def test_what_cannot_be_done_is_said():
    form = impute(build_cells(compare(panel(noisy([3] * 4 + [NAN] * 5)))), leads=0)
    with pytest.raises(EstimationError, match="rademacher, mammen"):
        infer_multiplier(form, multipliers="normal")
    with pytest.raises(EstimationError, match="minst 19 trekninger"):
        infer_multiplier(form, draws=5)
    (warning,) = warn_few_treated(form)
    assert (warning.code, warning.facts["n"], warning.facts["fewest"]) == ("EST-23", str(len(form.rows)), "4")
    assert warn_few_treated(impute(build_cells(compare(panel(noisy([3] * 30 + [NAN] * 30)))), leads=0)) == ()
