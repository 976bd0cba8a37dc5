"""What must hold for every bootstrap and permutation: levels, scale, sign and strangers do not matter."""

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
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import Inference
from kvalitet_eval.estimate.multiplier import infer_multiplier
from kvalitet_eval.estimate.randomisation import infer_permutation
from kvalitet_eval.estimate.two_way import regress_two_way
from kvalitet_eval.estimate.wild import infer_wild
from kvalitet_eval.prepare.panel import Panel

few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAME = {"rel": 1e-6, "abs": 1e-8, "nan_ok": True}
WAYS = {"wild": infer_wild, "permutation": infer_permutation, "multiplier": infer_multiplier}


@st.composite
def frames(draw: st.DrawFn, *, holes: bool = False) -> pd.DataFrame:
    """One or two cohorts and a pool, 8 to 11 municipalities, so that wild and permutation go through all there is."""
    sizes = [2, draw(st.sampled_from([0, 2])), draw(st.integers(6, 7))]
    n_periods = draw(st.integers(4, 6))
    starts = np.repeat([3.0, float(n_periods), np.nan], sizes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = len(starts)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"m{i:02d}" for i in range(n)], n_periods),
            "t": np.tile(np.arange(1, n_periods + 1), n),
            "y": rng.standard_normal(n * n_periods),
            "g": np.repeat(starts, n_periods),
        }
    )
    return frame[rng.random(len(frame)) >= (0.1 if holes else 0.0)].reset_index(drop=True)


def results(frame: pd.DataFrame, way: str) -> list[Inference]:
    """Event times and overall by imputation, and the two-way coefficient."""
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    cells = build_cells(compare(panel))
    form = impute(cells, leads=0)
    forms = [aggregate_cells(form, "event_time"), aggregate_cells(form, "overall"), regress_two_way(cells)]
    return [WAYS[way](one, draws=99, seed=3) for one in forms]


def assert_same(first: list[Inference], second: list[Inference], factor: float = 1.0) -> None:
    for a, b in zip(first, second, strict=True):
        assert b.p_value == pytest.approx(a.p_value, **SAME)
        low, high = (a.conf_low, a.conf_high) if factor > 0 else (a.conf_high, a.conf_low)
        assert b.conf_low == pytest.approx(factor * low, **SAME)
        assert b.conf_high == pytest.approx(factor * high, **SAME)
        assert b.std_error == pytest.approx(abs(factor) * a.std_error, **SAME)


@pytest.mark.parametrize("way", WAYS)
@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_a_constant_per_municipality_and_per_period_moves_nothing(way, frame, seed):
    rng, moved = np.random.default_rng(seed), frame.copy()
    for column in ("unit", "t"):
        moved["y"] += moved[column].map({value: 10 * rng.standard_normal() for value in frame[column].unique()})
    assert_same(results(frame, way), results(moved, way))


@pytest.mark.parametrize("way", WAYS)
@few
@given(frame=frames(), factor=st.sampled_from([100.0, 0.01, -1.0]))
def test_another_unit_or_sign_scales_the_limits_and_leaves_the_p_value(way, frame, factor):
    if way == "multiplier" and factor < 0:
        factor = -factor  # its error is between two order statistics, and these are not symmetric
    assert_same(results(frame, way), results(frame.assign(y=factor * frame["y"]), way), factor)


@few
@given(frame=frames(holes=True), factor=st.sampled_from([100.0, -1.0]))
def test_the_wild_bootstrap_scales_with_holes_too(frame, factor):
    assert_same(results(frame, "wild"), results(frame.assign(y=factor * frame["y"]), "wild"), factor)


@pytest.mark.parametrize("way", ["wild", "permutation"])
@few
@given(frame=frames(), seed=st.integers(0, 2**32 - 1))
def test_names_do_not_matter_where_everything_is_gone_through(way, frame, seed):
    units = frame["unit"].unique()
    names = dict(zip(units, np.random.default_rng(seed).permutation(units), strict=True))
    assert_same(results(frame, way), results(frame.assign(unit=frame["unit"].map(names)), way))


@pytest.mark.parametrize("way", WAYS)
@few
@given(frame=frames())
def test_limits_hold_the_estimate_and_zero_when_the_test_accepts_it(way, frame):
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    form = aggregate_cells(impute(build_cells(compare(panel)), leads=0), "overall")
    found, estimate = WAYS[way](form, draws=199), form.estimates()[0]
    low, high, p = found.conf_low[0], found.conf_high[0], found.p_value[0]
    assert 0 < p <= 1
    assert not low > estimate
    assert not high < estimate
    if way != "multiplier":  # a limit is missing where nothing is rejected on its side
        outside = (low if estimate > 0 else -high) > 0
        assert outside == (p <= 0.05)


SCRIPT = """
import json, numpy as np, pandas as pd
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.multiplier import infer_multiplier
from kvalitet_eval.estimate.randomisation import infer_permutation
from kvalitet_eval.estimate.wild import infer_wild
rng = np.random.default_rng(1)
g = np.repeat([4.0] * 5 + [6.0] * 5 + [np.nan] * 12, 8)
frame = pd.DataFrame({"unit": np.repeat([f"m{i:02d}" for i in range(22)], 8), "t": np.tile(range(1, 9), 22), "g": g,
                      "y": rng.standard_normal(176)})
form = impute(build_cells(compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"))), leads=0)
found = [way(form, draws=99) for way in (infer_wild, infer_permutation, infer_multiplier)]
print(json.dumps([[f.p_value.tolist(), f.conf_low.tolist(), f.conf_high.tolist()] for f in found]))
"""


def test_the_hash_seed_does_not_matter():
    answers = []
    for seed in ("0", "7"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
        )
        answers.append(json.loads(ran.stdout))
    assert json.dumps(answers[0]) == json.dumps(answers[1])
