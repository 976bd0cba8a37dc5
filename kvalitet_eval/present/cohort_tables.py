"""The tables of a cohort's report that no other report has: its members, and the names that are not among them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, TableColumn, build_table

LANGUAGE = "nb"


def members_table(members: pd.DataFrame, *, name: str, year: int, source: str, language: str = LANGUAGE) -> Table:
    """List the members with county and size, never with an effect of their own; names and sizes are real.

    Parameters
    ----------
    members : pandas.DataFrame
        name, municipality_number, county, population (inhabitants), in the order of the names.
    name : str
        The cohort as readers know it.
    year : int
        The year of borders and inhabitants.
    """
    columns = (
        TableColumn("name", text("site.column.municipality", language)),
        TableColumn("municipality_number", text("site.column.number", language)),
        TableColumn("county", text("site.column.county", language)),
        TableColumn("population", text("cohort.table.population", language), "count"),
    )
    caption, note = text("cohort.table.members", language, name=name), text("cohort.table.note", language, year=year)
    details = {"source": source, "origin": "observed", "notes": (note,), "language": language}
    return build_table(members, columns, id="members", caption=caption, **details)


def absent_table(absent: Iterable[tuple[str, str]], *, name: str, source: str, language: str = LANGUAGE) -> Table:
    """List the names that the effects do not rest on; ``absent`` holds pairs of a name and the reason."""
    columns = (
        TableColumn("name", text("site.column.name", language)),
        TableColumn("reason", text("site.column.reason", language)),
    )
    frame = pd.DataFrame(absent, columns=["name", "reason"])
    caption = text("cohort.table.absent", language, name=name)
    return build_table(
        frame, columns, id="absent", caption=caption, source=source, origin="observed", language=language
    )
