"""Figures and texts through the gate, and the private list of what must not be found anywhere."""

from __future__ import annotations

import json
import stat
from types import SimpleNamespace

import pandas as pd
import pytest
from publish_samples import GEO, SSB, count_structure, counts

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Count, Memory, Structure, WithheldValue, read_withheld, write_withheld


@pytest.fixture
def table():
    frame = counts([2, 9, 30]).assign(quarter="2007Q3")
    return publish.table(frame, SSB, Structure((GEO,), (Count("n"),), labels=("quarter",)), output="absent")


def drawing(table, extra=(), origin="observed", words=()):
    y = [*table.to_frame()["n"], *extra]
    return SimpleNamespace(numbers=lambda: y, words=lambda: words, origin=origin)


def code_of(call):
    with pytest.raises(ReportError) as caught:
        call()
    assert "Gjør slik" in str(caught.value)
    return caught.value.findings[0].code


def test_a_figure_of_published_numbers_passes(table):
    figure = publish.figure(drawing, table)
    assert figure.stamps == (table.stamp,)
    assert figure.origin == "observed"
    assert sum(pd.isna(value) for value in figure.content.numbers()) == 2


def test_a_number_from_elsewhere_stops_the_figure(table):
    assert code_of(lambda: publish.figure(lambda t: drawing(t, extra=[2.0]), table)) == "PUB-22"
    assert code_of(lambda: publish.figure(lambda t: drawing(t, extra=[30.001]), table)) == "PUB-22"


@pytest.mark.parametrize("words", ["I a var 2 borte", "9", "a: 11 av 41"])
def test_a_number_from_elsewhere_in_a_title_or_cell_stops_the_figure(table, words):
    assert code_of(lambda: publish.figure(lambda t: drawing(t, words=["I alt 41", words]), table)) == "PUB-25"


def test_stated_facts_are_known_to_a_figure(table):
    words = ["Siden 2007 er det 30 av 41, 73 prosent"]
    figure = publish.figure(lambda t: drawing(t, extra=[0.0], words=words), table, facts=[0.0, "73 prosent"])
    assert figure.content.words() == words


def test_a_figure_from_a_frame_or_without_numbers_is_refused(table):
    assert code_of(lambda: publish.figure(drawing, table.to_frame())) == "PUB-20"
    assert code_of(lambda: publish.figure(drawing)) == "PUB-20"
    assert code_of(lambda: publish.figure(lambda t: "<svg/>", table)) == "PUB-21"
    assert code_of(lambda: publish.figure(lambda t: SimpleNamespace(numbers=list), table)) == "PUB-21"


def test_a_synthetic_figure_says_so():
    table = publish.table(counts([9, 30]).assign(origin="syntetisk"), SSB, count_structure())
    assert code_of(lambda: publish.figure(drawing, table)) == "PUB-23"
    figure = publish.figure(lambda t: drawing(t, origin="syntetisk"), table)
    assert figure.origin == "syntetisk"


def test_words_with_published_numbers_pass(table):
    sentence = "I 3. kvartal 2007 var 30 av 41 borte, 73 prosent."
    assert code_of(lambda: publish.text(sentence, table)) == "PUB-25"
    text = publish.text(sentence, table, facts=[73])
    assert (str(text), text.stamps) == (sentence, (table.stamp,))


@pytest.mark.parametrize("number", ["2", "9", "11", "2,0", "0,09"])
def test_a_withheld_number_or_a_derived_one_stops_the_text(table, number):
    plain = publish.table(counts([2, 9, 30]), SSB, count_structure())
    assert code_of(lambda: publish.text(f"Det var {number} borte i a.", plain)) == "PUB-25"


def test_numbers_are_known_as_they_are_printed():
    frame = pd.DataFrame({"geo": ["a"], "basis": [20], "x": [-8.25]})
    structure = Structure((publish.Dimension("geo"),), (publish.Statistic("x", "percentile", "basis"),))
    table = publish.table(frame, SSB, structure)
    for written in ("8,25", "8,3", "8,2", "8", "−8,3"):
        assert str(publish.text(f"Den er {written} prosentpoeng.", table))
    assert code_of(lambda: publish.text("Den er 8,4.", table)) == "PUB-25"
    large = publish.table(counts([12345, 20]), SSB, count_structure())
    assert str(publish.text("Det er 12\u00a0345 og 12 365 i alt.", large))


def test_an_english_thousand_is_one_number():
    large = publish.table(counts([12345, 20]), SSB, count_structure())
    assert str(publish.text("There are 12,345 and 12,365.", large))
    assert code_of(lambda: publish.text("There are 12,346.", large)) == "PUB-25"
    assert code_of(lambda: publish.text("There are 12,345.5.", large)) == "PUB-25"


def test_published_words_are_joined_and_nothing_else(table):
    first, second = publish.text("Det var 30.", table), publish.text("Ikke flere.")
    joined = publish.join([first, second])
    assert (str(joined), joined.stamps) == ("Det var 30. Ikke flere.", (table.stamp,))
    assert code_of(lambda: publish.join([first, "2"])) == "PUB-20"
    assert code_of(lambda: publish.join([])) == "PUB-24"
    assert code_of(lambda: publish.join([first, second], " 2 ")) == "PUB-24"


def test_what_is_no_text_is_refused(table):
    assert code_of(lambda: publish.text(table.to_frame())) == "PUB-24"
    assert code_of(lambda: publish.text("  ")) == "PUB-24"
    assert code_of(lambda: publish.text("30", table.to_frame())) == "PUB-20"


def test_the_scanner_gets_what_is_withheld(tmp_path):
    memory = Memory()
    publish.table(counts([2, 9, 30]), SSB, count_structure(), output="absent", memory=memory)
    expected = [
        WithheldValue("absent", "n", {"geo": "a"}, 2.0, "small"),
        WithheldValue("absent", "n", {"geo": "b"}, 9.0, "secondary"),
    ]
    assert memory.withheld == expected
    path = tmp_path / "withheld.json"
    write_withheld(path, memory.withheld)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(read_withheld(path)) == expected
    assert [item.name for item in tmp_path.iterdir()] == ["withheld.json"]


@pytest.mark.parametrize("content", [None, "{}", '{"schema_version": 2, "withheld": []}'])
def test_a_list_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "withheld.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert code_of(lambda: read_withheld(path)) == "PUB-14"


def test_a_list_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert code_of(lambda: write_withheld(tmp_path / "file" / "withheld.json", [])) == "PUB-13"


def test_the_record_is_canonical_json(table):
    stored = json.loads(table.audit.to_json())
    assert stored["policy_sha256"] == SSB.sha256
    assert list(stored) == sorted(stored)
