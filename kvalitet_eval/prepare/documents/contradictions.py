"""What is right field by field in a document and contradicts itself, its file name, the register or its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kvalitet_eval.config.places import Place
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.documents.kinds import DocumentContent
from kvalitet_eval.prepare.documents.models import Goal, ProjectMandate, StatusReport
from kvalitet_eval.prepare.documents.municipality_texts import MandateTexts, MunicipalityTexts
from kvalitet_eval.prepare.documents.pictures import read_picture
from kvalitet_eval.prepare.documents.syntax import PlainDocument

ONE_PAGE = 3500  # characters: about 500 words, what an A4 page holds


class RegisterLike(Protocol):
    """What is asked of a municipality register."""

    def exists(self, number: str, year: int) -> bool:
        """Whether a number is valid in a year."""

    def nearest(self, text: str, year: int) -> tuple[str, ...]:
        """Municipalities of a year that a wrong number probably stands for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The document that is asked about: its file, its values and their lines, the register, and a year for it."""

    path: Path
    plain: PlainDocument
    register: RegisterLike | None
    borders: int | None

    def at(self, *place: str | int) -> dict[str, object]:
        """Where a field stands: file, line and column, list items counted from 1."""
        column = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        return {"file": self.path, "line": self.plain.line(place), "column": column}


def contradictions(content: DocumentContent, asked: Asked) -> Iterator[Finding]:
    """Yield everything that does not fit together."""
    if isinstance(content, MunicipalityTexts):
        yield from _of_texts(content, asked)
    elif isinstance(content, StatusReport):
        yield from _number(content.municipality_number, int(content.date[:4]), asked)
        length = sum(len(text) for text in (content.done, content.obstacles or "", content.next_steps))
        if length > ONE_PAGE:
            yield finding("INN-T22", severity="warning", **asked.at("done"), n=length, limit=ONE_PAGE)
    else:
        yield from _number(content.municipality_number, int(content.frame.start[:4]), asked)
        yield from _of_mandate(content, asked)


def _number(number: str, year: int | None, asked: Asked) -> Iterator[Finding]:
    if asked.register is not None and year is not None and not asked.register.exists(number, year):
        nearest = ", ".join(asked.register.nearest(number, year)) or "–"
        yield finding("INN-T10", **asked.at("municipality_number"), found=number, year=year, nearest=nearest)


def _of_texts(texts: MunicipalityTexts, asked: Asked) -> Iterator[Finding]:
    number, stem = texts.municipality_number, asked.path.stem
    yield from _number(number, asked.borders, asked)
    if re.fullmatch(r"[0-9]{4}", stem) and stem != number:
        yield finding("INN-T27", **asked.at("municipality_number"), found=number, name=stem)
    for position, picture in enumerate(texts.pictures):
        if picture.alt is None:
            yield finding("INN-T28", **asked.at("pictures", position), found=picture.file)
        try:
            read_picture(asked.path.with_suffix(""), picture.file)
        except DataError as error:
            where = asked.at("pictures", position, "file")
            yield from (finding(item.code, **where, found=item.found, **item.facts) for item in error.findings)
    if texts.mandate is not None:
        yield from _of_mandate(texts.mandate, asked, "mandate")


def _of_mandate(mandate: ProjectMandate | MandateTexts, asked: Asked, *section: str) -> Iterator[Finding]:
    spans = [("frame", mandate.frame.start, mandate.frame.end, ())] if mandate.frame is not None else []
    spans += [("measures", item.start, item.end, (number,)) for number, item in enumerate(mandate.measures)]
    for name, start, end, number in spans:
        if end is not None and end[: len(start)] < start[: len(end)]:
            place: Place = (*section, name, *number, "end")
            yield finding("INN-S12", **asked.at(*place), found=end, first=start, first_column="start")
    ids = [goal.id for goal in mandate.goals]
    for position, goal in enumerate(mandate.goals):
        if goal.id in ids[:position]:
            yield finding("INN-T23", **asked.at(*section, "goals", position, "id"), found=goal.id)
        if _is_reached_at_start(goal):
            facts = {"direction": goal.direction, "baseline": _written(goal.baseline)}
            where = asked.at(*section, "goals", position, "target")
            yield finding("INN-S13", **where, found=_written(goal.target), **facts)
    for position, measure in enumerate(mandate.measures):
        if measure.goal is not None and measure.goal not in ids:
            where = asked.at(*section, "measures", position, "goal")
            yield finding("INN-T24", **where, found=measure.goal, allowed=", ".join(ids))


def _is_reached_at_start(goal: Goal) -> bool:
    if goal.baseline is None or goal.direction == "maintain":
        return False
    return goal.target >= goal.baseline if goal.direction == "decrease" else goal.target <= goal.baseline


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}".replace(".", ",")
