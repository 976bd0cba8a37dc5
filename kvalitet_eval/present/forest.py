"""The effect in each cohort with its interval, in the order given: not a league table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Chart, Point, Rule, Series, optional
from kvalitet_eval.present.chart_rows import checked_rows, level_of, require_once, value_with_interval
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import CONFIDENTIAL, PublishedFigure, PublishedTable

_DECIMALS = 2
_NEEDED = ("cohort", "estimate", "conf_low", "conf_high", "conf_level", "n_treated")


def forest_chart(
    effects: PublishedTable,
    *,
    id: str,
    names: Mapping[str, str],
    outcome: str,
    verdict: sentences.Verdict,
    improvement: sentences.Improvement,
    source: str,
    language: str = "nb",
) -> PublishedFigure:
    """Describe the average effect in each cohort, one row each.

    Parameters
    ----------
    effects : PublishedTable
        Rows of an `EffectTable` aggregated by cohort, in percentage points, negative meaning lower than expected; drawn
        in the order in which they stand. A row that is withheld or without limits is kept and explained.
    id : str
        Unique on the page.
    names : mapping of str to str
        From the identifier in ``cohort`` to the name a reader knows; one for each row.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    verdict : {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}
        Conclusion about all cohorts together; decides the title.
    improvement : {"decrease", "increase"}
        Which direction of the outcome is an improvement.
    source : str
        Data and their origin, shown below the chart.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column or a name is missing, there is no row, a cohort stands twice, or the verdict is unknown.
    """
    rows = checked_rows(effects, _NEEDED, value="estimate", what="forest")
    require_once(rows["cohort"], "forest, cohort")
    require_once([names.get(cohort) for cohort in rows["cohort"]], "forest, names")
    rows = rows.assign(name=rows["cohort"].map(names))
    definite = sentences.outcome_definite(outcome, language)
    title = f"chart.forest.title.{sentences.effect_direction(verdict, improvement)}"
    level = level_of(rows["conf_level"], language)
    ticks = tuple((place, _row_name(row, language)) for place, row in enumerate(rows.itertuples(), start=1))
    chart = partial(
        Chart,
        id=id,
        title=text(title, language, outcome=definite),
        subtitle=text("chart.forest.subtitle", language, outcome=definite),
        x=Axis(text("chart.forest.x", language), ticks=ticks, decimals=0),
        y=Axis(text("chart.event_study.y", language), text("chart.unit.points", language), decimals=_DECIMALS),
        series=(_estimates(rows, level, language),),
        rules=(Rule("y", 0.0, text("chart.event_study.zero", language)),),
        notes=_notes(rows, language),
        alt=text(
            "chart.forest.alt",
            language,
            outcome=definite,
            level=level,
            listed="; ".join(_listed(row, language) for row in rows.itertuples()),
            conclusion=sentences.conclusion(verdict, effects.origin, language),
        ),
        source=source,
        origin=effects.origin,
        language=language,
        plane="rows",
    )
    facts = [0.0, level, source, int(_is_open(rows).sum()), *names.values()]
    return publish.figure(lambda _: chart(), effects, facts=facts)


def _row_name(row: tuple, language: str) -> str:
    if numbers.is_missing(row.n_treated):
        return row.name
    return text(
        "chart.forest.row",
        language,
        name=row.name,
        municipalities=numbers.counted("municipalities", row.n_treated, language),
    )


def _estimates(rows: pd.DataFrame, level: str, language: str) -> Series:
    points = [
        Point(place, *(optional(value) for value in (row.estimate, row.conf_low, row.conf_high)), mark=row.mark)
        for place, row in enumerate(rows.itertuples(), start=1)
    ]
    name = text("chart.event_study.series", language, level=level)
    return Series(name, tuple(points), "participant", "marker", marker="square")


def _listed(row: tuple, language: str) -> str:
    value = value_with_interval(row.estimate, row.conf_low, row.conf_high, _DECIMALS, language)
    if row.mark == CONFIDENTIAL:
        value = text("chart.withheld", language)
    return text("chart.listed", language, name=row.name, value=value)


def _is_open(rows: pd.DataFrame) -> pd.Series:
    return rows["estimate"].notna() & rows["conf_low"].isna()


def _notes(rows: pd.DataFrame, language: str) -> tuple[str, ...]:
    notes = [text("chart.forest.note.reading", language), text("chart.forest.note.order", language)]
    if (rows["mark"] == CONFIDENTIAL).any():
        notes.append(text("chart.event_study.note.withheld", language))
    if _is_open(rows).any():
        n = int(_is_open(rows).sum())
        notes.append(text("chart.event_study.note.no_interval", language, n=n))
    return tuple(notes)
