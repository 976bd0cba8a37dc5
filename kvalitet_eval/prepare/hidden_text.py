"""Messages and ledger of an intake without persons: what stood in a cell may be somebody's name or number.

Place, column and shape stay, so that the cell can be found and mended. Names of municipalities, also misspelt, stay as
they are, because how they are spelt is what must be mended.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

import pandas as pd

from kvalitet_eval.errors import Finding
from kvalitet_eval.persons import without_persons

Heading = Callable[[str], bool]
_NEAR = 0.8
_DISTRICT = "bydel "
"""Likeness, by the ratio of `difflib`, above which words are a misspelt municipality rather than a person."""
_TITLES = ("title_nb", "title_nn", "title_en", "description_nb", "description_en", "kind_word", "wanted_word")
_OWN_FACTS = ("allowed", "nearest", "layout", "missing", *_TITLES)
"""Facts that list what the package itself knows; all others may repeat a cell."""


def hidden_findings(
    findings: Iterable[Finding], municipalities: Collection[str], is_heading: Heading = lambda _: False
) -> tuple[Finding, ...]:
    """Return findings in which no person is named.

    Parameters
    ----------
    findings : iterable of Finding
        As the rules made them.
    municipalities : collection of str
        Names that are no persons, as the register spells them.
    is_heading : callable
        Whether the name of a column is a spelling that is known; a file without headings has persons in their place.
    """
    names = frozenset(municipalities)
    return tuple(_hidden(item, names, is_heading) for item in findings)


def hidden_ledger(
    ledger: pd.DataFrame, municipalities: Collection[str], is_heading: Heading = lambda _: False
) -> pd.DataFrame:
    """Return a ledger (columns as ``ledger.LEDGER_COLUMNS``) in which no person is named; others as above."""
    names = frozenset(municipalities)
    changed = {}
    for column in ("column", "raw", "value"):
        texts = {
            text: text if is_heading(text) else hidden_text(text, names) for text in ledger[column].dropna().unique()
        }
        if any(text != hidden for text, hidden in texts.items()):
            changed[column] = ledger[column].map(texts, na_action="ignore").astype("str")
    return ledger.assign(**changed) if changed else ledger


def hidden_text(text: str, municipalities: frozenset[str]) -> str:
    """Return a text without persons.

    Examples
    --------
    >>> hidden_text("Østre Totn; Kari Nordmann", frozenset({"Østre Toten"}))
    'Østre Totn; K… N…'
    """
    return without_persons(
        text, lambda words: words.casefold().startswith(_DISTRICT) or _is_municipality(words, municipalities)
    )


def _hidden(item: Finding, names: frozenset[str], is_heading: Heading) -> Finding:
    facts = {key: value if key in _OWN_FACTS else hidden_text(value, names) for key, value in item.facts.items()}
    found = None if item.found is None else hidden_text(item.found, names)
    parts = (part if is_heading(part) else hidden_text(part, names) for part in (item.column or "").split(", "))
    column = None if item.column is None else ", ".join(parts)
    if (found, facts, column) == (item.found, item.facts, item.column):
        return item
    return dataclasses.replace(item, found=found, facts=facts, column=column)


@lru_cache(maxsize=4096)
def _is_municipality(words: str, names: frozenset[str]) -> bool:
    """Whether some words with capitals are nearly the name of a municipality."""
    return bool(difflib.get_close_matches(words.casefold(), _folded(names), n=1, cutoff=_NEAR))


@lru_cache(maxsize=8)
def _folded(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in sorted(names))
