"""The rules of wording: case by case, in three languages, for both directions of improvement, and never a denial."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from case_samples import effect_row
from made_programme import made_programme
from publish_samples import no_rows, opened
from template_runs import page_text, stored_report

from kvalitet_eval.estimate.requirements import FEW_TREATED
from kvalitet_eval.estimate.verdict import Agreement, Verdict
from kvalitet_eval.present import sentences
from kvalitet_eval.present.case_words import effect_sentences
from kvalitet_eval.present.messages import keys, languages, text
from kvalitet_eval.present.sentences import EffectCase, State, effect_case

MISSING = float("nan")
LIMITS = {
    "below": (-0.4, -0.7, -0.1),
    "above": (0.4, 0.1, 0.7),
    "around": (-0.4, -0.9, 0.1),
    "touching below": (-0.4, -0.8, 0.0),
    "touching above": (0.4, 0.0, 0.8),
    "without_interval": (-0.4, MISSING, MISSING),
    "half an interval": (-0.4, -0.7, MISSING),
}
STATES = {name: name if name in get_args(State) else "around" for name in LIMITS} | {
    "half an interval": "without_interval"
}


def effect(name="below", hidden=False, origin="observed", **changes):
    estimate, low, high = LIMITS[name]
    values = {"estimate": estimate, "conf_low": low, "conf_high": high, **changes}
    row = effect_row("below", origin, **values).to_frame().T.infer_objects()
    return opened(row, hidden={"estimate": [0]} if hidden else {})


@pytest.mark.parametrize("name", LIMITS)
def test_the_case_follows_from_the_interval(name):
    assert effect_case(effect(name)).state == STATES[name]


def test_what_is_withheld_or_missing_is_a_case_of_its_own():
    assert effect_case(effect(hidden=True)) == EffectCase("withheld")
    row = effect_row("below").to_frame().T.infer_objects()
    assert effect_case(no_rows(row)) == effect_case(effect(estimate=MISSING)) == EffectCase("missing")


@pytest.mark.parametrize(
    ("limits", "is_wide"),
    [
        ((-0.4, -0.9, 0.1), False), ((-0.4, -1.2, 0.4), True), ((-0.4, -1.1, 0.39), False), ((0.1, -0.5, 0.7), True),
        ((0.4, 0.1, 0.7), False), ((0.0, -0.2, 0.2), True), ((-0.4, MISSING, MISSING), False),
    ],
)  # fmt: skip
def test_an_interval_is_wide_when_it_holds_the_same_effect_the_other_way(limits, is_wide):
    values = dict(zip(("estimate", "conf_low", "conf_high"), limits, strict=True))
    assert effect_case(effect(**values)).is_wide is is_wide


@pytest.mark.parametrize(("n", "is_few"), [(FEW_TREATED - 1, True), (FEW_TREATED, False), (2, True)])
def test_few_municipalities(n, is_few):
    assert effect_case(effect(n_treated=n)).is_few is is_few


@pytest.mark.parametrize(("quarters", "is_provisional"), [(None, False), (3, True), (4, False), (0, True)])
def test_an_intake_followed_for_less_than_a_year_is_provisional(quarters, is_provisional):
    assert effect_case(effect(), quarters=quarters).is_provisional is is_provisional


EVERY = ("case.effect.estimate", "case.effect.comparison", "case.effect.verdict.{}", "case.effect.detectable")


@pytest.mark.parametrize("verdict", get_args(Verdict))
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("below", EVERY), ("above", EVERY), ("around", EVERY), ("withheld", ("case.effect.withheld",)),
        ("missing", ("case.effect.not_estimated",)),
        ("without_interval", ("case.effect.without_interval", *EVERY[1:3])),
    ],
)  # fmt: skip
def test_each_case_has_its_sentences_and_no_side_is_named_that_the_interval_has_not(state, expected, verdict):
    if verdict in ("better", "worse") and state in ("around", "without_interval"):
        with pytest.raises(ValueError, match="about an estimate whose interval is"):
            EffectCase(state).keys(verdict)
        return
    assert EffectCase(state).keys(verdict) == tuple(key.format(verdict) for key in expected)


def test_a_remark_is_added_for_each_that_holds():
    found = EffectCase("around", is_wide=True, is_few=True, is_provisional=True, is_synthetic=True)
    assert found.keys("cannot_be_told")[4:] == (
        "case.effect.wide", "case.effect.few", "case.effect.provisional", "chart.synthetic_sentence",
    )  # fmt: skip
    with pytest.raises(ValueError, match="none of better"):
        found.keys("good")


SAID = {  # language: per cent, estimate, comparison, what could be seen; then better, worse, cannot be told; remarks
    "nb": ("95 %", "−0,40", "410 sammenligningskommuner", "0,45", "bedre", "dårligere", "kan ikke avgjøres",
           "bredt", "Få kommuner", "foreløpig", "syntetiske"),
    "nn": ("95 %", "−0,40", "410 samanlikningskommunar", "0,45", "betre", "dårlegare", "kan ikkje avgjerast",
           "breitt", "Få kommunar", "førebels", "syntetiske"),
    "en": ("95%", "−0.40", "410 comparison municipalities", "0.45", "better", "worse", "cannot be told",
           "wide", "Few municipalities", "provisional", "synthetic"),
}  # fmt: skip


def said(language, verdict="cannot_be_told", quarters=None, **changes):
    found = effect_sentences(
        effect(n_comparison=410, **changes), intake="Pulje I", outcome="sick_leave_total", verdict=verdict,
        quarters=quarters, language=language,
    )  # fmt: skip
    return str(found).replace("\u00a0", " ")


@pytest.mark.parametrize("language", languages())
def test_an_estimate_carries_uncertainty_comparison_verdict_and_what_could_be_seen(language):
    level, estimate, comparison, seen, better, worse, told, *remarks = SAID[language]
    for verdict, word in {"better": better, "worse": worse}.items():
        sentence = said(language, verdict, n_treated=40)
        for part in (level, estimate, comparison, seen, word):
            assert part in sentence
        assert [remark for remark in remarks if remark in sentence] == []
    unsure = said(language, name="around", conf_low=-1.3, conf_high=0.5, n_treated=12, quarters=3, origin="syntetisk")
    for part in (told, seen, comparison, *remarks):
        assert part in unsure
    assert better not in unsure.replace(told, "")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("changes", "key"),
    [({"hidden": True}, "case.effect.withheld"), ({"estimate": MISSING}, "case.effect.not_estimated")],
)
def test_what_is_withheld_or_missing_is_said_and_no_number_with_it(language, changes, key):
    sentence = said(language, **changes)
    assert sentence == text(key, language, intake="Pulje I").replace("\u00a0", " ")
    assert not re.search(r"\d", sentence)


TITLES = {
    ("better", "decrease"): "lower", ("worse", "decrease"): "higher",
    ("better", "increase"): "higher", ("worse", "increase"): "lower",
}  # fmt: skip
LOWER = {"nb": ("lavere", "høyere"), "nn": ("lågare", "høgare"), "en": ("lower", "higher")}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("verdict", "improvement"), TITLES)
def test_a_title_says_lower_or_higher_by_the_verdict_and_the_direction_of_improvement(verdict, improvement, language):
    direction = sentences.effect_direction(verdict, improvement)
    assert direction == TITLES[verdict, improvement]
    title = text(f"chart.event_study.title.{direction}", language, name="X", outcome="y")
    mine, other = LOWER[language] if direction == "lower" else reversed(LOWER[language])
    assert mine in title
    assert other not in title


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("improvement", ["decrease", "increase"])
@pytest.mark.parametrize("verdict", ["cannot_be_told", "consistent_with_regression_to_the_mean"])
def test_a_title_names_no_direction_when_the_verdict_has_none(verdict, improvement, language):
    direction = sentences.effect_direction(verdict, improvement)
    title = text(f"chart.event_study.title.{direction}", language, name="X", outcome="y")
    assert [word for word in LOWER[language] if word in title] == []


@pytest.mark.parametrize(
    ("known", "withheld", "peers", "key"),
    [
        (True, False, False, "case.level"), (True, False, True, "case.level.alone"),
        (True, True, False, "case.level.withheld"), (True, True, True, "case.level.withheld"),
        (False, False, False, "case.level.none"),
    ],
)  # fmt: skip
def test_the_level_is_shown_alone_withheld_or_missing(known, withheld, peers, key):
    assert sentences.level_key(is_known=known, is_withheld=withheld, peers_withheld=peers) == key


@pytest.mark.parametrize(
    ("n", "agreeing", "complete", "key"),
    [
        (7, 0, True, "bracket.no_side"), (7, 7, True, "bracket.agree"), (7, 4, True, "bracket.differ"),
        (3, 3, False, "bracket.one_sided"), (3, 2, False, "bracket.one_sided"),
    ],
)  # fmt: skip
def test_how_far_the_ways_of_asking_agree(n, agreeing, complete, key):
    assert sentences.agreement_key(Agreement(n, agreeing, complete)) == key


DENIALS = {
    "nb": r"\b(ingen|uten|ikke noen|null) (effekt|virkning)\b(?! på| kan)|hadde ikke (effekt|virkning)|signifikan",
    "nn": r"\b(ingen|utan|ikkje nokon|null) (effekt|verknad)\b(?! på| kan)|hadde ikkje (effekt|verknad)|signifikan",
    "en": r"\bno (significant )?effects?\b|\bwithout (any )?effect\b|\bdid not work\b|\b(in)?significan",
}
EXPLAINED = re.compile(
    r"(?:betyr ikkj?e|er ikkj?e det samm?e som) at [^.]*\b(?:uten virkning|utan verknad)"
    r"|does not mean that [^.]*without (?:any )?effect",
    re.I,
)


def denials(sentence, language):
    """Claims that there was nothing, and significance that stands alone; to say that it is not claimed is right."""
    return [match.group() for match in re.finditer(DENIALS[language], EXPLAINED.sub("", sentence), re.I)]


@pytest.mark.parametrize("language", languages())
def test_no_sentence_of_any_catalogue_denies_an_effect_or_leaves_significance_alone(language):
    found = {key: denials(re.sub(r"\{[^}]*\}", "", raw(key, language)), language) for key in keys(language)}
    assert {key: words for key, words in found.items() if words} == {}


def raw(key, language):
    from kvalitet_eval.present.messages import _catalogue

    return _catalogue(language)[key]


@pytest.mark.parametrize("language", languages())
def test_denials_are_recognised(language):
    wrong = {
        "nb": ("Programmet hadde ingen effekt.", "Forskjellen er ikke signifikant.", "Tiltaket var uten virkning."),
        "nn": ("Programmet hadde ingen verknad.", "Skilnaden er signifikant.", "Tiltaket var utan effekt."),
        "en": ("There was no effect.", "The difference is not significant.", "It was without any effect."),
    }
    right = {
        "nb": "Det betyr ikke at programmet var uten virkning, bare at usikkerheten er for stor.",
        "nn": "Det betyr ikkje at programmet var utan verknad, berre at uvissa er for stor.",
        "en": "This does not mean that the programme was without effect, only that it cannot be told.",
    }
    assert all(denials(sentence, language) for sentence in wrong[language])
    assert denials(right[language], language) == []


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("wording")).path


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("kind", "id"), [("municipality", "0542"), ("cohort", "pulje_1"), ("cohort", "pulje_4")])
def test_no_page_denies_an_effect_or_leaves_significance_alone(programme, kind, id, language):
    assert denials(" ".join(page_text(stored_report(programme, kind, language, **{kind: id})).split()), language) == []
