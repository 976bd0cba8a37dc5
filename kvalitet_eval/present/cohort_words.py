"""What a cohort's report says: who is in it, how it developed, and what is not known about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.messages import text

LANGUAGE = "nb"


def cohort_summary(
    effect: pd.Series | None,
    *,
    name: str,
    n_members: int,
    sizes: str,
    verdict: sentences.Verdict,
    language: str = LANGUAGE,
) -> str:
    """Say the answer first, and that it cannot be told where it cannot.

    Parameters
    ----------
    effect : pandas.Series or None
        The cohort's average effect as a row of effects; None or without an estimate when there is none.
    name, sizes : str
        The cohort as readers know it, and how many municipalities the sources say that it has.
    n_members : int
        Members that are known and have figures.
    verdict : str
        From ``estimate.verdict.judge``.
    """
    facts = {"name": name, "sizes": sizes, "n": numbers.count(n_members, language)}
    if not n_members:
        return text("cohort.summary.nobody", language, **facts)
    if effect is None or pd.isna(effect["estimate"]):
        return text("cohort.summary.not_estimated", language, **facts)
    parts = [text(f"case.summary.{verdict}", language, intake=name), text("cohort.summary.basis", language, **facts)]
    if pd.notna(effect["smallest_detectable"]):
        detectable = numbers.points(effect["smallest_detectable"], 2, language)
        parts.append(text("cohort.summary.detectable", language, detectable=detectable))
    return " ".join(parts)


def members_sentence(
    *, n_members: int, sizes: str, start: str, measures_began: str | None, language: str = LANGUAGE
) -> str:
    """Say when the cohort began, how many the sources say that it has, and how many of them are known.

    Parameters
    ----------
    n_members, sizes
        As for :func:`cohort_summary`.
    start, measures_began : str
        Quarters; the second None when nobody has said when the measures began.
    """
    facts = {"sizes": sizes, "n": numbers.count(n_members, language)}
    parts = [text("cohort.start", language, quarter=numbers.quarter(start, language))]
    if measures_began is not None:
        parts.append(text("cohort.measures_began", language, quarter=numbers.quarter(measures_began, language)))
    parts.append(text(f"cohort.members.{'some' if n_members else 'none'}", language, **facts))
    return " ".join(parts)


def cohort_level_sentence(
    own: pd.DataFrame, comparison: pd.DataFrame, *, name: str, outcome: str, year_before: str, language: str = LANGUAGE
) -> str:
    """Say how high the rate was in the year before the start and in the last whole year, beside the comparison.

    Parameters
    ----------
    own, comparison : pandas.DataFrame
        As for ``development_chart``.
    year_before : str
        Last quarter of the year before the start.
    """
    whole = own[own["complete"] & own["rate_pct"].notna()]
    if whole.empty:
        return text("case.level.none", language, name=name)
    said = []
    for key, quarter in (("before", year_before), ("last", whole["window_end"].iloc[-1])):
        rates = [table.loc[table["window_end"] == quarter, "rate_pct"] for table in (whole, comparison)]
        printed = [numbers.percent(rate.iloc[0] if len(rate) else None, 1, language) for rate in rates]
        facts = {"name": name, "outcome": sentences.outcome_definite(outcome, language)}
        facts |= {"quarter": numbers.quarter(quarter, language), "own": printed[0], "comparison": printed[1]}
        said.append(text(f"cohort.level.{key}", language, **facts))
    return " ".join(said)


def co_intervention_sentence(name: str, measure: str, start: dt.date, language: str = LANGUAGE) -> str:
    """Say that something else happened in a member, which could explain a change there."""
    return text("cohort.co_intervention", language, name=name, measure=measure, date=numbers.date(start, language))


def cohort_limits(
    *, has_effect: bool, is_partly_known: bool, is_synthetic: bool, is_selected: bool, language: str = LANGUAGE
) -> list[str]:
    """List what the report does not show."""
    keys = ["cohort.limits.single"] if has_effect else ["cohort.limits.no_effect"]
    keys += _if(is_partly_known, "cohort.limits.known")
    keys += _if(is_selected, "case.limits.selected")
    keys += [*_if(has_effect, "case.limits.comparison", "case.limits.timing"), "case.limits.quality"]
    keys += _if(is_synthetic, "cohort.limits.synthetic")
    return [text(key, language) for key in keys]


def _if(holds: bool, *keys: str) -> Iterable[str]:
    return keys if holds else ()
