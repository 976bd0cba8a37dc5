"""Which columns of a file are which, and which layout a file has."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.ledger import LedgerEntry
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.text_table import TextTable

_SIMILAR = 0.75  # lowest similarity of two names for "did you mean"
_OTHER_LAYOUT = ("INN-B13", "INN-B14")
_LETTERS = str.maketrans({"ø": "o", "æ": "a", " ": "_", "-": "_"})


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where the columns of a layout stand in a file.

    Parameters
    ----------
    positions : dict of str to int
        Position in the row (from 0) of each column that is there.
    findings, ledger
        Missing, doubled and unknown columns; spellings that were changed.
    """

    positions: dict[str, int]
    findings: tuple[Finding, ...]
    ledger: tuple[LedgerEntry, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a column is missing or stands twice."""
        return any(item.severity == "error" for item in self.findings)

    @property
    def is_other_layout(self) -> bool:
        """Whether the file is another kind of file than the one asked for."""
        return any(item.code in _OTHER_LAYOUT for item in self.findings)


def match_header(table: TextTable, layout: Layout) -> HeaderMatch:
    """Find the columns of a layout in the header of a file; capital letters do not matter."""
    positions, unknown, findings, ledger = {}, [], [], []
    names = {column.name.casefold(): column.name for column in layout.columns}
    for position, spelt in enumerate(table.header):
        name = names.get(spelt.casefold())
        where = {"file": table.path, "line": table.header_line, "column": spelt, "found": spelt}
        if name is None:
            unknown.append(spelt)
        elif name in positions:
            facts = {"position": position + 1, "first_position": positions[name] + 1}
            findings.append(finding("INN-B08", **where, **facts))
        else:
            positions[name] = position
            if name != spelt:
                ledger.append(LedgerEntry(table.header_line, name, spelt, name, "column name spelt another way"))
    missing = [name for name in layout.required if name not in positions]
    findings += _missing(table, layout, missing, unknown)
    if not findings:
        for spelt in unknown:
            where = {"file": table.path, "line": table.header_line, "column": spelt, "found": spelt}
            findings.append(finding("INN-B15", severity="warning", layout=layout.id, **where))
            ledger.append(LedgerEntry(table.header_line, spelt, spelt, "", "unknown column left out"))
    return HeaderMatch(positions, tuple(findings), tuple(ledger))


def _missing(table: TextTable, layout: Layout, missing: list[str], unknown: list[str]) -> list[Finding]:
    where = {"file": table.path, "line": table.header_line, "found": ", ".join(table.header), "layout": layout.id}
    fits = _fitting(table.header) if missing else []
    if "sick_leave_rates" in fits and layout.id == "sick_leave_days":
        return [finding("INN-B13", column=", ".join(missing), **where)]
    if fits:
        return [finding("INN-B14", column=", ".join(missing), other=fits[0], **where)]
    findings = []
    for name in missing:
        near = _nearest_name(name, unknown)
        if near is None:
            findings.append(finding("INN-B10", column=name, **where))
        else:
            findings.append(finding("INN-B11", column=name, **{**where, "found": near}))
    return findings


def _nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    folded = {_folded(candidate): candidate for candidate in candidates}
    near = difflib.get_close_matches(_folded(name), folded, n=1, cutoff=_SIMILAR)
    return folded[near[0]] if near else None


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(character for character in plain if not unicodedata.combining(character))


def _fitting(header: tuple[str, ...]) -> list[str]:
    """Return ids of the layouts whose required columns all are there, the one with most columns first."""
    names = {name.casefold() for name in header}
    fits = [layout for layout in LAYOUTS.values() if all(name.casefold() in names for name in layout.required)]
    return [layout.id for layout in sorted(fits, key=lambda layout: -len(layout.required))]


def recognise_layout(table: TextTable) -> Layout | Finding:
    """Tell the layout of a file by its header.

    Returns
    -------
    Layout or Finding
        The layout whose required columns are there, or else at least half of them (the missing ones are then
        reported by :func:`match_header`); otherwise a finding that names the nearest layout and what it lacks.
    """
    fits = _fitting(table.header)
    if fits:
        return LAYOUTS[fits[0]]
    names = {name.casefold() for name in table.header}
    present = {
        layout.id: [column.name for column in layout.columns if column.name.casefold() in names]
        for layout in LAYOUTS.values()
    }
    nearest = max(LAYOUTS.values(), key=lambda layout: (len(present[layout.id]), -len(layout.required)))
    missing = [name for name in nearest.required if name not in present[nearest.id]]
    if 2 * len(missing) <= len(nearest.required):
        return nearest
    return finding(
        "INN-B16",
        file=table.path,
        line=table.header_line,
        column=missing[0],
        found=", ".join(table.header),
        layouts=", ".join(LAYOUTS),
        nearest=nearest.id,
        missing=", ".join(missing),
    )
