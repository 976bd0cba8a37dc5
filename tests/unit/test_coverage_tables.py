import pandas as pd
import pytest
from notebook_samples import bundled, headings, lineage, shown
from publish_samples import STANDARD

from kvalitet_eval.prepare.coverage import merged
from kvalitet_eval.present import coverage_tables
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)


def test_participants_published_and_in_the_register():
    table = coverage_tables.participation_table(published.intakes(bundled().account), bundled().account).content
    assert table.caption == "Deltakerne: 138 publisert, 62 i registeret"
    assert table.notes[0].startswith("74 deltakere er publisert uten at vi har navnet på dem.")
    rows = {row[0]: row[1:] for row in shown(table)}
    assert rows["Innsatskommuner sykefravær"] == ("1. kv. 2007", "12", "12", "12", "0", "0", "0", "0")
    assert rows["Pulje I"] == ("2. kv. 2007", "29", "3", "3", "0", "0", "0", "3")
    assert rows["Pulje II"] == ("4. kv. 2007", "46, 49, 44", "44", "40", "2", "1", "1", "0")
    assert rows["Pulje III"] == ("3. kv. 2008", "34", "0", "0", "0", "0", "0", "0")


@pytest.mark.parametrize(
    ("name", "status", "candidates"),
    [
        ("Sande", "navnet kan være flere kommuner", "0713 Sande (Vestfold), 1514 Sande (Møre og Romsdal)"),
        ("Bydel Nordre Aker", "bydel, ikke kommune", "0301 Oslo (Oslo)"),
        ("Mandal", "står i to opptak, telles i det første", "–"),
        ("Ullensaker", "står i to opptak, telles i det første", "–"),
        ("Rana", "deltaker, start ukjent", "–"),
    ],
)
def test_entry_that_is_not_simply_one_municipality(name, status, candidates):
    table = coverage_tables.entry_table(published.entries(bundled().account), bundled().register, 2008).content
    assert table.caption.endswith(": 9")
    (row,) = [row for row in shown(table) if row[0] == name]
    assert (row[2], row[3]) == (status, candidates)


def test_kristiansund_is_the_sum_of_kristiansund_and_frei():
    cells = merged(lineage(("1505", "2004Q1", "1503, 1556"), ("1505", "2007Q4", "1503, 1556")))
    table = coverage_tables.merged_table(
        published("merged", cells, origin="syntetisk"), bundled().register, 2008
    ).content
    assert table.origin == "syntetisk"
    assert shown(table) == [("Kristiansund", "1505", "1503 Kristiansund, 1556 Frei", "1. kv. 2004", "4. kv. 2007", "2")]


def test_status_in_words(by_status):
    table = coverage_tables.status_table(published("coverage", by_status)).content
    assert shown(table) == [("aldri deltaker", "2", "0", "1", "1", "6", "5"), ("ukjent", "1", "1", "0", "0", "3", "0")]


@pytest.fixture
def by_status():
    columns = ["status", "n_municipalities", "n_complete", "n_partial", "n_none", "n_cells", "n_missing"]
    return pd.DataFrame([("never_treated", 2, 0, 1, 1, 6, 5), ("unknown", 1, 1, 0, 0, 3, 0)], columns=columns)


def test_two_measures_and_three_sexes_are_six_rows():
    table = coverage_tables.published_cell_table(published("cells", bundled().cells)).content
    assert [row[:2] for row in shown(table)] == [
        (measure, sex)
        for measure in ("prosent av arbeidstakerne", "prosent av dagsverkene")
        for sex in ("begge kjønn", "kvinner", "menn")
    ]
    assert "bosatte" in table.notes[0]


def test_gaps_have_a_sign():
    assert shown(coverage_tables.gap_table(published.gaps(bundled().gaps)).content) == [
        ("−0,1", "4", "4. kv. 2003"),
        ("0,0", "33", "2. kv. 2000"),
        ("+0,1", "9", "1. kv. 2002"),
    ]


def test_seasons():
    table = coverage_tables.season_table(published.seasons(bundled().ratios)).content
    assert headings(table) == ["Mål", "1. kvartal", "2. kvartal", "3. kvartal", "4. kvartal"]
    assert shown(table) == [
        ("Samlet sykefravær", "1,053", "0,953", "0,991", "1,002"),
        ("Egenmeldt sykefravær", "1,264", "0,833", "0,813", "1,087"),
        ("Legemeldt sykefravær", "1,021", "0,970", "1,016", "0,991"),
    ]
