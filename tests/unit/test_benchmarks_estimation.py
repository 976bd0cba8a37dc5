"""What the benchmarks compare is the same: loops and package, draw by draw; and how ratios are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.comparison import Comparison, Outcome  # noqa: E402
from benchmarks.estimation import growth, ours, panels, permutations  # noqa: E402
from benchmarks.estimation.loops import count_by_hand, draw_places, reestimate  # noqa: E402
from benchmarks.measure import Measured, Side, measure_in_turn  # noqa: E402
from benchmarks.table import render  # noqa: E402
from kvalitet_eval.estimate.randomisation import permute  # noqa: E402

SMALL = {"n_units": 60, "n_periods": 8}


@pytest.mark.parametrize("method", ["imputation", "group_time"])
def test_the_plain_loop_gives_the_statistics_of_the_package(method):
    design = ours.make_design(**SMALL)
    exchange, placed = draw_places(design, 25, method=method)
    found = reestimate(design, exchange, placed, method=method)
    assert found == pytest.approx(permute(design, draws=25, method=method).statistics, abs=1e-9)


def test_the_loop_by_hand_gives_the_statistics_of_the_package():
    design = ours.make_design(**SMALL, comparison="never_treated")
    exchange, placed = draw_places(design, 25, method="group_time")
    found = count_by_hand(design, exchange, placed)
    assert found == pytest.approx(permute(design, draws=25, method="group_time").statistics, abs=1e-9)


def test_both_sides_of_our_own_comparisons_report_the_same_figures():
    for comparison in permutations.COMPARISONS:
        if comparison.other.environment != "package":
            continue
        sides = []
        for side in (comparison.ours, comparison.other):
            prepare = getattr(ours, side.target.split(":")[1])
            sides.append(prepare(**{**side.options, **SMALL, "draws": 20 if side is comparison.other else 999})())
        for name, most in comparison.same.items():
            assert abs(sides[0][name] - sides[1][name]) <= most


def test_the_individual_rows_are_those_of_the_cells():
    rows = panels.individual_frame(3_000, n_units=40, n_periods=10)
    assert len(rows) == 3_000
    assert rows.groupby(["unit", "period"]).ngroups == 400
    assert (rows["d"] == (rows["period"] >= rows["g"])).all()
    again = panels.individual_frame(3_000, n_units=40, n_periods=10)
    assert rows.equals(again)


def measured(*seconds: float, figures: dict[str, float] | None = None, name: str = "a") -> Measured:
    return Measured(Side(name, "package", "x:y"), seconds, seconds, figures or {}, 10.0, 20.0)


def test_a_ratio_is_the_median_of_the_rounds_and_bounds_are_read_from_it():
    """Rounds 1, 2, 4 against 30, 40, 60: 30, 20 and 15 times; the minima are 30 to 1."""
    asked = Comparison("t", Side("a", "package", "x:y"), Side("b", "peers", "x:y"), least=20, same={"e": 0.1})
    outcome = Outcome(asked, measured(1, 2, 4, figures={"e": 1.0}), measured(30, 40, 60, figures={"e": 1.05}, name="b"))
    assert (outcome.ratio, outcome.ratio_of_minima, outcome.is_reached, outcome.is_same) == (20, 30, True, True)
    missed = Outcome(asked, outcome.ours, measured(30, 39, 60, figures={"e": 2.0}, name="b"))
    assert (missed.is_reached, missed.is_same) == (False, False)
    text = render([outcome, missed])
    assert "| 20 | 30 | >= 20 x | yes | e 0.05 |" in text
    assert "| NO | NO: e 1 |" in text


def test_a_limit_counts_for_each_part():
    asked = Comparison("t", Side("a", "package", "x:y"), most_seconds=0.05, parts=4)
    assert Outcome(asked, measured(0.1, 0.2, 0.3), None).is_reached
    assert not Outcome(asked, measured(0.1, 0.21, 0.3), None).is_reached
    assert Outcome(Comparison("t", Side("a", "package", "x:y")), measured(1.0), None).is_reached is None


def test_sides_are_measured_in_processes_of_their_own():
    side = Side(
        "permute", "package", "estimation.ours:permutations", {**SMALL, "draws": 99, "method": "imputation"}, calls=2
    )
    (found,) = measure_in_turn([side], {"package": sys.executable}, 2)
    assert len(found.seconds) == 2
    assert found.peak_mb >= found.before_mb > 20
    assert np.isfinite(found.figures["estimate"])


def test_a_side_that_fails_says_so():
    command = [sys.executable, "-m", "benchmarks.worker", "estimation.ours:permutations", json.dumps({"n_units": 1})]
    done = subprocess.run(command, cwd=ROOT, input="1\n", text=True, capture_output=True, check=False)
    assert done.returncode
    with pytest.raises(RuntimeError, match="without an answer"):
        measure_in_turn([Side("broken", "package", "estimation.ours:nothing")], {"package": sys.executable}, 1)


def test_growth_lists_sizes_that_exist():
    assert growth.exponents([431, 4310], [0.1, 1.0]) == [1.0]
    assert set(growth.SIZES) == set(growth.WORDS)


def test_the_lock_has_hashes_and_no_addresses():
    lock = (ROOT / "benchmarks" / "estimation" / "requirements.lock").read_text("utf-8")
    wanted = (ROOT / "benchmarks" / "estimation" / "requirements.in").read_text("utf-8").split()
    assert "://" not in lock
    assert "--index" not in lock
    for line in wanted:
        assert f"\n{line} " in f"\n{lock}"
