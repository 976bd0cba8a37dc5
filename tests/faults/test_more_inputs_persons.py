"""Answers that tell who somebody is, tables under two numbers, signs beside figures, and files that do not open."""

import errno
import json
import os

import pytest
from intake_cases import look, said
from more_cases import ANSWERS, SSB, Case, check, lines

from kvalitet_eval.errors import finding, system_reason
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.present.messages import describe, keys

NAMED = (
    ("01017012345", "INN-S19"),
    ("kari.nordmann@verdal.kommune.no", "INN-S40"),
    ("kn@x.no", "INN-S40"),
    ("91234567", "INN-S41"),
    ("912 34 567", "INN-S41"),
    ("74 04 82 00", "INN-S41"),
    ("+47 74048200", "INN-S41"),
    ("0047 912 34 567", "INN-S41"),
    ("Kari Nordmann", "INN-S42"),
    ("Nordmann, Kari", "INN-S42"),
    ("Ole Johan Øde", "INN-S42"),
    ("Anne-Lise Ås", "INN-S42"),
)
SERIAL = ("1", "r17", "A-0012", "20070001", "10023", "Skjema 12", "enhet nord 4", "R-912-34", "0012", "KN")


def answers(respondent):
    return lines(ANSWERS, f'm1;0542;barnehage;"{respondent}";q1;4')


@pytest.mark.parametrize(("respondent", "code"), NAMED)
def test_who_somebody_is_is_refused_and_never_repeated(tmp_path, respondent, code):
    result = look(tmp_path, answers(respondent), "survey_responses")
    assert said(result) == [(code, "error", 2)]
    assert respondent not in describe(result.findings)


@pytest.mark.parametrize("respondent", SERIAL)
def test_a_serial_number_tells_nobody(tmp_path, respondent):
    assert look(tmp_path, answers(respondent), "survey_responses").is_accepted


def ssb(*tables):
    return lines(SSB, *(f"0101;2008K1;both;residents;{rate};{table}" for table, rate in tables))


TABLES = (
    Case("a table that has lost its zero", ssb(("7905", "6,1")), "ssb_sick_leave", of="table", values=("07905",),
         rule="leading zero put back"),
    Case("one table under two numbers", ssb(("7905", "6,1"), ("07905", "6,4")), "ssb_sick_leave",
         code="INN-G02", line=3),
    Case("one table under two numbers, same figure", ssb(("7905", "6,1"), ("07905", "6,1")), "ssb_sick_leave",
         of="table", values=("07905",), warned="INN-G01"),
    Case("two tables", ssb(("03217", "6,1"), ("07905", "6,1")), "ssb_sick_leave",
         of="table", values=("03217", "07905")),
)  # fmt: skip


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.id)
def test_a_table_has_one_number(tmp_path, case):
    check(tmp_path, case)


def dataset(values, status):
    names = {
        "municipality_number": ["0101", "0104"],
        "year": ["2007"],
        "indicator": ["A"],
        "unit": ["%"],
        "table": ["x"],
    }
    parts = {name: {"category": {"index": codes}} for name, codes in names.items()}
    size = [len(codes) for codes in names.values()]
    whole = {"version": "2.0", "class": "dataset", "id": list(names), "size": size, "dimension": parts}
    return json.dumps({**whole, "value": values, "status": status})


@pytest.mark.parametrize(
    ("values", "status", "n"),
    [([9.1, 8.2], {"1": ":"}, 1), ([9.1, 8.2], ":", 2), ([9.1, 8.2], {"0": "-"}, 1), ([9.1, 0], {"1": "-"}, 0),
     ([9.1, None], {"1": ":"}, 0), ([9.1, 8.2], {"1": "p"}, 0)],
)  # fmt: skip
def test_a_figure_that_a_sign_says_is_not_there_is_told(tmp_path, values, status, n):
    result = look(tmp_path, dataset(values, status), "kostra_indicators", name="fil.json")
    told = [item for item in result.findings if item.code == "INN-C32"]
    assert [item.facts["n"] for item in told] == ([str(n)] if n else [])
    assert all(item.severity == "warning" and item.line for item in told)
    assert result.rows["value"].notna().sum() == sum(value is not None for value in values)


def test_why_a_file_does_not_open_is_told_in_the_language_of_the_reader(tmp_path):
    long = tmp_path / ("x" * 300 + ".csv")
    for path, words in ((tmp_path, "dette er en mappe"), (long, "navnet er for langt")):
        message = describe(inspect(path).errors)
        assert words in message
        assert os.strerror(errno.EISDIR) not in message
        assert os.strerror(errno.ENAMETOOLONG) not in message


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOENT, errno.ENAMETOOLONG])
def test_usual_reasons_have_words(number):
    error = OSError(number, os.strerror(number))
    assert f"system.{system_reason(error)}" in keys()
    told = describe([finding("INN-A14", file="x.csv", found=error.strerror, system=system_reason(error))])
    assert error.strerror not in told


def test_an_unusual_reason_is_quoted_as_the_systems_own_words():
    error = OSError(errno.EIO, os.strerror(errno.EIO))
    told = describe([finding("INN-A14", file="x.csv", found=error.strerror, system=system_reason(error))])
    assert f"systemet sier «{error.strerror}»" in told
