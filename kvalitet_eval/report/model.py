"""One report: what a notebook adds in reading order, shows to its reader and stores as ``results.json``.

``results.json`` is canonical: sorted keys, full-precision numbers beside the printed text, no time of day. Two runs on
the same data with the same version write the same bytes. Every page, in whatever form, is made from this file alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.chart import Chart, Origin
from kvalitet_eval.present.messages import languages
from kvalitet_eval.present.tables import Table
from kvalitet_eval.publish import PublishedFigure, PublishedText, Stamp
from kvalitet_eval.report.blocks import (
    NOTICE_KINDS,
    Block,
    Figure,
    Listing,
    Notice,
    NoticeKind,
    Picture,
    Section,
    Text,
    from_plain,
    to_plain,
)
from kvalitet_eval.report.documents import DOCUMENTS, Document, file_stem
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.shown import Shown
from kvalitet_eval.report.store import write_atomic
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.results import SYNTHETIC

SCHEMA_VERSION = 4


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a report was written, and the sha256 of the file; both empty when it was only shown."""

    path: str
    sha256: str


class Report:
    """A report under construction; begin it with :meth:`start`, read a stored one with :func:`load`.

    Attributes
    ----------
    subject, title, language, programme, origin, document, facts
        As given to :meth:`start`.
    blocks : tuple
        What has been added, in reading order.
    outputs : dict of str to str
        Published tables that something in the report comes from: name of the output to the hash of its audit record.
    files : dict of str to str
        Published files made from it, name to sha256; empty until it is published.
    """

    def __init__(self, subject: Subject, head: dict[str, Any], facts: RunFacts) -> None:
        self.subject = subject
        self.title: str = head["title"]
        self.language: str = head["language"]
        self.programme: str = head["programme"]
        self.origin: Origin = head["origin"]
        self.document: Document = head["document"]
        self.facts = facts
        self.outputs: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self._blocks: list[Block] = []
        self._check_head()

    @classmethod
    def start(
        cls,
        *,
        subject: Subject,
        title: PublishedText,
        language: str,
        programme: str,
        origin: Literal["observed", "syntetisk"],
        facts: RunFacts,
        document: Document = "report",
    ) -> Self:
        """Begin a report.

        Parameters
        ----------
        subject : Subject
            Who it is about.
        title : PublishedText
            The one heading of the first level.
        language : str
            A language that has a catalogue.
        programme : str
            The programme's name.
        origin : {"observed", "syntetisk"}
            ``syntetisk`` when any figure in the report is simulated: page and file name then say so.
        facts : RunFacts
            What the report rests on.
        document : {"report", "status_report", "poster", "project_mandate", "page"}
            What kind of document it is: an evaluation report, one page of status, a poster, what a project is to reach,
            a page about the method.

        Raises
        ------
        ReportError
            RAP-11 the title has not passed the gate, RAP-21 an empty value, RAP-22 an unknown language, origin or
            document.
        """
        head = {
            "title": _passed(title, PublishedText, "title").text,
            "language": language,
            "programme": programme,
            "origin": origin,
            "document": document,
        }
        return cls(subject, head, facts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What has been added, in reading order."""
        return tuple(self._blocks)

    @property
    def file_stem(self) -> str:
        """Name of the published files without suffix, for example ``0542-nord-aurdal-nb-syntetisk``."""
        return file_stem(self.subject, self.document, self.language, self.origin)

    def section(self, heading: PublishedText) -> Shown:
        """Begin a section; errors as for :meth:`text`, but never RAP-20."""
        return self._add(Section(self._words(heading, "section")))

    def text(self, text: PublishedText, language: str = "") -> Shown:
        """Add paragraphs: an empty line parts them, lines that begin with ``- `` make a list.

        Parameters
        ----------
        text : PublishedText
            What is said.
        language : str
            Of words that are not in the report's language: a municipality's own.

        Raises
        ------
        ReportError
            RAP-11 a plain text, RAP-20 no section has begun yet, RAP-24 it passed another policy than the report's.
        """
        self._check("language", language or self.language)
        return self._add(Text(self._words(text, "text"), language if language != self.language else ""))

    def notice(self, kind: NoticeKind, text: PublishedText) -> Shown:
        """Add text set apart; errors as for :meth:`text`, and RAP-14 for an unknown kind."""
        if kind not in NOTICE_KINDS:
            raise ReportError.of("RAP-14", found=kind, allowed=", ".join(NOTICE_KINDS))
        return self._add(Notice(kind, self._words(text, "notice")))

    def chart(self, chart: PublishedFigure, table: bool = True) -> Shown:
        """Add a chart, with its numbers as a table below it unless told otherwise.

        Raises
        ------
        ReportError
            RAP-11 not a published chart, RAP-12 its id is taken, RAP-15 a synthetic chart in a report that says
            "observed", RAP-20 no section has begun yet, RAP-24 it passed another policy than the report's.
        """
        return self._add(Figure(self._accept(chart, Chart, "chart"), table))

    def table(self, table: PublishedFigure) -> Shown:
        """Add a set table; errors as for :meth:`chart`."""
        return self._add(Listing(self._accept(table, Table, "table")))

    def picture(self, picture: PublishedFigure) -> Shown:
        """Add a picture; errors as for :meth:`chart`."""
        return self._add(self._accept(picture, Picture, "picture"))

    def save(self, path: str | Path) -> Saved:
        """Write ``results.json``; an empty path writes nothing, for a reader who runs the notebook by hand.

        Raises
        ------
        ReportError
            RAP-20 nothing has been added, RAP-18 the file cannot be written.
        """
        if not self._blocks:
            raise ReportError.of("RAP-20", found="save")
        if str(path) == "":
            return Saved("", "")
        return Saved(str(path), write_atomic(Path(path), self.to_json()))

    def to_json(self) -> str:
        """Return the canonical content of ``results.json``."""
        content = {
            "schema_version": SCHEMA_VERSION,
            "subject": asdict(self.subject),
            "title": self.title,
            "language": self.language,
            "programme": self.programme,
            "origin": self.origin,
            "document": self.document,
            "facts": asdict(self.facts),
            "run_id": self.facts.run_id,
            "outputs": self.outputs,
            "files": self.files,
            "blocks": [to_plain(block) for block in self._blocks],
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False, default=_plain) + "\n"

    def _add(self, block: Block) -> Shown:
        if not self._blocks and not isinstance(block, Section):
            raise ReportError.of("RAP-20", found=type(block).__name__)
        self._blocks.append(block)
        return Shown(block, self.language)

    def _words(self, text: PublishedText, method: str) -> str:
        self._stamp(_passed(text, PublishedText, method).stamps)
        return text.text

    def _accept(self, figure: PublishedFigure, wanted: type, method: str) -> Any:
        item = _passed(figure, PublishedFigure, method).content
        if not isinstance(item, wanted):
            raise ReportError.of("RAP-11", found=type(item).__name__, method=method, expected=wanted.__name__)
        taken = {b.chart.id for b in self._blocks if isinstance(b, Figure)}
        taken |= {b.table.id for b in self._blocks if isinstance(b, Listing)}
        taken |= {b.id for b in self._blocks if isinstance(b, Picture)}
        if item.id in taken:
            raise ReportError.of("RAP-12", found=item.id)
        if SYNTHETIC in (getattr(item, "origin", figure.origin), figure.origin) and self.origin != SYNTHETIC:
            raise ReportError.of("RAP-15", found=item.id)
        self._stamp(figure.stamps)
        return item

    def _stamp(self, stamps: Iterable[Stamp]) -> None:
        for stamp in stamps:
            if stamp.policy_sha256 != self.facts.policy_sha256:
                raise ReportError.of("RAP-24", found=stamp.policy, output=stamp.output, expected=self.facts.policy)
            self.outputs[stamp.output] = stamp.audit_sha256

    def _check_head(self) -> None:
        for name in ("title", "language", "programme", "origin", "document"):
            self._check(name, getattr(self, name))

    def _check(self, name: str, value: str) -> None:
        allowed = {"language": languages(), "origin": ("observed", SYNTHETIC), "document": DOCUMENTS}
        if not isinstance(value, str) or not value.strip():
            raise ReportError.of("RAP-21", found=value, name=name)
        if value not in allowed.get(name, (value,)):
            raise ReportError.of("RAP-22", found=value, name=name, allowed=", ".join(allowed[name]))


def load(path: str | Path) -> Report:
    """Read a stored report.

    Raises
    ------
    ReportError
        RAP-10: the file is missing, is not a report, or was written in another schema version.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema_version {content['schema_version']}, not {SCHEMA_VERSION}")
        report = Report(Subject(**content["subject"]), content, RunFacts(**content["facts"]))
        report._blocks = [from_plain(block) for block in content["blocks"]]
        report.outputs = {str(output): str(audit) for output, audit in content["outputs"].items()}
        report.files = {str(name): str(sha256) for name, sha256 in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError.of("RAP-10", file=path, found=f"{type(error).__name__}: {error}") from error
    return report


def _passed(item: Any, wanted: type, method: str) -> Any:
    """Refuse whatever has not passed the publishing gate."""
    if not isinstance(item, wanted):
        raise ReportError.of("RAP-11", found=type(item).__name__, method=method, expected=wanted.__name__)
    return item


def _plain(value: Any) -> Any:
    """Numbers of other libraries become Python's own in JSON."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"cannot be stored: {type(value).__name__}")
