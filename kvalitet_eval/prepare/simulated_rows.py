"""The simulated panel as rows of the documented format: days, employees and sectors in the borders of each quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.config import Config, SimulationSettings
from kvalitet_eval.errors import ConfigError
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.periods import ordinal, quarters
from kvalitet_eval.prepare.simulate import (
    Population,
    Selection,
    base_rate_pct,
    draw_rates_pct,
)

SYNTHETIC = "syntetisk"
REFERENCE_YEAR = ("2005Q4", "2006Q3")
EMPLOYEES_PER_INHABITANT = 0.10
SIZE_EXPONENT = -0.1
FEWEST_EMPLOYEES = 40
POSITION_SHARE = 0.77
SECTOR_SHARE = {"health_care": 0.42, "education": 0.30, "kindergarten": 0.12, "other": 0.16}
SECTOR_LEVEL = {"health_care": 1.20, "education": 0.80, "kindergarten": 1.15, "other": 0.74}
SECTOR_NOISE = 0.05
SELF_CERTIFICATION_NOISE = 0.1


def simulate_rows(
    config: Config, register: Register, membership: pd.DataFrame, national: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate the national panel of a programme.

    Parameters
    ----------
    config : Config
        With a ``[simulation]`` section.
    register : Register
        Municipalities of every simulated year.
    membership : pandas.DataFrame
        One row per municipality in the programme's borders.
    national : pandas.DataFrame
        Columns ``quarter``, ``total_pct``, ``self_certified_pct``: the national series, per cent.

    Returns
    -------
    rows : pandas.DataFrame
        The documented format, numbers valid in each quarter's year, ``origin`` "syntetisk" in every row.
    truth : pandas.DataFrame
        ``municipality_number`` (programme's borders), ``quarter``, ``rate_pct`` before rounding to days, ``effect_pp``
        and ``origin``.

    Raises
    ------
    ConfigError
        No ``[simulation]`` section, or the national series lacks a simulated quarter.
    """
    settings = simulation_settings(config)
    labels = quarters(settings.first, settings.last)
    series = national.set_index("quarter")
    base = base_of(config, national)
    rng = np.random.default_rng(np.random.SeedSequence(settings.seed))
    population = build_population(config, membership)
    rate, effect = draw_rates_pct(
        population,
        base,
        rng=rng,
        quarters_to_full=settings.quarters_to_full_effect,
        selection=selection_window(settings),
    )
    days = _sector_days(population, labels, rate, rng)
    national_share = (series["self_certified_pct"] / series["total_pct"]).loc[list(labels)].to_numpy(float)
    habit = np.exp(SELF_CERTIFICATION_NOISE * rng.standard_normal((len(rate), 1)))
    years = {int(q[:4]) for q in labels}
    parts = {year: register.predecessors(year, config.programme.borders) for year in years}
    truth = pd.DataFrame(
        {
            "municipality_number": np.repeat(population.numbers, len(labels)),
            "quarter": np.tile(labels, len(population.numbers)),
            "rate_pct": rate.ravel(),
            "effect_pp": effect.ravel(),
            "origin": SYNTHETIC,
        }
    )
    return _rows(population, labels, days, np.clip(national_share * habit, 0, 0.9), parts), truth


def base_of(config: Config, national: pd.DataFrame) -> np.ndarray:
    """(T,) expected rate of the municipal sector in the simulated quarters, per cent; errors as for `simulate_rows`."""
    settings = simulation_settings(config)
    labels = quarters(settings.first, settings.last)
    series = national.set_index("quarter")["total_pct"]
    missing = [q for q in labels if q not in series.index]
    if missing:
        raise ConfigError.of("KON-07", file=config.path, found=", ".join(missing[:8]), column="simulation")
    return base_rate_pct(series.loc[list(labels)].to_numpy(float), _reference(labels))


def simulation_settings(config: Config) -> SimulationSettings:
    """Return the ``[simulation]`` section, or refuse with KON-08 when there is none."""
    if config.simulation is None:
        raise ConfigError.of("KON-08", file=config.path, column="simulation")
    return config.simulation


def build_population(config: Config, membership: pd.DataFrame) -> Population:
    """Employees, starts, effects and selection of every municipality of the programme's borders."""
    settings = simulation_settings(config)
    first = ordinal(settings.first)
    inhabitants = membership["population"].to_numpy(float)
    per_inhabitant = EMPLOYEES_PER_INHABITANT * (inhabitants / 10_000) ** SIZE_EXPONENT
    treated = (membership["status"] == "treated").to_numpy()
    start = np.array(
        [ordinal(q) - first if t else np.nan for q, t in zip(membership["first_quarter"], treated, strict=True)]
    )
    intake = membership["intake"].fillna("")
    effect = np.where(treated, intake.map(settings.effect_pp).fillna(0.0), 0.0)
    selected = np.zeros(len(membership))
    if settings.selection is not None:
        chosen = ((intake == settings.selection.intake) & treated).to_numpy()
        low = membership["municipality_number"].isin(settings.selection.low).to_numpy()
        selected = np.where(chosen, np.where(low, -1.0, 1.0), 0.0)
    return Population(
        numbers=tuple(membership["municipality_number"]),
        employees=np.maximum(np.round(inhabitants * per_inhabitant), FEWEST_EMPLOYEES),
        start=start,
        effect_pp=effect,
        selected=selected,
    )


def selection_window(settings: SimulationSettings) -> Selection | None:
    """The selection of the settings as indices of simulated quarters, or nothing."""
    chosen, first = settings.selection, ordinal(settings.first)
    if chosen is None:
        return None
    return Selection(ordinal(chosen.first) - first, ordinal(chosen.last) - first, chosen.high_pp, chosen.low_pp)


def _reference(labels: tuple[str, ...]) -> slice:
    if REFERENCE_YEAR[0] in labels and REFERENCE_YEAR[1] in labels:
        return slice(labels.index(REFERENCE_YEAR[0]), labels.index(REFERENCE_YEAR[1]) + 1)
    return slice(0, 4)


def _working_days(labels: tuple[str, ...]) -> np.ndarray:
    """(T,) weekdays of each quarter; public holidays are not taken out."""
    firsts = [f"{q[:4]}-{3 * int(q[5]) - 2:02d}" for q in labels]
    begin = np.array(firsts, dtype="datetime64[M]")
    return np.busday_count(begin.astype("datetime64[D]"), (begin + 3).astype("datetime64[D]"))


def _sector_days(
    population: Population, labels: tuple[str, ...], rate_pct: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Employees (N, S), agreed days (N, T, S) and lost days (N, T, S) whose sum over sectors has the given rate."""
    share = np.array(list(SECTOR_SHARE.values()))
    level = np.array([SECTOR_LEVEL[sector] for sector in SECTOR_SHARE])
    level = level * np.exp(SECTOR_NOISE * rng.standard_normal((*rate_pct.shape, len(share))))
    level /= (level * share).sum(axis=2, keepdims=True)
    employees = population.employees[:, None] * share
    agreed = employees[:, None, :] * POSITION_SHARE * _working_days(labels)[None, :, None]
    return employees, agreed, agreed * rate_pct[:, :, None] * level / 100


def _rows(
    population: Population,
    labels: tuple[str, ...],
    days: tuple[np.ndarray, np.ndarray, np.ndarray],
    self_share: np.ndarray,
    parts: dict[int, dict[str, tuple[str, ...]]],
) -> pd.DataFrame:
    """Rows per municipality of each quarter's own year; predecessors of a later merger share its days equally."""
    employees, agreed, lost = days
    blocks = []
    for k, quarter in enumerate(labels):
        old = [(i, part) for i, number in enumerate(population.numbers) for part in parts[int(quarter[:4])][number]]
        index = np.array([i for i, _ in old])
        n_parts = np.bincount(index)[index][:, None]
        own = self_share[index, k][:, None]
        block = {
            "municipality_number": np.repeat([part for _, part in old], len(SECTOR_SHARE)),
            "quarter": quarter,
            "sector": np.tile(list(SECTOR_SHARE), len(old)),
            "employees": np.round(employees[index] / n_parts).ravel(),
            "agreed_days": np.round(agreed[index, k] / n_parts, 1).ravel(),
            "lost_days_self": np.round(lost[index, k] * own / n_parts, 1).ravel(),
            "lost_days_doctor": np.round(lost[index, k] * (1 - own) / n_parts, 1).ravel(),
        }
        blocks.append(pd.DataFrame(block))
    rows = pd.concat(blocks, ignore_index=True).assign(origin=SYNTHETIC)
    return rows.sort_values(["municipality_number", "quarter", "sector"], ignore_index=True)
