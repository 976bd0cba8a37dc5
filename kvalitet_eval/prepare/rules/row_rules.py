"""Rules about whole rows and about rows together: what no single cell can tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import Finding, Severity, finding
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.rules.number_rules import STATUS_SUFFIX
from kvalitet_eval.prepare.rules.series_rules import check_jumps, check_scale
from kvalitet_eval.prepare.semantics.meaning import check_meaning

_MOST_DAYS_PER_QUARTER = 92  # calendar days; more agreed days per person means hours, or a sum over more quarters
_ROUNDING_PP = 0.15  # three figures with one decimal may differ by this much from rounding alone
_FLOAT_SLACK = 1e-9
# Code and severity of each rule.
_MORE_LOST = ("INN-V01", "error")
_NOBODY = ("INN-V02", "error")
_NO_WORK = ("INN-V03", "warning")
_MANY_DAYS = ("INN-V04", "warning")
_ZERO = ("INN-V05", "warning")
_PARTS_DIFFER = ("INN-V06", "warning")
_ZERO_RATE = ("INN-V07", "warning")
_FEW_LOST = ("INN-V09", "warning")
_BOTH_OUTSIDE = ("INN-V10", "warning")
_ANOTHER_UNIT = 3.0  # parts this many times more or less than their total are written in another unit
_FEWEST_LOST, _MANY_AGREED = 0.0005, 10_000  # a share of so many agreed days that only another unit explains
_DAYS = ("sick_leave_days", "pai_sick_leave")
_PARTS_OF_TOTAL = {
    "sick_leave_rates": ("rate_total_pct", "rate_self_pct", "rate_doctor_pct"),
    "national_series": ("total_pct", "self_certified_pct", "doctor_certified_pct"),
}


def check_rows(frame: pd.DataFrame, layout: Layout, path: Path) -> list[Finding]:
    """Return all findings about the rows of one file.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed rows with ``line``; refused cells are missing and trip no rule.
    layout, path
        What kind of file it is, and which.
    """
    findings = _duplicates(frame, layout, path)
    if layout.id in _DAYS:
        findings += _mixed_sectors(frame, path) + _person_days(frame, path) + check_jumps(frame, path)
    if layout.id == "ssb_sick_leave":
        findings += check_scale(frame, "rate_doctor_pct", path) + _between_sexes(frame, path)
    if layout.id in _PARTS_OF_TOTAL:
        total, *parts = _PARTS_OF_TOTAL[layout.id]
        findings += _parts_of_total(frame, path, total, *parts)
        findings += check_scale(frame, total, path)
        zero = (frame[total] == 0) if total in frame else pd.Series([], dtype=bool)
        findings += _flag(frame, path, (*_ZERO_RATE, total), zero, {"total": frame[total]})
    return findings + check_meaning(frame, layout, path)


def split_duplicates(frame: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, pd.Series]:
    """Keep the first of rows that are the same in every column.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.Series
        The rows without the repetitions, and for each repetition (index as in ``frame``) the line it repeats.
    """
    columns = [name for name in frame.columns if name != "line"]
    complete = frame[list(layout.key)].notna().all(axis=1)
    repeated = frame.duplicated(columns, keep="first") & complete
    if not repeated.any():
        return frame, pd.Series([], dtype="int64")
    first = frame.groupby(columns, dropna=False, sort=False)["line"].transform("first")
    return frame[~repeated], first[repeated].astype("int64")


def _duplicates(frame: pd.DataFrame, layout: Layout, path: Path) -> list[Finding]:
    """Refuse rows with one key and different figures: nobody can tell which of them is right."""
    key = list(layout.key)
    known = frame.dropna(subset=key)
    repeated = known[known.duplicated(key, keep="first")]
    first_line = known.groupby(key)["line"].transform("min") if len(repeated) else repeated["line"]
    return [
        finding(
            "INN-G02",
            file=path,
            line=row["line"],
            column=", ".join(key),
            found=", ".join(str(row[name]) for name in key),
            first_line=row["first_line"],
            **_differences(row, known),
        )
        for row in repeated.assign(first_line=first_line).to_dict("records")
    ]


def _differences(row: dict[str, object], known: pd.DataFrame) -> dict[str, str]:
    """Say in which column two rows of one key differ first, and how."""
    first = known[known["line"] == row["first_line"]].iloc[0]
    for name in known.columns:
        if pd.isna(row[name]) and pd.isna(first[name]):
            continue
        if name != "line" and not name.endswith(STATUS_SUFFIX) and row[name] != first[name]:
            return {"differs": name, "first_value": _shown(first[name]), "value": _shown(row[name])}
    return {"differs": "-", "first_value": "-", "value": "-"}


def _shown(value: object) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.10g}".replace(".", ",") if isinstance(value, float) else str(value)


def _mixed_sectors(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """Refuse a sum over sectors beside the sectors themselves: every day would be counted twice."""
    unit = ["municipality_number", "quarter"]
    known = frame.dropna(subset=[*unit, "sector"])
    whole = known[known["sector"] == "all"]
    split = known[known["sector"] != "all"].groupby(unit)["line"].min().rename("other_line").reset_index()
    return [
        finding(
            "INN-G05",
            file=path,
            line=row["line"],
            column="sector",
            found=f"{row['municipality_number']}, {row['quarter']}, all",
            other_line=row["other_line"],
        )
        for row in whole.merge(split, on=unit).to_dict("records")
    ]


def _person_days(frame: pd.DataFrame, path: Path) -> list[Finding]:
    own, doctor = frame["lost_days_self"], frame["lost_days_doctor"]
    lost, agreed, employees = own.fillna(0) + doctor.fillna(0), frame["agreed_days"], frame["employees"]
    columns = "lost_days_self, lost_days_doctor"
    work = (agreed.fillna(0) > 0) | (lost > 0)
    zero = (own == 0) & (doctor == 0) & (agreed > 0)
    hours = (employees > 0) & (agreed > employees * _MOST_DAYS_PER_QUARTER)
    return [
        *_flag(
            frame, path, (*_MORE_LOST, columns), lost > agreed * (1 + _FLOAT_SLACK), {"lost": lost, "agreed": agreed}
        ),
        *_flag(frame, path, (*_NOBODY, "employees"), (employees == 0) & work, {"agreed": agreed, "lost": lost}),
        *_flag(frame, path, (*_NO_WORK, "agreed_days"), (employees > 0) & (agreed == 0), {"employees": employees}),
        *_flag(frame, path, (*_MANY_DAYS, "agreed_days"), hours, {"agreed": agreed, "employees": employees}),
        *_flag(frame, path, (*_ZERO, columns), zero, {"agreed": agreed}),
        *(
            item
            for name in ("lost_days_self", "lost_days_doctor")
            for item in _flag(frame, path, (*_FEW_LOST, name), _is_few(frame[name], agreed), {"lost": frame[name]})
        ),
    ]


def _is_few(lost: pd.Series, agreed: pd.Series) -> pd.Series:
    """Whether lost days are so few beside the agreed ones that they are rather a percentage."""
    return (lost > 0) & (lost < agreed * _FEWEST_LOST) & (agreed >= _MANY_AGREED)


def _between_sexes(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """Tell of a percentage of all that lies outside those of women and men, which no weights can explain."""
    key = ["municipality_number", "quarter", "population", "table"]
    known = frame.dropna(subset=[*key, "sex", "rate_doctor_pct"]).drop_duplicates([*key, "sex"])
    wide = known.pivot(index=key, columns="sex", values="rate_doctor_pct")
    if not {"both", "women", "men"} <= set(wide.columns):
        return []
    parts = wide[["women", "men"]]
    limits = pd.DataFrame({"low": parts.min(axis=1, skipna=False), "high": parts.max(axis=1, skipna=False)})
    table = known[known["sex"] == "both"].join(limits, on=key)
    both, slack = table["rate_doctor_pct"], _ROUNDING_PP / 3 + _FLOAT_SLACK
    outside = (both < table["low"] - slack) | (both > table["high"] + slack)
    figures = {"both": both, "low": table["low"], "high": table["high"]}
    return _flag(table, path, (*_BOTH_OUTSIDE, "rate_doctor_pct"), outside, figures)


def _parts_of_total(frame: pd.DataFrame, path: Path, total: str, own: str, doctor: str) -> list[Finding]:
    if own not in frame or doctor not in frame:
        return []
    parts = frame[own] + frame[doctor]
    apart = (frame[total] - parts).abs() > _ROUNDING_PP + _FLOAT_SLACK
    other_unit = (parts > frame[total] * _ANOTHER_UNIT) | (parts * _ANOTHER_UNIT < frame[total])
    figures = {"total": frame[total], "parts": parts}
    return [
        *_flag(frame, path, ("INN-V11", "error", total), apart & other_unit, figures),
        *_flag(frame, path, (*_PARTS_DIFFER, total), apart & ~other_unit, figures),
    ]


def _flag(
    frame: pd.DataFrame, path: Path, rule: tuple[str, Severity, str], wrong: pd.Series, figures: dict[str, pd.Series]
) -> list[Finding]:
    """Return one finding (code, severity, column) for every row where ``wrong`` is true, with that row's figures."""
    code, severity, column = rule
    findings = []
    for index in frame.index[wrong]:
        facts = {name: f"{values[index]:.10g}".replace(".", ",") for name, values in figures.items()}
        where = {
            "file": path,
            "line": int(frame.loc[index, "line"]),
            "column": column,
            "found": ", ".join(facts.values()),
        }
        findings.append(finding(code, severity=severity, **where, **facts))
    return findings
