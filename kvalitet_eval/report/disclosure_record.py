"""What must not leave: suppressed values, planted persons and places of this machine; kept apart from the reports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from kvalitet_eval.persons import PERSON_COLUMNS
from kvalitet_eval.prepare.periods import label as quarter_label
from kvalitet_eval.prepare.periods import ordinal
from kvalitet_eval.present.messages import languages
from kvalitet_eval.present.numbers import quarter
from kvalitet_eval.report.disclosure_numbers import MOST_DECIMALS, Reading, reading_of, rounded
from kvalitet_eval.report.disclosure_seen import plain

_NAMES_A_QUARTER = re.compile(
    r"\b\d{4}[\s-]?[QK][1-4]\b|\b[QK][1-4][\s-]?\d{4}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b[1-4]\.\s*(?:kvartal|kv\.?)(?:\s*\d{4})?|\b(?:første|andre|tredje|fjerde)\s+kvartal\s+(?:i\s+)?\d{4}\b"
    r"|\b(?:1st|2nd|3rd|4th|first|second|third|fourth)\s+quarter\s+(?:of\s+)?\d{4}\b",
    re.IGNORECASE,
)
_MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    "|january|february|march|may|june|july|october|december"
)
QUARTER_OR_DATE = re.compile(rf"{_NAMES_A_QUARTER.pattern}|\b\d{{1,2}}\.?\s+(?:{_MONTHS})\s+\d{{4}}\b", re.IGNORECASE)
"""Quarters and days as they are written in bokmål, nynorsk and English: their digits are no figures."""
_QUARTER = re.compile(r"\d{4}Q[1-4]")
_WORDS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One value that the gate took out.

    Parameters
    ----------
    output : str
        Id of the table or figure it was taken from.
    labels : tuple of tuple of str
        What names the cell: one entry per dimension (municipality, period, measure), each with its spellings.
    value : float
        The value in full precision.
    """

    output: str
    labels: tuple[tuple[str, ...], ...]
    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(tuple(dict.fromkeys(_spelled(entry))) for entry in self.labels))

    @property
    def cell(self) -> str:
        """The first spelling of each label."""
        return ", ".join(entry[0] for entry in self.labels if entry)

    def is_named_by(self, near: str, wide: str) -> bool:
        """Whether all labels stand with a number and at least one of them beside it; never without any label.

        A quarter in a title does not count for a number that has a quarter beside it.
        """
        beside = plain(near)
        if not any(_stands(beside, plain(word)) for entry in self.labels for word in entry):
            return False
        everything = f"{beside} | {plain(wide)}"
        names_a_quarter = _NAMES_A_QUARTER.search(beside) is not None
        return all(
            any(
                _stands(beside if names_a_quarter and _QUARTER.fullmatch(entry[0]) else everything, plain(word))
                for word in entry
            )
            for entry in self.labels
            if entry
        )


@dataclass(frozen=True, slots=True)
class DisclosureRecord:
    """Everything the scanner looks for, besides what it knows by itself.

    Parameters
    ----------
    suppressed : tuple of Suppressed
        Values that were taken out of published tables and figures.
    canaries : tuple of str
        Texts and numbers planted in raw data; none may be found anywhere, also not inside a longer word.
    unit_columns : tuple of str
        Headings that only a table with one row per person or spell has.
    places : tuple of str
        Folders of this machine that must not be named.
    """

    suppressed: tuple[Suppressed, ...] = ()
    canaries: tuple[str, ...] = ()
    unit_columns: tuple[str, ...] = tuple(sorted(PERSON_COLUMNS))
    places: tuple[str, ...] = ()


def _spelled(entry: str | Sequence[str]) -> Iterator[str]:
    """Add to a quarter what each language calls it, which may be the same, and its place on an axis of time."""
    words = (entry,) if isinstance(entry, str) else entry
    for word in words:
        yield word
        if _QUARTER.fullmatch(word):
            place = ordinal(word)
            yield from (quarter(word, language) for language in languages())
            yield from (str(place), quarter_label(place).replace("Q", "K"))


def _stands(text: str, wanted: str) -> bool:
    """Whether a word stands in a text as a whole; both as ``plain`` makes them."""
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() and wanted[0].isalnum()) and not (after.isalnum() and wanted[-1].isalnum()):
            return True
        start = text.find(wanted, start + 1)
    return False


class SuppressedIndex:
    """Suppressed values by the numbers they are when printed with 0 to 9 decimals, as a share or a percentage too."""

    def __init__(self, suppressed: Iterable[Suppressed]) -> None:
        self._printed: dict[tuple[int, Decimal], list[Suppressed]] = defaultdict(list)
        self._exact: dict[float, list[Suppressed]] = defaultdict(list)
        for item in suppressed:
            for scale, value in enumerate(_scales(item.value)):
                self._add(item, value, with_zero=scale == 0)

    def _add(self, item: Suppressed, value: Decimal, with_zero: bool) -> None:
        for decimals in range(MOST_DECIMALS + 1):
            for printed in rounded(value, decimals):
                if with_zero or not printed.is_zero():
                    self._printed[decimals, printed].append(item)
        self._exact[float(np.float32(value))].append(item)

    def find(self, reading: Reading) -> list[Suppressed]:
        """Return what a spelled number may be, in order of the record."""
        decimals = min(reading.decimals, MOST_DECIMALS)
        keys = rounded(reading.value, decimals)
        return list(dict.fromkeys(item for key in keys for item in self._printed.get((decimals, key), ())))

    def find_number(self, number: float) -> list[Suppressed]:
        """Return what a stored number may be; single precision is compared as single precision."""
        reading = reading_of(number)
        if reading is None:
            return []
        return list(dict.fromkeys([*self.find(reading), *self._exact.get(float(number), ())]))


def _scales(value: float) -> tuple[Decimal, ...]:
    exact = Decimal(repr(float(value)))
    return (exact,) if exact == exact.to_integral_value() else (exact, exact * 100, exact / 100)


class CanaryIndex:
    """Planted texts by one of their parts, so that a thousand of them cost no more than one."""

    def __init__(self, canaries: Iterable[str]) -> None:
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for canary in canaries:
            parts = _WORDS.findall(plain(canary))
            if parts:
                self._by_part[max(parts, key=lambda part: (part.isdigit(), len(part)))].append(canary)

    def find(self, text: str) -> list[str]:
        """Return the canaries that stand in a text."""
        small = plain(text)
        parts = set(_WORDS.findall(small)) & self._by_part.keys() if self._by_part else ()
        return [canary for part in sorted(parts) for canary in self._by_part[part] if plain(canary) in small]
