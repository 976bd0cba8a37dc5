"""The sentences of a municipality's report, over all cases that can occur."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from case_samples import CASES, FORBIDDEN, INTERVALS, effect_row, expected_change, said_wrongly, verdict
from publish_samples import STANDARD, no_rows, opened

from kvalitet_eval.present.case_words import (
    account_sentence,
    before_after_sentences,
    effect_sentences,
    level_sentence,
    limit_sentences,
    selection_sentence,
    summary_sentences,
)
from kvalitet_eval.present.messages import keys, placeholders, text
from kvalitet_eval.report.open_tables import OpenTables

NBSP = "\u00a0"


def plain(sentence):
    return str(sentence).replace(NBSP, " ")


def limits(**flags):
    return [line.removeprefix("- ") for line in str(limit_sentences(**flags)).split("\n")]


def effect(interval, judged="cannot_be_told", **changes):
    rows = opened(effect_row(interval, **changes).to_frame().T.infer_objects())
    return plain(effect_sentences(rows, intake="Pulje I", outcome="sick_leave_total", verdict=judged))


@pytest.mark.parametrize(("interval", "improvement", "agree", "origin"), CASES)
def test_no_case_says_more_than_it_may(interval, improvement, agree, origin):
    judged = verdict(interval, improvement, agree=agree)
    said = [
        effect(interval, judged, origin=origin),
        str(summary_sentences(name="Nord-Aurdal", intake="Pulje I", verdict=judged)),
        *limits(has_intake=True, is_synthetic=origin == "syntetisk", is_selected=True),
    ]
    for sentence in said:
        assert said_wrongly(sentence) == []
        assert re.search(r"[.]$", sentence)
        assert not re.search(r"[{}]|\bnan\b|None", sentence)
    if interval in ("around", "touching", "missing"):
        assert "kan ikke avgjøre" in said[1]
        assert "Det betyr ikke at programmet var uten virkning" in said[1]
    else:
        assert judged != "cannot_be_told"
        assert ("bedre enn" in said[1]) == (judged == "better")
        assert ("dårligere enn" in said[1]) == (judged == "worse")
        assert (judged in ("better", "worse")) == agree
    assert any("valgt ut etter sykefraværet" in line for line in said)
    assert "For Nord-Aurdal alene kan tallene ikke skille programmet fra andre årsaker." in said[1]


@pytest.mark.parametrize("improvement", ["decrease", "increase"])
@pytest.mark.parametrize("interval", ["below", "above"])
def test_an_answer_that_depends_on_the_way_of_asking_is_never_called_better_or_worse(interval, improvement):
    judged = verdict(interval, improvement, agree=False)
    said = str(summary_sentences(name="Nord-Aurdal", intake="Innsats", verdict=judged))
    assert "svaret avhenger av hvordan vi regner" in said
    assert "nærmer seg gjerne de andre også uten noe program" in said
    assert "Vi kan derfor ikke si at forskjellen skyldes programmet." in said
    assert "beregningsmåtene er ikke enige" in effect(interval, judged)


def test_an_effect_is_given_with_interval_comparison_sizes_and_what_could_be_seen():
    said = effect("below", "better")
    assert "For Pulje I er den gjennomsnittlige effekten på det samlede sykefraværet" in said
    assert "−0,40 prosentpoeng (95 % intervall fra −0,70 til −0,10)" in said
    assert "12 deltakerkommuner og 1 410 sammenligningskommuner" in said
    assert text("comparison.not_yet_treated") in said
    assert "bedre enn ventet uten programmet" in said
    assert "minst 0,45 prosentpoeng" in said


def test_an_effect_without_uncertainty_says_so_and_promises_nothing():
    said = effect("missing")
    assert "anslått til −0,40 prosentpoeng, men usikkerheten kan ikke regnes ut" in said
    assert "intervall" not in said
    assert "80 prosent sjanse" not in said
    assert "mangler" not in said


def test_what_is_withheld_is_said_to_be_and_never_guessed():
    everything = {"rate_pct": range(4)}
    own = opened(OWN, hidden=everything)
    said = plain(level_sentence(own, opened(PEERS), name="Grue", outcome="sick_leave_self"))
    assert said.startswith("Det siste hele året for Grue, til og med 1. kv. 2007, vises ikke, fordi få personer")
    assert "9,2" not in said
    alone = plain(
        level_sentence(opened(OWN), opened(PEERS, hidden={"rate_pct": [1]}), name="Grue", outcome="sick_leave_self")
    )
    assert "9,2 % i Grue. Tallet for sammenligningskommunene vises ikke, fordi få personer" in alone


def test_a_withheld_change_and_a_withheld_expectation_are_said_to_be():
    status = {f"{name}_status": "confidential" for name in ("before", "after", "change", "expected")}
    values = dict.fromkeys(("before", "after", "change", "expected", "expected_low", "expected_high", "common"))
    nothing = {**dict.fromkeys(values, float("nan")), "regression": float("nan"), **status}
    said = plain(before_after_sentences(expected_change(**nothing), name="Grue", outcome="sick_leave_total"))
    assert said == "Endringen i Grue vises ikke, fordi få personer står bak tallene."
    few = plain(before_after_sentences(expected_change(residual_df=9), name="Grue", outcome="sick_leave_total"))
    assert "endret det samlede sykefraværet i Grue seg med −1,00 prosentpoeng" in few
    assert few.endswith("Den ventede endringen vises ikke, fordi den bygger på for få kommuner.")
    assert "0,50" not in few


def test_a_withheld_effect_is_not_called_not_estimated():
    row = effect_row("below").to_frame().T.infer_objects()
    said = effect_sentences(opened(row, hidden={"estimate": [0]}), intake="Pulje I", outcome="x", verdict="better")
    assert "Effekten for Pulje I vises ikke" in str(said)
    assert "Det betyr ikke at programmet var uten virkning." in str(said)
    missing = effect_sentences(no_rows(row), intake="Pulje I", outcome="x", verdict="better")
    assert str(missing) == text("case.effect.not_estimated", intake="Pulje I")


@pytest.mark.parametrize("name", INTERVALS)
def test_every_effect_ends_in_the_same_verdict_as_the_summary(name):
    judged = verdict(name, "decrease", agree=True)
    assert text(f"case.effect.verdict.{judged}") in effect(name, judged)


def test_without_a_known_start_the_summary_says_why_nothing_is_estimated():
    said = str(summary_sentences(name="Grue", intake=None, verdict="cannot_be_told"))
    assert said.startswith("Grue var med i programmet, men vi vet ikke når kommunen startet.")
    assert said_wrongly(said) == []


OWN = pd.DataFrame(
    {
        "window_end": ["2006Q3", "2006Q4", "2007Q1", "2007Q2"],
        "rate_pct": [9.04, 9.15, None, 8.0],
        "complete": [True, True, True, False],
    }
)
PEERS = pd.DataFrame({"window_end": ["2006Q3", "2006Q4"], "rate_pct": [8.0, 8.25], "complete": [True, True]})


def level(own, peers=PEERS):
    return plain(level_sentence(opened(own), opened(peers), name="Grue", outcome="sick_leave_self"))


def test_the_level_is_the_last_whole_year_that_has_a_figure():
    said = level(OWN)
    assert "til og med 4. kv. 2006, var det egenmeldte sykefraværet 9,2 % i Grue" in said
    assert "var det 8,3 %" in said
    assert "mangler" in level(OWN, PEERS.iloc[:1])
    assert level(OWN.assign(complete=False)) == "Grue har ikke tall for noe helt år."


@pytest.mark.parametrize(
    ("change", "where"),
    [(-1.0, "innenfor"), (-2.5, "innenfor"), (1.5, "innenfor"), (-2.6, "utenfor"), (1.6, "utenfor")],
)
def test_a_change_is_set_beside_the_expected_one(change, where):
    found = expected_change(change)
    said = plain(before_after_sentences(found, name="Grue", outcome="sick_leave_total"))
    assert "(1. kv. 2006 – 4. kv. 2006)" in said
    assert "(1. kv. 2008 – 4. kv. 2008)" in said
    assert "var endringen i gjennomsnitt −0,50 prosentpoeng. I 95 % av tilfellene ligger" in said
    assert "endringen for en enkelt kommune i området fra −2,50 til 1,50 prosentpoeng." in said
    assert f"ligger {where} det som er vanlig uten noe program" in said
    assert ("viser ikke at programmet er en av dem" in said) == (where == "utenfor")
    assert said_wrongly(said) == []


def test_selection_is_told_only_where_somebody_was_selected():
    said = str(selection_sentence(10, 2, intake="Innsatskommuner sykefravær"))
    assert said.startswith("Kommunene i Innsatskommuner sykefravær ble valgt ut etter sykefraværet: 10 fordi")
    assert "og 2 fordi det var lavt" in said
    assert "også uten program" in said
    assert selection_sentence(0, 0, intake="Pulje I") is None


def test_limits_follow_the_case():
    everything = limits(has_intake=True, is_synthetic=True, is_selected=True)
    assert everything == [
        text(f"case.limits.{key}") for key in ("single", "selected", "comparison", "timing", "quality", "synthetic")
    ]
    least = limits(has_intake=False, is_synthetic=False, is_selected=False)
    assert least == [text(f"case.limits.{key}") for key in ("no_start", "comparison", "timing", "quality")]


def counted(account):
    return OpenTables(STANDARD).account(account)


def test_the_account_adds_up_and_says_how_many_nobody_has_named():
    table = pd.DataFrame(
        [("treated", "treated")] * 57
        + [("comparison", "never_treated")] * 3
        + [("left_out", "start_unknown")] * 5
        + [("left_out", "excluded")],
        columns=["role", "reason"],
    )
    said = str(account_sentence(counted(table), published=138, known=62))
    assert said.startswith(
        "57 kommuner er med som deltakere med kjent oppstart, 3 bare som sammenligning, og 6 er holdt"
    )
    assert "(holdt utenfor i programfila: 1; deltaker, men oppstarten er ikke kjent: 5)" in said
    assert "Programmet oppga 138 deltakere; 62 av dem finner vi i registeret." in said
    nobody = str(account_sentence(counted(table.iloc[:60]), published=138, known=62))
    assert "og 0 er holdt utenfor (ingen)" in nobody


def test_no_sentence_of_the_catalogue_uses_a_forbidden_word():
    said = {key: text(key, **dict.fromkeys(placeholders(key), "x")) for key in keys() if _is_about_results(key)}
    wrong = {key: [word for word in FORBIDDEN if word in sentence.lower()] for key, sentence in said.items()}
    assert {key: words for key, words in wrong.items() if words and key not in ALLOWED} == {}


ALLOWED = {"case.effect.none", "EST-03.why"}
"""«Ingen effekt er anslått», «ingen effekt kan anslås»: nothing was estimated."""


def _is_about_results(key):
    return not re.match(r"(INN|REG|PAN|KON|BRK|RAP)-", key)
