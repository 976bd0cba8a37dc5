"""Days lost and agreed put together as panel rows; what nobody delivered is missing, never zero."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.periods import label
from kvalitet_eval.prepare.schema import LAYOUTS, ORIGINS

COLUMNS = tuple(column.name for column in LAYOUTS["sick_leave_days"].columns)
_KEY = ["municipality_number", "quarter_number", "sector"]
_LOST = ["lost_days_self", "lost_days_doctor"]
_SLACK = 1e-9
_SHOWN = 20


def assemble(
    lost: pd.DataFrame, agreed: pd.DataFrame, *, is_synthetic: bool, file: Path
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the panel's rows and what is to be said about them.

    A sector without spells has lost no days when its municipality has other spells in the quarter. Without any spell of
    the municipality in the quarter, nobody can tell none from not delivered: the lost days are missing.

    Parameters
    ----------
    lost, agreed : pandas.DataFrame
        Results of ``LOST_DAYS`` and ``AGREED_DAYS`` (person-days; ``employees`` in persons).
    is_synthetic : bool
        Whether some row was simulated.
    file : Path
        The file with the agreed days, for the findings.

    Returns
    -------
    rows : pandas.DataFrame
        Columns of the layout ``sick_leave_days``, sorted; one row per row of ``agreed``.
    findings : list of Finding
        SPE-15, SPE-16 (errors): days lost where none are agreed, or more than agreed. SPE-17, SPE-18 (warnings):
        municipalities and quarters without spells.
    """
    lost, agreed = _as_text(lost), _as_text(agreed)
    merged = agreed.merge(lost[[*_KEY, *_LOST]], on=_KEY, how="outer", indicator=True)
    some = merged[_LOST].sum(axis=1)
    without = merged[(merged["_merge"] == "right_only") & (some > 0)]
    rows = merged[merged["_merge"] != "right_only"].copy()
    too_many = rows[rows[_LOST].sum(axis=1) > rows["agreed_days"] * (1 + _SLACK)]
    unit = ["municipality_number", "quarter_number"]
    known = pd.MultiIndex.from_frame(lost[unit].drop_duplicates())
    is_known = pd.MultiIndex.from_frame(rows[unit]).isin(known)
    for name in _LOST:
        rows[name] = rows[name].where(rows[name].notna() | ~is_known, 0.0)
    findings = [*_cells("SPE-15", without, file), *_cells("SPE-16", too_many, file)]
    findings += _not_delivered(rows[~is_known], set(lost["municipality_number"]), file)
    rows["quarter"] = rows["quarter_number"].map(label)
    rows["origin"] = ORIGINS[1] if is_synthetic else ORIGINS[0]
    return rows.sort_values(_KEY)[list(COLUMNS)].reset_index(drop=True), findings


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"municipality_number": "str", "sector": "str", "quarter_number": "int64"})


def _cells(code: str, cells: pd.DataFrame, file: Path) -> list[Finding]:
    """Return one finding per municipality, quarter and sector."""
    found = []
    for row in cells.to_dict("records"):
        quarter, figures = label(row["quarter_number"]), {"lost": row[_LOST[0]] + row[_LOST[1]]}
        figures |= {"agreed": row["agreed_days"]}
        facts = {name: f"{value:.10g}".replace(".", ",") for name, value in figures.items()}
        where = {"municipality": row["municipality_number"], "quarter": quarter, "sector": row["sector"]}
        found.append(finding(code, file=file, column="agreed_days", found=", ".join(where.values()), **where, **facts))
    return found


def _not_delivered(rows: pd.DataFrame, delivered: set[str], file: Path) -> list[Finding]:
    never = sorted(set(rows["municipality_number"]) - delivered)
    quarters = rows[rows["municipality_number"].isin(delivered)].drop_duplicates(
        ["municipality_number", "quarter_number"]
    )
    found = []
    if never:
        shown = ", ".join(never[:_SHOWN]) + (" …" if len(never) > _SHOWN else "")
        found.append(finding("SPE-17", severity="warning", file=file, found=shown, n=len(never)))
    if len(quarters):
        cells = [f"{row.municipality_number} {label(row.quarter_number)}" for row in quarters.itertuples()]
        shown = "; ".join(cells[:_SHOWN]) + (" …" if len(cells) > _SHOWN else "")
        found.append(finding("SPE-18", severity="warning", file=file, found=shown, n=len(cells)))
    return found
