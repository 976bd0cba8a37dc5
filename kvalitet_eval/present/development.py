"""The development of one participant beside its comparison group, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Band, Chart, Event, Origin, Point, Rule, Series, optional, quarter_axis
from kvalitet_eval.present.messages import text

ROLLING_QUARTERS = 4


def development_chart(
    rates: pd.DataFrame,
    comparison: pd.DataFrame,
    *,
    id: str,
    name: str,
    outcome: str,
    verdict: sentences.Verdict | None,
    start: str | None,
    source: str,
    origin: Origin,
    comparison_name: str = "",
    band_name: str = "",
    rolling: bool = True,
    expected_regression_pp: float | None = None,
    events: Iterable[tuple[str, str]] = (),
    from_zero: bool = True,
    language: str = "nb",
) -> Chart:
    """Describe the development of a rate beside the comparison group.

    Parameters
    ----------
    rates : pandas.DataFrame
        One row per quarter: ``window_end`` ("2007Q3", any order), ``rate_pct`` (per cent, missing is a gap) and
        optionally ``complete`` (bool): windows with fewer than four quarters are drawn apart and explained. A quarter
        without a row is a gap. Never changed.
    comparison : pandas.DataFrame
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
    origin : {"observed", "syntetisk"}
        Synthetic figures are watermarked.
    comparison_name, band_name : str
        What the comparison line and its interval are called; the catalogue's words when empty.
    rolling : bool
        Whether each value is the sum of four quarters; False for single quarters.
    expected_regression_pp : float, optional
        Change that selection on the outcome leads to by itself, in percentage points; goes into a note.
    events : iterable of (quarter, text)
        Measures and other events, numbered in the order given and explained below the chart.
    from_zero : bool
        Whether the y axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ValueError
        A column is missing, there is no row, a quarter stands twice, a label is not a quarter, or the verdict is
        unknown.
    """
    own, other = _by_quarter(rates, "rates"), _by_quarter(comparison, "comparison")
    definite = sentences.outcome_definite(outcome, language)
    comparison_name = comparison_name or text("chart.development.comparison", language)
    band_name = band_name or text("chart.development.band", language)
    if verdict is not None:
        sentences.check_verdict(verdict)
    quarters = [*own.index, *other.index, *([numbers.quarter_ordinal(start)] if start else [])]
    return Chart(
        id=id,
        title=text(f"chart.development.title.{verdict or 'none'}", language, name=name, outcome=definite),
        subtitle=text(f"chart.development.subtitle.{'rolling' if rolling else 'quarterly'}", language),
        x=quarter_axis(quarters, language=language),
        y=Axis(sentences.outcome_name(outcome, language), text("chart.unit.percent", language), from_zero=from_zero),
        series=_series(own, other, (name, comparison_name), language),
        bands=_bands(other, band_name),
        rules=_rules(start, language),
        events=tuple(
            Event(numbers.quarter_ordinal(quarter), index, label)
            for index, (quarter, label) in enumerate(events, start=1)
        ),
        notes=_notes(own, name, start is not None and rolling, expected_regression_pp, language),
        alt=_alternative(own, other, {"name": name, "outcome": definite, "comparison": comparison_name}, language)
        + " "
        + (sentences.conclusion(verdict, origin, language) if verdict else sentences.without_verdict(origin, language)),
        source=source,
        origin=origin,
        language=language,
    )


def _by_quarter(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return the rows by ordinal of the quarter, with an empty row where a quarter is absent."""
    missing = [column for column in ("window_end", "rate_pct") if column not in frame]
    if missing or frame.empty:
        raise ValueError(f"development, {what}: columns are missing: {missing}" if missing else f"{what}: no rows")
    rows = frame.set_index(frame["window_end"].map(numbers.quarter_ordinal)).sort_index()
    if rows.index.has_duplicates:
        raise ValueError(f"development, {what}: quarters stand twice: {sorted(rows.index[rows.index.duplicated()])}")
    if "complete" not in rows:
        rows = rows.assign(complete=True)
    return rows.reindex(range(rows.index[0], rows.index[-1] + 1))


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
    values = rows["rate_pct"].where(shown)
    return tuple(Point(int(ordinal), optional(value)) for ordinal, value in values.items())


def _bands(other: pd.DataFrame, band_name: str) -> tuple[Band, ...]:
    if "low_pct" not in other or "high_pct" not in other or other["low_pct"].isna().all():
        return ()
    limits = [tuple(optional(value) for value in other[name]) for name in ("low_pct", "high_pct")]
    return (Band(band_name, tuple(int(ordinal) for ordinal in other.index), *limits),)


def _rules(start: str | None, language: str) -> tuple[Rule, ...]:
    if start is None:
        return ()
    label = text("chart.start", language, quarter=numbers.quarter(start, language))
    return (Rule("x", numbers.quarter_ordinal(start) - 0.5, label),)


def _notes(
    own: pd.DataFrame, name: str, is_mixed: bool, expected_regression_pp: float | None, language: str
) -> tuple[str, ...]:
    notes = [text("chart.development.note.rolling", language)] if is_mixed else []
    n_gaps = int(own["rate_pct"].isna().sum())
    if n_gaps:
        notes.append(text("chart.development.note.gaps", language, n=n_gaps, name=name))
    if expected_regression_pp is not None:
        expected = numbers.points(expected_regression_pp, 2, language)
        notes.append(text("chart.development.note.regression", language, expected=expected))
    return tuple(notes)


def _alternative(own: pd.DataFrame, other: pd.DataFrame, values: Mapping[str, str], language: str) -> str:
    known = own["rate_pct"].dropna()
    if known.empty:
        return text("chart.development.alt_empty", language, **values)
    latest = known.index[-1]
    return text(
        "chart.development.alt",
        language,
        first_quarter=numbers.quarter(int(known.index[0]), language),
        first=numbers.percent(known.iloc[0], 1, language),
        latest_quarter=numbers.quarter(int(latest), language),
        latest=numbers.percent(known.iloc[-1], 1, language),
        comparison_latest=numbers.percent(other["rate_pct"].get(latest), 1, language),
        **values,
    )
