"""What must hold for every panel: levels, scale, order, names and strangers do not matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

NUMBERS = ["estimate", "std_error", "degrees_of_freedom", "conf_low", "conf_high", "smallest_detectable"]
COUNTS = ["n_treated", "n_comparison", "n_clusters", "n_cohorts"]
METHODS = ("imputation", "group_time", "two_way")
SAME = {"rel": 1e-7, "abs": 1e-8}  # outcomes are of order one; sums run in another order
few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Two cohorts and a pool of random sizes over random periods, with holes and weights now and then."""
    sizes = [draw(st.integers(2, 4)) for _ in range(3)]
    n_periods = draw(st.integers(5, 8))
    first = draw(st.integers(3, n_periods - 1))
    starts = np.repeat([float(first), float(draw(st.integers(first + 1, n_periods))), np.nan], sizes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(starts)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"m{i:02d}" for i in range(n)], n_periods),
            "t": np.tile(np.arange(1, n_periods + 1), n),
            "y": rng.standard_normal(n * n_periods),
            "g": np.repeat(starts, n_periods),
            "w": np.repeat(rng.uniform(0.5, 3, n) if draw(st.booleans()) else np.ones(n), n_periods),
        }
    )
    return frame[rng.random(len(frame)) >= draw(st.sampled_from([0.0, 0.1]))].reset_index(drop=True)


def results(frame: pd.DataFrame, comparison: str = "not_yet_treated") -> pd.DataFrame:
    """Cells of all methods and the averages of imputation over event time, in one table."""
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w")
    design = compare(panel, comparison)
    tables = []
    for method in METHODS:
        effects = estimate(design, method)
        tables.append(effects.to_frame())
        if method == "imputation":
            tables.append(effects.aggregate("event_time").to_frame())
    return pd.concat(tables, ignore_index=True)


def assert_same(a: pd.DataFrame, b: pd.DataFrame, columns: list[str] = NUMBERS, factor: float = 1.0) -> None:
    assert len(a) == len(b)
    assert a[COUNTS].equals(b[COUNTS])
    for column in columns:
        scale = 1.0 if column == "degrees_of_freedom" else factor
        expected = pytest.approx(
            scale * a[column].to_numpy(), nan_ok=True, rel=SAME["rel"], abs=SAME["abs"] * abs(scale)
        )
        assert b[column].to_numpy() == expected, column


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_a_constant_per_municipality_and_per_period_moves_nothing(frame, seed):
    rng = np.random.default_rng(seed)
    moved = frame.copy()
    for column in ("unit", "t"):
        levels = {value: 10 * rng.standard_normal() for value in frame[column].unique()}
        moved["y"] += moved[column].map(levels)
    assert_same(results(frame), results(moved))


@few
@given(frame=frames(), factor=st.sampled_from([2.0, 0.01, 1000.0]))
def test_another_unit_of_measure_scales_estimates_and_errors(frame, factor):
    assert_same(results(frame), results(frame.assign(y=factor * frame["y"])), factor=factor)


@few
@given(frame=frames())
def test_the_other_sign_mirrors_everything(frame):
    a, b = results(frame), results(frame.assign(y=-frame["y"]))
    assert b["estimate"].to_numpy() == pytest.approx(-a["estimate"].to_numpy(), nan_ok=True, **SAME)
    assert b["conf_low"].to_numpy() == pytest.approx(-a["conf_high"].to_numpy(), nan_ok=True, **SAME)
    assert b["p_value"].to_numpy() == pytest.approx(a["p_value"].to_numpy(), nan_ok=True, **SAME)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter_and_the_frame_is_not_changed(frame, seed):
    before = frame.copy(deep=True)
    first = results(frame)
    pd.testing.assert_frame_equal(frame, before)
    second = results(frame.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(first, second)  # exactly: the panel sorts


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_names_of_municipalities_and_of_intakes_do_not_matter(frame, seed):
    rng = np.random.default_rng(seed)
    units = frame["unit"].unique()
    renamed = frame.assign(unit=frame["unit"].map(dict(zip(units, rng.permutation(units), strict=True))))
    assert_same(results(frame), results(renamed))
    named = renamed.assign(name=np.where(frame["g"].isna(), "", "intake " + (9 - frame["g"]).astype(str)))
    panel = Panel.from_frame(named, unit="unit", period="t", outcome="y", cohort="g", weights="w", cohort_name="name")
    cells = estimate(compare(panel)).to_frame()
    original = results(frame).query("method == 'imputation' and estimand == 'cell'")
    assert cells["estimate"].to_numpy() == pytest.approx(original["estimate"].to_numpy(), nan_ok=True, **SAME)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_a_municipality_in_no_role_does_not_matter(frame, seed):
    rng = np.random.default_rng(seed)
    strangers = pd.concat(
        [
            pd.DataFrame({"unit": "early", "t": sorted(frame["t"].unique()), "g": 1.0}),
            pd.DataFrame({"unit": "late", "t": sorted(frame["t"].unique()), "g": 99.0}),
        ]
    )
    strangers = strangers.assign(y=rng.standard_normal(len(strangers)) * 50, w=7.0)
    more = pd.concat([frame, strangers], ignore_index=True)
    assert_same(results(frame, "never_treated"), results(more, "never_treated"))


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1), start=st.sampled_from([np.nan, 99.0]))
def test_a_municipality_with_one_figure_does_not_matter(frame, seed, start):
    """It is in the pool by its role; one figure says nothing of any change, whatever its size and weight."""
    rng = np.random.default_rng(seed)
    one = {"unit": "a stranger", "t": rng.choice(frame["t"].unique()), "g": start, "y": 50 * rng.standard_normal()}
    more = pd.concat([frame, pd.DataFrame([one | {"w": 40.0}])], ignore_index=True)
    assert_same(results(frame), results(more))


@few
@given(frame=frames(), periods=st.integers(-5, 2000))
def test_another_calendar_does_not_matter(frame, periods):
    moved = frame.assign(t=frame["t"] + 2100 + periods, g=frame["g"] + 2100 + periods)
    assert_same(results(frame), results(moved))


@few
@given(frame=frames())
def test_a_treated_municipality_shifted_by_an_effect_shifts_the_effect(frame):
    """Adding one to every treated cell adds one to every effect from the start on, and to the traditional one."""
    shifted = frame.assign(y=frame["y"] + (frame["t"] >= frame["g"]))
    a, b = results(frame), results(shifted)
    after = a["event_time"].ge(0).fillna(True).to_numpy(bool)
    difference = (b["estimate"] - a["estimate"]).to_numpy()
    expected = np.where(a["estimate"].isna(), np.nan, after.astype(float))  # a lead, too, may not be identified
    assert difference == pytest.approx(expected, nan_ok=True, abs=1e-8)
    assert b["std_error"].to_numpy() == pytest.approx(a["std_error"].to_numpy(), nan_ok=True, **SAME)


SCRIPT = """
import json, numpy as np, pandas as pd
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
rng = np.random.default_rng(1)
g = np.repeat([4.0] * 3 + [6.0] * 3 + [np.nan] * 5, 8)
frame = pd.DataFrame({"unit": np.repeat([f"m{i}" for i in range(11)], 8), "t": np.tile(range(1, 9), 11), "g": g,
                      "y": rng.standard_normal(88)})
design = compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"))
tables = [estimate(design, m).to_frame() for m in ("group_time", "two_way")]
tables.append(estimate(design).aggregate("event_time").to_frame())
print(json.dumps([t[["estimate", "std_error", "band_low", "p_value"]].to_numpy().tolist() for t in tables]))
"""


def test_the_hash_seed_does_not_matter():
    """Two processes with different hash seeds give the same digits, band included."""
    answers = []
    for seed in ("0", "7"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
        )
        answers.append(json.loads(ran.stdout))
    assert json.dumps(answers[0]) == json.dumps(answers[1])
