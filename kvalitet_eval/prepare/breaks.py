"""Breaks in the series: when figures before and after are not measured alike, as data, and the rule that enforces it.

A window that crosses a break is refused until the programme file accepts the break with a reason. Whether a break
matters for an outcome is a judgement about that outcome, so it is written down by somebody and never assumed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.layouts.columns import POPULATIONS
from kvalitet_eval.prepare.periods import ordinal, parse_quarter

_MARKED = re.compile(r"^(?P<quarter>.+?)\s*\(?\bny(?:e|tt)?\b\)?$", re.IGNORECASE)
INDUSTRY_CODES = "industry_codes_2009"
_NATIONAL = "data/raw/national_sick_leave/SOURCE.md"
_NOTES = "Notes on the domain received with the commission on 21 November 2026; not checked with Statistics Norway"


@dataclass(frozen=True, slots=True)
class Break:
    """One change of rules, coding or source.

    Parameters
    ----------
    id : str
        Identifier, used in the programme file.
    quarter : str
        First quarter that is measured the new way.
    populations : tuple of str
        Whose figures it concerns: employees, residents, or both.
    title_nb, title_nn, title_en : str
        What changed, as a noun phrase; data, for messages and for the data dictionary.
    source : str
        Where it says so.
    """

    id: str
    quarter: str
    populations: tuple[str, ...]
    title_nb: str
    title_nn: str
    title_en: str
    source: str

    def is_crossed(self, first: str, last: str) -> bool:
        """Whether quarters from the first to the last, both included, lie on both sides of the break."""
        return ordinal(first) < ordinal(self.quarter) <= ordinal(last)


BREAKS = (
    Break(
        "rules_2004",
        "2004Q3",
        POPULATIONS,
        "nye regler for sykefravær fra juli 2004",
        "nye reglar for sjukefråvær frå juli 2004",
        "new rules about sick leave from July 2004",
        _NATIONAL,
    ),
    Break(
        INDUSTRY_CODES,
        "2009Q1",
        POPULATIONS,
        "nye næringskoder fra 1. kvartal 2009 (sammenligningstall for 2008 er merket «Ny»)",
        "nye næringskodar frå 1. kvartal 2009 (samanlikningstal for 2008 er merkte «Ny»)",
        'new industry codes from 2009Q1 (comparable figures of 2008 are marked "Ny")',
        _NATIONAL,
    ),
    Break(
        "influenza_2009",
        "2009Q4",
        POPULATIONS,
        "influensaen høsten 2009, da egenmelding i åtte dager erstattet tre",
        "influensaen hausten 2009, då eigenmelding i åtte dagar erstatta tre",
        "the influenza of autumn 2009, with self-certification for eight days instead of three",
        _NATIONAL,
    ),
    Break(
        "a_ordningen_2015",
        "2015Q1",
        POPULATIONS,
        "a-ordningen som ny kilde fra 1. kvartal 2015",
        "a-ordninga som ny kjelde frå 1. kvartal 2015",
        "the joint employers' report (a-ordningen) as the new source from 2015Q1",
        _NOTES,
    ),
    Break(
        "holiday_correction_2018",
        "2018Q4",
        POPULATIONS,
        "ny korreksjon for ferie fra 4. kvartal 2018",
        "ny korreksjon for ferie frå 4. kvartal 2018",
        "a new correction for holidays from 2018Q4",
        _NOTES,
    ),
)


def crossed(first: str, last: str, population: str) -> tuple[Break, ...]:
    """Return the breaks that a window crosses, in order of time.

    Parameters
    ----------
    first, last : str
        Labels of the first and the last quarter, both included.
    population : {"employees", "residents"}
        Whose figures they are.

    Raises
    ------
    ValueError
        There is no such population.

    Examples
    --------
    >>> [item.id for item in crossed("2005Q1", "2009Q3", "employees")]
    ['industry_codes_2009']
    """
    if population not in POPULATIONS:
        raise ValueError(f"no population {population!r}; there are {', '.join(POPULATIONS)}")
    return tuple(item for item in BREAKS if population in item.populations and item.is_crossed(first, last))


def check_window(
    first: str, last: str, population: str, accepted: Mapping[str, str], *, file: object = None
) -> tuple[Finding, ...]:
    """Return a finding for every break that a window crosses.

    Parameters
    ----------
    first, last, population
        As for :func:`crossed`.
    accepted : mapping of str to str
        Reason by identifier for the breaks that somebody has judged not to matter here.
    file : path, optional
        Named in messages: the programme file, or the panel's.

    Returns
    -------
    tuple of Finding
        An error for a break that is not accepted, information with the reason for one that is; an error for an accepted
        identifier that is no break, or that has no reason.
    """
    where = {"file": file, "column": "accepted_breaks"}
    known = ", ".join(item.id for item in BREAKS)
    found = [
        finding("INN-S03", **where, found=name, allowed=known)
        for name in accepted
        if name not in {item.id for item in BREAKS}
    ]
    for item in crossed(first, last, population):
        facts = {"quarter": item.quarter, "first": first, "last": last, "source": item.source}
        facts["title_nb"], facts["title_nn"], facts["title_en"] = item.title_nb, item.title_nn, item.title_en
        reason = accepted.get(item.id, "").strip()
        if reason:
            found.append(finding("INN-S04", severity="info", file=file, found=item.id, reason=reason, **facts))
        elif item.id in accepted:
            found.append(finding("INN-S05", **where, found=item.id, **facts))
        else:
            found.append(finding("INN-S01", file=file, column="quarter", found=item.id, **facts))
    return tuple(found)


def require_accepted(
    first: str, last: str, population: str, accepted: Mapping[str, str], *, file: object = None
) -> tuple[Finding, ...]:
    """Return what is worth knowing about the breaks of a window; arguments as for :func:`check_window`.

    Raises
    ------
    DataError
        A break is crossed and not accepted, or an acceptance is wrong; all at once.
    """
    found = check_window(first, last, population, accepted, file=file)
    if errors := [item for item in found if item.severity == "error"]:
        raise DataError(errors)
    return found


def marked_quarter(text: str) -> tuple[str, Break] | None:
    """Return quarter and break of a label such as ``2008K1 Ny``: an old quarter recomputed by the new rules.

    Such a figure and the plain one of the same quarter are two series. Nothing for any other text.

    Examples
    --------
    >>> quarter, item = marked_quarter("2008K1 Ny")
    >>> quarter, item.id
    ('2008Q1', 'industry_codes_2009')
    >>> marked_quarter("2008K1") is None
    True
    """
    match = _MARKED.match(text.strip())
    if match is None:
        return None
    try:
        quarter = parse_quarter(match["quarter"])
    except ValueError:
        return None
    return quarter, next(item for item in BREAKS if item.id == INDUSTRY_CODES)
