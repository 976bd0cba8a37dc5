"""Catalogue of bad inputs, F (municipalities) and G (rows of a panel)."""

from pathlib import Path

import pytest
from intake_cases import codes, look, rates, rules, said, values

from kvalitet_eval.prepare.intake import Counts

RAW = Path(__file__).parents[2] / "data" / "raw"
NAMED = "kommune;kvartal;sykefravar"
BOTH = "kommunenr;kommune;kvartal;sykefravar"
DAYS = "kommunenr;kvartal;ansatte;avtalte dagsverk;tapte dagsverk egenmeldt;tapte dagsverk legemeldt"


def numbers(result):
    return result.rows["municipality_number"].tolist()


@pytest.mark.parametrize(("text", "number"), [("101", "0101"), ("301", "0301"), ("101.0", "0101"), ("1503,0", "1503")])
def test_f01_a_lost_zero_is_put_back_when_the_number_exists(tmp_path, text, number):
    result = rates(tmp_path, f"{text};2007K1;9")
    assert numbers(result) == [number]
    assert any(rule in ("leading zero put back", "whole number written with decimals") for rule in rules(result))


def test_f01_a_padded_number_that_never_was_is_refused(tmp_path):
    assert codes(rates(tmp_path, "199;2007K1;9")) == ["INN-F11"]
    assert codes(rates(tmp_path, "193;2007K1;9", "65;2007K1;9")) == ["INN-F02", "INN-F11"]


def test_f03_a_number_from_another_year_is_refused_and_never_left_out(tmp_path):
    lines = [f"0101;{year}K{q};9" for year in range(2000, 2020) for q in (1, 2, 3, 4)] * 2
    lines = [line if index < 80 else line.replace("0101", "0104") for index, line in enumerate(lines)]
    result = rates(tmp_path, *lines, "1503;2008K1;9")
    assert [(item.code, item.line) for item in result.errors] == [("INN-F11", 162)]
    assert "1505" in result.errors[0].facts["nearest"]


@pytest.mark.parametrize("name", ["Bø", "Nes", "Os", "Våler", "Sande", "Herøy"])
def test_f05_names_of_two_municipalities_are_refused_with_both(tmp_path, name):
    (item,) = rates(tmp_path, f"{name};2007K1;9", header=NAMED).errors
    assert item.code == "INN-F05"
    assert item.facts["candidates"].count(name) == 2


def test_f05_a_county_tells_them_apart(tmp_path):
    assert numbers(rates(tmp_path, "Bø (Nordland);2007K1;9", "Bø (Telemark);2007K1;8", header=NAMED)) == [
        "1867",
        "0821",
    ]
    result = rates(tmp_path, "Bø;Nordland;2007K1;9", header="kommune;fylke;kvartal;sykefravar")
    assert numbers(result) == ["1867"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Halden", "0101"),
        ("Tana", "2025"),
        ("Deanu gielda", "2025"),
        ("Nord Aurdal", "0542"),
        ("Kristiansund N", "1503"),
        ("Hå kommune", "1119"),
        ("Bærum K.", "0219"),
        ("HALDEN", "0101"),
        ("A\u030al", "0619"),
        ("Levanger\u00a0", "1719"),
        ("0101 Halden", "0101"),
        ("K-0101 Halden", "0101"),
        ("Halden (0101)", "0101"),
    ],
)
def test_f06_f08_names_and_their_other_forms_are_looked_up_and_told(tmp_path, name, number):
    result = rates(tmp_path, f"{name};2007K1;9", header=NAMED)
    assert numbers(result) == [number], said(result)
    assert any("number" in rule for rule in rules(result))


def test_f06_a_name_nearly_right_is_a_suggestion_only(tmp_path):
    (item,) = rates(tmp_path, "Haldn;2007K1;9", header=NAMED).errors
    assert item.code == "INN-F06"
    assert "0101 Halden" in item.facts["nearest"]
    assert codes(rates(tmp_path, "Qwxz;2007K1;9", header=NAMED)) == ["INN-F15"]


TOTALS = [
    "I alt",
    "Hele landet",
    "0000",
    "Totalt",
    "Identiske kommuner*",
    "17",
    "1700",
    "EAK Norge",
    "17 Nord-Trøndelag",
    "Landet",
    "0",
]


@pytest.mark.parametrize("text", TOTALS)
def test_f09_totals_are_left_out_and_counted(tmp_path, text):
    result = rates(tmp_path, "0101;2007K1;9", "0104;2007K1;8", f"{text};2007K1;8,5")
    assert result.is_accepted, said(result)
    assert (numbers(result), result.counts) == (["0101", "0104"], Counts(3, 2, 1, 0))
    assert "total left out" in rules(result)


def test_f09_a_total_in_the_name_column(tmp_path):
    result = rates(tmp_path, "0101;Halden;2007K1;9", ";I alt;2007K1;9", header=BOTH)
    assert result.counts == Counts(2, 1, 1, 0)


def test_f09_totals_are_control_totals(tmp_path):
    lines = ("0101;2007K1;10;600;20;40", "0104;2007K1;20;1200;30;70")
    content = "\n".join((DAYS, *lines, "I alt;2007K1;30;1800;50;115")) + "\n"
    (item,) = look(tmp_path, content).findings
    assert (item.code, item.severity, item.line, item.column) == ("INN-F09", "warning", 4, "tapte dagsverk legemeldt")
    assert dict(item.facts) == {"sum": "110", "difference": "-5", "n": "2"}
    assert look(tmp_path, content.replace("115", "110")).findings == ()
    (item,) = rates(tmp_path, "0101;2007K1;9", "0104;2007K1;8", "I alt;2007K1;9,5").findings
    assert (item.code, item.facts["low"], item.facts["high"]) == ("INN-F16", "8", "9")


def test_f10_number_and_name_of_two_municipalities(tmp_path):
    result = rates(tmp_path, "0101;Moss;2007K1;9", "0104;Moss;2007K1;9", "0105;Zzz;2007K1;9", header=BOTH)
    assert said(result) == [("INN-F10", "error", 2), ("INN-F07", "warning", 4)]
    assert "0104 Moss" in result.errors[0].facts["candidates"]
    assert codes(rates(tmp_path, "0101 Moss;2007K1;9")) == ["INN-F10"]


@pytest.mark.parametrize("layout", ["pai_sick_leave", "ssb_sick_leave"])
def test_f10_a_name_that_the_layout_keeps_is_checked_too(tmp_path, layout):
    example = (RAW / "examples" / f"{layout}.csv").read_text("utf-8").splitlines()
    own = "0542;Nord-Aurdal"
    assert sum(own in line for line in example) >= 2
    first, second, *_ = (number for number, line in enumerate(example) if own in line)
    example[first] = example[first].replace(own, "0542;Tromsø")
    example[second] = example[second].replace(own, "0542;Zzz")
    result = look(tmp_path, "\n".join(example) + "\n", layout=layout)
    assert said(result) == [("INN-F10", "error", first + 1), ("INN-F07", "warning", second + 1)]
    assert "1902 Tromsø" in result.errors[0].facts["candidates"]


@pytest.mark.parametrize("text", ["9999", "Uoppgitt", "0199", "Uoppgitt kommune"])
def test_f11_the_unknown_are_left_out_up_to_one_per_cent(tmp_path, text):
    lines = [f"0101;{year}K{q};9" for year in range(2000, 2020) for q in (1, 2, 3, 4)]
    lines += [line.replace("0101", "0104") for line in lines]
    few = rates(tmp_path, *lines, f"{text};2007K1;9")
    assert few.is_accepted, said(few)
    assert few.counts == Counts(161, 160, 1, 0)
    assert [(item.code, item.severity, item.facts["n"]) for item in few.findings] == [("INN-F13", "warning", "1")]
    many = rates(tmp_path, *lines[:80], f"{text};2007K1;9")
    assert not many.is_accepted
    assert many.counts == Counts(81, 80, 0, 1)


@pytest.mark.parametrize("name", ["NA", "None", "nan", "No", "Off", "null", "TRUE"])
def test_f12_names_that_look_like_missing_stay_text(tmp_path, name):
    (item,) = rates(tmp_path, f"{name};2007K1;9", header=NAMED).errors
    assert item.found == name
    assert item.code in ("INN-F06", "INN-F15")


def test_g01_identical_rows_are_counted_once(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1", "0101;2007K1;9.1", "0101;2007K1;9,1", "0104;2007K1;8")
    assert (values(result), result.counts) == ([9.1, 8], Counts(4, 2, 2, 0))
    assert said(result) == [("INN-G01", "warning", 3), ("INN-G01", "warning", 4)]
    assert "same as line 2, left out" in rules(result)


def test_g02_conflicting_rows_name_both_lines_and_the_difference(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1", "101;2. kv. 2007;8", "0101;2007K1;9,4", "0101;2007Q1;9,1")
    (item,) = result.errors
    assert (item.code, item.line, item.facts["first_line"]) == ("INN-G02", 4, "2")
    assert (item.facts["first_value"], item.facts["value"]) == ("9,1", "9,4")
    assert ("INN-G01", "warning", 5) in said(result)


def test_g02_a_missing_figure_is_not_the_same_as_another_missing_figure(tmp_path):
    result = rates(tmp_path, "0101;2007K1;:", "0101;2007K1;..")
    assert codes(result) == ["INN-G02"]


def test_nothing_but_totals_is_refused(tmp_path):
    assert codes(rates(tmp_path, "I alt;2007K1;9")) == ["INN-A07"]
