"""Rates from days: always a sum over a sum, never a mean of percentages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kvalitet_eval.config import OutcomeSettings
from kvalitet_eval.prepare.periods import label, ordinal
from kvalitet_eval.results import origin_of

FEWEST_EMPLOYEES = 5  # docs/ASSUMPTIONS.md: a rate of fewer persons is not shown
_ORDER = ("municipality_number", "quarter", "sector")


def rates(rows: pd.DataFrame, outcome: OutcomeSettings, by: Sequence[str], *, employees: bool = True) -> pd.DataFrame:
    """Return the rate of each group: 100 x sum of numerator days / sum of denominator days.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per municipality, quarter and sector, with the columns of the outcome; not changed.
    outcome : OutcomeSettings
        Which columns are numerator (person-days, added) and denominator (person-days).
    by : sequence of str
        Columns that make the groups; a missing value is a group of its own.
    employees : bool
        Whether to add up ``employees`` and hide the rates of fewer than five.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted: ``by``, numerator_days, agreed_days, employees (persons, mean over the quarters of
        the group), rate_pct (per cent; missing when it cannot be told or is hidden), small_sample (fewer than five
        employees; an unknown number is not small), n_rows, n_missing (rows without numerator or denominator), origin.
        A sum with a missing part is missing, never partial. Absent rows are not known here: complete the frame first.

    Raises
    ------
    KeyError
        A column is not in ``rows``.

    Examples
    --------
    >>> from kvalitet_eval.config import OutcomeSettings
    >>> outcome = OutcomeSettings(id="self", numerator=["lost_days_self"], denominator="agreed_days",
    ...     unit="percentage points", improvement="decrease", population="employees")
    >>> rows = pd.DataFrame({"quarter": ["2007Q1", "2007Q1"], "employees": [10.0, 90.0],
    ...     "lost_days_self": [60.0, 54.0], "agreed_days": [600.0, 5400.0]})
    >>> rates(rows, outcome, ["quarter"])["rate_pct"].tolist()  # 114 / 6000, not the mean of 10 % and 1 %
    [1.9]
    """
    by = list(by)
    work = _days(rows, outcome, by, employees=employees)
    groups = work.groupby(by, dropna=False, observed=True)
    table = groups[["numerator_days", "denominator_days"]].sum(skipna=False)
    table = table.rename(columns={"denominator_days": "agreed_days"})
    n_quarters = groups["quarter"].nunique() if "quarter" in work else 1
    table["employees"] = groups["employees"].sum(skipna=False) / n_quarters if employees else np.nan
    table = _with_rate(table).assign(n_rows=groups.size(), n_missing=groups["is_missing"].sum())
    return _labelled(table.reset_index().drop(columns=[] if employees else "employees"), rows)


def rolling(rows: pd.DataFrame, outcome: OutcomeSettings, by: Sequence[str], *, quarters: int = 4) -> pd.DataFrame:
    """Return rates over several quarters in a row: the sum of the days over the sum of the days.

    A window is calendar quarters: a quarter without days is counted as a gap, not replaced by an earlier one.

    Parameters
    ----------
    rows, outcome, by
        As for :func:`rates`; ``by`` without ``quarter``.
    quarters : int
        Length of the window.

    Returns
    -------
    pandas.DataFrame
        One row per group and quarter from the first to the last in ``rows``: ``by``, window_end (label), n_quarters
        (how many of the window have days), complete (all of them), numerator_days and agreed_days (over those that
        have), employees (mean over them), rate_pct (per cent; missing without any quarter or for a small sample),
        small_sample (fewer than five employees on average), origin. Incomplete windows are uneven over the seasons:
        show n/4.

    Raises
    ------
    ValueError
        ``by`` holds ``quarter``, or a window of no quarter is asked for.
    """
    by = list(by)
    if "quarter" in by or quarters < 1:
        raise ValueError(f"rolling windows need groups without the quarter and at least one quarter: {by}, {quarters}")
    single = rates(rows, outcome, [*by, "quarter"])
    group = single.groupby(by, dropna=False, sort=False).ngroup() if by else pd.Series(0, index=single.index)
    ordinals = single["quarter"].map(ordinal)
    calendar = range(ordinals.min(), ordinals.max() + 1)
    has_days = single["numerator_days"].notna() & single["agreed_days"].notna()
    days = single.loc[has_days, ["numerator_days", "agreed_days", "employees"]].assign(n_quarters=1.0)
    # (sums, groups, quarters): zeros before the first quarter make its windows incomplete rather than absent.
    grid = np.zeros((days.shape[1], group.max() + 1, quarters - 1 + len(calendar)))
    grid[:, group[has_days], ordinals[has_days] - calendar[0] + quarters - 1] = days.to_numpy().T
    sums = np.lib.stride_tricks.sliding_window_view(grid, quarters, axis=2).sum(axis=-1)
    keys = single.loc[~group.duplicated(), by]
    table = keys.loc[np.repeat(keys.index, len(calendar))].reset_index(drop=True)
    table["window_end"] = [label(number) for number in calendar] * len(keys)
    table["n_quarters"] = sums[3].ravel().astype("int64")
    table["complete"] = table["n_quarters"] == quarters
    some = table["n_quarters"] > 0
    table["numerator_days"] = pd.Series(sums[0].ravel()).where(some)
    table["agreed_days"] = pd.Series(sums[1].ravel()).where(some)
    table["employees"] = pd.Series(sums[2].ravel()).where(some) / table["n_quarters"].where(some)
    return _labelled(_with_rate(table), rows)


def _labelled(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Carry the label of simulated figures over to what was computed from them."""
    return table.assign(origin=origin_of(rows))


def _days(rows: pd.DataFrame, outcome: OutcomeSettings, by: list[str], *, employees: bool) -> pd.DataFrame:
    """Return what is added up, in an order that does not depend on the order of the rows."""
    order = [name for name in dict.fromkeys((*by, *_ORDER)) if name in rows]
    wanted = [*order, *outcome.numerator, outcome.denominator, *(["employees"] if employees else [])]
    work = rows[list(dict.fromkeys(wanted))].sort_values(order, kind="stable")
    work["numerator_days"] = work[list(outcome.numerator)].sum(axis=1, skipna=False)
    work["denominator_days"] = work[outcome.denominator]
    work["is_missing"] = work["numerator_days"].isna() | work["denominator_days"].isna()
    return work


def _with_rate(table: pd.DataFrame) -> pd.DataFrame:
    agreed = table["agreed_days"].where(table["agreed_days"] > 0)
    small = table["employees"] < FEWEST_EMPLOYEES
    return table.assign(rate_pct=(100 * table["numerator_days"] / agreed).mask(small), small_sample=small)
