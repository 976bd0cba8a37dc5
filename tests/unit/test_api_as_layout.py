"""Fetched tables go on as ordinary files: in a layout, read by the intake, every symbol with its meaning."""

from __future__ import annotations

import pytest
from api_samples import FakeClock, Provider, client_for
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.api.fetch import Visit, fetch_table
from kvalitet_eval.prepare.api.sick_leave import Stretch, fetch_sick_leave
from kvalitet_eval.prepare.api.source import read_files
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.periods import ordinal
from kvalitet_eval.prepare.semantics.meaning import require_population

pytestmark = pytest.mark.usefixtures("no_sockets")
RATE, DAYS = "Sykefraversprosent", "Sykefraversdagsverk"


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def visit(provider, tmp_path):
    clock = FakeClock()
    with client_for(provider, clock) as client:
        yield Visit(client, tmp_path, now=clock.now)


@pytest.mark.parametrize(("table", "quarter"), [("03217", "2007Q1"), ("07905", "2010Q1"), ("12451", "2019Q1")])
def test_sick_leave_is_about_residents_and_read_by_the_intake(visit, provider, register, table, quarter):
    at = quarter.replace("Q", "K")
    provider.labels["Region"] = {"0301": "Oslo kommune", "0": "Hele landet", "03": "Oslo", "9999": "Uoppgitt"}
    provider.cells |= {("0301", "0", RATE, at): 6.1, ("0301", "1", RATE, at): None, ("0301", "2", RATE, at): None}
    provider.status |= {("0301", "1", RATE, at): ":", ("0301", "2", RATE, at): ".."}
    fetch_sick_leave(visit, Stretch(table, ordinal(quarter), ordinal(quarter)))
    folder = visit.raw / f"api_ssb_{table}"
    assert read_files(folder)["ssb_sick_leave.csv"].what == "in layout ssb_sick_leave"
    found = inspect(folder / "ssb_sick_leave.csv", None, register)
    assert (found.errors, found.layout.id) == ((), "ssb_sick_leave")
    rows = found.rows.set_index("sex")
    assert set(rows["population"]) == {"residents"}
    assert set(rows["municipality_number"]) == {"0301"}
    assert (rows.loc["both", "rate_doctor_pct"], rows.loc["both", "quarter"]) == (6.1, quarter)
    assert rows["rate_doctor_pct_status"].dropna().to_dict() == {"men": "confidential", "women": "not_available"}
    with pytest.raises(DataError) as error:
        require_population("employees", found)
    assert error.value.findings[0].code == "INN-S11"


def test_a_municipality_outside_its_time_is_no_row(visit, provider, register):
    """1503 Kristiansund ended with 2007; the provider says that figures of 2008 cannot be."""
    for sex in "012":
        for measure in (RATE, DAYS):
            provider.cells["1503", sex, measure, "2008K1"] = None
            provider.status["1503", sex, measure, "2008K1"] = "."
    fetch_sick_leave(visit, Stretch("03217", ordinal("2007Q4"), ordinal("2008Q1")))
    found = inspect(visit.raw / "api_ssb_03217" / "ssb_sick_leave.csv", "ssb_sick_leave", register)
    assert set(found.rows.loc[found.rows["municipality_number"] == "1503", "quarter"]) == {"2007Q4"}
    assert "INN-F01" not in {item.code for item in found.errors}


@pytest.mark.parametrize("dimension", [("Kjonn", "0", "Alle"), ("ContentsCode", RATE, "Noe annet")])
def test_a_table_with_an_unknown_code_is_left_as_it_came(visit, provider, dimension):
    name, code, label = dimension
    provider.labels[name][code] = label
    fetched = fetch_sick_leave(visit, Stretch("07905", ordinal("2010Q1"), ordinal("2010Q1")))
    folder = visit.raw / "api_ssb_07905"
    assert {path.name for path in folder.glob("*.csv")} == {"cells.csv"}
    assert fetched.not_in_layout == "ssb_sick_leave"
    assert "has no place in the layout `ssb_sick_leave`" in (folder / "SOURCE.md").read_text("utf-8")


def test_a_table_that_has_its_place_is_not_said_to_lack_one(visit):
    fetched = fetch_sick_leave(visit, Stretch("07905", ordinal("2010Q1"), ordinal("2010Q1")))
    assert fetched.not_in_layout == ""
    assert "has no place" not in (visit.raw / "api_ssb_07905" / "SOURCE.md").read_text("utf-8")


def test_kostra_is_one_row_for_each_indicator_with_the_unit_of_the_provider(visit, provider, register):
    provider.labels["Region"] = {"0301": "Oslo", "EAK": "Landet"}
    provider.labels["ContentsCode"] = {"A1": "Andel"}
    provider.units = {"A1": "prosent"}
    provider.cells["0301", "0", "A1", "2006"] = 71.5
    fetch_table(visit, "07459", ordinal("2006Q1"), ordinal("2006Q4"))
    found = inspect(visit.raw / "api_ssb_07459" / "kostra_indicators.csv", None, register)
    assert (found.errors, found.layout.id) == ((), "kostra_indicators")
    row = found.rows.set_index("indicator").loc["0/A1"]
    assert (row["municipality_number"], row["year"], row["value"], row["unit"]) == ("0301", 2006, 71.5, "prosent")
    assert row["indicator_name"] == "Begge kjønn, Andel"
