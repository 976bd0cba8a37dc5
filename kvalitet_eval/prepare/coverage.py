"""Who has figures when: the panel by municipality and quarter, mergers, and the published cells."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.config import OutcomeSettings
from kvalitet_eval.prepare.days import rates
from kvalitet_eval.prepare.layouts.bundled import NATIONAL
from kvalitet_eval.prepare.periods import quarters


def panel_coverage(rows: pd.DataFrame, membership: pd.DataFrame, outcome: OutcomeSettings) -> pd.DataFrame:
    """Say for every municipality and quarter whether the outcome can be computed.

    Parameters
    ----------
    rows : pandas.DataFrame
        Panel rows in the programme's borders.
    membership : pandas.DataFrame
        One row per municipality that there should be figures for, with ``status``.
    outcome : OutcomeSettings
        Which days are needed.

    Returns
    -------
    pandas.DataFrame
        One row per municipality of ``membership`` and quarter from the first to the last of ``rows``:
        municipality_number, quarter, status, has_figure. A row that is absent and a figure that is missing count alike.
    """
    days = rates(rows, outcome, ["municipality_number", "quarter"], employees=False)
    known = days[days["numerator_days"].notna() & (days["agreed_days"] > 0)]
    have = set(zip(known["municipality_number"], known["quarter"], strict=True))
    calendar = quarters(rows["quarter"].min(), rows["quarter"].max())
    cells = [
        (row.municipality_number, quarter, row.status, (row.municipality_number, quarter) in have)
        for row in membership.itertuples()
        for quarter in calendar
    ]
    return pd.DataFrame(cells, columns=["municipality_number", "quarter", "status", "has_figure"])


def coverage_by_quarter(cells: pd.DataFrame) -> pd.DataFrame:
    """Count municipalities per quarter: quarter, n_municipalities, n_with_figure, n_missing, share_pct."""
    counts = cells.groupby("quarter")["has_figure"].agg(n_municipalities="size", n_with_figure="sum").reset_index()
    counts["n_missing"] = counts["n_municipalities"] - counts["n_with_figure"]
    return counts.assign(share_pct=100 * counts["n_with_figure"] / counts["n_municipalities"])


def coverage_by_status(cells: pd.DataFrame) -> pd.DataFrame:
    """Count municipalities and cells per status.

    Returns
    -------
    pandas.DataFrame
        status, n_municipalities, n_complete, n_partial and n_none (municipalities with figures in all, some and none of
        the quarters; they add up), n_cells, n_missing (municipality-quarters); the largest status first.
    """
    by_unit = cells.groupby(["status", "municipality_number"])["has_figure"].agg(["size", "sum"]).reset_index()
    by_unit = by_unit.assign(complete=by_unit["sum"] == by_unit["size"], none=by_unit["sum"] == 0)
    groups = by_unit.groupby("status")
    counts = groups.agg(
        n_municipalities=("size", "size"),
        n_complete=("complete", "sum"),
        n_none=("none", "sum"),
        n_cells=("size", "sum"),
        n_with_figure=("sum", "sum"),
    ).reset_index()
    counts["n_partial"] = counts["n_municipalities"] - counts["n_complete"] - counts["n_none"]
    counts["n_missing"] = counts["n_cells"] - counts["n_with_figure"]
    columns = ["status", "n_municipalities", "n_complete", "n_partial", "n_none", "n_cells", "n_missing"]
    return counts.sort_values(["n_municipalities", "status"], ascending=[False, True], ignore_index=True)[columns]


def merged(lineage: pd.DataFrame) -> pd.DataFrame:
    """Return the municipalities whose figures are sums over several, and in which quarters.

    Parameters
    ----------
    lineage : pandas.DataFrame
        As in ``Harmonised``.

    Returns
    -------
    pandas.DataFrame
        One row per municipality and set of predecessors: municipality_number, predecessors (text with commas),
        first_quarter, last_quarter, n_quarters.
    """
    several = lineage[lineage["n_predecessors"] > 1]
    groups = several.groupby(["municipality_number", "predecessors"])["quarter"]
    return groups.agg(first_quarter="min", last_quarter="max", n_quarters="nunique").reset_index()


def published_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Count Statistics Norway's published cells, each measure and sex by itself: they are never one series.

    Parameters
    ----------
    rows : pandas.DataFrame
        Typed rows of the layout ``ssb_cells``.

    Returns
    -------
    pandas.DataFrame
        One row per measure and sex: mal, kjonn, n_cells, n_municipalities (without the whole country), n_quarters,
        first_quarter, last_quarter, n_missing (cells without a percentage), n_repeated (cells that stand in more than
        one table, beyond the first), low_pct, high_pct.
    """
    cell = ["mal", "kjonn", "kommune_nr", "kvartal"]
    work = rows.assign(
        is_repeated=rows.duplicated(cell),
        is_missing=rows["prosent"].isna(),
        number=rows["kommune_nr"].mask(rows["kommune_nr"] == NATIONAL),
    )
    groups = work.groupby(["mal", "kjonn"])
    return groups.agg(
        n_cells=("kvartal", "size"),
        n_municipalities=("number", "nunique"),
        n_quarters=("kvartal", "nunique"),
        first_quarter=("kvartal", "min"),
        last_quarter=("kvartal", "max"),
        n_missing=("is_missing", "sum"),
        n_repeated=("is_repeated", "sum"),
        low_pct=("prosent", "min"),
        high_pct=("prosent", "max"),
    ).reset_index()
