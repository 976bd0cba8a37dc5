"""Synthetic difference in differences on the programme with intakes drawn at random: bias, coverage, size by size.

The figures of the complete version stand in docs/METHODS.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_panels import draw_random, programme, tell, true_overall_pp
from scipy import stats

from kvalitet_eval.estimate.municipal import municipal_effects
from kvalitet_eval.estimate.synthetic import synthesise

EFFECT_PP = {"innsats": -0.6, "pulje_1": -0.2, "pulje_2": -0.4, "pulje_4": -0.3}
QUARTERS_TO_FULL = 8
SEED = 1000
SAMPLED, COMPLETE = 2, 60
RARE = 0.001  # a sampled run may fail by chance this often under the truth; its seeds are fixed


def run_together(n_panels: int, effect_pp: dict[str, float]) -> pd.DataFrame:
    """One row per panel for all intakes and for innsats: error, standard error, whether the interval covers."""
    lines = []
    for k in range(n_panels):
        design, effect = draw_random(SEED + k, effect_pp, QUARTERS_TO_FULL)
        table = synthesise(design).to_frame().set_index("cohort")
        for name, cohort in (("all", np.nan), ("innsats", "innsats")):
            row = table.loc[cohort] if cohort == "innsats" else table.iloc[0]
            truth = true_overall_pp(design, effect, None if name == "all" else cohort)
            covers = row["conf_low"] <= truth <= row["conf_high"]
            lines.append((name, row["estimate"] - truth, row["std_error"], covers))
    return pd.DataFrame(lines, columns=["rows", "error", "std_error", "covers"])


def run_single(n_panels: int, effect_pp: dict[str, float]) -> pd.DataFrame:
    """One row per panel and treated municipality, with the effect that was put in and its number of inhabitants."""
    parts, row = [], {unit: i for i, unit in enumerate(programme().population.numbers)}
    for k in range(n_panels):
        design, effect = draw_random(SEED + k, effect_pp, QUARTERS_TO_FULL)
        place = {unit: i for i, unit in enumerate(design.panel.units)}
        treated = design.panel.event_time() >= 0
        frame = municipal_effects(design)
        truth = [effect[row[u]][treated[place[u]]].mean() for u in frame["unit"]]
        parts.append(frame.assign(truth=truth, inhabitants=[design.panel.size[place[u]] for u in frame["unit"]]))
    runs = pd.concat(parts, ignore_index=True)
    return runs.assign(
        quarter=pd.qcut(runs["inhabitants"], 4, labels=False),
        covers=runs["truth"].between(runs["conf_low"], runs["conf_high"]),
        shrunken_covers=runs["truth"].between(runs["shrunken_low"], runs["shrunken_high"]),
        square=(runs["estimate"] - runs["truth"]) ** 2,
        shrunken_square=(runs["shrunken"] - runs["truth"]) ** 2,
        plain=runs["p_value"] <= 0.05,
        scaled=runs["p_value_scaled"] <= 0.05,
    )


def test_the_sampled_panels_are_covered_as_often_as_chance_allows():
    together = run_together(SAMPLED, EFFECT_PP)
    for _, rows in together.groupby("rows"):
        assert rows["covers"].sum() >= stats.binom.ppf(RARE, SAMPLED, 0.95)
        assert abs(rows["error"].mean()) < stats.norm.isf(RARE) * rows["std_error"].mean() / np.sqrt(SAMPLED)


def test_the_sampled_municipalities_are_called_special_as_often_as_chance_allows():
    runs = run_single(SAMPLED, {})
    n = len(runs)
    assert stats.binom.ppf(RARE, n, 0.05) <= runs["scaled"].sum() <= stats.binom.isf(RARE, n, 0.06)
    assert runs.loc[runs["quarter"] == 0, "plain"].mean() > runs.loc[runs["quarter"] > 1, "plain"].mean()
    assert runs["shrunken_square"].mean() < runs["square"].mean() / 2
    assert runs["shrunken_covers"].mean() > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("effect_pp", [{}, EFFECT_PP], ids=["none", "effects"])
def test_complete(effect_pp):
    together = run_together(COMPLETE, effect_pp)
    table = together.groupby("rows").agg(
        bias=("error", "mean"), sd=("error", "std"), std_error=("std_error", "mean"), coverage=("covers", "mean")
    )
    runs = run_single(COMPLETE, effect_pp)
    columns = ["plain", "scaled", "covers", "shrunken_covers", "square", "shrunken_square", "reliance"]
    sizes = runs.groupby("quarter")[columns].mean()
    tell(table.round(3).to_string(), sizes.round(3).to_string(), runs[columns].mean().round(3).to_string())
    assert (table["bias"].abs() < 4 * table["sd"] / np.sqrt(COMPLETE)).all()
    assert (table["coverage"] >= 0.92).all()
    assert runs["covers"].mean() >= 0.93
    assert runs["shrunken_covers"].mean() >= 0.93
    if not effect_pp:
        assert 0.03 <= runs["scaled"].mean() <= 0.07
        assert sizes["scaled"].between(0.02, 0.08).all()
