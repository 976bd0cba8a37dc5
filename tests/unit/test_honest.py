"""Honest bounds of effect tables and of bare coefficients: targets, years, breakdown, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.event_study import read_event_study
from kvalitet_eval.estimate.honest import honest, honest_from
from kvalitet_eval.estimate.inference_checks import small_sample_factor
from kvalitet_eval.prepare.periods import quarters

NEVER = float("nan")
BETA = np.array([0.05, -0.1, 0.02, 1.0, 1.3])
SIGMA = 0.01 * (0.5 * np.eye(5) + 0.5)


def yearly(starts=(5.0,) * 6 + (6.0,) * 6 + (NEVER,) * 12, n_periods=8, comparison="never_treated", **options):
    return compare(panel(noisy(starts, n_periods, seed=3)), comparison, **options)


def quarterly(anticipation=0):
    labels = quarters("2001Q1", "2006Q4")
    rows = noisy((NEVER,) * 20, len(labels), seed=5)
    names = list(rows)
    for name in names[:8]:
        rows[name] = ("2004Q1", rows[name][1])
    return compare(panel(rows, labels), "never_treated", anticipation=anticipation)


def code_of(call) -> str:
    with pytest.raises(EstimationError) as caught:
        call()
    assert str(caught.value)  # the catalogue has the sentence
    return caught.value.findings[0].code


@pytest.mark.parametrize("kind", ["relative", "smooth"])
def test_breakdown_is_where_the_interval_begins_to_hold_zero(kind):
    found = honest_from(BETA, SIGMA, 3, 2, kind=kind)
    assert 0 < found.breakdown < np.inf
    at = honest_from(BETA, SIGMA, 3, 2, kind=kind, mbar=(0.99 * found.breakdown, 1.01 * found.breakdown)).frame
    assert at["conf_low"].iloc[0] > 0 > at["conf_low"].iloc[1]


def test_breakdown_is_zero_without_an_effect_and_infinite_when_nothing_shakes_it():
    assert honest_from(np.zeros(5), SIGMA, 3, 2).breakdown == 0
    huge = np.array([0.0, 0.0, 0.0, 1e6, 1e6])
    assert honest_from(huge, 1e-6 * SIGMA, 3, 2).breakdown == np.inf


@pytest.mark.parametrize("kind", ["relative", "smooth"])
def test_mirror_and_scale(kind):
    once = honest_from(BETA, SIGMA, 3, 2, kind=kind, mbar=(0.2, 1.0)).frame
    mirrored = honest_from(-BETA, SIGMA, 3, 2, kind=kind, mbar=(0.2, 1.0)).frame
    assert mirrored["conf_low"].to_numpy() == pytest.approx(-once["conf_high"].to_numpy(), abs=1e-6)
    bounds = (0.2, 1.0) if kind == "relative" else (2.0, 10.0)
    scaled = honest_from(10 * BETA, 100 * SIGMA, 3, 2, kind=kind, mbar=bounds).frame
    assert scaled["conf_high"].to_numpy() == pytest.approx(10 * once["conf_high"].to_numpy(), abs=1e-5)


def test_a_check_is_passed_when_steps_as_large_as_before_do_not_overturn_it():
    assert honest_from(10 * BETA, SIGMA, 3, 2).check.passed is True
    weak = honest_from(np.array([0.5, -0.3, 0.2, 1.0, 1.0]), SIGMA, 3, 2)
    assert weak.check.passed is False
    assert weak.check.facts["breakdown"] == weak.breakdown < 1
    assert honest_from(np.zeros(5), SIGMA, 3, 2).check.passed is None
    assert honest_from(BETA, SIGMA, 3, 2, kind="smooth").check.text_key == "check.honest.smooth"


def test_few_municipalities_widen_the_interval_to_that_of_t():
    """A line bent by nothing and one coefficient before: estimate -/+ quantile x sd, so the factor is seen at once."""
    known = honest_from(BETA[2:4], SIGMA[2:4, 2:4], 1, 1, mbar=(0.0,), kind="smooth").frame.iloc[0]
    few = honest_from(BETA[2:4], SIGMA[2:4, 2:4], 1, 1, mbar=(0.0,), kind="smooth", degrees_of_freedom=11.0).frame.iloc[
        0
    ]
    ratio = (few["conf_high"] - few["conf_low"]) / (known["conf_high"] - known["conf_low"])
    assert ratio == pytest.approx(small_sample_factor(11.0, level=0.95), rel=1e-9)


def test_a_table_gives_the_bounds_of_its_own_coefficients():
    effects = estimate(yearly(), "group_time")
    study = read_event_study(effects, composition="all")
    rows = effects.aggregate("event_time").frame
    assert (study.n_pre, study.n_post) == (4, 4)
    assert study.beta == pytest.approx(rows["estimate"].to_numpy())
    assert np.sqrt(np.diag(study.sigma)) == pytest.approx(rows["std_error"].to_numpy())
    by_hand = honest_from(
        study.beta, study.sigma, 4, 4, mbar=(1.0,), degrees_of_freedom=rows["degrees_of_freedom"].min()
    )
    found = honest(effects, (1.0,), composition="all")
    assert found.frame["conf_low"].item() == by_hand.frame["conf_low"].item()
    assert [w.code for w in found.warnings] == ["EST-66"]


def test_constant_composition_keeps_the_years_that_all_intakes_have():
    study = read_event_study(estimate(yearly(), "group_time"))
    assert (study.n_pre, study.n_post, study.composition_changes) == (3, 3, False)
    late = yearly(starts=(2.0,) * 4 + (5.0,) * 6 + (NEVER,) * 12)
    study = read_event_study(estimate(late, "group_time"))
    assert (study.cohorts, study.left_out, study.n_pre, study.n_post) == (("5",), ("2",), 3, 4)
    assert [w.found for w in honest(estimate(late, "group_time")).warnings] == ["2"]


def test_any_method_is_read_as_group_time_with_a_universal_base():
    design = yearly()
    one, other = read_event_study(estimate(design)), read_event_study(estimate(design, "group_time"))
    assert (one.beta.tolist(), one.sigma.tolist()) == (other.beta.tolist(), other.sigma.tolist())


@pytest.mark.parametrize("anticipation", [0, 2])
def test_quarters_become_years_measured_from_the_last_year_before(anticipation):
    """One intake in 2004Q1: means of the groups by year, change of one less change of the other."""
    design = quarterly(anticipation)
    study = read_event_study(estimate(design, "group_time"))
    gap = design.panel.outcome[~design.pool].mean(axis=0) - design.panel.outcome[design.pool].mean(axis=0)
    start = 12 - anticipation
    before = [gap[start - 4 * (k + 1) : start - 4 * k].mean() for k in range(start // 4)]
    after = [gap[12 + 4 * k : 16 + 4 * k].mean() for k in range(3)]
    expected = [value - before[0] for value in [*before[:0:-1], *after]]
    assert (study.n_pre, study.n_post, study.period_length) == (len(before) - 1, 3, 4)
    assert study.beta == pytest.approx(expected, abs=1e-12)
    assert read_event_study(estimate(design, "group_time"), period_length=2).n_post == 6


def test_targets():
    effects = estimate(yearly(), "group_time")
    study = read_event_study(effects)
    found = {t: honest(effects, (1.0,), target=t).frame["estimate"].item() for t in ("first", "average", 0, 2)}
    after = study.beta[study.n_pre :]
    assert found == pytest.approx({"first": after[0], "average": after.mean(), 0: after[0], 2: after[2]})
    assert honest(effects, (1.0,), cohort="5").cohorts == ("5",)


def test_refusals():
    effects = estimate(yearly(), "group_time")
    assert code_of(lambda: honest(estimate(yearly(), "group_time", base="varying"))) == "EST-62"
    assert code_of(lambda: honest(effects, kind="narrow")) == "EST-04"
    assert code_of(lambda: honest(effects, (-1.0,))) == "EST-04"
    assert code_of(lambda: honest(effects, target=9)) == "EST-04"
    assert code_of(lambda: honest(effects, composition="some")) == "EST-04"
    assert code_of(lambda: honest(effects, level=1.0)) == "EST-04"
    assert code_of(lambda: honest(effects, cohort="9")) == "EST-10"
    short = estimate(yearly(starts=(2.0,) * 4 + (NEVER,) * 6, n_periods=3), "group_time")
    assert code_of(lambda: honest(short)) == "EST-63"
    assert code_of(lambda: honest(estimate(yearly(), "two_way"))) == "EST-61"
    assert code_of(lambda: honest_from(BETA, SIGMA, 3, 3)) == "EST-67"
    assert code_of(lambda: honest_from(BETA * np.nan, SIGMA, 3, 2)) == "EST-67"
    assert code_of(lambda: honest_from(BETA, np.ones((5, 5)), 3, 2)) == "EST-68"
