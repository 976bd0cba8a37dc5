"""What must hold for all panels and all covariances: sums, order, scale, bounds that contain each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.bacon import bacon
from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest_from
from kvalitet_eval.estimate.leave_out import leave_one_out
from kvalitet_eval.estimate.pretrends import pretrends
from kvalitet_eval.prepare.panel import Panel

few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CLOSE = {"rel": 1e-7, "abs": 1e-8}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Complete panels: two or three intakes that start in period 4 or later, and a pool."""
    n_periods = draw(st.integers(7, 9))
    sizes = draw(st.lists(st.integers(2, 4), min_size=2, max_size=3))
    starts = draw(st.lists(st.integers(4, n_periods), min_size=len(sizes), max_size=len(sizes), unique=True))
    start = np.repeat([*map(float, starts), np.nan], [*sizes, draw(st.integers(3, 5))])
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(start)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"m{i:02d}" for i in range(n)], n_periods),
            "t": np.tile(np.arange(1, n_periods + 1), n),
            "y": rng.standard_normal(n * n_periods),
            "g": np.repeat(start, n_periods),
            "w": np.repeat(rng.uniform(0.5, 3, n) if draw(st.booleans()) else np.ones(n), n_periods),
        }
    )


@st.composite
def studies(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Coefficients and a covariance of full rank."""
    n_pre, n_post = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    root = rng.standard_normal((n_pre + n_post, n_pre + n_post + 3))
    return rng.standard_normal(n_pre + n_post), root @ root.T / 20, n_pre, n_post


def design_of(frame: pd.DataFrame):
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w"))


def numbers(frame: pd.DataFrame) -> list[np.ndarray]:
    """Everything that the checks compute from a panel."""
    design = design_of(frame)
    effects = estimate(design, "group_time")
    tested = pretrends(effects, least_share=0)
    return [
        bacon(design).frame[["weight", "estimate"]].to_numpy(),
        bump(design).frame[["estimate", "std_error"]].to_numpy(),
        np.array([tested.test.p_value, tested.slope_half]),
        leave_one_out(design).table[["estimate", "conf_low"]].to_numpy(),
    ]


def assert_same(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    for a, b in zip(one, other, strict=True):
        assert b == pytest.approx(a, nan_ok=True, **CLOSE)


@few
@given(frame=frames())
def test_the_decomposition_adds_up_to_the_two_way_estimate(frame):
    design = design_of(frame)
    found = bacon(design)
    two_way = estimate(design, "two_way").frame["estimate"].item()
    assert found.frame["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (found.frame["weight"] > 0).all()
    assert found.frame["weight"] @ found.frame["estimate"] == pytest.approx(two_way, abs=1e-8)
    assert found.two_way == pytest.approx(two_way, abs=1e-8)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_levels_and_order_do_not_matter_and_the_frame_is_not_changed(frame, seed):
    rng = np.random.default_rng(seed)
    before, first = frame.copy(deep=True), numbers(frame)
    pd.testing.assert_frame_equal(frame, before)
    moved = frame.sample(frac=1, random_state=seed)
    for column in ("unit", "t"):
        moved["y"] += moved[column].map({value: 10 * rng.standard_normal() for value in frame[column].unique()})
    assert_same(first, numbers(moved))


@few
@given(study=studies())
def test_a_wider_bound_on_slopes_gives_a_wider_interval(study):
    found = honest_from(*study, kind="smooth", mbar=(0.0, 0.3, 1.0, 3.0)).frame
    assert (np.diff(found["conf_high"] - found["conf_low"]) > -1e-9).all()


@few
@given(study=studies(), mbar=st.floats(0, 5))
def test_the_relative_interval_holds_what_the_estimates_themselves_allow(study, mbar):
    """Effects that fit the estimates without any noise are never rejected."""
    beta, _, n_pre, _ = study
    largest = np.abs(np.diff([*beta[:n_pre], 0.0])).max(initial=0.0) if n_pre > 1 else abs(beta[0])
    row = honest_from(*study, mbar=(mbar,)).frame.iloc[0]
    assert row["conf_low"] <= beta[n_pre] - mbar * largest + 1e-6
    assert row["conf_high"] >= beta[n_pre] + mbar * largest - 1e-6


@few
@given(study=studies(), kind=st.sampled_from(["relative", "smooth"]), factor=st.sampled_from([0.001, 30.0]))
def test_another_unit_of_measure_scales_the_interval_and_keeps_the_breakdown(study, kind, factor):
    beta, sigma, n_pre, n_post = study
    scale = factor if kind == "smooth" else 1.0
    one = honest_from(beta, sigma, n_pre, n_post, kind=kind, mbar=(0.5,))
    other = honest_from(factor * beta, factor**2 * sigma, n_pre, n_post, kind=kind, mbar=(0.5 * scale,))
    limits = one.frame[["conf_low", "conf_high"]].to_numpy() * factor
    size = np.abs(limits).max()
    assert other.frame[["conf_low", "conf_high"]].to_numpy() == pytest.approx(limits, abs=1e-5 * size)
    assert other.breakdown == pytest.approx(scale * one.breakdown, rel=1e-4)


@few
@given(study=studies())
def test_a_straight_line_through_the_reference_moves_no_smooth_interval(study):
    beta, sigma, n_pre, n_post = study
    times = np.concatenate([np.arange(-n_pre, 0), np.arange(1, n_post + 1)])
    one, other = (
        honest_from(b, sigma, n_pre, n_post, kind="smooth", mbar=(0.2,)).frame for b in (beta, beta + 2 * times)
    )
    assert other["conf_low"].item() == pytest.approx(one["conf_low"].item(), abs=1e-7)
