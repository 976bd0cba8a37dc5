"""The analysis panel: rates of one outcome for every municipality of the register, joined with who started when."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.days import rates
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.prepare.periods import add, quarters

WEIGHTINGS = ("municipality", "employee")


def outcome_panel(
    rows: pd.DataFrame,
    membership: pd.DataFrame,
    config: Config,
    outcome_id: str,
    *,
    weighting: str = "municipality",
    window: tuple[str, str] | None = None,
) -> Panel:
    """Build the panel that effects are estimated from.

    Parameters
    ----------
    rows : pandas.DataFrame
        Days per municipality, quarter and sector in the programme's borders.
    membership : pandas.DataFrame
        One row per municipality of the register; those without any figure stay in the panel, to be accounted for.
    config : Config
        Window, outcomes, intakes.
    outcome_id : str
        One of the programme's outcomes; the panel holds its rate in per cent.
    weighting : {"municipality", "employee"}
        ``employee`` weighs a municipality by its mean agreed days in the four quarters before the first intake: fixed,
        so that the programme cannot move the weights. A municipality without figures in that year is weighed by the
        quarters of the window that it has.
    window : tuple of str, optional
        First and last quarter, both included; by default the programme's.

    Raises
    ------
    DataError
        The panel lacks a quarter of the window for all municipalities, or the weighting is unknown.
    """
    if weighting not in WEIGHTINGS:
        raise DataError.of("PAN-08", found=weighting, allowed=", ".join(WEIGHTINGS))
    outcome = config.outcome(outcome_id)
    wanted = quarters(*(window or (config.window.first, config.window.last)))
    missing = sorted(set(wanted) - set(rows["quarter"]))
    if missing:
        raise DataError.of("PAN-09", found=", ".join(missing), first=rows["quarter"].min(), last=rows["quarter"].max())
    measured = rates(rows, outcome, ["municipality_number", "quarter"])
    frame = membership.merge(pd.DataFrame({"quarter": wanted}), how="cross")
    frame = frame.merge(measured, on=["municipality_number", "quarter"], how="left")
    frame = frame.rename(columns={"rate_pct": outcome_id})
    frame["origin"] = "syntetisk" if (rows["origin"] == "syntetisk").any() else "observed"
    if weighting == "employee":
        number = frame["municipality_number"]
        otherwise = measured[measured["quarter"].isin(wanted)].groupby("municipality_number")["agreed_days"].mean()
        frame["weight"] = number.map(base_year_days(measured, config)).fillna(number.map(otherwise))
    return Panel.from_frame(
        frame,
        unit="municipality_number",
        period="quarter",
        outcome=outcome_id,
        cohort="first_quarter",
        cohort_name="intake",
        status="status",
        size="population",
        weights="weight" if weighting == "employee" else None,
        unit_of_measure=outcome.unit,
    )


def base_year_days(measured: pd.DataFrame, config: Config) -> pd.Series:
    """Mean agreed days per quarter of each municipality in the year before the first intake started."""
    first = min(intake.first_treated_quarter for intake in config.intakes)
    base = measured[measured["quarter"].isin(quarters(add(first, -4), add(first, -1)))]
    return base.groupby("municipality_number")["agreed_days"].mean()
