"""The index: every municipality with a report, every name without one and why, and how to read the reports."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present import numbers
from kvalitet_eval.present.alphabet import order_in
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedFigure
from kvalitet_eval.report.absent import Absent, either_size, unresolved_names
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.html import facts_rows, render_template
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.results import SYNTHETIC


@dataclass(frozen=True, slots=True)
class Link:
    """A municipality and the address of its report, relative to the index."""

    number: str
    name: str
    county: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """The reports of one intake with a sentence about it; ``links`` may be empty when no name is known.

    ``cohort_href`` is the address of the report about the whole intake, empty when there is none.
    """

    heading: str
    about: str
    links: tuple[Link, ...]
    cohort_href: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All that the index shows.

    Parameters
    ----------
    programme, years : str
        Name and years of the programme.
    published, known : int
        Participants that were published, and those that the register can name.
    groups : tuple of Group
        In the order of the intakes; within a group in Norwegian alphabetical order.
    absent : tuple of Absent
        Everything without a report.
    is_selected : bool
        Whether some intake was chosen for the level of the outcome.
    """

    programme: str
    years: str
    published: int
    known: int
    groups: tuple[Group, ...]
    absent: tuple[Absent, ...]
    is_selected: bool
    origin: Origin
    facts: RunFacts
    language: str = "nb"

    @property
    def n_reports(self) -> int:
        """Number of municipalities with a report."""
        return sum(len(group.links) for group in self.groups)

    def numbers(self) -> list[float]:
        """Return every number of the index."""
        return [self.published, self.known, self.n_reports]

    def words(self) -> list[str]:
        """Return every text of the index that is not a fixed one of the template."""
        links = [link for group in self.groups for link in group.links]
        linked = [word for link in links for word in (link.number, link.name, link.county)]
        said = [word for group in self.groups for word in (group.heading, group.about)]
        missing = [word for item in self.absent for word in (item.name, item.reason)]
        return [self.programme, self.years, *said, *linked, *missing]


def collect_site(
    config: Config,
    account: ParticipationAccount,
    membership: pd.DataFrame,
    *,
    pages: dict[str, str],
    cohort_pages: dict[str, str],
    facts: RunFacts,
    origin: Origin,
    language: str = "nb",
) -> PublishedFigure:
    """Gather the index from the participants and from the pages that were published, and let it through the gate.

    Parameters
    ----------
    config, account
        The programme and the account of its participants.
    membership : pandas.DataFrame
        One row per municipality: municipality_number, name, county, intake, status.
    pages, cohort_pages : dict of str to str
        Municipality number, or id of an intake, to address.
    facts, origin
        What the site rests on; ``syntetisk`` when any page is.
    """
    groups, absent = [], []
    sizes = {intake.id: either_size(intake.published_sizes, language) for intake in config.intakes}
    for intake in config.intakes:
        rows = membership[(membership["intake"] == intake.id) & (membership["status"] == "treated")]
        links, missing = _links(rows, pages, language)
        key = "site.intake_start" if len(rows) else "site.intake_start_none"
        first = numbers.quarter(intake.first_treated_quarter, language)
        about = text(key, language, quarter=first, sizes=sizes[intake.id], n=len(links))
        groups.append(Group(intake.name, about, links, cohort_pages.get(intake.id, "")))
        absent += missing
        if rows.empty:
            members = text("site.absent.members", language, intake=intake.name)
            absent.append(Absent(members, text("site.absent.no_names", language, sizes=sizes[intake.id])))
    links, missing = _links(membership[membership["status"] == "start_unknown"], pages, language)
    if links:
        about = text("site.start_unknown_text", language)
        groups.append(Group(text("site.start_unknown", language), about, links))
    names = dict(zip(membership["municipality_number"], membership["name"], strict=True))
    absent += missing
    for entries in (account.unresolved, account.districts):
        absent += unresolved_names(entries, names, language)
    site = Site(
        programme=config.programme.name,
        years=config.programme.years,
        published=account.published,
        known=account.n_in_register,
        groups=tuple(groups),
        absent=tuple(absent),
        is_selected=any(intake.selected_on_outcome for intake in config.intakes),
        origin=origin,
        facts=facts,
        language=language,
    )
    return _publish(site, config, membership)


def _publish(site: Site, config: Config, membership: pd.DataFrame) -> PublishedFigure:
    """Let the index through: names and numbers of municipalities, counts of them, quarters and published sizes."""
    tables = OpenTables.of(config)
    counts = {"published": site.published, "known": site.known, "reports": site.n_reports}
    counted = tables("site_counts", pd.DataFrame({"count": counts.keys(), "n": counts.values()}))
    listed = tables("site_municipalities", membership[["municipality_number", "name", "county"]])
    stated = [size for intake in config.intakes for size in intake.published_sizes]
    stated += [intake.first_treated_quarter for intake in config.intakes]
    stated += [len(group.links) for group in site.groups]
    facts = [*stated, config.programme.name, config.programme.years, *(intake.name for intake in config.intakes)]
    return publish.figure(lambda *_: site, counted, listed, facts=facts)


def render_index(index: PublishedFigure) -> str:
    """Return the index page.

    Raises
    ------
    ReportError
        RAP-11: the index has not passed the publishing gate.
    """
    if not isinstance(index, PublishedFigure) or not isinstance(index.content, Site):
        found = type(getattr(index, "content", index)).__name__
        raise ReportError.of("RAP-11", found=found, method="render_index", expected="PublishedFigure")
    site = index.content
    reading = ["rate", "interval", *(["selection"] if site.is_selected else []), "time"]
    return render_template(
        "index.html.j2",
        site.language,
        site=site,
        reading=[text(f"site.read.{name}", site.language) for name in reading],
        facts=facts_rows(site.facts, site.language),
        is_synthetic=site.origin == SYNTHETIC,
    )


def index_name(origin: Origin) -> str:
    """Return the file name of the index, which says when the figures are simulated."""
    return f"index-{SYNTHETIC}.html" if origin == SYNTHETIC else "index.html"


def _links(rows: pd.DataFrame, pages: dict[str, str], language: str) -> tuple[tuple[Link, ...], list[Absent]]:
    """Part municipalities into those with a page and those without, both in alphabetical order."""
    links, missing = [], []
    order = order_in(language)
    for row in sorted(rows.itertuples(), key=lambda row: order(row.name)):
        if row.municipality_number in pages:
            links.append(Link(row.municipality_number, row.name, row.county, pages[row.municipality_number]))
        else:
            label = text("report.municipality", language, name=row.name, number=row.municipality_number)
            missing.append(Absent(label, text("site.absent.not_made", language)))
    return tuple(links), missing
