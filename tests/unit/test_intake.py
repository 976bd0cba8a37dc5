import math
import re
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.intake import Counts, inspect, read
from kvalitet_eval.prepare.ledger import LEDGER_COLUMNS
from kvalitet_eval.prepare.municipality_names import NameMatch

Named = namedtuple("Named", "number name")
HEADER = "municipality_number;quarter;employees;agreed_days;lost_days_self;lost_days_doctor\n"
DELIVERED = Path(__file__).parents[2] / "data" / "raw"


class Register:
    """Three municipalities; 1503 until 2007, 1505 from 2008."""

    def exists(self, number, year):
        return number in ("0101", "0542") or number == ("1503" if year < 2008 else "1505")

    def nearest(self, text, year):
        return tuple(n for n in ("0101", "0542", "1503", "1505") if n[:2] == text[:2] and self.exists(n, year))

    def resolve(self, name, year):
        found = [Named("0542", "Nord-Aurdal")] if name == "Nord-Aurdal" else []
        return NameMatch(tuple(found))


def panel(tmp_path, *lines, header=HEADER):
    path = tmp_path / "panel.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def ledger_of(result, column):
    part = result.ledger[result.ledger["column"] == column]
    return list(zip(part["line"], part["raw"], part["value"], part["rule"], strict=True))


def number(tmp_path, text, *others):
    """Read one text as agreed days, with other cells of the same column below it."""
    lines = [f"0542;{2006 + n // 4}Q{n % 4 + 1};;{cell};;" for n, cell in enumerate((text, *others))]
    return read(panel(tmp_path, *lines), "sick_leave_days").rows["agreed_days"].iloc[0]


def test_a_panel_is_typed_and_keeps_its_lines(tmp_path):
    path = panel(tmp_path, "0101;2006Q1;600;26000;400;2400", "", "0542;2006Q1;;;;")
    result = read(path, "sick_leave_days", Register())
    assert result.rows.to_dict("list") | {"employees": None} == {
        "municipality_number": ["0101", "0542"],
        "quarter": ["2006Q1", "2006Q1"],
        "sector": ["all", "all"],
        "employees": None,
        "agreed_days": [26000.0, pytest.approx(math.nan, nan_ok=True)],
        "lost_days_self": [400.0, pytest.approx(math.nan, nan_ok=True)],
        "lost_days_doctor": [2400.0, pytest.approx(math.nan, nan_ok=True)],
        "origin": ["observed", "observed"],
        "line": [2, 4],
    }
    assert result.counts == Counts(read=2, used=2, excluded=0, refused=0)
    assert result.rows["employees"].dtype == "float64"
    assert result.rows["municipality_number"].dtype == "str"
    assert result.rows["line"].dtype == "int64"


def test_a_default_that_stands_for_a_column_is_in_the_ledger(tmp_path):
    result = read(panel(tmp_path, "0542;2006Q1;1;2;0;1"), "sick_leave_days")
    assert tuple(result.ledger.columns) == LEDGER_COLUMNS
    assert ledger_of(result, "sector") == [(pd.NA, "", "all", "column not in the file: this value used")]


def test_columns_in_any_order_and_capitals(tmp_path):
    header = "Quarter;ORIGIN;agreed_days;lost_days_self;lost_days_doctor;employees;sector;municipality_number\n"
    result = read(panel(tmp_path, "2006Q1;syntetisk;2;0;1;1;Education;0542", header=header), "sick_leave_days")
    assert result.rows.loc[0, ["sector", "origin", "quarter"]].tolist() == ["education", "syntetisk", "2006Q1"]
    assert ledger_of(result, "sector") == [(2, "Education", "education", "capital letters")]
    assert ledger_of(result, "quarter") == [(1, "Quarter", "quarter", "column name spelt another way")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("1234.5", 1234.5),
        ("1234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234", 1234),
        ("123 456", 123456),
        ("1.234.567", 1234567),
        ("9.1E+00", 9.1),
        ("9.100000000000001", 9.100000000000001),
        ("0.125", 0.125),
        ("12345.678", 12345.678),
        ("8,500", 8.5),  # the decimal comma is the rule in Norwegian files
        (" 12 ", 12),
        ("0", 0),
    ],
)
def test_numbers_are_read_as_a_norwegian_reader_would(tmp_path, text, value):
    assert number(tmp_path, text) == value


def test_what_a_dot_means_is_told_by_the_rest_of_the_column(tmp_path):
    assert number(tmp_path, "8.500", "7.25") == 8.5
    for others in ((), ("7,25",), ("9.125",), ("7.25", "7,25")):
        with pytest.raises(DataError) as caught:
            number(tmp_path, "8.500", *others)
        assert caught.value.findings[0].code == "INN-D03"
    with pytest.raises(DataError) as caught:
        number(tmp_path, "8,500", "7.25")
    assert caught.value.findings[0].facts == {"as_decimal": "8,500", "as_thousands": "8500"}


def test_a_minus_sign_of_any_kind_is_a_minus_sign(tmp_path):
    path = panel(tmp_path, "result,a,−5", "result,b,–7", "result,c,-9", header="section,item,amount_nok\n")
    result = read(path, "accounts")
    assert result.rows["amount_nok"].tolist() == [-5, -7, -9]
    assert ledger_of(result, "amount_nok") == [(2, "−5", "-5.0", "minus sign"), (3, "–7", "-7.0", "minus sign")]


def test_percent_signs_only_where_percent_is_meant(tmp_path):
    rates = panel(
        tmp_path, "0542;2006Q1;9,1 %", "0542;2006Q2;9.1%", header="municipality_number;quarter;rate_total_pct\n"
    )
    assert read(rates, "sick_leave_rates").rows["rate_total_pct"].tolist() == [9.1, 9.1]
    with pytest.raises(DataError) as caught:
        read(panel(tmp_path, "0542;2006Q1;1;2 %;0;1"), "sick_leave_days")
    assert caught.value.findings[0].code == "INN-D01"


def test_symbols_for_missing_are_missing_and_say_why(tmp_path):
    result = read(panel(tmp_path, "0542;2006Q1;:;..;.;..."), "sick_leave_days")
    assert result.rows[["employees", "agreed_days", "lost_days_self", "lost_days_doctor"]].isna().all(axis=None)
    assert ledger_of(result, "employees") == [(2, ":", "", "symbol ':' confidential")]
    assert ledger_of(result, "lost_days_doctor") == [(2, "...", "", "symbol '...' not yet available")]
    status = result.rows.filter(like="_status").iloc[0].to_dict()
    assert status == {
        "employees_status": "confidential",
        "agreed_days_status": "not_available",
        "lost_days_self_status": "not_applicable",
        "lost_days_doctor_status": "not_yet",
    }


def test_a_dash_is_zero_in_tables_from_statistics_norway_only(tmp_path):
    header = "kommune_nr;kommune;kvartal;kjonn;mal;prosent;antall;tabell;kilde\n"
    result = read(panel(tmp_path, "0542;N;2006K1;menn;dagsverk_pst;-;-;t;k", header=header), "ssb_cells")
    assert result.rows.loc[0, ["prosent", "antall"]].tolist() == [0, 0]
    assert ledger_of(result, "prosent") == [(2, "-", "0.0", "symbol '-' zero")]
    result = read(panel(tmp_path, "0542;2006Q1;-;1;0;1", "0542;2006Q2;5;--;0;1"), "sick_leave_days")
    assert [(item.code, item.severity, item.line, item.found) for item in result.findings] == [
        ("INN-D04", "warning", 2, "-"),
        ("INN-D04", "warning", 3, "--"),
    ]
    assert result.rows[["employees", "agreed_days"]].isna().to_numpy().tolist() == [[True, False], [False, True]]
    assert result.rows["employees_status"].fillna("").tolist() == ["dash", ""]


def test_a_lost_leading_zero_is_put_back_when_the_register_has_the_number(tmp_path):
    path = panel(tmp_path, "101;2006Q1;1;2;0;1", "542.0;2006Q1;1;2;0;1", "1503.0;2006Q1;1;2;0;1")
    result = read(path, "sick_leave_days", Register())
    assert result.rows["municipality_number"].tolist() == ["0101", "0542", "1503"]
    assert ledger_of(result, "municipality_number") == [
        (2, "101", "0101", "leading zero put back"),
        (3, "542.0", "0542", "leading zero put back"),
        (4, "1503.0", "1503", "whole number written with decimals"),
    ]


def test_without_a_register_a_lost_zero_is_not_guessed(tmp_path):
    with pytest.raises(DataError) as caught:
        read(panel(tmp_path, "101;2006Q1;1;2;0;1"), "sick_leave_days")
    assert (caught.value.findings[0].code, caught.value.findings[0].facts["padded"]) == ("INN-F01", "0101")


def test_a_number_must_be_valid_in_the_year_of_its_quarter(tmp_path):
    path = panel(tmp_path, "1503;2007Q4;1;2;0;1", "1503;2008Q1;1;2;0;1", "1505;2008Q1;1;2;0;1")
    result = inspect(path, "sick_leave_days", Register())
    assert [(item.code, item.line, item.facts["year"], item.facts["nearest"]) for item in result.errors] == [
        ("INN-F11", 3, "2008", "1505")
    ]
    assert result.counts == Counts(read=3, used=2, excluded=0, refused=1)


def test_the_whole_country_is_allowed_only_where_the_layout_says_so(tmp_path):
    header = "kommune_nr;kommune;kvartal;kjonn;mal;prosent;antall;tabell;kilde\n"
    path = panel(tmp_path, "0000;Landet;2006K1;menn;dagsverk_pst;5,0;9;t;k", header=header)
    assert read(path, "ssb_cells", Register()).is_accepted
    result = inspect(panel(tmp_path, "0000;2006Q1;1;2;0;1"), "sick_leave_days", Register())
    assert [item.code for item in result.errors] == ["INN-A07"]
    assert result.counts == Counts(read=1, used=0, excluded=1, refused=0)


def test_text_that_looks_like_missing_stays_text(tmp_path):
    lines = [f"{word},0101,x,2000,2024" for word in ("NA", "None", "nan", "No", "null")]
    path = panel(
        tmp_path,
        *(f"010{n},{line.split(',')[0]},x,2000,2024" for n, line in enumerate(lines)),
        header="municipality_number,name,county,first_year,last_year\n",
    )
    assert read(path, "municipalities").rows["name"].tolist() == ["NA", "None", "nan", "No", "null"]


def test_accents_and_hidden_spaces_in_names_are_made_one_spelling(tmp_path):
    path = panel(
        tmp_path, "1815,A\u030al\u00a0,x,2000,2024", header="municipality_number,name,county,first_year,last_year\n"
    )
    result = read(path, "municipalities")
    assert result.rows["name"].tolist() == ["Ål"]
    assert ledger_of(result, "name") == [(2, "A\u030al\u00a0", "Ål", "spelling of space or accents")]


def test_dates_keep_their_precision_and_norwegian_dates_have_the_day_first(tmp_path):
    header = "date,old_number,new_number\n"
    path = panel(tmp_path, "2008-01-01,1503,1505", "01.02.2007,1503,1505", "2007-03,1503,1505", header=header)
    assert read(path, "municipality_changes").rows["date"].tolist() == ["2008-01-01", "2007-02-01", "2007-03"]


def test_counts_are_whole_numbers(tmp_path):
    header = "municipality_number,name,county,first_year,last_year\n"
    result = read(panel(tmp_path, '0101,Halden,x,2000,"2024,0"', header=header), "municipalities")
    assert result.rows["last_year"].tolist() == [2024]
    assert result.rows["last_year"].dtype == "int64"


def test_an_unknown_column_is_left_out_with_a_warning(tmp_path):
    result = read(panel(tmp_path, "0542;2006Q1;1;2;0;1;x", header=HEADER.strip() + ";comment\n"), "sick_leave_days")
    assert "comment" not in result.rows
    assert [(item.code, item.severity, item.column) for item in result.findings] == [("INN-B15", "warning", "comment")]
    assert ledger_of(result, "comment") == [(1, "comment", "", "unknown column left out")]


def test_all_faults_of_a_file_are_told_at_once_and_in_order(tmp_path):
    path = panel(
        tmp_path,
        "0542;2006Q1;1;2;0;1",
        "Bø;2006;x;-1;0;1",
        "0542;2006Q2;1;2;0",
        "0542;2006Q1;1;2;0;0",
        "0542;2006Q3;9;100;90;20",
    )
    with pytest.raises(DataError) as caught:
        read(path, "sick_leave_days")
    assert [(item.line, item.code) for item in caught.value.findings] == [
        (3, "INN-D01"),
        (3, "INN-D10"),
        (3, "INN-E05"),
        (3, "INN-F02"),
        (4, "INN-B03"),
        (5, "INN-G02"),
        (6, "INN-V01"),
    ]
    result = inspect(path)
    assert result.counts == Counts(read=5, used=1, excluded=0, refused=4)
    assert result.rows["line"].tolist() == [2]
    assert not result.is_accepted


def test_faults_of_cells_are_told_together_with_a_missing_column(tmp_path):
    path = panel(tmp_path, "0542;2006Q1;x;2;0", header=HEADER.replace("lost_days_doctor", "").replace("self;", "self"))
    result = inspect(path)
    assert [(item.code, item.column) for item in result.errors] == [
        ("INN-B10", "lost_days_doctor"),
        ("INN-D01", "employees"),
    ]
    assert result.counts == Counts(read=1, used=0, excluded=0, refused=1)
    assert result.rows.empty


def test_the_account_must_balance():
    with pytest.raises(ValueError, match="not accounted for"):
        Counts(read=3, used=1, excluded=1, refused=0)


def test_warnings_do_not_refuse(tmp_path):
    path = panel(tmp_path, "0542;2006Q1;10;600;0;0", "0542;2006Q2;10;0;0;0", "0542;2006Q3;10;4500;5;5")
    result = read(path, "sick_leave_days")
    assert [(item.line, item.code, item.severity) for item in result.findings] == [
        (2, "INN-V05", "warning"),
        (3, "INN-V03", "warning"),
        (4, "INN-V04", "warning"),
    ]
    assert len(result.rows) == 3


def test_parts_that_differ_by_rounding_only_are_no_fault(tmp_path):
    header = "quarter,total_pct,self_certified_pct,doctor_certified_pct\n"
    path = panel(tmp_path, "2006Q1,8.1,1.1,7.1", "2006Q2,8.1,1.1,7.2", header=header)
    assert [(item.line, item.code) for item in read(path, "national_series").findings] == [(3, "INN-V06")]


def test_an_unknown_layout_is_a_mistake_of_the_programmer(tmp_path):
    with pytest.raises(KeyError, match="sick_days"):
        read(panel(tmp_path, "0542;2006Q1;1;2;0;1"), "sick_days")


@pytest.mark.parametrize(
    ("name", "layout", "n_rows"),
    [
        ("municipalities", "municipalities", 875),
        ("municipalities_2008", "municipalities_2008", 430),
        ("municipality_changes", "municipality_changes", 504),
        ("programme_participants", "participants", 66),
        ("national_sick_leave_quarterly", "national_series", 46),
        ("annual_report_2007_table1", "table_1", 15),
        ("annual_report_2007_accounts", "accounts", 12),
        ("claims", "claims", 18),
        ("ssb_published_cells_37_municipalities", "ssb_cells", 1492),
    ],
)
def test_the_files_that_come_with_the_project_are_recognised_and_without_findings(name, layout, n_rows):
    (path,) = DELIVERED.glob(f"*/{name}.csv")
    result = inspect(path)
    assert result.layout.id == layout
    assert result.findings == ()
    assert result.counts == Counts(read=n_rows, used=n_rows, excluded=0, refused=0)


def test_a_choice_may_be_written_in_norwegian_and_the_ledger_says_so(tmp_path):
    path = tmp_path / "goals.csv"
    example = Path("data/raw/examples/goals.csv").read_text("utf-8")
    assert "decrease" in example
    path.write_text(example.replace("decrease", "Ned"), "utf-8")
    found = inspect(path)
    assert found.errors == ()
    assert set(found.rows["direction"]) <= {"decrease", "increase", "maintain"}
    changed = found.ledger[found.ledger["rule"] == "Norwegian word for the value"]
    assert set(changed["raw"]) == {"Ned"}
    assert set(changed["value"]) == {"decrease"}


def test_a_choice_that_is_no_choice_is_told_both_languages(tmp_path):
    path = tmp_path / "goals.csv"
    path.write_text(Path("data/raw/examples/goals.csv").read_text("utf-8").replace("decrease", "sideveis"), "utf-8")
    refused = [item for item in inspect(path).errors if item.code == "INN-D15"]
    assert refused
    values = re.findall(r"([a-z]+) \(([^)]*)\)", refused[0].facts["allowed"])
    assert [value for value, _ in values] == ["decrease", "increase", "maintain"]
    assert [words.split(", ")[0] for _, words in values[:2]] == ["ned", "opp"]
