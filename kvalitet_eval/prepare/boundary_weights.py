"""Shares for carrying figures over a border where an area was divided; without them figures are never divided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import Register, changes_between

FORWARD, BACKWARD = "forward", "backward"
Division = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class BoundaryWeights:
    """How figures of one municipality are shared between several.

    Parameters
    ----------
    shares : mapping
        For (year of the change, ``forward`` or ``backward``, number that the figures are about): share, 0 to 1, of
        each number that gets a part; together 1.
    """

    shares: Mapping[Division, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, number: str, year: int, *, forwards: bool) -> Mapping[str, float] | None:
        """Return the shares of a number across 1 January of ``year``; nothing where none are given."""
        return self.shares.get((year, FORWARD if forwards else BACKWARD, number))


NO_WEIGHTS = BoundaryWeights()


def carried_shares(
    register: Register, number: str, year_from: int, year_to: int, weights: BoundaryWeights = NO_WEIGHTS
) -> dict[str, float] | None:
    """Return which share of the figures of a number each number of another year gets.

    Parameters
    ----------
    register, number, year_from, year_to
        A number valid in ``year_from``; ``year_to`` may be earlier.
    weights : BoundaryWeights
        Used only where an area was divided on the way.

    Returns
    -------
    dict of str to float or None
        Shares that add up to 1; nothing when a division on the way has no weights.
    """
    targets = register.targets(number, year_from, year_to)
    if len(targets) == 1:
        return {targets[0]: 1.0}
    forwards, shares = year_from <= year_to, {number: 1.0}
    for year in changes_between(year_from, year_to):
        after: dict[str, float] = defaultdict(float)
        for one, share in shares.items():
            linked = register.links(one, year, forwards=forwards)
            parts = dict.fromkeys(linked, 1.0) if len(linked) == 1 else weights.of(one, year, forwards=forwards)
            if parts is None:
                return None
            for target, part in parts.items():
                after[target] += share * part
        shares = dict(after)
    return {target: share for target, share in sorted(shares.items()) if share > 0}


def read_weights(path: str | Path, register: Register) -> BoundaryWeights:
    """Read a file of layout ``boundary_weights`` and check it against the register.

    Raises
    ------
    DataError
        The file is wrong (the shares of one municipality must add up to 1), a row is about a change that the register
        does not have, or a municipality that gets a part is left out.
    """
    rows = read(path, "boundary_weights").rows
    rows = rows.assign(year=[pd.Timestamp(date).year for date in rows["date"]])
    faults, shares = _faults_of_rows(rows, register, path), {}
    for key, group in rows.groupby(["year", "direction", "from_number"], sort=True):
        parts = dict(zip(group["to_number"], group["share"].astype(float), strict=True))
        faults += _faults_of_division(key, parts, register, {"file": path, "line": int(group["line"].iloc[0])})
        shares[key] = MappingProxyType(parts)
    if faults:
        raise DataError(faults)
    return BoundaryWeights(MappingProxyType(shares))


def _faults_of_rows(rows: pd.DataFrame, register: Register, path: str | Path) -> list[Finding]:
    faults = []
    for row in rows.itertuples():
        where = {"file": path, "line": row.line}
        if not str(row.date).endswith("-01-01"):
            faults.append(finding("REG-06", **where, column="date", found=row.date))
        elif row.to_number not in register.links(row.from_number, row.year, forwards=row.direction == FORWARD):
            facts = {"to": row.to_number, "date": row.date}
            faults.append(finding("REG-31", **where, column="to_number", found=row.from_number, **facts))
    return faults


def _faults_of_division(
    key: Division, parts: dict[str, float], register: Register, where: dict[str, object]
) -> list[Finding]:
    year, direction, number = key
    linked = register.links(number, year, forwards=direction == FORWARD)
    missing = ", ".join(sorted(linked - set(parts)))
    facts = {"date": f"{year}-01-01", "missing": missing}
    return [finding("REG-32", **where, column="to_number", found=number, **facts)] if missing else []
