"""Values computed by other programs (R) and by statsmodels on the same data; see docs/METHODS.md for the programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

SHARED = Path(__file__).resolve().parents[3] / "shared"
VALUES = SHARED / "reference" / "estimation_values.json"
CLOSED_FORM = 1e-8  # sums of the same numbers in another order; the reference prints ten digits or more
needs_values = pytest.mark.skipif(
    not VALUES.is_file(), reason=f"reference values are not beside the repository ({VALUES.parent})"
)


def read_values() -> dict:
    return json.loads(VALUES.read_text(encoding="utf-8"))


def mpdta() -> Panel:
    frame = pd.read_csv(SHARED / "data" / "mpdta.csv")
    return Panel.from_frame(
        frame, unit="countyreal", period="year", outcome="lemp", cohort="first.treat", unit_of_measure="log points"
    )


@pytest.fixture(scope="module")
def group_time():
    return {
        base: estimate(compare(mpdta(), "never_treated"), "group_time", base=base) for base in ("varying", "universal")
    }


@needs_values
def test_group_time_effects_are_those_of_the_r_package_did(group_time):
    expected = read_values()["cs_mpdta"]["values"]["nevertreated|~1|reg"]["att_gt"]
    rows = group_time["varying"].to_frame()
    found = {f"{row.cohort},{row.period}": row.estimate for row in rows.itertuples()}
    assert found.keys() == expected.keys()
    for key, (value, _) in expected.items():
        assert found[key] == pytest.approx(value, abs=CLOSED_FORM), key


@needs_values
@pytest.mark.parametrize(("kind", "name"), [("cohort", "group"), ("event_time", "dynamic"), ("calendar", "calendar")])
def test_aggregates_are_those_of_the_r_package_did(group_time, kind, name):
    expected = read_values()["cs_mpdta"]["values"]["nevertreated|~1|reg"]["agg"][name]
    rows = group_time["varying"].aggregate(kind).to_frame()
    label = rows[{"cohort": "cohort", "event_time": "event_time", "calendar": "period"}[kind]].astype(str)
    found = dict(zip(label, rows["estimate"], strict=True))
    assert set(found) == set(expected) - {"overall"}
    for key, value in found.items():
        assert value == pytest.approx(expected[key][0], abs=CLOSED_FORM), key


@needs_values
def test_overall_is_the_simple_average_of_did_and_the_att_of_sunab(group_time):
    values = read_values()
    overall = group_time["universal"].aggregate("overall").to_frame()["estimate"].item()
    simple = values["cs_mpdta"]["values"]["nevertreated|~1|reg"]["agg"]["simple"]["overall"][0]
    assert overall == pytest.approx(simple, abs=CLOSED_FORM)
    assert overall == pytest.approx(values["twfe_sa_mpdta"]["sunab_ATT"][0], abs=CLOSED_FORM)


@needs_values
def test_sun_abraham_is_group_time_with_never_treated_and_universal_base(group_time):
    expected = read_values()["twfe_sa_mpdta"]["sunab_es"]
    rows = group_time["universal"].aggregate("event_time").to_frame().set_index("event_time")["estimate"]
    assert {str(k) for k in rows.index} == set(expected)
    for key, (value, _) in expected.items():
        assert rows[int(key)] == pytest.approx(value, abs=CLOSED_FORM), key


@needs_values
@pytest.mark.parametrize(
    ("data", "key"), [("mpdta", ("twfe_sa_mpdta", "static_twfe", 0)), ("castle", ("bacon_castle", "twfe", None))]
)
def test_two_way_is_the_coefficient_of_fixest_and_of_bacondecomp(data, key):
    if data == "mpdta":
        panel = mpdta()
    else:
        frame = pd.read_csv(SHARED / "data" / "castle_bacon.csv")
        first = frame[frame["post"] == 1].groupby("state")["year"].min()
        frame["first"] = frame["state"].map(first)
        panel = Panel.from_frame(
            frame, unit="state", period="year", outcome="l_homicide", cohort="first", unit_of_measure="log points"
        )
    expected = read_values()[key[0]][key[1]]
    expected = expected if key[2] is None else expected[key[2]]
    assert estimate(compare(panel), "two_way").to_frame()["estimate"].item() == pytest.approx(expected, abs=CLOSED_FORM)


@needs_values
def test_standard_error_and_degrees_of_freedom_are_those_of_clubsandwich():
    """The file names 12 treated only; 294 compared with is the one number that gives its five printed decimals."""
    value = read_values()["cr2_bm_cohort"]["value_cohort_of_12"]
    panel, _ = two_groups(n_treated=12, n_comparison=294, sd_treated=0.5, sd_comparison=0.9)
    row = estimate(compare(panel, "never_treated"), leads=0).to_frame().iloc[0]
    n1, n0 = 12, 294
    df = (1 / n1 + 1 / n0) ** 2 / (1 / (n1**2 * (n1 - 1)) + 1 / (n0**2 * (n0 - 1)))
    assert row["degrees_of_freedom"] == pytest.approx(df, abs=CLOSED_FORM)
    assert row["degrees_of_freedom"] == pytest.approx(value["df_bm"], abs=5e-6)  # printed with five decimals
    p = 2 * stats.t.sf(abs(value["est"] / value["se"]), row["degrees_of_freedom"])
    assert p == pytest.approx(value["p_bm"], rel=1e-6)


def two_groups(*, n_treated: int, n_comparison: int, sd_treated: float, sd_comparison: float):
    """Two periods; the changes of both groups, so that everything is known by hand."""
    rng = np.random.default_rng(12)
    change = np.concatenate(
        [-1.1 + sd_treated * rng.standard_normal(n_treated), sd_comparison * rng.standard_normal(n_comparison)]
    )
    n = n_treated + n_comparison
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"{i:04d}" for i in range(n)], 2),
            "t": np.tile([1, 2], n),
            "y": np.column_stack([np.zeros(n), change]).ravel(),
            "g": np.repeat(np.where(np.arange(n) < n_treated, 2.0, np.nan), 2),
        }
    )
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    return panel, (change[:n_treated], change[n_treated:])


@pytest.mark.parametrize("method", ["imputation", "group_time", "two_way"])
def test_two_periods_are_a_difference_of_means_with_the_sum_of_variances_over_n(method):
    panel, (treated, comparison) = two_groups(n_treated=12, n_comparison=100, sd_treated=1.0, sd_comparison=0.3)
    row = estimate(compare(panel, "never_treated"), method).to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(treated.mean() - comparison.mean(), abs=CLOSED_FORM)
    by_hand = np.sqrt(treated.var(ddof=1) / 12 + comparison.var(ddof=1) / 100)
    assert row["std_error"] == pytest.approx(by_hand, abs=CLOSED_FORM)
    half = stats.t.ppf(0.975, row["degrees_of_freedom"]) * by_hand
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([row["estimate"] - half, row["estimate"] + half])
