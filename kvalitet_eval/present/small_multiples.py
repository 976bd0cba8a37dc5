"""A network of a few municipalities, each in a small plot of its own with the same axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Chart, Point, Rule, Series, optional, quarter_axis
from kvalitet_eval.present.chart_rows import checked_rows
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.publish import CONFIDENTIAL, PublishedFigure, PublishedTable
from kvalitet_eval.results import OBSERVED, SYNTHETIC

FEWEST, MOST = 2, 6


def small_multiples(
    rates: PublishedTable,
    comparison: PublishedTable,
    *,
    id: str,
    name: str,
    names: Mapping[str, str],
    outcome: str,
    source: str,
    start: str | None = None,
    comparison_name: str = "",
    rolling: bool = True,
    from_zero: bool = True,
    language: str = "nb",
) -> PublishedFigure:
    """Describe the development of two to six municipalities beside the same comparison group.

    Parameters
    ----------
    rates : PublishedTable
        One row per ``unit`` and ``window_end`` ("2007Q3"), with ``rate_pct`` (per cent; missing or withheld is a gap).
    comparison : PublishedTable
        One row per ``window_end`` with ``rate_pct``; drawn in every plot.
    id : str
        Unique on the page.
    name : str
        The network, as the reader knows it.
    names : mapping of str to str
        From ``unit`` to the name of its plot, in the order in which they are shown; other units are not drawn.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    source : str
        Data and their origin, shown below the chart.
    start : str, optional
        First quarter in the programme, marked in every plot.
    comparison_name : str
        What the comparison line is called; the catalogue's words when empty.
    rolling, from_zero : bool
        Whether each value is the sum of four quarters, and whether the y axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, fewer than two or more than six units are asked for, a unit has no row, or a quarter
        stands twice.
    """
    own = checked_rows(rates, ("unit", "window_end", "rate_pct"), value="rate_pct", what="small multiples")
    other = checked_rows(comparison, ("window_end", "rate_pct"), value="rate_pct", what="small multiples, comparison")
    absent = sorted(set(names) - set(own["unit"]))
    if absent or not FEWEST <= len(set(names.values())) == len(names) <= MOST:
        raise ValueError(f"small multiples: {FEWEST} to {MOST} units with names of their own; without rows: {absent}")
    own = own[own["unit"].isin(list(names))]
    quarters = [*own["window_end"], *other["window_end"], *([start] if start else [])]
    x = quarter_axis(quarters, language=language)
    origin = SYNTHETIC if SYNTHETIC in (rates.origin, comparison.origin) else OBSERVED
    compared = comparison_name or text("chart.development.comparison", language)
    by_unit = {unit: _by_quarter(own[own["unit"] == unit], x) for unit in names}
    words = {"name": name, "outcome": sentences.outcome_name(outcome, language).lower(),
             "definite": sentences.outcome_definite(outcome, language), "n": len(names)}  # fmt: skip
    listed = "; ".join(_listed(names[unit], rows, language) for unit, rows in by_unit.items())
    chart = partial(
        Chart,
        id=id,
        title=text("chart.multiples.title", language, **words),
        subtitle=text(f"chart.development.subtitle.{'rolling' if rolling else 'quarterly'}", language),
        x=x,
        y=Axis(sentences.outcome_name(outcome, language), text("chart.unit.percent", language), from_zero=from_zero),
        series=tuple(_series(by_unit, names, (compared, _by_quarter(other, x)), language)),
        rules=(Rule("x", numbers.quarter_ordinal(start) - 0.5),) if start else (),
        notes=tuple(_notes(by_unit, start, language)),
        alt=text(
            "chart.multiples.alt", language, listed=listed,
            conclusion=sentences.without_verdict(origin, language), **words,
        ),
        source=source,
        origin=origin,
        language=language,
    )  # fmt: skip
    own_words = constants("chart.development.subtitle.rolling", language=language)
    started = [numbers.quarter(start, language)] if start else []
    ticks = [label for _, label in x.ticks or ()]
    facts = [name, source, compared, len(names), *names.values(), *own_words, *started, *ticks]
    return publish.figure(lambda *_: chart(), rates, comparison, facts=facts)


def _by_quarter(rows: pd.DataFrame, x: Axis) -> pd.DataFrame:
    """Return a row for each quarter of the axis, empty where there is none."""
    found = rows.set_index(rows["window_end"].map(numbers.quarter_ordinal))
    if found.index.has_duplicates:
        raise ValueError(f"small multiples: quarters stand twice: {sorted(found.index[found.index.duplicated()])}")
    return found.reindex([ordinal for ordinal, _ in x.ticks or ()])


def _series(
    by_unit: Mapping[str, pd.DataFrame], names: Mapping[str, str], other: tuple[str, pd.DataFrame], language: str
) -> Iterable[Series]:
    """Yield two lines for each plot: the municipality and the comparison."""
    compared, rows = other
    for unit, own in by_unit.items():
        yield Series(text("chart.multiples.own", language), _points(own), "participant", panel=names[unit])
        yield Series(compared, _points(rows), "comparison", dash="dash", panel=names[unit])


def _points(rows: pd.DataFrame) -> tuple[Point, ...]:
    marks = rows["mark"].fillna("..")
    return tuple(
        Point(int(ordinal), optional(value), mark=mark)
        for ordinal, value, mark in zip(rows.index, rows["rate_pct"], marks, strict=True)
    )


def _listed(name: str, rows: pd.DataFrame, language: str) -> str:
    known = rows["rate_pct"].dropna()
    if known.empty:
        found = "chart.withheld" if (rows["mark"] == CONFIDENTIAL).any() else "number.missing"
        return text("chart.listed", language, name=name, value=text(found, language))
    value, quarter = numbers.percent(known.iloc[-1], 1, language), numbers.quarter(int(known.index[-1]), language)
    return text("chart.multiples.item", language, name=name, value=value, quarter=quarter)


def _notes(by_unit: Mapping[str, pd.DataFrame], start: str | None, language: str) -> Iterable[str]:
    yield text("chart.multiples.note.axes", language)
    if start:
        yield text("chart.multiples.note.start", language, quarter=numbers.quarter(start, language))
    if any(rows["rate_pct"].isna().any() for rows in by_unit.values()):
        yield text("chart.multiples.note.gaps", language)
