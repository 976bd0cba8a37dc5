"""The national quarterly series: its seasons, and what rounding to one decimal does to its parts."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.prepare.periods import ordinal, quarters

TOTAL, SELF, DOCTOR = "total_pct", "self_certified_pct", "doctor_certified_pct"
MEASURES = (TOTAL, SELF, DOCTOR)
YEAR = 4


def seasonal_ratios(series: pd.DataFrame) -> pd.DataFrame:
    """Return how each quarter of the year compares with the year around it.

    The year around a quarter is the moving average of four quarters centred on it: half of the quarters two before and
    two after, and the whole of the three between. A quarter without a full year around it is left out.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per quarter: quarter and :data:`MEASURES`, per cent. Left unchanged.

    Returns
    -------
    pandas.DataFrame
        One row per measure and quarter of the year: measure, quarter_of_year (1 to 4), ratio (mean of rate over its
        year; 1 is the level of the year), n_years.
    """
    wide = series.set_index("quarter")[list(MEASURES)].astype(float)
    wide = wide.reindex(list(quarters(wide.index.min(), wide.index.max())))
    yearly = wide.rolling(YEAR).mean()
    centred = (yearly.shift(-YEAR // 2) + yearly.shift(1 - YEAR // 2)) / 2
    ratios = (wide / centred).dropna().reset_index(names="quarter")
    ratios = ratios.melt(id_vars="quarter", var_name="measure", value_name="ratio")
    ratios["quarter_of_year"] = [ordinal(quarter) % YEAR + 1 for quarter in ratios["quarter"]]
    groups = ratios.groupby(["measure", "quarter_of_year"])["ratio"]
    table = groups.agg(ratio="mean", n_years="size").reset_index()
    return table.sort_values(["measure", "quarter_of_year"], key=_in_order, ignore_index=True)


def rounding_gaps(series: pd.DataFrame) -> pd.DataFrame:
    """Return how far self- plus doctor-certified is from the total, as printed.

    Three figures that are each within 0.05 of the truth can disagree by up to 0.15, printed as 0.1: a gap of 0.1 is
    rounding, a larger one is a fault.

    Returns
    -------
    pandas.DataFrame
        One row per size of the gap: gap_pp (parts minus total, percentage points, one decimal), n_quarters,
        first_quarter.
    """
    gaps = series.assign(gap_pp=(series[SELF] + series[DOCTOR] - series[TOTAL]).round(1) + 0.0)
    return gaps.groupby("gap_pp")["quarter"].agg(n_quarters="size", first_quarter="min").reset_index()


def _in_order(column: pd.Series) -> pd.Series:
    return column.map({name: place for place, name in enumerate(MEASURES)}) if column.name == "measure" else column
