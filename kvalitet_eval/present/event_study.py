"""The event study: effects by time since the start, before it as a check and after it as the answer."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Band, Chart, Point, Rule, Series, optional
from kvalitet_eval.present.chart_rows import level_of
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import CONFIDENTIAL, MISSING, PublishedFigure, PublishedTable
from kvalitet_eval.publish.texts import require_published

_DECIMALS = 2
_NEEDED = (
    "event_time", "estimate", "conf_low", "conf_high", "conf_level", "band_low", "band_high",
    "n_treated", "n_comparison", "n_cohorts",
)  # fmt: skip


def event_study_chart(
    effects: PublishedTable,
    *,
    id: str,
    name: str,
    outcome: str,
    verdict: sentences.Verdict,
    improvement: sentences.Improvement,
    source: str,
    language: str = "nb",
) -> PublishedFigure:
    """Describe an event study.

    Parameters
    ----------
    effects : PublishedTable
        Rows of an `EffectTable` aggregated by event time: one row per quarter since the start, in percentage points,
        negative meaning lower than expected; any order. A row without limits is drawn without an interval and counted
        in a note; a quarter without a row, or withheld, is a gap.
    id : str
        Unique on the page.
    name : str
        Who the effects are about, as the reader knows it, for example ``"Pulje II"``.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    verdict : {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}
        Conclusion of the whole analysis; decides the title.
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
        A column is missing, there is no row, a row has no event time or stands twice, or the verdict is unknown.
    """
    require_published((effects,))
    rows = _checked(effects)
    origin = effects.origin
    title = f"chart.event_study.title.{sentences.effect_direction(verdict, improvement)}"
    definite = sentences.outcome_definite(outcome, language)
    level = level_of(rows["conf_level"], language)
    axis = _time_axis(rows, language)
    chart = partial(
        Chart,
        id=id,
        title=text(title, language, name=name, outcome=definite),
        subtitle=text("chart.event_study.subtitle", language, outcome=definite),
        x=axis,
        y=Axis(text("chart.event_study.y", language), text("chart.unit.points", language), decimals=_DECIMALS),
        series=(
            Series(
                text("chart.event_study.series", language, level=level),
                _points(rows, language),
                "participant",
                "marker",
            ),
        ),
        bands=_bands(rows, level, language),
        rules=(
            Rule("y", 0.0, text("chart.event_study.zero", language)),
            Rule("x", -0.5, text("chart.event_study.start", language)),
        ),
        notes=_notes(rows, language),
        alt=_alternative(rows, definite, sentences.conclusion(verdict, origin, language), language),
        source=source,
        origin=origin,
        language=language,
    )
    is_open = rows["estimate"].notna() & rows["conf_low"].isna()
    facts = [0.0, int(is_open.sum()), name, source, level, *(label for _, label in axis.ticks)]
    return publish.figure(lambda _: chart(), effects, facts=facts)


def _checked(table: PublishedTable) -> pd.DataFrame:
    effects = table.to_frame()
    missing = [name for name in _NEEDED if name not in effects]
    if missing:
        raise ValueError(f"event study: columns are missing: {missing}")
    if effects.empty or effects["event_time"].isna().any() or effects["event_time"].duplicated().any():
        raise ValueError("event study: needs rows, each with an event time that stands once")
    effects = effects.assign(mark=table.marks()["estimate"])
    rows = effects.set_index("event_time").sort_index()
    return rows.reindex(range(int(rows.index[0]), int(rows.index[-1]) + 1)).assign(
        conf_level=effects["conf_level"].dropna().max(), mark=lambda found: found["mark"].fillna(MISSING)
    )


def _time_axis(rows: pd.DataFrame, language: str) -> Axis:
    ticks = tuple((int(time), numbers.number(time, 0, language)) for time in rows.index)
    return Axis(text("chart.event_study.x", language), ticks=ticks, decimals=0)


def _points(rows: pd.DataFrame, language: str) -> tuple[Point, ...]:
    points = []
    for row in rows.itertuples():
        estimate, low, high = (optional(value) for value in (row.estimate, row.conf_low, row.conf_high))
        time, value = numbers.number(row.Index, 0, language), numbers.points(estimate, _DECIMALS, language)
        limits = numbers.interval(low, high, _DECIMALS, language)
        label = text("chart.event_study.point", language, time=time, value=value, interval=limits)
        mark = row.mark or MISSING
        points.append(Point(int(row.Index), estimate, low, high, label, mark))
    return tuple(points)


def _bands(rows: pd.DataFrame, level: str, language: str) -> tuple[Band, ...]:
    if not rows[["band_low", "band_high"]].notna().all(axis=1).any():
        return ()
    limits = [tuple(optional(value) for value in rows[name]) for name in ("band_low", "band_high")]
    x = tuple(int(time) for time in rows.index)
    marks = tuple(mark or MISSING for mark in rows["mark"])
    name = text("chart.event_study.band", language, level=level)
    return (Band(name, x, *limits, role="participant", marks=marks),)


def _notes(rows: pd.DataFrame, language: str) -> tuple[str, ...]:
    notes = [text("chart.event_study.note.reading", language)]
    if rows[["n_treated", "n_comparison"]].notna().any().all():
        sizes = {"treated": _participants(rows["n_treated"], language)}
        sizes["comparison"] = _range(rows["n_comparison"], language)
        notes.append(text("chart.event_study.note.units", language, **sizes))
    if len(set(rows["n_cohorts"].dropna())) > 1:
        notes.append(text("chart.event_study.note.composition", language))
    if (rows["mark"] == CONFIDENTIAL).any():
        notes.append(text("chart.event_study.note.withheld", language))
    n_without = int((rows["estimate"].notna() & rows["conf_low"].isna()).sum())
    if n_without:
        notes.append(text("chart.event_study.note.no_interval", language, n=n_without))
    return tuple(notes)


def _participants(counts: pd.Series, language: str) -> str:
    if counts.min() == counts.max():
        return numbers.counted("participants", counts.min(), language)
    return text("counted.participants.many", language, n=_range(counts, language))


def _range(counts: pd.Series, language: str) -> str:
    low, high = numbers.count(counts.min(), language), numbers.count(counts.max(), language)
    return low if low == high else text("number.range", language, low=low, high=high)


def _alternative(rows: pd.DataFrame, definite: str, conclusion: str, language: str) -> str:
    known = rows[rows["estimate"].notna()]
    first, last = (numbers.number(time, 0, language) for time in (rows.index[0], rows.index[-1]))
    values = {"outcome": definite, "first": first, "last": last, "conclusion": conclusion}
    if known.empty:
        kind = "alt_withheld" if (rows["mark"] == CONFIDENTIAL).any() else "alt_empty"
        return text(f"chart.event_study.{kind}", language, **values)
    latest = known.iloc[-1]
    return text(
        "chart.event_study.alt",
        language,
        time=numbers.number(known.index[-1], 0, language),
        latest=numbers.points(latest["estimate"], _DECIMALS, language),
        level=numbers.percent(100 * latest["conf_level"], 0, language),
        interval=numbers.interval(latest["conf_low"], latest["conf_high"], _DECIMALS, language),
        **values,
    )
