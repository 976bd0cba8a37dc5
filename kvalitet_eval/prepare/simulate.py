"""A simulated sick-leave panel with a known effect, on the real register, starts and national series.

No full municipal sick-leave panel is public. The simulation stands in for it, is labelled ``syntetisk`` in every row,
and its truth is known, so that the whole chain can be proved. Model for municipality i and quarter t, in percentage
points:

    rate = national_t x 9.5 / 6.875 + permanent_i + drift_it + noise_it + effect_it

* permanent ~ N(0, 1.20), drift a first-order autoregression with SD 0.45 and coefficient 0.88, noise independent with
  1.0 x the binomial SD on persons: together year-on-year changes of a quarter's rate with an SD of about 1.4 x the
  binomial SD of one quarter (target 1.5), an SD between municipalities of four-quarter means of about 1.5, and a
  correlation of employee-weighted four-quarter means over seven years (2004, 2010) of about 0.8.
* The national series carries the seasons, the rule change of July 2004 and the influenza of 2009Q4.
* Municipalities selected for their level are drawn conditionally on a high (or low) mean of the selection window: they
  carry the lucky and unlucky noise that made somebody choose them, hence regression to the mean.

Every constant is an assumption of the simulation only (docs/ASSUMPTIONS.md A-10 to A-17).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kvalitet_eval.errors import ConfigError

PERMANENT_SD_PP = 1.20
DRIFT_SD_PP = 0.45
DRIFT_COEFFICIENT = 0.88
NOISE_RATIO = 1.0
MUNICIPAL_LEVEL_PCT = 9.5
LOWEST_RATE_PCT = 0.5
CANDIDATES = 512
MAX_ROUNDS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Who is simulated.

    Parameters
    ----------
    numbers : tuple of str
        Municipality numbers; N of them.
    employees : numpy.ndarray
        (N,) persons.
    start : numpy.ndarray
        (N,) index of the first treated quarter within the simulated quarters; not-a-number without a start.
    effect_pp : numpy.ndarray
        (N,) full effect in percentage points; negative means less sick leave; 0 without a start.
    selected : numpy.ndarray
        (N,) +1 chosen for a high level, -1 for a low level, 0 not chosen for its level.
    """

    numbers: tuple[str, ...]
    employees: np.ndarray
    start: np.ndarray
    effect_pp: np.ndarray
    selected: np.ndarray


@dataclass(frozen=True, slots=True)
class Selection:
    """How municipalities were chosen for their level.

    ``first`` and ``last`` are indices of quarters, both included; a high one lies at least ``high_pp`` above the
    expected level over these quarters, a low one at least ``low_pp`` below.
    """

    first: int = 3
    last: int = 10
    high_pp: float = 1.6
    low_pp: float = 1.0


def base_rate_pct(national_pct: np.ndarray, reference: slice) -> np.ndarray:
    """Scale the national series to the municipal sector.

    Parameters
    ----------
    national_pct : numpy.ndarray
        (T,) national total sick leave, per cent.
    reference : slice
        The four quarters whose mean becomes 9.5 per cent, the level of all municipalities in the annual report's
        Table 1, first window (2005Q4-2006Q3).
    """
    return national_pct * MUNICIPAL_LEVEL_PCT / national_pct[reference].mean()


def ramp(event_time: np.ndarray, quarters_to_full: int) -> np.ndarray:
    """Share of the full effect that is reached at an event time: 0 before the start, then linear up to 1.

    Examples
    --------
    >>> ramp(np.array([-1, 0, 1, 3, 9]), 4).tolist()
    [0.0, 0.25, 0.5, 1.0, 1.0]
    """
    return np.where(event_time >= 0, np.minimum((event_time + 1) / quarters_to_full, 1.0), 0.0)


def true_effect_pp(population: Population, n_quarters: int, quarters_to_full: int) -> np.ndarray:
    """(N, T) the effect that is built in, percentage points; 0 where there is none."""
    event_time = np.arange(n_quarters)[None, :] - population.start[:, None]
    return population.effect_pp[:, None] * ramp(np.nan_to_num(event_time, nan=-1.0), quarters_to_full)


def draw_rates_pct(
    population: Population,
    base_pct: np.ndarray,
    *,
    rng: np.random.Generator,
    quarters_to_full: int = 4,
    selection: Selection | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one panel of total sick leave.

    Parameters
    ----------
    population : Population
        N municipalities.
    base_pct : numpy.ndarray
        (T,) expected rate without programme, per cent.
    rng : numpy.random.Generator
        Source of all randomness.
    quarters_to_full : int
        Quarters until the effect has its full size.
    selection : Selection, optional
        Condition the selected municipalities on their level; without it nobody is selected on the outcome.

    Returns
    -------
    rate_pct, effect_pp : numpy.ndarray
        (N, T) simulated rate, per cent, and the effect in it, percentage points.
    """
    without = base_pct + _deviations(population.employees, base_pct, rng)
    if selection is not None:
        for i in np.flatnonzero(population.selected):
            without[i] = _draw_selected(population.employees[i], population.selected[i], base_pct, selection, rng)
    without = np.clip(without, LOWEST_RATE_PCT, None)
    with_effect = np.clip(without + true_effect_pp(population, len(base_pct), quarters_to_full), LOWEST_RATE_PCT, None)
    return with_effect, with_effect - without


def randomise_starts(population: Population, rng: np.random.Generator) -> Population:
    """Give the same intakes to municipalities drawn at random: nobody is selected on the outcome any more."""
    order = rng.permutation(len(population.numbers))
    return replace(
        population,
        start=population.start[order],
        effect_pp=population.effect_pp[order],
        selected=np.zeros_like(population.selected),
    )


def _deviations(employees: np.ndarray, base_pct: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N, T) deviations from the expected rate, percentage points."""
    n, t = len(employees), len(base_pct)
    drift = np.empty((n, t))
    shocks = rng.standard_normal((n, t))
    drift[:, 0] = DRIFT_SD_PP * shocks[:, 0]
    for k in range(1, t):
        drift[:, k] = DRIFT_COEFFICIENT * drift[:, k - 1]
        drift[:, k] += DRIFT_SD_PP * np.sqrt(1 - DRIFT_COEFFICIENT**2) * shocks[:, k]
    share = base_pct / 100
    binomial_pp = 100 * np.sqrt(share * (1 - share))[None, :] / np.sqrt(employees)[:, None]
    permanent = PERMANENT_SD_PP * rng.standard_normal((n, 1))
    return permanent + drift + NOISE_RATIO * binomial_pp * rng.standard_normal((n, t))


def _draw_selected(
    employees: float, sign: float, base_pct: np.ndarray, selection: Selection, rng: np.random.Generator
) -> np.ndarray:
    """(T,) a series drawn from all those that this selection would have chosen."""
    threshold = selection.high_pp if sign > 0 else selection.low_pp
    for _ in range(MAX_ROUNDS):
        candidates = _deviations(np.full(CANDIDATES, employees), base_pct, rng)
        level = candidates[:, selection.first : selection.last + 1].mean(axis=1)
        chosen = np.flatnonzero(sign * level > threshold)
        if chosen.size:
            return base_pct + candidates[chosen[0]]
    raise ConfigError.of("KON-09", column="simulation.selection", found=threshold)
