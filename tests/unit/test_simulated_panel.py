import sys
from pathlib import Path

import numpy as np
import pytest

from kvalitet_eval.errors import ConfigError
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.simulated_panel import draw_panel

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "simulation"))
from programme_panels import draw_selected, programme


def draw(**options):
    facts = programme()
    national = read(facts.config.file("national_series"), "national_series").rows
    return draw_panel(facts.config, facts.table, national, **{"seed": 5, **options})


def test_the_panel_is_the_one_that_the_simulations_of_the_tests_draw():
    design, _, rate = draw_selected(5, {})
    found = draw(effect_pp={})
    kept = [found.units.index(unit) for unit in design.panel.units]
    assert np.array_equal(found.outcome[kept], design.panel.outcome)
    assert found.units == programme().population.numbers
    assert rate.shape[0] == len(found.units) == 430


def test_the_programme_files_effects_are_built_in_unless_others_are_named():
    with_effects, nothing = draw(), draw(effect_pp={})
    treated = np.array([status == "treated" for status in nothing.status])
    late = nothing.ordinals[None, :] >= (nothing.start + 3)[:, None]
    difference = with_effects.outcome - nothing.outcome
    assert difference[late & treated[:, None]] == pytest.approx(-0.4)
    assert not difference[~treated].any()
    only = draw(effect_pp={"innsats": -1.0}).outcome - nothing.outcome
    innsats = np.array([name == "innsats" for name in nothing.cohort])
    assert only[late & innsats[:, None]] == pytest.approx(-1.0)
    assert not only[~innsats].any()


def test_it_is_labelled_synthetic_and_holds_the_window():
    panel = draw()
    assert panel.origin == "syntetisk"
    assert (panel.periods[0], panel.periods[-1]) == ("2005Q1", "2009Q3")
    assert draw(seed=6).outcome[0, 0] != panel.outcome[0, 0]


def test_a_window_that_is_not_simulated_is_refused():
    config = programme().config
    window = config.window.model_copy(update={"last": "2011Q1"})
    national = read(config.file("national_series"), "national_series").rows
    with pytest.raises(ConfigError, match="2011Q1"):
        draw_panel(config.model_copy(update={"window": window}), programme().table, national, seed=1)
