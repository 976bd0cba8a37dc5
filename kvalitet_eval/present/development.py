"""The development of one participant beside its comparison group, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Band, Chart, Event, Point, Rule, Series, optional, quarter_axis
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.publish import CONFIDENTIAL, MISSING, NOT_APPLICABLE, PublishedFigure, PublishedTable
from kvalitet_eval.publish.texts import require_published
from kvalitet_eval.results import OBSERVED, SYNTHETIC

_MARKED = MappingProxyType({"": "rate_pct", "low_": "low_pct", "high_": "high_pct"})
_MARK_WEIGHT = ("", NOT_APPLICABLE, MISSING, CONFIDENTIAL)


def development_chart(
    rates: PublishedTable,
    comparison: PublishedTable,
    *,
    id: str,
    name: str,
    outcome: str,
    verdict: sentences.Verdict | None,
    start: str | None,
    source: str,
    comparison_name: str = "",
    band_name: str = "",
    rolling: bool = True,
    events: Iterable[tuple[str, str]] = (),
    from_zero: bool = True,
    language: str = "nb",
) -> PublishedFigure:
    """Describe the development of a rate beside the comparison group.

    Parameters
    ----------
    rates : PublishedTable
        One row per quarter: ``window_end`` ("2007Q3", any order), ``rate_pct`` (per cent, missing or withheld is a gap)
        and optionally ``complete`` (bool): windows with fewer than four quarters are drawn apart and explained. A
        quarter without a row is a gap. Simulated figures are watermarked.
    comparison : PublishedTable
        The same for the comparison group, optionally with ``low_pct`` and ``high_pct``.
    id : str
        Unique on the page.
    name : str
        The municipality or intake, as the reader knows it.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    verdict : {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"} or None
        Conclusion of the whole analysis; decides the title. None: nothing was tested, the title claims nothing.
    start : str or None
        First treated quarter; None where it is not known.
    source : str
        Data and their origin, shown below the chart.
    comparison_name, band_name : str
        What the comparison line and its interval are called; the catalogue's words when empty.
    rolling : bool
        Whether each value is the sum of four quarters; False for single quarters.
    events : iterable of (quarter, text)
        Measures and other events, numbered in the order given and explained below the chart.
    from_zero : bool
        Whether the y axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row, a quarter stands twice, a label is not a quarter, or the verdict is
        unknown.
    """
    require_published((rates, comparison))
    own, other = _by_quarter(rates, "rates"), _by_quarter(comparison, "comparison")
    events = tuple(events)
    definite = sentences.outcome_definite(outcome, language)
    comparison_name = comparison_name or text("chart.development.comparison", language)
    band_name = band_name or text("chart.development.band", language)
    if verdict is not None:
        sentences.check_verdict(verdict)
    quarters = [*own.index, *other.index, *([numbers.quarter_ordinal(start)] if start else [])]
    quarters += [numbers.quarter_ordinal(quarter) for quarter, _ in events]
    x = quarter_axis(quarters, language=language)
    origin = SYNTHETIC if SYNTHETIC in (rates.origin, comparison.origin) else OBSERVED
    conclusion = (
        sentences.conclusion(verdict, origin, language) if verdict else sentences.without_verdict(origin, language)
    )
    alt = _alternative(own, other, {"name": name, "outcome": definite, "comparison": comparison_name}, language)
    chart = partial(
        Chart,
        id=id,
        title=text(f"chart.development.title.{verdict or 'none'}", language, name=name, outcome=definite),
        subtitle=text(f"chart.development.subtitle.{'rolling' if rolling else 'quarterly'}", language),
        x=x,
        y=Axis(sentences.outcome_name(outcome, language), text("chart.unit.percent", language), from_zero=from_zero),
        series=_series(own, other, (name, comparison_name), language),
        bands=_bands(other, band_name),
        rules=_rules(start, language),
        events=tuple(
            Event(numbers.quarter_ordinal(quarter), index, label)
            for index, (quarter, label) in enumerate(events, start=1)
        ),
        notes=_notes(own, name, start is not None and rolling, language),
        alt=f"{alt} {conclusion}",
        source=source,
        origin=origin,
        language=language,
    )
    named = (name, comparison_name, band_name, source, *(label for _, label in (*events, *x.ticks)))
    return publish.figure(lambda *_: chart(), rates, comparison, facts=_facts(own, named, language))


def _facts(own: pd.DataFrame, named: Iterable[str], language: str) -> list[object]:
    """What may stand in the chart besides its numbers: names, quarters, and how many quarters are gaps."""
    own_words = constants("chart.development.subtitle.rolling", "chart.development.note.rolling", language=language)
    return [*named, *own_words, *(int((own["mark"] == mark).sum()) for mark in (MISSING, CONFIDENTIAL))]


def _by_quarter(table: PublishedTable, what: str) -> pd.DataFrame:
    """Return the rows by ordinal of the quarter, with an empty row where a quarter is absent."""
    frame, marks = table.to_frame(), table.marks()
    frame = frame.assign(**{f"{name}mark": marks[of] for name, of in _MARKED.items() if of in marks})
    missing = [column for column in ("window_end", "rate_pct") if column not in frame]
    if missing or frame.empty:
        raise ValueError(f"development, {what}: columns are missing: {missing}" if missing else f"{what}: no rows")
    rows = frame.set_index(frame["window_end"].map(numbers.quarter_ordinal)).sort_index()
    if rows.index.has_duplicates:
        raise ValueError(f"development, {what}: quarters stand twice: {sorted(rows.index[rows.index.duplicated()])}")
    if "complete" not in rows:
        rows = rows.assign(complete=True)
    rows = rows.reindex(range(rows.index[0], rows.index[-1] + 1))
    for name in _MARKED:
        if f"{name}mark" in rows:
            rows[f"{name}mark"] = rows[f"{name}mark"].fillna(MISSING)
    return rows


def _series(own: pd.DataFrame, other: pd.DataFrame, names: tuple[str, str], language: str) -> tuple[Series, ...]:
    lines = [
        Series(names[0], _points(own, own["complete"].eq(True)), "participant"),
        Series(names[1], _points(other, other["complete"].eq(True)), "comparison", dash="dash"),
    ]
    for role, name, rows in zip(("participant", "comparison"), names, (own, other), strict=True):
        is_incomplete = rows["complete"].eq(False)
        if is_incomplete.any():
            label = text("chart.development.incomplete", language, name=name)
            lines.append(Series(label, _points(rows, is_incomplete), role, "marker", marker="circle_open"))
    return tuple(lines)


def _points(rows: pd.DataFrame, shown: pd.Series) -> tuple[Point, ...]:
    values, marks = rows["rate_pct"].where(shown), rows["mark"].where(shown | rows["rate_pct"].isna(), NOT_APPLICABLE)
    return tuple(
        Point(int(ordinal), optional(value), mark=mark)
        for (ordinal, value), mark in zip(values.items(), marks, strict=True)
    )


def _bands(other: pd.DataFrame, band_name: str) -> tuple[Band, ...]:
    if "low_pct" not in other or "high_pct" not in other or other["low_pct"].isna().all():
        return ()
    limits = [tuple(optional(value) for value in other[name]) for name in ("low_pct", "high_pct")]
    marks = tuple(max(pair, key=_MARK_WEIGHT.index) for pair in zip(other["low_mark"], other["high_mark"], strict=True))
    return (Band(band_name, tuple(int(ordinal) for ordinal in other.index), *limits, marks=marks),)


def _rules(start: str | None, language: str) -> tuple[Rule, ...]:
    if start is None:
        return ()
    label = text("chart.start", language, quarter=numbers.quarter(start, language))
    return (Rule("x", numbers.quarter_ordinal(start) - 0.5, label),)


def _notes(own: pd.DataFrame, name: str, is_mixed: bool, language: str) -> tuple[str, ...]:
    notes = [text("chart.development.note.rolling", language)] if is_mixed else []
    for kind, mark in (("gaps", MISSING), ("withheld", CONFIDENTIAL)):
        n_gaps = int((own["mark"] == mark).sum())
        if n_gaps:
            form = "withheld_one" if kind == "withheld" and n_gaps == 1 else kind
            notes.append(text(f"chart.development.note.{form}", language, n=n_gaps, name=name))
    return tuple(notes)


def _alternative(own: pd.DataFrame, other: pd.DataFrame, values: Mapping[str, str], language: str) -> str:
    known = own["rate_pct"].dropna()
    if known.empty:
        kind = "alt_withheld" if (own["mark"] == CONFIDENTIAL).any() else "alt_empty"
        return text(f"chart.development.{kind}", language, **values)
    latest = known.index[-1]
    is_withheld = "mark" in other and other["mark"].get(latest) == CONFIDENTIAL
    beside = numbers.percent(other["rate_pct"].get(latest), 1, language)
    return text(
        "chart.development.alt",
        language,
        first_quarter=numbers.quarter(int(known.index[0]), language),
        first=numbers.percent(known.iloc[0], 1, language),
        latest_quarter=numbers.quarter(int(latest), language),
        latest=numbers.percent(known.iloc[-1], 1, language),
        comparison_latest=text("chart.withheld", language) if is_withheld else beside,
        **values,
    )
