"""Rules about a series as a whole: one scale, no hole in the calendar, nobody lost on the way."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.periods import quarters
from kvalitet_eval.prepare.rules.municipality_rules import RegisterLike

SERIES = ("sick_leave_days", "sick_leave_rates", "pai_sick_leave")
_JUMP = 30.0  # a group this many times lower or higher than the rest is written in another unit
_TOO_HIGH = 3.0  # a figure above the highest likely, and this many times the usual, is tenths or a code
_HIGHEST_LIKELY = 35.0  # sick leave in per cent that a whole municipality does not have
_LISTED = 10


def check_scale(frame: pd.DataFrame, column: str, path: Path) -> list[Finding]:
    """Refuse shares (0.091) or tenths (91) where percentages (9.1) belong, for all rows or for some of them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed rows with ``line``, in a layout of percentages.
    column : str
        The percentage.
    path : Path
        For the findings.
    """
    known = frame[frame[column].notna() & (frame[column] > 0)]
    if known.empty:
        return []
    values = known[column]
    if values.max() < 1:
        top = known.loc[values.idxmax()]
        where = {"file": path, "line": int(top["line"]), "column": column, "found": _number(top[column])}
        return [finding("INN-D08", **where, largest=_number(top[column]))]
    if values.median() > _HIGHEST_LIKELY:
        top = known.loc[values.idxmax()]
        where = {"file": path, "line": int(top["line"]), "column": column, "found": _number(top[column])}
        return [finding("INN-D14", **where, median=_number(values.median()))]
    grouped = [("municipality_number", known.get("municipality_number")), ("year", known["quarter"].str[:4])]
    found = {}
    for name, groups in grouped:
        if groups is not None:
            found |= {item.line: item for item in reversed(_other_scale(known, column, groups, path, name))}
    lonely = _lonely_shares(known, column, path)
    return [*found.values(), *(item for item in lonely if item.line not in found and not found)]


def _other_scale(known: pd.DataFrame, column: str, groups: pd.Series, path: Path, name: str) -> list[Finding]:
    """Find groups that are a hundred times lower, or many times higher, than all the others together."""
    grouped = known.groupby(groups)[column]
    medians, smallest, largest = grouped.median(), grouped.min(), grouped.max()
    if len(medians) < 2:
        return []
    whole = medians[medians >= 1].median()
    low = [group for group in medians.index if largest[group] < 1]
    high = [group for group in medians.index if smallest[group] > _HIGHEST_LIKELY]
    odd = [group for group in low if whole / medians[group] > _JUMP]
    odd += [group for group in high if medians[group] / medians.drop(high).median() > _TOO_HIGH]
    listed = ", ".join(map(str, odd[:_LISTED])) + (" …" if len(odd) > _LISTED else "")
    findings, others = [], _number(medians.drop(odd).median() if len(odd) < len(medians) else whole)
    for group in odd:
        first = known[groups == group].iloc[0]
        where = {"file": path, "line": int(first["line"]), "column": column, "found": _number(first[column])}
        facts = {"group": group, "median": _number(medians[group]), "others": others, "groups": listed}
        findings.append(finding("INN-D07", **where, **facts, by=name))
    return findings


def _lonely_shares(known: pd.DataFrame, column: str, path: Path) -> list[Finding]:
    """Find single figures that are a hundredth, or many times, of what the same municipality has otherwise."""
    if "municipality_number" not in known:
        return []
    values = known[column]
    usual = values.where((values >= 1) & (values <= _HIGHEST_LIKELY)).groupby(known["municipality_number"])
    usual = usual.transform("median")
    low = (values < 1) & (usual / values > _JUMP)
    odd = known[low | ((values > _HIGHEST_LIKELY) & (values / usual > _TOO_HIGH))]
    return [
        finding("INN-D12", file=path, line=int(line), column=column, found=_number(value), usual=_number(median))
        for line, value, median in zip(odd["line"], odd[column], usual[odd.index], strict=True)
    ]


def check_jumps(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """Tell of a number of employees or agreed days that is many times what the same municipality has otherwise.

    Both change slowly, so that such a figure is a slip of the decimal sign, or thousands, and not a change.

    Parameters
    ----------
    frame, path
        Typed rows with ``line`` of a layout of person-days, and their file.

    Returns
    -------
    list of Finding
        INN-V08 (warning), one for each figure.
    """
    unit = [name for name in ("municipality_number", "sector") if name in frame]
    found = []
    for column in ("employees", "agreed_days"):
        values = frame[column].where(frame[column] > 0)
        grouped = values.groupby([frame[name] for name in unit])
        usual = grouped.transform("median").where(grouped.transform("count") >= _ENOUGH)
        odd = (values > usual * _FIVEFOLD) | (values * _FIVEFOLD < usual)
        found += [
            finding(
                "INN-V08",
                severity="warning",
                file=path,
                line=int(frame.loc[index, "line"]),
                column=column,
                found=_number(values[index]),
                usual=_number(usual[index]),
            )
            for index in frame.index[odd]
        ]
    return found


_FIVEFOLD, _ENOUGH = 5, 4  # times the median of at least so many figures


def check_gaps(
    frame: pd.DataFrame, layout: Layout, path: Path, register: RegisterLike | None, treated: Collection[str]
) -> list[Finding]:
    """Find quarters that are not there: for everybody, for some, or only for those in the programme.

    A municipality is expected in every quarter of the file in which its number is valid, or, without a register,
    between its own first and last quarter.

    Parameters
    ----------
    frame, layout, path
        Typed rows with ``line``, what they are, and their file.
    register : RegisterLike, optional
        Years in which numbers are valid.
    treated : collection of str
        Numbers of the municipalities in the programme; none when the caller does not know them.

    Returns
    -------
    list of Finding
        INN-E08 (error): a hole in the calendar. INN-E10 (error): only the programme's municipalities are missing.
        INN-E07 (warning): some municipality is missing in some quarter, one finding per municipality.
    """
    if layout.id not in SERIES or frame.empty:
        return []
    known = frame[["municipality_number", "quarter"]].drop_duplicates()
    if known.isna().any(axis=None):
        return []  # a refused row may be the one that is missing
    present = set(zip(*(known[name].to_numpy(dtype=object) for name in known), strict=True))
    there = set(known["quarter"].unique())
    calendar = quarters(min(there), max(there))
    holes = [quarter for quarter in calendar if quarter not in there]
    findings = []
    if holes:
        where = {"file": path, "column": "quarter", "found": _listed(holes)}
        findings.append(finding("INN-E08", **where, n=len(holes), first=calendar[0], last=calendar[-1]))
    missing = _missing(known, [quarter for quarter in calendar if quarter in there], register, present)
    skewed = _skewed(missing, set(treated))
    if skewed:
        everybody = sorted({number for quarter in skewed for number in missing[quarter]})
        where = {"file": path, "column": "quarter", "found": _listed(sorted(skewed))}
        findings.append(finding("INN-E10", **where, municipalities=_listed(everybody), n=len(everybody)))
    by_number: dict[str, list[str]] = {}
    for quarter, numbers in missing.items():
        for number in numbers:
            by_number.setdefault(number, []).append(quarter)
    for number, gone in sorted(by_number.items()):
        where = {"file": path, "column": "quarter", "found": _listed(sorted(gone)), "severity": "warning"}
        findings.append(finding("INN-E07", **where, number=number, n=len(gone)))
    return findings


def _missing(
    known: pd.DataFrame, calendar: list[str], register: RegisterLike | None, present: set[tuple[str, str]]
) -> dict[str, list[str]]:
    """Return, for each quarter, the municipalities that are expected and not there."""
    spans = known.groupby("municipality_number")["quarter"].agg(["min", "max"])
    missing: dict[str, list[str]] = {}
    for number, first, last in spans.itertuples():
        for quarter in calendar:
            inside = first < quarter < last if register is None else register.exists(number, int(quarter[:4]))
            if inside and (number, quarter) not in present:
                missing.setdefault(quarter, []).append(number)
    return missing


def _skewed(missing: dict[str, list[str]], treated: set[str]) -> set[str]:
    """Return the quarters in which all who are missing are in the programme: two at least, or the whole programme."""
    fewest = min(2, len(treated))
    return {quarter for quarter, numbers in missing.items() if len(numbers) >= fewest and set(numbers) <= treated}


def _listed(items: list[str]) -> str:
    return ", ".join(items[:_LISTED]) + (" …" if len(items) > _LISTED else "")


def _number(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")
