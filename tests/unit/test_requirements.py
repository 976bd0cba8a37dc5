"""What is refused before estimation, for whom, and what the reader is told to do."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import NEVER, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DesignError, EstimationError
from kvalitet_eval.estimate.effects import estimate

NAN = np.nan
ROWS = noisy([4, 4, 4, 6, 6, 6, *[NAN] * 6], n_periods=8, seed=7)


def refused(rows=ROWS, comparison="not_yet_treated", *, columns=None, **options) -> EstimationError:
    with pytest.raises(EstimationError) as error:
        estimate(compare(panel(rows, **(columns or {})), comparison), **options)
    return error.value


def codes(effects) -> list[str]:
    return [item.code for item in effects.warnings]


def test_nobody_to_compare_with_is_a_design_error():
    with pytest.raises(DesignError) as error:
        compare(panel({u: (4, y) for u, (_, y) in ROWS.items()}))
    assert error.value.findings[0].code == "DES-07"


def test_who_has_no_period_before_is_left_out_by_name_and_intake():
    design = compare(panel({**ROWS, "early": (1, ROWS["u0"][1])}))
    assert [(w.code, w.found) for w in estimate(design).warnings] == [("DES-10", "early")]
    assert "De hører til disse opptakene: 1." in str(DesignError(list(design.findings)))
    assert "Skaff tall fra før oppstarten" in str(DesignError(list(design.findings)))


@pytest.mark.parametrize(("start", "anticipation"), [(1, 0), (2, 1)])
def test_an_intake_without_a_period_before_is_named_beside_one_that_has(start, anticipation):
    """Treated from the first period on, or so early that anticipation takes all there is before the start."""
    names = {u: "early" if g == 4 else "late" if g == 6 else "" for u, (g, _) in ROWS.items()}
    rows = {u: (start if g == 4 else g, y) for u, (g, y) in ROWS.items()}
    design = compare(panel(rows, cohort_name=names), anticipation=anticipation)
    assert [c.name for c in design.cohorts] == ["late"]
    item = next(w for w in estimate(design).warnings if w.code == "DES-10")
    assert (item.facts["n"], item.facts["cohorts"]) == ("3", "early")


def test_nobody_with_a_period_before_is_an_error_that_names_the_intakes():
    rows = {u: (g and 1, y) for u, (g, y) in ROWS.items()}
    with pytest.raises(DesignError) as error:
        compare(panel(rows))
    (item,) = error.value.findings
    assert (item.code, item.facts["first"], item.facts["cohorts"]) == ("DES-06", "1", "1")
    assert "opptak som er i gang da: 1" in str(error.value)


def test_an_intake_that_nobody_is_left_to_compare_with_is_named_row_by_row():
    """Without a pool the last intake has nobody who has not started."""
    effects = estimate(compare(panel({u: (g, y) for u, (g, y) in ROWS.items() if g is not NEVER})))
    item = next(w for w in effects.warnings if w.code == "EST-07")
    assert item.facts["rows"].split("; ")[-1] == "6 8 2"
    assert "Velg en sammenligning med kommuner som aldri er med" in str(EstimationError(item))


def test_one_treated_in_an_intake_silences_its_rows_and_every_average_that_holds_it():
    """The error of the others would leave out what the lone one adds, so it is not given for the average either."""
    rows = noisy([4, 6, 6, 6, *[NAN] * 6], n_periods=8)
    effects = estimate(compare(panel(rows)), "group_time")
    by_cohort = effects.aggregate("cohort").frame.set_index("cohort")["std_error"]
    assert (np.isnan(by_cohort["4"]), by_cohort["6"] > 0) == (True, True)
    overall = effects.aggregate("overall")
    assert np.isnan(overall.frame["std_error"].iloc[0])
    item = next(w for w in overall.warnings if w.code == "EST-05")
    assert (item.facts["rows"], item.facts["alone"]) == ("overall", "4")
    assert "Her står det bare én kommune bak: 4" in str(EstimationError(item))
    assert "bruk metoden synthetic" in str(EstimationError(item))
    assert np.isfinite(estimate(compare(panel(rows)), "synthetic", draws=30).frame["std_error"].iloc[0])


def test_a_comparison_of_one_is_told_apart_from_an_intake_of_one():
    effects = estimate(compare(panel(noisy([4, 4, 4, NAN], n_periods=6)), "never_treated"), "group_time")
    assert {w.facts["alone"] for w in effects.warnings if w.code == "EST-05"} == {"-"}


def test_cells_without_any_variation_are_named():
    """The outcome varies between periods and not between municipalities."""
    rows = {u: (g, [float(t + 3 * (g == 4 and t > 4)) for t in range(8)]) for u, (g, _) in ROWS.items()}
    item = next(w for w in estimate(compare(panel(rows)), "group_time").warnings if w.code == "EST-08")
    assert "4 4 0" in item.facts["rows"]
    assert "tallene ikke varierer mellom kommunene" in str(EstimationError(item))


def test_an_outcome_that_never_varies_is_refused():
    error = refused({u: (g, [3.0] * 8) for u, (g, _) in ROWS.items()})
    assert [(item.code, item.column, item.found) for item in error.findings] == [("EST-36", "y", "3.0")]
    assert "Utfallet har samme verdi overalt" in str(error)


@pytest.mark.parametrize(("unit", "cohort", "n"), [("u0", "4", 3), ("u8", "-", 6)])
def test_weights_on_one_municipality_are_refused_with_its_cohort(unit, cohort, n):
    error = refused(columns={"weights": dict.fromkeys(ROWS, 1.0) | {unit: 1000.0}})
    item = error.findings[0]
    assert (item.code, item.found, item.facts["cohort"], item.facts["n"]) == ("EST-39", unit, cohort, str(n))
    assert "prosent av vekten til" in str(error)
    assert "La hver enhet telle likt" in str(error)


def test_much_weight_on_one_municipality_is_told():
    effects = estimate(compare(panel(ROWS, weights=dict.fromkeys(ROWS, 1.0) | {"u0": 5.0})))
    assert [(w.code, w.severity, w.facts["share"]) for w in effects.warnings] == [("EST-39", "warning", "71")]
    assert effects.frame["std_error"].notna().all()
    assert codes(effects.aggregate("overall")) == ["EST-39"]


def test_even_weights_and_a_small_intake_are_no_matter():
    rows = noisy([4, 4, 6, *[NAN] * 6], n_periods=8)
    weights = dict.fromkeys(rows, 1.0) | {"u0": 20.0}
    assert "EST-39" not in codes(estimate(compare(panel(rows, weights=weights))))


@pytest.mark.parametrize("inference", ["cluster", "influence", "multiplier", "wild"])
def test_one_treated_is_too_few_for_these_errors(inference):
    error = refused(noisy([4, *[NAN] * 6]), method="group_time", inference=inference)
    assert error.findings[0].code == "EST-38"
    assert f"Usikkerhet etter {inference} trenger minst 2 deltakere" in str(error)
    assert "her er det 1 og 6 (opptak: 4)" in str(error)


def test_one_to_compare_with_is_too_few_too():
    error = refused(noisy([4, 4, 4, NAN]), "never_treated", method="group_time", inference="influence")
    assert error.findings[0].facts["n_comparison"] == "1"


def test_base_periods_that_the_panel_lacks_are_named_with_the_cohort():
    effects = estimate(compare(panel(ROWS)), "group_time", base=4)
    assert [(w.code, w.facts["cohort"], w.facts["n_before"]) for w in effects.warnings[:1]] == [("EST-B01", "4", "3")]
    assert effects.frame.set_index("cohort").loc["4", "estimate"].isna().all()
    assert effects.frame.set_index("cohort").loc["6", "estimate"].notna().any()
    error = refused(method="group_time", base=(-9, -7))
    assert [(item.code, item.facts["cohort"]) for item in error.findings] == [("EST-B01", "4"), ("EST-B01", "6")]
    assert "Tallene begynner for sent for opptaket 4" in str(error)


def test_all_faults_come_at_once():
    flat = {u: (g, [3.0] * 8) for u, (g, _) in ROWS.items()}
    columns = {"weights": dict.fromkeys(ROWS, 1.0) | {"u0": 1000.0}}
    error = refused(flat, columns=columns, method="group_time", base=9, covariates=["no"])
    assert [item.code for item in error.findings] == ["EST-36", "EST-39", "EST-B01", "EST-B01", "EST-30"]


@pytest.mark.parametrize("method", ["imputation", "lagged_outcome", "two_way"])
def test_a_base_is_for_group_time(method):
    error = refused(method=method, base=2)
    assert (error.findings[0].code, error.findings[0].column) == ("EST-32", "base")


@pytest.mark.parametrize("method", ["group_time", "lagged_outcome", "two_way"])
def test_conservative_errors_are_for_imputation(method):
    error = refused(method=method, inference="conservative")
    assert (error.findings[0].code, error.findings[0].column) == ("EST-32", "inference")


@pytest.mark.parametrize("inference", ["jackknife", "placebo"])
def test_synthetic_has_errors_of_its_own(inference):
    assert refused(inference=inference).findings[0].code == "EST-04"
    with pytest.raises(EstimationError) as error:
        estimate(compare(panel(ROWS)), "synthetic", inference="wild")
    assert "Tillatt: cr2, jackknife, placebo." in str(error.value)
    row = estimate(
        compare(panel({u: (g and 4, y) for u, (g, y) in ROWS.items()})), "synthetic", inference=inference, draws=30
    )
    assert np.isfinite(row.frame["std_error"].iloc[0])


def test_who_starts_later_is_counted_as_comparison():
    rows = {u: (g or NEVER, y) for u, (g, y) in ROWS.items() if u < "u6" and u not in ("u10", "u11")}
    effects = estimate(compare(panel(rows)), "group_time", inference="influence")
    assert effects.frame.query("cohort == '4' and event_time == 0")["std_error"].notna().all()
