"""Which municipality a row is about: numbers, names, totals of several, and rows about nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np

from kvalitet_eval.prepare.layout import Column
from kvalitet_eval.prepare.rules.number_rules import Typed
from kvalitet_eval.prepare.rules.typed_column import TypedColumn, combine, encode
from kvalitet_eval.prepare.rules.typing_rules import ZERO_RESTORED, number_and_name

_YEARS = range(1990, 2031)  # years in which a number may have been valid
_TOTALS = re.compile(
    r"(?:(?:total)?sum\b.*|tot(?:al)?t?(?:\b.*)?|i ?alt:?|alle komm.*|(?:hele |heile )?landet.*|norge|noreg|hele norge"
    r"|identiske komm.*|(?:lands|fylkes)?(?:gjennomsnitt|snitt)\b.*|gj\.? ?sn(?:itt|\.).*"
    r"|e(?:ak|ka|kg|afk)[0-9a-z]*\b.*|0{1,4}|kostra-? ?gruppe.*|fylket"
    r"|(?:0[1-9]|1[0-9]|20|3[0-4]|38|39|40|42|46|5[0456])(?:00)?(?: \D.*)?|.+ fylke)\**",
    re.IGNORECASE,
)
_WHOLE_COUNTRY = re.compile(
    r"(?:(?:total)?sum|tot(?:al)?t?|i ?alt|alle komm.*|(?:hele |heile )?landet|norge|noreg|hele norge|0{1,4}):?\**",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:uoppgitt|uoppgjeve|uoppgjeven|ukjent|ukjend|ikke oppgitt|utlandet|svalbard|jan mayen|sokkelen|[0-9]{2}99)\b.*",
    re.IGNORECASE,
)


class RegisterLike(Protocol):
    """What the intake asks of a municipality register."""

    def exists(self, number: str, year: int) -> bool:
        """Whether a number is valid in a year."""

    def nearest(self, text: str, year: int) -> tuple[str, ...]:
        """Municipalities of a year that a wrong number or name probably stands for."""

    def resolve(self, name: str, year: int) -> NamedLike:
        """Every municipality that a name can mean in a year, and what was read past."""


class NamedLike(Protocol):
    """Answer of a register about a name: ``found`` municipalities (number, name, county) and the ``rule`` used."""

    found: tuple
    rule: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a row says about its municipality: the texts of its cells as one sees them, and the year it is about."""

    text: str
    name: str = ""
    county: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What each row says about its municipality; rows that say the same share one place.

    Parameters
    ----------
    codes : numpy.ndarray
        (n,) for each row the position of its place.
    different : tuple of Place
        The places, in order of appearance.
    """

    codes: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype="int64"))
    different: tuple[Place, ...] = ()

    def __getitem__(self, row: int) -> Place:
        """What one row says."""
        return self.different[self.codes[row]]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)


def gather_places(*texts_and_years: Sequence[object]) -> Places:
    """Bring together the four things of :class:`Place`, one sequence for each, as long as there are rows."""
    encoded = [encode(items) for items in texts_and_years]
    codes, rows = combine(*(codes for codes, _ in encoded))
    parts = [[different[code] for code in codes[rows]] for codes, different in encoded]
    return Places(codes, tuple(Place(*facts) for facts in zip(*parts, strict=True)))


def is_total(place: Place, column: Column) -> bool:
    """Whether a row is about several municipalities together.

    Examples
    --------
    >>> number = Column("municipality_number", "municipality", "", "")
    >>> [is_total(Place(text), number) for text in ("I alt", "1700", "17 Nord-Trøndelag", "1701")]
    [True, True, True, False]
    """
    text = place.text.strip()
    if text in column.allowed:
        return False
    return bool(_TOTALS.fullmatch(text) or (not text and _TOTALS.fullmatch(place.name.strip())))


def is_whole_country(place: Place) -> bool:
    """Whether a total is about all municipalities, so that their sum must agree with it."""
    return bool(_WHOLE_COUNTRY.fullmatch(place.text.strip() or place.name.strip()))


def is_nobody(place: Place, column: Column, register: RegisterLike | None) -> bool:
    """Whether a row is about no known municipality: not stated, abroad, or a number that never was one."""
    text = place.text.strip()
    if text in column.allowed:
        return False
    if _NOBODY.fullmatch(text) or (not text and _NOBODY.fullmatch(place.name.strip())):
        return True
    return bool(register is not None and place.year and re.fullmatch("[0-9]{4}", text) and not _ever(register, text))


@lru_cache(maxsize=4096)
def _ever(register: RegisterLike, number: str) -> bool:
    return any(register.exists(number, year) for year in _YEARS)


def resolve(cells: TypedColumn, places: Places, column: Column, register: RegisterLike | None) -> TypedColumn:
    """Check numbers against the register and look names up, each combination once."""
    codes, rows = combine(cells.codes, places.codes)
    answers = (_resolved(cells[row], places[row], column, register) for row in rows)
    return TypedColumn.of(codes, [cells.spellings[cells.codes[row]] for row in rows], answers)


def _resolved(typed: Typed, place: Place, column: Column, register: RegisterLike | None) -> Typed:
    if typed.value is None:
        is_name = typed.code == "INN-F02" and any(sign.isalpha() for sign in place.text)
        return _by_name(place, register) if is_name and register is not None and place.year else typed
    number = str(typed.value)
    if number in column.allowed:
        return typed
    if register is None or place.year is None:
        return Typed(code="INN-F01", facts={"padded": number}) if typed.rule.endswith(ZERO_RESTORED) else typed
    if register.exists(number, place.year):
        return _name_agrees(typed, number, place, register)
    if outside := _outside(register, place.year):
        return Typed(code="INN-F14", facts=outside)
    nearest = ", ".join(register.nearest(number, place.year))
    facts = {"number": number, "year": str(place.year), "nearest": nearest}
    return Typed(code="INN-F11" if nearest else "INN-F12", facts=facts)


def _outside(register: RegisterLike, year: int) -> dict[str, str]:
    """Return the year and those the register covers when it does not cover this one; else nothing."""
    first, last = getattr(register, "first_year", year), getattr(register, "last_year", year)
    return {} if first <= year <= last else {"year": str(year), "first": str(first), "last": str(last)}


def _by_name(place: Place, register: RegisterLike) -> Typed:
    """Look a name up; a name that can mean several is refused with all of them, unless the county tells."""
    name = " ".join(place.text.split())
    match = register.resolve(name, place.year)
    if len(match.found) > 1 and place.county.strip():
        match = register.resolve(f"{name} ({place.county.strip()})", place.year)
    facts = {"name": name, "year": str(place.year)}
    if len(match.found) == 1:
        return Typed(match.found[0].number, "; ".join(filter(None, ("number looked up by the name", match.rule))))
    if outside := _outside(register, place.year):
        return Typed(code="INN-F14", facts=outside)
    if match.found:
        return Typed(code="INN-F05", facts={**facts, "candidates": ", ".join(map(str, match.found))})
    nearest = ", ".join(register.nearest(name, place.year))
    return Typed(code="INN-F06" if nearest else "INN-F15", facts={**facts, "nearest": nearest})


def _name_agrees(typed: Typed, number: str, place: Place, register: RegisterLike) -> Typed:
    """Refuse a number whose name beside it is another municipality; a name nobody has is only told."""
    both = number_and_name(" ".join(place.text.split()))
    name = both[1] if both else " ".join(place.name.split())
    if not name:
        return typed
    found = register.resolve(name, place.year).found
    facts = {"number": number, "name": name, "year": str(place.year)}
    if not found:
        return Typed(typed.value, typed.rule, code="INN-F07", facts=facts, severity="warning")
    if number in {item.number for item in found}:
        return typed
    return Typed(code="INN-F10", facts={**facts, "candidates": ", ".join(map(str, found))})
