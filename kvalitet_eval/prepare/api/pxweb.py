"""Tables of Statistics Norway through PxWebApi v2: what a table holds, and its cells in as many questions as it takes.

The provider answers at most 800 000 cells a time and 30 questions a minute; addresses may have about 2 100 characters.
A question is made from the table's own description, never from codes known beforehand, and an answer that does not hold
exactly the cells that were asked for is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, UsageError, finding
from kvalitet_eval.prepare.api.client import Answer, ApiClient, Subject
from kvalitet_eval.prepare.api.periods import span
from kvalitet_eval.prepare.files.json_stat import SYMBOLS, Dataset, parse

TABLES = "https://data.ssb.no/api/pxwebapi/v2/tables"
PAGE = "https://www.ssb.no/statbank/table/{table}"
MAX_CELLS = 800_000
MAX_ADDRESS = 2_000
VALUE_COLUMNS = ("value", "status")
_TABLE = re.compile(r"[0-9]{5}")
_LISTED = 5  # codes that a message names
Selection = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TableDescription:
    """What a table holds.

    Parameters
    ----------
    table, title, updated
        Its number, its name in Norwegian, and when the provider last changed it (as the provider writes it).
    codes : mapping of str to tuple of str
        Every dimension's codes, in the table's order.
    labels : mapping of str to mapping of str to str
        What the codes mean.
    time : str
        Which dimension is time.
    answer : Answer
        The description as it came.
    """

    table: str
    title: str
    updated: str
    codes: Selection
    labels: Mapping[str, Mapping[str, str]]
    time: str
    answer: Answer
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name one cell."""
        return tuple(self.codes)


def subject_of(table: str) -> Subject:
    """Return the subject of a table's number.

    Raises
    ------
    UsageError
        API-30: the number is not five digits.
    """
    if not _TABLE.fullmatch(table):
        raise UsageError.of("API-30", found=table)
    return Subject(table, PAGE.format(table=table))


def describe_table(client: ApiClient, table: str) -> TableDescription:
    """Ask what a table holds.

    Raises
    ------
    DataError
        The errors of :meth:`ApiClient.ask`; API-09 when the description is not one of a table.
    """
    answer = client.ask(f"{TABLES}/{table}/metadata", subject_of(table), {"lang": "no", "outputFormat": "json-stat2"})
    said = json.loads(answer.content)
    try:
        codes = {name: _codes(said["dimension"][name]["category"]) for name in said["id"]}
        labels = {name: dict(said["dimension"][name]["category"].get("label", {})) for name in codes}
        units = {
            code: str(unit["base"])
            for name in codes
            for code, unit in said["dimension"][name]["category"].get("unit", {}).items()
            if unit.get("base")
        }
        time = said["role"]["time"][0]
        if time not in codes or not all(codes.values()):
            raise ValueError(time)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise DataError.of("API-09", file=answer.address, found=_begin(answer), number=table) from error
    return TableDescription(
        table=table,
        title=str(said.get("label", "")),
        updated=str(said.get("updated", "")),
        codes=MappingProxyType(codes),
        labels=MappingProxyType(labels),
        time=time,
        answer=answer,
        units=MappingProxyType(units),
    )


def select_periods(described: TableDescription, first: int | None, last: int | None) -> Selection:
    """Return the whole table cut to the periods that lie in, or overlap, a stretch of quarters.

    Parameters
    ----------
    first, last : int, optional
        Ordinals of quarters (``periods.ordinal``); missing for no bound.

    Raises
    ------
    DataError
        API-16: a code of the time dimension is in no known spelling. API-15: the table has none of the periods.
    """
    place = {"file": described.answer.address, "column": described.time, "number": described.table}
    spans = {code: span(code) for code in described.codes[described.time]}
    if unknown := [code for code, found in spans.items() if found is None]:
        raise DataError([finding("API-16", found=code, **place) for code in unknown])
    low, high = -math.inf if first is None else first, math.inf if last is None else last
    kept = tuple(code for code, found in spans.items() if found and found[0] <= high and found[1] >= low)
    if not kept:
        codes = described.codes[described.time]
        raise DataError.of("API-15", found=f"{codes[0]}–{codes[-1]}", **place)
    return {**described.codes, described.time: kept}


def n_cells(selection: Selection) -> int:
    """Return how many cells a selection has."""
    return math.prod(len(codes) for codes in selection.values())


def split(selection: Selection, time: str, limit: int = MAX_CELLS) -> Iterator[Selection]:
    """Yield selections of at most ``limit`` cells that together are the whole, in order, none twice.

    Time is split first, so that a part is a stretch of time as long as it can be; then the longest dimension.

    Examples
    --------
    >>> [part["Tid"] for part in split({"Region": ("a", "b"), "Tid": ("1", "2", "3")}, "Tid", limit=4)]
    [('1', '2'), ('3',)]
    """
    cells = n_cells(selection)
    if cells <= limit:
        yield selection
        return
    name = time if len(selection[time]) > 1 else max(selection, key=lambda each: len(selection[each]))
    codes = selection[name]
    size = max(1, len(codes) * limit // cells)
    for start in range(0, len(codes), size):
        yield from split({**selection, name: codes[start : start + size]}, time, limit)


def fetch_cells(
    client: ApiClient,
    described: TableDescription,
    selection: Selection,
    *,
    limit: int = MAX_CELLS,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[tuple[tuple[Answer, int], ...], pd.DataFrame]:
    """Ask for the cells of a selection.

    Returns
    -------
    tuple of (Answer, int)
        The answers as they came, each with its number of cells.
    pandas.DataFrame
        One row per cell, all text, in the columns that ``json_stat.read_json_stat`` gives without the labels: the codes
        of every dimension (the column has the dimension's name), ``value`` (a number in shortest form, or the symbol
        that stands for a missing one, or empty) and ``status`` (the symbol as published, or empty).

    Raises
    ------
    DataError
        The errors of :meth:`ApiClient.ask`; API-14 when an answer does not hold the cells that were asked for.
    """
    parts = list(split(selection, described.time, limit))
    answers, frames = [], []
    for number, part in enumerate(parts, start=1):
        answer = _ask_cells(client, described, part)
        frames.append(read_cells(answer.content, part, answer.address))
        answers.append((answer, len(frames[-1])))
        on_progress(number, len(parts))
    return tuple(answers), pd.concat(frames, ignore_index=True)


def read_cells(content: bytes, selection: Selection, address: str) -> pd.DataFrame:
    """Return the cells of one answer as :func:`fetch_cells` does; parameters and errors as there."""
    dataset = parse(content, file=address)
    if faults := list(_differences(dataset, selection, address)):
        raise DataError(faults)
    codes = {name: tuple(dimension.codes) for name, dimension in dataset.dimensions.items()}
    index = pd.MultiIndex.from_product(list(codes.values()), names=list(codes))
    frame = index.to_frame(index=False).astype("str")
    shown = [_shown(*cell) for cell in zip(dataset.values, dataset.status, strict=True)]
    frame["value"] = pd.Series(shown, dtype="str")
    frame["status"] = pd.Series(dataset.status, dtype="str")
    return frame[[*selection, *VALUE_COLUMNS]]


def _shown(value: float | None, symbol: str) -> str:
    if value is None:
        return symbol if symbol in SYMBOLS else ""
    return repr(value).removesuffix(".0")


def _ask_cells(client: ApiClient, described: TableDescription, part: Selection) -> Answer:
    """Ask by address where it is short enough to hold the codes, otherwise by a body with the same meaning."""
    address, subject = f"{TABLES}/{described.table}/data", subject_of(described.table)
    form = {"lang": "no", "outputFormat": "json-stat2"}
    asked = {name: ("*",) if codes == described.codes[name] else codes for name, codes in part.items()}
    by_address = {**form, **{f"valueCodes[{name}]": ",".join(codes) for name, codes in asked.items()}}
    is_plain = all(re.fullmatch(r"[\w+*.-]+", code) for codes in asked.values() for code in codes)
    if is_plain and len(str(httpx.URL(address, params=by_address))) <= MAX_ADDRESS:
        return client.ask(address, subject, by_address)
    body: dict[str, Any] = {
        "selection": [{"variableCode": name, "valueCodes": list(codes)} for name, codes in asked.items()]
    }
    return client.ask(address, subject, form, body)


def _differences(dataset: Dataset, selection: Selection, address: str) -> Iterator[Finding]:
    there = {name: tuple(dimension.codes) for name, dimension in dataset.dimensions.items()}
    for name in [*selection, *(each for each in there if each not in selection)]:
        wanted, found = selection.get(name), there.get(name)
        if wanted is None or found is None or sorted(wanted) != sorted(found):
            missing = _list(wanted, found)
            extra = _list(found, wanted)
            yield finding("API-14", file=address, column=name, found=extra or "-", missing=missing or "-")


def _list(codes: Sequence[str] | None, without: Sequence[str] | None) -> str:
    rest = [code for code in codes or () if code not in set(without or ())]
    return ", ".join(rest[:_LISTED]) + (" …" if len(rest) > _LISTED else "")


def _codes(category: Mapping[str, Any]) -> tuple[str, ...]:
    """Return codes in order; JSON-stat gives them as a list, as code to position, or, for a single one, as a label."""
    index = category.get("index", list(category.get("label", {})))
    codes = tuple(sorted(index, key=index.__getitem__)) if isinstance(index, dict) else tuple(index)
    if not all(isinstance(code, str) for code in codes):
        raise TypeError(codes)
    return codes


def _begin(answer: Answer) -> str:
    return answer.content[:160].decode("utf-8", "replace")
