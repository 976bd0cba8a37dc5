"""A municipality's own words on their way through the gate, each field by itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from kvalitet_eval import publish
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
    for place, words in _fields(document.content):
        try:
            publish.described(words) if place.startswith("pictures.") else publish.quote(words, policy)
        except ReportError as error:
            for item in error.findings:
                yield finding(item.code, file=document.path, column=place, **item.facts)


def _fields(part: BaseModel, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a document with its place, items of a list counted from 1."""
    values: Mapping[str, Any] = {name: getattr(part, name) for name in type(part).model_fields}
    for name, value in values.items():
        items = enumerate(value, start=1) if isinstance(value, tuple) else ((None, value),)
        for number, item in items:
            place = prefix + name + ("" if number is None else f".{number}")
            if isinstance(item, BaseModel):
                yield from _fields(item, f"{place}.")
            elif isinstance(item, str):
                yield place, item
