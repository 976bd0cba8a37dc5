"""Charts of the national series, its seasons and the panel's coverage."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Axis, Chart, Event, Point, Rule, Series, optional, quarter_axis
from kvalitet_eval.present.coverage_tables import OUTCOME_OF_MEASURE
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.sentences import outcome_name
from kvalitet_eval.publish import PublishedFigure, PublishedTable
from kvalitet_eval.publish.texts import require_published

# Breaks in Norwegian sick-leave statistics; data/raw/national_sick_leave/SOURCE.md
BREAKS = (("2004Q3", "rules_2004"), ("2009Q1", "industry_2009"), ("2009Q4", "influenza_2009"))
_DASHES = ("solid", "dash", "dot")


def national_chart(published: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Draw the national series with its breaks.

    Parameters
    ----------
    published : PublishedTable
        quarter, total_pct, self_certified_pct, doctor_certified_pct (per cent), in order of time.
    """
    require_published((published,))
    series = published.to_frame()
    ordinals = [numbers.quarter_ordinal(label) for label in series["quarter"]]
    lines = tuple(
        Series(
            outcome_name(outcome, language),
            tuple(Point(x, optional(y)) for x, y in zip(ordinals, series[measure], strict=True)),
            dash=dash,
        )
        for (measure, outcome), dash in zip(OUTCOME_OF_MEASURE.items(), _DASHES, strict=True)
    )
    within = [(quarter, name) for quarter, name in BREAKS if quarter in set(series["quarter"])]
    events = tuple(
        Event(numbers.quarter_ordinal(quarter), number, text(f"notebook.break.{name}", language))
        for number, (quarter, name) in enumerate(within, start=1)
    )
    last = series.iloc[-1]
    span = {"first": numbers.quarter(series["quarter"].iloc[0], language)}
    span["last"] = numbers.quarter(last["quarter"], language)
    shares = {name: numbers.percent(last[name], 1, language) for name in OUTCOME_OF_MEASURE}
    x = quarter_axis(ordinals, language=language)
    named = [event.label for event in events] + [label for _, label in x.ticks]
    chart = partial(
        Chart,
        id="national",
        title=text("notebook.national.title", language, **span),
        subtitle=text("notebook.national.subtitle", language),
        x=x,
        y=Axis(text("notebook.national.y", language), text("chart.unit.percent", language), from_zero=True),
        series=lines,
        events=events,
        alt=text("notebook.national.alt", language, **span, **shares),
        source=text("notebook.source.national", language),
        origin=published.origin,
        language=language,
    )
    facts = [*named, *constants("notebook.source.national", language=language)]
    return publish.figure(lambda _: chart(), published, facts=facts)


def season_chart(seasons: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Draw how each quarter of the year compares with the year around it.

    Parameters
    ----------
    seasons : PublishedTable
        As for ``coverage_tables.season_table``; 1 is the level of the year.
    """
    require_published((seasons,))
    by_measure = _by_measure(seasons)
    lines = tuple(
        Series(
            outcome_name(OUTCOME_OF_MEASURE[name], language),
            tuple(Point(row.quarter_of_year, optional(row.ratio)) for row in rows.itertuples()),
            style="both",
            dash=dash,
        )
        for (name, rows), dash in zip(by_measure.items(), _DASHES, strict=True)
    )
    spread = {name: rows["ratio"].max() - rows["ratio"].min() for name, rows in by_measure.items()}
    widest = max(spread, key=spread.get)
    peak = by_measure[widest].loc[by_measure[widest]["ratio"].idxmax()]
    words = {
        "measure": outcome_name(OUTCOME_OF_MEASURE[widest], language),
        "quarter": int(peak["quarter_of_year"]),
        "ratio": numbers.number(peak["ratio"], 2, language),
    }
    ticks = tuple(
        (q, text("notebook.seasons.tick", language, quarter=q)) for q in by_measure[widest]["quarter_of_year"]
    )
    chart = partial(
        Chart,
        id="seasons",
        title=text("notebook.seasons.title", language, **words),
        subtitle=text("notebook.seasons.subtitle", language),
        x=Axis("", ticks=ticks),
        y=Axis(text("notebook.seasons.y", language), decimals=2),
        series=lines,
        rules=(Rule("y", 1.0, text("notebook.seasons.level", language)),),
        alt=text("notebook.seasons.alt", language, **words),
        source=text("notebook.source.national", language),
        origin=seasons.origin,
        language=language,
    )
    own = ("notebook.source.national", "notebook.seasons.subtitle", "notebook.seasons.title", "notebook.seasons.alt")
    facts = [1.0, *(label for _, label in ticks), words["quarter"], *constants(*own, language=language)]
    return publish.figure(lambda _: chart(), seasons, facts=facts)


def _by_measure(seasons: PublishedTable) -> dict[str, pd.DataFrame]:
    """Return the ratio of each quarter of the year for each measure."""
    wide = seasons.to_frame().set_index("measure")
    names = [name for name in wide if name.startswith("season_")]
    quarters = [int(name.removeprefix("season_")) for name in names]
    return {
        measure: pd.DataFrame({"quarter_of_year": quarters, "ratio": wide.loc[measure, names].to_numpy(dtype=float)})
        for measure in OUTCOME_OF_MEASURE
    }


def coverage_chart(published: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Draw how many of the municipalities have figures in each quarter.

    Parameters
    ----------
    published : PublishedTable
        As from ``prepare.coverage.coverage_by_quarter``.
    """
    require_published((published,))
    by_quarter = published.to_frame()
    ordinals = [numbers.quarter_ordinal(label) for label in by_quarter["quarter"]]
    n_missing, n_all = int(by_quarter["n_missing"].sum()), int(by_quarter["n_municipalities"].max())
    words = {
        "n": numbers.count(n_all, language),
        "n_quarters": numbers.count(len(by_quarter), language),
        "n_missing": numbers.count(n_missing, language),
        "n_cells": numbers.count(by_quarter["n_municipalities"].sum(), language),
        "lowest": numbers.count(by_quarter["n_with_figure"].min(), language),
        "latest": numbers.count(by_quarter["n_with_figure"].iloc[-1], language),
    }
    points = tuple(Point(x, float(n)) for x, n in zip(ordinals, by_quarter["n_with_figure"], strict=True))
    rule = Rule("y", n_all, text("notebook.coverage.all", language, **words))
    x = quarter_axis(ordinals, language=language)
    chart = partial(
        Chart,
        id="coverage-by-quarter",
        title=text(f"notebook.coverage.title.{'some' if n_missing else 'none'}_missing", language, **words),
        x=x,
        y=Axis(text("notebook.coverage.y", language), from_zero=True, decimals=0),
        series=(Series(text("notebook.coverage.series", language), points, style="both"),),
        rules=(rule,) if n_missing else (),
        alt=text("notebook.coverage.alt", language, **words),
        source=text("notebook.source.panel", language),
        origin=published.origin,
        language=language,
    )
    facts = [n_all, *words.values(), *(label for _, label in x.ticks)]
    return publish.figure(lambda _: chart(), published, facts=facts)
