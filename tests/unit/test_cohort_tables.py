"""The tables of a cohort's report: names and sizes, and nothing that could rank a municipality."""

import pandas as pd
from notebook_samples import headings, shown
from publish_samples import STANDARD

from kvalitet_eval.present.cohort_tables import absent_table, members_table
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)

MEMBERS = pd.DataFrame(
    [("Askim", "0124", "Østfold", 14472), ("Østre Toten", "0528", "Oppland", 14459)],
    columns=["name", "municipality_number", "county", "population"],
)


def test_members_are_listed_with_county_and_size_and_no_effect():
    table = members_table(published("members", MEMBERS), name="Pulje II", year=2008, source="Deltakerlista").content
    assert headings(table) == ["Kommune", "Nummer", "Fylke", "Innbyggere"]
    assert shown(table) == [("Askim", "0124", "Østfold", "14 472"), ("Østre Toten", "0528", "Oppland", "14 459")]
    assert table.rows[1][3].value == 14459
    assert (table.id, table.origin, table.caption) == (
        "members", "observed", "Pulje II: kommunene som er med i beregningen",
    )  # fmt: skip
    assert "1. januar 2008" in table.notes[0]


def test_absent_names_stand_with_their_reason():
    rows = pd.DataFrame([("Sande", "Navnet passer på flere.")], columns=["name", "reason"])
    table = absent_table(published("absent", rows), name="Pulje II", source="Deltakerlista").content
    assert headings(table) == ["Navn", "Grunn"]
    assert shown(table) == [("Sande", "Navnet passer på flere.")]
    assert (table.id, table.origin) == ("absent", "observed")
