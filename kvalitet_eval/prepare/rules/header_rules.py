"""Which columns of a file are which, and which layout a file has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.files.header_place import is_wide, quarter_named
from kvalitet_eval.prepare.files.locate import TextTable
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.layouts.columns import MUNICIPALITY
from kvalitet_eval.prepare.ledger import LedgerEntry
from kvalitet_eval.prepare.rules.header_spellings import (
    COUNTY_COLUMNS,
    NAME_COLUMNS,
    column_names,
    fold,
    other_unit,
    spellings,
)
from kvalitet_eval.prepare.schema import LAYOUTS

_SIMILAR = 0.75  # lowest similarity of two names for "did you mean"
_OTHER_LAYOUT = ("INN-B13", "INN-B14")
_KEY_AND_ONE = 2
"""Of a layout of two columns half is a number that nearly every file has: that tells nothing."""
_MUNICIPALITY_NAMES = (MUNICIPALITY.name, "kommune")
"""Columns of layouts that keep the name beside the number."""


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where the columns of a layout stand in a file.

    Parameters
    ----------
    positions : dict of str to int
        Position in the row (from 0) of each column that is there.
    findings, ledger
        Missing, doubled and unknown columns; spellings that were changed.
    beside : dict of str to int
        Positions of the columns ``name`` and ``county`` that stand beside a municipality number: they check the number,
        and are kept only where the layout has them.
    """

    positions: dict[str, int]
    findings: tuple[Finding, ...]
    ledger: tuple[LedgerEntry, ...]
    beside: dict[str, int] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether a column is missing or stands twice."""
        return any(item.severity == "error" for item in self.findings)

    @property
    def is_other_layout(self) -> bool:
        """Whether the file is another kind of file than the one asked for."""
        return any(item.code in _OTHER_LAYOUT for item in self.findings)


def match_header(table: TextTable, layout: Layout) -> HeaderMatch:
    """Find the columns of a layout in the header of a file, in any spelling that is known for them."""
    positions, unknown, findings, ledger = {}, [], [], []
    beside = {}
    for position, (spelt, name) in enumerate(zip(table.header, column_names(table.header, layout), strict=True)):
        where = {**_where(table), "column": spelt, "found": spelt}
        if name is None and (role := _role_beside(spelt, layout)) and role not in beside:
            beside[role] = position
            ledger.append(LedgerEntry(table.header_line, spelt, spelt, "", f"{role} used to check the number only"))
        elif name is None:
            unknown.append(spelt)
        elif name in positions:
            facts = {"position": position + 1, "first_position": positions[name] + 1}
            findings.append(finding("INN-B08", **where, **facts))
        else:
            positions[name] = position
            if name in _MUNICIPALITY_NAMES:
                beside["name"] = position
            if name != spelt:
                ledger.append(LedgerEntry(table.header_line, name, spelt, name, "column name spelt another way"))
    missing = [name for name in layout.required if name not in positions]
    findings += _missing(table, layout, missing, unknown)
    if not findings:
        for spelt in unknown:
            where = {**_where(table), "column": spelt, "found": spelt}
            findings.append(finding("INN-B15", severity="warning", layout=layout.id, **where))
            ledger.append(LedgerEntry(table.header_line, spelt, spelt, "", "unknown column left out"))
    return HeaderMatch(positions, tuple(findings), tuple(ledger), beside)


def _where(table: TextTable) -> dict[str, object]:
    return {"file": table.path, "sheet": table.sheet, "line": table.header_line}


def _role_beside(spelt: str, layout: Layout) -> str | None:
    if len(layout.of_kind("municipality")) != 1:
        return None
    folded = fold(spelt)
    return "name" if folded in NAME_COLUMNS else "county" if folded in COUNTY_COLUMNS else None


def _missing(table: TextTable, layout: Layout, missing: list[str], unknown: list[str]) -> list[Finding]:
    if not missing:
        return []
    where = {**_where(table), "found": ", ".join(table.header), "layout": layout.id}
    fits = fitting(table.header)
    if "sick_leave_rates" in fits and layout.id == "sick_leave_days":
        return [finding("INN-B13", column=", ".join(missing), **where)]
    if fits:
        return [finding("INN-B14", column=", ".join(missing), other=fits[0], **where)]
    findings = []
    for name in missing:
        column = layout.column(name)
        facts = {"title_nb": layout.title_nb, "title_nn": layout.title_nn, "title_en": layout.title_en}
        facts["description_nb"] = column.description_nb.rstrip(".")
        facts["description_en"] = column.description_en.rstrip(".")
        near = next(filter(None, (_nearest_name(spelling, unknown) for spelling in spellings(column))), None)
        if near is None:
            findings.append(finding("INN-B10", column=name, **where, **facts, spelling=spellings(column)[-1]))
        elif units := other_unit(near, column):
            units_named = dict(zip(("unit", "wanted_word"), units, strict=True))
            findings.append(finding("INN-B18", column=name, **{**where, "found": near}, **facts, **units_named))
        else:
            findings.append(finding("INN-B11", column=name, **{**where, "found": near}, **facts))
    return findings


def _nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    folded = {fold(candidate): candidate for candidate in candidates}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=_SIMILAR)
    return folded[near[0]] if near else None


def fitting(header: tuple[str, ...]) -> list[str]:
    """Return ids of the layouts whose required columns all are there, the one with most columns first."""
    fits = [layout for layout in LAYOUTS.values() if set(layout.required) <= set(column_names(header, layout))]
    plain = {name.casefold() for name in header}
    exact = {layout.id: sum(name.casefold() in plain for name in layout.required) for layout in fits}
    return [layout.id for layout in sorted(fits, key=lambda layout: (-len(layout.required), -exact[layout.id]))]


def recognise_layout(table: TextTable) -> Layout | Finding:
    """Tell the layout of a file by its header.

    Returns
    -------
    Layout or Finding
        The layout whose required columns are there, or else at least half of them (the missing ones are then
        reported by :func:`match_header`); otherwise a finding that names the nearest layout and what it lacks.
    """
    fits = fitting(table.header)
    if fits:
        return LAYOUTS[fits[0]]
    where = {**_where(table), "found": ", ".join(table.header)}
    if any(is_wide(table.header, layout) for layout in LAYOUTS.values()):
        quarters = [name for name in table.header if quarter_named(name)]
        return finding("INN-B17", **where, column=quarters[0], layouts=", ".join(wide_layouts()))
    present = {layout.id: set(column_names(table.header, layout)) & set(layout.required) for layout in LAYOUTS.values()}
    of_several = (layout for layout in LAYOUTS.values() if len(layout.required) > _KEY_AND_ONE)
    nearest = max(of_several, key=lambda layout: (len(present[layout.id]), -len(layout.required)))
    missing = [name for name in nearest.required if name not in present[nearest.id]]
    if 2 * len(missing) <= len(nearest.required):
        return nearest
    facts = {"layouts": ", ".join(LAYOUTS), "nearest": nearest.id, "missing": ", ".join(missing)}
    return finding("INN-B16", **where, column=missing[0], **facts)


def wide_layouts() -> tuple[str, ...]:
    """Return ids of the layouts of which a file may have one column per quarter: those with one figure."""
    return tuple(layout.id for layout in LAYOUTS.values() if value_column(layout))


def value_column(layout: Layout) -> str | None:
    """Return the only required figure of a layout by municipality and quarter; nothing when there are several."""
    figures = [column.name for column in layout.columns if column.required and column.kind in ("number", "count")]
    keys = {column.kind for column in layout.columns if column.required} - {"number", "count"}
    return figures[0] if len(figures) == 1 and keys == {"municipality", "quarter"} else None
