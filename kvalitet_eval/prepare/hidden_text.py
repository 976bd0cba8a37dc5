"""Messages and ledger of an intake without persons: what stood in a cell may be somebody's name or number.

Place, column and shape stay, so that the cell can be found and mended. Names of municipalities, also misspelt, stay as
they are, because how they are spelt is what must be mended.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import pandas as pd

from kvalitet_eval.errors import Finding
from kvalitet_eval.persons import without_persons

_NEAR = 0.8
"""Likeness, by the ratio of `difflib`, above which words are a misspelt municipality rather than a person."""
_FROM_CELLS = ("first_value", "value")
"""Facts that repeat cells; all others are the package's own words."""
_BETWEEN = re.compile(r"\s*[,;|\t]\s*")


def hidden_findings(findings: Iterable[Finding], municipalities: Collection[str]) -> tuple[Finding, ...]:
    """Return findings in which no person is named.

    Parameters
    ----------
    findings : iterable of Finding
        As the rules made them.
    municipalities : collection of str
        Names that are no persons, as the register spells them.
    """
    names = frozenset(municipalities)
    return tuple(_hidden(item, names) for item in findings)


def hidden_ledger(ledger: pd.DataFrame, municipalities: Collection[str]) -> pd.DataFrame:
    """Return a ledger (columns as ``ledger.LEDGER_COLUMNS``) in which no person is named."""
    names = frozenset(municipalities)
    changed = {}
    for column in ("column", "raw", "value"):
        texts = {text: hidden_text(text, names) for text in ledger[column].dropna().unique()}
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
    return without_persons(text, lambda words: _is_municipality(words, municipalities))


def _hidden(item: Finding, names: frozenset[str]) -> Finding:
    facts = {key: hidden_text(value, names) if key in _FROM_CELLS else value for key, value in item.facts.items()}
    found = None if item.found is None else hidden_text(item.found, names)
    if found == item.found and facts == item.facts:
        return item
    facts = {key: found if value == item.found else value for key, value in facts.items()}
    return dataclasses.replace(item, found=found, facts=facts)


@lru_cache(maxsize=4096)
def _is_municipality(words: str, names: frozenset[str]) -> bool:
    """Whether each of some words with capitals is nearly the name of a municipality."""
    known = _folded(names)
    return all(difflib.get_close_matches(part.casefold(), known, n=1, cutoff=_NEAR) for part in _BETWEEN.split(words))


@lru_cache(maxsize=8)
def _folded(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in sorted(names))
