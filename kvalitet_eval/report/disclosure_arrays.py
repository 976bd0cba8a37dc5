"""Arrays in figures: unpacked, and set beside what names their numbers, as a drawing library will set them.

A trace keeps what belongs together apart: the numbers of a heat map in one array, its rows and columns in two others;
the sizes of points within their marker; what a button or a frame puts in place of them somewhere else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from kvalitet_eval.report.disclosure_seen import as_text, joined

Trace = dict[str, Any]
_MOST_CELLS = 500_000
_DEEPEST = 4


def is_packed(value: Mapping[str, Any]) -> bool:
    """Whether an object is an array of numbers, packed as Plotly or Bokeh does."""
    return {"dtype", "bdata"} <= value.keys() or "__ndarray__" in value or value.get("type") == "ndarray"


def unpack(value: Mapping[str, Any]) -> list[Any] | None:
    """Return the numbers of a packed array, in rows when it has a shape; None when it cannot be unpacked.

    Examples
    --------
    >>> unpack({"dtype": "f8", "bdata": "AAAAAAAACEAAAAAAAAAgQA=="})
    [3.0, 8.0]
    >>> unpack({"dtype": "i1", "bdata": "AQIDBAUG", "shape": "2, 3"})
    [[1, 2, 3], [4, 5, 6]]
    """
    try:
        raw = base64.b64decode(_body(value), validate=True)
        kind = np.dtype(str(value["dtype"])).newbyteorder(">" if value.get("order") == "big" else "<")
        if kind.kind not in "iuf":
            return None
        shape = value.get("shape")
        sizes = [int(size) for size in (shape.split(",") if isinstance(shape, str) else shape or [-1])]
        numbers: list[Any] = np.frombuffer(raw, kind).reshape(sizes).tolist()
    except (binascii.Error, KeyError, TypeError, ValueError):
        return None
    return numbers


def _body(value: Mapping[str, Any]) -> str:
    body: Any = value.get("bdata", value.get("__ndarray__", value.get("array")))
    while isinstance(body, dict):
        body = body.get("data")
    return str(body)


def array_of(item: Any) -> list[Any] | None:
    """Return a list, or the numbers of a packed array; None for anything else."""
    if isinstance(item, dict):
        return unpack(item) if is_packed(item) else None
    return item if isinstance(item, list) else None


def arrays_of(value: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the arrays of an object that are not empty."""
    return {name: found for name, item in value.items() if (found := array_of(item))}


def grids_of(value: Trace) -> set[str]:
    """Return the names of the arrays of a heat map that have its rows and columns; :func:`restated` reads them."""
    shape = _shape(array_of(value.get("z")) or [])
    if shape is None or not any(_axes(value, shape)):
        return set()
    return {name for name, found in arrays_of(value).items() if _shape(found) == shape}


def restated(value: Trace) -> Iterator[tuple[str, Trace]]:
    """Yield objects, each with where it comes from, in which numbers stand at the index of what names them.

    Parameters
    ----------
    value : dict
        Any object; most have nothing to restate.
    """
    if isinstance(value.get("data"), list) and any(name in value for name in ("layout", "frames")):
        yield from _of_figure(value)
    if isinstance(value.get("data"), list) and isinstance(value.get("index"), list):
        yield "data", _indexed(value)
    if grids := grids_of(value):
        yield "z", _flat(value, grids)
    if any(isinstance(item, dict) for item in value.values()):
        yield from _of_parts(value)
    dimensions = value.get("dimensions")
    if isinstance(dimensions, list) and all(isinstance(item, dict) for item in dimensions):
        values = {
            f"{item.get('label', '')} {number}": array_of(item.get("values")) for number, item in enumerate(dimensions)
        }
        yield "dimensions", {name: found for name, found in values.items() if found}


def _shape(rows: Sequence[Any]) -> tuple[int, int] | None:
    lengths = {len(row) if isinstance(row, list) else -1 for row in rows}
    return (len(rows), lengths.pop()) if len(lengths) == 1 and min(lengths) > 0 else None


def _axes(value: Trace, shape: tuple[int, int]) -> tuple[list[Any], list[Any]]:
    """Names of the rows and of the columns of a heat map; empty where there are none."""
    across, down = (array_of(value.get(name)) or [] for name in ("x", "y"))
    if value.get("transpose") or (len(across), len(down)) == shape != (len(down), len(across)):
        across, down = down, across
    return (down if len(down) == shape[0] else []), (across if len(across) == shape[1] else [])


def _flat(value: Trace, grids: set[str]) -> Trace:
    shape = _shape(array_of(value["z"]) or []) or (0, 0)
    if shape[0] * shape[1] > _MOST_CELLS:
        return {}
    down, across = _axes(value, shape)
    flat = {name: item for name, item in value.items() if not isinstance(item, dict | list)}
    if down:
        flat["row"] = [named for named in down for _ in range(shape[1])]
    if across:
        flat["column"] = list(across) * shape[0]
    for name in grids:
        flat[name] = [cell for row in array_of(value[name]) or [] for cell in row]
    return flat


def _of_parts(value: Trace) -> Iterator[tuple[str, Trace]]:
    """A trace with what its parts keep for each point; the flows of a network; a table by rows."""
    flat = {name: found for name, found in arrays_of(value).items() if not isinstance(found[0], dict)}
    lengths = [len(found) for found in flat.values()]
    length = max(lengths, key=lengths.count, default=0)
    inner = {name: found for name, found in _inner(value, _DEEPEST) if len(found) == length}
    if inner:
        beside = {name: item for name, item in value.items() if not isinstance(item, dict | list)}
        yield "*", beside | {name: found for name, found in flat.items() if len(found) == length} | inner
    node, link = value.get("node"), value.get("link")
    if isinstance(node, dict) and isinstance(link, dict):
        yield "link", _flows(array_of(node.get("label")) or [], link)
    header, cells = value.get("header"), value.get("cells")
    if isinstance(cells, dict) and isinstance(cells.get("values"), list):
        yield "cells", _table(header.get("values") if isinstance(header, dict) else None, cells["values"])


def _inner(value: Trace, depth: int, prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    for name, item in value.items():
        if isinstance(item, dict) and not is_packed(item) and depth:
            yield from _inner(item, depth - 1, f"{prefix}{name}.")
        elif prefix and (found := array_of(item)) and not isinstance(found[0], dict):
            yield f"{prefix}{name}", found


def _flows(labels: list[Any], link: Trace) -> Trace:
    named = {}
    for end in ("source", "target"):
        numbers = array_of(link.get(end)) or []
        is_known = all(isinstance(number, int) and 0 <= number < len(labels) for number in numbers)
        named[f"{end} label"] = [labels[number] for number in numbers] if is_known else []
    return {name: found for name, found in (arrays_of(link) | named).items() if found}


def _table(header: Any, columns: list[Any]) -> Trace:
    names = [joined(item) if isinstance(item, list) else as_text(item) for item in array_of(header) or []]
    found = [array_of(column) or [column] for column in columns]
    rows = [list(row) for row in zip_longest(*found)]
    return {"columns": [*names, *[""] * len(found)][: len(found)], "rows": rows}


def _indexed(value: Trace) -> Trace:
    """A table whose rows are named in an array of their own."""
    names = [joined(item) if isinstance(item, list) else item for item in array_of(value.get("columns")) or []]
    rows = [
        [joined(name) if isinstance(name, list) else name, *(row if isinstance(row, list) else [row])]
        for name, row in zip(value["index"], value["data"], strict=False)
    ]
    return {"columns": ["index", *(names or [value.get("name")])], "rows": rows}


def _of_figure(figure: Trace) -> Iterator[tuple[str, Trace]]:
    """Traces as buttons and frames change them, and with the words that stand on their axes."""
    traces = [trace if isinstance(trace, dict) else {} for trace in figure["data"]]
    layout = figure.get("layout") if isinstance(figure.get("layout"), dict) else {}
    for number, trace in enumerate(traces):
        if ticks := _ticks(trace, layout):
            yield f"data/{number}", trace | ticks
    for number, frame in enumerate(_objects(figure.get("frames"))):
        changes = _objects(frame.get("data"))
        at = array_of(frame.get("traces")) or range(len(changes))
        for index, change in zip(at, changes, strict=False):
            if isinstance(index, int) and index < len(traces):
                yield f"frames/{number}", traces[index] | change | {"frame": frame.get("name")}
    for place, button in _buttons(layout):
        yield from _pressed(place, button, traces)


def _ticks(trace: Trace, layout: Trace) -> Trace:
    """Words on the axes at the index of the points they stand at."""
    found = {}
    for name in ("x", "y"):
        axis = layout.get(f"{name}axis{str(trace.get(f'{name}axis', ''))[1:]}")
        values, texts = (
            (array_of(axis.get(key)) or [] for key in ("tickvals", "ticktext")) if isinstance(axis, dict) else ([], [])
        )
        words = {as_text(value): text for value, text in zip(values, texts, strict=False)}
        points = array_of(trace.get(name)) or []
        if words and any(as_text(point) in words for point in points):
            found[f"{name} text"] = [words.get(as_text(point), "") for point in points]
    return found


def _buttons(layout: Trace) -> Iterator[tuple[str, Trace]]:
    for menu, inner in (("updatemenus", "buttons"), ("sliders", "steps")):
        for number, item in enumerate(_objects(layout.get(menu))):
            for button in _objects(item.get(inner)):
                yield f"layout/{menu}/{number}", button


def _objects(items: Any) -> list[Trace]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _pressed(place: str, button: Trace, traces: list[Trace]) -> Iterator[tuple[str, Trace]]:
    for args in (button.get("args"), button.get("args2")):
        changes = args[0] if isinstance(args, list) and args and isinstance(args[0], dict) else {}
        wanted = args[-1] if isinstance(args, list) and args and isinstance(args[-1], list) else range(len(traces))
        for turn, index in enumerate(wanted):
            change = {name: _for_trace(item, turn) for name, item in changes.items()}
            if isinstance(index, int) and index < len(traces) and arrays_of(change):
                yield place, traces[index] | change | {"button": button.get("label")}


def _for_trace(item: Any, turn: int) -> Any:
    """What a change of several traces means for one: the items of a list are given to them in turn."""
    return item[turn % len(item)] if isinstance(item, list) and item else item
