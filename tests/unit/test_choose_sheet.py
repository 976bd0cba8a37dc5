from pathlib import Path

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.choose_sheet import choose_table
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow
from kvalitet_eval.prepare.schema import LAYOUTS

RATES = LAYOUTS["sick_leave_rates"]
TABLE = (("", "kommunenr", "kvartal", "sykefravar"), ("", "0101", "2007K1", "9,1"), ("", "0104"))


def sheet(name, rows):
    cells = tuple(TextRow(line, tuple(row)) for line, row in enumerate(rows, start=1))
    return RawSheet(Path("bok.xlsx"), "0" * 64, name, "", "", cells)


README = sheet("Les meg", [("Om tabellen",), ("Kilde", "SSB")])


def codes(sheets, layout=RATES, asked=None):
    with pytest.raises(DataError) as caught:
        choose_table(sheets, layout, asked)
    return [(item.code, item.found) for item in caught.value.findings]


@pytest.mark.parametrize("layout", [None, RATES])
def test_the_only_sheet_that_fits_is_taken(layout):
    table = choose_table([README, sheet("Tall", TABLE), sheet("Tom", [])], layout, None)
    assert table.sheet == "Tall"
    assert table.header == ("kommunenr", "kvartal", "sykefravar")


def test_an_empty_column_in_front_is_left_out_and_addresses_stay_true():
    table = choose_table([sheet("Tall", TABLE)], RATES, None)
    assert table.places == (1, 2, 3)
    assert [row.cells for row in table.rows] == [("0101", "2007K1", "9,1"), ("0104", "", "")]
    assert [entry.rule for entry in table.ledger] == ["empty column without a name left out"]


def test_several_sheets_that_fit_are_refused_and_one_can_be_asked_for():
    both = [sheet("2007", TABLE), sheet("2008", TABLE)]
    assert codes(both) == [("INN-B21", "2007, 2008")]
    assert choose_table(both, RATES, "2008").sheet == "2008"
    assert codes(both, asked="2009") == [("INN-B20", "2009")]


def test_no_sheet_that_fits_lists_them():
    assert codes([README, sheet("Mer", [("a", "b"), ("1", "2")])]) == [("INN-B22", "Les meg, Mer")]


def test_a_single_sheet_tells_its_own_faults():
    assert codes([sheet("Tom", [])]) == [("INN-A05", None)]


def test_a_header_in_two_rows_is_put_together():
    rows = [
        ("Tapte og avtalte dagsverk",),
        ("", "", "", "", "Tapte dagsverk", "Tapte dagsverk"),
        ("kommunenr", "kvartal", "ansatte", "avtalte dagsverk", "egenmeldt", "legemeldt"),
        ("0101", "2007K1", "10", "600", "10", "20"),
    ]
    table = choose_table([sheet("Tall", rows)], LAYOUTS["sick_leave_days"], None)
    assert table.header[-2:] == ("Tapte dagsverk egenmeldt", "Tapte dagsverk legemeldt")
    assert (table.header_line, len(table.rows)) == (3, 1)
