"""How alike treated and comparison were before the start: standardised differences.

A difference of a tenth of a standard deviation is commonly called negligible, one of a quarter worrying (Austin 2009,
Statistics in Medicine 28(25); Stuart 2010, Statistical Science 25(1)). Alike in what is measured does not mean alike in
what is not; and a comparison chosen for being alike in the outcome can bend the answer by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import DesignError

LEVEL, LAST_YEAR, SLOPE, SIZE = "level", "last_year", "slope", "log_size"
COLUMNS = (
    "cohort",
    "measure",
    "treated_mean",
    "comparison_mean",
    "treated_sd",
    "comparison_sd",
    "standardised_difference",
    "n_treated",
    "n_comparison",
    "n_outside",
)


def balance(design: Design, *, cohort: str | None = None, columns: Sequence[str] = (), year: int = 4) -> pd.DataFrame:
    """Compare the treated with their comparison before the start.

    Parameters
    ----------
    design : Design
        Panel and comparison. With ``not_yet_treated`` later cohorts count as comparison when they are untreated in the
        period of the start.
    cohort : str, optional
        One cohort instead of all.
    columns : sequence of str
        Further numeric columns of the panel's frame, as means over the periods before the start.
    year : int
        Periods of a year: 4 for quarters, 1 for years.

    Returns
    -------
    pandas.DataFrame
        One row per cohort and measure, columns :data:`COLUMNS`. ``level``: mean outcome before the start less
        anticipation. ``last_year``: the same over the last year of it. ``slope``: least-squares slope, outcome per
        period. ``log_size``: natural logarithm of the size, where the panel has it. Means and deviations use the
        design's weights. ``standardised_difference`` is positive where the treated lie higher; missing where a side has
        fewer than two municipalities or nobody varies. ``n_outside``: treated that lie below the lowest or above the
        highest of the comparison.

    Raises
    ------
    DesignError
        No such cohort or column, or a column that is not numbers.

    Notes
    -----
    d = (mean_t - mean_c) / sqrt((s_t^2 + s_c^2) / 2), with s^2 = W / (W^2 - sum w^2) * sum w (x - mean)^2, W = sum w.

    Examples
    --------
    Levels of 6 and 4 against 3 and 1: means 5 and 2, both variances 2, so d = 3 / sqrt(2).

    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aabbccdd"), "t": [1, 2] * 4, "y": [6.0, 0, 4, 0, 3, 0, 1, 0],
    ...                       "g": [2, 2, 2, 2] + [None] * 4})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> found = balance(compare(panel, "never_treated")).set_index("measure")
    >>> found.loc["level", ["treated_mean", "comparison_mean"]].tolist()
    [5.0, 2.0]
    >>> float(found.loc["level", "standardised_difference"].round(4))
    2.1213
    """
    chosen = [item for item in design.cohorts if cohort in (None, item.name)]
    if not chosen:
        names = ", ".join(dict.fromkeys(item.name for item in design.cohorts))
        raise DesignError.of("DES-14", found=cohort, allowed=names)
    further = {name: _numbers(design, name) for name in dict.fromkeys(columns)}
    rows = []
    for item in chosen:
        before = design.panel.ordinals < item.start - design.anticipation
        treated = np.zeros(len(design.panel.units), dtype=bool)
        treated[list(item.members)] = True
        comparison = _comparison(design, item.start) & ~treated
        for measure, values in _measures(design, before, year, further).items():
            rows.append(
                {"cohort": item.name, "measure": measure, **_compared(design, values, before, treated, comparison)}
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _comparison(design: Design, start: float) -> np.ndarray:
    """(N,) who is compared with in the period of the start."""
    if not design.uses_later_cohorts:
        return design.pool.copy()
    return design.pool | (design.panel.start - design.anticipation > start)


def _measures(design: Design, before: np.ndarray, year: int, further: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """From a measure's name to (N,) values, missing where a municipality has no figure before the start."""
    panel = design.panel
    outcome = np.where(panel.observed, panel.outcome, np.nan)[:, before]
    found = {
        LEVEL: _mean(outcome),
        LAST_YEAR: _mean(outcome[:, -year:]),
        SLOPE: _slope(outcome, panel.ordinals[before]),
    }
    if panel.size is not None:
        found[SIZE] = np.log(np.where(panel.size > 0, panel.size, np.nan))
    return found | {name: _mean(values[:, before]) for name, values in further.items()}


def _mean(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    sums = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(sums, count, out=np.full(len(values), np.nan), where=count > 0)


def _slope(outcome: np.ndarray, time: np.ndarray) -> np.ndarray:
    known = np.isfinite(outcome)
    mean_time = _mean(np.where(known, time[None, :], np.nan))
    apart = np.where(known, time[None, :] - np.nan_to_num(mean_time)[:, None], 0.0)
    spread = (apart**2).sum(axis=1)
    moved = (apart * np.where(known, outcome, 0.0)).sum(axis=1)
    return np.divide(moved, spread, out=np.full(len(outcome), np.nan), where=spread > 0)


def _compared(
    design: Design, values: np.ndarray, before: np.ndarray, treated: np.ndarray, comparison: np.ndarray
) -> dict[str, float | int]:
    weights = design.panel.weights
    heavy = np.ones(len(values)) if weights is None else np.nan_to_num(_mean(weights[:, before]))
    sides, found = {}, {}
    for name, side, factor in (("treated", treated, 1.0), ("comparison", comparison, design.pool_weight)):
        weight = (heavy * np.where(design.pool, factor, 1.0))[side & np.isfinite(values)]
        found[name] = values[side & np.isfinite(values)][weight > 0]
        mean, deviation = _moments(values[side & np.isfinite(values)], weight)
        sides |= {f"{name}_mean": mean, f"{name}_sd": deviation, f"n_{name}": int((weight > 0).sum())}
    sides["n_outside"] = _outside(found["treated"], found["comparison"])
    spread = np.sqrt((sides["treated_sd"] ** 2 + sides["comparison_sd"] ** 2) / 2)
    difference = sides["treated_mean"] - sides["comparison_mean"]
    return sides | {"standardised_difference": difference / spread if spread > 0 else np.nan}


def _outside(treated: np.ndarray, comparison: np.ndarray) -> int:
    """How many of the treated lie beyond the comparison's range; all of them when there is nobody."""
    if not len(comparison):
        return len(treated)
    return int(((treated < comparison.min()) | (treated > comparison.max())).sum())


def _moments(values: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Weighted mean and standard deviation; missing where there is nobody, or only one."""
    total = weight.sum()
    if total <= 0:
        return np.nan, np.nan
    mean = float(weight @ values / total)
    freedom = total**2 - (weight**2).sum()
    if (weight > 0).sum() < 2:
        return mean, np.nan
    return mean, float(np.sqrt(total / freedom * (weight @ (values - mean) ** 2)))


def _numbers(design: Design, column: str) -> np.ndarray:
    panel = design.panel
    if column not in panel.columns():
        raise DesignError.of("DES-17", column=column, allowed=", ".join(panel.columns()) or "-")
    try:
        return panel.column(column).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DesignError.of("DES-18", column=column) from error
