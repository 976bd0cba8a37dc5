"""When each intake joined, when its measures began, and when the programme ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Axis, Chart, Point, Rule, Series, quarter_axis
from kvalitet_eval.present.chart_rows import checked_rows, described, require_once
from kvalitet_eval.present.messages import text
from kvalitet_eval.publish import PublishedFigure, PublishedTable

NO_MEASURES: Mapping[str, str] = MappingProxyType({})


def timeline_chart(
    intakes: PublishedTable,
    *,
    id: str,
    programme: str,
    ended: str,
    source: str,
    measures: Mapping[str, str] = NO_MEASURES,
    language: str = "nb",
) -> PublishedFigure:
    """Describe the intakes of a programme along time, one row each, in the order given.

    Parameters
    ----------
    intakes : PublishedTable
        One row per intake: ``name`` and ``first_quarter`` ("2007Q2", missing where it is not known), as
        ``report.open_tables`` publishes the account of the participants.
    id : str
        Unique on the page.
    programme : str
        Its name.
    ended : str
        The last quarter of the programme.
    source : str
        Data and their origin, shown below the chart.
    measures : mapping of str to str
        The quarter in which most measures of an intake had begun, by its name; an intake may be absent.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row, a name stands twice, a label is not a quarter, or measures began in an
        intake that is not among the rows.
    """
    rows = checked_rows(intakes, ("name", "first_quarter"), value="first_quarter", what="timeline")
    require_once(rows["name"], "timeline, name")
    unknown = sorted(set(measures) - set(rows["name"]))
    if unknown:
        raise ValueError(f"timeline, measures: no intake called {unknown}")
    starts = {name: None if numbers.is_missing(q) else numbers.quarter_ordinal(q)
              for name, q in zip(rows["name"], rows["first_quarter"], strict=True)}  # fmt: skip
    began = {name: numbers.quarter_ordinal(quarter) for name, quarter in measures.items()}
    last = numbers.quarter_ordinal(ended)
    known = [start for start in starts.values() if start is not None]
    y = quarter_axis([*known, *began.values(), last], text("chart.timeline.y", language), language)
    words = {"programme": programme, "last": numbers.quarter(last, language)}
    words["first"] = numbers.quarter(min([*known, last]), language)
    listed = "; ".join(_listed(name, start, began.get(name), language) for name, start in starts.items())
    chart = partial(
        Chart,
        id=id,
        title=text("chart.timeline.title", language, **words),
        subtitle=text("chart.timeline.subtitle", language),
        x=Axis(text("chart.timeline.x", language), ticks=tuple(enumerate(starts, start=1)), decimals=0),
        y=Axis(y.title, ticks=y.ticks, decimals=0, kind="quarter"),
        series=tuple(_series(starts, began, last, language)),
        rules=(Rule("y", last, text("chart.timeline.end", language, quarter=words["last"])),),
        notes=tuple(_notes(starts, began, language)),
        alt=text(
            "chart.timeline.alt", language, listed=listed, conclusion=described(intakes.origin, language), **words
        ),
        source=source,
        origin=intakes.origin,
        language=language,
        plane="rows",
    )
    quarters = [*known, *began.values(), last]
    facts = [programme, source, *quarters, *(label for _, label in y.ticks), *starts]
    return publish.figure(lambda _: chart(), intakes, facts=facts)


def _series(starts: Mapping[str, int | None], began: Mapping[str, int], last: int, language: str) -> Iterable[Series]:
    within = tuple(
        Point(row, start, start, max(start, last)) if start is not None else Point(row, None)
        for row, start in enumerate(starts.values(), start=1)
    )
    said = {key: text(f"chart.timeline.{key}", language) for key in ("series", "limits")}
    yield Series(said["series"], within, "participant", "marker", marker="square", limits=said["limits"])
    if began:
        marked = tuple(Point(row, began[name]) for row, name in enumerate(starts, start=1) if name in began)
        yield Series(text("chart.timeline.measures", language), marked, "contrast", "marker", marker="diamond")


def _listed(name: str, start: int | None, measures: int | None, language: str) -> str:
    if start is None:
        return text("chart.timeline.item_unknown", language, name=name)
    words = {"name": name, "start": numbers.quarter(start, language)}
    if measures is None:
        return text("chart.timeline.item", language, **words)
    return text("chart.timeline.item_measures", language, measures=numbers.quarter(measures, language), **words)


def _notes(starts: Mapping[str, int | None], began: Mapping[str, int], language: str) -> Iterable[str]:
    yield text("chart.timeline.note.start", language)
    if began and set(starts) - set(began):
        yield text("chart.timeline.note.measures", language)
