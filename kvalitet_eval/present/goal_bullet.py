"""Goals of one unit of measurement: the measured value with its interval, the goal and the starting point."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Axis, Chart, Point, Series, optional
from kvalitet_eval.present.chart_rows import checked_rows, level_of, require_once, value_with_interval
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import CONFIDENTIAL, PublishedFigure, PublishedTable

VERDICTS = ("reached", "not_reached", "cannot_be_told", "deadline_not_passed", "missing_data", "not_measurable")
_NEEDED = ("goal", "value", "conf_low", "conf_high", "conf_level", "target", "baseline", "verdict")


def bullet_chart(
    goals: PublishedTable,
    *,
    id: str,
    name: str,
    unit: str,
    source: str,
    decimals: int = 1,
    from_zero: bool = True,
    language: str = "nb",
) -> PublishedFigure:
    """Describe goals that are measured in the same unit, one row each, in the order given.

    Parameters
    ----------
    goals : PublishedTable
        ``goal`` (its words), ``value``, ``conf_low``, ``conf_high``, ``target``, ``baseline`` (in the unit; any may be
        missing), ``conf_level`` (a share) and ``verdict``: reached, not_reached, cannot_be_told, deadline_not_passed,
        missing_data or not_measurable.
    id : str
        Unique on the page.
    name : str
        Whose goals they are.
    unit : str
        Their unit, in the language of the chart.
    source : str
        Data and their origin, shown below the chart.
    decimals : int
        Decimals of printed values.
    from_zero : bool
        Whether the axis starts at zero.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row, a goal stands twice, or a verdict is unknown.
    """
    rows = checked_rows(goals, _NEEDED, value="value", what="goals")
    require_once(rows["goal"], "goals, goal")
    unknown = sorted(set(rows["verdict"].fillna("").astype(str)) - set(VERDICTS))
    if unknown:
        raise ValueError(f"goals: verdicts {unknown} are none of {', '.join(VERDICTS)}")
    level = level_of(rows["conf_level"], language)
    measured = text(f"chart.bullet.{'value' if level else 'value_alone'}", language, level=level)
    counts = _counts(rows, language)
    conclusion = f"{counts}."
    if goals.origin != "observed":
        conclusion += f" {text('chart.synthetic_sentence', language)}"
    listed = "; ".join(_listed(row, decimals, language) for row in rows.to_dict("records"))
    chart = partial(
        Chart,
        id=id,
        title=_title(rows, name, counts, language),
        subtitle=text("chart.bullet.subtitle", language),
        x=Axis(text("chart.bullet.x", language), ticks=tuple(enumerate(rows["goal"], start=1)), decimals=0),
        y=Axis(text("chart.bullet.y", language), unit, from_zero=from_zero, decimals=decimals),
        series=(
            Series(measured, _points(rows, "value", "conf_low", "conf_high"),
                   "participant", "marker", marker="square"),
            Series(text("chart.bullet.target", language), _points(rows, "target"), "contrast", "marker", marker="bar"),
            Series(text("chart.bullet.baseline", language), _points(rows, "baseline"), "comparison", "marker",
                   marker="circle_open"),
        ),
        notes=(text("chart.bullet.note.reading", language), text("chart.bullet.note.cause", language)),
        alt=text("chart.bullet.alt", language, name=name, unit=unit, listed=listed, conclusion=conclusion),
        source=source,
        origin=goals.origin,
        language=language,
        plane="rows",
    )  # fmt: skip
    facts = [name, source, unit, level, *(int(n) for n in rows["verdict"].value_counts())]
    return publish.figure(lambda _: chart(), goals, facts=facts)


def _title(rows: pd.DataFrame, name: str, counts: str, language: str) -> str:
    if len(rows) == 1:
        return text(f"chart.bullet.title.one.{rows['verdict'].iloc[0]}", language, goal=rows["goal"].iloc[0])
    return text("chart.bullet.title.many", language, name=name, counts=counts)


def _counts(rows: pd.DataFrame, language: str) -> str:
    """Return how many goals have each verdict, those that occur only."""
    found = rows["verdict"].value_counts()
    parts = [text(f"chart.bullet.count.{verdict}", language, n=numbers.count(found[verdict], language))
             for verdict in VERDICTS if verdict in found]  # fmt: skip
    return ", ".join(parts)


def _points(rows: pd.DataFrame, value: str, low: str = "", high: str = "") -> tuple[Point, ...]:
    return tuple(
        Point(place, optional(row[value]), *(optional(row[name]) for name in (low, high) if name), mark=row["mark"])
        for place, row in enumerate(rows.to_dict("records"), start=1)
    )


def _listed(row: dict[str, object], decimals: int, language: str) -> str:
    value = value_with_interval(row["value"], row["conf_low"], row["conf_high"], decimals, language)
    if row["mark"] == CONFIDENTIAL:
        value = text("chart.withheld", language)
    target = numbers.number(row["target"], decimals, language)
    return text("chart.bullet.item", language, goal=row["goal"], value=value, target=target)
