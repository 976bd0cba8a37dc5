"""What has passed the gate. Only :mod:`kvalitet_eval.publish.gate` makes these objects; a report takes nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any, Literal

import pandas as pd

from kvalitet_eval.publish.audit import AuditRecord

CONFIDENTIAL, MISSING, NOT_APPLICABLE = ":", "..", "."
_SEAL = object()
"""Given when an object is made and not kept in it, so that a changed copy of one cannot be made either."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Proof of passage that a footer and a stored report can carry: the policy, its hash, and the audited output."""

    policy: str
    policy_sha256: str
    output: str
    audit_sha256: str


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """One number or text; ``mark`` is printed instead of it when not empty, and ``value`` is then None."""

    value: Any
    mark: Literal["", ":", "..", "."] = ""


@dataclass(frozen=True, slots=True, eq=False)
class PublishedTable:
    """Rows that may be shown, withheld values gone for good.

    Parameters
    ----------
    stamp : Stamp
        Which policy it passed.
    keys : tuple of str
        Columns that name a row.
    origin : {"observed", "syntetisk"}
        ``syntetisk`` when any row was simulated.
    audit : AuditRecord
        For the run's own folder.

    Raises
    ------
    TypeError
        It was not made by the gate.
    """

    stamp: Stamp
    keys: tuple[str, ...]
    origin: Literal["observed", "syntetisk"]
    audit: AuditRecord
    _frame: pd.DataFrame = field(repr=False)
    _marks: pd.DataFrame = field(repr=False)
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        _require_seal(_seal, "publish.table")

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns in order."""
        return tuple(self._frame.columns)

    def __len__(self) -> int:
        return len(self._frame)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows; what is withheld, missing or not applicable is missing."""
        return self._frame.copy()

    def marks(self) -> pd.DataFrame:
        """Return a copy of the marks, same shape as the rows; empty where the value is printed."""
        return self._marks.copy()

    def mark(self, row: int, column: str) -> str:
        """Return the mark of one cell, by position of the row."""
        return str(self._marks[column].iloc[row])

    def is_withheld(self, column: str) -> bool:
        """Whether any cell of a column is confidential."""
        return bool((self._marks[column] == CONFIDENTIAL).any())

    def select(self, **wanted: str) -> PublishedTable:
        """Return the rows in which every given column has the given value, in order; there may be none.

        A part of what has passed the gate has passed it too; the stamp stays that of the whole.

        Raises
        ------
        KeyError
            No such column.
        """
        chosen = pd.Series(True, index=self._frame.index)
        for column, value in wanted.items():
            chosen &= self._frame[column] == value
        frames = [frame[chosen].reset_index(drop=True) for frame in (self._frame, self._marks)]
        return PublishedTable(self.stamp, self.keys, self.origin, self.audit, *frames, _SEAL)

    def records(self) -> Iterator[Mapping[str, PublishedCell]]:
        """Yield the rows in order, a cell for each column."""
        values = self._frame.astype(object).where(self._frame.notna(), None)
        for row, marks in zip(values.to_dict("records"), self._marks.to_dict("records"), strict=True):
            yield {name: PublishedCell(value, marks[name]) for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A drawing or a set table of published numbers only; ``content`` is what the drawing function returned."""

    content: Any
    stamps: tuple[Stamp, ...]
    origin: Literal["observed", "syntetisk"]
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        _require_seal(_seal, "publish.figure")


@dataclass(frozen=True, slots=True)
class PublishedText:
    """Words whose every number stands in published tables or among stated facts."""

    text: str
    stamps: tuple[Stamp, ...]
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        _require_seal(_seal, "publish.text")

    def __str__(self) -> str:
        return self.text


def _require_seal(seal: object, function: str) -> None:
    if seal is not _SEAL:
        raise TypeError(f"only {function} makes this")
