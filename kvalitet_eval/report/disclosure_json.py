"""Read JSON: results, notebooks and Plotly figures, with their packed arrays, embedded pages and pictures."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kvalitet_eval.report.disclosure_encoded import of_base64
from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, as_text, joined, plain

Found = Iterator[Seen | Problem]
Content = Callable[[str, Walk], Found]
_BASE64_LINES = re.compile(r"(?:[A-Za-z0-9+/]{60,}\n)+[A-Za-z0-9+/]+={0,2}\s*")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST_ROW = 60
_LARGEST_EXACT = 2**53
_HEADINGS = ("label", "heading", "title", "name", "text", "key")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a value; fields as for ``Seen``."""

    key: str = ""
    near: str = ""
    wide: str = ""


NOTHING = Around()


def read_json(text: str) -> Content | None:
    """Return a reader of a JSON text; None when it is not one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return lambda place, walk: walk_value(value, place, walk)


def read_json_lines(text: str) -> Content | None:
    """Return a reader of one JSON text per line; None when a line is none."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        values = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None

    def read(place: str, walk: Walk) -> Found:
        for number, value in enumerate(values, start=1):
            yield from walk_value(value, f"{place}/{number}", walk)

    return read


def walk_value(value: Any, place: str, walk: Walk, around: Around = NOTHING) -> Found:
    """Yield every text, number and key of a value; one in an array is read with what stands at the same index.

    Parameters
    ----------
    value : object
        As ``json.loads`` gives it.
    place : str
        Where it stands.
    around : Around
        What stands around it.
    """
    match value:
        case dict() if {"dtype", "bdata"} <= value.keys():
            yield from _array(value, place, walk, around)
        case dict():
            yield from _object(value, place, walk, around.wide)
        case list() if value and all(isinstance(item, str) for item in value) and _is_broken_text(value):
            yield from _text("".join(value), place, walk, around)
        case list():
            yield from _list(value, place, walk, around.key, around.wide)
        case str():
            yield from _text(value, place, walk, around)
        case bool() | None:
            return
        case int() if abs(value) > _LARGEST_EXACT:
            yield Seen(place, str(value), around.key, around.near, around.wide)
        case int() | float():
            yield Seen(place, float(value), around.key, around.near, around.wide)


def _is_broken_text(lines: list[str]) -> bool:
    """Whether a list is one text cut at its line ends, as notebooks store it."""
    return len(lines) > 1 and all(line.endswith("\n") for line in lines[:-1])


def _array(value: dict[str, Any], place: str, walk: Walk, around: Around) -> Found:
    numbers = unpack(value)
    if numbers is None:
        yield Problem(place, "SIK-07", f"bdata {value.get('dtype')}")
        yield from _object(value, place, walk, around.wide)
        return
    yield from _list(numbers, place, walk, around.key, joined([around.near, around.wide]))


def unpack(value: dict[str, Any]) -> list[Any] | None:
    """Return the numbers of a packed array in order; None when it cannot be unpacked.

    Examples
    --------
    >>> unpack({"dtype": "f8", "bdata": "AAAAAAAACEAAAAAAAAAgQA=="})
    [3.0, 8.0]
    """
    try:
        raw = base64.b64decode(value["bdata"], validate=True)
        kind = np.dtype(str(value["dtype"])).newbyteorder("<")
        return np.frombuffer(raw, kind).tolist() if kind.kind in "iuf" else None
    except (binascii.Error, TypeError, ValueError):
        return None


def _object(value: dict[str, Any], place: str, walk: Walk, wide: str) -> Found:
    over = joined([wide, *titles(value)])
    aligned, near = _aligned(value), joined(item for item in value.values() if not isinstance(item, dict | list))
    headings = _column_headings(value)
    for name, item in value.items():
        inner = f"{place}/{name}"
        yield Seen(f"{inner}/@", str(name))
        if name in aligned:
            for index, element in enumerate(aligned[name]):
                beside = joined([near, *(text for values in aligned.values() for text in _row_texts(values[index]))])
                yield from walk_value(element, f"{inner}/{index}", walk, Around(str(name), beside, over))
        elif headings and isinstance(item, list) and all(_is_row(row, len(headings)) for row in item):
            for index, row in enumerate(item):
                yield from _row(row, f"{inner}/{index}", walk, headings, over)
        else:
            yield from walk_value(item, inner, walk, Around(str(name), near, over))


def _aligned(value: dict[str, Any]) -> dict[str, list[Any]]:
    """Arrays of one length that stand side by side, as in a trace: what belongs together has the same index."""
    arrays = {
        name: found
        for name, item in value.items()
        if (found := unpack(item) if isinstance(item, dict) and "bdata" in item else item) and isinstance(found, list)
    }
    flat = {name: found for name, found in arrays.items() if not _is_broken_text([str(item) for item in found[:50]])}
    lengths = [len(found) for found in flat.values()]
    common = max(set(lengths), key=lengths.count, default=0)
    same = {name: found for name, found in flat.items() if len(found) == common}
    is_table = any(isinstance(item, dict) for found in same.values() for item in found[:1])
    return {} if len(same) < 2 or is_table else same


def _column_headings(value: dict[str, Any]) -> list[str]:
    """Headings of the rows in the same object; empty when there are none."""
    columns = value.get("columns")
    if not isinstance(columns, list):
        return []
    return [
        next((str(column[name]) for name in _HEADINGS if column.get(name)), "")
        if isinstance(column, dict)
        else as_text(column)
        for column in columns
    ]


def _is_row(row: Any, length: int) -> bool:
    return isinstance(row, list) and len(row) == length


def _row(row: list[Any], place: str, walk: Walk, headings: list[str], wide: str) -> Found:
    beside = joined(text for cell in row for text in _row_texts(cell))
    for index, (cell, heading) in enumerate(zip(row, headings, strict=True)):
        around = Around(heading, beside, wide)
        if isinstance(cell, dict):
            for name, item in cell.items():
                yield from walk_value(item, f"{place}/{index}/{name}", walk, around)
        else:
            yield from walk_value(cell, f"{place}/{index}", walk, around)


def _row_texts(cell: Any) -> list[Any]:
    if isinstance(cell, dict):
        return list(cell.values())
    return cell if isinstance(cell, list) else [cell]


def _list(value: list[Any], place: str, walk: Walk, key: str, wide: str) -> Found:
    beside = joined(text for item in value for text in _row_texts(item)) if len(value) <= _LONGEST_ROW else ""
    for index, item in enumerate(value):
        yield from walk_value(item, f"{place}/{index}", walk, Around(key, beside, wide))


def titles(value: Any, depth: int = 3) -> Iterator[str]:
    """Texts of an object and of the objects in it, without its lists: titles, names and units."""
    for item in value.values():
        if isinstance(item, str) and len(item) <= 1_000:
            yield item
        elif isinstance(item, dict) and depth:
            yield from titles(item, depth - 1)


def _text(value: str, place: str, walk: Walk, around: Around) -> Found:
    """A text: as it stands, and opened when it is a page, a drawing, a picture or JSON in itself."""
    text = _ESCAPES.sub("", value)
    near, start = around.near, text.lstrip()[:1]
    if (start == "<" and ">" in text) or (start in ("{", "[") and '"' in text):
        yield from walk.nested(text.encode("utf-8", "replace"), f"{place}/0", joined([near, around.wide]))
        return
    data = of_base64(text) if _BASE64_LINES.fullmatch(text) else None
    if data is not None:
        yield from walk.nested(data, f"{place}/base64", joined([near, around.wide]))
        return
    for line in text.splitlines() or [""]:
        if line.strip():
            beside = near if plain(line) in plain(near) else joined([line, near])
            yield Seen(place, line, around.key, beside, around.wide)
