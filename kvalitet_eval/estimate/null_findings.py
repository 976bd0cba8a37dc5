"""What several ways of looking find in one panel; on panels without any effect, what they find where there is nothing.

For teaching and for checks on simulated panels; a real answer goes through the whole bracket.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import DEFAULT_SIZE_GROUPS, Design, size_group
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.inference import mean_interval
from kvalitet_eval.estimate.regression_to_mean import expect_change
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.results import origin_of

YEAR = 4  # quarters
WAYS = ("before_after", "beyond_expected", "group_time", "imputation", "same_level", "lagged_outcome", "bump")
"""In reading order; the last one is measured before the start and is no effect."""


def levels_around_start(
    design: Design, cohort: str, *, n_periods: int = YEAR, size_groups: tuple[int, ...] = DEFAULT_SIZE_GROUPS
) -> pd.DataFrame:
    """Set the level just before a cohort's start beside the level just after it.

    Parameters
    ----------
    design : Design
        Panel and comparison.
    cohort : str
        Name of the cohort whose start divides before from after.
    n_periods : int
        Length of each of the two windows; they meet at the start, anticipation or not, as in a report that only asks
        what happened afterwards.
    size_groups : tuple of int
        Limits between size groups in inhabitants. What is expected is learnt from comparison municipalities of the same
        group: small ones swing more, and fall back more. One group where the panel has no sizes.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``role`` ("treated" or "comparison", the pool), ``size_group`` (0 is the smallest), ``before``,
        ``after`` and ``change`` (means over the windows, in the outcome's unit), ``expected`` (change that comparison
        municipalities of the same size group and on the same level had; missing for these themselves), ``origin``.
        Municipalities with all figures of both windows, in the panel's order.

    Raises
    ------
    EstimationError
        No such cohort, or too few municipalities to expect anything from.
    """
    found = next((item for item in design.cohorts if item.name == cohort), None)
    if found is None:
        names = ", ".join(dict.fromkeys(item.name for item in design.cohorts))
        raise EstimationError.of("EST-10", found=cohort, allowed=names)
    event_time, panel = design.panel.ordinals - found.start, design.panel
    before, after = (_window_mean(panel, event_time, first, n_periods) for first in (-n_periods, 0))
    role = np.full(len(panel.units), "", dtype=object)
    role[design.pool], role[list(found.members)] = "comparison", "treated"
    frame = pd.DataFrame(
        {
            "unit": panel.units,
            "role": role,
            "size_group": 0 if panel.size is None else size_group(panel.size, size_groups),
            "before": before,
            "after": after,
            "change": after - before,
        }
    )
    frame = frame[(frame["role"] != "") & frame["change"].notna()].reset_index(drop=True)
    return frame.assign(expected=_expect(frame), origin=panel.origin)


def _window_mean(panel: Panel, event_time: np.ndarray, first: int, n_periods: int) -> np.ndarray:
    """(N,) mean over a window of event time; missing where a figure is, or where the panel does not have it all."""
    inside = (event_time >= first) & (event_time < first + n_periods)
    short = inside.sum() < n_periods
    return np.full(len(panel.units), np.nan) if short else panel.outcome[:, inside].mean(axis=1)


def _expect(frame: pd.DataFrame) -> np.ndarray:
    """(n,) change expected of each treated municipality's level, by the comparison of its own size group."""
    is_treated, group = (frame["role"] == "treated").to_numpy(), frame["size_group"].to_numpy()
    before, after = frame["before"].to_numpy(), frame["after"].to_numpy()
    expected = np.full(len(frame), np.nan)
    for i in np.flatnonzero(is_treated):
        alike = ~is_treated & (group == group[i])
        expected[i] = expect_change(before[i], after[i], before[alike], after[alike]).expected
    return expected


def find_by_each_way(design: Design, cohort: str, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate one cohort's "effect" in each of several ways.

    Returns
    -------
    pandas.DataFrame
        One row per way of :data:`WAYS`: ``way``, ``estimate`` (negative is lower), ``conf_low``, ``conf_high``,
        ``conf_level``, ``origin``. ``before_after`` is the cohort's mean change, with the interval of a paired t test;
        ``beyond_expected`` the same less the change that is expected of each one's level; ``group_time`` leans on the
        last period before the start (less anticipation), ``same_level`` is imputation against the pool of
        :func:`mimic_selection`; ``bump`` says how much higher the cohort lay in the last year before the start than
        earlier.
    """
    levels = levels_around_start(design, cohort)
    own = levels[levels["role"] == "treated"]
    changes = own["change"].to_numpy(), (own["change"] - own["expected"]).to_numpy()
    found = (
        mean_interval(changes[0], level=level),
        mean_interval(changes[1], level=level),
        _overall(design, "group_time", cohort, level),
        _overall(design, "imputation", cohort, level),
        _overall(mimic_selection(design, cohort), "imputation", cohort, level),
        _overall(design, "lagged_outcome", cohort, level),
        _bump(design, cohort, level),
    )
    frame = pd.DataFrame(found, columns=["estimate", "conf_low", "conf_high"])
    frame.insert(0, "way", WAYS)
    return frame.assign(conf_level=level, origin=design.panel.origin)


def average_panels(findings: Iterable[pd.DataFrame], *, level: float = 0.95) -> pd.DataFrame:
    """Average what was found in several independent panels.

    Parameters
    ----------
    findings : iterable of pandas.DataFrame
        One frame of :func:`find_by_each_way` per panel.
    level : float
        Level of the interval of the mean, as a share.

    Returns
    -------
    pandas.DataFrame
        One row per way: ``way``, ``estimate`` (mean over the panels; where the truth is zero, the bias), ``conf_low``
        and ``conf_high`` (of that mean), ``share_below`` and ``share_above`` (panels whose own interval lies below or
        above zero), ``n_panels``, ``conf_level``, ``origin``. Panels without an interval are not counted.
    """
    table = pd.concat(list(findings), ignore_index=True)
    rows = []
    for way, part in table.dropna(subset=["estimate", "conf_low"]).groupby("way", sort=False):
        mean, low, high = mean_interval(part["estimate"].to_numpy(), level=level)
        below, above = (part["conf_high"] < 0).mean(), (part["conf_low"] > 0).mean()
        rows.append((way, mean, low, high, below, above, len(part)))
    columns = ["way", "estimate", "conf_low", "conf_high", "share_below", "share_above", "n_panels"]
    return pd.DataFrame(rows, columns=columns).assign(conf_level=level, origin=origin_of(table))


def _overall(design: Design, method: str, cohort: str, level: float) -> tuple[float, float, float]:
    row = estimate(design, method, level=level).aggregate("overall", cohort=cohort).frame.iloc[0]
    return row["estimate"], row["conf_low"], row["conf_high"]


def _bump(design: Design, cohort: str, level: float) -> tuple[float, float, float]:
    rows = bump(design, level=level).frame
    row = rows[rows["cohort"] == cohort].iloc[0]
    return row["estimate"], row["conf_low"], row["conf_high"]
