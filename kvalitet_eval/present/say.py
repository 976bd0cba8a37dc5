"""A sentence of the catalogue through the gate: the only way in which words get into a report."""

from __future__ import annotations

from collections.abc import Iterable

from kvalitet_eval import publish
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.publish import PublishedTable, PublishedText


def say(
    key: str, language: str = "nb", *tables: PublishedTable, facts: Iterable[object] = (), **values: object
) -> PublishedText:
    """Return one sentence that every number has been checked in.

    Parameters
    ----------
    key, language, **values
        As for :func:`kvalitet_eval.present.messages.text`.
    *tables : PublishedTable
        Where its numbers come from. Numbers in the catalogue's own words are known.
    facts : iterable of object
        What may stand in it besides: names, quarters, levels of confidence.

    Raises
    ------
    KeyError
        As for ``text``.
    ReportError
        As for :func:`kvalitet_eval.publish.text`.

    Examples
    --------
    >>> str(say("chart.start", quarter="1. kv. 2007", facts=["1. kv. 2007"]))
    'Oppstart 1. kv. 2007'
    """
    known = [*constants(key, language=language), *facts]
    return publish.text(text(key, language, **values), *tables, facts=known)
