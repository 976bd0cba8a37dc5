"""Rules about the rows of one kind of file: dates in order, goals that can be reached, scales, counts, sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from kvalitet_eval.errors import Finding, Severity, finding

NETWORK_SIZE = (4, 6)  # municipalities in one network, by the programme
# Eleven digits, or ten where a spreadsheet has taken the zero before the day away.
_PERSONAL_NUMBER = re.compile(r"(?:\d{6}|[1-9](?:0[1-9]|1[0-2])\d{2})[\s.-]?\d{5}")
# What a respondent can be named by instead of a serial number: an e-mail address, a telephone number, a person's name.
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_TELEPHONE = re.compile(
    r"(?:\+|00)47[ .-]?\d(?:[ .-]?\d){7}|[49]\d{7}|[2-9]\d(?:[ .]\d\d){3}|[49]\d\d[ .]\d\d[ .]\d{3}|[49]\d\d \d{5}"
)
_NAME = re.compile(r"[A-ZÆØÅÀ-Þ][a-zæøåß-ÿ]+(?:[ -][A-ZÆØÅÀ-Þ][a-zæøåß-ÿ.]*)*,? [A-ZÆØÅÀ-Þ][a-zæøåß-ÿ]+")
_TELLS_WHO = MappingProxyType(
    {"INN-S19": _PERSONAL_NUMBER, "INN-S40": _ADDRESS, "INN-S41": _TELEPHONE, "INN-S42": _NAME}
)
_PERCENT = re.compile(r"\s*(?:%|pst\.?|prosent)\s*", re.IGNORECASE)
_ANOTHER_UNIT = 30  # times the level before: a share beside a percentage
_SUM = re.compile(r"(?:sum|totalt?|i alt)\b", re.IGNORECASE)
_ROUNDING_PP = 0.05  # a rate with one decimal
_SLACK = 1e-9
_SHARE_SLACK = 1e-6  # shares are written with a limited number of decimals

Rule = Callable[[pd.DataFrame, Path], list[Finding]]


def _in_order(frame: pd.DataFrame, path: Path, *, first: str, last: str) -> list[Finding]:
    """A day or a month may not come before another; a month and a day are compared as months."""
    known = frame.dropna(subset=[first, last])
    wrong = [_is_before(end, start) for start, end in zip(known[first], known[last], strict=True)]
    return _flag(known[wrong], path, "INN-S12", last, {"first_column": first, "first": first})


def _is_before(end: str, start: str) -> bool:
    length = min(len(end), len(start))
    return end[:length] < start[:length]


def _goal_direction(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """A goal to go down must lie below the level before, one to go up above it."""
    apart = frame["target"] - frame["baseline"]
    wrong = ((frame["direction"] == "decrease") & (apart >= 0)) | ((frame["direction"] == "increase") & (apart <= 0))
    facts = {"direction": "direction", "baseline": "baseline"}
    return _flag(frame[wrong], path, "INN-S13", "target", facts)


def _goal_unit(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """A goal in per cent lies from 0 to 100, and is not a share beside a level in per cent."""
    percent = frame["unit"].astype("str").str.fullmatch(_PERCENT).fillna(False).astype(bool)
    pair = frame[["baseline", "target"]].astype("float64")
    outside = ((pair < 0) | (pair > 100)).any(axis=1)
    apart = (pair.min(axis=1) > 0) & (pair.max(axis=1) > _ANOTHER_UNIT * pair.min(axis=1))
    return _flag(frame[percent & (outside | apart)], path, "INN-S24", "target", {"baseline": "baseline"})


def _one_unit(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """An indicator of one table has one unit, or its figures could not be compared."""
    key = ["indicator", "table"]
    known = frame.dropna(subset=[*key, "unit"])
    known = known.assign(plain=known["unit"].astype("str").str.strip().str.casefold())
    first = known.groupby(key)[["plain", "unit", "line"]].transform("first")
    wrong = known.assign(other=first["unit"], other_line=first["line"])[known["plain"] != first["plain"]]
    facts = {"indicator": "indicator", "other": "other", "other_line": "other_line"}
    return _flag(wrong, path, "INN-S23", "unit", facts)


def _scale_ends(frame: pd.DataFrame, path: Path) -> list[Finding]:
    wrong = frame["scale_max"] <= frame["scale_min"]
    return _flag(frame[wrong], path, "INN-S14", "scale_max", {"scale_min": "scale_min"})


def _answers(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """Nobody answers uninvited; a mean lies on the scale, and is there exactly when somebody answered."""
    too_many = frame["n_answered"] > frame["n_invited"]
    outside = (frame["mean_score"] < frame["scale_min"] - _SLACK) | (frame["mean_score"] > frame["scale_max"] + _SLACK)
    of_nobody = (frame["n_answered"] == 0) & frame["mean_score"].notna()
    absent = (frame["n_answered"] > 0) & frame["mean_score"].isna()
    scale = {"scale_min": "scale_min", "scale_max": "scale_max"}
    return [
        *_flag(frame[too_many.fillna(False)], path, "INN-S15", "n_answered", {"n_invited": "n_invited"}),
        *_flag(frame[outside], path, "INN-S16", "mean_score", scale),
        *_flag(frame[of_nobody.fillna(False)], path, "INN-S17", "mean_score", {}),
        *_flag(frame[absent.fillna(False)], path, "INN-S18", "n_answered", {}, severity="warning"),
    ]


def _personal_numbers(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """A respondent is a serial number; what tells who somebody is, is never repeated in a message."""
    texts = frame["respondent"].astype("str").str.strip()
    codes = {text: code for text in texts.dropna().unique() if (code := _told_of(text))}
    wrong = texts[texts.isin(codes)]
    return [
        finding(codes[text], file=path, line=int(line), column="respondent", found="***********")
        for line, text in zip(frame.loc[wrong.index, "line"], wrong, strict=True)
    ]


def _told_of(respondent: str) -> str | None:
    return next((code for code, pattern in _TELLS_WHO.items() if pattern.fullmatch(respondent)), None)


def _network_sizes(frame: pd.DataFrame, path: Path) -> list[Finding]:
    low, high = NETWORK_SIZE
    groups = frame.dropna(subset=["network_id"]).groupby("network_id", sort=False)
    sizes = groups.agg(n=("municipality_number", "nunique"), line=("line", "min"))
    odd = sizes[(sizes["n"] < low) | (sizes["n"] > high)]
    return [
        finding(
            "INN-S20",
            severity="warning",
            file=path,
            line=int(row.line),
            column="network_id",
            found=row.Index,
            n=row.n,
            low=low,
            high=high,
        )
        for row in odd.itertuples()
    ]


def _rate_of_days(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """The percentage that is printed must be the one its days give, as far as rounding goes."""
    if not {"lost_days_doctor", "agreed_days"} <= set(frame.columns):
        return []
    agreed = frame["agreed_days"].where(frame["agreed_days"] > 0)
    computed = 100 * frame["lost_days_doctor"] / agreed
    wrong = (computed - frame["rate_doctor_pct"]).abs() > _ROUNDING_PP + _SLACK
    table = frame[wrong].assign(computed=computed[wrong].round(2))
    return _flag(table, path, "INN-S21", "rate_doctor_pct", {"computed": "computed"})


def _sum_rows(frame: pd.DataFrame, path: Path) -> list[Finding]:
    wrong = frame["item"].astype("str").str.match(_SUM)
    return _flag(frame[wrong.fillna(False).astype(bool)], path, "INN-S22", "item", {})


def _shares(frame: pd.DataFrame, path: Path) -> list[Finding]:
    """The shares of one municipality at one change are 1 together, or figures would vanish or count twice."""
    groups = frame.assign(year=frame["date"].str[:4]).groupby(["year", "direction", "from_number"], sort=False)
    totals = groups.agg(total=("share", "sum"), line=("line", "min"), date=("date", "min")).reset_index()
    return [
        finding(
            "REG-33",
            file=path,
            line=int(row.line),
            column="share",
            found=row.from_number,
            total=_printed(round(row.total, 6)),
            date=row.date,
        )
        for row in totals[(totals["total"] - 1).abs() > _SHARE_SLACK].itertuples()
    ]


def _flag(
    rows: pd.DataFrame,
    path: Path,
    code: str,
    column: str,
    facts: Mapping[str, str],
    *,
    severity: Severity = "error",
) -> list[Finding]:
    """Return one finding per row; ``facts`` names the columns whose values the sentences use."""
    return [
        finding(
            code,
            severity=severity,
            file=path,
            line=int(row["line"]),
            column=column,
            found=_printed(row[column]),
            **{name: source if name == "first_column" else _printed(row[source]) for name, source in facts.items()},
        )
        for row in rows.to_dict("records")
    ]


def _printed(value: object) -> str:
    if isinstance(value, (int, float)):
        return "" if pd.isna(value) else f"{value:.10g}".replace(".", ",")
    return str(value)


RULES: MappingProxyType[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "ssb_sick_leave": (_rate_of_days,),
        "kostra_indicators": (_one_unit,),
        "goals": (_goal_direction, _goal_unit, partial(_in_order, first="baseline_date", last="deadline")),
        "measures": (partial(_in_order, first="start", last="end"),),
        "co_interventions": (partial(_in_order, first="start", last="end"),),
        "networks": (partial(_in_order, first="joined", last="left"), _network_sizes),
        "cooperation_survey": (_scale_ends, _answers),
        "survey_codebook": (_scale_ends,),
        "survey_responses": (_personal_numbers,),
        "project_accounts": (_sum_rows,),
        "boundary_weights": (_shares,),
    }
)
