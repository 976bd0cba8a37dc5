"""The map of the index: where the municipalities of each intake lie. It repeats what the list below it says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.municipality_map import map_chart
from kvalitet_eval.present.point_links import Place
from kvalitet_eval.publish import PublishedFigure
from kvalitet_eval.report.open_tables import OpenTables

_NOT_FOUND = "start_unknown"


def site_map(config: Config, membership: pd.DataFrame, language: str) -> PublishedFigure | None:
    """Draw the participants of each intake; None when nobody who took part has a place.

    Parameters
    ----------
    membership : pandas.DataFrame
        One row per municipality: municipality_number, name, intake, status, and longitude and latitude in degrees.
    """
    rows = membership.assign(group=membership["intake"].where(membership["status"] == "treated"))
    rows.loc[rows["status"] == _NOT_FOUND, "group"] = _NOT_FOUND
    placed = set(rows.loc[rows["longitude"].notna(), "group"].dropna())
    named = {**{intake.id: intake.name for intake in config.intakes}, _NOT_FOUND: text("site.start_unknown", language)}
    groups = {id: name for id, name in named.items() if id in placed}
    if not groups:
        return None
    places = OpenTables.of(config)("site_places", rows)
    return map_chart(
        places, id="map", programme=config.programme.name, groups=groups, year=config.programme.borders,
        source=text("cohort.source.members", language), language=language,
    )  # fmt: skip


def map_hrefs(membership: pd.DataFrame, hrefs: Mapping[str, str]) -> dict[Place, str]:
    """Return where the points of the map lead; ``hrefs`` says it of municipalities by their number."""
    placed = membership[membership["longitude"].notna() & membership["municipality_number"].isin(list(hrefs))]
    places = zip(placed["longitude"].astype(float), placed["latitude"].astype(float), strict=True)
    return dict(zip(places, placed["municipality_number"].map(hrefs), strict=True))
