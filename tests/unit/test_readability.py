"""LIX: counted by hand on small texts, and below the limit on every page for readers."""

import pytest
from made_programme import made_programme
from report_samples import full_report, words
from template_runs import stored_report

from kvalitet_eval.present.messages import languages
from kvalitet_eval.present.readability import READER_LIMIT, Readability, read_prose
from kvalitet_eval.report.prose import prose_of, readability_of


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", (0, 0, 0)),
        ("12 345,6 % (7)", (0, 0, 0)),
        ("Katten ligg.", (2, 0, 1)),
        ("Kattene ligg på golvet! Kvifor det?", (6, 1, 2)),
        ("Tala seier lite: Det er for få.", (7, 0, 2)),
        ("Tala: få, lite.", (3, 0, 1)),
        ("Frå 3. kv. 2007 til 4. kvartalet etter. Slutt.", (6, 1, 2)),
        ("Intervallet er frå −0,82 til −0,17. Slutt.", (5, 1, 2)),
        ("Han sa «nei». Ho sa ja.", (6, 0, 2)),
        ("- fyrste punkt\n- andre punkt", (4, 0, 2)),
        ("Eit avsnitt utan punktum\n\nEit til", (6, 2, 2)),
        ("Ei linje\nsom held fram.", (5, 0, 1)),
        ("Nord-Aurdal er med.", (3, 1, 1)),
    ],
)
def test_words_and_sentences_are_counted(text, counted):
    assert read_prose([text]) == Readability(*counted)


def test_the_figure_is_words_to_a_sentence_plus_the_percentage_of_long_words():
    assert Readability(20, 5, 2).lix == 10 + 25
    assert Readability(0, 0, 0).lix == 0
    assert read_prose(["Ein to tre fire.", "Sjukefråværet fall."]).lix == pytest.approx(6 / 2 + 100 / 6)


def test_prose_is_text_and_notices_in_the_language_of_the_report():
    report = full_report()
    report.text(words("Eit avsnitt til."))
    assert prose_of(report) == [
        "Om Nord-Aurdal.\n\n- Nord-Aurdal\n- et punkt til", *["Merknad om Nord-Aurdal"] * 4, "Eit avsnitt til.",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("readability")).path


SUBJECTS = [("municipality", id) for id in ("0542", "1902", "1833", "0722")]
SUBJECTS += [("cohort", id) for id in ("innsats", "pulje_1", "pulje_2", "pulje_3", "pulje_4")]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("kind", "id"), SUBJECTS)
def test_a_page_for_readers_is_no_harder_than_a_newspaper(programme, kind, id, language):
    found = readability_of(stored_report(programme, kind, language, **{kind: id}))
    assert found.words > 100
    assert found.lix < READER_LIMIT
