"""What must hold in the synthetic family for every panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.municipal import municipal_effects
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.estimate.synthetic_cells import list_weights
from kvalitet_eval.prepare.panel import Panel

TWO = ("synthetic_did", "synthetic_control")
KINDS = ("synthetic_did", "synthetic_control", "did")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "smallest_detectable"]
SAME = {"rel": 1e-6, "abs": 1e-7}  # outcomes are of order one; the iterations magnify rounding a little
few = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Two cohorts and a pool of random sizes over random periods."""
    sizes = [draw(st.integers(2, 3)), draw(st.integers(2, 4)), draw(st.integers(4, 9))]
    n_periods = draw(st.integers(6, 9))
    first = draw(st.integers(3, n_periods - 1))
    starts = np.repeat([float(first), float(draw(st.integers(first + 1, n_periods))), np.nan], sizes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(starts)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"m{i:02d}" for i in range(n)], n_periods),
            "t": np.tile(np.arange(1, n_periods + 1), n),
            "y": rng.standard_normal(n * n_periods),
            "g": np.repeat(starts, n_periods),
        }
    )


def design_of(frame: pd.DataFrame, comparison: str = "never_treated"):
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), comparison)


def results(frame: pd.DataFrame, kinds: tuple[str, ...] = KINDS, solver: str = "exact") -> pd.DataFrame:
    design = design_of(frame)
    tables = [
        synthesise(design, kind=k, solver=solver).aggregate(a).to_frame() for k in kinds for a in ("overall", "cell")
    ]
    return pd.concat(tables, ignore_index=True)


def assert_same(a: pd.DataFrame, b: pd.DataFrame, factor: float = 1.0) -> None:
    for column in NUMBERS:
        expected = pytest.approx(factor * a[column].to_numpy(), nan_ok=True, rel=SAME["rel"], abs=SAME["abs"] * factor)
        assert b[column].to_numpy() == expected, column


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_a_constant_per_period_moves_nothing_and_one_per_municipality_only_synthetic_control(frame, seed):
    rng = np.random.default_rng(seed)
    periods = {t: 10 * rng.standard_normal() for t in frame["t"].unique()}
    assert_same(results(frame), results(frame.assign(y=frame["y"] + frame["t"].map(periods))))
    units = {u: 10 * rng.standard_normal() for u in frame["unit"].unique()}
    moved = frame.assign(y=frame["y"] + frame["unit"].map(units))
    free = ("synthetic_did", "did")
    assert_same(results(frame, free), results(moved, free))


@few
@given(frame=frames(), factor=st.sampled_from([4.0, 0.25, 1024.0]))
def test_another_unit_of_measure_scales_estimates_and_errors(frame, factor):
    assert_same(results(frame), results(frame.assign(y=factor * frame["y"])), factor=factor)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_the_published_weights_mind_neither_levels_nor_the_unit_of_measure(frame, seed):
    rng = np.random.default_rng(seed)
    units = {u: 10 * rng.standard_normal() for u in frame["unit"].unique()}
    moved = frame.assign(y=4 * (frame["y"] + frame["unit"].map(units)))
    published = {"kinds": ("synthetic_did",), "solver": "frank_wolfe"}
    assert_same(results(frame, **published), results(moved, **published), factor=4.0)


@few
@given(frame=frames())
def test_the_other_sign_mirrors_the_estimates(frame):
    a, b = results(frame), results(frame.assign(y=-frame["y"]))
    assert b["estimate"].to_numpy() == pytest.approx(-a["estimate"].to_numpy(), **SAME)
    assert b["std_error"].to_numpy() == pytest.approx(a["std_error"].to_numpy(), nan_ok=True, **SAME)


@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_order_names_and_strangers_do_not_matter_and_the_frame_is_not_changed(frame, seed):
    rng = np.random.default_rng(seed)
    before = frame.copy(deep=True)
    first = results(frame, TWO)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(first, results(frame.sample(frac=1, random_state=seed), TWO))
    units = frame["unit"].unique()
    renamed = frame.assign(unit=frame["unit"].map(dict(zip(units, rng.permutation(units), strict=True))))
    assert_same(first, results(renamed, TWO))
    stranger = pd.DataFrame({"unit": "late", "t": sorted(frame["t"].unique()), "g": 99.0})
    stranger["y"] = 50 * rng.standard_normal(len(stranger))
    assert_same(first, results(pd.concat([frame, stranger], ignore_index=True), TWO))


@few
@given(
    frame=frames(),
    seed=st.integers(0, 2**32 - 1),
    one_figure=st.booleans(),
    rule=st.sampled_from([("never_treated", np.nan), ("not_yet_treated", np.nan), ("not_yet_treated", 99.0)]),
)
def test_who_lacks_the_figures_to_be_compared_with_does_not_matter(frame, seed, one_figure, rule):
    """One figure, or all but one: in the pool by its role, in no comparison by its figures."""
    rng = np.random.default_rng(seed)
    periods, hole = np.array(sorted(frame["t"].unique())), rng.integers(frame["t"].nunique())
    kept = periods[[hole]] if one_figure else np.delete(periods, hole)
    comparison, start = rule
    stranger = pd.DataFrame({"unit": "a stranger", "t": kept, "g": start, "y": 50 * rng.standard_normal(len(kept))})
    designs = [design_of(rows, comparison) for rows in (frame, pd.concat([frame, stranger], ignore_index=True))]
    for inference in ("jackknife", "placebo"):
        tables = [synthesise(design, solver="exact", inference=inference, draws=5) for design in designs]
        first, second = (pd.concat([t.to_frame(), t.aggregate("cell").to_frame()]) for t in tables)
        assert_same(first, second)
        for column in ("degrees_of_freedom", "p_value", "n_comparison", "n_clusters"):
            expected = pytest.approx(first[column].to_numpy(float), nan_ok=True, rel=1e-6)
            assert second[column].to_numpy(float) == expected, column


@few
@given(frame=frames())
def test_weights_are_shares(frame):
    for kind in KINDS:
        for solver in ("exact", "frank_wolfe"):
            weights = list_weights(design_of(frame), kind=kind, solver=solver)
            assert (weights["weight"] >= 0).all()
            sums = weights.groupby(["cohort", "part"])["weight"].sum()
            for (_, part), total in sums.items():
                none = kind == "synthetic_control" and part == "period"
                assert total == pytest.approx(0.0 if none else 1.0)


@few
@given(frame=frames())
def test_single_municipalities_do_not_depend_on_each_other(frame):
    all_together = municipal_effects(design_of(frame)).set_index("unit")
    unit = all_together.index[0]
    alone = municipal_effects(design_of(frame[frame["g"].isna() | (frame["unit"] == unit)])).set_index("unit")
    for column in ("estimate", "p_value", "std_error", "gap_before"):
        assert alone.loc[unit, column] == pytest.approx(all_together.loc[unit, column], nan_ok=True, **SAME)
