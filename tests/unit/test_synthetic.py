"""The synthetic family: hand cases, windows, several cohorts, uncertainty, what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, NEVER, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.estimate.synthetic_cells import build_family, list_weights
from kvalitet_eval.estimate.synthetic_placebo import assign, placebo_cells
from kvalitet_eval.estimate.synthetic_weights import find_window

KINDS = ("synthetic_did", "synthetic_control", "did")
PARALLEL = {  # a moves like the mean of b and c, five higher, and falls by two at its start
    "a": (5, [6.0, 7, 6, 7, 4, 6]),
    "b": (NEVER, [0.0, 4, 2, 2, 0, 4]),
    "c": (NEVER, [2.0, 0, 0, 2, 2, 2]),
    "d": (NEVER, [9.0, -3, 7, -8, 5, 0]),
}


def rows(of: dict, kind: str = "synthetic_did", **options) -> pd.DataFrame:
    return synthesise(compare(panel(of)), kind=kind, **options).to_frame()


def codes(effects) -> list[str]:
    return [f.code for f in effects.warnings]


def test_the_noise_by_hand():
    """Changes 4, -2, 0 of b and -2, 0, 2 of c, of 1/3 on the whole and of 1, -1, 1 by period."""
    of = {"a": (5, [0.0, 1, 2, 3, 4]), "b": (NEVER, [0.0, 4, 2, 2, 0]), "c": (NEVER, [2.0, 0, 0, 2, 2])}
    for solver, squares in (("frank_wolfe", (28 - 6 / 9) / 5), ("exact", (2 * 9 + 2 * 1 + 2 * 1) / 3)):
        weights = list_weights(compare(panel(of)), solver=solver)
        assert weights["noise"].iloc[0] ** 2 == pytest.approx(squares)
        assert weights["zeta"].iloc[0] == pytest.approx(weights["noise"].iloc[0])  # one municipality, one period after


def test_common_ups_and_downs_move_the_published_weights_and_not_the_exact_ones():
    of = noisy([6.0] * 2 + [np.nan] * 8, n_periods=8, seed=14)
    jumping = {u: (g, [y + 10 * (t % 2) for t, y in enumerate(v, 1)]) for u, (g, v) in of.items()}
    for solver, same in (("exact", True), ("frank_wolfe", False)):
        a, b = (list_weights(compare(panel(x)), solver=solver)["weight"].to_numpy() for x in (of, jumping))
        assert np.allclose(a, b, atol=1e-9) == same


def test_plain_difference_in_differences_by_hand():
    rises = {"a": (3, [5.0, 7, 4, 4]), "b": (NEVER, [1.0, 1, 2, 2]), "c": (NEVER, [0.0, 2, 3, 3])}
    assert rows(rises, "did")["estimate"].tolist() == pytest.approx([(4 - 6) - (2.5 - 1)] * 2)


def test_synthetic_control_finds_the_mixture_and_its_level():
    """a = 3/4 b + 1/4 c before; after its start it lies one above that."""
    b, c = np.array([1.0, 5, 2, 3, 6]), np.array([9.0, 1, 4, 7, 2])
    a = 0.75 * b + 0.25 * c + np.array([0, 0, 0, 0, 1.0])
    of = {"a": (5, a.tolist()), "b": (NEVER, b.tolist()), "c": (NEVER, c.tolist()), "d": (NEVER, [30.0, 10, 50, 0, 9])}
    assert rows(of, "synthetic_control", solver="exact")["estimate"].iloc[0] == pytest.approx(1.0, abs=1e-6)
    weights = list_weights(compare(panel(of)), kind="synthetic_control", solver="exact").set_index("name")["weight"]
    assert weights[["b", "c", "d"]].tolist() == pytest.approx([0.75, 0.25, 0.0], abs=1e-6)


def test_synthetic_did_does_not_mind_the_level_and_weights_alike_moving_municipalities():
    lower = {u: (g, [y - 100 * (u == "a") for y in values]) for u, (g, values) in PARALLEL.items()}
    assert rows(PARALLEL)["estimate"].tolist() == pytest.approx(rows(lower)["estimate"].tolist(), abs=1e-9)
    weights = list_weights(compare(panel(PARALLEL))).query("part == 'municipality'").set_index("name")["weight"]
    assert weights["d"] < min(weights["b"], weights["c"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_effect_added_to_the_treated_is_found_in_full(kind):
    of = noisy([5.0] * 2 + [7.0] * 3 + [np.nan] * 6, n_periods=9, seed=4)
    raised = {
        u: (g, [y + 3 * (g is not NEVER and t >= (g or 0)) for t, y in enumerate(v, 1)]) for u, (g, v) in of.items()
    }
    a, b = rows(of, kind), rows(raised, kind)
    assert (b["estimate"] - a["estimate"]).tolist() == pytest.approx([3.0] * 3, abs=1e-9)


def test_cohorts_are_estimated_apart_and_averaged_by_municipality_quarters():
    of = noisy([5.0] * 2 + [7.0] * 3 + [np.nan] * 6, n_periods=9, seed=1)
    effects = synthesise(compare(panel(of)))
    table = effects.to_frame()
    assert table["estimand"].tolist() == ["overall", "cohort", "cohort"]
    assert table["n_treated"].tolist() == [5, 2, 3]
    first, second = table["estimate"].iloc[1:]
    assert table["estimate"].iloc[0] == pytest.approx((2 * 5 * first + 3 * 3 * second) / (2 * 5 + 3 * 3))
    for g, value in ((5, first), (7, second)):
        alone = {u: r for u, r in of.items() if r[0] in (g, NEVER)}
        assert rows(alone)["estimate"].iloc[0] == pytest.approx(value, abs=1e-12)


def test_aggregates_are_means_of_the_cells():
    effects = synthesise(compare(panel(noisy([5.0] * 2 + [7.0] * 3 + [np.nan] * 6, n_periods=9, seed=2))))
    cells = effects.aggregate("cell").to_frame()
    assert cells["event_time"].min() == 0
    for kind, key in (("event_time", "event_time"), ("calendar", "period"), ("cohort", "cohort")):
        found = effects.aggregate(kind).to_frame().set_index(key)["estimate"]
        expected = cells.groupby(key).apply(lambda c: np.average(c["estimate"], weights=c["n_treated"]))
        assert found.to_dict() == pytest.approx(expected.to_dict())
    course = effects.aggregate("cell", cohort="7").to_frame()
    assert course["estimate"].tolist() == pytest.approx(cells.query("cohort == '7'")["estimate"].tolist())
    assert (course["band_low"] <= course["conf_low"]).all()
    with pytest.raises(EstimationError) as error:
        effects.aggregate("overall", cohort="6")
    assert error.value.findings[0].code == "EST-10"


def test_anticipation_is_neither_before_nor_in_the_average():
    of = noisy([5.0] * 2 + [np.nan] * 6, n_periods=8, seed=3)
    effects = synthesise(compare(panel(of), anticipation=1))
    assert effects.aggregate("cell").to_frame()["event_time"].tolist() == [-1, 0, 1, 2, 3]
    moved = {u: (g, [y + 50 * (g is not NEVER and t == 4) for t, y in enumerate(v, 1)]) for u, (g, v) in of.items()}
    assert synthesise(compare(panel(moved), anticipation=1)).to_frame()["estimate"].tolist() == pytest.approx(
        effects.to_frame()["estimate"].tolist(), abs=1e-9
    )


def test_who_starts_after_the_last_period_is_compared_with_only_under_not_yet_treated():
    of = noisy([4.0] * 2 + [9.0] + [10.0] + [np.nan] * 3, n_periods=7, seed=5)
    for comparison, anticipation, n in (("not_yet_treated", 1, 5), ("not_yet_treated", 2, 4), ("never_treated", 0, 3)):
        design = compare(panel(of), comparison, anticipation=anticipation)
        assert len(find_window(design, design.cohorts[0]).donors) == n


def test_municipalities_with_holes_are_left_out_and_named():
    of = noisy([4.0] * 3 + [np.nan] * 5, n_periods=7, seed=6)
    of["u1"][1][2] = GAP
    of["u6"][1][6] = GAP
    effects = synthesise(compare(panel(of)))
    without = synthesise(compare(panel({u: r for u, r in of.items() if u not in ("u1", "u6")})))
    assert effects.to_frame()["estimate"].tolist() == pytest.approx(without.to_frame()["estimate"].tolist())
    found = {f.code: f for f in effects.warnings}
    assert found["EST-40"].found == "u1"
    assert found["EST-41"].facts["n"] == "1"


def test_a_period_that_most_of_the_cohort_lacks_is_no_part_of_its_window():
    of = noisy([4.0] * 2 + [np.nan] * 5, n_periods=7, seed=7)
    for unit in ("u0", "u1", "u4"):
        of[unit][1][1] = GAP
    design = compare(panel(of))
    window = find_window(design, design.cohorts[0])
    assert window.before.tolist() == [0, 2]
    assert len(window.members) == 2
    assert len(window.donors) == 5


def test_weights_of_the_panel_weigh_the_treated_and_the_plain_comparison():
    of = noisy([4.0, 4.0, np.nan, np.nan, np.nan], n_periods=6, seed=8)
    weight = {"u0": 3.0, "u1": 1.0, "u2": 1.0, "u3": 2.0, "u4": 5.0}
    y = np.array([of[u][1] for u in weight])
    change = y[:, 3:].mean(axis=1) - y[:, :3].mean(axis=1)
    found = synthesise(compare(panel(of, weights=weight)), kind="did").to_frame()
    expected = np.average(change[:2], weights=[3, 1]) - np.average(change[2:], weights=[1, 2, 5])
    assert found["estimate"].iloc[0] == pytest.approx(expected)
    assert found["weighting"].iloc[0] == "employee"


@pytest.mark.parametrize("kind", KINDS)
def test_jackknife_is_leaving_out_one_by_one_with_fixed_weights(kind):
    of = noisy([5.0] * 4 + [np.nan] * 7, n_periods=8, seed=9)
    design = compare(panel(of))
    window = find_window(design, design.cohorts[0])
    fit = build_family(design, kind=kind, solver="frank_wolfe").fits[0]
    y, estimates = design.panel.outcome, []
    for out in range(len(y)):
        members, donors = window.members[window.members != out], window.donors != out
        omega = fit.omega[0, donors] / fit.omega[0, donors].sum()
        gap = y[members].mean(axis=0) - omega @ y[window.donors[donors]]
        estimates.append(gap[window.after].mean() - fit.lam[0] @ gap[window.before])
    n = len(estimates)
    expected = np.sqrt((n - 1) / n * ((estimates - np.mean(estimates)) ** 2).sum())
    assert rows(of, kind)["std_error"].tolist() == pytest.approx([expected] * 2)


def in_turn(of: dict, names: list[str], kind: str, solver: str) -> list[float]:
    """Estimates with one comparison municipality after the other called treated and the treated one left out."""
    turns = [{u: (6 if u == n else NEVER, v) for u, (_, v) in of.items() if u != "u0"} for n in names]
    return [rows(turn, kind, solver=solver, inference="jackknife")["estimate"].iloc[0] for turn in turns]


@pytest.mark.parametrize("kind", KINDS)
def test_exact_placebo_is_each_comparison_municipality_in_turn(kind):
    """The penalty is that of the real comparison, which has one municipality more: hence not to the last digit."""
    of = noisy([6.0] + [np.nan] * 20, n_periods=8, seed=10)
    row = rows(of, kind, solver="exact").iloc[0]
    placebos = np.array(in_turn(of, list(of)[1:], kind, "exact"))
    assert row["p_value"] == pytest.approx((1 + (np.abs(placebos) >= abs(row["estimate"])).sum()) / 21)
    assert row["std_error"] == pytest.approx(np.std(placebos), rel=0.02)
    assert row["estimate"] - row["conf_low"] == pytest.approx(np.abs(placebos).max(), rel=0.05)
    assert np.isnan(row["degrees_of_freedom"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_weights_are_found_for_placebos_too(kind):
    of = noisy([6.0] + [np.nan] * 8, n_periods=8, seed=10)
    design = compare(panel(of))
    family = build_family(design, kind=kind, solver="frank_wolfe")
    found = placebo_cells(family, assign(family, draws=1, seed=0), kind=kind, solver="frank_wolfe").mean(axis=1)
    assert found[:3] == pytest.approx(in_turn(of, ["u1", "u2", "u3"], kind, "frank_wolfe"), abs=0.05)


def test_too_few_placebos_for_the_level_give_a_p_value_and_no_interval():
    effects = synthesise(compare(panel(noisy([5.0] + [np.nan] * 12, n_periods=7))))
    table = effects.to_frame()
    assert table["p_value"].iloc[0] * 13 == pytest.approx(round(table["p_value"].iloc[0] * 13))
    assert table["conf_low"].isna().all()
    assert "EST-46" in codes(effects)
    assert (
        synthesise(compare(panel(noisy([5.0] + [np.nan] * 12, n_periods=7))), level=0.9)
        .to_frame()["conf_low"]
        .notna()
        .all()
    )


def test_a_cohort_of_one_beside_others_is_placed_among_random_placebos():
    of = noisy([5.0] + [6.0] * 2 + [np.nan] * 7, n_periods=8, seed=11)
    design = compare(panel(of))
    a, b = (synthesise(design, draws=40, seed=2).to_frame() for _ in range(2))
    pd.testing.assert_frame_equal(a, b)
    assert a["p_value"].between(1 / 41, 1).all()
    assert a["conf_low"].notna().all()
    lonely = synthesise(design, inference="jackknife")
    assert lonely.to_frame()["std_error"].isna().tolist() == [True, True, False]
    assert "EST-46" in codes(lonely)


def test_placebo_band_is_at_least_as_wide_as_the_intervals():
    effects = synthesise(compare(panel(noisy([6.0] + [np.nan] * 25, n_periods=10, seed=12))))
    course = effects.aggregate("event_time").to_frame()
    assert course["band_low"].notna().all()
    assert (course["band_high"] - course["band_low"]).sum() > (course["conf_high"] - course["conf_low"]).sum()


def test_a_comparison_that_rests_on_one_municipality_is_said():
    of = {"a": (5, [1.0, 9, 2, 8, 3]), "b": (NEVER, [1.0, 9, 2, 8, 4]), "c": (NEVER, [50.0, -40, 60, -30, 0])}
    effects = synthesise(compare(panel(of)), kind="synthetic_control")
    warning = next(f for f in effects.warnings if f.code == "EST-45")
    assert (warning.found, warning.facts["share_pct"]) == ("b", "100")


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ({"a": (2, [1.0, 2, 3]), "b": (NEVER, [1.0, 2, 2]), "c": (NEVER, [0.0, 1, 1])}, "EST-42"),
        ({"a": (3, [1.0, 2, 3]), "b": (NEVER, [1.0, 2, 2])}, "EST-44"),
        (
            {"a": (4, [GAP, 2, 3, 4]), "d": (4, [1.0, GAP, 3, 4]), "b": (NEVER, [1.0] * 4), "c": (NEVER, [0.0] * 4)},
            "EST-43",
        ),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_its_reason(of, code):
    with pytest.raises(EstimationError) as error:
        rows(of)
    assert error.value.findings[0].code == code
    assert error.value.findings[0].severity == "error"
    assert str(of["a"][0]) in str(error.value)


def test_too_short_a_time_before_is_refused_with_the_shortest_there_may_be():
    with pytest.raises(EstimationError, match="Opptaket 2 har 1 perioder før oppstart, og metoden trenger minst 2"):
        rows({"a": (2, [1.0, 2, 3]), "b": (NEVER, [1.0, 2, 2]), "c": (NEVER, [0.0, 1, 1])})


def test_one_cohort_that_cannot_be_estimated_does_not_stop_the_others():
    of = noisy([2.0] * 2 + [5.0] * 2 + [np.nan] * 5, n_periods=7, seed=13)
    effects = synthesise(compare(panel(of)))
    table = effects.to_frame()
    assert table["estimate"].isna().tolist() == [False, True, False]
    assert table["estimate"].iloc[0] == table["estimate"].iloc[2]
    assert "EST-42" in codes(effects)


@pytest.mark.parametrize(
    "options", [{"kind": "sdid"}, {"inference": "cr2"}, {"solver": "qp"}, {"level": 1.0}, {"draws": 0}]
)
def test_unknown_options_are_refused(options):
    with pytest.raises(EstimationError) as error:
        synthesise(compare(panel(PARALLEL)), **options)
    assert error.value.findings[0].code == "EST-04"


def test_figures_that_do_not_vary_give_no_standard_error():
    of = {u: (4 if u < "u2" else NEVER, [1.0, 2, 3, 4, 5]) for u in ("u0", "u1", "u2", "u3", "u4")}
    table = rows(of)
    assert table["estimate"].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert table["std_error"].isna().all()


def test_the_method_names_the_kind():
    assert [rows(PARALLEL, kind)["method"].iloc[0] for kind in KINDS] == ["synthetic", "synthetic_control", "did"]
