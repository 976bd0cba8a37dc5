"""Word documents: headings that are headings, tables that say what is a heading, pictures in words, the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from report_samples import full_report, passed, sample_chart, sample_report, sample_table, words
from word_samples import LOGO, LOGO_BASE64, NAME, PERSON, body, municipal_template, printed, styles_of

from kvalitet_eval.present.messages import text
from kvalitet_eval.report.blocks import Picture, Text
from kvalitet_eval.report.pictures import FONTS, draw_picture
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.report.word import CHART_SIZE, case_parts, render_word
from kvalitet_eval.report.word_xml import column_widths

ROOT = Path(__file__).resolve().parents[2]


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name).decode()


def case_report(language="nb"):
    made = full_report(language=language)
    made.section(words(text("case.section.effect", language)))
    made.text(words("Slutten."))
    return made


@pytest.fixture(scope="module")
def written():
    return render_word(case_report())


def heading_levels(data):
    levels = {"Title": 0, "Heading 1": 1, "Heading 2": 2, "Heading 3": 3}
    return [levels[name] for name, _ in styles_of(data) if name in levels]


def test_headings_are_styles_and_no_level_is_skipped(written):
    levels = heading_levels(written)
    assert levels[0] == 0
    assert levels.count(0) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {1, 2} <= set(levels)


def test_the_sections_stand_under_the_headings_of_a_case_paper_in_their_own_order(written):
    named = [(name, words) for name, words in styles_of(written) if name.startswith("Heading")]
    assert named == [
        ("Heading 1", "Sammendrag"), ("Heading 2", "Utvikling i Nord-Aurdal"),
        ("Heading 1", "Saksopplysninger"), ("Heading 2", "Tabell"),
        ("Heading 1", "Vurdering"), ("Heading 2", "Hva kan vi si om opptaket kommunen var med i?"),
        ("Heading 1", "Konklusjon"), ("Heading 1", "Om tallene"),
    ]  # fmt: skip


def test_without_an_effect_the_assessment_is_what_the_report_does_not_show():
    made = sample_report()
    for heading in ("a", "b", "c"):
        made.section(words(heading))
        made.text(words("x"))
    made.notice("limits", words("y"))
    assert case_parts(made) == {0: "summary", 2: "facts", 4: "assessment"}
    assert case_parts(sample_report()) == {}


def test_only_reports_are_case_papers():
    made = sample_report(document="page", origin="observed")
    made.section(words("Metoden"))
    made.text(words("x"))
    assert [found for found in styles_of(render_word(made)) if "Heading" in found[0]] == [
        ("Heading 1", "Metoden"), ("Heading 1", "Om tallene"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_document_says_its_language(language):
    data = render_word(case_report(language))
    spoken = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[language]
    assert re.findall(r'<w:lang w:val="([^"]*)"', part(data, "word/styles.xml")) == [spoken]
    assert docx.Document(io.BytesIO(data)).core_properties.language == spoken


def test_a_part_in_another_language_says_so():
    made = sample_report()
    made.section(words("Om prosjektet"))
    made._blocks += [Text("Me ville prøve.", "nn"), Text("På bokmål.", "nb"), Text("Uten.")]
    made._blocks.append(Picture("p", "Kart over bygda", LOGO_BASE64, 192, 192, "Kart", "nn"))
    root = body(render_word(made))
    spoken = {
        "".join(t.text for t in run.iter(qn("w:t"))): [lang.get(qn("w:val")) for lang in run.iter(qn("w:lang"))]
        for run in root.iter(qn("w:r"))
    }
    assert [spoken[said] for said in ("Me ville prøve.", "På bokmål.", "Uten.", "Kart")] == [
        ["nn-NO"], [], [], ["nn-NO"],
    ]  # fmt: skip


def test_tables_repeat_their_first_row_keep_rows_whole_and_name_rows_by_the_first_column(written):
    tables = list(body(written).iter(qn("w:tbl")))
    assert len(tables) == 2
    for table in tables:
        rows = table.findall(qn("w:tr"))
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [
            True, *[False] * (len(rows) - 1)
        ]  # fmt: skip
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        caption = table.getprevious()
        assert caption.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == "Caption"
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}").get(qn("w:val")) in "".join(caption.itertext())
        widths = [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]
        assert sum(widths) == 11906 - 2 * 1304


def test_every_picture_says_what_it_shows(written):
    shown = list(body(written).iter(qn("wp:docPr")))
    assert [found.get("descr") for found in shown] == [sample_chart().alt]
    assert len({found.get("id") for found in shown}) == len(shown)


def test_a_supplied_picture_is_no_wider_than_the_page():
    made = sample_report()
    made.section(words("Bilde"))
    made._blocks.append(Picture("p", "Et tak", LOGO_BASE64, 4000, 2000))
    extent = next(body(render_word(made)).iter(qn("wp:extent")))
    assert int(extent.get("cx")) == (11906 - 2 * 1304) * 635
    assert int(extent.get("cy")) * 2 == pytest.approx(int(extent.get("cx")), abs=2)


def test_a_chart_has_letters_whatever_fonts_the_machine_has():
    drawn = draw_picture(sample_chart(), *CHART_SIZE)
    assert (drawn.width, drawn.height) == (CHART_SIZE[0], pytest.approx(CHART_SIZE[1], abs=120))
    assert all(Path(font).is_file() for font in FONTS)
    alike = {draw_picture(sample_chart(word=word), *CHART_SIZE).png for word in ("i", "l")}
    assert len(alike) == 2


def test_without_the_font_files_there_are_no_letters(monkeypatch):
    monkeypatch.setattr("kvalitet_eval.report.pictures.FONTS", ())
    without = {draw_picture(sample_chart(word=word), *CHART_SIZE).png for word in ("i", "l")}
    assert len(without) == 1


@pytest.mark.parametrize("origin", ["syntetisk", "observed"])
def test_every_page_says_who_it_is_about_and_that_figures_are_synthetic(origin):
    made = sample_report(origin=origin)
    made.section(words("Tabell"))
    made.table(passed(sample_table(origin="observed")))
    data = render_word(made)
    margins = docx.Document(io.BytesIO(data)).sections[0]
    assert "Nord-Aurdal · Kvalitetskommuneprogrammet" in margins.header.paragraphs[0].text
    assert ("Syntetiske tall" in margins.header.paragraphs[0].text) == (origin == "syntetisk")
    fields = [found.get(qn("w:instr")).strip() for found in margins.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_properties_name_the_package_and_nobody(written):
    found = docx.Document(io.BytesIO(written)).core_properties
    assert (found.title, found.author, found.last_modified_by) == (
        "Rapport for Nord-Aurdal", "kvalitet-eval", "kvalitet-eval",
    )  # fmt: skip
    assert found.created == found.modified
    assert found.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.namelist()[1:] == sorted(packed.namelist()[1:])
        assert not [name for name in packed.namelist() if "app.xml" in name or "custom" in name or "thumb" in name]


def test_a_long_title_of_any_signs_is_written():
    made = sample_report(title="Ås\x0b" * 200)
    made.section(words("a\x00b\ud800c"))
    made.text(words("x\ty\nz"))
    data = render_word(made)
    assert len(docx.Document(io.BytesIO(data)).core_properties.title) == 255
    assert "abc" in printed(data)


def test_the_same_report_gives_the_same_bytes_also_in_another_process(written):
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/unit'); import test_word; "
        "print(hashlib.sha256(test_word.render_word(test_word.case_report())).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert render_word(case_report()) == written
    assert done.stdout.strip() == hashlib.sha256(written).hexdigest()


def test_columns_share_the_page_and_keep_their_longest_word():
    table = sample_table(word="Et ganske langt navn på en kommune")
    widths = column_widths(table, 9298)
    assert sum(widths) == 9298
    assert widths[0] > widths[1]


@pytest.mark.parametrize("first_page", [False, True])
def test_a_municipal_template_keeps_its_looks_and_gets_what_it_lacks(first_page):
    data = render_word(case_report(), template=municipal_template(first_page=first_page))
    made = docx.Document(io.BytesIO(data))
    section = made.sections[0]
    headers = [section.header, *([section.first_page_header] if first_page else [])]
    for header in headers:
        said = "\n".join(paragraph.text for paragraph in header.paragraphs)
        assert NAME in said
        assert "Syntetiske tall" in said
        assert len(list(header._element.iter(qn("a:blip")))) == 1
    assert f"{NAME}, Fjellvegen 1" in section.footer.paragraphs[0].text
    assert section.footer.paragraphs[1].text.startswith("kvalitet-eval")
    assert str(made.styles["Heading 1"].font.color.rgb) == "0B6E4F"
    assert printed(data) == printed(render_word(case_report()))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert LOGO in [packed.read(name) for name in packed.namelist() if "media/" in name]


def test_the_synthetic_mark_stands_whole_beside_a_long_name():
    name = "Innsatskommuner sykefravær"
    made = full_report(subject=Subject("cohort", "innsats", name))
    lines = [
        docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[-1].text
        for data in (render_word(made), render_word(made, template=municipal_template()))
    ]
    assert lines == [f"{name} · Kvalitetskommuneprogrammet\tSyntetiske tall", f"{name}\tSyntetiske tall"]


def test_nothing_of_the_person_who_made_the_template_is_kept():
    data = render_word(case_report(), template=municipal_template())
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert not [name for name, content in parts.items() if PERSON.encode() in content or b"Husk vedlegg" in content]
    assert not [name for name in parts if re.search(r"comments|people|app\.xml|custom|thumbnail", name)]
    assert b"Skriv saken her" not in parts["word/document.xml"]


def test_lists_of_a_template_without_lists_are_lists():
    data = render_word(case_report(), template=municipal_template(without=("List Bullet",)))
    made = docx.Document(io.BytesIO(data))
    (number,) = made.styles["List Bullet"].element.iter(qn("w:numId"))
    numbering = made.part.numbering_part.element
    (found,) = [item for item in numbering.findall(qn("w:num")) if item.get(qn("w:numId")) == number.get(qn("w:val"))]
    wanted = found.find(qn("w:abstractNumId")).get(qn("w:val"))
    (listed,) = [i for i in numbering.findall(qn("w:abstractNum")) if i.get(qn("w:abstractNumId")) == wanted]
    assert next(listed.iter(qn("w:numFmt"))).get(qn("w:val")) == "bullet"


def test_a_template_does_not_change_the_language():
    data = render_word(case_report("nn"), template=municipal_template())
    assert re.findall(r'<w:lang [^>]*w:val="([^"]*)"', part(data, "word/styles.xml")) == ["nn-NO"]


def test_with_a_template_the_bytes_are_the_same_too():
    template = municipal_template()
    assert render_word(case_report(), template=template) == render_word(case_report(), template=template)


def test_a_cohort_is_named_as_one():
    made = full_report(subject=Subject("cohort", "pulje_2", "Pulje II"))
    assert printed(render_word(made))[0] == "Kvalitetskommuneprogrammet · Rapport om hele opptaket"


def test_what_follows_a_box_is_not_glued_to_it_and_the_box_is_one():
    styles = docx.Document(io.BytesIO(render_word(full_report()))).styles
    for name in ("Report notice", "Report notice list"):
        form = styles[name].element.pPr
        base = styles["Report notice"].element.pPr
        assert int((form.spacing if form.spacing is not None else base.spacing).get(qn("w:after"))) >= 120
        assert base.find(qn("w:contextualSpacing")) is not None, "no gap between the paragraphs of a box"
    assert styles["Report notice label"].element.pPr.spacing.get(qn("w:after")) == "0"
