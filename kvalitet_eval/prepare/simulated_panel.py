"""Simulated panels without the way through days and files: for "what would be found if there were nothing to find?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import ConfigError
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.prepare.periods import ordinal, quarters
from kvalitet_eval.prepare.simulate import draw_rates_pct
from kvalitet_eval.prepare.simulated_rows import base_of, build_population, selection_window, simulation_settings
from kvalitet_eval.results import SYNTHETIC


def draw_panel(
    config: Config,
    membership: pd.DataFrame,
    national: pd.DataFrame,
    *,
    seed: int,
    effect_pp: Mapping[str, float] | None = None,
) -> Panel:
    """Draw one panel of total sick leave with the programme's own intakes, starts and selection.

    Parameters
    ----------
    config : Config
        With a ``[simulation]`` section.
    membership, national : pandas.DataFrame
        As for :func:`simulated_rows.simulate_rows`.
    seed : int
        Another seed is another world with the same programme.
    effect_pp : mapping of str to float, optional
        Full effect by intake in percentage points; an intake that is not named has none. By default the programme
        file's effects.

    Returns
    -------
    Panel
        Rates in per cent over the programme's window; origin ``syntetisk``.

    Raises
    ------
    ConfigError
        No ``[simulation]`` section, or it does not cover the window.
    """
    settings = simulation_settings(config)
    labels = quarters(settings.first, settings.last)
    window = quarters(config.window.first, config.window.last)
    if missing := [quarter for quarter in window if quarter not in labels]:
        raise ConfigError.of("KON-07", file=config.path, found=", ".join(missing[:8]), column="simulation")
    population = build_population(config, membership)
    if effect_pp is not None:
        wanted = membership["intake"].map(dict(effect_pp)).fillna(0.0).to_numpy(float)
        population = replace(population, effect_pp=wanted)
    rates, _ = draw_rates_pct(
        population,
        base_of(config, national),
        rng=np.random.default_rng(np.random.SeedSequence(seed)),
        quarters_to_full=settings.quarters_to_full_effect,
        selection=selection_window(settings),
    )
    treated = (membership["status"] == "treated").to_numpy()
    first = labels.index(window[0])
    return Panel(
        units=population.numbers,
        periods=window,
        ordinals=np.array([ordinal(quarter) for quarter in window], dtype=float),
        outcome=rates[:, first : first + len(window)],
        weights=None,
        start=population.start + ordinal(labels[0]),
        cohort=tuple(str(i) if t else "" for i, t in zip(membership["intake"], treated, strict=True)),
        status=tuple(membership["status"]),
        size=membership["population"].to_numpy(float),
        outcome_id="sick_leave_total",
        origin=SYNTHETIC,
    )
