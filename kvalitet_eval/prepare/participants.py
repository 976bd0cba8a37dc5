"""The list of participants: every entry is resolved to one municipality, or says why it cannot be.

An entry whose name can be two municipalities is never settled by guessing, a district is not a municipality, and an
entry without a proven intake has no start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config, District, Intake
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import Register

YEAR_OF_NUMBERS = 2007  # the list's column is ``kommunenr_2007``
UNKNOWN_INTAKE = "unknown"  # the list's own word for "took part, we do not know when"

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
        Warnings and information: ambiguous names, districts, second memberships, unknown starts.
    """

    entries: pd.DataFrame
    findings: tuple[Finding, ...]

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
        to the name beside it, a name without a number is unknown, or a municipality stands twice in one intake; all
        faults at once.
    """
    path = config.file("participants")
    rows = read(path, "participants").rows
    intakes = {label: intake for intake in config.intakes for label in intake.labels}
    unproven = {UNKNOWN_INTAKE, *(label for intake in config.intakes for label in intake.unproven_labels)}
    faults = [*_label_faults(rows, {*intakes, *unproven}, path), *_number_faults(rows, config, register, path)]
    if faults:
        raise DataError(faults)
    entries = pd.DataFrame([_resolve(row, config, register, intakes) for row in rows.to_dict("records")])
    twice = list(_listed_twice(entries, path))
    if twice:
        raise DataError(twice)
    entries = _first_start_wins(entries)
    return Participants(entries, tuple(_remarks(entries, config, register, path)))


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
    codes = {SECOND_INTAKE: "REG-27", START_UNKNOWN: "REG-28", UNRESOLVED: "REG-25", DISTRICT: "REG-26"}
    borders = config.programme.borders
    kept = entries[entries["entry_status"].isin([PARTICIPANT, START_UNKNOWN])]
    counted = kept.set_index("border_number")["label"]
    for row in entries[entries["entry_status"].isin(codes)].itertuples():
        yield finding(
            codes[row.entry_status],
            severity="warning" if row.entry_status in (UNRESOLVED, START_UNKNOWN) else "info",
            file=path,
            line=row.line,
            column="name_as_listed",
            found=row.name,
            label=row.label,
            counted=counted.get(row.border_number, ""),
            candidates=", ".join(str(register.municipality(number, borders)) for number in row.candidates),
        )
