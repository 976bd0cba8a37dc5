"""Catalogue of bad inputs, D: numbers, signs for missing, and units."""

import pytest
from intake_cases import codes, look, rates, rules, said, values

DAYS = "kommunenr;kvartal;ansatte;avtalte dagsverk;tapte dagsverk egenmeldt;tapte dagsverk legemeldt"
NB, THIN = "\u00a0", "\u202f"


def days(tmp_path, *lines, header=DAYS, **options):
    return look(tmp_path, "\n".join((header, *lines)) + "\n", "sick_leave_days", **options)


def test_d01_decimal_commas_and_points_in_one_column_are_counted(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1", "0104;2007K1;9.2", "0105;2007K1;9,3")
    assert values(result) == [9.1, 9.2, 9.3]
    assert "both decimal signs: comma in 2 cells, point in 1" in rules(result)


def test_d01_one_ambiguous_value_among_them_is_refused(tmp_path):
    result = days(tmp_path, "0101;2007K1;10;1.234;0;1", "0104;2007K1;10;900,5;0;1")
    assert [(item.code, item.line) for item in result.errors] == [("INN-D03", 2)]
    assert result.errors[0].facts == {"as_decimal": "1,234", "as_thousands": "1234"}


@pytest.mark.parametrize("text", ["1.234,5", "1 234,5", f"1{NB}234,5", f"1{THIN}234,5", "1234,5", "'1234,5"])
def test_d02_thousands_in_every_spelling(tmp_path, text):
    assert values(days(tmp_path, f"0101;2007K1;9000;{text};0;1"), "agreed_days") == [1234.5]


@pytest.mark.parametrize("text", ["8.500", "1.234"])
def test_d03_a_number_that_can_be_read_in_two_ways(tmp_path, text):
    (item,) = rates(tmp_path, f"0101;2007K1;{text}").errors
    assert item.code == "INN-D03"
    assert set(item.facts) == {"as_decimal", "as_thousands"}


@pytest.mark.parametrize(
    ("text", "status"),
    [(":", "confidential"), ("..", "not_available"), (".", "not_applicable"), ("...", "not_yet"), ("…", "not_yet")],
)
def test_d04_signs_for_missing_are_kept_as_a_reason_beside_the_value(tmp_path, text, status):
    result = rates(tmp_path, f"0101;2007K1;{text}", "0104;2007K1;8,1")
    assert result.is_accepted
    assert result.rows["rate_total_pct"].isna().tolist() == [True, False]
    assert result.rows["rate_total_pct_status"].fillna("").tolist() == [status, ""]


def test_d04_a_dash_is_zero_only_when_the_source_is_statistics_norway(tmp_path):
    lines = ("0101;2007K1;-", "0104;2007K1;8,1")
    unknown = rates(tmp_path, *lines)
    assert said(unknown) == [("INN-D04", "warning", 2)]
    assert unknown.rows["rate_total_pct_status"].iloc[0] == "dash"
    assert unknown.rows["rate_total_pct"].isna().iloc[0]
    known = rates(tmp_path, *lines, "Kilde: Statistisk sentralbyrå, tabell 12451")
    assert (values(known), known.rows["rate_total_pct_status"].iloc[0]) == ([0, 8.1], "zero")


def test_without_any_sign_there_is_no_status_column(tmp_path):
    assert list(rates(tmp_path, "0101;2007K1;9", "0104;2007K1;").rows.columns) == [
        "municipality_number",
        "quarter",
        "rate_total_pct",
        "line",
    ]


@pytest.mark.parametrize("text", ["−0,5", "–0,5", "-0,5"])
def test_d06_a_minus_in_any_spelling_is_a_minus(tmp_path, text):
    result = look(tmp_path, f'section,item,amount_nok\na,b,"{text}"\n', "accounts")
    assert values(result, "amount_nok") == [-0.5]


@pytest.mark.parametrize("text", ["(0,5)", "( 9,1 )", "(1 234)"])
def test_d06_brackets_are_ambiguous(tmp_path, text):
    assert codes(rates(tmp_path, f"0101;2007K1;{text}")) == ["INN-D06"]


@pytest.mark.parametrize("text", ["9,1 %", "9,1%", "9,1 prosent", f"9,1{NB}%", "9,1 pst.", "9,1 PST"])
def test_d07_a_percent_sign_is_read_and_told(tmp_path, text):
    result = rates(tmp_path, f"0101;2007K1;{text}")
    assert values(result) == [9.1]
    assert any("percent sign taken away" in rule for rule in rules(result))


@pytest.mark.parametrize("text", ["0,5 prosentpoeng", "9 ‰", "91 promille", "1,2 pp", "2 %-poeng"])
def test_d09_other_units_are_refused_by_name(tmp_path, text):
    assert codes(rates(tmp_path, f"0101;2007K1;{text}")) == ["INN-D09"]


def test_d08_a_whole_column_of_shares(tmp_path):
    result = rates(tmp_path, "0101;2007K1;0,091", "0104;2007K1;0,08")
    assert [(item.code, item.line, item.found) for item in result.errors] == [("INN-D08", 2, "0,091")]


def test_d08_shares_for_one_municipality(tmp_path):
    lines = [
        f"{number};2007K{q};{rate}"
        for q in (1, 2)
        for number, rate in (("0101", "0,091"), ("0104", "8"), ("0105", "9"))
    ]
    (item,) = rates(tmp_path, *lines).errors
    assert (item.code, item.line, item.facts["group"], item.facts["groups"]) == ("INN-D07", 2, "0101", "0101")


def test_d08_shares_in_one_year(tmp_path):
    lines = [f"{number};{year}K{q};{'0,09' if year == 2008 else '9,1'}" for number in ("0101", "0104")
             for year in (2007, 2008) for q in (1, 2, 3, 4)]  # fmt: skip
    errors = rates(tmp_path, *lines).errors
    assert [(item.code, item.facts["group"]) for item in errors] == [("INN-D07", "2008")]


def test_d08_a_single_share_and_low_but_honest_percentages(tmp_path):
    lines = [f"0101;{year}K{q};9,{q}" for year in (2006, 2007) for q in (1, 2, 3, 4)]
    lines[5] = "0101;2007K2;0,092"
    assert said(rates(tmp_path, *lines)) == [("INN-D12", "error", 7)]
    assert rates(tmp_path, "0101;2007K1;0,9", "0104;2007K1;1,4", "0105;2007K1;7").is_accepted


def test_tenths_and_per_mille_are_refused(tmp_path):
    assert codes(rates(tmp_path, "0101;2007K1;91", "0104;2007K1;82")) == ["INN-D14"]
    lines = [
        f"{n};2007K{q};{v}" for q in (1, 2) for n, v in (("0101", "91"), ("0104", "8"), ("0105", "9"), ("0106", "7"))
    ]
    assert [(item.code, item.facts["group"]) for item in rates(tmp_path, *lines).errors] == [("INN-D07", "0101")]


def test_d10_negative_above_a_hundred_and_exactly_zero(tmp_path):
    result = rates(tmp_path, "0101;2007K1;-9,1", "0104;2007K1;101", "0105;2007K1;0,0", "0106;2007K1;8")
    assert said(result) == [("INN-D10", "error", 2), ("INN-D11", "error", 3), ("INN-V07", "warning", 4)]
    assert result.counts.used == 2


@pytest.mark.parametrize(
    ("text", "value"), [("9.1E+00", 9.1), ("9.100000000000001", 9.100000000000001), ("9,1e0", 9.1)]
)
def test_d12_scientific_notation_and_long_decimals(tmp_path, text, value):
    assert values(rates(tmp_path, f"0101;2007K1;{text}")) == [value]


def test_d14_markup_is_taken_away_when_a_number_is_left(tmp_path):
    result = rates(tmp_path, "0101;2007K1;<b>10,7</b>", "0105;2007K1;<i>x</i>")
    assert [(item.code, item.line) for item in result.errors] == [("INN-D01", 3)]
    assert values(result) == [10.7]
    assert any("HTML tags taken away" in rule for rule in rules(result))


@pytest.mark.parametrize(
    "text", ["NA", "nan", "None", "n/a", "#DIV/0!", "#VERDI!", "inf", "1_000", "٩", "９", "0x10", "9,1*", "=1+1"]
)
def test_what_is_no_number_is_refused_and_never_silently_missing(tmp_path, text):
    result = rates(tmp_path, f"0101;2007K1;{text}")
    assert codes(result) == ["INN-D01"]
    assert result.errors[0].found == text


def test_d08_a_single_figure_in_tenths(tmp_path):
    lines = [f"0101;2007K{q};{'91' if q == 3 else '9,1'}" for q in (1, 2, 3, 4)]
    assert [(item.code, item.line, item.facts["usual"]) for item in rates(tmp_path, *lines).errors] == [
        ("INN-D12", 4, "9,1")
    ]
