"""The bracket: each member is the estimator it says it is, and what is missing is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.bracket import bracket, bracket_rows
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.results import COLUMNS

N_UNITS, N_PERIODS = 40, 20


def draw(*, effect=-2.0, weights=False, start=14, first=("2004Q1", 8016)):
    """Forty municipalities, twenty quarters; six start in quarter ``start`` and three two quarters later."""
    rng = np.random.default_rng(5)
    ordinals = np.arange(first[1], first[1] + N_PERIODS)
    starts = np.full(N_UNITS, np.nan)
    starts[:6], starts[6:9] = ordinals[start], ordinals[start + 2]
    y = rng.normal(8, 1, (N_UNITS, 1)) + rng.normal(0, 0.4, (N_UNITS, N_PERIODS))
    y += effect * (ordinals[None, :] >= starts[:, None])
    labels = [f"{o // 4}Q{o % 4 + 1}" for o in ordinals]
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"{i:04d}" for i in range(N_UNITS)], N_PERIODS),
            "t": labels * N_UNITS,
            "y": y.ravel(),
            "g": np.repeat([None if np.isnan(s) else f"{int(s) // 4}Q{int(s) % 4 + 1}" for s in starts], N_PERIODS),
            "w": np.repeat(rng.uniform(50, 500, N_UNITS), N_PERIODS),
        }
    )
    columns = {"unit": "unit", "period": "t", "outcome": "y", "cohort": "g"}
    return Panel.from_frame(frame, **columns, **({"weights": "w"} if weights else {}))


@pytest.fixture(scope="module")
def design():
    return compare(draw(), "not_yet_treated", anticipation=1)


@pytest.fixture(scope="module")
def found(design):
    return bracket(design)


def test_there_are_seven_rows_overall_and_for_each_cohort(found):
    assert list(found.frame.columns) == ["member", *COLUMNS]
    for cohort in (None, "2007Q3", "2008Q1"):
        rows = found.rows(cohort)
        assert tuple(rows["member"]) == MEMBERS
        assert set(rows["estimand"]) == {"overall" if cohort is None else "cohort"}
        assert rows["estimate"].notna().all()


OPTIONS = {
    "group_time_recent": {"method": "group_time", "base": "universal"},
    "group_time_early": {"method": "group_time", "base": (-12, -5)},
    "imputation": {"method": "imputation"},
    "imputation_donut": {"method": "imputation", "donut": 4},
    "lagged_outcome": {"method": "lagged_outcome"},
    "synthetic": {"method": "synthetic"},
}


@pytest.mark.parametrize("member", OPTIONS)
def test_a_member_is_the_estimate_that_anybody_gets(design, found, member):
    direct = estimate(design, **OPTIONS[member])
    rows = found.frame[found.frame["member"] == member].drop(columns="member").reset_index(drop=True)
    assert_frame_equal(rows.iloc[:1], direct.aggregate("overall").frame, check_exact=True)
    figures = ["cohort", "estimate", "conf_low", "conf_high", "smallest_detectable", "n_treated", "n_comparison"]
    assert_frame_equal(
        rows.iloc[1:][figures].reset_index(drop=True),
        direct.aggregate("cohort").frame[figures].reset_index(drop=True),
        check_exact=False,
        rtol=1e-12,
    )


@pytest.mark.parametrize("cohort", [None, "2007Q3", "2008Q1"])
def test_the_same_level_is_imputation_against_that_pool(design, found, cohort):
    direct = estimate(mimic_selection(design, cohort)).aggregate("overall").frame.iloc[0]
    row = found.rows(cohort).set_index("member").loc["same_level"]
    assert row["estimate"] == direct["estimate"]
    assert (row["comparison"], row["n_comparison"]) == ("same_level", direct["n_comparison"])


def test_a_large_effect_is_told_and_the_verdict_follows_direction(found):
    assert found.verdict(improvement="decrease") == "better"
    assert found.verdict(improvement="increase", cohort="2007Q3") == "worse"
    assert found.check.passed is True
    assert found.check.text_key == "check.bracket.passed"
    assert dict(found.check.facts) == {"n_members": 7, "n_agreeing": 7}


def test_without_an_effect_there_is_no_direction():
    found = bracket(compare(draw(effect=0.0), "not_yet_treated"))
    assert found.verdict(improvement="decrease") == "cannot_be_told"
    assert (found.check.passed, found.check.text_key) == (None, "check.bracket.not_applicable")


def test_weights_reach_every_member():
    plain, heavy = (bracket(compare(draw(weights=w), "not_yet_treated")) for w in (False, True))
    assert set(heavy.frame["weighting"]) == {"employee"}
    assert (plain.rows()["estimate"] != heavy.rows()["estimate"]).all()


def test_the_year_left_out_moves_with_the_anticipation():
    design = compare(draw(), "not_yet_treated", anticipation=6)
    direct = estimate(design, "group_time", base=(-14, -7)).aggregate("overall").frame.iloc[0]
    row = bracket(design).rows().set_index("member").loc["group_time_early"]
    assert row["estimate"] == direct["estimate"]


def test_what_the_panel_does_not_allow_is_missing_and_told():
    """Two quarters before the first start, four before the second: there is no year to leave out."""
    panel = draw(start=2)
    short = bracket(compare(panel, "not_yet_treated"))
    rows = short.rows("2004Q3").set_index("member")
    assert rows.loc[["group_time_early", "imputation_donut"], "estimate"].isna().all()
    assert short.bump is None
    assert "EST-51" in {item.code for item in short.warnings}
    assert {item.severity for item in short.warnings} == {"warning"}


def test_without_a_pool_the_headline_stands_alone_and_nothing_is_called_better():
    panel = draw()
    started = np.isfinite(panel.start)
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.array(panel.units)[started], N_PERIODS),
            "t": list(panel.periods) * int(started.sum()),
            "y": panel.outcome[started].ravel(),
            "g": np.repeat(np.array(panel.cohort)[started], N_PERIODS),
        }
    )
    found = bracket(
        compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "not_yet_treated")
    )
    rows = found.rows().set_index("member")
    assert rows.loc["imputation", "conf_high"] < 0
    assert rows.loc[["synthetic", "same_level"], "estimate"].isna().all()
    assert {"DES-15"} <= {item.code for item in found.warnings}
    assert found.verdict(improvement="decrease") != "better"


def test_a_cohort_that_is_not_there_is_refused(found):
    with pytest.raises(EstimationError) as caught:
        bracket_rows(found.frame, "2010Q1")
    assert caught.value.findings[0].code == "EST-10"


def test_the_frame_is_a_copy_and_the_design_is_not_changed(design, found):
    before = design.panel.outcome.copy()
    copy = found.to_frame()
    copy.loc[0, "estimate"] = 99.0
    assert found.frame.loc[0, "estimate"] != 99.0
    bracket(design)
    assert (design.panel.outcome == before).all()
