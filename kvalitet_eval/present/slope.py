"""Two values of each municipality joined by a line: before and after, or expected and observed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Literal

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Chart, Point, Series
from kvalitet_eval.present.chart_rows import checked_rows, require_once, told
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedFigure, PublishedTable

Ends = Literal["before_after", "expected_observed"]
_COLUMNS = {"before_after": ("before", "after"), "expected_observed": ("expected", "observed")}
_DASHES = ("dash", "dot", "solid")
_MARKERS = ("square", "diamond", "triangle", "triangle_down", "circle_open")


def slope_chart(
    changes: PublishedTable,
    *,
    id: str,
    name: str,
    own: str,
    outcome: str,
    ends: Ends,
    source: str,
    verdict: sentences.Verdict | None = None,
    from_zero: bool = False,
    language: str = "nb",
) -> PublishedFigure:
    """Describe two values of each municipality.

    Parameters
    ----------
    changes : PublishedTable
        One row per municipality, in the order in which they are listed: ``name`` and, in per cent, ``before`` and
        ``after``, or ``expected`` and ``observed``. A municipality without both values is counted and not drawn.
    id : str
        Unique on the page.
    name : str
        What the chart is about: the municipality or the network.
    own : str
        The ``name`` in the table that is set apart; empty for none.
    outcome : str
        Identifier of the outcome; its words are in the catalogue.
    ends : {"before_after", "expected_observed"}
        Which two values.
    source : str
        Data and their origin, shown below the chart.
    verdict : {"better", "worse", "cannot_be_told", "consistent_with_regression_to_the_mean"}, optional
        Conclusion of the whole analysis; decides the title. None: nothing was tested, the title claims nothing.
    from_zero : bool
        Whether the y axis starts at zero; a slope is about differences and does not unless told.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row with both values, a name stands twice, or the verdict or the ends are
        unknown.
    """
    if ends not in _COLUMNS:
        raise ValueError(f"slope: ends {ends!r} are none of {', '.join(_COLUMNS)}")
    columns = _COLUMNS[ends]
    rows = checked_rows(changes, ("name", *columns), value=columns[1], what="slope")
    require_once(rows["name"], "slope, name")
    drawn = rows.dropna(subset=list(columns))
    if drawn.empty:
        raise ValueError("slope: no row has both values")
    first, last = text(f"chart.slope.ends.{ends}", language), text(f"chart.slope.ends.{ends}_last", language)
    words = {
        "name": name,
        "outcome": sentences.outcome_name(outcome, language),
        "definite": sentences.outcome_definite(outcome, language),
        "first": first.lower(),
        "last": last.lower(),
    }
    n_absent, conclusion = len(rows) - len(drawn), told(verdict, changes.origin, language)
    chart = partial(
        Chart,
        id=id,
        title=text(f"chart.slope.title.{verdict or 'none'}", language, **words),
        subtitle=text(f"chart.slope.subtitle.{ends}", language),
        x=Axis("", ticks=((0, first), (1, last)), decimals=0),
        y=Axis(words["outcome"], text("chart.unit.percent", language), from_zero=from_zero),
        series=_series(drawn, columns, own),
        notes=tuple(_notes(ends, n_absent, language)),
        alt=text(
            "chart.slope.alt",
            language,
            listed="; ".join(_listed(row, columns, language) for row in drawn.to_dict("records")),
            conclusion=conclusion,
            **words,
        ),
        source=source,
        origin=changes.origin,
        language=language,
        table_by="series",
    )
    return publish.figure(lambda _: chart(), changes, facts=[name, source, n_absent])


def _series(rows: pd.DataFrame, columns: tuple[str, str], own: str) -> tuple[Series, ...]:
    """Return a line for each municipality, the one that is set apart first."""
    ordered = pd.concat([rows[rows["name"] == own], rows[rows["name"] != own]])
    lines = []
    for row in ordered.to_dict("records"):
        points = tuple(Point(place, float(row[column])) for place, column in enumerate(columns))
        if row["name"] == own:
            lines.append(Series(row["name"], points, "participant", "both"))
            continue
        place = len(lines)
        marker, dash = _MARKERS[place % len(_MARKERS)], _DASHES[place % len(_DASHES)]
        lines.append(Series(row["name"], points, "comparison", "both", dash, marker))
    return tuple(lines)


def _notes(ends: Ends, n_absent: int, language: str) -> Iterable[str]:
    yield text(f"chart.slope.note.{ends}", language)
    if n_absent:
        yield text("chart.slope.note.absent", language, n=n_absent)


def _listed(row: dict[str, object], columns: tuple[str, str], language: str) -> str:
    first, last = (numbers.percent(row[column], 1, language) for column in columns)
    return text("chart.slope.item", language, name=row["name"], first=first, last=last)
