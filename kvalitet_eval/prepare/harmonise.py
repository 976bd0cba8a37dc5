"""Carry figures from the borders of their own time to the borders of one year, by summing what may be summed.

Lost days, agreed days and employees of municipalities that merged are added; rates never are, because the mean of two
percentages is not the percentage of both together. Where an area was divided, figures are carried over only with
weights that somebody gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.boundary_weights import NO_WEIGHTS, BoundaryWeights, carried_shares
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.schema import ORIGINS

KEY = ("municipality_number", "quarter", "sector")
NOT_SUMMED = (*KEY, "origin", "line")
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
        Same columns as the input without ``line``, sorted by municipality, quarter and sector. A sum with a missing
        part is missing. ``origin`` is "syntetisk" when any part is.
    lineage : pandas.DataFrame
        Columns municipality_number, quarter, predecessors (numbers of that quarter, text with commas) and
        n_predecessors; one row per municipality and quarter of ``rows``.
    findings : tuple of Finding
        Warnings: mergers that are missing because a predecessor, or its figure, is; and municipalities whose figures
        were divided by weights.
    divided : pandas.DataFrame
        Columns municipality_number, quarter, predecessor and share: every figure that holds a part of another one.
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
        One row per municipality, quarter and (where the column is there) sector, each number valid in the year of its
        quarter. Every column but ``origin`` and ``line`` is summed (persons and days); of columns ending in
        ``_status`` the reasons of the parts are kept. Left unchanged.
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
        A number is not valid in its quarter's year, its area was divided on the way and there are no weights, or rates
        without numerator and denominator (columns ending in ``_pct``) would have to be merged or divided; all faults
        at once.

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
    statuses = [name for name in rows if name.endswith(STATUS_SUFFIX)]
    values = [name for name in rows if name not in (*NOT_SUMMED, *statuses)]
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
    key = [name for name in KEY if name in rows]
    lacking = _lacking_predecessors(work, parts, key)
    summed, empty = _sum(work, key, values, lacking)
    for name in statuses:
        summed = summed.merge(_joined(work, key, name), on=key, how="left")
    names = {_SOURCE: "predecessor", _SHARE: "share"}
    divided = work.loc[is_part, [*KEY[:2], *names]].drop_duplicates().rename(columns=names)
    findings = (*_absent(lacking, register, file), *_without_figure(empty, file), *_estimated(divided, register, file))
    return Harmonised(
        summed[[name for name in rows.columns if name != "line"]],
        _lineage(work),
        findings,
        divided.sort_values([*KEY[:2], "predecessor"], ignore_index=True),
    )


def _carry(
    rows: pd.DataFrame, register: Register, borders: int, weights: BoundaryWeights
) -> tuple[pd.DataFrame, Parts]:
    """Give every row its number in the borders, once for each part; also return what each number is made of."""
    work = rows.assign(**{_SOURCE: rows["municipality_number"], _YEAR: rows["quarter"].str[:4].astype(int)})
    years = [year for year in sorted(work[_YEAR].unique()) if register.first_year <= year <= register.last_year]
    parts: Parts = {year: {} for year in years}
    carried = []
    for year in years:
        for number in register.numbers(year):
            for target, share in (carried_shares(register, number, year, borders, weights) or {}).items():
                parts[year][target] = (*parts[year].get(target, ()), number)
                carried.append((year, number, target, share))
    targets = pd.DataFrame(carried, columns=[_YEAR, _SOURCE, "municipality_number", _SHARE])
    targets = targets.astype({_YEAR: "int64", _SOURCE: "str", "municipality_number": "str", _SHARE: "float64"})
    order = list(work.columns)
    work = work.drop(columns="municipality_number").merge(targets, on=[_YEAR, _SOURCE], how="left")
    return work[[*order, _SHARE]], parts


def _not_mapped(work: pd.DataFrame, register: Register, borders: int, file: object) -> Iterable[Finding]:
    """One finding per number and year that has no place, with the line of the first row."""
    lost = work[work["municipality_number"].isna()].drop_duplicates([_SOURCE, _YEAR])
    for row in lost.to_dict("records"):
        try:
            register.map_to(row[_SOURCE], row[_YEAR], borders)
        except DataError as error:
            for cause in error.findings:
                where = {"file": file, "line": row.get("line"), "column": "municipality_number"}
                yield finding(cause.code, found=cause.found, **where, **{**cause.facts, "quarter": row["quarter"]})


def _rates_to_merge(work: pd.DataFrame, parts: Parts, file: object) -> Iterable[Finding]:
    rates = [name for name in work.columns if name.endswith(RATE_SUFFIX)]
    merged = _with_several_predecessors(work, parts)
    if not rates or merged.empty:
        return
    for (number, year), group in merged.groupby(["municipality_number", _YEAR]):
        yield finding(
            "REG-11",
            file=file,
            line=group["line"].iloc[0] if "line" in group else None,
            column=", ".join(rates),
            found=number,
            predecessors=", ".join(parts[year][number]),
            year=year,
        )


def _rates_to_divide(work: pd.DataFrame, file: object) -> Iterable[Finding]:
    """Refuse to take a share of a rate: the part has another rate than the whole."""
    rates = [name for name in work.columns if name.endswith(RATE_SUFFIX)]
    if not rates:
        return
    for (number, year), group in work[work[_SHARE] < 1].groupby([_SOURCE, _YEAR]):
        targets = ", ".join(sorted(group["municipality_number"].unique()))
        line = group["line"].iloc[0] if "line" in group else None
        yield finding(
            "REG-34", file=file, line=line, column=", ".join(rates), found=number, year=year, candidates=targets
        )


def _with_several_predecessors(work: pd.DataFrame, parts: Parts) -> pd.DataFrame:
    several = {(year, new) for year, found in parts.items() for new, numbers in found.items() if len(numbers) > 1}
    pairs = pd.MultiIndex.from_frame(work[[_YEAR, "municipality_number"]])
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
    empty = partly.reset_index().melt(id_vars=key, var_name="column")
    return summed.reset_index(), empty[empty["value"]]


def _joined(work: pd.DataFrame, key: list[str], name: str) -> pd.DataFrame:
    """Why a sum is missing: the reasons of its parts, each once, with commas."""
    given = work[[*key, name]].dropna().drop_duplicates().sort_values([*key, name])
    return given.groupby(key)[name].agg(", ".join).astype("str").reset_index()


def _absent(lacking: pd.DataFrame, register: Register, file: object) -> Iterable[Finding]:
    for (number, absent), group in lacking.groupby(["municipality_number", "absent"]):
        year = int(group["quarter"].max()[:4])
        names = ", ".join(f"{one} {register.name(one, year)}" for one in absent.split(", "))
        yield finding("REG-12", severity="warning", file=file, found=number, absent=names, **_span(group))


def _without_figure(empty: pd.DataFrame, file: object) -> Iterable[Finding]:
    for (number, column), group in empty.groupby(["municipality_number", "column"]):
        yield finding("REG-13", severity="warning", file=file, column=column, found=number, **_span(group))


def _estimated(divided: pd.DataFrame, register: Register, file: object) -> Iterable[Finding]:
    for number, group in divided.groupby("predecessor"):
        name = register.name(number, int(group["quarter"].min()[:4]))
        targets = ", ".join(sorted(group["municipality_number"].unique()))
        facts = {"name": name, "candidates": targets}
        yield finding("REG-35", severity="warning", file=file, found=number, **facts, **_span(group))


def _span(group: pd.DataFrame) -> dict[str, object]:
    return {"n_quarters": group["quarter"].nunique(), "first": group["quarter"].min(), "last": group["quarter"].max()}


def _lineage(work: pd.DataFrame) -> pd.DataFrame:
    pairs = work[["municipality_number", "quarter", _SOURCE]].drop_duplicates().sort_values([*KEY[:2], _SOURCE])
    grouped = pairs.groupby(["municipality_number", "quarter"])[_SOURCE]
    lineage = grouped.agg(predecessors=", ".join, n_predecessors="size").reset_index()
    return lineage.astype({"n_predecessors": int})
