"""Permutations by hand, by brute force, and where they cannot be made."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from hand_panels import NEVER, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import infer
from kvalitet_eval.estimate.inference_relabelled import estimate_anew, gather
from kvalitet_eval.estimate.randomisation import _overall, infer_permutation, permute
from kvalitet_eval.estimate.relabelling import exchange_of, label_strata, relabel

NAN = np.nan


def mean_difference(change: np.ndarray, chosen: np.ndarray) -> float:
    """Welch's statistic of two groups."""
    a, b = change[chosen], change[~chosen]
    return (a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))


def two_groups(treated, comparison, **columns):
    rows = {f"a{i}": (2, [0.0, float(c)]) for i, c in enumerate(treated)}
    rows |= {f"b{i}": (NEVER, [0.0, float(c)]) for i, c in enumerate(comparison)}
    return compare(panel(rows, **columns), "never_treated")


def exact_share(change, n_treated, effect, allowed=None):
    """Share of assignments with Welch's statistic as large as the observed one, from all subsets."""
    z = np.array(change, dtype=float)
    z[:n_treated] -= effect
    observed = abs(mean_difference(z, np.arange(len(z)) < n_treated))
    larger = []
    for chosen in itertools.combinations(range(len(z)), n_treated):
        if allowed is None or allowed(chosen):
            larger.append(abs(mean_difference(z, np.isin(np.arange(len(z)), chosen))) >= observed * (1 - 1e-9))
    return np.mean(larger), len(larger)


def test_every_assignment_of_two_groups():
    """Four of eleven treated: 330 assignments, Welch's statistic in each; the limits are where p crosses .05."""
    rng = np.random.default_rng(2)
    change = np.concatenate([rng.normal(-2, 1, 4), rng.normal(0, 2, 7)])
    found = permute(two_groups(change[:4], change[4:]))
    share, n = exact_share(change, 4, 0.0)
    assert (found.p_value, found.n_assignments, found.draws, found.exact) == (pytest.approx(share), n, n, True)
    assert n == 330
    for limit, sign in ((found.conf_low, -1), (found.conf_high, 1)):
        assert exact_share(change, 4, limit + sign * 1e-6)[0] <= 0.05 < exact_share(change, 4, limit - sign * 1e-6)[0]
    assert found.statistic == pytest.approx(mean_difference(change, np.arange(11) < 4))
    assert (found.n_treated, found.n_comparison, found.n_strata) == (4, 7, 1)
    assert len(found.statistics) == 330
    assert found.statistics[0] == pytest.approx(found.statistic)  # the observed assignment comes first


def test_places_are_exchanged_within_strata_only():
    """Two small treated among five small, one large among four large: 10 x 4 assignments."""
    change, size = [3.0, 4.1, 1.0, 0.0, 0.7, 2.2, 0.4, 1.5, 0.1], [900] * 2 + [9000] + [900] * 3 + [9000] * 3
    names = [f"a{i}" for i in range(3)] + [f"b{i}" for i in range(6)]
    design = two_groups(change[:3], change[3:], size=dict(zip(names, size, strict=True)))
    found = permute(design)
    small = {i for i, s in enumerate(size) if s == 900}
    share, n = exact_share(change, 3, 0.0, allowed=lambda chosen: len(small & set(chosen)) == 2)
    assert (found.p_value, found.n_assignments, found.n_strata) == (pytest.approx(share), n, 2)
    assert n == 40
    assert permute(design, strata="none").n_assignments == 84
    by_name = permute(design, strata=dict(zip(names, size, strict=True)))
    assert by_name.p_value == found.p_value


def plain(design, method, placed, exchange):
    """Statistic of the overall effect after moving the cohorts, estimated anew."""
    return infer(_overall(relabel(design, exchange, placed), method=method)).statistic[0]


@pytest.mark.parametrize("method", ["imputation", "group_time", "two_way"])
@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
def test_the_gather_is_a_new_estimation_of_every_draw(method, comparison):
    """Three intakes and a pool, random draws in two strata: same statistics as by the whole estimator."""
    rows = noisy([4, 4, 4, 6, 6, NAN, NAN, NAN, NAN, 4, 6, 6, NAN, NAN, NAN], n_periods=8, seed=3)
    size = {unit: (900.0 if i < 9 else 9000.0) for i, unit in enumerate(rows)}
    design = compare(panel(rows, size=size), comparison, anticipation=1)
    form = _overall(design, method=method)
    exchange = exchange_of(form, 0, label_strata(design, None))
    placed = exchange.draw(40, np.random.default_rng(1))
    variance = infer(form).covariance[0, 0]
    fast = gather(form, 0, exchange, placed, variance=variance).statistics(form.estimates()[0])
    assert fast == pytest.approx([plain(design, method, p, exchange) for p in placed], rel=1e-8)
    (slow,) = estimate_anew(form, [0], exchange, placed, rebuild=partial(_overall, method=method))
    assert fast == pytest.approx(slow.statistics(form.estimates()[0]), rel=1e-8)


@pytest.mark.parametrize("kind", ["overall", "cohort", "event_time", "calendar"])
def test_another_hypothesis_takes_the_effect_out_of_the_treated_cells(kind):
    """Draws under "the effect is c" are those of figures with c subtracted, under "no effect"."""
    rows = noisy([3, 3, 3, 5, 5, NAN, NAN, NAN, NAN, NAN], n_periods=6, seed=8)
    form = aggregate_cells(difference_cells(build_cells(compare(panel(rows))), base="universal"), kind)
    strata, base = np.zeros(10, dtype=int), infer(form)
    for row in np.flatnonzero(np.isfinite(base.std_error)):
        exchange = exchange_of(form, row, strata)
        placed = exchange.draw(15, np.random.default_rng(0))
        null = gather(form, row, exchange, placed, variance=base.covariance[row, row])
        e = form.rows["event_time"].iloc[row]
        label = form.rows["group"].iloc[row]
        moved = {}
        for unit, (start, values) in rows.items():
            since = np.arange(1, 7) - (start or np.inf)
            hit = since >= 0 if kind != "event_time" else since == e
            hit = hit & (kind != "cohort" or start == (3, 5)[label])
            moved[unit] = (start, (np.array(values) - 0.7 * hit).tolist())
        other = aggregate_cells(difference_cells(build_cells(compare(panel(moved))), base="universal"), kind)
        same = gather(other, row, exchange, placed, variance=infer(other).covariance[row, row])
        gap = form.estimates()[row] - 0.7
        assert other.estimates()[row] == pytest.approx(gap)
        assert null.statistics(gap) == pytest.approx(same.statistics(gap), rel=1e-8)


def test_cohort_rows_leave_other_cohorts_in_their_places():
    form = impute(build_cells(compare(panel(noisy([3] * 3 + [5] * 4 + [NAN] * 5)))), leads=0)
    strata = np.zeros(12, dtype=int)
    first = form.rows["group"].to_numpy() == 0
    exchange = exchange_of(form, np.flatnonzero(first)[0], strata)
    assert sorted(form.cells.names[g] for g in exchange.group) == [""] * 5 + ["3"] * 3
    overall = exchange_of(aggregate_cells(form, "overall"), 0, strata)
    assert (len(overall.units), overall.n_assignments()) == (12, 27_720)  # 12! / (3! 4! 5!)
    found = infer_permutation(form, draws=199)
    assert np.isfinite(found.p_value).all()
    assert (found.conf_low < form.estimates()).all()
    assert (found.conf_high > form.estimates()).all()


def test_without_a_pool_everybody_compared_with_takes_part():
    form = impute(build_cells(compare(panel(noisy([3] * 3 + [5] * 4)))), leads=0)
    rows = np.flatnonzero(np.isfinite(infer(form).std_error))
    assert rows.size
    exchange = exchange_of(form, rows[0], np.zeros(7, dtype=int))
    assert (len(exchange.units), exchange.rest, exchange.n_assignments()) == (7, 1, 35)


def test_zero_is_in_the_interval_when_the_test_accepts_it():
    for seed in range(12):
        found = permute(compare(panel(noisy([4] * 4 + [NAN] * 6, seed=seed))), draws=199, seed=seed)
        assert (found.conf_low <= 0 <= found.conf_high) == (found.p_value > 0.05)


def test_a_relabelled_design_keeps_the_figures_and_moves_the_places():
    rows = noisy([3] * 3 + [5] * 4 + [NAN] * 6, seed=4)
    design = compare(panel(rows, weights={unit: 1.0 + i for i, unit in enumerate(rows)}))
    form = _overall(design, method="imputation")
    exchange = exchange_of(form, 0, label_strata(design, None))
    same = relabel(design, exchange, exchange.drawn)
    assert same.panel.cohort == design.panel.cohort
    moved = relabel(design, exchange, exchange.draw(1, np.random.default_rng(5))[0])
    assert np.array_equal(moved.panel.outcome, design.panel.outcome)
    assert np.array_equal(moved.panel.weights, design.panel.weights)
    assert moved.panel.cohort != design.panel.cohort
    assert sorted(moved.panel.cohort) == sorted(design.panel.cohort)
    assert np.array_equal(moved.pool, np.isnan(moved.panel.start))
    assert [c.size for c in moved.cohorts] == [c.size for c in design.cohorts]


def test_every_assignment_comes_once_and_draws_are_uniform():
    """2 of 4 in one stratum and 1 of 2 in the other, two cohorts: 12 x 2 assignments."""
    rows = noisy([3, 4, NAN, NAN, 3, NAN], n_periods=5)
    form = _overall(compare(panel(rows)), method="imputation")
    exchange = exchange_of(form, 0, np.array([0, 0, 0, 0, 1, 1]))
    every = [tuple(p) for p in exchange.enumerate()]
    assert len(every) == len(set(every)) == exchange.n_assignments() == 24
    drawn = exchange.draw(24_000, np.random.default_rng(0))
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(counts) == 24
    assert ((counts - 1000) ** 2 / 1000).sum() < 49.7  # chi-squared with 23 degrees of freedom, one in a thousand


def test_what_cannot_be_done_is_said():
    one = two_groups((1.0,), (0.0, 1.0, 2.0))
    with pytest.raises(EstimationError, match="synthetic"):
        permute(one)
    design = two_groups((1.0, 2.0), (0.0, 1.0, 3.0))
    with pytest.raises(EstimationError, match="bytte plass"):
        permute(design, strata={"a0": "x", "a1": "x", "b0": "y", "b1": "y", "b2": "y"})
    with pytest.raises(EstimationError, match="b1, b2"):
        permute(design, strata={"a0": "x", "a1": "x", "b0": "y"})
    with pytest.raises(EstimationError, match="størrelse"):
        permute(design, strata="størrelse")
    with pytest.raises(EstimationError, match="size"):
        permute(design, strata="size")
    with pytest.raises(EstimationError, match="18"):
        permute(design, draws=18)
    with pytest.raises(EstimationError, match="imputation, group_time, two_way"):
        permute(design, method="synthetic")


def test_same_seed_same_answer_and_names_do_not_matter():
    rows = noisy([4] * 9 + [NAN] * 14, seed=6)
    first, again = (permute(compare(panel(rows)), seed=4) for _ in range(2))
    assert (first.p_value, first.conf_low, first.exact) == (again.p_value, again.conf_low, False)
    assert first.n_assignments == 817_190  # 23 choose 9
    assert permute(compare(panel(rows)), seed=5).p_value != first.p_value


def test_a_draw_that_cannot_be_estimated_counts_as_larger():
    """Two of four draws fail, one way or the other; the rest give the statistic of the observed places."""
    design = compare(panel(noisy([4] * 3 + [NAN] * 5, seed=1)))
    form, calls = _overall(design, method="imputation"), iter(range(4))
    exchange = exchange_of(form, 0, label_strata(design, None))

    def rebuild(_):
        call = next(calls)
        if call == 0:
            raise EstimationError.of("EST-03")
        return form if call > 1 else form.take(np.array([False]))

    placed = np.repeat(exchange.drawn[None], 4, axis=0)
    (null,) = estimate_anew(form, [0], exchange, placed, rebuild=rebuild)
    own = infer(form).statistic[0]
    assert null.statistics(form.estimates()[0]) == pytest.approx([np.inf, np.inf, own, own])


@pytest.mark.parametrize(("n_free", "level", "told"), [(4, 0.95, True), (5, 0.95, False), (4, 0.90, False)])
def test_too_few_assignments_for_the_level_are_told_before_the_p_value_is_read(n_free, level, told):
    """Two of six can be chosen in 15 ways: 1/15 is above 5 per cent and below 10; two of seven in 21."""
    design = compare(panel(noisy([4, 4, *[NAN] * n_free], n_periods=5)), "never_treated")
    found = estimate(design, inference="permutation", leads=0, level=level)
    assert [w.facts["fewest"] for w in found.warnings if w.code == "EST-28"] == (["15"] if told else [])
    if told:
        assert (found.frame["p_value"] > 1 - level).all()
