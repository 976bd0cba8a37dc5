"""Read PDF: the text of every page, comments, form fields, attachments, and the texts of all objects, used or not."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, StreamObject, TextStringObject

from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, joined

Found = Iterator[Seen | Problem]
_TEXT_STREAMS = ("/Metadata", "/EmbeddedFile")
_DEEPEST = 12
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read_pdf(data: bytes, place: str, walk: Walk) -> Found:
    """Yield the lines of each page and every text of the file; what an older version of the file held is read too.

    A number in a table is named by its line and by what else stands on the page.
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            yield Problem(place, "SIK-07", "encrypted")
            return
        yield from _pages(reader, place)
        yield from _objects(reader, place, walk)
    except Exception as error:  # the library has many kinds of errors, and a file that cannot be read must be told
        yield Problem(place, "SIK-07", type(error).__name__)


def _pages(reader: PdfReader, place: str) -> Found:
    title = str((reader.metadata or {}).get("/Title", ""))
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        for index, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield Seen(f"{place}:{number}:{index}", line, near=line, wide=joined([title, text]))


def _objects(reader: PdfReader, place: str, walk: Walk) -> Found:
    """Texts of all numbered objects: information, comments, fields, names of attachments, and attached files."""
    numbers = {number for generation in reader.xref.values() for number in generation} | set(reader.xref_objStm)
    for number in sorted(numbers):
        item = reader.get_object(number)
        inner = f"{place}!{number}"
        yield from _texts(item, inner, _DEEPEST)
        if isinstance(item, StreamObject) and item.get("/Type") in _TEXT_STREAMS:
            yield from walk.nested(item.get_data(), inner)


def _texts(item: Any, place: str, depth: int, key: str = "") -> Found:
    """Texts in an object, not following references: each object is read once, by its number."""
    if isinstance(item, TextStringObject):
        yield Seen(place, str(item), key, near=str(item))
    elif isinstance(item, ByteStringObject):
        yield Seen(place, bytes(item).decode("latin-1"), key, is_measure=False)
    elif isinstance(item, DictionaryObject) and depth:
        for name in item:
            yield from _texts(item.raw_get(name), f"{place}{name}", depth - 1, str(name).lstrip("/"))
    elif isinstance(item, ArrayObject) and depth:
        for index in range(len(item)):
            yield from _texts(list.__getitem__(item, index), f"{place}/{index}", depth - 1, key)
