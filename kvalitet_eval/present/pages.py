"""What the pages about the method, the words and accessibility say, section by section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.say import say
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable, PublishedText

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "method": ("question", "comparison", "effect", "regression", "verdicts", "uncertainty", "marks", "limits"),
        "glossary": ("words",),
        "accessibility": ("aim", "tested", "status", "known"),
    }
)
"""The pages there are, each with its sections in reading order."""


def section_words(page: str, section: str, language: str) -> tuple[PublishedText, PublishedText]:
    """Return heading and text of a section."""
    return say(f"page.{page}.{section}.heading", language), say(f"page.{page}.{section}.text", language)


def stated_words(name: str, value: str | dt.date | None, language: str) -> tuple[PublishedText, bool]:
    """Return what somebody must have stated, and whether it was: never invented, said to be missing where it is.

    Parameters
    ----------
    name : {"contact", "checked"}
        Whom a reader can tell, and the day on which the statement was checked.
    """
    if value is None:
        return say(f"page.accessibility.{name}.missing", language), False
    shown = numbers.date(value, language) if isinstance(value, dt.date) else value
    key = f"page.accessibility.{name}.text"
    return say(key, language, contact=shown, date=shown, facts=[shown]), True


def glossary_table(terms: PublishedTable, language: str) -> PublishedFigure:
    """List words and meanings; ``terms`` has the columns term and meaning, in the order of the words."""
    columns = [TableColumn(name, text(f"page.glossary.{name}", language)) for name in ("term", "meaning")]
    about = {"caption": text("page.glossary.caption", language), "source": text("page.glossary.source", language)}
    return build_table(terms, columns, id="glossary", **about, language=language)
