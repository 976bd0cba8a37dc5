"""What the index is made of: municipalities and cohorts with what is offered about each, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.config import Config, Intake
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present import numbers
from kvalitet_eval.present.alphabet import order_in
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.absent import Absent, either_size, unresolved_names
from kvalitet_eval.report.changes import Changes, Who
from kvalitet_eval.report.offers import Offer, first_of_each

TREATED, START_UNKNOWN = "treated", "start_unknown"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and what is offered about it; the first offer is where its name leads.

    ``county_rank`` is the place of its county in the order of the language, ``cohort_rank`` that of its cohort in time.
    """

    number: str
    name: str
    county: str
    county_rank: int
    cohort: str
    cohort_rank: int
    offers: tuple[Offer, ...]

    @property
    def href(self) -> str:
        """Where its name leads."""
        return next((offer.href for offer in self.offers if offer.href), "")

    @property
    def first(self) -> tuple[Offer, ...]:
        """What is in sight without opening anything: one page of each kind of document."""
        return first_of_each(self.offers)


@dataclass(frozen=True, slots=True)
class Cohort:
    """One intake: a sentence about it, what is offered about the whole of it, and how many municipalities are shown."""

    name: str
    about: str
    offers: tuple[Offer, ...]
    n_municipalities: int


@dataclass(frozen=True, slots=True)
class ChangeList:
    """A sentence about the last run, and the names it is about."""

    sentence: str
    names: tuple[str, ...] = ()


def municipalities(
    config: Config, membership: pd.DataFrame, offers: Mapping[Who, tuple[Offer, ...]], language: str
) -> tuple[Municipality, ...]:
    """Return the participants that something is offered about, in the order of the language."""
    counties = sorted(membership["county"].dropna().unique(), key=order_in(language))
    cohorts = {intake.id: (rank, intake.name) for rank, intake in enumerate(config.intakes)}
    unknown = (len(cohorts), text("site.start_unknown", language))
    found = []
    for row in _participants(membership, language):
        rank, cohort = cohorts.get(row.intake, unknown) if row.status == TREATED else unknown
        offered = offers.get(("municipality", row.municipality_number), ())
        if any(offer.href for offer in offered):
            place = counties.index(row.county)
            found.append(Municipality(row.municipality_number, row.name, row.county, place, cohort, rank, offered))
    return tuple(found)


def cohorts(
    config: Config, membership: pd.DataFrame, offers: Mapping[Who, tuple[Offer, ...]], language: str
) -> tuple[Cohort, ...]:
    """Return all intakes in the programme's order, also those without known members."""
    treated = membership[membership["status"] == TREATED]
    with_report = {id for kind, id in offers if kind == "municipality"}
    return tuple(_cohort(intake, treated[treated["intake"] == intake.id], with_report, offers, language)
                 for intake in config.intakes)  # fmt: skip


def _cohort(
    intake: Intake,
    members: pd.DataFrame,
    with_report: set[str],
    offers: Mapping[Who, tuple[Offer, ...]],
    language: str,
) -> Cohort:
    n_shown = int(members["municipality_number"].isin(with_report).sum())
    key = "site.intake_start" if len(members) else "site.intake_start_none"
    first = numbers.quarter(intake.first_treated_quarter, language)
    about = text(key, language, quarter=first, sizes=either_size(intake.published_sizes, language), n=n_shown)
    return Cohort(intake.name, about, offers.get(("cohort", intake.id), ()), n_shown)


def absent(
    config: Config,
    account: ParticipationAccount,
    membership: pd.DataFrame,
    *,
    shown: Iterable[Municipality],
    changes: Changes,
    language: str,
) -> tuple[Absent, ...]:
    """List everything that has no report, each with its reason."""
    there, failed = {item.number for item in shown}, {id for kind, id in changes.failed if kind == "municipality"}
    listed = []
    for row in _participants(membership, language):
        if row.municipality_number not in there:
            reason = "index.absent.failed" if row.municipality_number in failed else "site.absent.not_made"
            listed.append(Absent(named(row.name, row.municipality_number, language), text(reason, language)))
    for intake in config.intakes:
        if not ((membership["intake"] == intake.id) & (membership["status"] == TREATED)).any():
            sizes = either_size(intake.published_sizes, language)
            members = text("site.absent.members", language, intake=intake.name)
            listed.append(Absent(members, text("site.absent.no_names", language, sizes=sizes)))
    names = dict(zip(membership["municipality_number"], membership["name"], strict=True))
    for entries in (account.unresolved, account.districts):
        listed += unresolved_names(entries, names, language)
    return tuple(listed)


def change_lists(changes: Changes, config: Config, membership: pd.DataFrame, language: str) -> tuple[ChangeList, ...]:
    """Say what the last run changed; that it changed nothing, or that it was the first, is said too."""
    if changes.is_first:
        return (ChangeList(text("index.changes.first", language)),)
    names = dict(zip(membership["municipality_number"], membership["name"], strict=True))
    labels = {("municipality", id): named(name, id, language) for id, name in names.items()}
    labels |= {("cohort", intake.id): intake.name for intake in config.intakes}
    lists = []
    for kind in ("new", "changed", "removed", "failed"):
        subjects: Sequence[Who] = getattr(changes, kind)
        if subjects:
            listed = sorted((labels.get(who, config.programme.name) for who in subjects), key=order_in(language))
            lists.append(ChangeList(text(f"index.changes.{kind}", language), tuple(listed)))
    if changes.is_nothing:
        lists.insert(0, ChangeList(text("index.changes.nothing", language)))
    return tuple(lists)


def named(name: str, number: str, language: str) -> str:
    """Return a municipality's name with its number."""
    return text("report.municipality", language, name=name, number=number)


def _participants(membership: pd.DataFrame, language: str) -> Iterator[object]:
    """Yield those that took part, in the order of the language."""
    rows = membership[membership["status"].isin((TREATED, START_UNKNOWN))]
    order = order_in(language)
    yield from sorted(rows.itertuples(), key=lambda row: order(row.name))
