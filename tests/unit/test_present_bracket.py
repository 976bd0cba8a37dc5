"""The bracket as a reader sees it."""

from __future__ import annotations

import pandas as pd
import pytest
from case_samples import bracket_sample, said_wrongly
from publish_samples import opened

from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.present.bracket import bracket_sentence, bracket_table

SOURCE = "Panelet prøve.csv."


def plain(sentence):
    return str(sentence).replace("\u00a0", " ")


def table(rows):
    return bracket_table(opened(rows, origin="syntetisk"), name="Pulje I", source=SOURCE).content


@pytest.mark.parametrize(
    ("interval", "agree", "said"),
    [
        ("below", True, "For alle de 7 måtene som gir et intervall, ligger hele intervallet på samme side"),
        ("below", False, "For 1 av 7 måter ligger hele intervallet på samme side av null"),
        ("around", True, "Hovedresultatet kan ikke skilles fra null"),
        ("missing", True, "Hovedresultatet kan ikke skilles fra null"),
    ],
)
def test_the_sentence_says_how_far_the_ways_agree(interval, agree, said):
    sentence = plain(bracket_sentence(opened(bracket_sample(interval, agree=agree))))
    assert said in sentence
    assert sentence.startswith("Vi har regnet på 7 måter. Anslagene går fra ")
    assert said_wrongly(sentence) == []


def test_one_kind_of_comparison_is_not_enough_and_nothing_is_nothing():
    own_past = bracket_sample("below", agree=True).iloc[:4]
    assert "ikke utelukke at forskjellen skyldes regresjon mot gjennomsnittet" in str(
        bracket_sentence(opened(own_past))
    )
    nothing = bracket_sample("below", agree=True).assign(estimate=float("nan"), conf_low=float("nan"))
    assert str(bracket_sentence(opened(nothing))) == "Effekten kunne ikke anslås på noen av måtene."


def test_the_range_is_that_of_the_estimates():
    rows = bracket_sample("below", agree=True)
    rows["estimate"] = [-0.1, -0.2, -0.3, -0.4, -0.5, None, -0.7]
    sentence = plain(bracket_sentence(opened(rows)))
    assert sentence.startswith("Vi har regnet på 6 måter. Anslagene går fra −0,70 til −0,10 prosentpoeng.")


def test_the_table_has_a_row_for_each_way_with_interval_and_who_was_compared():
    found = table(bracket_sample("below", agree=False))
    assert len(found.rows) == len(MEMBERS)
    assert [plain(cell.text) for cell in found.rows[2]] == [
        "Imputering (hovedresultat)", "−0,40", "−0,70 til −0,10", "0,45", "12 / 1 410",
    ]  # fmt: skip
    assert found.origin == "syntetisk"
    assert "sammenligner deltakerne med sin egen tid før oppstart" in found.notes[0]


def test_a_way_that_the_figures_do_not_allow_is_missing_and_not_zero():
    rows = bracket_sample("below", agree=True)
    empty = ["estimate", "conf_low", "conf_high", "smallest_detectable", "n_treated", "n_comparison"]
    rows.loc[5, empty] = pd.NA
    assert [plain(cell.text) for cell in table(rows).rows[5]][1:] == [".."] * 3 + ["mangler / mangler"]
