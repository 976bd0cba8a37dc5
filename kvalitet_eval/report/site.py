"""The index: every document that is published, every name without one and why, and how to read the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.point_links import Place
from kvalitet_eval.publish import PublishedFigure
from kvalitet_eval.report.absent import Absent
from kvalitet_eval.report.changes import Changes, Who
from kvalitet_eval.report.document_files import PublishedDocument
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.html import INDEX_SCRIPT, facts_rows, render_template
from kvalitet_eval.report.offers import LANGUAGE_NAMES, Offer, by_preference, offer
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.site_map import map_hrefs, site_map
from kvalitet_eval.report.site_parts import (
    ChangeList,
    Cohort,
    Municipality,
    absent,
    change_lists,
    cohorts,
    municipalities,
)
from kvalitet_eval.results import SYNTHETIC

_READING_ORDER = ("report", "status_report", "poster", "project_mandate")


@dataclass(frozen=True, slots=True)
class Site:
    """All that the index shows.

    Parameters
    ----------
    programme, years : str
        Name and years of the programme.
    published, known : int
        Participants that were published, and those that the register can name.
    municipalities : tuple of Municipality
        Those that something is offered about, in Norwegian order.
    cohorts : tuple of Cohort
        In the order of the intakes.
    about_programme, pages : tuple of Offer
        Documents about the programme as a whole, and pages about data and method.
    changes : tuple of ChangeList
        What the last run changed.
    absent : tuple of Absent
        Everything without a report.
    is_selected : bool
        Whether some intake was chosen for the level of the outcome.
    main_language : str
        The programme's own: the index in it has no language in its name.
    chart : PublishedFigure, optional
        A map of the municipalities, which has passed the gate by itself; it repeats what the list says.
    hrefs : mapping of (longitude, latitude) to str
        Where a point of the map leads: to the same page as the name in the list.
    """

    programme: str
    years: str
    published: int
    known: int
    municipalities: tuple[Municipality, ...]
    cohorts: tuple[Cohort, ...]
    about_programme: tuple[Offer, ...]
    pages: tuple[Offer, ...]
    changes: tuple[ChangeList, ...]
    absent: tuple[Absent, ...]
    is_selected: bool
    origin: Origin
    facts: RunFacts
    language: str = "nb"
    main_language: str = "nb"
    chart: PublishedFigure | None = None
    hrefs: Mapping[Place, str] = field(default_factory=dict)

    @property
    def n_reports(self) -> int:
        """Number of municipalities that something is offered about."""
        return len(self.municipalities)

    def offers(self) -> list[Offer]:
        """Return everything that is offered, in reading order."""
        holders = (*self.municipalities, *self.cohorts)
        return [*(item for holder in holders for item in holder.offers), *self.about_programme, *self.pages]

    def numbers(self) -> list[float]:
        """Return every number of the index."""
        return [self.published, self.known, self.n_reports]

    def words(self) -> list[str]:
        """Return every text of the index that is not a fixed one of the template."""
        listed = [word for m in self.municipalities for word in (m.number, m.name, m.county, m.cohort)]
        said = [word for cohort in self.cohorts for word in (cohort.name, cohort.about)]
        changed = [word for item in self.changes for word in (item.sentence, *item.names)]
        missing = [word for item in self.absent for word in (item.name, item.reason)]
        offered = [word for item in self.offers() for word in item.words()]
        return [self.programme, self.years, *said, *listed, *offered, *changed, *missing]


def collect_site(
    config: Config,
    account: ParticipationAccount,
    membership: pd.DataFrame,
    *,
    documents: Iterable[PublishedDocument],
    changes: Changes,
    facts: RunFacts,
    origin: Origin,
    language: str = "nb",
) -> PublishedFigure:
    """Gather the index from the participants and from what was published, and let it through the gate.

    Parameters
    ----------
    config, account
        The programme and the account of its participants.
    membership : pandas.DataFrame
        One row per municipality: municipality_number, name, county, intake, status, longitude, latitude.
    documents : iterable of PublishedDocument
        From :func:`~kvalitet_eval.report.document_files.find_documents`, those that rest on the present evaluation.
    changes : Changes
        From :func:`~kvalitet_eval.report.changes.last_changes`.
    facts, origin
        What the site rests on; ``syntetisk`` when any page is.

    Raises
    ------
    ReportError
        PUB-25: a name holds a number that has not been published.
    """
    documents = tuple(documents)
    offers = _offers(documents, language)
    shown = municipalities(config, membership, offers, language)
    whole = {who: offered for who, offered in offers.items() if who[0] not in ("municipality", "cohort")}
    pages = {(d.kind, d.id) for d in documents if d.document == "page"}
    site = Site(
        programme=config.programme.name,
        years=config.programme.years,
        published=account.published,
        known=account.n_in_register,
        municipalities=shown,
        cohorts=cohorts(config, membership, offers, language),
        about_programme=tuple(item for who, offered in whole.items() if who not in pages for item in offered),
        pages=tuple(item for who, offered in whole.items() if who in pages for item in offered),
        changes=change_lists(changes, config, membership, language),
        absent=absent(config, account, membership, shown=shown, changes=changes, language=language),
        is_selected=any(intake.selected_on_outcome for intake in config.intakes),
        origin=origin,
        facts=facts,
        language=language,
        main_language=config.programme.language,
        chart=site_map(config, membership, language),
        hrefs=map_hrefs(membership, {item.number: item.href for item in shown}),
    )
    return _publish(site, config, membership, documents)


def _offers(documents: Sequence[PublishedDocument], language: str) -> Mapping[Who, tuple[Offer, ...]]:
    """Group what is offered by subject: the reader's language first, a report before a poster."""
    rank = {name: place for place, name in enumerate(_READING_ORDER)}
    grouped: dict[Who, list[Offer]] = {}
    for document in sorted(documents, key=lambda item: rank.get(item.document, len(rank))):
        grouped.setdefault(document.subject, []).append(offer(document, language))
    return {who: by_preference(offers, language) for who, offers in grouped.items()}


def _publish(
    site: Site, config: Config, membership: pd.DataFrame, documents: Sequence[PublishedDocument]
) -> PublishedFigure:
    """Let the index through: names and numbers of municipalities, counts of them, quarters and published sizes."""
    tables = OpenTables.of(config)
    counts = {"published": site.published, "known": site.known, "reports": site.n_reports}
    counted = tables("site_counts", pd.DataFrame({"count": counts.keys(), "n": counts.values()}))
    listed = tables("site_municipalities", membership[["municipality_number", "name", "county"]])
    stated = [size for intake in config.intakes for size in intake.published_sizes]
    stated += [intake.first_treated_quarter for intake in config.intakes]
    stated += [cohort.n_municipalities for cohort in site.cohorts]
    about_files = [file.label for item in site.offers() for file in item.files]
    titles = [document.title for document in documents if document.document == "page"]
    names = [config.programme.name, config.programme.years, *(intake.name for intake in config.intakes)]
    return publish.figure(lambda *_: site, counted, listed, facts=[*stated, *about_files, *titles, *names])


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
        script=INDEX_SCRIPT,
        has_start_unknown=any(item.cohort_rank == len(site.cohorts) for item in site.municipalities),
        others=[_other_index(site, other) for other in LANGUAGE_NAMES if other != site.language],
    )


def _other_index(site: Site, language: str) -> Offer:
    href = index_name(site.origin, language, site.main_language)
    return Offer(text("site.heading", language), language, LANGUAGE_NAMES[language], language, href)


def index_name(origin: Origin, language: str = "nb", main_language: str = "nb") -> str:
    """Return the file name of the index in a language, which says when the figures are simulated.

    Examples
    --------
    >>> index_name("observed"), index_name("syntetisk", "nn")
    ('index.html', 'index-nn-syntetisk.html')
    """
    in_language = [] if language == main_language else [language]
    return f"{'-'.join(('index', *in_language, *([SYNTHETIC] if origin == SYNTHETIC else [])))}.html"
