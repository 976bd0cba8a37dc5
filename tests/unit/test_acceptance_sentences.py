"""Sentences as a reader checks them: one municipality is not many, what is unknown is said, and nothing is denied."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from case_samples import effect_row, expected_change
from chart_gallery import by_cohort, funnel_rows, places
from chart_samples import comparison, effects, rates
from publish_samples import opened

from kvalitet_eval.present import numbers
from kvalitet_eval.present.case_tables import before_after_table
from kvalitet_eval.present.case_words import effect_sentences, level_sentence
from kvalitet_eval.present.cohort_words import cohort_level_sentence
from kvalitet_eval.present.development import development_chart
from kvalitet_eval.present.event_study import event_study_chart
from kvalitet_eval.present.forest import forest_chart
from kvalitet_eval.present.funnel import funnel_chart
from kvalitet_eval.present.messages import languages, text
from kvalitet_eval.present.municipality_map import map_chart
from kvalitet_eval.present.programme_words import IntakeFacts, cannot_be_told, direction_sentence, programme_summary

MISSING = float("nan")
SICK = {"outcome": "sick_leave_total", "source": "Oppdiktede tall"}
EVERY_LANGUAGE = pytest.mark.parametrize("language", languages())
MANY = (
    r"kommuner|kommunar|deltakere|deltakarar|deltakerkommuner|deltakarkommunar|sammenligningskommuner|verdier|verdiar"
    r"|samanlikningskommunar|municipalities|participants|values|(?:participating|comparison) municipalities"
)
ONE_OF_MANY = re.compile(rf"(?<![\w.,])(?<!\d\u00a0)1[ \u00a0](?:{MANY})\b")
NONE_SHOWN = {"nb": r"\bmangler\b(?! for)", "nn": r"\bmanglar\b(?! for)", "en": r"\bmissing\b(?! for)"}


def said(language, verdict="cannot_be_told", **changes):
    frame = effect_row("around").to_frame().T.infer_objects().assign(**changes)
    found = effect_sentences(
        opened(frame), intake="Pulje I", outcome="sick_leave_total", verdict=verdict, language=language
    )
    return str(found)


def intake(n):
    return IntakeFacts(name="Pulje I", sizes="4", n_members=n, is_whole=False, verdict="cannot_be_told")


def words_of_one(language):
    """Every sentence, title and name that counts municipalities, when there is one of each."""
    one = {"n_treated": [1] * 3, "n_comparison": [1] * 3}
    chosen = {"source": SICK["source"], "language": language}
    row = effect_row("around").to_frame().T.infer_objects()
    directions = pd.DataFrame({"from_period": ["P1"], "down": [1], "up": [1], "cannot_be_told": [1]})
    figures = [
        forest_chart(opened(by_cohort(n_treated=[1] * 4)), id="a", names={c: c for c in by_cohort()["cohort"]},
                     verdict="cannot_be_told", improvement="decrease", **SICK, language=language),
        map_chart(opened(places().iloc[:2]), id="a", programme="P", groups={"innsats": "A"}, year=2008, **chosen),
        funnel_chart(opened(funnel_rows(1)), id="a", own="Kommune aa", **SICK, language=language),
        funnel_chart(opened(funnel_rows(2), hidden={"value": [0]}), id="a", own="Kommune aa", **SICK,
                     language=language),
        development_chart(opened(rates(), hidden={"rate_pct": [0]}), opened(comparison()), id="a", name="Bø",
                          verdict=None, start=None, **SICK, language=language),
        event_study_chart(opened(effects(**one).drop(columns="origin")), id="a", name="Bø", verdict="cannot_be_told",
                          improvement="decrease", **SICK, language=language),
    ]  # fmt: skip
    summary = programme_summary(
        opened(row), [intake(1)], programme="P", published=9, verdict="cannot_be_told", language=language
    )
    rest = [summary, cannot_be_told([intake(1)], 1, language), direction_sentence(opened(directions), language)]
    return [
        said(language, n_treated=1, n_comparison=1),
        *map(str, rest),
        *(w for f in figures for w in f.content.words()),
    ]


@EVERY_LANGUAGE
def test_one_municipality_is_not_called_many(language):
    found = words_of_one(language)
    assert [words for words in found if ONE_OF_MANY.search(words.replace("\n", " "))] == []
    alone = text("counted.municipalities.one", language, n="1")
    assert sum(alone in words for words in found) >= 4


@EVERY_LANGUAGE
@pytest.mark.parametrize(("n", "form"), [(0, "many"), (1, "one"), (2, "many"), (1234, "many"), (None, "unknown")])
def test_what_is_counted_stands_in_the_right_form(n, form, language):
    found = numbers.counted("municipalities", n, language)
    assert found == text(f"counted.municipalities.{form}", language, n=numbers.count(n, language))
    assert numbers.text("number.missing", language) not in found


@EVERY_LANGUAGE
def test_the_effect_says_what_cannot_be_told_instead_of_a_hole_in_the_sentence(language):
    found = said(language, smallest_detectable=MISSING, n_treated=MISSING, n_comparison=MISSING)
    assert not re.search(NONE_SHOWN[language], found), found
    assert text("case.effect.detectable_unknown", language) in found
    assert text("counted.participating.unknown", language) in found


@EVERY_LANGUAGE
@pytest.mark.parametrize(("own", "peers"), [([], []), ([0], []), ([], [0]), ([0], [0])], ids=str)
@pytest.mark.parametrize("other", [8.5, None])
def test_a_level_never_has_a_hole_in_its_sentence(own, peers, other, language):
    quarter = {"window_end": ["2007Q1"], "complete": [True]}
    mine, theirs = (
        opened(pd.DataFrame({**quarter, "rate_pct": pd.Series([value], dtype=float)}), hidden={"rate_pct": hidden})
        for value, hidden in ((9.5, own), (other, peers))
    )
    words = str(level_sentence(mine, theirs, name="Bø", outcome="sick_leave_total", language=language))
    shown = {"mine": "9.5" if language == "en" else "9,5", "theirs": "8.5" if language == "en" else "8,5"}
    assert (shown["mine"] in words, shown["theirs"] in words) == (not own, other is not None and not peers)
    is_told_missing = other is None and not peers and not own
    assert len(re.findall(NONE_SHOWN[language], words)) == is_told_missing, words


@EVERY_LANGUAGE
def test_the_level_of_a_cohort_never_has_a_hole_in_its_sentence(language):
    frame = pd.DataFrame({"window_end": ["2006Q4", "2007Q4"], "rate_pct": [None, 9.5], "complete": [True, True]})
    found = str(
        cohort_level_sentence(
            opened(frame), opened(frame.iloc[1:]), name="Pulje I", outcome="sick_leave_total", year_before="2006Q4",
            language=language,
        )
    )  # fmt: skip
    assert found.startswith(
        text("cohort.level.missing", language, quarter=numbers.quarter("2006Q4", language), name="Pulje I")
    )
    assert numbers.percent(9.5, 1, language) in found


@EVERY_LANGUAGE
def test_a_withheld_change_is_not_explained_by_municipalities_and_a_level_that_nobody_used(language):
    values = ("before", "after", "change", "expected", "expected_low", "expected_high", "common", "regression")
    nothing = dict.fromkeys((*values, "n_comparison", "level", "residual_df"), MISSING)
    hidden = {f"{name}_status": "confidential" for name in values}
    table = before_after_table(expected_change(**nothing, **hidden), name="Bø", source="x", language=language).content
    printed = [*table.notes, *(cell.text for row in table.rows for cell in row)]
    assert not [words for words in printed if re.search(NONE_SHOWN[language], words) or re.search(r"\b0\s?%", words)]
    assert any("95" in words for words in printed)


@EVERY_LANGUAGE
def test_a_comparison_that_is_withheld_is_not_called_missing(language):
    other = opened(comparison(), hidden={"rate_pct": [3]})
    chart = development_chart(
        opened(rates()), other, id="a", name="Bø", verdict=None, start=None, **SICK, language=language
    ).content
    assert text("chart.withheld", language) in chart.alt
    assert not re.search(NONE_SHOWN[language], chart.alt)
