"""Codes of time and the bounds a user gives."""

from __future__ import annotations

import pytest

from kvalitet_eval.errors import UsageError
from kvalitet_eval.prepare.api.periods import parse_bounds, span
from kvalitet_eval.prepare.periods import ordinal


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2007K3", "2007Q3", "2007Q3"), ("2007Q3", "2007Q3", "2007Q3"), ("2008K1 Ny", "2008Q1", "2008Q1"),
        ("2007", "2007Q1", "2007Q4"), ("2006-2007", "2006Q1", "2007Q4"), ("2007M01", "2007Q1", "2007Q1"),
        ("2007M03", "2007Q1", "2007Q1"), ("2007M04", "2007Q2", "2007Q2"), ("2007M12", "2007Q4", "2007Q4"),
    ],
)  # fmt: skip
def test_a_code_covers_its_quarters(code, first, last):
    assert span(code) == (ordinal(first), ordinal(last))


@pytest.mark.parametrize(
    "code", ["2007K5", "2007M13", "2007M00", "2007U12", "K32007", "2007-2006", "", "07", "2007K3Ny"]
)
def test_other_spellings_are_not_guessed(code):
    assert span(code) is None


@pytest.mark.parametrize(
    ("given", "bounds"),
    [
        (("2004", "2010"), ("2004Q1", "2010Q4")), (("2004K3", "2010Q2"), ("2004Q3", "2010Q2")),
        (("3. kv. 2007", "2007"), ("2007Q3", "2007Q4")), (("2007", "2007"), ("2007Q1", "2007Q4")),
    ],
)  # fmt: skip
def test_bounds_are_years_or_quarters(given, bounds):
    assert parse_bounds(*given) == tuple(map(ordinal, bounds))


def test_missing_bounds_stay_missing():
    assert parse_bounds(None, None) == (None, None)


@pytest.mark.parametrize(
    ("given", "code", "column", "found"),
    [
        (("04", "2010"), "API-31", "--from", "04"), (("2004", "i dag"), "API-31", "--to", "i dag"),
        (("2007.1", None), "API-31", "--from", "2007.1"), (("2010", "2004"), "API-32", "--from", "2010"),
        (("2007K2", "2007K1"), "API-32", "--from", "2007K2"), (("", None), "API-31", "--from", ""),
    ],
)  # fmt: skip
def test_wrong_bounds_are_refused(given, code, column, found):
    with pytest.raises(UsageError) as caught:
        parse_bounds(*given)
    assert [(item.code, item.column, item.found) for item in caught.value.findings] == [(code, column, found)]
