"""Comparison with those of the same past: by hand, and what happens when nobody is alike."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import GAP, NEVER, noisy, panel
from statsmodels.regression.linear_model import OLS

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate

NAN = np.nan
MANY = noisy([5, 5, 5, 6, 6, 6, *[NAN] * 30], n_periods=8, seed=4)


def effects(rows=MANY, comparison="never_treated", anticipation=0, **options):
    return estimate(compare(panel(rows), comparison, anticipation=anticipation), "lagged_outcome", **options)


def test_by_hand_half_of_a_level_is_left():
    """Comparison goes from 0, 2, 4 to 0, 1, 2; a from 4 to 5, where 2 was expected of its level."""
    rows = {"a": (2, [4.0, 5]), "b": (NEVER, [0.0, 0]), "c": (NEVER, [2.0, 1]), "d": (NEVER, [4.0, 2])}
    assert effects(rows, adjust="reg").frame["estimate"].tolist() == pytest.approx([3.0])


def test_regression_is_that_of_the_outcome_on_its_lags():
    """Least squares of Y_t on Y_(t-1), Y_(t-2) among the comparison, at the treated's own lags (statsmodels)."""
    y = np.array([figures for _, figures in MANY.values()])
    found = effects(adjust="reg", lags=2).frame.set_index(["cohort", "period"])["estimate"]
    for t in range(4, 8):
        x = np.column_stack([np.ones(36), y[:, 3], y[:, 2]])
        expected = (y[:3, t] - OLS(y[6:, t], x[6:]).fit().predict(x[:3])).mean()
        assert found["5", str(t + 1)] == pytest.approx(expected, abs=1e-9)


def test_only_periods_after_the_base_have_a_row():
    assert sorted(set(effects().frame["event_time"])) == [0, 1, 2, 3]
    assert sorted(set(effects(anticipation=1).frame["event_time"])) == [-1, 0, 1, 2, 3]


def test_levels_matter_here_and_nowhere_else():
    rows = {u: (g, [v + 5 * i for v in y]) for i, (u, (g, y)) in enumerate(MANY.items())}
    assert not np.allclose(effects(rows, adjust="reg").frame["estimate"], effects(adjust="reg").frame["estimate"])


def test_a_common_change_of_a_period_moves_nothing():
    rows = {u: (g, [v + 7 * t for t, v in enumerate(y)]) for u, (g, y) in MANY.items()}
    assert effects(rows, lags=2).frame["estimate"].tolist() == pytest.approx(effects(lags=2).frame["estimate"].tolist())


def test_later_intakes_are_compared_with_until_they_start():
    first, both = effects(lags=1), effects(comparison="not_yet_treated", lags=1)
    assert first.frame["n_comparison"].tolist() == [30] * 7
    assert both.frame.set_index(["cohort", "event_time"]).loc[("5", 0), "n_comparison"] == 33


def test_who_lacks_a_lag_is_left_out_and_counted():
    rows = {**MANY, "u7": (NEVER, [*MANY["u7"][1][:3], GAP, *MANY["u7"][1][4:]])}
    found = effects(rows, lags=2)
    assert set(found.frame["n_comparison"]) == {29}
    assert [(w.code, w.facts["n"], w.facts["cohort"]) for w in found.warnings] == [
        ("EST-34", "1", "6")
    ]  # for 5 the base itself is missing


@pytest.mark.parametrize(("lags", "told"), [(None, []), (4, []), (5, ["5"]), (6, ["5", "6"])])
def test_fewer_lags_than_asked_for_are_told(lags, told):
    found = [w.facts["cohort"] for w in effects(lags=lags, adjust="reg").warnings if w.code == "EST-B03"]
    assert found == told


def test_nobody_alike_leaves_the_regression_and_says_so():
    rows = {u: (g, [v + (40 if g == 5 else 0) for v in y]) for u, (g, y) in MANY.items()}
    found, plain = effects(rows, lags=1), effects(rows, lags=1, adjust="reg")
    assert [(w.code, w.facts["cohort"]) for w in found.warnings] == [("EST-B02", "5")]
    assert "Ingen i sammenligningsgruppen ligner nok på alle deltakerne i opptaket 5" in str(
        EstimationError(found.warnings)
    )
    mine = found.frame.query("cohort == '5'")["estimate"]
    assert mine.tolist() == pytest.approx(plain.frame.query("cohort == '5'")["estimate"].tolist())
    weighed = found.frame["estimate"] != plain.frame["estimate"]
    assert weighed.groupby(found.frame["cohort"]).all().to_dict() == {"5": False, "6": True}


def test_weights_alone_without_overlap_give_no_estimate():
    rows = {u: (g, [v + (40 if g == 5 else 0) for v in y]) for u, (g, y) in MANY.items()}
    found = effects(rows, lags=1, adjust="ipw")
    assert found.frame.set_index("cohort").loc["5", "estimate"].isna().all()
    assert [w.code for w in found.warnings] == ["EST-35"]


def test_further_covariates_join_the_lags():
    design = compare(panel(MANY, size={u: float(i) for i, u in enumerate(MANY, start=1)}), "never_treated")
    found = estimate(design, "lagged_outcome", lags=1, covariates=["size"], adjust="reg").frame["estimate"]
    assert not np.allclose(found, effects(lags=1, adjust="reg").frame["estimate"])
    y, size = np.array([figures for _, figures in MANY.values()]), np.arange(1.0, 37.0)
    x = np.column_stack([np.ones(36), y[:, 3], size])
    expected = (y[:3, 4] - OLS(y[6:, 4], x[6:]).fit().predict(x[:3])).mean()
    assert found.iloc[0] == pytest.approx(expected, abs=1e-9)
