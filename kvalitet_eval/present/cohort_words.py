"""What a cohort's report says: who is in it, how it developed, and what is not known about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable, PublishedText

LANGUAGE = "nb"


def cohort_summary(
    effect: PublishedTable,
    *,
    name: str,
    n_members: int,
    sizes: str,
    verdict: sentences.Verdict,
    language: str = LANGUAGE,
) -> PublishedText:
    """Say the answer first, and that it cannot be told where it cannot.

    Parameters
    ----------
    effect : PublishedTable
        The cohort's average effect as a row of effects; no row or without an estimate when there is none.
    name, sizes : str
        The cohort as readers know it, and how many municipalities the sources say that it has.
    n_members : int
        Members that are known and have figures.
    verdict : str
        From ``estimate.verdict.judge``.
    """
    facts = {"name": name, "sizes": sizes, "n": numbers.count(n_members, language)}
    stated = list(facts.values())
    case = sentences.effect_case(effect)
    if case.state == "withheld":
        return say(*case.keys(verdict), language, intake=name, facts=stated)
    if not n_members or not case.is_known:
        kind = "not_estimated" if n_members else "nobody"
        return say(f"cohort.summary.{kind}", language, **facts, facts=stated)
    row = effect.to_frame().dropna(subset="estimate")
    parts = [text(f"case.summary.{verdict}", language, intake=name), text("cohort.summary.basis", language, **facts)]
    if not numbers.is_missing(row["smallest_detectable"].iloc[0]):
        detectable = numbers.points(row["smallest_detectable"].iloc[0], 2, language)
        parts.append(text("cohort.summary.detectable", language, detectable=detectable))
    return publish.text(" ".join(parts), effect, facts=stated)


def members_sentence(
    *, n_members: int, sizes: str, is_whole: bool, start: str, measures_began: str | None, language: str = LANGUAGE
) -> PublishedText:
    """Say when the cohort began, how many the sources say that it has, and how many of them are known.

    Parameters
    ----------
    n_members, sizes
        As for :func:`cohort_summary`.
    is_whole : bool
        Whether they are as many as every source says.
    start, measures_began : str
        Quarters; the second None when nobody has said when the measures began.
    """
    facts = {"sizes": sizes, "n": numbers.count(n_members, language)}
    parts = [text("cohort.start", language, quarter=numbers.quarter(start, language))]
    if measures_began is not None:
        parts.append(text("cohort.measures_began", language, quarter=numbers.quarter(measures_began, language)))
    found = "all" if is_whole else "some"
    parts.append(text(f"cohort.members.{found if n_members else 'none'}", language, **facts))
    return publish.text(" ".join(parts), facts=[*facts.values(), start, measures_began])


def cohort_level_sentence(
    own: PublishedTable,
    comparison: PublishedTable,
    *,
    name: str,
    outcome: str,
    year_before: str,
    language: str = LANGUAGE,
) -> PublishedText:
    """Say how high the rate was in the year before the start and in the last whole year, beside the comparison.

    Parameters
    ----------
    own, comparison : PublishedTable
        As for ``development_chart``.
    year_before : str
        Last quarter of the year before the start.
    """
    frame = own.to_frame()
    whole = frame[frame["complete"].astype(bool) & frame["rate_pct"].notna()]
    if whole.empty:
        kind = "withheld_all" if own.is_withheld("rate_pct") else "none"
        return say(f"case.level.{kind}", language, name=name, facts=[name])
    said = []
    for key, quarter in (("before", year_before), ("last", whole["window_end"].iloc[-1])):
        at = [table.select(window_end=quarter) for table in (own, comparison)]
        rates = [table.to_frame()["rate_pct"] for table in at]
        is_withheld = any(table.is_withheld("rate_pct") for table in at)
        printed = [numbers.percent(rate.iloc[0] if len(rate) else None, 1, language) for rate in rates]
        facts = {"name": name, "outcome": sentences.outcome_definite(outcome, language)}
        facts |= {"quarter": numbers.quarter(quarter, language), "own": printed[0], "comparison": printed[1]}
        is_missing = any(numbers.is_missing(rate.iloc[0] if len(rate) else None) for rate in rates)
        found = "withheld" if is_withheld else "missing" if is_missing else key
        said.append(text(f"cohort.level.{found}", language, **facts))
    return publish.text(" ".join(said), own, comparison, facts=[name, year_before])


def co_intervention_sentence(name: str, measure: str, start: dt.date, language: str = LANGUAGE) -> PublishedText:
    """Say that something else happened in a member, which could explain a change there."""
    facts = {"name": name, "measure": measure, "date": numbers.date(start, language)}
    return say("cohort.co_intervention", language, **facts, facts=facts.values())


def cohort_limits(
    *, has_effect: bool, is_partly_known: bool, is_synthetic: bool, is_selected: bool, language: str = LANGUAGE
) -> PublishedText:
    """List what the report does not show."""
    keys = ["cohort.limits.single"] if has_effect else ["cohort.limits.no_effect"]
    keys += _if(is_partly_known, "cohort.limits.known")
    keys += _if(is_selected, "case.limits.selected")
    keys += [*_if(has_effect, "case.limits.comparison", "case.limits.timing"), "case.limits.quality"]
    keys += _if(is_synthetic, "cohort.limits.synthetic")
    return publish.text("\n".join(f"- {text(key, language)}" for key in keys))


def _if(holds: bool, *keys: str) -> Iterable[str]:
    return keys if holds else ()
