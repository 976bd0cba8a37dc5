"""Catalogue of bad inputs, E: periods."""

import random

import pandas as pd
import pytest
from intake_cases import codes, look, rates, said

NUMBERS = ("0101", "0104", "0105")


def panel(quarters, numbers=NUMBERS):
    return [f"{number};{quarter};9,{index % 10}" for index, quarter in enumerate(quarters) for number in numbers]


def test_e01_every_spelling_in_one_file(tmp_path):
    spelt = ("2007K3", "2007Q3", "3. kv. 2007", "2007-09-30", "2007:3", "3. kvartal 2007", "30.09.2007", "2007 k3")
    numbers = ("0101", "0104", "0105", "0106", "0111", "0118", "0119", "0121")
    result = rates(tmp_path, *(f"{n};{text};9" for n, text in zip(numbers, spelt, strict=True)))
    assert result.rows["quarter"].tolist() == ["2007Q3"] * 8
    changed = result.ledger[result.ledger["rule"] == "quarter written another way"]
    assert changed["raw"].tolist() == [text for text in spelt if text != "2007Q3"]


@pytest.mark.parametrize("text", ["2007.10", "2007.1", "2007,3", "2007.25"])
def test_e02_numeric_periods_with_decimals(tmp_path, text):
    assert said(rates(tmp_path, f"0101;{text};9")) == [("INN-E02", "error", 2)]


def test_e03_a_norwegian_date_has_the_day_first(tmp_path):
    result = look(tmp_path, "date,old_number,new_number\n01.02.2007,1503,1505\n", "municipality_changes")
    assert result.rows["date"].tolist() == ["2007-02-01"]
    assert codes(rates(tmp_path, "0101;01.02.2007;9")) == ["INN-E01"]


def test_e05_months_and_years_beside_quarters_are_counted(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9", "0101;2007M04;9", "0101;mai 2007;9", "0101;2007;9", "0101;2007-06;9")
    assert codes(result) == ["INN-E05"]
    assert [item.line for item in result.errors] == [3, 4, 5, 6]
    assert dict(result.errors[0].facts) == {"n_quarters": "1", "n_months": "3", "n_years": "1"}


@pytest.mark.parametrize("text", ["4. kvartal 2005 - 3. kvartal 2006", "2005Q4-2006Q3", "2005K4–2006K3"])
def test_e06_windows_are_no_independent_periods(tmp_path, text):
    (item,) = rates(tmp_path, f"0101;{text};9").errors
    assert (item.code, item.facts["first"], item.facts["last"]) == ("INN-E06", "2005Q4", "2006Q3")


@pytest.mark.parametrize(
    "text", ["2007K5", "2007Q0", "5. kvartal 2007", "kv", "07K3", "3", "2007K", "K3", "2007-02-30"]
)
def test_what_is_no_quarter(tmp_path, text):
    assert codes(rates(tmp_path, f"0101;{text};9")) == ["INN-E01"]


def test_a_quarter_recomputed_by_new_rules_is_another_series(tmp_path):
    assert codes(rates(tmp_path, "0101;2008K1 Ny;9")) == ["INN-S02"]


def test_e08_a_hole_in_the_calendar_is_refused(tmp_path):
    (item,) = rates(tmp_path, *panel(["2007K1", "2007K2", "2007K4"])).errors
    assert (item.code, item.found, item.line) == ("INN-E08", "2007Q3", None)


def test_e08_one_municipality_without_a_quarter_is_a_warning(tmp_path):
    lines = [line for line in panel(["2007K1", "2007K2", "2007K3"]) if not line.startswith("0104;2007K2")]
    result = rates(tmp_path, *lines)
    assert result.is_accepted
    assert [(item.code, item.severity, item.facts["number"], item.found) for item in result.findings] == [
        ("INN-E07", "warning", "0104", "2007Q2")
    ]


def test_e08_a_municipality_is_not_expected_in_years_without_it(tmp_path):
    lines = [f"{number};{year}K{q};9" for year, number in ((2007, "1503"), (2008, "1505")) for q in (1, 2, 3, 4)]
    assert said(rates(tmp_path, *lines)) == []


def test_e08_only_the_programme_is_missing(tmp_path):
    lines = [
        line for line in panel(["2007K1", "2007K2", "2007K3"]) if not line.startswith(("0104;2007K2", "0105;2007K2"))
    ]
    skewed = rates(tmp_path, *lines, treated=("0104", "0105"))
    assert [(item.code, item.found, item.facts["municipalities"]) for item in skewed.errors] == [
        ("INN-E10", "2007Q2", "0104, 0105")
    ]
    assert rates(tmp_path, *lines, treated=("0104",)).is_accepted
    assert rates(tmp_path, *lines).is_accepted
    one = [line for line in panel(["2007K1", "2007K2", "2007K3"]) if not line.startswith("0104;2007K2")]
    assert codes(rates(tmp_path, *one, treated=("0104",))) == ["INN-E10"]
    assert rates(tmp_path, *one, treated=("0104", "0105")).is_accepted


def test_a_refused_row_is_no_hole(tmp_path):
    lines = panel(["2007K1", "2007K2", "2007K3"], ["0101"])
    assert codes(rates(tmp_path, lines[0], lines[1].replace("2007K2", "x"), lines[2])) == ["INN-E01"]


def test_e11_the_order_of_the_rows_makes_no_difference(tmp_path):
    lines = panel([f"{year}K{q}" for year in (2006, 2007) for q in (1, 2, 3, 4)])
    expected = rates(tmp_path, *lines).rows.drop(columns="line")
    order = random.Random(20061023)
    for _ in range(20):
        order.shuffle(lines)
        rows = rates(tmp_path, *lines).rows.sort_values(["quarter", "municipality_number"], ignore_index=True)
        pd.testing.assert_frame_equal(rows.drop(columns="line"), expected, check_exact=True)
