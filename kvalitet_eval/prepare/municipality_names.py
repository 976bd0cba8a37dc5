"""What a municipality can be called: spellings that mean the same, and what must never be guessed.

A name is read past words that carry no meaning ("Hå kommune"), a hyphen ("Nord Aurdal"), a county ("Bø (Nordl.)") and a
short list of old postal and Sami forms. Whatever else is written nearly alike is a suggestion for a message.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol, TypeVar

AS_REGISTERED = ""
WITHOUT_WORD = "the word for municipality taken away"
OTHER_HYPHEN = "hyphen or space in the name"
BY_ALIAS = "other form of the name"
BY_COUNTY = "told apart by its county"

# Forms that no rule gives: postal names with a letter for the part of the country, Sami forms with the word for
# municipality (the genitive differs from the name), and districts that tell namesakes apart.
ALIASES = MappingProxyType(
    {
        "kristiansund n": "kristiansund",
        "kristiansand s": "kristiansand",
        "deanu": "deatnu",
        "deanu gielda": "deatnu",
        "kárášjoga gielda": "kárášjohka",
        "guovdageainnu suohkan": "guovdageaidnu",
        "unjárgga gielda": "unjárga",
        "porsáŋggu gielda": "porsángu",
        "gáivuona suohkan": "gáivuotna",
        "os i østerdalen": "os (hedmark)",
        "våler i solør": "våler (hedmark)",
        "nes på romerike": "nes (akershus)",
        "nes i hallingdal": "nes (buskerud)",
    }
)
_WORD = re.compile(r"\s+(?:kommune|komm\.?|k\.|gielda|suohkan|tjïelte|tjielte)(?=$|\s*\()")
_IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*\((?P<county>[^()]+)\)$")
_AFTER_I = re.compile(r"^(?P<name>.+?) i (?P<county>.+)$")
_HYPHEN = re.compile(r"\s*[-‐‑–]\s*")


class Named(Protocol):
    """What is asked of a municipality."""

    @property
    def name(self) -> str:
        """Name in the register."""

    @property
    def county(self) -> str:
        """Name of its county."""


Item = TypeVar("Item", bound=Named)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a name can mean.

    Parameters
    ----------
    found : tuple of Municipality
        Empty when nobody has the name, several when the name is ambiguous.
    rule : str
        What was read past, for the intake ledger; empty when the name is as registered.
    """

    found: tuple
    rule: str = AS_REGISTERED


class NameIndex:
    """The names of some municipalities, such as those of one year, looked up by every spelling at once.

    Parameters
    ----------
    municipalities : iterable of Municipality
    """

    def __init__(self, municipalities: Iterable[Item]) -> None:
        named: dict[str, list[Item]] = defaultdict(list)
        unhyphened: dict[str, list[Item]] = defaultdict(list)
        for item in municipalities:
            forms = spellings(item.name)
            for form in forms:
                named[form].append(item)
            for form in set(map(_unhyphened, forms)):
                unhyphened[form].append(item)
        self._named = {form: tuple(items) for form, items in named.items()}
        self._unhyphened = {form: tuple(items) for form, items in unhyphened.items()}

    def match(self, name: str) -> NameMatch:
        """Find every municipality that a name can mean; the first rule that finds any decides, none of them guesses.

        Capitals, odd spaces and decomposed letters never matter. One language of a double name is enough.
        """
        for wanted, read_past in _readings(fold(name)):
            found, rule = self._find(wanted)
            if found:
                return NameMatch(found, "; ".join(part for part in (read_past, rule) if part))
        return NameMatch(())

    def _find(self, wanted: str) -> tuple[tuple, str]:
        """Return those of a name, and what was needed to tell."""
        if found := self._named.get(wanted):
            return found, AS_REGISTERED
        for pattern in (_IN_BRACKETS, _AFTER_I):
            if qualified := pattern.match(wanted):
                named, _ = self._find(qualified["name"])
                if inside := tuple(item for item in named if _is_county(qualified["county"], item.county)):
                    return inside, BY_COUNTY
        return self._unhyphened.get(_unhyphened(wanted), ()), OTHER_HYPHEN


def fold(name: str) -> str:
    r"""Return a name in small letters, composed, with single plain spaces.

    Examples
    --------
    >>> fold("  NORDRE\u00a0Land ")
    'nordre land'
    """
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


@lru_cache(maxsize=8192)
def spellings(name: str) -> frozenset[str]:
    """Return the whole name and each language of a double name, folded; a hyphen without spaces is no border."""
    return frozenset({fold(name), *(fold(part) for part in name.split(" - "))})


def _readings(wanted: str) -> Iterator[tuple[str, str]]:
    """The name as it is, then without what carries no meaning, one step at a time."""
    yield wanted, AS_REGISTERED
    if wanted in ALIASES:
        yield ALIASES[wanted], BY_ALIAS
    plain = _WORD.sub("", wanted)
    if plain != wanted:
        yield plain, WITHOUT_WORD
        if plain in ALIASES:
            yield ALIASES[plain], f"{WITHOUT_WORD}; {BY_ALIAS}"


def _is_county(written: str, county: str) -> bool:
    """Whether a county is written in full, or shortened with a full stop ("Nordl.")."""
    whole, short = fold(county), written.rstrip(".")
    return written == whole or (written.endswith(".") and len(short) > 2 and whole.startswith(short))


def _unhyphened(name: str) -> str:
    return _HYPHEN.sub(" ", name)
