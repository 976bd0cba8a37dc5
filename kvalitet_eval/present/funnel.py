"""A rate of each municipality against its size, with limits for random variation: not a league table."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Band, Chart, Point, Series
from kvalitet_eval.present.chart_rows import checked_rows, require_once
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedFigure, PublishedTable

_LEVELS = (("95", 95.0, 0), ("998", 99.8, 1))  # columns, level in per cent, decimals it is printed with
_NEEDED = ("name", "size", "value", "centre", "lower_95", "upper_95", "lower_998", "upper_998")


def funnel_chart(
    units: PublishedTable,
    *,
    id: str,
    own: str,
    outcome: str,
    source: str,
    from_zero: bool = True,
    language: str = "nb",
) -> PublishedFigure:
    """Describe where one municipality lies among others of other sizes.

    Parameters
    ----------
    units : PublishedTable
        One row per municipality: ``name``, ``size`` (employees, above zero), ``value`` and ``centre`` (per cent), and
        the limits for its size at 95 and 99.8 per cent, ``lower_95``, ``upper_95``, ``lower_998``, ``upper_998``. A row
        without a value or a size is counted and not drawn; the same size has the same limits.
    id : str
        Unique on the page.
    own : str
        The ``name`` that is set apart; the title says where it lies against the outer limits.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    source : str
        Data and their origin, shown below the chart.
    from_zero : bool
        Whether the y axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row with a value, a name stands twice, the municipality is not among the rows,
        or two rows of the same size have different limits.
    """
    rows = checked_rows(units, _NEEDED, value="value", what="funnel")
    require_once(rows["name"], "funnel, name")
    drawn = rows.dropna(subset=["size", "value"]).sort_values(["size", "name"], kind="stable")
    if own not in set(rows["name"]) or drawn.empty:
        raise ValueError(f"funnel: {own!r} is not among the rows, or no row has a value")
    limits = _limits(drawn)
    verdict = _verdict(drawn, own)
    heading = sentences.outcome_name(outcome, language)
    words = {
        "name": own,
        "outcome": heading.lower(),
        "definite": sentences.outcome_definite(outcome, language),
        "municipalities": numbers.counted("municipalities", len(drawn), language),
    }
    n_absent = len(rows) - len(drawn)
    notes = [text("chart.funnel.note.reading", language)]
    notes += [text("chart.funnel.note.absent", language, n=n_absent)] if n_absent else []
    bands = tuple(_band(limits, *level, language=language) for level in _LEVELS)
    chart = partial(
        Chart,
        id=id,
        title=text(f"chart.funnel.title.{verdict}", language, **words),
        subtitle=text("chart.funnel.subtitle", language),
        x=Axis(text("chart.funnel.x", language), decimals=0, scale="log"),
        y=Axis(sentences.outcome_name(outcome, language), text("chart.unit.percent", language), from_zero=from_zero),
        series=(*_points(drawn, own, language), _centre(limits, language)),
        bands=bands,
        notes=tuple(notes),
        alt=_alternative(drawn[drawn["name"] == own], verdict, words, units.origin, language),
        source=source,
        origin=units.origin,
        language=language,
        table_by="point",
    )
    facts = [source, n_absent, len(drawn), *(_printed(level, decimals, language) for _, level, decimals in _LEVELS)]
    return publish.figure(lambda _: chart(), units, facts=facts)


def _limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the centre and the limits for each size, in order."""
    columns = [name for name in _NEEDED if name not in ("name", "value")]
    limits = rows[columns].dropna().drop_duplicates().sort_values("size")
    if limits["size"].duplicated().any():
        twice = sorted(set(limits.loc[limits["size"].duplicated(), "size"]))
        raise ValueError(f"funnel: different limits for the same size: {twice}")
    return limits.set_index("size")


def _verdict(drawn: pd.DataFrame, own: str) -> str:
    """Return where a municipality lies against the outer limits; without a value or limits it cannot be told."""
    row = drawn[drawn["name"] == own]
    if row.empty or row[["lower_998", "upper_998"]].isna().to_numpy().any():
        return "cannot_be_told"
    value, lower, upper = (float(row[name].iloc[0]) for name in ("value", "lower_998", "upper_998"))
    return "below" if value < lower else "above" if value > upper else "inside"


def _points(drawn: pd.DataFrame, own: str, language: str) -> tuple[Series, ...]:
    """Return the municipality that is set apart, when it has a value, and the others."""
    found = []
    is_own = drawn["name"] == own
    groups = ((own, is_own, "participant", "square"),
              (text("chart.funnel.others", language), ~is_own, "comparison", "circle_open"))  # fmt: skip
    for name, chosen, role, marker in groups:
        points = tuple(
            Point(float(row["size"]), float(row["value"]), name=row["name"], is_named=row["name"] == own)
            for row in drawn[chosen].to_dict("records")
        )
        if points:
            found.append(Series(name, points, role, "marker", marker=marker))
    return tuple(found)


def _centre(limits: pd.DataFrame, language: str) -> Series:
    points = tuple(Point(float(size), float(value)) for size, value in limits["centre"].items())
    return Series(text("chart.funnel.centre", language), points, "comparison", dash="dash")


def _printed(level: float, decimals: int, language: str) -> str:
    return numbers.percent(level, decimals, language)


def _band(limits: pd.DataFrame, column: str, level: float, decimals: int, *, language: str) -> Band:
    name = text("chart.funnel.inner", language, level=_printed(level, decimals, language))
    low, high = (tuple(float(value) for value in limits[f"{side}_{column}"]) for side in ("lower", "upper"))
    edge = "solid" if level == _LEVELS[-1][1] else "dash"
    return Band(name, tuple(float(size) for size in limits.index), low, high, edge=edge)


def _alternative(own: pd.DataFrame, verdict: str, words: dict[str, str], origin: str, language: str) -> str:
    conclusion = text(f"chart.funnel.verdict.{verdict}", language)
    if origin != "observed":
        conclusion += f" {text('chart.synthetic_sentence', language)}"
    if own.empty:
        return text("chart.funnel.alt_absent", language, conclusion=conclusion, **words)
    column, level, decimals = _LEVELS[-1]
    return text(
        "chart.funnel.alt",
        language,
        value=numbers.percent(own["value"].iloc[0], 1, language),
        level=_printed(level, decimals, language),
        limits=numbers.interval(own[f"lower_{column}"].iloc[0], own[f"upper_{column}"].iloc[0], 1, language),
        conclusion=conclusion,
        **words,
    )
