"""The names that columns have in Norwegian files, and how two spellings of one name are recognised as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from kvalitet_eval.prepare.layout import Column, Layout

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ŋ": "n"})
_UNIT = re.compile(r"[(\[]\s*(?P<unit>%|pst\.?|prosent|dagsverk|antall|personer)\s*[)\]]|(?P<sign>%)")
# What a header may give as unit of a column, by the first word of the layout's unit.
_UNITS_OF = {
    "percent": ("prosent", "pst", "%"),
    "person-days": ("dagsverk", "antall"),
    "persons": ("personer", "antall"),
}
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "municipality_number": (
        "kommunenr", "kommunenummer", "kommune nr", "komm nr", "komnr", "knr", "kommunekode", "kommune id",
        "regionkode", "region", "kommunenr og navn", "kommune", "kommunar", "kommuner",
    ),
    "quarter": ("kvartal", "periode", "tid", "tidsperiode", "tidsrom", "år og kvartal", "årkvartal", "kvartal år"),
    "sector": ("sektor", "tjenesteområde", "tenesteområde", "tjenestesektor"),
    "employees": ("ansatte", "antall ansatte", "tilsette", "talet på tilsette", "tal tilsette"),
    "agreed_days": ("avtalte dagsverk", "avtalte dv", "avtalte arbeidsdager", "avtalte"),
    "lost_days_self": (
        "tapte dagsverk egenmeldt", "egenmeldte dagsverk", "tapte dagsverk eigenmeldt", "eigenmelde dagsverk",
        "egenmeldt tapte dagsverk",
    ),
    "lost_days_doctor": (
        "tapte dagsverk legemeldt", "legemeldte dagsverk", "legemelde dagsverk", "legemeldt tapte dagsverk",
    ),
    "rate_total_pct": (
        "sykefravær", "sykefravar", "sykefraver", "sjukefråvær", "sjukefravær", "sykefraværsprosent",
        "sjukefråværsprosent", "sykefravær i prosent", "sykefravær prosent", "sykefravær pst", "sykefravær i alt",
        "samlet sykefravær", "totalt sykefravær", "sykefravær totalt",
    ),
    "rate_self_pct": (
        "egenmeldt", "egenmeldt sykefravær", "eigenmeldt", "eigenmeldt sjukefråvær", "egenmeldt prosent",
    ),
    "rate_doctor_pct": ("legemeldt", "legemeldt sykefravær", "legemeldt sjukefråvær", "legemeldt prosent"),
}  # fmt: skip
_NAME_COLUMNS = ("kommune", "kommunenavn", "kommunenamn", "navn", "namn", "name", "municipality", "municipality name")
_COUNTY_COLUMNS = ("fylke", "fylkesnavn", "fylkesnamn", "county")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return what is left of a column name without capitals, accents, spaces, signs and a unit in brackets.

    Examples
    --------
    >>> fold("Sykefravær (%)"), fold("SYKEFRAVAR"), fold("lost-days self")
    ('sykefravar', 'sykefravar', 'lostdaysself')
    """
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFC", _UNIT.sub("", name.casefold())).translate(_LETTERS)
    )
    return "".join(sign for sign in plain if sign.isalnum())


NAME_COLUMNS = frozenset(fold(name) for name in _NAME_COLUMNS)
COUNTY_COLUMNS = frozenset(fold(name) for name in _COUNTY_COLUMNS)
_LAST_RESORT = NAME_COLUMNS | {fold("region")}


@cache
def _exact(layout: Layout) -> Mapping[str, str]:
    return MappingProxyType({column.name.casefold(): column.name for column in layout.columns})


@cache
def _spelt(layout: Layout) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for column in layout.columns:
        for spelling in spellings(column):
            names.setdefault(fold(spelling), column.name)
    return MappingProxyType(names)


def spellings(column: Column) -> tuple[str, ...]:
    """Return the names a column is known by, the layout's own first."""
    return column.name, *column.aliases, *_SPELLINGS.get(column.name, ())


def column_names(header: tuple[str, ...], layout: Layout) -> tuple[str | None, ...]:
    """Return, for each name in a header, the column of a layout that it means; nothing for an unknown name.

    The layout's own spelling comes first. A name such as ``kommune`` means the municipality number only in a file
    without a better column for it: beside a column of numbers it is the name.
    """
    spelt = _spelt(layout)
    exact = _exact(layout)
    plain = tuple(" ".join(name.split()).casefold() for name in header)
    found = [exact.get(name) or _in_its_unit(name, spelt.get(fold(name)), layout) for name in plain]
    for position, name in enumerate(found):
        if name is not None and plain[position] not in exact and fold(plain[position]) in _LAST_RESORT:
            others = [other for place, other in enumerate(found) if place != position]
            found[position] = None if name in others else name
    return tuple(found)


def _in_its_unit(spelt: str, name: str | None, layout: Layout) -> str | None:
    """Return the column unless the header gives another unit: ``Sykefravær (dagsverk)`` is no percentage."""
    return None if name is None or other_unit(spelt, layout.column(name)) else name


def other_unit(spelt: str, column: Column) -> tuple[str, str] | None:
    """Return the unit that a name in a header gives, and the catalogue's key of the column's, when they differ.

    Examples
    --------
    >>> absence = Column("rate_total_pct", "number", "", "", unit="percent")
    >>> other_unit("Sykefravær (antall)", absence), other_unit("Sykefravær (%)", absence)
    (('antall', 'unit.percent'), None)
    """
    wanted = column.unit.split(" ")[0]
    match = _UNIT.search(spelt.casefold())
    if match is None or wanted not in _UNITS_OF:
        return None
    unit = (match["unit"] or match["sign"]).rstrip(".")
    return None if unit in _UNITS_OF[wanted] else (unit, f"unit.{wanted.replace('-', '_')}")
