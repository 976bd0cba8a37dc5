"""What must hold with covariates for every panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

NUMBERS = ["estimate", "std_error", "degrees_of_freedom", "conf_low"]
CALLS = (
    {"method": "group_time", "adjust": "dr", "covariates": ["x", "z"]},
    {"method": "group_time", "adjust": "reg", "covariates": ["x", "z"], "base": 2, "inference": "influence"},
    {"method": "group_time", "adjust": "ipw", "covariates": ["x"], "base": (-3, -1)},
    {"method": "lagged_outcome", "lags": 2, "covariates": ["z"]},
)
few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Two intakes and a pool, two covariates, one of them changing over time, weights and holes now and then."""
    sizes = [draw(st.integers(4, 6)), draw(st.integers(4, 6)), draw(st.integers(15, 20))]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, n_periods = sum(sizes), draw(st.integers(6, 7))
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"m{i:02d}" for i in range(n)], n_periods),
            "t": np.tile(np.arange(1, n_periods + 1), n),
            "y": rng.standard_normal(n * n_periods),
            "g": np.repeat(np.repeat([4.0, 5.0, np.nan], sizes), n_periods),
            "w": np.repeat(rng.uniform(0.5, 2, n) if draw(st.booleans()) else np.ones(n), n_periods),
            "x": np.repeat(rng.standard_normal(n), n_periods),
            "z": rng.standard_normal(n * n_periods),
        }
    )
    return frame[rng.random(len(frame)) >= draw(st.sampled_from([0.0, 0.03]))].reset_index(drop=True)


def results(frame: pd.DataFrame) -> pd.DataFrame:
    design = compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w"))
    tables = [estimate(design, **call) for call in CALLS]
    return pd.concat([shown for t in tables for shown in (t.frame, t.aggregate("overall").frame)], ignore_index=True)


def assert_same(a: pd.DataFrame, b: pd.DataFrame, *, factor: float = 1.0) -> None:
    assert len(a) == len(b)
    for column in NUMBERS:
        scale = 1.0 if column == "degrees_of_freedom" else factor
        expected = pytest.approx(scale * a[column].to_numpy(), nan_ok=True, rel=1e-6, abs=1e-7 * abs(scale))
        assert b[column].to_numpy() == expected, column


@few
@given(frame=frames(), factor=st.sampled_from([1e-3, 1e4]))
def test_units_and_zero_points_of_covariates_do_not_matter(frame, factor):
    assert_same(results(frame), results(frame.assign(x=factor * frame["x"] + 1, z=5 - frame["z"])))


@few
@given(frame=frames(), factor=st.sampled_from([0.01, 1000.0]))
def test_another_unit_of_the_outcome_scales_everything(frame, factor):
    assert_same(results(frame), results(frame.assign(y=factor * frame["y"])), factor=factor)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_and_common_changes_do_not_matter(frame, seed):
    before = frame.copy(deep=True)
    first = results(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(first, results(frame.sample(frac=1, random_state=seed)))
    assert_same(first, results(frame.assign(y=frame["y"] + 10 * np.sin(frame["t"]))))


@few
@given(frame=frames())
def test_an_effect_added_to_the_treated_cells_is_found(frame):
    a, b = results(frame), results(frame.assign(y=frame["y"] + (frame["t"] >= frame["g"])))
    after = a["event_time"].ge(0).fillna(True).to_numpy(bool)
    moved = (b["estimate"] - a["estimate"]).to_numpy()
    assert moved[after] == pytest.approx(np.where(a["estimate"].isna(), np.nan, 1.0)[after], nan_ok=True, abs=1e-7)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_adding_a_sum_of_the_covariates_to_every_change_moves_no_regression(frame, seed):
    """A change that follows the covariate in a straight line is what regression takes away, whatever its slope."""
    slope = np.random.default_rng(seed).normal(0, 5)
    moved = frame.assign(y=frame["y"] + slope * frame["x"] * frame["t"])
    design = [
        compare(Panel.from_frame(f, unit="unit", period="t", outcome="y", cohort="g", weights="w"))
        for f in (frame, moved)
    ]
    for adjust in ("reg", "dr"):
        a, b = (estimate(d, "group_time", covariates=["x"], adjust=adjust).frame for d in design)
        assert b["estimate"].to_numpy() == pytest.approx(a["estimate"].to_numpy(), nan_ok=True, abs=1e-7)
        assert b["std_error"].to_numpy() == pytest.approx(a["std_error"].to_numpy(), nan_ok=True, abs=1e-7)
