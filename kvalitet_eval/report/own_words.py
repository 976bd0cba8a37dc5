"""A municipality's own words on their way through the gate, each field by itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pydantic import BaseModel

from kvalitet_eval import publish
from kvalitet_eval.config.places import Place, line_of
from kvalitet_eval.errors import Finding, ReportError, finding
from kvalitet_eval.prepare.documents.municipality_texts import MunicipalityTexts
from kvalitet_eval.prepare.documents.reader import Document
from kvalitet_eval.publish import Policy


def inspect_own_words(document: Document, policy: Policy) -> Document:
    """Return a document with what the publishing rules refuse in a municipality's texts among its findings."""
    if not isinstance(document.content, MunicipalityTexts):
        return document
    refused = tuple(_refused(document, policy))
    return dataclasses.replace(document, findings=(*document.findings, *refused))


def _refused(document: Document, policy: Policy) -> Iterator[Finding]:
    lines = document.path.read_text("utf-8-sig").splitlines()
    for place, words in _fields(document.content):
        try:
            publish.described(words) if place[0] == "pictures" else publish.quote(words, policy)
        except ReportError as error:
            column = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
            where = {"file": document.path, "line": line_of(place, lines), "column": column}
            yield from (finding(item.code, **where, **item.facts) for item in error.findings)


def _fields(part: BaseModel, above: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield every text of a document with its place."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        items = enumerate(value) if isinstance(value, tuple) else ((None, value),)
        for number, item in items:
            place: Place = (*above, name) if number is None else (*above, name, number)
            if isinstance(item, BaseModel):
                yield from _fields(item, place)
            elif isinstance(item, str):
                yield place, item
