"""The simulation of rates, with populations small enough to reason about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kvalitet_eval.errors import ConfigError
from kvalitet_eval.prepare import simulate
from kvalitet_eval.prepare.simulate import (
    Population,
    Selection,
    base_rate_pct,
    draw_rates_pct,
    ramp,
    randomise_starts,
    true_effect_pp,
)

QUARTERS = 28
BASE = np.full(QUARTERS, 9.5)


def population(n: int = 6, employees: float = 1000.0) -> Population:
    start = np.full(n, np.nan)
    start[:2] = (12, 15)
    return Population(
        numbers=tuple(f"{i:04d}" for i in range(n)),
        employees=np.full(n, employees),
        start=start,
        effect_pp=np.where(np.isnan(start), 0.0, -0.4),
        selected=np.zeros(n),
    )


def draw(who: Population, seed: int = 1, **options):
    return draw_rates_pct(who, BASE, rng=np.random.default_rng(seed), **options)


def test_base_has_the_municipal_level_in_the_reference_and_the_shape_of_the_series():
    national = np.array([8.0, 7.0, 6.0, 7.0, 8.0])
    found = base_rate_pct(national, slice(0, 4))
    assert found[:4].mean() == pytest.approx(9.5)
    assert found / national == pytest.approx(np.full(5, 9.5 / 7))


def test_the_effect_grows_to_its_full_size_and_stays():
    who = population()
    found = true_effect_pp(who, QUARTERS, 4)
    assert found[0, 11:18].tolist() == pytest.approx([0, -0.1, -0.2, -0.3, -0.4, -0.4, -0.4])
    assert found[1, 14:17].tolist() == pytest.approx([0, -0.1, -0.2])
    assert not found[2:].any()
    assert ramp(np.array([-1, 0, 7]), 1).tolist() == [0.0, 1.0, 1.0]


def test_the_same_seed_gives_the_same_panel_and_another_another():
    assert np.array_equal(draw(population())[0], draw(population())[0])
    assert not np.array_equal(draw(population())[0], draw(population(), seed=2)[0])


def test_the_effect_is_all_that_separates_two_panels_of_one_seed():
    who = population()
    with_it, effect = draw(who)
    without, nothing = draw(replace(who, effect_pp=np.zeros(6)))
    assert not nothing.any()
    assert with_it - without == pytest.approx(effect)
    assert effect == pytest.approx(true_effect_pp(who, QUARTERS, 4))


def test_a_rate_never_falls_below_the_floor_and_the_effect_is_what_is_left():
    who = replace(population(employees=40.0), effect_pp=np.array([-20.0, -20, 0, 0, 0, 0]))
    rate, effect = draw(who)
    assert rate.min() >= simulate.LOWEST_RATE_PCT
    assert (effect[0, 20:] > -20).all()
    assert rate[0, 20:] == pytest.approx(np.full(8, simulate.LOWEST_RATE_PCT))


def test_noise_falls_with_the_number_of_employees():
    spread = [np.diff(draw(population(200, size))[0], axis=1).std() for size in (100.0, 1000.0, 10000.0)]
    assert spread[0] > 2 * spread[1] > 2 * spread[2]


def test_variance_of_the_parts_is_what_the_constants_say():
    rate = draw(population(4000, 1000.0))[0][2:]
    binomial = simulate.NOISE_RATIO**2 * 100**2 * 0.095 * 0.905 / 1000
    expected = simulate.PERMANENT_SD_PP**2 + simulate.DRIFT_SD_PP**2 + binomial
    assert rate.var(axis=0).mean() == pytest.approx(expected, rel=0.05)  # 4 000 draws: 2 % a quarter
    drift = simulate.DRIFT_SD_PP**2 * simulate.DRIFT_COEFFICIENT ** np.array([4, 20])
    covariances = [
        np.mean([np.cov(rate[:, t], rate[:, t + lag])[0, 1] for t in range(QUARTERS - lag)]) for lag in (4, 20)
    ]
    assert covariances == pytest.approx(simulate.PERMANENT_SD_PP**2 + drift, rel=0.06)


def test_selected_municipalities_lie_beyond_their_threshold_on_their_own_side():
    who = replace(population(), selected=np.array([1.0, -1, 0, 0, 0, 0]), effect_pp=np.zeros(6))
    selection = Selection(first=3, last=10, high_pp=1.6, low_pp=1.0)
    for seed in range(20):
        level = (draw(who, seed, selection=selection)[0] - BASE)[:, 3:11].mean(axis=1)
        assert level[0] > 1.6
        assert level[1] < -1.0


def test_without_a_selection_nobody_is_selected():
    who = replace(population(), selected=np.array([1.0, -1, 0, 0, 0, 0]))
    assert np.array_equal(draw(who)[0], draw(population())[0])


def test_selected_municipalities_come_back_afterwards():
    """The mean of forty falls from the window to eight quarters later; the share that stays is the persistent part."""
    who = replace(population(40), selected=np.ones(40), effect_pp=np.zeros(40), start=np.full(40, np.nan))
    rate = draw(who, selection=Selection(3, 10, 1.6, 1.0))[0] - BASE
    before, after = rate[:, 3:11].mean(), rate[:, 19:27].mean()
    assert 0.6 * before < after < 0.97 * before


def test_a_threshold_that_nobody_reaches_is_refused(monkeypatch):
    monkeypatch.setattr(simulate, "MAX_ROUNDS", 2)
    who = replace(population(), selected=np.array([1.0, 0, 0, 0, 0, 0]))
    with pytest.raises(ConfigError) as error:
        draw(who, selection=Selection(3, 10, 50, 1.0))
    assert error.value.findings[0].code == "KON-09"
    assert "Ingen simulert tallrekke ligger mer enn 50 prosentpoeng fra forventet nivå" in str(error.value)


def test_starts_drawn_at_random_keep_the_intakes_and_forget_the_selection():
    who = replace(population(50), selected=np.ones(50))
    moved = randomise_starts(who, np.random.default_rng(3))
    assert sorted(moved.start[~np.isnan(moved.start)]) == [12, 15]
    assert not moved.selected.any()
    assert (moved.effect_pp[~np.isnan(moved.start)] == -0.4).all()
    assert not moved.effect_pp[np.isnan(moved.start)].any()
    assert moved.numbers == who.numbers
    assert not np.array_equal(np.isnan(moved.start), np.isnan(who.start))
