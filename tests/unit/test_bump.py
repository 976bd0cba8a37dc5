"""The gap just before the start less the gap earlier."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import GAP, noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.periods import quarters

NEVER = float("nan")
LABELS = quarters("2002Q1", "2006Q4")


def quarterly(starts=("2005Q1",) * 5 + ("2006Q1",) * 4 + (None,) * 9, comparison="never_treated", seed=4, **columns):
    rows = {f"u{i:02d}": (start, values) for i, (start, (_, values)) in enumerate(
        zip(starts, noisy((NEVER,) * len(starts), len(LABELS), seed=seed).values(), strict=True)
    )}  # fmt: skip
    return compare(panel(rows, LABELS, **columns), comparison)


def change(design, members, start):
    """Mean of the last year before less mean of the two years before that, by municipality."""
    outcome = design.panel.outcome[members]
    return outcome[:, start - 4 : start].mean(axis=1) - outcome[:, start - 12 : start - 4].mean(axis=1)


def test_one_intake_is_a_difference_of_means_with_its_standard_error():
    design = quarterly(starts=("2005Q1",) * 5 + (None,) * 9)
    treated, others = change(design, slice(0, 5), 12), change(design, slice(5, 14), 12)
    row = bump(design).frame.iloc[1]
    assert row["estimate"] == pytest.approx(treated.mean() - others.mean())
    error = np.sqrt(treated.var(ddof=1) / 5 + others.var(ddof=1) / 9)
    assert row["std_error"] == pytest.approx(error)
    half = stats.t.ppf(0.975, row["degrees_of_freedom"]) * error
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([row["estimate"] - half, row["estimate"] + half])
    assert (row["n_treated"], row["n_comparison"]) == (5, 9)


def test_overall_weighs_intakes_by_size_and_windows_follow_each_start():
    found = bump(quarterly()).frame.set_index("cohort")["estimate"]
    design = quarterly()
    first = change(design, slice(0, 5), 12).mean() - change(design, slice(9, 18), 12).mean()
    second = change(design, slice(5, 9), 16).mean() - change(design, slice(9, 18), 16).mean()
    assert found[["2005Q1", "2006Q1"]].tolist() == pytest.approx([first, second])
    assert bump(design).frame["estimate"].iloc[0] == pytest.approx((5 * first + 4 * second) / 9)


def test_later_intakes_are_compared_with_while_they_wait():
    design = quarterly(comparison="not_yet_treated")
    first = change(design, slice(0, 5), 12).mean() - change(design, slice(5, 18), 12).mean()
    row = bump(design).frame.iloc[1]
    assert row["estimate"] == pytest.approx(first)
    assert row["n_comparison"] == 13
    assert bump(design).frame["n_comparison"].iloc[2] == 9  # the earlier intake is treated by then


def test_a_constant_per_municipality_or_period_moves_nothing_and_a_bump_is_found():
    rng = np.random.default_rng(1)
    design = quarterly()
    before = bump(design).frame["estimate"].to_numpy()
    design.panel.outcome[:] += rng.standard_normal((18, 1)) * 10 + rng.standard_normal((1, 20)) * 10
    assert bump(design).frame["estimate"].to_numpy() == pytest.approx(before, abs=1e-10)
    design.panel.outcome[:5, 8:12] += 3
    design.panel.outcome[5:9, 12:16] += 3
    found = bump(design)
    assert found.frame["estimate"].iloc[0] == pytest.approx(before[0] + 3, abs=1e-10)
    assert (found.check.passed, found.check.text_key) == (False, "check.bump.failed")


def test_weights_are_those_of_the_years_before():
    weights = {f"u{i:02d}": 1.0 + i for i in range(14)}
    design = quarterly(starts=("2005Q1",) * 5 + (None,) * 9, weights=weights)
    w = np.array(list(weights.values()))
    expected = np.average(change(design, slice(0, 5), 12), weights=w[:5])
    expected -= np.average(change(design, slice(5, 14), 12), weights=w[5:])
    assert bump(design).frame["estimate"].iloc[0] == pytest.approx(expected)


def test_municipalities_with_a_hole_in_the_windows_are_not_used():
    rows = {
        "a": (4, [1.0, 2, 5, 0]),
        "b": (None, [1.0, 1, 1, 1]),
        "c": (None, [GAP, 50, 90, 3]),
        "d": (4, [3.0, 3, 3, 3]),
    }
    design = compare(panel(rows), "never_treated")
    row = bump(design, near=(-1, -1), far=(-3, -2)).frame.iloc[0]
    assert row["estimate"] == pytest.approx((3.5 + 0) / 2)
    assert (row["n_treated"], row["n_comparison"]) == (2, 1)


def test_one_treated_municipality_has_a_bump_and_no_verdict():
    found = bump(quarterly(starts=("2005Q1",) + (None,) * 9))
    assert np.isfinite(found.frame["estimate"].iloc[0])
    assert np.isnan(found.frame["std_error"].iloc[0])
    assert (found.check.passed, found.check.text_key) == (None, "check.bump.not_applicable")


def test_cut_windows_and_missing_intakes_are_told():
    design = quarterly(starts=("2004Q1",) * 5 + ("2002Q3",) * 3 + (None,) * 9)
    found = bump(design)
    assert {(w.code, w.facts["cohort"]) for w in found.warnings} == {("EST-53", "2004Q1"), ("EST-52", "2002Q3")}
    rows = found.frame.set_index("cohort")
    assert np.isnan(rows.loc["2002Q3", "estimate"])
    assert found.frame["n_treated"].iloc[0] == 5


@pytest.mark.parametrize("windows", [((-4, -1), (-5, -4)), ((-4, 0), (-12, -5)), ((-12, -5), (-4, -1))])
def test_windows_that_make_no_sense_are_refused(windows):
    with pytest.raises(EstimationError) as caught:
        bump(quarterly(), near=windows[0], far=windows[1])
    assert caught.value.findings[0].code == "EST-50"


def test_no_intake_with_both_windows_is_refused():
    with pytest.raises(EstimationError) as caught:
        bump(quarterly(starts=("2002Q3",) * 3 + (None,) * 9))
    assert caught.value.findings[0].code == "EST-51"
    assert "near" not in str(caught.value)


def test_it_is_the_placebo_of_imputation_on_the_same_windows():
    """With the panel cut to the windows and a start a year earlier, imputation asks the same question."""
    labels = LABELS[:12]
    rows = noisy((NEVER,) * 14, 12, seed=4)
    early = {u: ("2004Q1" if i < 5 else None, v) for i, (u, (_, v)) in enumerate(rows.items())}
    late = {u: ("2005Q1" if i < 5 else None, [*v, *[0.0] * 8]) for i, (u, (_, v)) in enumerate(rows.items())}
    placebo = estimate(compare(panel(early, labels), "never_treated"), leads=0).aggregate("overall").frame.iloc[0]
    row = bump(compare(panel(late, LABELS), "never_treated")).frame.iloc[0]
    assert row["estimate"] == pytest.approx(placebo["estimate"])
    assert row["std_error"] == pytest.approx(placebo["std_error"])
