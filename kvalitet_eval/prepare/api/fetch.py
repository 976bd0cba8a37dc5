"""What ``kvalitet fetch`` does: a table or a classification from the net, compared with the last one and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.api.as_layout import LAYOUTS_OF_SOURCE
from kvalitet_eval.prepare.api.client import Answer, ApiClient
from kvalitet_eval.prepare.api.klass import ADDRESS, CHANGE_KEY, CLASSIFICATIONS, CODE_KEY, fetch_changes, fetch_codes
from kvalitet_eval.prepare.api.periods import span
from kvalitet_eval.prepare.api.pxweb import (
    MAX_CELLS,
    TABLES,
    TableDescription,
    describe_table,
    fetch_cells,
    select_periods,
)
from kvalitet_eval.prepare.api.source import Provenance
from kvalitet_eval.prepare.api.store import Download, FetchedTable, Outcome, store
from kvalitet_eval.prepare.layouts.programme import KOSTRA_INDICATORS
from kvalitet_eval.prepare.periods import label

LICENCE = "Not stated in the answers; Statistics Norway's guide to its open APIs says CC BY 4.0."
TABLE_TRAPS = (
    "A cell without a value has the provider's symbol in `status` (such as `:` confidential, `..` missing, `.` not "
    "applicable); none of them is zero.",
    "Codes of regions and of time are those of the table, each region as it was in its time; totals and codes for "
    "unknown places stand among them.",
    "The description under `_metadata.json` has the meaning of all codes, the units and the provider's notes.",
)

NO_LAYOUT = (
    "A dimension, or one of its codes, has no place in the layout `{layout}`, so there is no file in that layout: only "
    "the cells as they came."
)


def _quiet(done: int, total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """One source after a visit.

    Parameters
    ----------
    number, title : str
        The source.
    outcome : Outcome
        What became of the download.
    findings : tuple of Finding
        What is worth knowing.
    not_in_layout : str
        The layout that the source has no place in; empty when it has one, or is no table.
    """

    number: str
    title: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    not_in_layout: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What all fetching needs.

    Parameters
    ----------
    client : ApiClient
        How to ask.
    raw : pathlib.Path
        Folder of the raw data.
    accept : bool
        Let revisions replace what is in use.
    on_progress : callable
        Told the number of answers and of questions of a table.
    max_cells : int
        Cells of one answer.
    now : callable
        The time, UTC.
    """

    client: ApiClient
    raw: Path
    accept: bool = False
    on_progress: Callable[[int, int], None] = _quiet
    max_cells: int = MAX_CELLS
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def fetch_table(
    visit: Visit,
    table: str,
    first: int | None = None,
    last: int | None = None,
    *,
    traps: tuple[str, ...] = (),
    layout: str = KOSTRA_INDICATORS.id,
) -> Fetched:
    """Fetch all cells of a table in a stretch of quarters, and keep them.

    Parameters
    ----------
    visit : Visit
        How and where to.
    table : str
        Number of the table, five digits.
    first, last : int, optional
        Ordinals of quarters; years and months that overlap the stretch are fetched too.
    traps : tuple of str
        What SOURCE.md must say besides ``TABLE_TRAPS``.
    layout : str
        In which layout the cells are also written (``<layout>.csv``), where they have a place in it.

    Raises
    ------
    DataError, UsageError
        Those of :mod:`api_client`, :mod:`api_pxweb` and :mod:`api_store`; nothing is written then.
    """
    described = describe_table(visit.client, table)
    selection = select_periods(described, first, last)
    options = {"limit": visit.max_cells, "on_progress": visit.on_progress}
    answers, frame = fetch_cells(visit.client, described, selection, **options)
    placeless = LAYOUTS_OF_SOURCE[layout](described, frame) is None
    asked = {"from": "" if first is None else label(first), "to": "" if last is None else label(last)}
    download = Download(
        source=f"api_ssb_{table}",
        provenance=Provenance(
            title=described.title or table,
            origin=f"Statistics Norway, table {table}, fetched through its open API at {TABLES}/{table}/data.",
            updated=described.updated,
            licence=LICENCE,
            traps=(*traps, *TABLE_TRAPS, *((NO_LAYOUT.format(layout=layout),) if placeless else ())),
        ),
        asked=asked,
        answers=_stems(described, answers),
        tables=(FetchedTable("cells", frame, described.key, _overlaps(described.time, first, last)),),
        derived=lambda tables: _in_layout(described, layout, tables["cells"]),
    )
    outcome = store(visit.raw, download, now=visit.now(), accept=visit.accept)
    missing = _missing_quarters(described, first, last)
    return Fetched(table, described.title, outcome, (*missing, *outcome.findings), layout if placeless else "")


def fetch_classification(visit: Visit, number: str) -> Fetched:
    """Fetch the codes and changes of a classification, and keep them; errors as for :func:`fetch_table`."""
    codes_answer, codes = fetch_codes(visit.client, number)
    changes_answer, changes = fetch_changes(visit.client, number)
    title = f"Classification {number}: {CLASSIFICATIONS[number]}"
    download = Download(
        source=f"api_klass_{number}",
        provenance=Provenance(
            title=title,
            origin=f"Statistics Norway, KLASS, fetched through its open API at {ADDRESS}/{number}.",
            updated="",
            licence=LICENCE,
            traps=(
                "Codes are text; a spreadsheet takes the leading zero away.",
                "A changed name alone gives a row of changes with the same code twice.",
                "Codes for unknown places (9999 and others that end in 99) are not municipalities.",
            ),
        ),
        asked={"from": "", "to": ""},
        answers={"codes": (codes_answer, len(codes)), "changes": (changes_answer, len(changes))},
        tables=(FetchedTable("codes", codes, CODE_KEY), FetchedTable("changes", changes, CHANGE_KEY)),
    )
    outcome = store(visit.raw, download, now=visit.now(), accept=visit.accept)
    return Fetched(number, title, outcome, outcome.findings)


def _in_layout(described: TableDescription, layout: str, cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rows = LAYOUTS_OF_SOURCE[layout](described, cells)
    return {} if rows is None else {layout: rows}


def _stems(described: TableDescription, answers: tuple[tuple[Answer, int], ...]) -> dict[str, tuple[Answer, int]]:
    n_codes = sum(len(codes) for codes in described.codes.values())
    parts = {f"part_{number:03d}": part for number, part in enumerate(answers, start=1)}
    return {"metadata": (described.answer, n_codes), **parts}


def _overlaps(time: str, first: int | None, last: int | None) -> Callable[[pd.DataFrame], np.ndarray]:
    """Return the test whether a row of an earlier download lies in the stretch that is asked for now."""

    def mask(rows: pd.DataFrame) -> np.ndarray:
        asked = {}
        for code in rows[time].unique():
            low, high = span(code) or (first or 0, first or 0)
            asked[code] = (last is None or low <= last) and (first is None or high >= first)
        return rows[time].map(asked).to_numpy(dtype=bool)

    return mask


def _missing_quarters(described: TableDescription, first: int | None, last: int | None) -> tuple[Finding, ...]:
    """Tell which quarters of the stretch no code of the table covers."""
    if first is None or last is None:
        return ()
    covered = set()
    for low, high in filter(None, map(span, described.codes[described.time])):
        covered.update(range(low, high + 1))
    missing = [label(quarter).replace("Q", "K") for quarter in range(first, last + 1) if quarter not in covered]
    if not missing:
        return ()
    place = {"file": described.answer.address, "column": described.time}
    shown = missing[0] if len(missing) == 1 else f"{missing[0]}–{missing[-1]}"
    return (finding("API-17", severity="warning", found=shown, n=len(missing), number=described.table, **place),)
