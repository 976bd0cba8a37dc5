"""From what the gate withheld in a run to what the scanner looks for: codes get the names that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kvalitet_eval.publish.audit import WithheldValue
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed

_NAMES_ITSELF = re.compile(r"\d{4}(?:Q[1-4])?")


def record_of(
    values: Iterable[WithheldValue],
    spellings: Mapping[str, Sequence[str]],
    *,
    canaries: Iterable[str] = (),
    places: Iterable[Path] = (),
) -> DisclosureRecord:
    """Return the record of some withheld values.

    Parameters
    ----------
    values : iterable of WithheldValue
        Those that the source itself withheld have no number and are left out.
    spellings : mapping of str to sequence of str
        What a code or a column is called for readers, in all languages: ``{"1719": ("Levanger",)}``. A code or a column
        without an entry names no cell, unless it is a municipality number, a year or a quarter: a name that is on no
        page would otherwise hide every leak of its cell.
    canaries : iterable of str
        Texts and numbers planted in raw data.
    places : iterable of pathlib.Path
        Folders of this machine.
    """
    suppressed = tuple(
        Suppressed(item.output, tuple(_labels(item, spellings)), item.value)
        for item in values
        if item.value is not None
    )
    return DisclosureRecord(suppressed, tuple(canaries), places=tuple(str(place.resolve()) for place in places))


def _labels(item: WithheldValue, spellings: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for code in (*item.key.values(), item.column):
        if code in spellings or _NAMES_ITSELF.fullmatch(code):
            yield (code, *spellings.get(code, ()))
