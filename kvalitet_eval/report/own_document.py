"""A municipality's poster, status report or mandate: its own words where it has written them, else what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kvalitet_eval import publish
from kvalitet_eval.prepare.documents.municipality_texts import Happening
from kvalitet_eval.present import own_words
from kvalitet_eval.present.say import say
from kvalitet_eval.report.case import Case
from kvalitet_eval.report.model import Document, Report
from kvalitet_eval.report.own_texts import OwnTexts, load_own_texts
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.results import SYNTHETIC

_TITLES = {"poster": "poster.title", "status_report": "status.title", "project_mandate": "mandate.title"}


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document under construction: the report, the case and the words it is made of.

    Parameters
    ----------
    report : Report
        Where everything goes.
    case : Case
        The municipality.
    own : OwnTexts
        Its words.
    """

    report: Report
    case: Case
    own: OwnTexts

    @classmethod
    def start(cls, case: Case, document: Document, language: str = "nb") -> OwnDocument:
        """Begin a document of a kind.

        Raises
        ------
        DataError
            The municipality's file is faulty; all faults at once.
        """
        own = load_own_texts(case.config, case.number, case.imported.register)
        report = Report.start(
            subject=case.subject,
            title=say(_TITLES[document], language, name=case.name, facts=[case.name]),
            language=language,
            programme=case.config.programme.name,
            origin=SYNTHETIC if own.is_invented else case.origin,
            facts=run_facts(case.config, case.imported, case.evaluation, language),
            document=document,
        )
        return cls(report, case, own)

    def section(self, name: str, *places: str) -> None:
        """Begin a section and add what stands in some fields, or a notice of what is missing."""
        self.report.section(say(f"own.section.{name}", self.report.language))
        for place in places:
            self.add(place)

    def add(self, place: str) -> None:
        """Add what stands in a field, or a notice of what is to be written there."""
        words = self.own.quoted(place)
        if words is None:
            self.report.notice("missing", self.own.missing(place, self.report.language))
        else:
            self.report.text(words, self.own.language)

    def add_warnings(self) -> None:
        """Say that the words are invented, where they are."""
        if self.own.is_invented:
            said = say("own.invented", self.report.language, name=self.case.name, facts=[self.case.name])
            self.report.notice("caution", said)

    def add_pictures(self) -> None:
        """Add the pictures, or a notice that there is none."""
        pictures = self.own.pictures()
        for picture in pictures:
            self.report.picture(picture)
        if not pictures:
            self.report.notice("missing", self.own.missing("pictures", self.report.language))

    def in_chart(self, quarters: Sequence[str]) -> list[tuple[str, str]]:
        """Return quarter and label of the happenings that a chart of some quarters shows, in order of time."""
        shown = self._drawn(quarters)
        return [(own_words.quarter_of_date(item.date), self._label(item)) for item in shown]

    def add_comments(self, quarters: Sequence[str]) -> None:
        """Add the comments that belong to the numbers in the chart, and what lies outside its time."""
        language, shown = self.own.language, self._drawn(quarters)
        if not self.own.happenings:
            self.report.notice("missing", self.own.missing("events", self.report.language))
            return
        self.report.text(say("own.chart.comments", self.report.language))
        outside = [item for item in self.own.happenings if item not in shown]
        lines = [own_words.happening_words(item, language, number) for number, item in enumerate(shown, start=1)]
        self._quote_lines(lines)
        if outside:
            self.report.text(say("own.chart.outside", self.report.language))
            self._quote_lines([own_words.happening_words(item, language) for item in outside])

    def _quote_lines(self, lines: list[str]) -> None:
        if lines:
            self.report.text(publish.quote(own_words.listed(lines), self.own.policy, where="events"), self.own.language)

    def _drawn(self, quarters: Sequence[str]) -> list[Happening]:
        first, last = min(quarters), max(quarters)
        return [item for item in self.own.happenings if first <= own_words.quarter_of_date(item.date) <= last]

    def _label(self, item: Happening) -> str:
        label = own_words.happening_label(item, self.own.language, self.report.language)
        return str(publish.quote(label, self.own.policy, where="events"))
