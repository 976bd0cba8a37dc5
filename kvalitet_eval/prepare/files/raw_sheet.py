"""One sheet or one text file as rows of text: what every reader hands on, before anybody looks for a header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from kvalitet_eval.errors import Finding
from kvalitet_eval.prepare.ledger import LedgerEntry

_LETTERS = 26


class TextRow(NamedTuple):
    """One record: the line (of a text file) or row number (of a sheet) where it starts, from 1, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet or a text file as text; the header is not found yet and rows may differ in length.

    Parameters
    ----------
    path, sha256
        The file, and the hash of the very bytes that were read.
    sheet : str, optional
        Name of the sheet; missing for text files. With a name, ``rows[...].cells[0]`` is column A and ``line`` the row
        number that a spreadsheet shows, so that every cell has an address (:func:`cell_address`).
    encoding, delimiter : str
        How a text file was read; empty for binary files.
    rows : tuple of TextRow
        All rows in order, in rising ``line``; lines without any text at all may be left out.
    ledger : tuple of LedgerEntry
        What the reader changed: decoding, number formats, dates, unfolded merged ranges.
    findings : tuple of Finding
        What is wrong, or worth knowing. An error that names a line refuses that line.
    notes : mapping of str to str
        What the reader knows and later steps use, such as ``merged`` (ranges unfolded) or ``source``.
    """

    path: Path
    sha256: str
    sheet: str | None
    encoding: str
    delimiter: str
    rows: tuple[TextRow, ...]
    ledger: tuple[LedgerEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", MappingProxyType(dict(self.notes)))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle through the constructor: a read-only mapping cannot be pickled."""
        fields = (self.path, self.sha256, self.sheet, self.encoding, self.delimiter, self.rows)
        return RawSheet, (*fields, self.ledger, self.findings, dict(self.notes))


def cell_address(position: int, line: int) -> str:
    """Return the address of a cell as a spreadsheet shows it.

    Parameters
    ----------
    position : int
        Position in the row, from 0 (column A).
    line : int
        Row number, from 1.

    Examples
    --------
    >>> cell_address(2, 14), cell_address(26, 1)
    ('C14', 'AA1')
    """
    letters, rest = "", position + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}"
