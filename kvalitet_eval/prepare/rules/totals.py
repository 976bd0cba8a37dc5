"""Rows that are no municipality: sums are compared with the rows they sum, the unknown are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.rules.municipality_rules import (
    Place,
    Places,
    RegisterLike,
    is_nobody,
    is_total,
    is_whole_country,
)

MOST_UNKNOWN = 0.01  # share of the rows that may be about no known municipality
_SLACK = 0.5  # sums of whole numbers may differ by rounding


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows of a file that are no municipality, by position from 0: totals, and rows about nobody known."""

    totals: frozenset[int] = frozenset()
    unknown: frozenset[int] = frozenset()

    @property
    def rows(self) -> frozenset[int]:
        """All of them."""
        return self.totals | self.unknown


def set_aside(places: Places, column: Column, register: RegisterLike | None) -> Aside:
    """Find the totals, and the unknown when they are few enough to be left out.

    More than one per cent of unknown rows is no remainder but a fault: they then stay, and are refused one by one.
    """
    kinds = np.array([_kind(place, column, register) for place in places.different], dtype=object)[places.codes]
    totals, unknown = (frozenset(np.flatnonzero(kinds == kind).tolist()) for kind in ("total", "unknown"))
    few = len(unknown) <= MOST_UNKNOWN * (len(places) - len(totals))
    return Aside(totals, unknown if few else frozenset())


def _kind(place: Place, column: Column, register: RegisterLike | None) -> str:
    if is_total(place, column):
        return "total"
    return "unknown" if is_nobody(place, column, register) else "municipality"


def unknown_warnings(places: Places, lines: Sequence[int], aside: Aside, path: Path) -> Iterator[Finding]:
    """Tell, once for each text, which rows about nobody known were left out, and how many."""
    by_text: dict[str, list[int]] = {}
    for index in sorted(aside.unknown):
        by_text.setdefault(places[index].text.strip() or places[index].name.strip(), []).append(lines[index])
    for text, found_at in by_text.items():
        where = {"file": path, "line": found_at[0], "found": text, "severity": "warning"}
        yield finding("INN-F13", **where, n=len(found_at), total=len(places))


def check_totals(
    frame: pd.DataFrame, totals: pd.DataFrame, places: Sequence[Place], layout: Layout, path: Path
) -> list[Finding]:
    """Compare the totals for all municipalities with the rows they sum.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed rows of municipalities.
    totals : pandas.DataFrame
        Typed rows of totals, same columns.
    places : sequence of Place
        What each row of ``totals`` is about; only totals for all municipalities are compared.
    layout, path
        What the rows are, and their file.

    Returns
    -------
    list of Finding
        INN-F09 (warning): a sum differs from its total. INN-F16 (warning): a percentage of all is outside the range of
        the municipalities' percentages, which no weights can explain.
    """
    if totals.empty:
        return []
    municipality = layout.of_kind("municipality")[0].name
    key = [name for name in layout.key if name != municipality and name in frame]
    figures = [c for c in layout.columns if c.kind in ("number", "count") and c.name in frame and c.name not in key]
    findings = []
    for place, row in zip(places, totals.to_dict("records"), strict=True):
        if not is_whole_country(place) or any(pd.isna(row[name]) for name in key):
            continue
        parts = frame
        for name in key:
            parts = parts[parts[name] == row[name]]
        findings += [item for column in figures if (item := _compared(parts[column.name], row, column, path))]
    return findings


def _compared(parts: pd.Series, row: dict[str, object], column: Column, path: Path) -> Finding | None:
    total = row[column.name]
    if pd.isna(total) or parts.empty or parts.isna().any():
        return None
    where = {"file": path, "line": int(row["line"]), "column": column.name, "found": _number(float(total))}
    if column.unit.startswith("percent"):
        if parts.min() <= total <= parts.max():
            return None
        facts = {"low": _number(parts.min()), "high": _number(parts.max())}
        return finding("INN-F16", severity="warning", **where, **facts)
    if column.unit in ("year", "degrees"):
        return None
    sum_of_parts = float(parts.sum())
    if abs(sum_of_parts - total) <= _SLACK + 1e-9 * abs(total):
        return None
    facts = {"sum": _number(sum_of_parts), "difference": _number(sum_of_parts - total), "n": len(parts)}
    return finding("INN-F09", severity="warning", **where, **facts)


def _number(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")
