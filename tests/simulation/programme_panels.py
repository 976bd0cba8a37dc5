"""Simulated panels of the real programme, drawn fast: register, starts and national series through the programme file.

The panels of ``make reports`` go through days, sectors and files; here the rates go straight into a panel, so that
hundreds can be estimated. ``tests/unit/test_simulated_rows.py`` shows that the days add up to these rates.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.membership import membership
from kvalitet_eval.prepare.municipalities import Register, load_register
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.prepare.periods import ordinal, quarters
from kvalitet_eval.prepare.simulate import Population, Selection, base_rate_pct, draw_rates_pct, randomise_starts
from kvalitet_eval.prepare.simulated_rows import REFERENCE_YEAR, build_population, selection_window

ROOT = Path(__file__).resolve().parents[2]
INTAKES = ("innsats", "pulje_1", "pulje_2", "pulje_4")
METHODS = ("imputation", "group_time", "two_way")


@dataclass(frozen=True)
class Programme:
    """What the simulation of a programme needs, read once."""

    config: Config
    register: Register
    table: pd.DataFrame
    national: pd.DataFrame
    population: Population
    labels: tuple[str, ...]
    base_pct: np.ndarray

    @property
    def selection(self) -> Selection:
        """The programme's own way of choosing."""
        return selection_window(self.config.simulation)

    @property
    def intake(self) -> np.ndarray:
        """(N,) intake of each municipality, empty without one."""
        return self.table["intake"].fillna("").to_numpy(str)

    def position(self, quarter: str) -> int:
        """Index of a quarter among the simulated ones."""
        return self.labels.index(quarter)


@cache
def programme() -> Programme:
    """Read the programme file and everything it points to."""
    config = load_config(ROOT / "programmes" / "kkp.toml")
    register = load_register(config)
    table = membership(config, register)
    national = read(config.file("national_series"), "national_series").rows
    labels = quarters(config.simulation.first, config.simulation.last)
    series = national.set_index("quarter").loc[list(labels), "total_pct"].to_numpy(float)
    reference = slice(labels.index(REFERENCE_YEAR[0]), labels.index(REFERENCE_YEAR[1]) + 1)
    base = base_rate_pct(series, reference)
    return Programme(config, register, table, national, build_population(config, table), labels, base)


def with_effects(population: Population, effect_pp: Mapping[str, float]) -> Population:
    """The same programme with other true effects by intake, percentage points; 0 for those not named."""
    wanted = pd.Series(programme().intake).map(dict(effect_pp)).fillna(0.0).to_numpy(float)
    return replace(population, effect_pp=wanted)


def draw_random(seed: int, effect_pp: Mapping[str, float], quarters_to_full: int) -> tuple[Design, np.ndarray]:
    """One panel with the intakes given to municipalities drawn at random, and the effects (N, T) in it."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    population = randomise_starts(with_effects(programme().population, effect_pp), rng)
    rate, effect = draw_rates_pct(population, programme().base_pct, rng=rng, quarters_to_full=quarters_to_full)
    return _design(rate, effect, population.start, np.full(len(rate), "never_treated"))


def draw_selected(seed: int, effect_pp: Mapping[str, float]) -> tuple[Design, np.ndarray, np.ndarray]:
    """One panel with the programme's own intakes and selection; effects (N, T) and all rates (N, 28), per cent."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    population = with_effects(programme().population, effect_pp)
    rate, effect = draw_rates_pct(population, programme().base_pct, rng=rng, selection=programme().selection)
    design, inside = _design(rate, effect, population.start, programme().table["status"].to_numpy(str))
    return design, inside, rate


def tell(*lines: str) -> None:
    """Show the figures of a complete run under ``pytest -s``, and in its report when it fails."""
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


def _design(rate: np.ndarray, effect: np.ndarray, start: np.ndarray, status: np.ndarray) -> tuple[Design, np.ndarray]:
    config, labels = programme().config, programme().labels
    inside = slice(labels.index(config.window.first), labels.index(config.window.last) + 1)
    ordinals = np.array([ordinal(q) for q in labels[inside]], dtype=float)
    first = start + ordinal(labels[0])
    names = {programme().population.start[programme().intake == name][0]: name for name in INTAKES}
    panel = Panel(
        units=programme().population.numbers,
        periods=labels[inside],
        ordinals=ordinals,
        outcome=rate[:, inside],
        weights=None,
        start=first,
        cohort=tuple(names.get(s, "") for s in start),
        status=tuple("treated" if np.isfinite(s) else str(v) for s, v in zip(start, status, strict=True)),
        size=programme().table["population"].to_numpy(float),
        outcome_id="sick_leave_total",
        origin="syntetisk",
    )
    return compare(panel, "not_yet_treated", anticipation=config.comparison.anticipation), effect[:, inside]


def true_overall_pp(design: Design, effect: np.ndarray, cohort: str | None = None) -> float:
    """Mean effect over the treated municipality-quarters that the overall estimate averages."""
    row = {unit: i for i, unit in enumerate(programme().population.numbers)}
    units = np.array([row[unit] for unit in design.panel.units])
    treated = design.panel.event_time() >= 0
    if cohort is not None:
        treated &= (np.array(design.panel.cohort) == cohort)[:, None]
    return float(effect[units][treated].mean())


def overall_rows(design: Design, cohort: str | None = None) -> dict[str, pd.Series]:
    """The overall row of each method, of all intakes or of one.

    The traditional model of one intake is fitted without the others, as a textbook would.
    """
    rows = {m: estimate(design, m).aggregate("overall", cohort=cohort).frame.iloc[0] for m in METHODS[:2]}
    if cohort is not None:
        names = zip(design.panel.units, design.panel.cohort, strict=True)
        others = [unit for unit, name in names if name not in ("", cohort)]
        design = compare(design.panel, design.comparison, anticipation=design.anticipation, exclude=others)
    rows["two_way"] = estimate(design, "two_way").frame.iloc[0]
    return rows
