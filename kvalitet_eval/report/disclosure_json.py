"""Read JSON: results, notebooks and Plotly figures, with their packed arrays, embedded pages and pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kvalitet_eval.report.disclosure_arrays import arrays_of, grids_of, is_packed, restated, unpack
from kvalitet_eval.report.disclosure_encoded import of_base64
from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, as_text, joined, plain
from kvalitet_eval.report.disclosure_tables import Lines

Found = Iterator[Seen | Problem]
Content = Callable[[str, Walk], Found]
_BASE64_LINES = re.compile(r"(?:[A-Za-z0-9+/]{60,}\n)+[A-Za-z0-9+/]+={0,2}\s*")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST_ROW = 60
_LARGEST_EXACT = 2**53
_MANY_ROWS = re.compile(r"[\])}],\s*[\[({]")
_MIME = re.compile(r"(?:application|audio|font|image|video)/[\w.+-]+$")
_MIME_OF_TEXT = re.compile(r"json|xml|javascript|latex|widget")
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
        value = json.loads(text, object_pairs_hook=every)
    except (ValueError, RecursionError):
        return None
    return lambda place, walk: walk_value(value, place, walk)


def every(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object with all its items: a key that comes again does not hide what stood under it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        found = {}
        for name, item in pairs:
            found[f"{name} {len(found)}" if name in found else name] = item
    return found


def read_json_lines(text: str) -> Content | None:
    """Return a reader of one JSON text per line; None when a line is none."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        values = [json.loads(line, object_pairs_hook=every) for line in lines]
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
        case dict() if is_packed(value):
            yield from _array(value, place, walk, around)
        case dict():
            yield from _object(value, place, walk, around.wide)
        case list() if value and all(isinstance(item, str) for item in value) and _is_broken_text(value):
            yield from _text("".join(value), place, walk, around)
        case [str() as only]:
            yield from _text(only, f"{place}/0", walk, around)
        case list():
            yield from _list(value, place, walk, around)
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
    yield from _list(numbers, place, walk, around)


def _object(value: dict[str, Any], place: str, walk: Walk, wide: str) -> Found:
    over = joined([wide, *titles(value)])
    grids, headings = grids_of(value), _column_headings(value)
    tables = {name for name, item in value.items() if headings and _is_table(item, len(headings))}
    aligned = _aligned(value, grids | tables | ({"columns"} if tables else set()))
    near = joined(item for name, item in value.items() if not isinstance(item, dict | list) and "/" not in name)
    for name, item in value.items():
        inner = f"{place}/{name}"
        yield Seen(f"{inner}/@", str(name))
        if name in aligned:
            for index, element in enumerate(aligned[name]):
                beside = joined([near, *(text for values in aligned.values() for text in _row_texts(values[index]))])
                yield from _element(element, f"{inner}/{index}", walk, Around(str(name), beside, over))
        elif name in tables:
            for index, row in enumerate(item):
                yield from _row(row, f"{inner}/{index}", walk, headings, over)
        elif isinstance(item, str) and (_is_file(name) or _is_buffer(name, value)) and (data := of_base64(item)):
            yield from walk.nested(data, inner, over)
        elif name not in grids:
            beside = near if isinstance(item, dict | list) else joined([name, near])
            yield from walk_value(item, inner, walk, Around(str(name), beside, joined([over, _parent(name, item)])))
    for name, item in restated(value):
        yield from walk_value(item, f"{place}/{name}", walk, Around(wide=over))


def _element(element: Any, place: str, walk: Walk, around: Around) -> Found:
    """One item of an array with what stands at its index, which names the items of a list too."""
    if isinstance(element, list):
        for index, item in enumerate(element):
            yield from _element(item, f"{place}/{index}", walk, around)
    else:
        yield from walk_value(element, place, walk, around)


def _is_file(name: str) -> bool:
    return _MIME.match(name) is not None and _MIME_OF_TEXT.search(name) is None


def _is_buffer(name: str, value: dict[str, Any]) -> bool:
    return name == "data" and value.get("encoding") == "base64"


def _parent(name: str, item: Any) -> str:
    """The key of an object is a name of what is in it; that of an array is given to its items as their own."""
    return name if isinstance(item, dict) else ""


def _aligned(value: dict[str, Any], apart: set[str]) -> dict[str, list[Any]]:
    """Arrays of one length that stand side by side, as in a trace: what belongs together has the same index."""
    arrays = {name: found for name, found in arrays_of(value).items() if name not in apart}
    levels = {name: found for name, found in arrays.items() if name in ("x", "y") and isinstance(found[0], list)}
    flat = {
        name: found
        for name, found in arrays.items()
        if name not in levels and not _is_broken_text([str(item) for item in found[:50]])
    }
    flat |= {f"{name} {number}": row for name, rows in levels.items() for number, row in enumerate(rows) if row}
    lengths = [len(found) for found in flat.values() if isinstance(found, list)]
    common = max(set(lengths), key=lengths.count, default=0)
    same = {name: found for name, found in flat.items() if isinstance(found, list) and len(found) == common}
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


def _is_table(rows: Any, length: int) -> bool:
    return isinstance(rows, list) and all(isinstance(row, list) and len(row) == length for row in rows)


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


def _list(value: list[Any], place: str, walk: Walk, around: Around) -> Found:
    """The items of a list with what stands in its object, and in a short one with each other."""
    items = [text for item in value for text in _row_texts(item)] if len(value) <= _LONGEST_ROW else []
    beside = joined([around.near, *items])
    for index, item in enumerate(value):
        yield from walk_value(item, f"{place}/{index}", walk, replace(around, near=beside))


def titles(value: Any, depth: int = 3) -> Iterator[str]:
    """Texts of an object and of the objects in it, without its lists: titles, names and units."""
    for name, item in value.items():
        if isinstance(item, str) and len(item) <= 1_000 and "/" not in name:
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
    shown = [line for line in text.splitlines() if line.strip()]
    if len(shown) > 1 or _MANY_ROWS.search(text):
        lines = Lines(joined([around.wide, near]))
        for line in shown:
            yield from (replace(seen, key=seen.key or around.key) for seen in lines.read(line, place))
    elif shown:
        beside = near if plain(shown[0]) in plain(near) else joined([shown[0], near])
        yield Seen(place, shown[0], around.key, beside, around.wide)
