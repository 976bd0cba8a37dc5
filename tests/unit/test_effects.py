"""The one entrance to all estimators, and the vocabulary of what comes out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import NEVER, THREE, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import BASES, METHODS, estimate
from kvalitet_eval.results import COLUMNS, EffectTable

NAN = np.nan
ROWS = noisy([4, 4, 4, 6, 6, NAN, NAN, NAN], n_periods=8, seed=7)
TABLES = {
    **{(method, "as estimated"): (method, None) for method in METHODS},
    **{(m, k): (m, k) for m in METHODS[:2] for k in ("overall", "cohort", "event_time", "calendar", "cell")},
}


def make(method: str, kind: str | None) -> EffectTable:
    found = estimate(compare(panel(ROWS)), method)
    return found if kind is None else found.aggregate(kind)


@pytest.mark.parametrize("key", TABLES, ids=" ".join)
def test_every_table_speaks_the_common_vocabulary(key):
    frame = make(*TABLES[key]).to_frame()
    assert {name: str(frame[name].dtype) for name in frame} == {n: dtype for n, (dtype, _) in COLUMNS.items()}
    assert list(frame) == list(COLUMNS)
    assert len(frame)
    known = frame[frame["std_error"].notna()]
    assert len(known)
    assert (known["conf_low"] < known["estimate"]).all()
    assert (known["estimate"] < known["conf_high"]).all()
    assert (known["p_value"].between(0, 1)).all()
    assert (known["smallest_detectable"] > known["conf_high"] - known["estimate"]).all()
    assert ((known["p_value"] < 0.05) == ((known["conf_low"] > 0) | (known["conf_high"] < 0))).all()
    if TABLES[key][1] is not None:
        assert (known["band_low"] <= known["conf_low"]).all()
        assert (known["band_high"] >= known["conf_high"]).all()
    else:
        assert frame[["band_low", "band_high"]].isna().all().all()
    assert (frame["conf_level"] == 0.95).all()
    assert set(frame["outcome"]) == {"y"}


def test_rows_are_in_order_of_event_time_within_a_cohort():
    for method in METHODS[:2]:
        for _, rows in make(method, "cell").to_frame().groupby("cohort"):
            assert rows["event_time"].is_monotonic_increasing


def test_one_cohort_by_name_with_its_own_band():
    found = make("imputation", None).aggregate("cell", cohort="6").to_frame()
    assert set(found["cohort"]) == {"6"}
    alone = make("imputation", None).aggregate("event_time", cohort="6").to_frame()
    for column in ("estimate", "std_error", "band_low", "n_treated"):
        assert alone[column].tolist() == pytest.approx(found[column].tolist(), rel=1e-9)


def test_a_cohort_nobody_belongs_to_is_refused_with_the_names_that_exist():
    with pytest.raises(EstimationError) as error:
        make("imputation", None).aggregate("overall", cohort="pulje_9")
    assert error.value.findings[0].code == "EST-10"
    assert "Velg et av disse: 4, 6." in str(error.value)


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("method", "ols", "imputation, group_time, synthetic, lagged_outcome, two_way"),
        ("inference", "hc1", "cr2, cluster, influence, conservative, multiplier, wild, permutation"),
        ("base", "g-1", "universal, varying, k >= 1, (first, last) < -anticipation"),
        ("base", 0, "universal, varying, k >= 1, (first, last) < -anticipation"),
        ("base", (-2, 0), "universal, varying, k >= 1, (first, last) < -anticipation"),
        ("base", (-2, -3), "universal, varying, k >= 1, (first, last) < -anticipation"),
        ("adjust", "aipw", "dr, ipw, reg"),
        ("lags", 0, ">= 1"),
        ("level", 95, "0 < level < 1"),
        ("leads", -1, ">= 0"),
    ],
)
def test_an_unknown_option_is_refused_with_what_is_allowed(option, value, allowed):
    with pytest.raises(EstimationError) as error:
        estimate(compare(panel(THREE)), **{option: value})
    item = error.value.findings[0]
    assert (item.code, item.column, item.found, item.facts["allowed"]) == ("EST-04", option, str(value), allowed)
    assert f"Tillatt: {allowed}." in str(error.value)


def test_warnings_name_the_rows_and_the_reason():
    found = estimate(compare(panel({**THREE, "d": (2, [0.0, 1, 1]), "e": (2, [0.0, 3, 1])}), "not_yet_treated"))
    lonely = next(w for w in found.warnings if w.code == "EST-05")
    assert lonely.facts["rows"] == "3 3 0"
    assert "1 anslag (imputation) hviler på én enkelt kommune" in str(EstimationError(lonely))


def test_the_level_moves_intervals_and_nothing_else():
    wide, narrow = (estimate(compare(panel(ROWS)), level=level).to_frame() for level in (0.99, 0.9))
    assert (wide["std_error"] == narrow["std_error"]).all()
    assert (wide["conf_low"] < narrow["conf_low"]).all()
    assert set(wide["conf_level"]) == {0.99}


def test_the_seed_moves_the_band_a_little_and_the_same_seed_not_at_all():
    def band(seed: int) -> pd.Series:
        return estimate(compare(panel(ROWS)), seed=seed).aggregate("event_time").to_frame()["band_low"]

    assert band(1).equals(band(1))
    assert not band(1).equals(band(2))
    assert band(1).to_numpy() == pytest.approx(band(2).to_numpy(), rel=0.03)


def test_base_is_for_group_time_only_and_effects_after_the_start_do_not_depend_on_it():
    tables = [estimate(compare(panel(ROWS)), "group_time", base=base).to_frame() for base in BASES]
    after = [table[table["event_time"] >= 0].reset_index(drop=True) for table in tables]
    pd.testing.assert_frame_equal(*after)
    assert len(tables[0]) == len(tables[1])


def test_synthetic_figures_stay_synthetic():
    found = panel(ROWS)
    object.__setattr__(found, "origin", "syntetisk")
    effects = estimate(compare(found))
    assert set(effects.to_frame()["origin"]) == set(effects.aggregate("overall").to_frame()["origin"]) == {"syntetisk"}


def test_more_anticipation_than_there_are_periods_is_a_design_error_not_a_crash():
    design = compare(panel({**ROWS, "late": (8, ROWS["u0"][1])}), anticipation=6)
    assert [c.name for c in design.cohorts] == ["8"]
    rows = estimate(design, leads=4).to_frame()
    assert rows["event_time"].tolist() == [-6, -5, -4, -3, -2, -1, 0]


def test_all_eventually_treated_without_pool_in_group_time():
    rows = {u: (g or 6, y) for u, (g, y) in ROWS.items()}
    frame = estimate(compare(panel(rows)), "group_time").to_frame().set_index(["cohort", "event_time"])["estimate"]
    assert frame["4"].notna().tolist() == [True, True, True, True] + [False] * 3
    assert frame["6"][[0, 1, 2]].isna().all()


@pytest.mark.parametrize("method", [method for method in METHODS if method != "synthetic"])
def test_a_unit_with_one_figure_is_no_obstacle(method):
    rows = {**ROWS, "once": (NEVER, [NAN, 3.0, *[NAN] * 6])}
    with_it, without = (estimate(compare(panel(r)), method).to_frame() for r in (rows, ROWS))
    for column in ("estimate", "std_error", "degrees_of_freedom", "n_clusters"):
        few = method == "lagged_outcome"  # some rows have no error: hardly more to compare with than to compare on
        expected = pytest.approx(without[column].tolist(), rel=1e-7 if few else 1e-9, nan_ok=few)
        assert with_it[column].tolist() == expected, column
