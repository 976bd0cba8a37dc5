"""Status reports, mandates and a municipality's texts: TOML or YAML, checked like any file, every fault at once."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from kvalitet_eval.config.places import Place
from kvalitet_eval.errors import DataError, Finding, finding, system_reason
from kvalitet_eval.prepare.documents.contradictions import Asked, RegisterLike, contradictions
from kvalitet_eval.prepare.documents.kinds import KINDS, DocumentContent
from kvalitet_eval.prepare.documents.models import NOT_A_DATE, NOT_A_NUMBER
from kvalitet_eval.prepare.documents.syntax import TOML, YAML, PlainDocument, parse_document
from kvalitet_eval.prepare.hidden_text import hidden_findings
from kvalitet_eval.prepare.layouts.spellings import VALUES

SUFFIXES = (*TOML, *YAML)
LARGEST_BYTES = 200_000
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
        "string_too_long": "INN-T25",
        "too_long": "INN-T26",
    }
)

_UNQUOTED = frozenset({"INN-T04", "INN-T12", "INN-T13", "INN-T25", "INN-T26"})
"""What is wrong is missing, or too much to repeat."""


@dataclass(frozen=True, slots=True)
class Document:
    """What became of one document.

    Parameters
    ----------
    path, sha256, kind
        The file, the hash of the bytes that were read (empty when there are none), and its kind (one of
        ``documents.kinds.KINDS``; empty when it does not say).
    content : StatusReport, ProjectMandate, MunicipalityTexts or None
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


def inspect_document(path: str | Path, register: RegisterLike | None = None, *, borders: int | None = None) -> Document:
    """Read a document and return all findings instead of raising; none of them names a person.

    Parameters
    ----------
    path : path
        A file ending in ``.toml``, ``.yaml`` or ``.yml``, UTF-8, of at most 200 000 bytes.
    register : Register, optional
        Says whether the municipality number is valid in the year of the document.
    borders : int, optional
        Year of the numbers in a document that is of no year: a municipality's texts.
    """
    made = _inspect(Path(path), register, borders)
    names = [item.name for item in getattr(register, "municipalities", ())]
    return dataclasses.replace(made, findings=hidden_findings(made.findings, names))


def _inspect(path: Path, register: RegisterLike | None, borders: int | None) -> Document:
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
    asked = Asked(path, plain, register, borders)
    return Document(path, sha256, kind, content, _ordered(contradictions(content, asked)))


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
    elif code in ("INN-T25", "INN-T26"):
        facts |= {"limit": item["ctx"]["max_length"], "n": len(item["input"])}
    elif code == "INN-T08":
        facts["allowed"] = ", ".join(map(_with_meaning, re.findall(r"'([^']*)'", item["ctx"]["expected"])))
    found = None if code in _UNQUOTED else place[-1] if code == "INN-T03" else item["input"]
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


def _ordered(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: (item.line or 0, item.code)))
