"""Panels with the programme's own selection: what everybody finds where there is nothing to find.

Ten innsatskommuner were chosen because the outcome had been high for years, two because it was low. With a true effect
of zero their before-after change is clearly negative, and every estimator that leans on the selection window follows.
What is said in spite of it is in ``test_verdict_levels``.
The figures of the complete version stand in docs/METHODS.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_panels import METHODS, draw_selected, overall_rows, programme, tell, with_effects

from kvalitet_eval.prepare.simulate import draw_rates_pct

NOTHING: dict[str, float] = {}
SEED = 5000
SAMPLED = 25
COMPLETE = 200
CLEARLY = 3.0  # t statistic over panels


def run(n_panels: int) -> pd.DataFrame:
    """One row per panel: changes 2006-2007 of three groups, estimate and interval of each method for innsats."""
    facts = programme()
    innsats, high = facts.intake == "innsats", facts.population.selected > 0
    low = facts.population.selected < 0
    years = [[facts.position(f"{year}Q{q}") for q in (1, 2, 3, 4)] for year in (2006, 2007)]
    lines = []
    for k in range(n_panels):
        design, effect, rate = draw_selected(SEED + k, NOTHING)
        assert not effect.any()
        change = rate[:, years[1]].mean(axis=1) - rate[:, years[0]].mean(axis=1)
        line = {"innsats": change[innsats].mean(), "ten high": change[high].mean(), "two low": change[low].mean()}
        line["others"] = change[~innsats].mean()
        for method, row in overall_rows(design, "innsats").items():
            line[method] = row["estimate"]
            line[f"{method} covers"] = row["conf_low"] <= 0 <= row["conf_high"]
            line[f"{method} below"] = row["conf_high"] < 0
        lines.append(line)
    return pd.DataFrame(lines)


def t_statistic(values: pd.Series) -> float:
    return values.mean() / (values.std(ddof=1) / np.sqrt(len(values)))


def check(runs: pd.DataFrame) -> None:
    assert t_statistic(runs["innsats"]) < -CLEARLY
    assert t_statistic(runs["ten high"]) < -CLEARLY
    assert t_statistic(runs["ten high"] - runs["others"]) < -CLEARLY
    assert (runs["two low"] - runs["ten high"]).mean() > 0
    assert t_statistic(runs["imputation"]) < -CLEARLY  # the headline estimator alone does not protect


def test_sampled():
    check(run(SAMPLED))


@pytest.mark.slow
def test_complete():
    runs = run(COMPLETE)
    groups = ("innsats", "ten high", "two low", "others")
    tell(
        f"{COMPLETE} panels, seeds {SEED}-{SEED + COMPLETE - 1}, true effect 0",
        *(f"change 2006-2007, {g:9} {runs[g].mean():7.3f} pp   t = {t_statistic(runs[g]):6.1f}" for g in groups),
        *(
            f"{m:11} {runs[m].mean():7.3f} pp   SD {runs[m].std():.3f}   coverage of 0 {runs[f'{m} covers'].mean():.3f}"
            f"   interval below 0 {runs[f'{m} below'].mean():.3f}"
            for m in METHODS
        ),
    )
    check(runs)


def test_nobody_is_selected_without_a_selection_and_nothing_falls():
    """The same intakes without selection: the change of innsats is that of the others."""
    facts = programme()
    innsats = facts.intake == "innsats"
    years = [[facts.position(f"{year}Q{q}") for q in (1, 2, 3, 4)] for year in (2006, 2007)]
    found = []
    for k in range(200):
        rng = np.random.default_rng(np.random.SeedSequence(SEED + k))
        rate, _ = draw_rates_pct(with_effects(facts.population, NOTHING), facts.base_pct, rng=rng)
        change = rate[:, years[1]].mean(axis=1) - rate[:, years[0]].mean(axis=1)
        found.append(change[innsats].mean() - change[~innsats].mean())
    assert abs(t_statistic(pd.Series(found))) < 3.5
