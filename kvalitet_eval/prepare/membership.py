"""Who was treated when, for every municipality in the programme's borders.

A municipality that is not on the list is ``unknown``. It becomes ``never_treated`` only when the programme file
confirms that for this very panel, because the published number of participants is larger than the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.participants import (
    DISTRICT,
    PARTICIPANT,
    START_UNKNOWN,
    UNRESOLVED,
    Participants,
    read_participants,
)

STATUSES = ("treated", "start_unknown", "possible_participant", "excluded", "never_treated", "unknown")
COLUMNS = (
    "municipality_number",
    "name",
    "county",
    "population",
    "population_certainty",
    "longitude",
    "latitude",
    "intake",
    "first_quarter",
    "status",
    "reason",
    "certainty",
    "source",
    "note",
)


def membership(config: Config, register: Register, participants: Participants | None = None) -> pd.DataFrame:
    """Return one row per municipality in the programme's borders, with its start or the reason why it has none.

    Parameters
    ----------
    config, register
        The programme and the municipality register.
    participants : Participants, optional
        The list when it has been read already.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`, sorted by number; ``population`` in persons, the centre in degrees. ``intake``
        and ``first_quarter`` are missing for everybody who is not ``treated``. ``status`` is the first that applies of:
        excluded (by the programme file, or because a district of it takes part), treated, start_unknown,
        possible_participant (one of several that an unresolved name can be), and then never_treated if the programme
        file confirms it, else unknown. ``reason`` is the programme file's text; certainty, source and note are the
        list's.

    Raises
    ------
    DataError
        The population file and the register do not have the same municipalities, or one that is excluded, or had
        another measure, is in neither.
    """
    borders = config.programme.borders
    listed = (participants or read_participants(config, register)).entries
    population = _read_population(config, register)
    excluded = {item.municipality: item.reason for item in config.comparison.exclude}
    districts = {number for found in listed.loc[listed["entry_status"] == DISTRICT, "candidates"] for number in found}
    if unknown := [number for number in (*excluded, *districts) if not register.exists(number, borders)]:
        raise DataError([finding("REG-09", file=config.path, found=number, year=borders) for number in unknown])
    beside = [item for item in config.co_interventions if not register.exists(item.municipality, borders)]
    if beside:
        facts = [{"found": item.municipality, "name": item.name, "year": borders} for item in beside]
        raise DataError([finding("REG-45", file=config.path, **each) for each in facts])

    table = population.merge(_listed_facts(listed), on="municipality_number", how="left")
    possible = {number for found in listed.loc[listed["entry_status"] == UNRESOLVED, "candidates"] for number in found}
    otherwise = "unknown" if config.never_treated_confirmation is None else "never_treated"
    number, entry = table["municipality_number"], table["entry_status"]
    status = pd.Series(otherwise, index=table.index, dtype="str")
    status = status.mask(number.isin(possible), "possible_participant")
    status = status.mask(entry == PARTICIPANT, "treated").mask(entry == START_UNKNOWN, "start_unknown")
    table["status"] = status.mask(number.isin({*excluded, *districts}), "excluded")
    table["reason"] = number.map(excluded).fillna("").astype("str")
    texts = ["certainty", "source", "note"]
    table[texts] = table[texts].fillna("")
    treated = table["status"] == "treated"
    table[["intake", "first_quarter"]] = table[["intake", "first_quarter"]].where(treated)
    return table[list(COLUMNS)]


def _read_population(config: Config, register: Register) -> pd.DataFrame:
    """Read the municipalities of the borders' year; the names and counties are the register's."""
    path, borders = config.file("population"), config.programme.borders
    rows = read(path, "municipalities_2008").rows
    if faults := [*_disagreements(rows, register, borders, path)]:
        raise DataError(faults)
    found = [register.municipality(number, borders) for number in rows["municipality_number"]]
    table = pd.DataFrame(
        {
            "municipality_number": rows["municipality_number"].astype("str"),
            "name": [item.name for item in found],
            "county": [item.county for item in found],
            "population": rows["population_1_january_2008"].astype(int),
            "population_certainty": rows["population_certainty"].astype("str"),
            "longitude": rows["longitude"].astype(float),
            "latitude": rows["latitude"].astype(float),
        }
    )
    return table.sort_values("municipality_number", ignore_index=True)


def _disagreements(rows: pd.DataFrame, register: Register, borders: int, path: Path) -> Iterable[Finding]:
    for row in rows.itertuples():
        if not register.exists(row.municipality_number, borders):
            where = {"file": path, "line": row.line, "column": "municipality_number"}
            yield finding("REG-08", **where, found=row.municipality_number, year=borders)
    for number in sorted(set(register.numbers(borders)) - set(rows["municipality_number"])):
        yield finding("REG-10", file=path, found=str(register.municipality(number, borders)), year=borders)


def _listed_facts(listed: pd.DataFrame) -> pd.DataFrame:
    """One row per municipality on the list."""
    columns = ["border_number", "entry_status", "intake", "first_quarter", "certainty", "source", "note"]
    kept = listed.loc[listed["entry_status"].isin([PARTICIPANT, START_UNKNOWN]), columns]
    return kept.rename(columns={"border_number": "municipality_number"})
