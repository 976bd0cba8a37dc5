"""JSON-stat 2 datasets: from bytes to dimensions, values and status symbols, and from there to rows of text.

Source: the JSON-stat format, version 2.0 (json-stat.org/format), responses of class ``dataset``.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kvalitet_eval.errors import DataError, Finding, finding, system_reason
from kvalitet_eval.prepare.files.cell_text import number_text
from kvalitet_eval.prepare.files.json_stat_parts import (
    Dimension,
    PartError,
    dimension_of,
    notes_of,
    roles_of,
    shape_of,
    status_of,
    text_of,
    values_of,
)
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow

MOST_CELLS = 5_000_000
"""More than six times what one answer of Statistics Norway may hold."""
MOST_BYTES = 256 * 2**20
_SHOWN = 120  # characters of a faulty part that a message repeats
SYMBOLS = (".", "..", "...", ":", "-")
"""Statistics Norway's standard signs; one of them stands for a value that is not there."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A JSON-stat dataset.

    Parameters
    ----------
    label, source, updated : str
        As the publisher gives them; empty when not given.
    dimensions : mapping of str to Dimension
        By identifier, in the order of the table; the last one varies fastest in ``values``.
    values : tuple of float, int or None
        One for every combination of categories, row-major; ``None`` is missing.
    status : tuple of str
        Status symbol of each value as published, empty when there is none; same order as ``values``.
    notes : tuple of str
        Notes of the dataset, its dimensions and their categories.
    """

    label: str
    source: str
    updated: str
    dimensions: Mapping[str, Dimension]
    values: tuple[float | int | None, ...]
    status: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimensions", MappingProxyType(dict(self.dimensions)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle through the constructor: a read-only mapping cannot be pickled."""
        fields = (self.label, self.source, self.updated, dict(self.dimensions))
        return Dataset, (*fields, self.values, self.status, self.notes)


def read_json_stat(path: str | Path) -> RawSheet:
    """Read a JSON-stat 2 file as rows of text.

    The first row is the header: for every dimension its identifier (codes) and ``<identifier>_label``, then ``value``
    and ``status``. ``line`` is 1 for the header and 1 + the place of the value in the file for the others. A value
    that is not there but has one of :data:`SYMBOLS` as status is handed on as that symbol; one that is there all the
    same is told (``INN-C32``, a warning).

    Raises
    ------
    DataError
        The file cannot be read, or is not a sound dataset; findings as in :func:`parse`.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError.of("INN-C24", file=path, found=path.stat().st_size, most=MOST_BYTES)
        data = path.read_bytes()
    except OSError as error:
        raise DataError.of(
            "INN-A14", file=path, found=error.strerror or str(error), system=system_reason(error)
        ) from error
    dataset = parse(data, file=path)
    notes = {"label": dataset.label, "source": dataset.source, "updated": dataset.updated}
    return RawSheet(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=None,
        encoding="",
        delimiter="",
        rows=_rows(dataset),
        findings=tuple(_signed_values(dataset, path)),
        notes={"format": "json-stat2", "notes": "\n".join(dataset.notes), **notes},
    )


def parse(data: bytes, *, file: str | Path | None = None) -> Dataset:
    """Parse the bytes of a JSON-stat 2 dataset.

    Parameters
    ----------
    data : bytes
        The document, UTF-8 or another of the encodings of Unicode.
    file : str or Path, optional
        Named in findings.

    Raises
    ------
    DataError
        ``INN-C20`` not JSON (or a name stands twice in an object); ``INN-C21`` JSON, but not a JSON-stat 2 dataset;
        ``INN-C22`` a part of the dataset is missing or wrong; ``INN-C23`` a value is not a number; ``INN-C24`` too
        large; ``INN-C25`` not as many values as the dimensions say.
    """
    document = _document(data, file)
    try:
        return _dataset(document)
    except PartError as fault:
        raise DataError.of(fault.code, file=file, column=fault.part, found=_short(fault.found), **fault.facts) from None


def _document(data: bytes, file: str | Path | None) -> object:
    try:
        text = data.decode(json.detect_encoding(data))
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        found = "..." if isinstance(error, RecursionError) else str(error)
        raise DataError.of("INN-C20", file=file, line=line, found=_short(found)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        seen: set[str] = set()
        raise ValueError(next(name for name, _ in pairs if name in seen or seen.add(name)))
    return names


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


def _short(found: object) -> str:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _dataset(document: object) -> Dataset:
    if not isinstance(document, dict) or document.get("class") != "dataset" or document.get("version") != "2.0":
        found = ", ".join(map(str, document)) if isinstance(document, dict) else type(document).__name__
        raise PartError("class, version", found, "INN-C21")
    sizes = shape_of(document.get("id"), document.get("size"))
    n_cells = math.prod(sizes.values())
    if n_cells > MOST_CELLS:
        raise PartError("size", n_cells, "INN-C24", most=MOST_CELLS)
    described = document.get("dimension")
    if not isinstance(described, dict):
        raise PartError("dimension", described)
    roles = roles_of(document.get("role", {}), tuple(sizes))
    dimensions = {
        name: dimension_of(name, described.get(name), size, roles.get(name, "")) for name, size in sizes.items()
    }
    notes = notes_of({"note": document.get("note", [])}, "")
    for name in sizes:
        notes += notes_of(described[name], f"dimension.{name}.")
    return Dataset(
        label=text_of(document, "label"),
        source=text_of(document, "source"),
        updated=text_of(document, "updated"),
        dimensions=dimensions,
        values=values_of(document.get("value"), n_cells),
        status=status_of(document.get("status"), n_cells),
        notes=tuple(notes),
    )


def _signed_values(dataset: Dataset, path: Path) -> Iterator[Finding]:
    """Tell of values that are there although a sign says that they are not."""
    for sign in SYMBOLS:
        lines = [
            line
            for line, (value, status) in enumerate(zip(dataset.values, dataset.status, strict=True), start=2)
            if status == sign and value is not None and not (sign == "-" and value == 0)
        ]
        if lines:
            where = {"file": path, "line": lines[0], "column": "status", "found": sign}
            value = number_text(dataset.values[lines[0] - 2])
            yield finding("INN-C32", severity="warning", n=len(lines), value=value, **where)


def _rows(dataset: Dataset) -> tuple[TextRow, ...]:
    header = [name for identifier in dataset.dimensions for name in (identifier, f"{identifier}_label")]
    pairs = [tuple(zip(part.codes, part.labels, strict=True)) for part in dataset.dimensions.values()]
    rows = [TextRow(1, (*header, "value", "status"))]
    for line, (place, value, sign) in enumerate(
        zip(itertools.product(*pairs), dataset.values, dataset.status, strict=True), start=2
    ):
        shown = (sign if sign in SYMBOLS else "") if value is None else number_text(value)
        rows.append(TextRow(line, (*itertools.chain.from_iterable(place), shown, sign)))
    return tuple(rows)
