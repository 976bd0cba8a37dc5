"""The sentences of a cohort's report, over all cases that can occur."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from case_samples import CASES, effect_row, said_wrongly, verdict
from publish_samples import no_rows, opened

from kvalitet_eval.present.cohort_words import (
    co_intervention_sentence,
    cohort_level_sentence,
    cohort_limits,
    cohort_summary,
    members_sentence,
)
from kvalitet_eval.present.messages import keys, placeholders, text


def plain(sentence):
    return str(sentence).replace("\u00a0", " ")


def summary(effect, n_members=12, judged="cannot_be_told"):
    row = effect_row("below") if effect is None else effect
    frame = row.to_frame().T.infer_objects().astype({"estimate": float})
    effect = no_rows(frame) if effect is None else opened(frame)
    return plain(cohort_summary(effect, name="Pulje I", n_members=n_members, sizes="29", verdict=judged))


@pytest.mark.parametrize(("interval", "improvement", "agree", "origin"), CASES)
def test_no_case_says_more_than_it_may(interval, improvement, agree, origin):
    judged = verdict(interval, improvement, agree=agree)
    said = summary(effect_row(interval, origin=origin), judged=judged)
    assert said_wrongly(said) == []
    assert ("bedre enn" in said) == (judged == "better")
    assert ("dårligere enn" in said) == (judged == "worse")
    assert ("kan ikke avgjøre" in said) == (judged == "cannot_be_told")
    assert ("Minste effekt som kunne vært oppdaget, er 0,45 prosentpoeng." in said) == (interval != "missing")
    assert "12 av kommunene i opptaket. Oppgitt antall er 29." in said


@pytest.mark.parametrize(
    ("effect", "n_members", "said"),
    [
        (None, 0, "Oppgitt antall kommuner i opptaket er 29, men vi kjenner ingen av dem"),
        (None, 2, "Vi kjenner 2 av kommunene (oppgitt antall: 29)"),
        (effect_row("missing", estimate=float("nan")), 2, "ikke nok til å anslå noe"),
    ],
)
def test_a_cohort_without_an_effect_cannot_be_told_and_is_not_called_without_effect(effect, n_members, said):
    found = summary(effect, n_members)
    assert said in found
    assert found.startswith("Om programmet gjorde en forskjell for Pulje I, kan ikke avgjøres.")
    assert "Det betyr ikke at programmet var uten virkning" in found
    assert said_wrongly(found) == []


@pytest.mark.parametrize(
    ("n_members", "is_whole", "said"),
    [
        (12, True, "kjenner alle ved navn"),
        (3, False, "har tall for, er 3. Resultatene"),
        (0, False, "kjenner ingen av"),
    ],
)
def test_how_many_are_known_is_said_beside_what_was_published(n_members, is_whole, said):
    facts = {"n_members": n_members, "sizes": "46, 49 eller 44", "is_whole": is_whole, "start": "2007Q2"}
    found = plain(members_sentence(**facts, measures_began=None))
    assert said in found
    assert "er 46, 49 eller 44." in found
    assert found.startswith("Første kvartal med tiltak er 2. kv. 2007. Oppgitt")
    later = plain(members_sentence(**facts, measures_began="2008Q2"))
    assert "kom i gang med tiltakene i 2. kv. 2008." in later


def rates(*rows):
    return pd.DataFrame(rows, columns=["window_end", "rate_pct", "complete"])


def level(own, comparison):
    about = {"name": "Pulje I", "outcome": "sick_leave_total", "year_before": "2006Q4"}
    frames = (opened(frame) if len(frame) else no_rows(rates(("2006Q4", 9.0, True))) for frame in (own, comparison))
    return plain(cohort_level_sentence(*frames, **about))


def test_the_level_is_that_of_the_year_before_and_of_the_last_whole_year():
    own = rates(("2006Q4", 11.25, True), ("2007Q4", 10.0, True), ("2008Q1", 3.0, False))
    said = level(own, rates(("2006Q4", 9.0, True), ("2007Q4", 9.5, True), ("2008Q1", 1.0, False)))
    assert "til og med 4. kv. 2006, var det samlede sykefraværet 11,3 % i Pulje I samlet og 9,0 % i" in said
    assert "til og med 4. kv. 2007, var det 10,0 % i opptaket og 9,5 % i" in said


def test_a_missing_level_is_called_missing():
    own = rates(("2007Q4", 10.0, True))
    assert "mangler i Pulje I samlet" in level(own, rates())
    assert level(own.assign(complete=False), own) == text("case.level.none", name="Pulje I")


def test_another_measure_is_named_with_its_date():
    said = plain(co_intervention_sentence("Mandal", "Tillitsprosjektet", dt.date(2008, 5, 1)))
    assert "I Mandal startet også et annet tiltak, Tillitsprosjektet, 1. mai 2008." in said


def limits(**flags):
    return [line.removeprefix("- ") for line in str(cohort_limits(**flags)).split("\n")]


def test_a_withheld_level_and_a_withheld_effect_are_said_to_be():
    own = rates(("2006Q4", 11.25, True), ("2007Q4", 10.0, True))
    said = plain(
        cohort_level_sentence(
            opened(own, hidden={"rate_pct": [0]}),
            opened(own),
            name="P",
            outcome="sick_leave_total",
            year_before="2006Q4",
        )
    )
    assert said.startswith("Nivået til og med 4. kv. 2006 vises ikke, fordi få personer")
    assert "11,3" not in said
    row = opened(effect_row("below").to_frame().T.infer_objects(), hidden={"estimate": [0]})
    found = str(cohort_summary(row, name="Pulje I", n_members=12, sizes="29", verdict="cannot_be_told"))
    assert found == text("case.effect.withheld", intake="Pulje I")


def test_limits_follow_what_is_known():
    flags = {"has_effect": True, "is_partly_known": True, "is_selected": True, "is_synthetic": True}
    every = limits(**flags)
    assert len(every) == 7
    assert "rapporten rangerer dem ikke" in every[0]
    for flag in ("is_partly_known", "is_selected", "is_synthetic"):
        assert len(limits(**{**flags, flag: False})) == 6
    without = limits(**{**flags, "has_effect": False})
    assert "verken at den fantes eller at den manglet" in without[0]
    assert text("case.limits.comparison") not in without


def test_no_sentence_uses_a_word_that_claims_too_much():
    own = [key for key in keys() if key.startswith("cohort.")]
    assert len(own) > 25
    for key in own:
        assert said_wrongly(text(key, **dict.fromkeys(placeholders(key), "X"))) == [], key
