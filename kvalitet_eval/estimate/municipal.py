"""Each treated municipality by itself: against its synthetic comparison, placed among placebos, shrunken.

Sorted by number and never by effect: the differences between single municipalities are mostly chance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.design.cohorts import Cohort
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.inference_synthetic import place_scaled, placebo_p, posterior_interval
from kvalitet_eval.estimate.shrinkage import shrink
from kvalitet_eval.estimate.synthetic_weights import KINDS, SOLVERS, Window, find_window, fit, gaps

COLUMNS = (
    "unit",
    "cohort",
    "estimate",
    "p_value",
    "p_value_scaled",
    "std_error",
    "conf_low",
    "conf_high",
    "conf_level",
    "shrunken",
    "shrunken_low",
    "shrunken_high",
    "reliance",
    "gap_before",
    "heaviest_share",
    "n_comparison",
    "n_before",
    "n_after",
    "unit_of_measure",
    "reason",
    "origin",
)


def municipal_effects(
    design: Design, *, kind: str = "synthetic_did", level: float = 0.95, solver: str = "exact"
) -> pd.DataFrame:
    """Estimate the effect in every treated municipality by itself.

    Parameters
    ----------
    design : Design
        Panel and comparison.
    kind : {"synthetic_did", "synthetic_control", "did"}
        As in :func:`synthetic.synthesise`.
    level : float
        Level of the intervals, as a share.
    solver : {"exact", "frank_wolfe"}
        See :func:`synthetic_weights.fit`. The exact weights are found a hundred times faster and do not mind seasons.

    Returns
    -------
    pandas.DataFrame
        One row per treated municipality, sorted by number, in units of the outcome (``unit_of_measure``):

        ``estimate`` mean effect over the periods from the start on; negative means lower than expected.
        ``p_value`` exact placebo, (1 + number of comparison municipalities at least as far from zero) / (n + 1).
        ``p_value_scaled`` the same after division by each one's unrest before the start, the root of the mean of the
        squares of its own ``gap_before`` and of the comparison's median: small municipalities jump more than large
        ones, and the plain p-value calls the small too often special and the large never.
        ``std_error``, ``conf_low``, ``conf_high`` from the scaled placebos; missing where there are too few.
        ``shrunken`` (``_low``, ``_high``) the effect pulled towards the common mean, ``reliance`` how far it rests on
        the municipality's own figures (0 to 1); missing with fewer than four municipalities.
        ``heaviest_share`` largest weight of one comparison municipality. ``reason`` code of the catalogue's sentence
        where there is no estimate, else empty.

    Raises
    ------
    EstimationError
        Unknown option.
    """
    for name, value, allowed in (("kind", kind, KINDS), ("solver", solver, SOLVERS)):
        if value not in allowed:
            raise EstimationError.of("EST-04", column=name, found=value, allowed=", ".join(allowed))
    if not 0 < level < 1:
        raise EstimationError.of("EST-04", column="level", found=level, allowed="0 < level < 1")
    lines: list[dict[str, object]] = []
    for windows in _alike(design):
        fault = windows[0].fault(kind)
        if fault:
            lines += [_empty_line(design, window, fault) for window in windows]
        else:
            lines += _lines(design, windows, kind=kind, solver=solver, level=level)
    frame = pd.DataFrame(lines)
    found = shrink(frame["estimate"].to_numpy(float), frame["std_error"].to_numpy(float))
    low, high = posterior_interval(found.effect, found.variance, level=level)
    frame = frame.assign(
        shrunken=found.effect,
        shrunken_low=low,
        shrunken_high=high,
        reliance=found.reliance,
        conf_level=level,
        unit_of_measure=design.panel.unit_of_measure,
        origin=design.panel.origin,
    )
    return frame.sort_values("unit", ignore_index=True)[list(COLUMNS)]


def _alike(design: Design) -> list[list[Window]]:
    """Windows of single municipalities, those with the same start and periods together: they share their placebos."""
    together: dict[tuple, list[Window]] = {}
    for cohort in design.cohorts:
        for member in cohort.members:
            window = find_window(design, cohort, (member,))
            key = (cohort.start, tuple(window.before), tuple(window.after), bool(len(window.members)))
            together.setdefault(key, []).append(window)
    return list(together.values())


def _lines(design: Design, windows: list[Window], *, kind: str, solver: str, level: float) -> list[dict[str, object]]:
    """Rows of municipalities with the same window."""
    window, units = windows[0], design.panel.units
    outcome = np.nan_to_num(design.panel.outcome)
    members = np.array([w.members[0] for w in windows])
    own = fit(design, window, outcome[members], kind=kind, solver=solver)
    spare = ~np.eye(len(window.donors), dtype=bool)
    placebo = fit(design, window, outcome[window.donors], kind=kind, solver=solver, allowed=spare)
    effect, before = _effect(window, gaps(design, window, outcome[members], own), kind)
    others, others_before = _effect(window, gaps(design, window, outcome[window.donors], placebo), kind)
    usual = float(np.median(others_before))
    unrest, other_unrest = _moderate(before, usual), _moderate(others_before, usual)
    scaled = place_scaled(effect, unrest, others, other_unrest, level=level)
    plain = placebo_p(np.abs(effect), np.abs(others)[:, None])
    return [
        _line(units[members[b]], w.cohort, w)
        | {
            "estimate": effect[b],
            "p_value": plain[b],
            "p_value_scaled": scaled.p_value[b],
            "std_error": scaled.std_error[b],
            "conf_low": scaled.conf_low[b],
            "conf_high": scaled.conf_high[b],
            "gap_before": before[b],
            "heaviest_share": own.omega[b].max(),
        }
        for b, w in enumerate(windows)
    ]


def _effect(window: Window, gap: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(B,) mean gap from the start on, (B,) root mean square before: about the mean where levels are free."""
    before = gap[:, window.before]
    if kind != "synthetic_control":
        before = before - before.mean(axis=1, keepdims=True)
    return gap[:, window.after].mean(axis=1), np.sqrt((before**2).mean(axis=1))


def _moderate(before: np.ndarray, usual: float) -> np.ndarray:
    """Own unrest half-way, in squares, to the usual one: few periods, which the weights were fitted to, say little."""
    return np.sqrt((before**2 + usual**2) / 2)


def _line(unit: str, cohort: Cohort, window: Window) -> dict[str, object]:
    return {
        "unit": unit,
        "cohort": cohort.name,
        "n_comparison": len(window.donors),
        "n_before": len(window.before),
        "n_after": len(window.after),
        "reason": "",
    }


def _empty_line(design: Design, window: Window, reason: str) -> dict[str, object]:
    position = window.members[0] if len(window.members) else window.incomplete[0]
    missing = ("estimate", "p_value", "p_value_scaled", "std_error", "conf_low", "conf_high", "gap_before")
    line = _line(design.panel.units[position], window.cohort, window) | {"reason": reason, "heaviest_share": np.nan}
    return line | dict.fromkeys(missing, np.nan)
