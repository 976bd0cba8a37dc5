"""The parts of a JSON-stat 2 dataset, each checked: dimensions, values, status symbols, notes.

The document comes from elsewhere, so nothing is taken for granted; every function raises :class:`PartError` with the
place in the document and what stood there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LARGEST = 10**18  # a whole number beyond it is no count of anything


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its label and role, and codes and labels of its categories in the order of the values."""

    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: str = ""


class PartError(Exception):
    """Something is wrong with one part of the document: which, what was found, code and further facts."""

    def __init__(self, part: str, found: object, code: str = "INN-C22", **facts: object) -> None:
        super().__init__(part)
        self.part, self.found, self.code, self.facts = part, found, code, {"part": part, **facts}


def text_of(document: Mapping[str, Any], name: str) -> str:
    """Return one text of the document, nothing when it is not given.

    JSON can write half a character (a lone surrogate); such text could never be written to a file again.
    """
    text = document.get(name)
    if text is None:
        return ""
    if not _is_text(text):
        raise PartError(name, text)
    return text


def _is_text(text: object) -> bool:
    return isinstance(text, str) and not any("\ud800" <= sign <= "\udfff" for sign in text)


def notes_of(part: Mapping[str, Any], place: str) -> list[str]:
    """Return the notes of a dataset or a dimension, those of its categories with their code before."""
    notes = _note_list(part.get("note", []), f"{place}note")
    by_category = part.get("category", {}).get("note", {})
    if not isinstance(by_category, dict):
        raise PartError(f"{place}category.note", by_category)
    for code, texts in by_category.items():
        notes += [f"{code}: {text}" for text in _note_list(texts, f"{place}category.note")]
    return notes


def _note_list(notes: object, place: str) -> list[str]:
    texts = notes if isinstance(notes, list) else [notes]
    if not all(_is_text(text) for text in texts):
        raise PartError(place, notes)
    return texts


def shape_of(ids: object, sizes: object) -> dict[str, int]:
    """Return the size of each dimension in the order of the table."""
    if not isinstance(ids, list) or not ids or not all(_is_text(name) and name for name in ids):
        raise PartError("id", ids)
    if len(set(ids)) != len(ids):
        raise PartError("id", ids)
    if not isinstance(sizes, list) or len(sizes) != len(ids):
        raise PartError("size", sizes)
    if not all(type(size) is int and 1 <= size <= _LARGEST for size in sizes):
        raise PartError("size", sizes)
    return dict(zip(ids, sizes, strict=True))


def roles_of(roles: object, ids: Sequence[str]) -> dict[str, str]:
    """Return the role (time, geo, metric) of each dimension that has one."""
    if not isinstance(roles, dict) or not all(isinstance(names, list) for names in roles.values()):
        raise PartError("role", roles)
    pairs = [(name, role) for role, names in roles.items() for name in names]
    if any(not isinstance(name, str) or name not in ids for name, _ in pairs):
        raise PartError("role", roles)
    return dict(pairs)


def dimension_of(name: str, described: object, size: int, role: str) -> Dimension:
    """Return one dimension; a category without a label is shown by its code."""
    part = f"dimension.{name}"
    category = described.get("category") if isinstance(described, dict) else None
    if not isinstance(category, dict):
        raise PartError(f"{part}.category", described)
    labels = category.get("label", {})
    if not isinstance(labels, dict) or not all(map(_is_text, labels.values())):
        raise PartError(f"{part}.category.label", labels)
    codes = _codes(category.get("index"), labels, size, f"{part}.category.index")
    if unknown := sorted(set(labels) - set(codes)):
        raise PartError(f"{part}.category.label", unknown)
    return Dimension(text_of(described, "label"), codes, tuple(labels.get(code, code) for code in codes), role)


def _codes(index: object, labels: Mapping[str, str], size: int, part: str) -> tuple[str, ...]:
    """Read the codes in order: a list, an object of places, or, for a single category, the only label."""
    if index is None and size == 1 and len(labels) == 1:
        index = list(labels)
    if isinstance(index, dict):
        if not all(type(place) is int for place in index.values()):
            raise PartError(part, index)
        if len(index) != size or sorted(index.values()) != list(range(size)):
            raise PartError(part, index)
        index = sorted(index, key=index.__getitem__)
    if not isinstance(index, list) or len(index) != size or not all(map(_is_text, index)):
        raise PartError(part, index)
    if len(set(index)) != len(index):
        raise PartError(part, index)
    return tuple(index)


def values_of(values: object, n_cells: int) -> tuple[float | int | None, ...]:
    """Return the values, dense; those that a sparse object leaves out are missing."""
    dense = _dense(values, n_cells, "value")
    for place, value in enumerate(dense, start=1):
        if value is not None and not _is_number(value):
            raise PartError("value", value, "INN-C23", place=place)
    return tuple(dense)


def _is_number(value: object) -> bool:
    return (type(value) is float and math.isfinite(value)) or (type(value) is int and abs(value) <= _LARGEST)


def status_of(status: object, n_cells: int) -> tuple[str, ...]:
    """Return the status symbol of every value: given one by one, for some, or one for all."""
    if status is None or isinstance(status, str):
        status = [status] * n_cells
    dense = _dense(status, n_cells, "status")
    if wrong := [sign for sign in dense if sign is not None and not _is_text(sign)]:
        raise PartError("status", wrong[0])
    return tuple(sign or "" for sign in dense)


def _dense(items: object, n_cells: int, part: str) -> list[Any]:
    if isinstance(items, dict):
        return _filled(items, n_cells, part)
    if not isinstance(items, list):
        raise PartError(part, items)
    if len(items) != n_cells:
        raise PartError(part, len(items), "INN-C25", n_found=len(items), n_expected=n_cells)
    return items


def _filled(sparse: Mapping[str, Any], n_cells: int, part: str) -> list[Any]:
    dense: list[Any] = [None] * n_cells
    for place, item in sparse.items():
        if not place.isascii() or not place.isdigit() or len(place) > 1 + len(str(n_cells)) or int(place) >= n_cells:
            raise PartError(part, place)
        dense[int(place)] = item
    return dense
