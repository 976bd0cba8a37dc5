"""The municipalities of a programme on a map: points, and their borders where a file of borders is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, theme
from kvalitet_eval.present.chart import Axis, Chart, Outline, Point, Series
from kvalitet_eval.present.chart_rows import checked_rows, described, require_once
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.plane import project
from kvalitet_eval.publish import PublishedFigure, PublishedTable

Ring = tuple[tuple[float, float], ...]
Rings = tuple[Ring, ...]
NO_BORDERS: Mapping[str, Rings] = MappingProxyType({})
_NEEDED = ("municipality_number", "name", "longitude", "latitude", "group")
_COARSEST_KM = 4.0
_DECIMALS = 2


def map_chart(
    places: PublishedTable,
    *,
    id: str,
    programme: str,
    groups: Mapping[str, str],
    year: int,
    source: str,
    named: Iterable[str] = (),
    borders: Mapping[str, Rings] = NO_BORDERS,
    language: str = "nb",
) -> PublishedFigure:
    """Describe where the municipalities of a programme lie.

    Parameters
    ----------
    places : PublishedTable
        One row per municipality: ``municipality_number``, ``name``, ``longitude`` and ``latitude`` of its middle
        (degrees; missing where unknown) and ``group`` (missing for those that did not take part).
    id : str
        Unique on the page.
    programme : str
        Its name.
    groups : mapping of str to str
        From ``group`` to the name a reader knows, in the order in which they are listed.
    year : int
        Year of the municipal borders.
    source : str
        Data and their origin, with that of the borders, shown below the chart.
    named : iterable of str
        Numbers of the municipalities whose name stands on the map.
    borders : mapping of str to tuple of rings, optional
        The borders of municipalities by number, as from ``prepare.borders.read_borders``. Without them the other
        municipalities are dots.
    language : str
        Language of the catalogue.

    Raises
    ------
    ReportError
        As for :func:`kvalitet_eval.publish.figure`.
    ValueError
        A column is missing, there is no row, a municipality stands twice, or nobody of a known group has a place.
    """
    rows = checked_rows(places, _NEEDED, value="longitude", what="map")
    require_once(rows["municipality_number"], "map, municipality_number")
    taking_part = rows[rows["group"].isin(list(groups))]
    shown = taking_part.dropna(subset=["longitude", "latitude"])
    if shown.empty:
        raise ValueError(f"map: no municipality of {', '.join(groups)} has a place")
    series = tuple(_series(shown, groups, set(named)))
    outlines = _outlines(rows, series, borders)
    counts = {name: numbers.count(len(taking_part[taking_part["group"] == group]), language)
              for group, name in groups.items()}  # fmt: skip
    listed = "; ".join(text("chart.map.item", language, n=n, group=name) for name, n in counts.items())
    words = {"programme": programme, "listed": listed}
    words["participating"] = numbers.counted("participating", len(taking_part), language)
    n_absent = len(taking_part) - len(shown)
    chart = partial(
        Chart,
        id=id,
        title=text("chart.map.title", language, **words),
        subtitle=text("chart.map.subtitle", language),
        x=Axis(text("chart.map.x", language), decimals=_DECIMALS),
        y=Axis(text("chart.map.y", language), decimals=_DECIMALS),
        series=series,
        outlines=outlines,
        notes=tuple(_notes(outlines, bool(borders), n_absent, year, language)),
        alt=text("chart.map.alt", language, conclusion=described(places.origin, language), **words),
        source=source,
        origin=places.origin,
        language=language,
        plane="map",
        table_by="point",
    )
    corners = {part for outline in outlines for ring in outline.rings for place in ring for part in place}
    facts = [programme, source, year, n_absent, *counts.values(), words["participating"], *groups.values(), *corners]
    return publish.figure(lambda _: chart(), places, facts=facts)


def _series(shown: pd.DataFrame, groups: Mapping[str, str], named: set[str]) -> Iterable[Series]:
    """Yield the municipalities of each group that has any."""
    for place, (group, name) in enumerate(groups.items()):
        rows = shown[shown["group"] == group].sort_values(["longitude", "municipality_number"])
        points = tuple(
            Point(float(row["longitude"]), float(row["latitude"]), label=f"{row['name']}: {name}", name=row["name"],
                  is_named=row["municipality_number"] in named)
            for row in rows.to_dict("records")
        )  # fmt: skip
        if points:
            yield Series(name, points, "cohort", "marker", marker=theme.cohort_marker(place))


def _outlines(rows: pd.DataFrame, series: tuple[Series, ...], borders: Mapping[str, Rings]) -> tuple[Outline, ...]:
    """Return the land around first, then the municipalities of each series."""
    of_point = {(p.x, p.y, p.name): item.name for item in series for p in item.points}
    rings: dict[str, list[Ring]] = {"": []}
    for row in rows.to_dict("records"):
        group = of_point.get((row["longitude"], row["latitude"], row["name"]), "")
        own = [simplified(ring) for ring in borders.get(row["municipality_number"], ())]
        kept = [ring for ring in own if len(ring) > 2]
        if kept:
            rings.setdefault(group, []).extend(kept)
        elif not borders and not group and not numbers.is_missing(row["longitude"]):
            rings[""].append(((float(row["longitude"]), float(row["latitude"])),))
    return tuple(Outline(tuple(found), name) for name, found in rings.items() if found)


def simplified(ring: Ring, coarsest_km: float = _COARSEST_KM) -> Ring:
    """Return the places of a ring that are at least some kilometres from the one kept before, to two decimals.

    Examples
    --------
    >>> simplified(((10.0, 60.0), (10.01, 60.0), (10.2, 60.0), (10.2, 60.1), (10.0, 60.0)))
    ((10.0, 60.0), (10.2, 60.0), (10.2, 60.1))
    """
    kept: list[tuple[float, float]] = []
    last = (float("inf"), float("inf"))
    for place in ring[:-1]:
        here = project(*place)
        if max(abs(here[0] - last[0]), abs(here[1] - last[1])) >= coarsest_km:
            kept.append((round(place[0], _DECIMALS), round(place[1], _DECIMALS)))
            last = here
    return tuple(kept)


def _notes(outlines: tuple[Outline, ...], has_borders: bool, n_absent: int, year: int, language: str) -> Iterable[str]:
    yield text("chart.map.note.places", language, year=year)
    if any(not outline.series for outline in outlines):
        yield text(f"chart.map.note.{'areas' if has_borders else 'others'}", language)
    if n_absent:
        yield text("chart.map.note.without_place", language, n=n_absent)
