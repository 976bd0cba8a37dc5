"""Carry figures from the borders of their own time to the borders of one year, by summing what may be summed.

Lost days, agreed days and employees of municipalities that merged are added, by quarter or by year; rates never are,
because the mean of two percentages is not the percentage of both together. Where an area was divided, figures are
carried over only with weights that somebody gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.boundary_weights import NO_WEIGHTS, BoundaryWeights, carried_shares
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.schema import ORIGINS

NUMBER, PERIODS = "municipality_number", ("quarter", "year")
KINDS = ("sector", "indicator", "unit", "table")
"""What a row is about beside place and time: only rows of one kind are added."""
CARRIED = "indicator_name"
NOT_SUMMED = (NUMBER, *PERIODS, *KINDS, CARRIED, "origin", "line")
_COUNTED_NB = "antall personer innbyggere ansatte brukere elever barn årsverk dagsverk timer plasser dager kroner"
_COUNTED_EN = "nok number persons person-days man-days hours"
COUNTED = frozenset([*_COUNTED_NB.split(), *_COUNTED_EN.split(), "1000 kr", "1000 kroner"])
"""Units of the long form whose figures can be added; every other unit may be that of a rate or a mean."""
OBSERVED, SIMULATED = ORIGINS
RATE_SUFFIX, STATUS_SUFFIX = "_pct", "_status"
_SOURCE, _YEAR, _SHARE = "_number_in_file", "_year", "_share"
Parts = dict[int, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Harmonised:
    """Rows in the borders of one year, and where each of them comes from.

    Parameters
    ----------
    rows : pandas.DataFrame
        Same columns as the input without ``line``, sorted by municipality, quarter or year, and ``KINDS``. A sum with
        a missing part is missing. ``origin`` is "syntetisk" when any part is.
    lineage : pandas.DataFrame
        Columns municipality_number, quarter or year, predecessors (numbers of that time, text with commas) and
        n_predecessors; one row per municipality and time of ``rows``.
    findings : tuple of Finding
        Warnings: mergers that are missing because a predecessor, or its figure, is; and municipalities whose figures
        were divided by weights.
    divided : pandas.DataFrame
        Columns municipality_number, quarter or year, predecessor and share: every figure with a part of another one.
    """

    rows: pd.DataFrame
    lineage: pd.DataFrame
    findings: tuple[Finding, ...]
    divided: pd.DataFrame


def harmonise(
    rows: pd.DataFrame,
    register: Register,
    borders: int,
    *,
    file: object = None,
    weights: BoundaryWeights = NO_WEIGHTS,
) -> Harmonised:
    """Move rows to the borders that the municipalities have in one year.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per municipality, quarter (text) or year (whole number) and whichever of ``KINDS`` are there, each
        number valid in its year. All other columns but ``origin`` and ``line`` are summed (persons, days, money); of
        columns ending in ``_status`` the reasons of the parts are kept. In the long form (``indicator``, ``value``)
        only figures in one of the units ``COUNTED`` are summed. Left unchanged.
    register : Register
        Numbers and changes.
    borders : int
        Year whose borders are wanted, for example 2008.
    file : path, optional
        Named in messages.
    weights : BoundaryWeights
        Shares for areas that were divided; without them such figures are refused.

    Raises
    ------
    DataError
        A number is not valid in its year, its area was divided on the way and there are no weights, or rates without
        numerator and denominator (columns ending in ``_pct``, indicators in other units than ``COUNTED``) would have to
        be merged or divided; all faults at once.

    Examples
    --------
    Two municipalities became a third in 2008: 10 + 5 lost days of 100 + 100 agreed ones are 15 of 200.

    >>> from kvalitet_eval.prepare.municipalities import Change, Municipality
    >>> years = {"1503": (2007, 2007), "1556": (2007, 2007), "1505": (2008, 2008)}
    >>> register = Register(
    ...     tuple(Municipality(number, "", "", *valid) for number, valid in years.items()),
    ...     (Change(2008, "1503", "1505"), Change(2008, "1556", "1505")),
    ... )
    >>> rows = pd.DataFrame({"municipality_number": ["1503", "1556"], "quarter": "2007Q4", "sector": "all"})
    >>> result = harmonise(rows.assign(lost_days_self=[10.0, 5.0], agreed_days=100.0), register, 2008)
    >>> result.rows
      municipality_number quarter sector  lost_days_self  agreed_days
    0                1505  2007Q4    all            15.0        200.0
    """
    joined = [name for name in rows if name.endswith(STATUS_SUFFIX) or name == CARRIED]
    values = [name for name in rows if name not in (*NOT_SUMMED, *joined)]
    work, parts = _carry(rows, register, borders, weights)
    faults = [
        *_not_mapped(work, register, borders, file),
        *_rates_to_merge(work, parts, file),
        *_rates_to_divide(work, file),
    ]
    if faults:
        raise DataError(faults)
    is_part = work[_SHARE] < 1
    work[values] = work[values].mul(work[_SHARE], axis=0) if is_part.any() else work[values]
    place = [NUMBER, _period(rows)]
    key = [*place, *(name for name in KINDS if name in rows)]
    lacking = _lacking_predecessors(work, parts, key)
    summed, empty = _sum(work, key, values, lacking)
    for name in joined:
        summed = summed.merge(_joined(work, key, name), on=key, how="left")
    names = {_SOURCE: "predecessor", _SHARE: "share"}
    divided = work.loc[is_part, [*place, *names]].drop_duplicates().rename(columns=names)
    findings = (*_absent(lacking, register, file), *_without_figure(empty, file), *_estimated(divided, register, file))
    return Harmonised(
        summed[[name for name in rows.columns if name != "line"]],
        _lineage(work),
        findings,
        divided.sort_values([*place, "predecessor"], ignore_index=True),
    )


def _period(rows: pd.DataFrame) -> str:
    return next(name for name in PERIODS if name in rows)


def _carry(
    rows: pd.DataFrame, register: Register, borders: int, weights: BoundaryWeights
) -> tuple[pd.DataFrame, Parts]:
    """Give every row its number in the borders, once for each part; also return what each number is made of."""
    work = rows.assign(**{_SOURCE: rows[NUMBER], _YEAR: rows[_period(rows)].astype("str").str[:4].astype(int)})
    years = [year for year in sorted(work[_YEAR].unique()) if register.first_year <= year <= register.last_year]
    parts: Parts = {year: {} for year in years}
    carried = []
    for year in years:
        for number in register.numbers(year):
            for target, share in (carried_shares(register, number, year, borders, weights) or {}).items():
                parts[year][target] = (*parts[year].get(target, ()), number)
                carried.append((year, number, target, share))
    targets = pd.DataFrame(carried, columns=[_YEAR, _SOURCE, NUMBER, _SHARE])
    targets = targets.astype({_YEAR: "int64", _SOURCE: "str", NUMBER: "str", _SHARE: "float64"})
    order = list(work.columns)
    work = work.drop(columns=NUMBER).merge(targets, on=[_YEAR, _SOURCE], how="left")
    return work[[*order, _SHARE]], parts


def _not_mapped(work: pd.DataFrame, register: Register, borders: int, file: object) -> Iterable[Finding]:
    """One finding per number and year that has no place, with the line of the first row."""
    lost = work[work[NUMBER].isna()].drop_duplicates([_SOURCE, _YEAR])
    for row in lost.to_dict("records"):
        try:
            register.map_to(row[_SOURCE], row[_YEAR], borders)
        except DataError as error:
            for cause in error.findings:
                where = {"file": file, "line": row.get("line"), "column": NUMBER}
                yield finding(cause.code, found=cause.found, **where, **{**cause.facts, "quarter": row[_period(work)]})


def _rates(work: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rows that hold a rate, and the columns it stands in."""
    names = [name for name in work.columns if name.endswith(RATE_SUFFIX)]
    if names:
        return work, ", ".join(names)
    if not {"indicator", "unit"} <= set(work.columns):
        return work.iloc[:0], ""
    return work[~work["unit"].astype("str").str.strip().str.casefold().isin(COUNTED)], "value"


def _rates_to_merge(work: pd.DataFrame, parts: Parts, file: object) -> Iterable[Finding]:
    rates, column = _rates(work)
    merged = _with_several_predecessors(rates, parts) if len(rates) else rates
    for (number, year), group in merged.groupby([NUMBER, _YEAR]):
        facts = {"predecessors": ", ".join(parts[year][number]), "year": year}
        yield finding("REG-11", file=file, line=_first_line(group), column=column, found=number, **facts)


def _rates_to_divide(work: pd.DataFrame, file: object) -> Iterable[Finding]:
    """Refuse to take a share of a rate: the part has another rate than the whole."""
    rates, column = _rates(work)
    for (number, year), group in rates[rates[_SHARE] < 1].groupby([_SOURCE, _YEAR]):
        facts = {"year": year, "candidates": ", ".join(sorted(group[NUMBER].unique()))}
        yield finding("REG-34", file=file, line=_first_line(group), column=column, found=number, **facts)


def _first_line(group: pd.DataFrame) -> int | None:
    return int(group["line"].iloc[0]) if "line" in group else None


def _with_several_predecessors(work: pd.DataFrame, parts: Parts) -> pd.DataFrame:
    several = {(year, new) for year, found in parts.items() for new, numbers in found.items() if len(numbers) > 1}
    pairs = pd.MultiIndex.from_frame(work[[_YEAR, NUMBER]])
    return work[[pair in several for pair in pairs]]


def _lacking_predecessors(work: pd.DataFrame, parts: Parts, key: list[str]) -> pd.DataFrame:
    """Return target, quarter, sector and the predecessors that have no row there."""
    merged = _with_several_predecessors(work, parts)
    found = []
    for cell, group in merged.groupby(key):
        absent = sorted(set(parts[group[_YEAR].iloc[0]][cell[0]]) - set(group[_SOURCE]))
        if absent:
            found.append((*cell, ", ".join(absent)))
    return pd.DataFrame(found, columns=[*key, "absent"])


def _sum(
    work: pd.DataFrame, key: list[str], values: list[str], lacking: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum per target, quarter and sector; also return the merged cells that are empty because a part is."""
    grouped = work.groupby(key, sort=True)
    summed = grouped[values].sum(skipna=False)
    partly = ((grouped[values].count() > 0) & summed.isna()).rename_axis(columns="column")
    summed.loc[pd.MultiIndex.from_frame(lacking[key]), values] = float("nan")
    if "origin" in work:
        is_simulated = work["origin"].eq(SIMULATED).groupby([work[name] for name in key]).any()
        summed["origin"] = is_simulated.map({True: SIMULATED, False: OBSERVED}).astype("str")
    empty = partly.reset_index().melt(id_vars=key, var_name="column", value_name="is_empty")
    return summed.reset_index(), empty[empty["is_empty"]]


def _joined(work: pd.DataFrame, key: list[str], name: str) -> pd.DataFrame:
    """Why a sum is missing: the reasons of its parts, each once, with commas."""
    given = work[[*key, name]].dropna().drop_duplicates().sort_values([*key, name])
    return given.groupby(key)[name].agg(", ".join).astype("str").reset_index()


def _absent(lacking: pd.DataFrame, register: Register, file: object) -> Iterable[Finding]:
    code = "REG-12" if _period(lacking) == "quarter" else "REG-36"
    for (number, absent), group in lacking.groupby([NUMBER, "absent"]):
        year = int(str(group[_period(group)].max())[:4])
        names = ", ".join(f"{one} {register.name(one, year)}" for one in absent.split(", "))
        yield finding(code, severity="warning", file=file, found=number, absent=names, **_span(group))


def _without_figure(empty: pd.DataFrame, file: object) -> Iterable[Finding]:
    code = "REG-13" if _period(empty) == "quarter" else "REG-37"
    for (number, column), group in empty.groupby([NUMBER, "column"]):
        yield finding(code, severity="warning", file=file, column=column, found=number, **_span(group))


def _estimated(divided: pd.DataFrame, register: Register, file: object) -> Iterable[Finding]:
    for number, group in divided.groupby("predecessor"):
        name = register.name(number, int(str(group[_period(group)].min())[:4]))
        targets = ", ".join(sorted(group[NUMBER].unique()))
        facts = {"name": name, "candidates": targets}
        yield finding("REG-35", severity="warning", file=file, found=number, **facts, **_span(group))


def _span(group: pd.DataFrame) -> dict[str, object]:
    times = group[_period(group)]
    return {"n_periods": times.nunique(), "first": times.min(), "last": times.max()}


def _lineage(work: pd.DataFrame) -> pd.DataFrame:
    place = [NUMBER, _period(work)]
    pairs = work[[*place, _SOURCE]].drop_duplicates().sort_values([*place, _SOURCE])
    lineage = pairs.groupby(place)[_SOURCE].agg(predecessors=", ".join, n_predecessors="size").reset_index()
    return lineage.astype({"n_predecessors": int})
