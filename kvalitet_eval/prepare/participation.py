"""The account of who took part: what was published, what the list has, and what nobody has told us."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.participants import (
    DISTRICT,
    PARTICIPANT,
    SECOND_INTAKE,
    START_UNKNOWN,
    UNRESOLVED,
    Participants,
    read_participants,
)


@dataclass(frozen=True, slots=True, eq=False)
class ParticipationAccount:
    """How many participants were published and how many of them can be named.

    Parameters
    ----------
    published : int
        Participants the programme said it had.
    published_source : str
        Where it says so.
    n_entries : int
        Entries on the list: the sum of the five numbers below.
    n_with_start : int
        Municipalities with a known start.
    n_start_unknown : int
        Municipalities that took part, intake not proven.
    n_second : int
        Second memberships: entries of a municipality that is counted already.
    n_unresolved : int
        Names that can be several municipalities.
    n_districts : int
        Entries that are parts of a municipality.
    by_intake : pandas.DataFrame
        One row per intake: intake, name, first_quarter, published_sizes (tuple of int), n_entries, n_with_start,
        n_second, n_unresolved, n_districts, n_unproven (entries whose intake may be this one), agrees (whether the
        number of entries is one of the published sizes).
    unresolved, districts, start_unknown, second : pandas.DataFrame
        The entries behind the counts, with the columns of ``Participants.entries``.
    findings : tuple of Finding
        Warnings of the list, of intakes that have another number of entries than was published, and of a list that
        has more participants than the programme published.
    """

    published: int
    published_source: str
    n_entries: int
    n_with_start: int
    n_start_unknown: int
    n_second: int
    n_unresolved: int
    n_districts: int
    by_intake: pd.DataFrame
    unresolved: pd.DataFrame
    districts: pd.DataFrame
    start_unknown: pd.DataFrame
    second: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def n_in_register(self) -> int:
        """Municipalities that are known to have taken part: the N of "138 published, N in the register"."""
        return self.n_with_start + self.n_start_unknown

    @property
    def n_unnamed(self) -> int:
        """Published participants that no entry of the list can stand for."""
        return self.published - self.n_in_register - self.n_unresolved - self.n_districts


def participation_account(
    config: Config, register: Register, participants: Participants | None = None
) -> ParticipationAccount:
    """Count the published and the known participants; errors as for :func:`read_participants`."""
    participants = participants or read_participants(config, register)
    by_intake = _by_intake(config, participants.entries)
    known = participants.with_status(PARTICIPANT, START_UNKNOWN)
    aside = (START_UNKNOWN, SECOND_INTAKE, UNRESOLVED, DISTRICT)
    parts = {status: participants.with_status(status) for status in aside}
    return ParticipationAccount(
        published=config.programme.published_participants,
        published_source=config.programme.published_source,
        n_entries=len(participants.entries),
        n_with_start=len(participants.with_status(PARTICIPANT)),
        n_start_unknown=len(parts[START_UNKNOWN]),
        n_second=len(parts[SECOND_INTAKE]),
        n_unresolved=len(parts[UNRESOLVED]),
        n_districts=len(parts[DISTRICT]),
        by_intake=by_intake,
        unresolved=parts[UNRESOLVED],
        districts=parts[DISTRICT],
        start_unknown=parts[START_UNKNOWN],
        second=parts[SECOND_INTAKE],
        findings=(*participants.findings, *_size_findings(config, by_intake), *_too_many(config, len(known))),
    )


def _by_intake(config: Config, entries: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for intake in config.intakes:
        mine = entries[entries["intake"] == intake.id]
        counts = mine["entry_status"].value_counts()
        rows.append(
            {
                "intake": intake.id,
                "name": intake.name,
                "first_quarter": intake.first_treated_quarter,
                "published_sizes": intake.published_sizes,
                "n_entries": len(mine),
                "n_with_start": int(counts.get(PARTICIPANT, 0)),
                "n_second": int(counts.get(SECOND_INTAKE, 0)),
                "n_unresolved": int(counts.get(UNRESOLVED, 0)),
                "n_districts": int(counts.get(DISTRICT, 0)),
                "n_unproven": int(entries["label"].isin(intake.unproven_labels).sum()),
                "agrees": len(mine) in intake.published_sizes,
            }
        )
    return pd.DataFrame(rows)


def _size_findings(config: Config, by_intake: pd.DataFrame) -> list[Finding]:
    path = config.file("participants")
    return [
        finding(
            "REG-29",
            severity="warning",
            file=path,
            found=row.n_entries,
            intake=row.name_of_intake,
            published=", ".join(map(str, row.published_sizes)),
        )
        for row in by_intake.rename(columns={"name": "name_of_intake"}).itertuples()
        if not row.agrees or len(row.published_sizes) > 1
    ]


def _too_many(config: Config, n_known: int) -> list[Finding]:
    published = config.programme.published_participants
    if n_known <= published:
        return []
    return [finding("REG-46", severity="warning", file=config.file("participants"), found=n_known, published=published)]
