"""A municipality's fields in words: dates, quarters, goals, frames and measures in the language they are written in."""

import pytest

from kvalitet_eval.prepare.documents.models import Frame, Goal, Measure, Result
from kvalitet_eval.prepare.documents.municipality_texts import Happening
from kvalitet_eval.present import own_words

GOAL = {"id": "M1", "goal": "Fraværet skal ned.", "indicator": "Sykefravær", "unit": "prosent", "deadline": "2009-12"}


@pytest.mark.parametrize(
    ("date", "quarter", "written"),
    [
        ("2007-01-01", "2007Q1", "1. januar 2007"), ("2007-03-31", "2007Q1", "31. mars 2007"),
        ("2007-04", "2007Q2", "april 2007"), ("2007-09-30", "2007Q3", "30. september 2007"),
        ("2007-12", "2007Q4", "desember 2007"),
    ],
)  # fmt: skip
def test_a_date_has_its_quarter_and_its_words(date, quarter, written):
    assert own_words.quarter_of_date(date) == quarter
    assert own_words.written_date(date, "nb") == written


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"direction": "decrease", "baseline": 10.5, "target": 9},
            "Sykefravær fra 10,5 til 9,0 prosent innen desember",
        ),
        ({"direction": "increase", "baseline": 4, "target": 5}, "Sykefravær fra 4 til 5 prosent innen desember 2009."),
        ({"direction": "decrease", "target": 9.25}, "M1: Fraværet skal ned. Sykefravær: 9,25 prosent innen desember"),
        (
            {"direction": "maintain", "baseline": 510, "target": 510},
            "Sykefravær skal holdes på 510 prosent til desember",
        ),
    ],
)
def test_a_goal_keeps_the_decimals_it_was_written_with(changes, said):
    words = own_words.goal_words(Goal.model_validate({**GOAL, **changes}), "nb")
    assert said in words
    assert ".." not in words


def test_a_frame_says_money_people_time_and_phases():
    frame = {"budget_nok": 1234567, "organisation": "Ei gruppe", "start": "2007-03", "end": "2009-12-31"}
    lines = own_words.frame_words(Frame.model_validate({**frame, "phases": ["prepare", "check"]}), "nn")
    assert [line.replace("\u00a0", " ") for line in lines] == [
        "Budsjett: 1 234 567 kroner", "Organisering: Ei gruppe", "Tid: mars 2007 til 31. desember 2009",
        "Fasar: førebu, kontrollere",
    ]  # fmt: skip


def test_a_measure_goes_on_or_ends_and_serves_a_goal_or_none():
    about = {"name": "Ny vaktordning", "dimension": "system", "start": "2007-10"}
    assert own_words.measure_words(Measure.model_validate(about), "nb") == (
        "Ny vaktordning. Del av kvalitetsmodellen: system. Tid: fra oktober 2007."
    )
    ended = Measure.model_validate({**about, "end": "2008-03", "goal": "M1"})
    assert own_words.measure_words(ended, "nb").endswith("Tid: oktober 2007 til mars 2008. Gjelder mål M1.")


def test_a_measurement_is_printed_with_its_unit_and_date():
    result = Result.model_validate({"indicator": "Svar", "unit": "poeng", "value": "4,9", "date": "2008-05"})
    assert own_words.result_words(result, "nb") == "Svar: 4,9 poeng (mai 2008)."


def test_an_event_has_a_number_only_where_the_chart_has_it():
    item = Happening.model_validate(
        {"date": "2007-10", "kind": "trial", "name": "Vaktordning", "comment": "Et halvt år."}
    )
    assert own_words.happening_words(item, "nb", 3) == "Nummer 3, oktober 2007, forsøk: Vaktordning. Et halvt år."
    assert own_words.happening_words(item, "nb") == "oktober 2007, forsøk: Vaktordning. Et halvt år."
    assert own_words.happening_label(item, "nb", "nb") == "Vaktordning"
    assert own_words.happening_label(item, "nb", "nn") == "forsøk, oktober 2007"


@pytest.mark.parametrize(
    ("flags", "n"),
    [
        ({"has_chart": True, "is_invented": True, "is_synthetic": True}, 3),
        ({"has_chart": True, "is_invented": False, "is_synthetic": False}, 2),
        ({"has_chart": False, "is_invented": False, "is_synthetic": True}, 1),
        ({"has_chart": False, "is_invented": True, "is_synthetic": True}, 1),
    ],
)
def test_the_limits_are_those_that_hold(flags, n):
    said = str(own_words.own_limits(**flags))
    assert said.count("- ") == n
    assert ("Ingenting i teksten har hendt" in said) == flags["is_invented"]
    assert ("kommunens egen" in said) == (not flags["is_invented"])
