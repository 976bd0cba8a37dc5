"""Honest bounds and the decomposition of two-way estimates against values of R HonestDiD and bacondecomp."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.bacon import bacon
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest, honest_from
from kvalitet_eval.estimate.pretrends import pretrends
from kvalitet_eval.prepare.panel import Panel

SHARED = Path(__file__).resolve().parents[3] / "shared"
VALUES = SHARED / "reference" / "estimation_values.json"
RELATIVE = 0.001  # R searches a grid of 0.0004 and simulates its first critical value with 1 000 draws
SMOOTH = 1e-6  # printed with six decimals
CLOSED_FORM = 1e-8
pytestmark = pytest.mark.skipif(
    not VALUES.is_file(), reason=f"reference values are not beside the repository ({VALUES.parent})"
)


def values(name: str) -> dict:
    return json.loads(VALUES.read_text(encoding="utf-8"))[name]


def ehec() -> tuple[np.ndarray, np.ndarray]:
    table = pd.read_csv(SHARED / "data" / "ehec_beta_sigma.csv").to_numpy(float)
    return table[:, 0], table[:, 1:]


@pytest.mark.parametrize(
    ("kind", "key", "tolerance"), [("relative", "RM_README", RELATIVE), ("smooth", "SD_FLCI", SMOOTH)]
)
def test_honest_intervals_are_those_of_honestdid(kind, key, tolerance):
    expected = values("honest_ehec")[key]
    found = honest_from(*ehec(), 5, 2, mbar=[float(bound) for bound in expected], kind=kind).frame
    for row, limits in zip(found.itertuples(), expected.values(), strict=True):
        assert [row.conf_low, row.conf_high] == pytest.approx(limits, abs=tolerance), row.bound


def test_breakdown_lies_between_the_bounds_that_keep_and_lose_the_conclusion():
    beta, sigma = ehec()
    assert 1.5 < honest_from(beta, sigma, 5, 2).breakdown < 2
    assert 0.02 < honest_from(beta, sigma, 5, 2, kind="smooth").breakdown < 0.03


def castle() -> Panel:
    frame = pd.read_csv(SHARED / "data" / "castle_bacon.csv")
    frame["first"] = frame["state"].map(frame[frame["post"] == 1].groupby("state")["year"].min())
    return Panel.from_frame(
        frame, unit="state", period="year", outcome="l_homicide", cohort="first", unit_of_measure="log points"
    )


def test_decomposition_is_that_of_bacondecomp():
    expected, found = values("bacon_castle"), bacon(castle())
    assert found.two_way == pytest.approx(expected["twfe"], abs=CLOSED_FORM)
    table = found.by_type().set_index("type")
    assert len(table) == len(expected["by_type"])
    for name, value in expected["by_type"].items():
        row = table.loc[name.lower().replace(" ", "_")]
        assert [row["weight"], row["estimate"]] == pytest.approx([value["weight"], value["avg"]], abs=CLOSED_FORM), name


def mpdta(inference: str, base: str):
    frame = pd.read_csv(SHARED / "data" / "mpdta.csv")
    panel = Panel.from_frame(frame, unit="countyreal", period="year", outcome="lemp", cohort="first.treat")
    return estimate(compare(panel, "never_treated"), "group_time", base=base, inference=inference)


def test_pre_test_has_the_p_value_that_did_prints():
    """0.16812 in the documentation of R did (group-time effects of mpdta without covariates)."""
    found = pretrends(mpdta("influence", "varying"), kind="cell", small_sample=False)
    assert found.test.restrictions == 5
    assert found.test.p_value == pytest.approx(0.16812, abs=5e-6)


def test_honest_reads_the_table_as_r_reads_an_event_study_of_did():
    """The same limits from the table and from its coefficients by hand: -4, -3, -2 and 0 to 3, reference -1."""
    effects = mpdta("influence", "universal")
    rows = effects.aggregate("event_time").frame
    found = honest(effects, composition="all", small_sample=False)
    assert (found.n_pre, found.n_post) == (3, 4)
    assert rows["event_time"].tolist() == [-4, -3, -2, 0, 1, 2, 3]
    assert found.frame["estimate"].iloc[0] == rows["estimate"].iloc[3]
