"""What a municipality has filled in, as sentences in its own language, and what is said around them in the reader's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kvalitet_eval import publish
from kvalitet_eval.prepare.documents.models import Frame, Goal, Measure, Result
from kvalitet_eval.prepare.documents.municipality_texts import Happening
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable, PublishedText

_MOST_DECIMALS = 9


def written_date(date: str, language: str) -> str:
    """Return a date, or a month, as it is written in the language.

    Examples
    --------
    >>> written_date("2007-08-01", "nb"), written_date("2007-10", "nn"), written_date("2007-10", "en")
    ('1. august 2007', 'oktober 2007', 'October 2007')
    """
    if len(date) == len("2007-10"):
        return numbers.month(dt.date.fromisoformat(f"{date}-01"), language)
    return numbers.date(dt.date.fromisoformat(date), language)


def quarter_of_date(date: str) -> str:
    """Return the quarter of a date or a month.

    Examples
    --------
    >>> quarter_of_date("2007-08-01"), quarter_of_date("2007-10")
    ('2007Q3', '2007Q4')
    """
    return f"{date[:4]}Q{(int(date[5:7]) + 2) // 3}"


def field_words(place: str, value: Any, language: str) -> str:
    """Return what stands in a field, such as ``poster.goal`` or ``mandate.goals``, in words."""
    match place:
        case "status.date":
            return text("own.status.date", language, date=written_date(value, language))
        case "status.phase":
            return text("own.status.phase", language, phase=text(f"own.phase.{value}", language))
        case "mandate.frame":
            return listed(frame_words(value, language))
        case _ if place in _LINES:
            return listed(_LINES[place](item, language) for item in value)
        case _:
            return str(value)


def happening_words(item: Happening, language: str, number: int | None = None) -> str:
    """Return one trial or event with its comment; ``number`` is its mark in the chart, None when it has none."""
    values = {"date": written_date(item.date, language), "kind": text(f"own.kind.{item.kind}", language)}
    key = "own.event.outside" if number is None else "own.event"
    said = text(key, language, number=number, name=_bare(item.name), **values)
    return f"{said} {item.comment}" if item.comment else said


def happening_label(item: Happening, own: str, language: str) -> str:
    """Return what a number in the chart means: the municipality's words where they are in the reader's language."""
    if own == language:
        return item.name
    kind = text(f"own.kind.{item.kind}", language)
    return text("own.chart.event", language, kind=kind, date=written_date(item.date, language))


def result_words(item: Result, language: str) -> str:
    """Return one measurement."""
    value, date = _number(item.value, language, item.value), written_date(item.date, language)
    return text("own.result", language, indicator=item.indicator, unit=item.unit, value=value, date=date)


def goal_words(item: Goal, language: str) -> str:
    """Return one goal with its level before, its level to reach and its deadline."""
    known = [value for value in (item.baseline, item.target) if value is not None]
    printed = {name: _number(value, language, *known) for name, value in
               (("baseline", item.baseline), ("target", item.target)) if value is not None}  # fmt: skip
    kind = "maintain" if item.direction == "maintain" else "reach" if item.baseline is None else "change"
    named = {"id": item.id, "goal": _bare(item.goal), "indicator": item.indicator, "unit": item.unit}
    return text(f"own.goal.{kind}", language, deadline=written_date(item.deadline, language), **named, **printed)


def frame_words(frame: Frame, language: str) -> list[str]:
    """Return budget, organisation, time and phases."""
    phases = ", ".join(text(f"own.phase.{phase}", language) for phase in frame.phases)
    return [
        text("own.frame.budget", language, budget=_number(frame.budget_nok, language, frame.budget_nok)),
        text("own.frame.organisation", language, organisation=frame.organisation),
        text("own.frame.time", language, start=written_date(frame.start, language),
             end=written_date(frame.end, language)),
        text("own.frame.phases", language, phases=phases),
    ]  # fmt: skip


def measure_words(item: Measure, language: str) -> str:
    """Return one measure with its time and the goal it serves."""
    start = written_date(item.start, language)
    if item.end is None:
        time = text("own.measure.from", language, start=start)
    else:
        time = text("own.measure.span", language, start=start, end=written_date(item.end, language))
    dimension = text(f"own.dimension.{item.dimension}", language)
    said = text("own.measure", language, name=_bare(item.name), dimension=dimension, time=time)
    return said if item.goal is None else f"{said} {text('own.measure.goal', language, goal=item.goal)}"


def municipality_sentence(
    *, name: str, county: str, population: int, year: int, programme: str, intake: str | None, start: str | None,
    language: str = "nb",
) -> PublishedText:  # fmt: skip
    """Say who the municipality is, and when it joined; ``start`` is a quarter, None when nobody knows."""
    facts = {"name": name, "county": county, "programme": programme, "year": year}
    facts["population"] = numbers.count(population, language)
    key = "own.municipality.start_unknown"
    if intake is not None and start is not None:
        key, facts["intake"], facts["quarter"] = "own.municipality", intake, numbers.quarter(start, language)
    return say(key, language, **facts, facts=facts.values())


_LINES: Mapping[str, Callable[[Any, str], str]] = MappingProxyType(
    {"status.results": result_words, "mandate.goals": goal_words, "mandate.measures": measure_words}
)


def change_sentence(expected: PublishedTable, language: str = "nb") -> PublishedText:
    """Say whether the change since the start is one that is usual without any programme.

    Parameters
    ----------
    expected : PublishedTable
        One row of ``report.structures.EXPECTED_CHANGE``; none, or withheld, when nobody can tell.
    """
    rows = expected.to_frame().dropna(subset=["change", "expected_low", "expected_high"]) if len(expected) else ()
    if not len(rows):
        return say("own.change.unknown", language)
    row = rows.iloc[0]
    inside = row["expected_low"] <= row["change"] <= row["expected_high"]
    return say(f"own.change.{'inside' if inside else 'outside'}", language, expected)


def listed(lines: Iterable[str]) -> str:
    """Return lines as a list."""
    return "\n".join(f"- {line}" for line in lines)


def own_limits(
    *, has_chart: bool, has_level: bool = False, is_invented: bool, is_synthetic: bool, language: str = "nb"
) -> PublishedText:
    """List what a document with a municipality's own words does not show.

    Parameters
    ----------
    has_chart, has_level : bool
        Whether it draws the sick leave, with sentences on its level, or has the sentences alone.
    is_invented, is_synthetic : bool
        Whether the words are an example, and the sick leave simulated.
    """
    keys = ["single"] if has_chart or has_level else []
    keys += ["invented"] if is_invented else ["words"] if has_chart else ["words_only"]
    if is_synthetic:
        keys += ["synthetic"] if has_chart else ["synthetic_level"] if has_level else []
    return publish.text(listed(text(f"own.limits.{key}", language) for key in keys))


def _number(value: float, language: str, *alike: float) -> str:
    """Print a number with the decimals it was written with; those that stand together have the same."""
    decimals = max(len(f"{item:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2]) for item in alike)
    return numbers.number(value, decimals, language)


def _bare(words: str) -> str:
    return words.rstrip(".")
