"""The tables of a cohort's report that no other report has: its members, and the names that are not among them."""

from __future__ import annotations

from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable

LANGUAGE = "nb"


def members_table(
    members: PublishedTable, *, name: str, year: int, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """List the members with county and size, never with an effect of their own; names and sizes are real.

    Parameters
    ----------
    members : PublishedTable
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
    facts = [name, year, *constants("cohort.table.note", language=language)]
    details = {"source": source, "notes": (note,), "language": language, "facts": facts}
    return build_table(members, columns, id="members", caption=caption, **details)


def absent_table(absent: PublishedTable, *, name: str, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """List the names that the effects do not rest on; ``absent`` has the columns name and reason."""
    columns = (
        TableColumn("name", text("site.column.name", language)),
        TableColumn("reason", text("site.column.reason", language)),
    )
    caption = text("cohort.table.absent", language, name=name)
    return build_table(absent, columns, id="absent", caption=caption, source=source, facts=[name], language=language)
