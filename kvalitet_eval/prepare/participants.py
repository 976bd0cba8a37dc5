"""The list of participants: every entry is resolved to one municipality, or says why it cannot be.

An entry whose name can be two municipalities is never settled by guessing, a district is not a municipality, and an
entry without a proven intake has no start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from kvalitet_eval.config import UNKNOWN_INTAKE, Config, District, Intake
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.periods import add

YEAR_OF_NUMBERS = 2007  # the list's column is ``kommunenr_2007``

PARTICIPANT, SECOND_INTAKE, START_UNKNOWN = "participant", "second_intake", "start_unknown"
UNRESOLVED, DISTRICT = "unresolved", "district"
ENTRY_STATUSES = (PARTICIPANT, SECOND_INTAKE, START_UNKNOWN, UNRESOLVED, DISTRICT)


@dataclass(frozen=True, slots=True, eq=False)
class Participants:
    """The list, entry by entry.

    Parameters
    ----------
    entries : pandas.DataFrame
        One row per entry of the list, in its order. Columns: line, label (what the list calls the intake), name,
        municipality_number (in the numbers of 2007), border_number (in the programme's borders), intake,
        first_quarter, entry_status (one of :data:`ENTRY_STATUSES`), candidates (tuple of border numbers that an
        unresolved name can be, or the municipality that a district is part of), source, certainty, note. What is not
        known is missing.
    findings : tuple of Finding
        Warnings and information: those of the file, ambiguous names, districts, second memberships, unknown starts,
        starts that do not agree with the intake's, and participants that are left out all the same.
    ledger : pandas.DataFrame
        What was changed on the way from the file to the entries.
    """

    entries: pd.DataFrame
    findings: tuple[Finding, ...]
    ledger: pd.DataFrame

    def with_status(self, *statuses: str) -> pd.DataFrame:
        """Return a copy of the entries that have one of the statuses."""
        return self.entries[self.entries["entry_status"].isin(statuses)].copy()


def read_participants(config: Config, register: Register) -> Participants:
    """Read the programme's list and resolve every entry.

    A municipality that stands in two intakes keeps its first start; the later entry gets the status
    ``second_intake``. Where one of the two is not proven the start is unknown: it could be the earlier one.

    Raises
    ------
    DataError
        The file is wrong, a label is under no intake of the programme file, a number is not valid or does not belong
        to the name beside it, a name without a number is unknown, a start lies after the end of the programme,
        or a municipality stands twice in one intake; all faults at once.
    """
    path = config.file("participants")
    intake = read(path, "participants")
    rows = intake.rows
    intakes = {label: one for one in config.intakes for label in one.labels}
    unproven = {UNKNOWN_INTAKE, *(label for one in config.intakes for label in one.unproven_labels)}
    faults = [*_label_faults(rows, {*intakes, *unproven}, path), *_number_faults(rows, config, register, path)]
    faults += _start_faults(rows, config, path)
    if faults:
        raise DataError(faults)
    entries = pd.DataFrame([_resolve(row, config, register, intakes) for row in rows.to_dict("records")])
    twice = list(_listed_twice(entries, path))
    if twice:
        raise DataError(twice)
    entries = _first_start_wins(entries)
    remarks = (*_remarks(entries, config, register, path), *_other_starts(rows, intakes, path))
    return Participants(entries, (*intake.findings, *remarks), intake.ledger)


def district(name: str, config: Config) -> District | None:
    """Return the district of the programme file that a listed name means, if any."""
    return next((item for item in config.districts if item.name.casefold() == name.casefold()), None)


def _label_faults(rows: pd.DataFrame, known: set[str], path: Path) -> Iterable[Finding]:
    for row in rows[~rows["cohort"].isin(known)].itertuples():
        allowed = ", ".join(sorted(known))
        yield finding("REG-20", file=path, line=row.line, column="cohort", found=row.cohort, allowed=allowed)


def _number_faults(rows: pd.DataFrame, config: Config, register: Register, path: Path) -> Iterable[Finding]:
    """Number, name in the list and name in the register must be about the same municipality."""
    for row in rows.itertuples():
        names = [name for name in (row.name_as_listed, row.name_klass_2006) if not pd.isna(name)]
        where = {"file": path, "line": row.line}
        if pd.isna(row.kommunenr_2007):
            if district(names[0], config) is None and not register.candidates(names[0], YEAR_OF_NUMBERS):
                nearest = ", ".join(register.nearest(names[0], YEAR_OF_NUMBERS)) or "–"
                yield finding("REG-23", **where, column="name_as_listed", found=names[0], nearest=nearest)
        elif not register.exists(row.kommunenr_2007, YEAR_OF_NUMBERS):
            yield finding("REG-21", **where, column="kommunenr_2007", found=row.kommunenr_2007, name=names[0])
        else:
            meant = [{m.number for m in register.candidates(name, YEAR_OF_NUMBERS)} for name in names]
            if not any(meant) or any(numbers and row.kommunenr_2007 not in numbers for numbers in meant):
                registered = register.name(row.kommunenr_2007, YEAR_OF_NUMBERS)
                facts = {"name": " / ".join(dict.fromkeys(names)), "registered": registered}
                yield finding("REG-22", **where, column="kommunenr_2007", found=row.kommunenr_2007, **facts)


def _start_faults(rows: pd.DataFrame, config: Config, path: Path) -> Iterable[Finding]:
    """A start after the end of the programme is a slip of the pen."""
    ended = config.programme.ended.isoformat()
    for row in rows[rows["start"].notna()].itertuples():
        if row.start > ended[: len(row.start)]:
            facts = {"name": row.name_as_listed, "ended": ended}
            yield finding("REG-40", file=path, line=row.line, column="start", found=row.start, **facts)


def _other_starts(rows: pd.DataFrame, intakes: dict[str, Intake], path: Path) -> Iterable[Finding]:
    """Tell of entries that started in another quarter than their intake counts from, or than the one before that."""
    for row in rows[rows["start"].notna() & rows["cohort"].isin(intakes)].itertuples():
        counted = intakes[row.cohort].first_treated_quarter
        if _quarter_of(row.start) not in (counted, add(counted, -1)):
            facts = {"name": row.name_as_listed, "label": row.cohort, "counted": counted}
            where = {"file": path, "line": row.line, "column": "start", "found": row.start}
            yield finding("REG-41", severity="warning", **where, **facts)


def _quarter_of(date: str) -> str:
    year, month = date.split("-")[:2]
    return f"{year}Q{(int(month) + 2) // 3}"


def _resolve(row: dict, config: Config, register: Register, intakes: dict[str, Intake]) -> dict[str, object]:
    name, number, intake = row["name_as_listed"], row["kommunenr_2007"], intakes.get(row["cohort"])
    borders, candidates, border_number = config.programme.borders, (), None
    if not pd.isna(number):
        status = PARTICIPANT if intake else START_UNKNOWN
        border_number = register.map_to(number, YEAR_OF_NUMBERS, borders)
    elif found := district(name, config):
        status, candidates = DISTRICT, (found.municipality,)
    else:
        status = UNRESOLVED
        possible = (m.number for m in register.candidates(name, YEAR_OF_NUMBERS))
        candidates = tuple(register.map_to(one, YEAR_OF_NUMBERS, borders) for one in possible)
    return {
        "line": row["line"],
        "label": row["cohort"],
        "name": name,
        "municipality_number": number,
        "border_number": border_number,
        "intake": intake.id if intake else None,
        "first_quarter": intake.first_treated_quarter if intake else None,
        "entry_status": status,
        "candidates": candidates,
        **{column: row[column] for column in ("source", "certainty", "note")},
    }


def _listed_twice(entries: pd.DataFrame, path: Path) -> Iterable[Finding]:
    resolved = entries[entries["municipality_number"].notna()]
    for (number, label), group in resolved.groupby(["municipality_number", "label"]):
        if len(group) > 1:
            where = {"file": path, "line": int(group["line"].iloc[1]), "column": "kommunenr_2007"}
            yield finding("REG-24", **where, found=number, label=label, lines=", ".join(map(str, group["line"])))


def _first_start_wins(entries: pd.DataFrame) -> pd.DataFrame:
    """Keep one entry per municipality: the first start; but an unproven start could be earlier than a known one."""
    resolved = entries[entries["entry_status"].isin([PARTICIPANT, START_UNKNOWN])]
    ranked = resolved.assign(known=resolved["entry_status"] == PARTICIPANT)
    ordered = ranked.sort_values(["known", "first_quarter", "line"])
    later = ordered.index[ordered.duplicated("border_number")]
    statuses = entries["entry_status"].mask(entries.index.isin(later), SECOND_INTAKE)
    texts = [name for name in entries.columns if name not in ("line", "candidates")]
    return entries.assign(entry_status=statuses).astype(dict.fromkeys(texts, "str"))


def _remarks(entries: pd.DataFrame, config: Config, register: Register, path: Path) -> Iterable[Finding]:
    borders = config.programme.borders
    kept = entries[entries["entry_status"].isin([PARTICIPANT, START_UNKNOWN])]
    counted = kept.drop_duplicates("border_number").set_index("border_number")
    districts = entries.loc[entries["entry_status"] == DISTRICT, "candidates"]
    barred = {item.municipality for item in config.comparison.exclude} | {one for found in districts for one in found}
    for row in entries.itertuples():
        own = counted.loc[row.border_number] if row.border_number in counted.index else None
        code = _remark(row, own, barred)
        if code:
            yield finding(
                code,
                severity="info" if code in _NOTHING_TO_DO else "warning",
                file=path,
                line=row.line,
                column="name_as_listed",
                found=row.name,
                label=row.label,
                counted="" if own is None else own["label"],
                together="" if own is None else str(register.municipality(row.border_number, borders)),
                candidates=", ".join(str(register.municipality(number, borders)) for number in row.candidates),
            )


_NOTHING_TO_DO = ("REG-26", "REG-27", "REG-43")


def _remark(row: NamedTuple, own: pd.Series | None, barred: set[str]) -> str:
    """Return the code of what is remarkable about an entry; ``own`` is the entry its municipality is counted by."""
    if row.entry_status == SECOND_INTAKE:
        return "REG-27" if own["municipality_number"] == row.municipality_number else "REG-43"
    if row.entry_status == UNRESOLVED:
        return "REG-25" if len(row.candidates) > 1 else "REG-44"
    if row.entry_status == PARTICIPANT:
        return "REG-42" if row.border_number in barred else ""
    return {START_UNKNOWN: "REG-28", DISTRICT: "REG-26"}[row.entry_status]
