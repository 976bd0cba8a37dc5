"""Names on the participants' list that stand for no municipality of their own, and why, as readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.prepare.participants import UNRESOLVED
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text


@dataclass(frozen=True, slots=True)
class Absent:
    """A name that is not there, and the reason as readers see it."""

    name: str
    reason: str


def unresolved_names(entries: pd.DataFrame, names: Mapping[str, str], language: str = "nb") -> Iterator[Absent]:
    """Explain entries of the list that are no municipality: a name that can be several, or a district of one.

    Parameters
    ----------
    entries : pandas.DataFrame
        ``name``, ``entry_status`` (unresolved or district) and ``candidates`` (tuple of numbers).
    names : mapping of str to str
        Number to name of every municipality.
    """
    for entry in entries.itertuples():
        labels = [text("report.municipality", language, name=names.get(n, n), number=n) for n in entry.candidates]
        if entry.entry_status == UNRESOLVED:
            reason = text("site.absent.unresolved", language, candidates=either(labels, language))
        else:
            reason = text("site.absent.district", language, municipality=either(labels, language))
        yield Absent(entry.name, reason)


def either_size(sizes: Iterable[int], language: str = "nb") -> str:
    """Return the numbers that the sources give for one intake."""
    return either([numbers.count(size, language) for size in sizes], language)


def either(labels: Sequence[str], language: str = "nb") -> str:
    """Return "a, b eller c"."""
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} {text('site.or', language)} {labels[-1]}"
