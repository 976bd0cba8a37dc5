"""What a municipality has written for its poster, status report and mandate, field by field through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvalitet_eval import publish
from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, finding
from kvalitet_eval.prepare.documents.municipality_texts import Happening, MunicipalityTexts
from kvalitet_eval.prepare.documents.reader import RegisterLike, inspect_document
from kvalitet_eval.present import own_words
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import Policy, PublishedFigure, PublishedText
from kvalitet_eval.report.documents import Document
from kvalitet_eval.report.open_tables import policy_of
from kvalitet_eval.report.own_words import inspect_own_words
from kvalitet_eval.results import OBSERVED, SYNTHETIC

KIND = "municipality_texts"
_NOTHING = (None, "", ())


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """What a municipality has written.

    Parameters
    ----------
    content : MunicipalityTexts or None
        None when it has written nothing.
    path : pathlib.Path or None
        The file, there or not; None when the programme file names no folder.
    shown_path : str
        The file as readers are told of it.
    policy : Policy
        The limits that its words must keep.
    """

    content: MunicipalityTexts | None
    path: Path | None
    shown_path: str
    policy: Policy

    @property
    def is_invented(self) -> bool:
        """Whether the words are an example that nobody has written."""
        return self.content is not None and self.content.origin == SYNTHETIC

    @property
    def language(self) -> str:
        """Language of the words, or nothing."""
        return "" if self.content is None else self.content.language

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """Trials and events in order of time; a month stands before its days."""
        events = () if self.content is None else self.content.events
        return tuple(sorted(events, key=lambda item: item.date))

    def quoted(self, place: str) -> PublishedText | None:
        """Return what stands in a field, for example ``poster.goal``, through the gate; None when nothing does.

        Raises
        ------
        ReportError
            PUB-50, PUB-51: the words name or number persons.
        """
        found = self._found(place)
        if found in _NOTHING:
            return None
        words = own_words.field_words(place, found, self.language)
        return publish.quote(words, self.policy, where=f"{self.shown_path}: {place}")

    def pictures(self) -> list[PublishedFigure]:
        """Return the pictures; errors as for ``publish.picture``."""
        items = () if self.content is None else self.content.pictures
        about = {"language": self.language, "origin": SYNTHETIC if self.is_invented else OBSERVED}
        return [
            publish.picture(
                self.path.with_suffix(""), item.file, id=f"picture-{number}", alt=item.alt,
                caption=item.caption or "", **about,
            )
            for number, item in enumerate(items, start=1)
        ]  # fmt: skip

    def missing(self, place: str, language: str) -> PublishedText:
        """Say what is to be written, and where."""
        what = text(f"own.what.{place}", language)
        if self.path is None:
            return say("own.missing.folder", language, what=what)
        *section, field = place.split(".")
        shown = f"[{section[0]}] {field}" if section else f"[[{field}]]" if field in ("pictures", "events") else field
        return say("own.missing", language, what=what, field=shown, file=self.shown_path, facts=[self.shown_path])

    def _found(self, place: str) -> Any:
        found: Any = self.content
        for name in place.split("."):
            found = None if found is None else getattr(found, name)
        return found


def load_own_texts(config: Config, municipality: str, register: RegisterLike | None = None) -> OwnTexts:
    """Read a municipality's file; one that is not there is a document with nothing in it.

    Raises
    ------
    DataError
        The file is faulty, a picture cannot be used, or the publishing rules refuse its words; all faults at once.
    """
    policy, path = policy_of(config), _file(config, municipality)
    if path is None:
        return OwnTexts(None, None, "", policy)
    shown = f"{config.files.municipality_texts}/{path.name}"
    if not path.is_file():
        return OwnTexts(None, path, shown, policy)
    document = inspect_own_words(inspect_document(path, register, borders=config.programme.borders), policy)
    if not document.is_accepted or not isinstance(document.content, MunicipalityTexts):
        raise DataError(document.findings or finding("INN-T02", file=path, column="kind", allowed=KIND))
    return OwnTexts(document.content, path, shown, policy)


def written_documents(config: Config, municipality: str, register: RegisterLike | None = None) -> tuple[Document, ...]:
    """Return the documents that a municipality has written texts for; a mandate only where the file has one.

    A faulty file counts as one without a mandate: who makes the documents is told what is wrong.
    """
    path = _file(config, municipality)
    if path is None or not path.is_file():
        return ()
    try:
        content = load_own_texts(config, municipality, register).content
    except DataError:
        return ("status_report", "poster")
    has_mandate = content is not None and content.mandate is not None
    return ("status_report", "poster", "project_mandate") if has_mandate else ("status_report", "poster")


def _file(config: Config, municipality: str) -> Path | None:
    folder = config.files.municipality_texts
    return None if folder is None else config.root / folder / f"{municipality}.toml"
