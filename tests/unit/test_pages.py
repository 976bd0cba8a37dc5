"""Pages about method, words and accessibility: complete in three languages, and nothing in them is made up."""

import re

import pytest
from case_samples import said_wrongly
from made_programme import change, made_programme
from programme_copy import ROOT
from run_template import headings, run_template, said, tables, under

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ConfigError, UsageError
from kvalitet_eval.present.alphabet import norwegian_order
from kvalitet_eval.present.glossary import TERMS, meaning, render_glossary, term
from kvalitet_eval.present.messages import keys, languages
from kvalitet_eval.present.pages import SECTIONS
from kvalitet_eval.report.blocks import Notice
from kvalitet_eval.report.page import PAGES, make_page

WRITTEN = '# [accessibility]\n# contact = "..."\n# checked = 2026-01-31\n'


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("pages"))


def made(config, page, language="nb"):
    return make_page(str(config.path), page, language)


def missing(report):
    return [block.text for block in report.blocks if isinstance(block, Notice) and block.kind == "missing"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_every_section_in_every_language(config, page, language):
    report = made(config, page, language)
    assert (report.document, report.language, report.origin) == ("page", language, "observed")
    assert (report.subject.kind, report.subject.id, report.subject.name) == ("page", page, report.title)
    found = headings(report)
    assert len(found) == len(set(found)) == len(SECTIONS[page]) + 2 * (page == "accessibility")
    assert all(under(report, heading) for heading in found)
    assert said_wrongly(said(report)) == []


def test_a_page_is_another_text_in_every_language(config):
    for page in PAGES:
        texts = {said(made(config, page, language)) for language in languages()}
        assert len(texts) == len(languages())


def test_the_template_makes_the_same_page(config, tmp_path):
    report = run_template(config, "page", tmp_path / "page.json", page="method", language="nn")
    assert report.to_json() == made(config, "method", "nn").to_json()


def test_a_page_that_is_not_there_is_refused(config):
    with pytest.raises(UsageError) as caught:
        made(config, "methods")
    assert [item.code for item in caught.value.findings] == ["BRK-30"]


def test_the_method_page_explains_every_verdict_and_every_mark(config):
    words = said(made(config, "method"))
    for said_so in ("bedre:", "dårligere:", "kan ikke avgjøres:", "kan skyldes regresjon mot gjennomsnittet:"):
        assert said_so in words
    for mark in ("(:)", "(..)", "(.)", "«syntetisk»", "«Mangler»"):
        assert mark in words


def test_the_glossary_page_lists_every_word_in_the_order_of_the_alphabet(config):
    for language in languages():
        (table,) = tables(made(config, "glossary", language)).values()
        listed = [row[0].text for row in table.rows]
        assert sorted(listed) == sorted(term(id, language) for id in TERMS)
        assert listed == sorted(listed, key=norwegian_order)
        assert [row[1].text for row in table.rows if row[0].text == term("sick_leave", language)] == [
            meaning("sick_leave", language)
        ]


def test_the_document_of_words_is_the_catalogue_s():
    assert (ROOT / "docs" / "GLOSSARY.md").read_text("utf-8") == render_glossary()
    assert {key.split(".")[1] for key in keys() if key.startswith("glossary.")} == set(TERMS)


def test_contact_and_date_are_never_made_up(config):
    report = made(config, "accessibility")
    assert len(missing(report)) == 2
    assert all("i programfila, under [accessibility]" in notice for notice in missing(report))
    assert not re.search(r"@|\b20\d\d\b|\d{8}", said(report).replace("2026-", ""))


def test_contact_and_date_are_those_of_the_programme_file(tmp_path):
    config = made_programme(tmp_path / "project")
    change(config.path, (WRITTEN, '[accessibility]\ncontact = "post@example.no"\nchecked = 2026-02-03\n'))
    report = made(config, "accessibility", "nn")
    assert missing(report) == []
    assert "kan du melde frå til: post@example.no." in said(report)
    assert "Erklæringa blei sist kontrollert 3. februar 2026." in said(report)


@pytest.mark.parametrize("line", ['contact = ""', "contact = 7", 'checked = "i fjor"', 'phone = "1"'])
def test_what_is_stated_wrongly_is_refused(tmp_path, line):
    path = tmp_path / "programmes" / "kkp.toml"
    path.parent.mkdir()
    path.write_text((ROOT / "programmes" / "kkp.toml").read_text("utf-8"), "utf-8")
    change(path, (WRITTEN, f"[accessibility]\n{line}\n"))
    with pytest.raises(ConfigError):
        load_config(path)
