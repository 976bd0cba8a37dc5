"""Breaks in series: a window that crosses one needs somebody's reason."""

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.breaks import BREAKS, check_window, crossed, marked_quarter, require_accepted
from kvalitet_eval.prepare.layouts.columns import POPULATIONS
from kvalitet_eval.prepare.periods import add, ordinal
from kvalitet_eval.present.messages import describe


def ids(first, last, population="employees"):
    return [item.id for item in crossed(first, last, population)]


@pytest.mark.parametrize(
    ("quarter", "expected"),
    [
        ("2004Q3", "rules_2004"),
        ("2009Q1", "industry_codes_2009"),
        ("2009Q4", "influenza_2009"),
        ("2015Q1", "a_ordningen_2015"),
        ("2018Q4", "holiday_correction_2018"),
    ],
)
@pytest.mark.parametrize("population", POPULATIONS)
def test_each_break_is_crossed_between_the_quarter_before_and_the_first_new_one(quarter, expected, population):
    assert ids(add(quarter, -1), quarter, population) == [expected]
    assert ids(quarter, quarter, population) == []
    assert ids(add(quarter, -2), add(quarter, -1), population) == []


def test_breaks_are_in_order_and_a_long_window_crosses_them_all():
    assert [ordinal(item.quarter) for item in BREAKS] == sorted(ordinal(item.quarter) for item in BREAKS)
    assert ids("2000Q2", "2019Q4") == [item.id for item in BREAKS]
    assert len({item.id for item in BREAKS}) == len(BREAKS) == 5
    assert all(item.source and item.title_nb and item.title_en for item in BREAKS)


def test_a_break_that_nobody_accepted_is_refused_by_name():
    with pytest.raises(DataError) as error:
        require_accepted("2005Q1", "2009Q4", "employees", {}, file="kkp.toml")
    assert [(item.code, item.found) for item in error.value.findings] == [
        ("INN-S01", "industry_codes_2009"),
        ("INN-S01", "influenza_2009"),
    ]
    message = describe(error.value.findings)
    assert "2005Q1–2009Q4" in message
    assert "nye næringskoder fra 1. kvartal 2009" in message
    assert "[[accepted_breaks]]" in message
    assert "kkp.toml" in message


def test_an_accepted_break_is_told_with_its_reason():
    (found,) = require_accepted("2005Q1", "2009Q3", "employees", {"industry_codes_2009": "No industries are compared"})
    assert (found.code, found.severity, found.found) == ("INN-S04", "info", "industry_codes_2009")
    assert "No industries are compared" in describe([found])


def test_an_acceptance_without_a_reason_or_of_something_unknown_is_refused():
    found = check_window("2005Q1", "2009Q3", "employees", {"industry_codes_2009": " ", "easter": "It moves"})
    assert [(item.code, item.found) for item in found] == [("INN-S03", "easter"), ("INN-S05", "industry_codes_2009")]
    assert "holiday_correction_2018" in describe(found)


def test_an_acceptance_that_is_not_needed_is_no_fault():
    assert check_window("2005Q1", "2008Q4", "employees", {"a_ordningen_2015": "Later"}) == ()


def test_a_population_that_is_none_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no population 'all'"):
        crossed("2005Q1", "2009Q3", "all")


@pytest.mark.parametrize("text", ["2008K1 Ny", "2008K1 ny", "2008Q1 (Ny)", " 1. kvartal 2008 ny ", "2008K1 Nytt"])
def test_a_recomputed_quarter_is_not_the_plain_one(text):
    quarter, item = marked_quarter(text)
    assert (quarter, item.id) == ("2008Q1", "industry_codes_2009")


@pytest.mark.parametrize("text", ["2008K1", "Ny", "ny 2008K1", "nynorsk", "2008 Ny", "2008K1 Nyere", ""])
def test_other_texts_are_not_recomputed_quarters(text):
    assert marked_quarter(text) is None


@pytest.mark.parametrize("accepted", [{}, {"a_ordningen_2015": ""}, {"a_ordningen_2015": "Checked."}])
def test_a_break_is_named_in_the_language_of_the_sentence(accepted):
    found = check_window("2014Q4", "2015Q1", "employees", accepted)
    assert "a-ordningen som ny kilde" in describe(found)
    assert "(a-ordningen) as the new source" in describe(found, "en")
    assert "som ny kilde" not in describe(found, "en")
