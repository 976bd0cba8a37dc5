"""What rows mean together: populations that never mix, and files that contradict themselves."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.intake import inspect, read
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.semantics.meaning import check_meaning, panel_rows, populations, require_population
from kvalitet_eval.present.messages import describe

SSB = "municipality_number;quarter;sex;population;rate_doctor_pct;lost_days_doctor;agreed_days;table\n"
PAI = "municipality_number;quarter;population;employees;agreed_days;lost_days_self;lost_days_doctor\n"
GOALS = "goal_id;municipality_number;goal;dimension;indicator;unit;direction;baseline;baseline_date;target;deadline\n"
MEASURES = "measure_id;municipality_number;kind;name;dimension;phase;start;end;goal_id\n"
COOPERATION = (
    "municipality_number;year;party;statement_id;statement;scale_min;scale_max;n_invited;n_answered;mean_score\n"
)


@pytest.fixture
def file(tmp_path):
    """Write a file and read it as one layout."""

    def written(layout, content, name="file.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return inspect(path, layout)

    return written


def contradictions(intake):
    """What the intake found in the rows together; every sentence can be filled."""
    describe(intake.findings)
    return [item for item in intake.findings if item.code.startswith("INN-S")]


def meaning(intake):
    """Code, line, column and found text of what the rows contradict."""
    return [(item.code, item.line, item.column, item.found) for item in contradictions(intake)]


def test_two_populations_in_one_file_are_refused_with_both_lines(file):
    rows = "0542;2007Q1;both;residents;6,0;;;03217\n0542;2007Q1;both;employees;9,0;;;05423\n"
    rows += "0542;2007Q2;both;employees;9,0;;;05423\n"
    intake = file("ssb_sick_leave", SSB + rows)
    (found,) = contradictions(intake)
    assert (found.code, found.severity, found.line, found.found) == ("INN-S10", "error", 3, "employees")
    assert "2 rader om «employees» og begynner med «residents» på linje 2" in describe([found])


def test_one_population_is_no_fault(file):
    assert meaning(file("ssb_sick_leave", SSB + "0542;2007Q1;both;residents;6,0;;;03217\n")) == []


def test_a_file_about_others_is_refused_where_employees_are_asked_about(file):
    own = file("pai_sick_leave", PAI + "0542;2006Q1;employees;612;26930;410;2415\n", "pai.csv")
    other = file("ssb_sick_leave", SSB + "0542;2007Q1;both;residents;6,0;;;03217\n", "ssb.csv")
    assert (populations(own), populations(other)) == (("employees",), ("residents",))
    require_population("employees", own)
    require_population("residents", other)
    with pytest.raises(DataError) as error:
        require_population("employees", own, other)
    (found,) = error.value.findings
    assert (found.code, found.file, found.found) == ("INN-S11", str(other.path), "residents")
    assert "ikke samme sykefravær" in describe(error.value.findings)


@pytest.mark.parametrize(
    ("layout", "expected"),
    [("sick_leave_days", ("employees",)), ("ssb_cells", ("residents",)), ("sick_leave_rates", ())],
)
def test_a_layout_without_the_column_says_whom_it_is_about_or_nothing(layout, expected):
    file = {"path": Path("a.csv"), "layout": LAYOUTS[layout], "rows": pd.DataFrame({"line": [2]})}
    assert populations(SimpleNamespace(**file)) == expected
    assert populations(SimpleNamespace(**{**file, "layout": None})) == ()


def test_a_register_file_becomes_the_panel_and_nothing_is_added(file):
    intake = file("pai_sick_leave", PAI + "0542;2006Q1;employees;612;26930;410;2415,5\n")
    rows = panel_rows(intake)
    assert rows.drop(columns="line").to_dict("records") == [
        {
            "municipality_number": "0542",
            "quarter": "2006Q1",
            "sector": "all",
            "employees": 612.0,
            "agreed_days": 26930.0,
            "lost_days_self": 410.0,
            "lost_days_doctor": 2415.5,
            "origin": "observed",
        }
    ]
    with pytest.raises(ValueError, match="no panel of days in layout ssb_sick_leave"):
        panel_rows(file("ssb_sick_leave", SSB + "0542;2007Q1;both;residents;6,0;;;03217\n"))


def test_a_rate_must_be_the_one_its_days_give(file):
    rows = "0542;2007Q1;both;residents;6,0;9600;160000;03217\n"  # 6.00
    rows += "0542;2007Q2;both;residents;6,0;9680;160000;03217\n"  # 6.05, rounds to 6.0 or 6.1
    rows += "0542;2007Q3;both;residents;6,0;9700;160000;03217\n"  # 6.06
    rows += "0542;2007Q4;both;residents;6,0;;160000;03217\n0542;2008Q1;both;residents;;1;160000;03217\n"
    intake = file("ssb_sick_leave", SSB + rows)
    assert meaning(intake) == [("INN-S21", 4, "rate_doctor_pct", "6")]
    assert "gir 6,06 prosent" in describe(contradictions(intake))


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "is_wrong"),
    [
        ("decrease", "10,5", "9", False), ("decrease", "9", "10,5", True), ("decrease", "9", "9", True),
        ("increase", "4", "5", False), ("increase", "5", "4", True), ("increase", "5", "5", True),
        ("maintain", "5", "5", False), ("maintain", "5", "4", False), ("decrease", "", "9", False),
    ],
)  # fmt: skip
def test_a_goal_must_lie_in_its_direction(file, direction, baseline, target, is_wrong):
    row = f"M1;0542;x;system;x;prosent;{direction};{baseline};2006-12;{target};2009-12-31\n"
    expected = [("INN-S13", 2, "target", target.replace(".", ","))] if is_wrong else []
    assert meaning(file("goals", GOALS + row)) == expected


@pytest.mark.parametrize(
    ("start", "end", "is_wrong"),
    [
        ("2008-03-01", "2008-02-28", True), ("2008-03-01", "2008-03-01", False), ("2008-03", "2008-02-28", True),
        ("2008-03", "2008-03-01", False), ("2008-03-31", "2008-03", False), ("2008-04-01", "2008-03", True),
        ("2008-03-01", "", False),
    ],
)  # fmt: skip
def test_nothing_ends_before_it_begins(file, start, end, is_wrong):
    found = meaning(file("measures", MEASURES + f"T1;0542;trial;x;system;do;{start};{end};\n"))
    assert found == ([("INN-S12", 2, "end", end)] if is_wrong else [])


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("1;5;5;4;4,25", []),
        ("1;5;5;6;4,25", [("INN-S15", 2, "n_answered", "6")]),
        ("1;5;5;4;5,25", [("INN-S16", 2, "mean_score", "5,25")]),
        ("1;5;5;4;0,9", [("INN-S16", 2, "mean_score", "0,9")]),
        ("1;5;5;0;4", [("INN-S17", 2, "mean_score", "4")]),
        ("1;5;5;0;", []),
        ("1;5;5;4;", [("INN-S18", 2, "n_answered", "4")]),
        ("5;1;5;4;", [("INN-S14", 2, "scale_max", "1"), ("INN-S18", 2, "n_answered", "4")]),
    ],
)
def test_answers_of_the_cooperation_survey(file, rest, expected):
    assert meaning(file("cooperation_survey", COOPERATION + f"0542;2008;employees;P1;x;{rest}\n")) == expected


def test_a_national_identity_number_is_refused_and_never_repeated(file):
    header = "survey_id;municipality_number;unit;respondent;question_id;answer\n"
    rows = "B;0542;x;01019012345;Q1;5\nB;0542;x;010190 12345;Q2;5\nB;0542;x;17;Q1;5\n"
    intake = file("survey_responses", header + rows)
    found = contradictions(intake)
    assert [(item.code, item.line) for item in found] == [("INN-S19", 2), ("INN-S19", 3)]
    assert "12345" not in describe(found) + repr(found)


def test_an_odd_size_of_a_network_is_a_warning(file):
    header = "network_id;network;municipality_number;joined;left\n"
    numbers = ["0501", "0528", "0536", "0542", "0538", "0540", "0541"]
    for n, expected in ((3, ["INN-S20"]), (4, []), (6, []), (7, ["INN-S20"])):
        rows = "".join(f"N1;x;{number};2007-03;\n" for number in numbers[:n])
        intake = file("networks", header + rows)
        found = contradictions(intake)
        assert [item.code for item in found] == expected
        assert all((item.severity, item.facts["n"]) == ("warning", str(n)) for item in found)


@pytest.mark.parametrize("item", ["Sum inntekter", "I alt", "Totalt", "TOTAL"])
def test_a_sum_among_the_items_is_refused(file, item):
    header = "municipality_number;year;kind;side;item;amount_nok\n"
    rows = f"0542;2008;accounts;income;Tilskudd;150000\n0542;2008;accounts;income;{item};150000\n"
    assert meaning(file("project_accounts", header + rows)) == [("INN-S22", 3, "item", item)]
    assert meaning(file("project_accounts", header + rows.replace(item, "Summer school"))) == []


def test_reading_a_good_file_changes_no_row(file, tmp_path):
    intake = file("pai_sick_leave", PAI + "0542;2006Q1;employees;612;26930;410;2415\n")
    before = intake.rows.copy(deep=True)
    check_meaning(intake.rows, intake.layout, intake.path)
    rows = panel_rows(intake)
    rows["employees"] = 0
    pd.testing.assert_frame_equal(intake.rows, before)
    assert len(read(tmp_path / "file.csv", "pai_sick_leave").rows) == 1
