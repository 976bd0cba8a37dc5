"""The simulated panel against the figures it is calibrated to (issue, domain page, docs/ASSUMPTIONS.md A-10 to A-17).

Bounds are on means over panels: the target's own rounding ("about 1.5") and no Monte-Carlo slack to speak of.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from programme_panels import programme, with_effects

from kvalitet_eval.prepare.simulate import draw_rates_pct

PANELS = 40
YEARS = (2004, 2005, 2006, 2010)


@cache
def panels() -> tuple[np.ndarray, ...]:
    """Panels without effect and without selection, (N, 28) per cent."""
    facts = programme()
    nobody = with_effects(facts.population, {})
    return tuple(
        draw_rates_pct(nobody, facts.base_pct, rng=np.random.default_rng(np.random.SeedSequence(k)))[0]
        for k in range(PANELS)
    )


def year(rate: np.ndarray, which: int) -> np.ndarray:
    return rate[:, [programme().position(f"{which}Q{q}") for q in (1, 2, 3, 4)]].mean(axis=1)


def binomial_sd_pp(rate_pct: float) -> np.ndarray:
    share = rate_pct / 100
    return 100 * np.sqrt(share * (1 - share) / programme().population.employees)


def weighted_correlation(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    weight = weight / weight.sum()
    a, b = a - weight @ a, b - weight @ b
    return float(weight @ (a * b) / np.sqrt((weight @ a**2) * (weight @ b**2)))


def test_municipalities_differ_by_about_one_and_a_half_points():
    spread = np.mean([year(rate, 2006).std(ddof=1) for rate in panels()])
    assert spread == pytest.approx(1.5, abs=0.1)


def test_employee_weighted_means_of_2004_and_2010_correlate_by_about_eight_tenths():
    weight = programme().population.employees
    found = [weighted_correlation(year(rate, 2004), year(rate, 2010), weight) for rate in panels()]
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)
    assert min(found) > 0.65  # one panel is one draw: a single one may show 0.7


def test_changes_over_a_year_are_about_one_and_a_half_binomial():
    """SD of the change of one quarter's rate over the binomial SD of that rate, root mean square over municipalities.

    Two independent binomial figures alone would give 1.41.
    """
    ratios = []
    for rate in panels():
        before, after = rate[:, programme().position("2005Q2")], rate[:, programme().position("2006Q2")]
        change = after - before - (after - before).mean()
        ratios.append(np.sqrt((change**2).mean() / (binomial_sd_pp(before.mean()) ** 2).mean()))
    assert 1.3 < np.mean(ratios) < 1.6


def test_variance_falls_with_size():
    employees = programme().population.employees
    edges = np.quantile(employees, [0, 0.25, 0.5, 0.75, 1])
    spread = []
    for low, high in pairwise(edges):
        group = (employees >= low) & (employees <= high)
        spread.append(np.mean([(year(r, 2006) - year(r, 2005))[group].std() for r in panels()]))
    assert all(a > 1.2 * b for a, b in pairwise(spread))


def test_seasons_are_those_of_the_national_series():
    """Mean ratio of each quarter to its year, municipalities against the national series (2005-2008)."""
    facts = programme()
    inside = slice(facts.position("2005Q1"), facts.position("2008Q4") + 1)
    national = facts.national.set_index("quarter").loc[list(facts.labels), "total_pct"].to_numpy(float)[inside]
    course = np.mean([rate.mean(axis=0) for rate in panels()], axis=0)[inside]

    def ratios(series: np.ndarray) -> np.ndarray:
        by_year = series.reshape(-1, 4)
        return (by_year / by_year.mean(axis=1, keepdims=True)).mean(axis=0)

    assert ratios(course) == pytest.approx(ratios(national), abs=0.005)
    assert ratios(course)[0] == max(ratios(course))  # winter is highest


def test_the_rule_change_of_july_2004_and_the_influenza_of_2009_are_in_it():
    course = dict(zip(programme().labels, np.mean([r.mean(axis=0) for r in panels()], axis=0), strict=True))
    assert course["2004Q3"] - course["2004Q2"] < -0.5
    assert course["2004Q3"] / course["2004Q2"] < course["2005Q3"] / course["2005Q2"] - 0.05
    others = np.mean([course[f"{y}Q4"] / course[f"{y}Q3"] for y in (2005, 2006, 2007, 2008)])
    assert course["2009Q4"] == max(v for q, v in course.items() if q.endswith("Q4") and q > "2004")
    assert course["2009Q4"] / np.mean([course["2008Q4"], course["2010Q4"]]) > 1.05, others


def test_level_is_that_of_table_1():
    course = np.mean([rate.mean(axis=0) for rate in panels()], axis=0)
    window = slice(programme().position("2005Q4"), programme().position("2006Q3") + 1)
    assert course[window].mean() == pytest.approx(9.5, abs=0.05)


def test_the_chosen_are_as_far_out_as_the_programme_file_says():
    facts = programme()
    selection = facts.selection
    assert (facts.labels[selection.first], facts.labels[selection.last]) == ("2004Q4", "2006Q3")
    window = slice(selection.first, selection.last + 1)
    levels = []
    for k in range(10):
        rng = np.random.default_rng(np.random.SeedSequence(k))
        rate, _ = draw_rates_pct(facts.population, facts.base_pct, rng=rng, selection=selection)
        levels.append((rate - facts.base_pct)[:, window].mean(axis=1))
    levels = np.array(levels)
    assert (facts.population.selected > 0).sum() == 10
    assert (facts.population.selected < 0).sum() == 2
    assert (levels[:, facts.population.selected > 0] > selection.high_pp).all()
    assert (levels[:, facts.population.selected < 0] < -selection.low_pp).all()
    assert abs(levels[:, facts.population.selected == 0].mean()) < 0.1
