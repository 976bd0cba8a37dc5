"""From the net to the disk: one table, one classification, and the tables of sick leave. The figures are invented."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from api_samples import FakeClock, Provider, client_for

from kvalitet_eval.errors import DataError, UsageError
from kvalitet_eval.prepare.api.fetch import Visit, fetch_classification, fetch_table
from kvalitet_eval.prepare.api.sick_leave import Stretch, choose_tables, fetch_sick_leave, find_overlaps
from kvalitet_eval.prepare.api.source import read_files
from kvalitet_eval.prepare.files.json_stat import parse
from kvalitet_eval.prepare.periods import label, ordinal

pytestmark = pytest.mark.usefixtures("no_sockets")
CELL = ("0542", "0", "Sykefraversprosent", "2008K1")


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def visit(provider, clock, tmp_path):
    with client_for(provider, clock) as client:
        yield Visit(client, tmp_path, now=clock.now)


def cells(visit, table):
    return pd.read_csv(visit.raw / f"api_ssb_{table}" / "cells.csv", sep=";", dtype="str", keep_default_na=False)


def fetch(visit, first="2008Q1", last="2008Q4", table="07905"):
    return fetch_table(visit, table, ordinal(first), ordinal(last))


def chosen(first, last):
    return [(each.table, label(each.first), label(each.last)) for each in choose_tables(ordinal(first), ordinal(last))]


def test_a_table_is_fetched_and_kept(visit, provider):
    provider.cells[CELL], provider.status[CELL] = None, ":"
    fetched = fetch(visit)
    assert (fetched.number, fetched.outcome.kind, fetched.findings) == ("07905", "first", ())
    rows = cells(visit, "07905")
    assert len(rows) == fetched.outcome.n_rows == 3 * 3 * 2 * 4
    assert tuple(rows.set_index(["Region", "Kjonn", "ContentsCode", "Tid"]).loc[CELL, ["value", "status"]]) == (
        ":",
        ":",
    )
    folder = visit.raw / "api_ssb_07905"
    raw = (folder / "20261121T120000Z_part_001.json").read_bytes()
    assert ":" in parse(raw).status
    source = (folder / "SOURCE.md").read_text("utf-8")
    assert "https://data.ssb.no/api/pxwebapi/v2/tables/07905/data" in source
    assert "2026-11-20T07:00:00Z" in source
    assert {row.n_rows for row in read_files(folder).values()} == {72, 3 + 3 + 2 + 44, 2}


def test_a_table_in_several_parts_is_one_table_in_use(visit):
    told = []
    small = Visit(visit.client, visit.raw, max_cells=20, on_progress=lambda *each: told.append(each), now=visit.now)
    assert fetch(small).outcome.n_rows == 72
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    listed = read_files(visit.raw / "api_ssb_07905")
    parts = [row.n_rows for name, row in listed.items() if "_part_" in name]
    assert parts == [18, 18, 18, 18]
    assert len(cells(visit, "07905").drop_duplicates(["Region", "Kjonn", "ContentsCode", "Tid"])) == 72


def test_the_record_has_every_call(visit):
    fetch(visit)
    record = json.loads((visit.raw / "api_ssb_07905" / "20261121T120000Z_record.json").read_text("utf-8"))
    assert record["asked"] == {"from": "2008Q1", "to": "2008Q4"}
    assert [call["file"] for call in record["calls"]] == [
        "20261121T120000Z_metadata.json",
        "20261121T120000Z_part_001.json",
    ]
    assert all(call["address"].startswith("https://data.ssb.no/") for call in record["calls"])


def test_a_revised_cell_is_listed_and_not_taken_into_use(visit, provider, clock):
    fetch(visit)
    provider.cells[CELL] = 9.9
    clock.seconds += 86_400
    fetched = fetch(visit)
    assert (fetched.outcome.kind, fetched.outcome.n_revised) == ("revised", 1)
    assert [item.code for item in fetched.findings] == ["API-22", "API-20"]
    assert fetched.findings[0].facts["after"] == "9.9"
    assert "9.9" not in cells(visit, "07905")["value"].tolist()


def test_a_longer_stretch_adds_and_a_shorter_one_takes_nothing_away(visit, clock):
    fetch(visit)
    clock.seconds += 1
    longer = fetch(visit, last="2009Q4")
    assert (longer.outcome.kind, longer.outcome.n_new) == ("extended", 72)
    clock.seconds += 1
    assert fetch(visit, first="2009Q1", last="2009Q1").outcome.kind == "unchanged"
    assert cells(visit, "07905")["Tid"].nunique() == 8


def test_a_period_that_the_provider_takes_away_is_gone(visit, provider, clock):
    fetch(visit)
    provider.times["07905"].remove("2008K2")
    clock.seconds += 1
    fetched = fetch(visit)
    assert (fetched.outcome.kind, fetched.outcome.n_gone) == ("revised", 18)
    assert [item.code for item in fetched.findings][:2] == ["API-17", "API-23"]


def test_quarters_that_the_table_lacks_are_told(visit):
    fetched = fetch(visit, first="2018Q3", last="2019Q2")
    assert [(item.code, item.severity, item.found, item.facts["n"]) for item in fetched.findings] == [
        ("API-17", "warning", "2019K1–2019K2", "2")
    ]
    assert cells(visit, "07905")["Tid"].unique().tolist() == ["2018K3", "2018K4"]


def test_a_table_by_year_without_bounds(visit):
    fetched = fetch_table(visit, "07459")
    assert (fetched.outcome.kind, fetched.findings) == ("first", ())
    assert cells(visit, "07459")["Tid"].nunique() == 26


def test_a_fault_half_way_writes_nothing(visit, provider):
    calls = []

    def fail_third(request):
        calls.append(request)
        if len(calls) == 3:
            provider.times.clear()
        return provider(request)

    with client_for(fail_third) as client, pytest.raises(DataError) as caught:
        fetch_table(Visit(client, visit.raw, max_cells=20), "07905", ordinal("2008Q1"), ordinal("2008Q4"))
    assert caught.value.findings[0].code == "API-05"
    assert len(calls) == 3
    assert list(visit.raw.iterdir()) == []


def test_a_classification_is_fetched_and_compared(visit, provider, clock):
    fetched = fetch_classification(visit, "131")
    folder = visit.raw / "api_klass_131"
    assert (fetched.outcome.kind, fetched.outcome.n_rows) == ("first", 3)
    assert {"codes.csv", "changes.csv", "SOURCE.md"} < {path.name for path in folder.iterdir()}
    clock.seconds += 1
    assert fetch_classification(visit, "131").outcome.kind == "unchanged"
    provider.codes[1]["name"] = "Nord-Aurdal og omegn"
    provider.codes[0]["to"] = "2019-01-01"
    clock.seconds += 1
    fetched = fetch_classification(visit, "131")
    assert fetched.outcome.revisions[["table", "cell", "column"]].to_numpy().tolist() == [
        ["codes", "code=0542, valid_from=2000-01-01", "valid_to"],
        ["codes", "code=3451, valid_from=2020-01-01", "name"],
    ]
    assert fetched.outcome.kind == "revised"


@pytest.mark.parametrize(
    ("stretch", "tables"),
    [
        (("2004Q1", "2010Q4"), [("03217", "2004Q1", "2008Q4"), ("07905", "2008Q1", "2010Q4")]),
        (("2004Q1", "2007Q4"), [("03217", "2004Q1", "2007Q4")]),
        (("2008Q2", "2008Q2"), [("03217", "2008Q2", "2008Q2"), ("07905", "2008Q2", "2008Q2")]),
        (("2009Q1", "2018Q4"), [("07905", "2009Q1", "2018Q4")]),
        (("2018Q4", "2019Q1"), [("07905", "2018Q4", "2018Q4"), ("12451", "2019Q1", "2019Q1")]),
        (("2019Q1", "2030Q4"), [("12451", "2019Q1", "2030Q4")]),
        (("1999Q1", "2000Q2"), [("03217", "2000Q2", "2000Q2")]),
    ],
)
def test_tables_are_chosen_by_the_quarters(stretch, tables):
    assert chosen(*stretch) == tables


def test_a_stretch_before_the_oldest_table_is_refused():
    with pytest.raises(UsageError) as caught:
        choose_tables(ordinal("1995Q1"), ordinal("2000Q1"))
    item = caught.value.findings[0]
    assert (item.code, item.found, item.facts["oldest"]) == ("API-36", "2000K1", "2000K2")


def test_overlaps_are_known():
    stretch = choose_tables(ordinal("2008Q3"), ordinal("2020Q4"))
    assert find_overlaps(stretch) == (("03217", "07905", "2008Q3", "2008Q4"),)
    assert find_overlaps(choose_tables(ordinal("2009Q1"), ordinal("2020Q4"))) == ()


def test_sick_leave_is_kept_table_by_table_and_says_whom_it_is_about(visit):
    for stretch in choose_tables(ordinal("2008Q1"), ordinal("2009Q1")):
        fetch_sick_leave(visit, stretch)
    assert cells(visit, "03217")["Tid"].nunique() == 4
    assert cells(visit, "07905")["Tid"].nunique() == 5
    for table in ("03217", "07905"):
        assert "RESIDENTS" in (visit.raw / f"api_ssb_{table}" / "SOURCE.md").read_text("utf-8")


def test_a_stretch_uses_only_its_own_quarters(visit):
    fetch_sick_leave(visit, Stretch("12451", ordinal("2019Q1"), ordinal("2019Q2")))
    assert cells(visit, "12451")["Tid"].unique().tolist() == ["2019K1", "2019K2"]
