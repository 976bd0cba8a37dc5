"""Goodman-Bacon's decomposition: shares by hand, sums, always treated, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_panels import GAP, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.bacon import bacon
from kvalitet_eval.estimate.effects import estimate

NEVER = float("nan")
STARTS = (3.0,) * 4 + (5.0,) * 2 + (6.0,) * 3 + (NEVER,) * 5


def weighted_sum(found) -> float:
    return float(found.frame["weight"] @ found.frame["estimate"])


@pytest.mark.parametrize("seed", range(4))
def test_weights_sum_to_one_and_the_weighted_sum_is_the_two_way_estimate(seed):
    made = panel(noisy(STARTS, 8, seed=seed))
    found = bacon(made)
    assert found.frame["weight"].sum() == pytest.approx(1, abs=1e-14)
    assert weighted_sum(found) == pytest.approx(found.two_way, abs=1e-12)
    assert found.two_way == pytest.approx(estimate(compare(made), "two_way").frame["estimate"].item(), abs=1e-10)
    by_type = found.by_type()
    assert by_type["weight"] @ by_type["estimate"] == pytest.approx(found.two_way, abs=1e-12)
    assert len(found.frame) == 3 + 2 * 3
    assert bacon(compare(made)).to_frame().equals(found.to_frame())


def test_constant_weights_of_municipalities_count_as_that_many_of_them():
    rows = noisy((3.0, 3.0, 5.0, NEVER, NEVER), 6, seed=1)
    counts = dict(zip(rows, (2.0, 1.0, 3.0, 1.0, 4.0), strict=True))
    repeated = {f"{u}{k}": rows[u] for u in rows for k in range(int(counts[u]))}
    weighted = bacon(panel(rows, weights=counts))
    assert weighted.frame["weight"].to_numpy() == pytest.approx(bacon(panel(repeated)).frame["weight"].to_numpy())
    assert weighted_sum(weighted) == pytest.approx(bacon(panel(repeated)).two_way)
    assert weighted.two_way == pytest.approx(
        estimate(compare(panel(rows, weights=counts)), "two_way").frame["estimate"].item()
    )


def test_two_groups_are_one_comparison():
    found = bacon(panel({"a": (3, [1.0, 1, 5]), "b": (None, [0.0, 2, 1])}))
    assert found.frame[["type", "weight", "estimate"]].values.tolist() == [["treated_vs_untreated", 1.0, 4.0]]
    assert found.check.facts == {"share": 0.0, "estimate": found.two_way}


def test_who_started_before_the_panel_is_compared_with_as_always_treated():
    """a always; b starts in 2 of 3: D = 2/3. The only comparison is later with always."""
    found = bacon(panel({"a": (1, [1.0, 2, 3]), "b": (2, [0.0, 3, 6])}))
    row = found.frame.iloc[0]
    assert (row["type"], row["treated"], row["comparison"]) == ("later_vs_always_treated", 2, 1)
    assert row["estimate"] == pytest.approx(4.5 - 1.5)
    assert weighted_sum(found) == pytest.approx(found.two_way)
    with_pool = bacon(panel(noisy((1.0, 1.0, 4.0, 5.0, NEVER, NEVER), 7, seed=3)))
    assert weighted_sum(with_pool) == pytest.approx(with_pool.two_way, abs=1e-12)
    assert "later_vs_always_treated" in set(with_pool.frame["type"])


def test_a_start_after_the_panel_is_untreated_and_unknown_ones_are_left_out():
    rows = noisy((3.0, 9.0, NEVER, NEVER), 5, seed=2)
    status = dict(zip(rows, ("treated", "treated", "never_treated", "unknown"), strict=True))
    found = bacon(panel(rows, status=status))
    same = bacon(panel({u: (rows[u][0] if u == "u0" else None, rows[u][1]) for u in ("u0", "u1", "u2")}))
    assert weighted_sum(found) == pytest.approx(same.two_way)


def test_share_of_comparisons_with_those_already_treated():
    found = bacon(panel(noisy(STARTS, 8)))
    kind = found.frame["type"].isin(["later_vs_earlier_treated"])
    assert found.check.facts["share"] == pytest.approx(found.frame.loc[kind, "weight"].sum())
    assert found.check.passed is None


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [
        ({"a": (2, [1.0, GAP, 3]), "b": (None, [1.0, 1, 1])}, {}, "EST-54"),
        ({"a": (None, [1.0, 2]), "b": (None, [1.0, 1])}, {}, "EST-56"),
        ({"a": (2, [1.0, 2]), "b": (2, [1.0, 1])}, {}, "EST-56"),
    ],
)
def test_refusals(rows, columns, code):
    with pytest.raises(EstimationError) as caught:
        bacon(panel(rows, **columns))
    assert caught.value.findings[0].code == code
    assert str(caught.value)


def test_changing_weights_are_refused():
    made = panel(noisy((3.0, NEVER), 4), weights={"u0": 1.0, "u1": 2.0})
    with pytest.raises(EstimationError) as caught:
        bacon(replace(made, weights=made.weights + np.arange(4)))
    assert caught.value.findings[0].code == "EST-55"


def test_estimates_are_differences_of_means():
    made = panel(noisy(STARTS, 8, seed=9))
    row = bacon(made).frame.query("type == 'later_vs_earlier_treated' and treated == 6 and comparison == 3").iloc[0]
    later, earlier = (made.outcome[made.start == s].mean(axis=0) for s in (6, 3))
    gap = (later - earlier)[2:]  # periods 3 to 8: the earlier ones are treated
    assert row["estimate"] == pytest.approx(gap[3:].mean() - gap[:3].mean())
    n, d = np.array([3, 4]) / 14, np.array([3, 6]) / 8
    every = bacon(made).frame
    first = every.query("type == 'treated_vs_untreated' and treated == 3")["weight"].item()
    ratio = (n[0] * n[1] * d[0] * (d[1] - d[0])) / (4 / 14 * 5 / 14 * 6 / 8 * 2 / 8)
    assert row["weight"] / first == pytest.approx(ratio)
