"""Status reports and project mandates: TOML or YAML documents, checked like any other file, every fault at once."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, get_args

from pydantic import BaseModel, ValidationError

from kvalitet_eval.config.places import Place
from kvalitet_eval.errors import DataError, Finding, finding, system_reason
from kvalitet_eval.prepare.documents.models import (
    KINDS,
    NOT_A_DATE,
    NOT_A_NUMBER,
    DocumentContent,
    Goal,
    ProjectMandate,
    StatusReport,
)
from kvalitet_eval.prepare.documents.syntax import TOML, YAML, PlainDocument, parse_document
from kvalitet_eval.prepare.hidden_text import hidden_findings
from kvalitet_eval.prepare.layouts.spellings import VALUES

SUFFIXES = (*TOML, *YAML)
LARGEST_BYTES = 200_000
ONE_PAGE = 3500  # characters: about 500 words, what an A4 page holds
_CODES = MappingProxyType(
    {
        "extra_forbidden": "INN-T03",
        "missing": "INN-T04",
        "string_type": "INN-T05",
        NOT_A_NUMBER: "INN-T06",
        "finite_number": "INN-T06",
        NOT_A_DATE: "INN-T07",
        "literal_error": "INN-T08",
        "string_pattern_mismatch": "INN-T09",
        "string_too_short": "INN-T11",
        "tuple_type": "INN-T12",
        "model_type": "INN-T12",
        "too_short": "INN-T13",
        "greater_than_equal": "INN-T14",
    }
)


class RegisterLike(Protocol):
    """What is asked of a municipality register."""

    def exists(self, number: str, year: int) -> bool:
        """Whether a number is valid in a year."""

    def nearest(self, text: str, year: int) -> tuple[str, ...]:
        """Municipalities of a year that a wrong number probably stands for."""


@dataclass(frozen=True, slots=True)
class Document:
    """What became of one document.

    Parameters
    ----------
    path, sha256, kind
        The file, the hash of the bytes that were read (empty when there are none), and ``status_report`` or
        ``project_mandate`` (empty when it does not say).
    content : StatusReport, ProjectMandate or None
        Nothing when the document has the wrong form.
    findings : tuple of Finding
        Errors and warnings in order of line.
    """

    path: Path
    sha256: str
    kind: str
    content: DocumentContent | None
    findings: tuple[Finding, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether there is no error."""
        return not any(item.severity == "error" for item in self.findings)


def inspect_document(path: str | Path, register: RegisterLike | None = None) -> Document:
    """Read a document and return all findings instead of raising; none of them names a person.

    Parameters
    ----------
    path : path
        A file ending in ``.toml``, ``.yaml`` or ``.yml``, UTF-8, of at most 200 000 bytes.
    register : Register, optional
        Says whether the municipality number is valid in the year of the document.
    """
    made = _inspect(Path(path), register)
    names = [item.name for item in getattr(register, "municipalities", ())]
    return dataclasses.replace(made, findings=hidden_findings(made.findings, names))


def _inspect(path: Path, register: RegisterLike | None) -> Document:
    data = b""
    try:
        data = _read_bytes(path)
        plain = parse_document(path, _decode(path, data))
    except DataError as error:
        return Document(path, hashlib.sha256(data).hexdigest() if data else "", "", None, error.findings)
    sha256, kind = hashlib.sha256(data).hexdigest(), plain.content.get("kind", "")
    if not isinstance(kind, str) or kind not in KINDS:
        where = {"file": path, "line": plain.line(("kind",)) or 1, "column": "kind"}
        fault = finding("INN-T02", **where, found=kind or None, allowed=", ".join(KINDS))
        return Document(path, sha256, "", None, (fault,))
    try:
        content = KINDS[kind].model_validate(plain.content)
    except ValidationError as error:
        faults = (_fault(item, KINDS[kind], path, plain) for item in error.errors())
        return Document(path, sha256, kind, None, _ordered(faults))
    return Document(path, sha256, kind, content, _ordered(_contradictions(content, path, plain, register)))


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise DataError.of(
            "INN-T19", file=path, found=error.strerror or str(error), system=system_reason(error)
        ) from error
    if len(data) > LARGEST_BYTES:
        raise DataError.of("INN-T20", file=path, limit=LARGEST_BYTES)
    return data


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError.of("INN-T21", file=path, line=line, found=f"0x{data[error.start]:02x}") from error


def _fault(item: Mapping[str, Any], model: type[BaseModel], path: Path, plain: PlainDocument) -> Finding:
    place: Place = item["loc"]
    code = _CODES.get(item["type"], "INN-T15")
    column = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    facts: dict[str, object] = {"name": place[-1]}
    if code == "INN-T03":
        names = _names(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), names, n=1, cutoff=0.5)
        facts["allowed"] = ", ".join([*near, *(name for name in names if name not in near)])
    elif code == "INN-T08":
        facts["allowed"] = ", ".join(map(_with_meaning, re.findall(r"'([^']*)'", item["ctx"]["expected"])))
    found = None if code in ("INN-T04", "INN-T12", "INN-T13") else place[-1] if code == "INN-T03" else item["input"]
    return finding(code, file=path, line=plain.line(place), column=column, found=found, **facts)


def _with_meaning(value: str) -> str:
    """Return what is to be written and the Norwegian word for it, where there is one."""
    word = next((word for word, meant in VALUES.items() if meant == value), None)
    return f"{value} ({word})" if word else value


def _names(model: type[BaseModel], place: Place) -> list[str]:
    """Names that a section may have."""
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model(model.model_fields[part].annotation)
            model = inner or model
    return list(model.model_fields)


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)


def _contradictions(
    content: DocumentContent, path: Path, plain: PlainDocument, register: RegisterLike | None
) -> Iterator[Finding]:
    number = content.municipality_number
    year = int((content.date if isinstance(content, StatusReport) else content.frame.start)[:4])
    if register is not None and not register.exists(number, year):
        where = {"file": path, "line": plain.line(("municipality_number",)), "column": "municipality_number"}
        nearest = ", ".join(register.nearest(number, year)) or "–"
        yield finding("INN-T10", **where, found=number, year=year, nearest=nearest)
    if isinstance(content, StatusReport):
        length = sum(len(text) for text in (content.done, content.obstacles or "", content.next_steps))
        if length > ONE_PAGE:
            where = {"file": path, "line": plain.line(("done",)), "column": "done"}
            yield finding("INN-T22", severity="warning", **where, n=length, limit=ONE_PAGE)
    else:
        yield from _contradictions_of_mandate(content, path, plain)


def _contradictions_of_mandate(mandate: ProjectMandate, path: Path, plain: PlainDocument) -> Iterator[Finding]:
    def at(*place: str | int) -> dict[str, object]:
        column = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        return {"file": path, "line": plain.line(place), "column": column}

    spans = [("frame", mandate.frame.start, mandate.frame.end, ())]
    spans += [("measures", item.start, item.end, (number,)) for number, item in enumerate(mandate.measures)]
    for name, start, end, number in spans:
        if end is not None and end[: len(start)] < start[: len(end)]:
            yield finding("INN-S12", **at(name, *number, "end"), found=end, first=start, first_column="start")
    ids = [goal.id for goal in mandate.goals]
    for position, goal in enumerate(mandate.goals):
        if goal.id in ids[:position]:
            yield finding("INN-T23", **at("goals", position, "id"), found=goal.id)
        if _is_reached_at_start(goal):
            facts = {"direction": goal.direction, "baseline": _number(goal.baseline)}
            yield finding("INN-S13", **at("goals", position, "target"), found=_number(goal.target), **facts)
    for position, measure in enumerate(mandate.measures):
        if measure.goal is not None and measure.goal not in ids:
            allowed = ", ".join(ids)
            yield finding("INN-T24", **at("measures", position, "goal"), found=measure.goal, allowed=allowed)


def _is_reached_at_start(goal: Goal) -> bool:
    if goal.baseline is None or goal.direction == "maintain":
        return False
    return goal.target >= goal.baseline if goal.direction == "decrease" else goal.target <= goal.baseline


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}".replace(".", ",")


def _ordered(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (item.line or 0, item.code)))
