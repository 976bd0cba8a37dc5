"""The package's sides: each function prepares an input and returns the call that is measured."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.estimation.loops import count_by_hand, draw_places, reestimate
from benchmarks.estimation.panels import individual_frame, panel_frame
from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest
from kvalitet_eval.estimate.randomisation import permute
from kvalitet_eval.prepare.individual_rows import collapse_rows
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.results import EffectTable

Call = Callable[[], dict[str, float]]
COLUMNS = {"unit": "unit", "period": "period", "outcome": "y", "cohort": "g"}
MBAR = (0.5, 1.0, 1.5, 2.0)


def make_design(n_units: int, n_periods: int, comparison: str = "not_yet_treated") -> Design:
    """The synthetic panel as a design."""
    return compare(Panel.from_frame(panel_frame(n_units, n_periods), **COLUMNS), comparison)


def permutations(n_units: int, n_periods: int, draws: int, method: str, comparison: str = "not_yet_treated") -> Call:
    """Studentised permutations, from a design to the p-value and the interval."""
    design = make_design(n_units, n_periods, comparison)

    def call() -> dict[str, float]:
        found = permute(design, draws=draws, method=method)
        return {"estimate": found.estimate, "statistics": float(abs(found.statistics[:10]).sum())}

    return call


def plain_loop(
    n_units: int, n_periods: int, draws: int, method: str, comparison: str = "not_yet_treated", *, by_hand: bool = False
) -> Call:
    """The same by a plain loop; see :mod:`loops`. The first ten statistics are compared."""
    design = make_design(n_units, n_periods, comparison)
    exchange, placed = draw_places(design, 999, method=method)
    placed = placed[:draws]

    def call() -> dict[str, float]:
        if by_hand:
            found = count_by_hand(design, exchange, placed)
        else:
            found = reestimate(design, exchange, placed, method=method)
        return {"statistics": float(abs(found[:10]).sum())}

    return call


def honest_bounds(n_units: int, n_periods: int, kind: str, *, first_of_year: bool) -> Call:
    """Four bounds from an effect table: the event study, the intervals and the breakdown value."""
    effects = estimate(make_design(n_units, n_periods), "group_time")

    def call() -> dict[str, float]:
        length = 4 if first_of_year else 1
        found = honest(effects, mbar=MBAR, kind=kind, period_length=length, composition="all")
        return {"n_pre": found.n_pre, "n_post": found.n_post, "n_bounds": len(found.frame)}

    return call


def group_time(n_units: int, n_periods: int, draws: int, *, from_frame: bool = False) -> Call:
    """Group-time effects with the multiplier bootstrap of every cohort and period."""
    frame = panel_frame(n_units, n_periods)
    made = None if from_frame else make_design(n_units, n_periods)

    def call() -> dict[str, float]:
        design = made or compare(Panel.from_frame(frame, **COLUMNS), "not_yet_treated")
        return _overall(estimate(design, "group_time", inference="multiplier", draws=draws))

    return call


def wild_bootstrap(n_units: int, n_periods: int, draws: int) -> Call:
    """Restricted wild cluster bootstrap of the two-way coefficient, with its interval."""
    design = make_design(n_units, n_periods)

    def call() -> dict[str, float]:
        row = estimate(design, "two_way", inference="wild", draws=draws).frame.iloc[0]
        return {"estimate": float(row["estimate"]), "p_value": float(row["p_value"])}

    return call


def individual_rows(n_rows: int) -> Call:
    """The two-way coefficient from rows of persons: to cells, panel, design, the estimate and its error."""
    rows = individual_frame(n_rows)

    def call() -> dict[str, float]:
        cells = collapse_rows(rows, **COLUMNS)
        panel = Panel.from_frame(cells, **COLUMNS, weights="weight")
        row = estimate(compare(panel, "never_treated"), "two_way").frame.iloc[0]
        return {"estimate": float(row["estimate"]), "n_cells": len(cells)}

    return call


def _overall(effects: EffectTable) -> dict[str, float]:
    """Mean over the treated cells, as the overall row is; without the time of another bootstrap."""
    frame = effects.frame
    after = frame[frame["event_time"] >= 0]
    weight = after["n_treated"].to_numpy(float)
    return {"overall": float((after["estimate"].to_numpy(float) * weight).sum() / weight.sum())}
