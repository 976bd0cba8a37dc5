"""The catalogues have every sentence that the source asks for, no other, and each can be filled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from catalogue_use import CODE, WHERE, WORD, collect, read_sources

from kvalitet_eval.present.messages import LOCALE, keys, languages, placeholders, text

ROOT = Path(__file__).resolve().parents[2]
USE = collect(read_sources(ROOT / "kvalitet_eval", ROOT / "notebooks"))
FILES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
FORBIDDEN = re.compile(
    r"\b(?:ingen|inga|null|no|zero) (?:effekt|verknad|virkning|effect)"
    r"|\bikkj?e (?:noen|nokon) (?:effekt|verknad|virkning)"
    r"|kontroll?[- ]?grupp|control[- ]group|\bu?signifi[ck]an|\binsignifican",
    re.IGNORECASE,
)
READ_ELSEWHERE = 0.85
"""At least this share of the places that raise a code must be readable, or the test would prove little."""


def unknown_keys(use, known):
    """Keys that are asked for and not there, and families without a member."""
    literal = [f"{where}: {key}" for where, key, _ in use.asked if key not in known]
    empty = [pattern for pattern in use.patterns if not any(re.fullmatch(pattern, key) for key in known)]
    families = {pattern for pattern in empty if any(key.startswith(_stem(pattern)) for key in known)}
    return literal + sorted(families)


def _stem(pattern):
    return re.split(r"\\\.", pattern)[0] + "."


def unfilled(use, needed):
    """Places that give a sentence too few values; ``needed`` tells the placeholders of a key."""
    short = [
        f"{where}: {key} needs {', '.join(sorted(needed(key) - names))}"
        for where, key, names in use.asked
        if names is not None and needed(key) - names
    ]
    for site in use.sites:
        for part in ("why", "mend"):
            missing = needed(f"{site.code}.{part}") - (site.names or frozenset()) - WHERE
            if site.names is not None and missing:
                short.append(f"{site.where}: {site.code}.{part} needs {', '.join(sorted(missing))}")
    return short


def repeated(contents):
    """Keys that stand twice, in one file or in two."""
    seen, twice = set(), []
    for name, content in contents:
        for key in re.findall(r'^msgid "(.+)"$', content, re.MULTILINE):
            twice += [f"{name}: {key}"] if key in seen else []
            seen.add(key)
    return twice


def test_the_source_is_really_read():
    assert len(USE.asked) > 200
    assert len(USE.sites) > 80
    assert len(USE.codes) > 100
    readable = [site for site in USE.sites if site.names is not None]
    assert len(readable) >= READ_ELSEWHERE * len(USE.sites)


def test_every_text_that_is_asked_for_is_there():
    assert unknown_keys(USE, keys()) == []


def test_every_code_has_a_reason_and_a_mend():
    assert {f"{code}.{part}" for code in USE.codes for part in ("why", "mend")} - keys() == set()


def test_every_text_is_used():
    assert sorted(key for key in keys() if not USE.is_used(key)) == []


def test_every_sentence_gets_the_values_it_needs():
    there = keys()
    assert unfilled(USE, lambda key: placeholders(key) if key in there else frozenset()) == []


def test_no_key_stands_twice():
    for language in languages():
        files = [path for path in FILES if path.parent.parent.name == language]
        assert repeated((path.name, path.read_text("utf-8")) for path in files) == []


def test_all_languages_have_the_same_keys_and_placeholders():
    for language in languages():
        assert keys(language) == keys("nb")
        assert all(placeholders(key, language) == placeholders(key, "nb") for key in keys())


@pytest.mark.parametrize("language", languages())
def test_no_text_claims_what_cannot_be_told(language):
    assert forbidden((key, sentence(key, language)) for key in keys(language)) == []


def sentence(key, language):
    return text(key, language, **dict.fromkeys(placeholders(key, language), "X"))


def forbidden(sentences):
    """Keys of texts that deny an effect, name a comparison group wrongly, or call something significant."""
    return sorted(key for key, said in sentences if FORBIDDEN.search(said))


def test_codes_say_why_and_how_in_whole_sentences():
    for key in keys():
        if CODE.match(key):
            sentence = text(key, **dict.fromkeys(placeholders(key), "X"))
            assert re.match(r"[«A-ZÆØÅ]|report\.", sentence), key
            assert re.search(r"[.?]$|^Kjør: ", sentence), key


KNOWN = {"a.title", "a.kind.one", "a.kind.two", "DES-01.why", "DES-01.mend"}
NEEDED = {"a.title": {"name"}, "DES-01.why": {"found", "allowed"}, "DES-01.mend": {"n"}}


def use_of(source):
    return collect([("a.py", source)])


def needed(key):
    return frozenset(NEEDED.get(key, ()))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('text("a.titel")', "a.py:1: a.titel"),
        ('text(f"a.sort.{x}")', rf"a\.sort\.{WORD}"),
        ("text(f\"a.kind.{'three' if x else 'four'}\")", r"a\.kind\.(?:three|four)"),
    ],
)
def test_a_text_that_is_not_there_is_found(source, said):
    assert unknown_keys(use_of(source), KNOWN) == [said]


def test_an_unused_text_is_found():
    use = use_of('text("a.title", name=1)\ntext(f"a.kind.{x}")\nraise DesignError.of("DES-01")')
    assert all(use.is_used(key) for key in KNOWN)
    use = use_of('text(f"a.{x}")\ny = "kind.one"')
    assert [key for key in sorted(KNOWN) if use.is_used(key)] == ["a.kind.one", "a.title"]
    use = use_of("text(f\"a.kind.{'one' if x else 'three'}\")\nfinding(\"DES-02\")")
    assert [key for key in sorted(KNOWN) if not use.is_used(key)] == [
        "DES-01.mend", "DES-01.why", "a.kind.two", "a.title",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('text("a.title")', ["a.py:1: a.title needs name"]),
        ('text("a.title", **{"n": 1})', ["a.py:1: a.title needs name"]),
        ('finding("DES-01", found=1, n=2)', ["a.py:1: DES-01.why needs allowed"]),
        ('raise E.of("DES-01", found=1, allowed=2)', ["a.py:1: DES-01.mend needs n"]),
        ('def f():\n    facts, y = {"n": 1}, 2\n    finding("DES-01", **facts)', ["a.py:3: DES-01.why needs allowed"]),
        ('def f():\n    facts = {"n": 1, "allowed": 2}\n    finding("DES-01", **facts)', []),
        ('def f():\n    facts = {"n": 1}\n    facts["allowed"] = 2\n    finding("DES-01", **facts)', []),
        ('def f(facts):\n    finding("DES-01", **facts)', []),
        ('text("a.title", name=1)', []),
    ],
)
def test_a_sentence_with_too_few_values_is_found(source, said):
    assert unfilled(use_of(source), needed) == said


KONTROLL, CONTROL = "Kontroll", "control"


@pytest.mark.parametrize(
    "said",
    [
        "Programmet hadde ingen effekt.", "Programmet hadde inga verknad.", "Programmet hadde ikke noen virkning.",
        "Programmet hadde ikkje nokon verknad.", "There was no effect.", "There is no effect.",
        f"{KONTROLL}gruppen falt.", f"{KONTROLL}gruppa fall.", f"the {CONTROL} group", f"{CONTROL.title()}-group",
        "Utslaget er signifikant.", "statistically significant",
    ],
)  # fmt: skip
def test_a_forbidden_claim_is_found(said):
    assert forbidden([("a.b", said)]) == ["a.b"]


def test_what_cannot_be_told_may_be_said():
    allowed = ("Effekten kan ikke avgjøres.", "the comparison group", "sammenligningsgruppen", "says nothing about it")
    assert forbidden([("a.b", said) for said in allowed]) == []


def test_titles_and_words_are_read_as_what_sentences_call_them():
    source = 'finding("DES-01", title_nb=1, title_en=2, kind_word="x", name_nb=1)'
    (site,) = use_of(source).sites
    assert {"title", "kind"} <= site.names
    assert "name" not in site.names


def test_a_repeated_key_is_found():
    first, second = ("a.po", 'msgid "x"\nmsgstr "1"\n'), ("b.po", 'msgid "y"\n\nmsgid "x"\n')
    assert repeated([first]) == []
    assert repeated([first, second]) == ["b.po: x"]
    assert repeated([("a.po", first[1] * 2)]) == ["a.po: x"]


def test_templates_and_notebooks_are_read_too():
    notebook = '{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "text(\\"a.b\\")"]}]}'
    template = '<p>{{ t("report.skip") }} {{ t("report.notice." ~ kind) }}</p>'
    use = collect([("a.ipynb", notebook), ("a.j2", template)])
    assert use.asked == [("a.ipynb:2", "a.b", frozenset())]
    assert use.is_used("report.skip")
    assert use.is_used("report.notice.note")
    assert not use.is_used("report.note")
