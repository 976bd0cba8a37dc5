import re

import pytest

from kvalitet_eval.errors import finding
from kvalitet_eval.present import messages
from kvalitet_eval.present.messages import describe, keys, languages, text, why_and_mend


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Write catalogues of a made-up language in a folder of their own."""
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages._catalogue.cache_clear()
    messages.placeholders.cache_clear()

    def write(name, **sentences):
        lines = [f'msgid "{key}"\nmsgstr "{sentence}"\n' for key, sentence in sentences.items()]
        (folder / f"{name}.po").write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + "\n".join(lines)
        )

    yield write
    messages._catalogue.cache_clear()
    messages.placeholders.cache_clear()


def test_placeholders_are_filled_and_further_values_are_allowed():
    assert text("chart.start", quarter="1. kv. 2007", unused=1) == "Oppstart 1. kv. 2007"


def test_a_missing_key_language_or_value_is_named():
    with pytest.raises(KeyError, match=re.escape("no text 'chart.nothing'")):
        text("chart.nothing")
    with pytest.raises(KeyError, match="'sv'"):
        text("chart.start", "sv")
    with pytest.raises(KeyError, match=r"chart\.start.*needs a value for quarter"):
        text("chart.start")


def test_all_files_of_a_language_are_read_together(catalogue):
    catalogue("one", a="A")
    catalogue("two", b="B {x}")
    assert languages() == ("xx",)
    assert keys("xx") == {"a", "b"}
    assert text("b", "xx", x="æøå") == "B æøå"


def test_a_key_in_two_files_is_refused(catalogue):
    catalogue("one", a="A")
    catalogue("two", a="B")
    with pytest.raises(ValueError, match=r"two\.po: 'a' stands in another catalogue"):
        keys("xx")


def test_an_empty_sentence_is_refused(catalogue):
    catalogue("one", a="")
    with pytest.raises(ValueError, match=r"one\.po: no sentence for a"):
        keys("xx")


LABELS = {f"error.{name}": name.upper() for name in
          ("error", "warning", "info", "file", "sheet", "line", "column", "found", "empty", "why", "mend")}  # fmt: skip
LABELS |= {"error.quoted": "«{text}»", "error.more": "and {n} more of {code}"}


def test_a_finding_is_written_with_where_found_why_and_mend(catalogue):
    catalogue("errors", **LABELS, **{"INN-X.why": "{found} is below {low}.", "INN-X.mend": "Look at line {line}."})
    item = finding("INN-X", file="a.csv", line=14, column="days", found="-3", low=0)
    assert describe([item], "xx") == (
        "ERROR INN-X\n  FILE: a.csv   LINE: 14   COLUMN: days\n  FOUND: «-3»\n"
        "  WHY: -3 is below 0.\n  MEND: Look at line 14."
    )


def test_at_most_twenty_of_one_code_are_written_and_the_rest_are_counted(catalogue):
    catalogue("errors", **LABELS, **{"INN-X.why": "w", "INN-X.mend": "m", "INN-Y.why": "w", "INN-Y.mend": "m"})
    items = [finding("INN-X", line=n) for n in range(1, 26)] + [finding("INN-Y", severity="warning")]
    written = describe(items, "xx")
    assert written.count("ERROR INN-X") == 20
    assert "LINE: 20" in written and "LINE: 21" not in written
    assert "and 5 more of INN-X" in written
    assert written.endswith("WARNING INN-Y\n  WHY: w\n  MEND: m")


def test_exactly_twenty_are_not_counted(catalogue):
    catalogue("errors", **LABELS, **{"INN-X.why": "w", "INN-X.mend": "m"})
    assert "more of" not in describe([finding("INN-X")] * 20, "xx")


def test_a_code_without_sentences_still_shows_its_facts(catalogue):
    catalogue("errors", **LABELS)
    assert describe([finding("INN-X", found="", low=0)], "xx") == "ERROR INN-X\n  FOUND: EMPTY\n  low: 0"


def test_control_characters_are_shown_and_long_text_is_cut(catalogue):
    catalogue("errors", **LABELS)
    written = describe([finding("INN-X", found="a\nb\x1b[31m" + "c" * 500)], "xx")
    assert r"a\nb\x1b[31m" in written
    assert "\x1b" not in written and "c" * 200 not in written and "…" in written


def test_the_norwegian_labels():
    item = finding("ZZZ-1", file="a.csv", sheet="Ark1", line=2, column="dager", found="x")
    assert describe([item]) == "Feil ZZZ-1\n  Fil: a.csv   Ark: Ark1   Linje: 2   Kolonne: dager\n  Fant: «x»"


TITLED = finding(
    "INN-B10", column="agreed_days", layout="sick_leave_days", spelling="avtalte dagsverk", title_nb="Sykefraværspanel",
    title_en="Sick-leave panel", description_nb="Avtalte dagsverk", description_en="Agreed",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "shown", "hidden"),
    [
        ("nb", ("(Avtalte dagsverk)", "«Sykefraværspanel»"), ("Sick-leave panel", "Agreed")),
        ("nn", ("(Avtalte dagsverk)", "«Sykefraværspanel»"), ("Sick-leave panel", "Agreed")),
        ("en", ("(Agreed)", "“Sick-leave panel”"), ("Sykefraværspanel", "Avtalte dagsverk")),
    ],
)
def test_a_title_is_shown_in_the_language_of_the_sentence(language, shown, hidden):
    why, _ = why_and_mend(TITLED, language)
    assert all(words in why for words in shown)
    assert not any(words in why for words in hidden)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("nb", "(Excel-arbeidsbok)"), ("nn", "(Excel-arbeidsbok)"), ("en", "(Excel workbook)")],
)
def test_a_kind_is_a_word_of_the_language(language, shown):
    item = finding("INN-A09", found="tal.csv", suffix=".csv", kind_word="file_kind.workbook")
    assert shown in why_and_mend(item, language)[0]


def test_a_finding_with_an_unknown_word_still_shows_its_facts():
    said = describe([finding("INN-A09", found="tal.csv", suffix=".csv", kind_word="file_kind.none")])
    assert "kind_word: file_kind.none" in said


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_title_is_said_in_the_language_of_the_reader(language):
    titles = {"title_nb": "Samlinger", "title_nn": "Samlingar", "title_en": "Gatherings"}
    item = finding("INN-B10", column="agreed_days", layout="gatherings", spelling="x", **titles)
    assert titles[f"title_{language}"] in describe([item], language)
    without = finding(
        "INN-B10", column="agreed_days", layout="gatherings", spelling="x", title_nb="Samlinger", title_en="G"
    )
    assert language == "en" or "Samlinger" in describe([without], language)
