"""The annotated run chart: one indicator over time with numbered measures and events, and limits if there are any."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Band, Chart, Event, Point, Rule, Series, optional, quarter_axis
from kvalitet_eval.present.chart_rows import checked_rows, require_once, told
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.publish import CONFIDENTIAL, MISSING, PublishedFigure, PublishedTable

_NO_SIGNAL = "none"


def run_chart(
    rates: PublishedTable,
    *,
    id: str,
    name: str,
    outcome: str,
    source: str,
    verdict: sentences.Verdict | None = None,
    start: str | None = None,
    events: Iterable[tuple[str, str]] = (),
    rolling: bool = True,
    from_zero: bool = True,
    language: str = "nb",
) -> PublishedFigure:
    """Describe one indicator over time, with the measures and events of those who worked with it.

    Parameters
    ----------
    rates : PublishedTable
        One row per quarter, in any order: ``window_end`` ("2007Q3") and ``rate_pct`` (per cent; missing or withheld is
        a gap), and from a control chart also ``centre``, ``lower``, ``upper`` (per cent) and ``signal`` ("none" where
        there is none). A quarter without a row is a gap.
    id : str
        Unique on the page.
    name : str
        The municipality or unit, as the reader knows it.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    source : str
        Data and their origin, shown below the chart.
    verdict : {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}, optional
        Decides the title. None: nothing was tested, the title claims nothing.
    start : str, optional
        First quarter in the programme.
    events : iterable of (quarter, text)
        Measures and events, numbered in the order given and explained below the chart.
    rolling : bool
        Whether each value is the sum of four quarters. Limits are never drawn for those: they share quarters.
    from_zero : bool
        Whether the y axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row, a quarter stands twice, a label is not a quarter, limits are given for
        rolling windows, or the verdict is unknown.
    """
    rows = _by_quarter(checked_rows(rates, ("window_end", "rate_pct"), value="rate_pct", what="run chart"))
    if rolling and {"lower", "upper"} & set(rows):
        raise ValueError("run chart: control limits cannot be drawn for windows that share quarters")
    events = tuple(events)
    definite = sentences.outcome_definite(outcome, language)
    words = {"name": name, "outcome": sentences.outcome_name(outcome, language), "definite": definite}
    x = quarter_axis(_quarters(rows, start, events), language=language)
    conclusion = told(verdict, rates.origin, language)
    chart = partial(
        Chart,
        id=id,
        title=text(f"chart.run.title.{verdict or 'none'}", language, **words),
        subtitle=text(f"chart.development.subtitle.{'rolling' if rolling else 'quarterly'}", language),
        x=x,
        y=Axis(words["outcome"], text("chart.unit.percent", language), from_zero=from_zero),
        series=tuple(_series(rows, name, language)),
        bands=_limits(rows, language),
        rules=_start(start, language),
        events=tuple(
            Event(numbers.quarter_ordinal(quarter), number, label)
            for number, (quarter, label) in enumerate(events, start=1)
        ),
        notes=tuple(_notes(rows, bool(events), language)),
        alt=_alternative(rows, events, words, conclusion, language),
        source=source,
        origin=rates.origin,
        language=language,
    )
    counted = [int((rows["mark"] == mark)[rows["rate_pct"].isna()].sum()) for mark in (MISSING, CONFIDENTIAL)]
    own_words = constants("chart.development.subtitle.rolling", language=language)
    facts = [name, source, *own_words, *counted, *(label for _, label in (*events, *x.ticks))]
    return publish.figure(lambda _: chart(), rates, facts=facts)


def _by_quarter(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by ordinal of the quarter, with an empty row where a quarter is absent."""
    require_once(rows["window_end"], "run chart, window_end")
    rows = rows.set_index(rows["window_end"].map(numbers.quarter_ordinal)).sort_index()
    rows = rows.reindex(range(rows.index[0], rows.index[-1] + 1))
    return rows.assign(mark=rows["mark"].fillna(MISSING))


def _quarters(rows: pd.DataFrame, start: str | None, events: tuple[tuple[str, str], ...]) -> list[int]:
    named = [numbers.quarter_ordinal(quarter) for quarter in (*([start] if start else []), *(q for q, _ in events))]
    return [*(int(ordinal) for ordinal in rows.index), *named]


def _series(rows: pd.DataFrame, name: str, language: str) -> Iterable[Series]:
    points = [
        Point(int(ordinal), optional(value), mark=mark)
        for ordinal, value, mark in zip(rows.index, rows["rate_pct"], rows["mark"], strict=True)
    ]
    yield Series(name, tuple(points), "participant", "both")
    if "centre" in rows and rows["centre"].notna().any():
        centre = tuple(Point(int(ordinal), optional(value)) for ordinal, value in rows["centre"].items())
        yield Series(text("chart.run.centre", language), centre, "comparison", dash="dash")
    signals = _signals(rows)
    if len(signals):
        marked = tuple(Point(int(ordinal), optional(value)) for ordinal, value in signals["rate_pct"].items())
        yield Series(text("chart.run.signal", language), marked, "contrast", "marker", marker="diamond")


def _signals(rows: pd.DataFrame) -> pd.DataFrame:
    if "signal" not in rows:
        return rows.iloc[:0]
    return rows[rows["signal"].notna() & (rows["signal"] != _NO_SIGNAL) & rows["rate_pct"].notna()]


def _limits(rows: pd.DataFrame, language: str) -> tuple[Band, ...]:
    if not {"lower", "upper"} <= set(rows) or rows["lower"].isna().all():
        return ()
    limits = [tuple(optional(value) for value in rows[name]) for name in ("lower", "upper")]
    return (Band(text("chart.run.limits", language), tuple(int(ordinal) for ordinal in rows.index), *limits),)


def _start(start: str | None, language: str) -> tuple[Rule, ...]:
    if start is None:
        return ()
    label = text("chart.start", language, quarter=numbers.quarter(start, language))
    return (Rule("x", numbers.quarter_ordinal(start) - 0.5, label),)


def _notes(rows: pd.DataFrame, has_events: bool, language: str) -> Iterable[str]:
    if has_events:
        yield text("chart.run.note.events", language)
    for kind, mark in (("missing", MISSING), ("withheld", CONFIDENTIAL)):
        n = int((rows["rate_pct"].isna() & (rows["mark"] == mark)).sum())
        if n:
            yield text(f"chart.run.note.{kind}", language, n=n)


def _alternative(
    rows: pd.DataFrame, events: tuple[tuple[str, str], ...], words: dict[str, str], conclusion: str, language: str
) -> str:
    known = rows["rate_pct"].dropna()
    listed = "; ".join(
        text("chart.run.event", language, quarter=numbers.quarter(quarter, language), event=label)
        for quarter, label in events
    )
    said = text("chart.run.alt_events", language, listed=listed) if events else ""
    if known.empty:
        return text("chart.run.alt_empty", language, events=said, conclusion=conclusion, **words)
    outside = ", ".join(numbers.quarter(int(ordinal), language) for ordinal in _signals(rows).index)
    return text(
        "chart.run.alt",
        language,
        first=numbers.percent(known.iloc[0], 1, language),
        first_quarter=numbers.quarter(int(known.index[0]), language),
        latest=numbers.percent(known.iloc[-1], 1, language),
        latest_quarter=numbers.quarter(int(known.index[-1]), language),
        signals=text("chart.run.alt_signals", language, listed=outside) if outside else "",
        events=said,
        conclusion=conclusion,
        **words,
    )
