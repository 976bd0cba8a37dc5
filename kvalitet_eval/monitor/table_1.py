"""Table 1 of the annual report: sick leave in three overlapping windows, recomputed with the interval of rounding.

The printed rates have one decimal, so the truth behind each lies within 0.05 points of it, and every change recomputed
from them is an interval. The windows share quarters: they are descriptions, not independent observations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.participants import PARTICIPANT, SECOND_INTAKE, START_UNKNOWN, Participants
from kvalitet_eval.prepare.periods import Window

ROUNDING_PP = Decimal("0.05")  # half the last printed digit
PERIOD_COLUMNS = MappingProxyType({"P1": "p1_2005Q4_2006Q3", "P2": "p2_2006Q2_2007Q1", "P3": "p3_2006Q4_2007Q3"})
PUBLISHED_COLUMNS = MappingProxyType({"P1": "pct_p1_p3_published", "P2": "pct_p2_p3_published"})
WINDOWS = MappingProxyType({period: Window(*name.split("_")[1:]) for period, name in PERIOD_COLUMNS.items()})
LAST = "P3"
ALL_MUNICIPALITIES, IDENTICAL, ALL_TREATED = "Totalt", "Identiske kommuner", "Totalt innsatskommuner"
CHANGE_COLUMNS = (
    *("unit", "is_total", "municipality_number", "from_period", "to_period", "from_rate_pct", "to_rate_pct"),
    *("change_pp", "low_pp", "high_pp", "change_pct", "low_pct", "high_pct", "printed_pct", "published_pct"),
    *("verdict", "direction"),
)
TOTALS = (ALL_MUNICIPALITIES, IDENTICAL, ALL_TREATED)


@dataclass(frozen=True, slots=True)
class LevelContrast:
    """Mean change of the lowest municipalities and of the others: what regression to the mean looks like.

    Parameters
    ----------
    n_low, n_other : int
        Municipalities in each group; those without a baseline are in neither.
    low_pp, other_pp : float
        Mean change in percentage points, every municipality counting the same; positive means higher sick leave.
    low_units : tuple of str
        The lowest, as printed.
    """

    n_low: int
    n_other: int
    low_pp: float
    other_pp: float
    low_units: tuple[str, ...]


def published_rates(config: Config, participants: Participants) -> pd.DataFrame:
    """Read Table 1.

    Returns
    -------
    pandas.DataFrame
        One row per row of the table, in its order: line, unit (as printed), is_total, municipality_number (in the
        programme's borders; missing for totals), number_2007 (the municipality the figures are about), intake (the
        one that counts), P1, P2, P3 (rates in per cent, one decimal; missing where the table has none), published_P1
        and published_P2 (printed change to P3, whole per cent), all_periods (whether all three rates are there).

    Raises
    ------
    DataError
        A row is neither one of the table's totals nor a participant of the list, or a rate is printed as 0.0, from
        which no relative change can be computed; all faults at once.
    """
    path = config.file("published_table")
    rows = read(path, "table_1").rows
    known = participants.with_status(PARTICIPANT, SECOND_INTAKE, START_UNKNOWN)
    numbers = known.drop_duplicates("name").set_index("name")
    intakes = participants.with_status(PARTICIPANT).set_index("border_number")["intake"]
    is_total = rows["unit"].isin(TOTALS)
    known_units = {*numbers.index, *TOTALS}
    if faults := [*_unknown_units(rows, known_units, path), *_zero_rates(rows, path)]:
        raise DataError(faults)
    number = rows["unit"].map(numbers["border_number"]).astype("str")
    table = pd.DataFrame({"line": rows["line"], "unit": rows["unit"], "is_total": is_total})
    table["municipality_number"], table["intake"] = number, number.map(intakes).astype("str")
    table["number_2007"] = rows["unit"].map(numbers["municipality_number"]).astype("str")
    for period, column in PERIOD_COLUMNS.items():
        table[period] = rows[column].astype(float)
    for period, column in PUBLISHED_COLUMNS.items():
        table[f"published_{period}"] = rows[column].astype(float)
    return table.assign(all_periods=table[list(PERIOD_COLUMNS)].notna().all(axis=1))


def _unknown_units(rows: pd.DataFrame, known: set[str], path: Path) -> Iterable[Finding]:
    for row in rows[~rows["unit"].isin(known)].itertuples():
        yield finding("TAB-01", file=path, line=row.line, column="unit", found=row.unit)


def _zero_rates(rows: pd.DataFrame, path: Path) -> Iterable[Finding]:
    for column in PERIOD_COLUMNS.values():
        for row in rows[rows[column] <= float(ROUNDING_PP)].to_dict("records"):
            yield finding("TAB-05", file=path, line=row["line"], column=column, found=row[column], unit=row["unit"])


def change_table(rates: pd.DataFrame) -> pd.DataFrame:
    """Recompute every change to the last period, with the interval that rounding to one decimal allows.

    Parameters
    ----------
    rates : pandas.DataFrame
        As from :func:`published_rates`; left unchanged.

    Returns
    -------
    pandas.DataFrame
        One row per unit and baseline period: unit, is_total, municipality_number, from_period, to_period,
        from_rate_pct, to_rate_pct, change_pp with low_pp and high_pp (percentage points), change_pct with low_pct and
        high_pct (relative change in per cent), printed_pct (change_pct in whole per cent, halves away from zero),
        published_pct, verdict (reproduced, possible_within_rounding, differs or not_published) and direction (down,
        up or cannot_be_told: no baseline, or equal printed rates). Negative means less sick leave.

    Examples
    --------
    >>> head = {"unit": ["Nord-Aurdal"], "is_total": [False], "municipality_number": ["0542"]}
    >>> rates = pd.DataFrame({**head, "P1": 11.2, "P2": 11.5, "P3": 8.3, "published_P1": -26, "published_P2": -28})
    >>> change_table(rates)[["from_period", "change_pp", "change_pct", "low_pct", "high_pct", "verdict"]].round(1)
      from_period  change_pp  change_pct  low_pct  high_pct     verdict
    0          P1       -2.9       -25.9    -26.7     -25.1  reproduced
    1          P2       -3.2       -27.8    -28.6     -27.1  reproduced
    """
    rows = []
    for baseline in PUBLISHED_COLUMNS:
        for unit in rates.to_dict("records"):
            head = {name: unit[name] for name in ("unit", "is_total", "municipality_number")}
            change = _change(unit[baseline], unit[LAST], unit[f"published_{baseline}"])
            rows.append({**head, "from_period": baseline, "to_period": LAST, **change})
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)).astype({"municipality_number": "str"})


def round_half_away(value: Decimal) -> int:
    """Round to a whole number the way the table was printed: 2.5 becomes 3 and -2.5 becomes -3."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def windows(starts: tuple[str, ...]) -> pd.DataFrame:
    """Return the periods, the quarters that they share, and how much of each lies after a start.

    Parameters
    ----------
    starts : tuple of str
        Quarters in which treatment can be said to begin, for example the intake's start and the quarter in which most
        measures had begun.

    Returns
    -------
    pandas.DataFrame
        One row per period: period, first_quarter, last_quarter, n_quarters, shared_P1, shared_P2, shared_P3 (quarters
        in common) and one column ``exposed_<start>`` per start (share, 0 to 1).
    """
    return pd.DataFrame(
        {
            "period": period,
            "first_quarter": window.start,
            "last_quarter": window.end,
            "n_quarters": len(window.quarters),
            **{f"shared_{other}": window.overlap(WINDOWS[other]) for other in WINDOWS},
            **{f"exposed_{start}": window.exposure_share(start) for start in starts},
        }
        for period, window in WINDOWS.items()
    )


def direction_counts(changes: pd.DataFrame) -> pd.DataFrame:
    """Count municipalities (not totals) by direction of the printed rates.

    Returns
    -------
    pandas.DataFrame
        One row per baseline period: from_period, down, up, cannot_be_told, n.
    """
    units = changes[~changes["is_total"]]
    counts = pd.crosstab(units["from_period"], units["direction"])
    counts = counts.reindex(columns=["down", "up", "cannot_be_told"], fill_value=0).assign(n=lambda c: c.sum(axis=1))
    return counts.rename_axis(columns=None).reset_index()


def coverage(rates: pd.DataFrame) -> pd.DataFrame:
    """Count the municipalities behind each period, and those with figures in all: the table's own "identical" rule.

    Returns
    -------
    pandas.DataFrame
        One row per period: period, n_units, n_identical, missing (names, text with commas). Where the two numbers
        differ, the total of the treated is not about the same municipalities in all periods. It cannot be recomputed
        for the identical ones: the table has no person-days.
    """
    units = rates[~rates["is_total"]]
    return pd.DataFrame(
        {
            "period": period,
            "n_units": int(units[period].notna().sum()),
            "n_identical": int(units["all_periods"].sum()),
            "missing": ", ".join(units.loc[units[period].isna(), "unit"]),
        }
        for period in PERIOD_COLUMNS
    )


def level_contrast(changes: pd.DataFrame, n_low: int, baseline: str = "P1") -> LevelContrast:
    """Compare the municipalities that were lowest at the baseline with the others.

    Municipalities chosen for a high level fall, and those chosen for a low one rise, with no programme at all.

    Raises
    ------
    DataError
        There are not more than ``n_low`` municipalities with a baseline.
    """
    units = changes[~changes["is_total"] & (changes["from_period"] == baseline)].dropna(subset=["change_pp"])
    if not 0 < n_low < len(units):
        raise DataError.of("TAB-02", found=n_low, n_units=len(units))
    ordered = units.sort_values(["from_rate_pct", "unit"])
    low, other = ordered.iloc[:n_low], ordered.iloc[n_low:]
    return LevelContrast(
        n_low, len(other), float(low["change_pp"].mean()), float(other["change_pp"].mean()), tuple(low["unit"])
    )


def differing(changes: pd.DataFrame, config: Config) -> tuple[Finding, ...]:
    """Return a warning for every printed change that the printed rates do not give exactly."""
    codes = {"possible_within_rounding": "TAB-03", "differs": "TAB-04"}
    return tuple(
        finding(
            codes[row.verdict],
            severity="warning",
            file=config.file("published_table"),
            found=_whole(row.published_pct),
            unit=row.unit,
            from_period=row.from_period,
            printed=_whole(row.change_pct),
            lowest=_whole(row.low_pct),
            highest=_whole(row.high_pct),
        )
        for row in changes[changes["verdict"].isin(codes)].itertuples()
    )


def _whole(percent: float) -> str:
    if pd.isna(percent):
        return "–"
    return str(round_half_away(Decimal(percent))).replace("-", "−")


def _change(before: float, after: float, published: float) -> dict[str, object]:
    if pd.isna(before) or pd.isna(after):
        verdict = "not_published" if pd.isna(published) else "differs"
        return {"from_rate_pct": before, "to_rate_pct": after, "published_pct": published} | {
            "verdict": verdict,
            "direction": "cannot_be_told",
        }
    old, new = _printed(before), _printed(after)
    points = new - old
    low, middle, high = (_relative(old + move, new - move) for move in (ROUNDING_PP, Decimal(0), -ROUNDING_PP))
    return {
        "from_rate_pct": before,
        "to_rate_pct": after,
        "change_pp": float(points),
        "low_pp": float(points - 2 * ROUNDING_PP),
        "high_pp": float(points + 2 * ROUNDING_PP),
        "change_pct": float(middle),
        "low_pct": float(low),
        "high_pct": float(high),
        "printed_pct": float(round_half_away(middle)),
        "published_pct": published,
        "verdict": _verdict(published, low, middle, high),
        "direction": "down" if points < 0 else "up" if points > 0 else "cannot_be_told",
    }


def _printed(rate_pct: float) -> Decimal:
    """Return the rate as it stands in print, without the noise of binary fractions."""
    return Decimal(f"{rate_pct:.1f}")


def _relative(before: Decimal, after: Decimal) -> Decimal:
    return 100 * (after - before) / before


def _verdict(published: float, low: Decimal, middle: Decimal, high: Decimal) -> str:
    if pd.isna(published):
        return "not_published"
    if published == round_half_away(middle):
        return "reproduced"
    return "possible_within_rounding" if round_half_away(low) <= published <= round_half_away(high) else "differs"
