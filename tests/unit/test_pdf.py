"""Documents as PDF: readable by everybody, complete and in order, the same every time, safe against any text."""

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import typst
from pdf_checks import attribute, faults, fonts, levels, named, opened, out_of_order, page_texts, squeezed
from pdf_samples import CONTROL, HOSTILE, LONG, any_table, document, picture, tabular
from report_samples import passed, sample_report, words

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import LOCALE, keys, languages, text
from kvalitet_eval.present.tables import table_of_chart
from kvalitet_eval.report import pdf as module
from kvalitet_eval.report.blocks import Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.html import facts_rows, split_paragraphs
from kvalitet_eval.report.pdf import compile_pdf, has_glyph, render_pdf
from kvalitet_eval.report.pdf_content import content_of

A4, A1 = (595.3, 841.9), (1683.8, 2383.9)
KINDS = ("report", "page", "status_report", "poster")
REGION = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
WATERMARK = {"nb": "syntetisk", "nn": "syntetisk", "en": "synthetic"}


@pytest.fixture(scope="module")
def rendered():
    """Render a document once; broken copies are made of it."""
    made = {}

    def get(kind="report", language="nb", paper="a4"):
        if (kind, language, paper) not in made:
            made[kind, language, paper] = render_pdf(document(kind, language), paper=paper)
        return made[kind, language, paper]

    return get


def sizes(pdf):
    document = opened(pdf)
    return [tuple(round(float(side), 1) for side in page.mediabox[2:]) for page in document.pages]


# Accessible ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_document_in_every_language_can_be_read_by_everybody(rendered, kind, language):
    assert faults(rendered(kind, language), REGION[language]) == set()


def test_the_large_poster_can_too(rendered):
    assert faults(rendered("poster", paper="a1")) == set()


def without(*path):
    """Break a document by deleting something below its root."""

    def broken(document):
        *above, name = path
        place = document.Root
        for step in above:
            place = place[step]
        del place[name]

    return broken


def of_first(kind, change):
    return lambda document: change(named(document, kind)[0])


def no_scope(cell):
    for item in cell.A:
        if "/Scope" in item:
            del item["/Scope"]


def loose_font(document):
    about = next(fonts(document))["/FontDescriptor"]
    for name in ("/FontFile", "/FontFile2", "/FontFile3"):
        if name in about:
            del about[name]


def no_part(document):
    stream = document.Root.Metadata
    stream.write(stream.read_bytes().replace(b"<pdfuaid:part>1</pdfuaid:part>", b""))


def not_shown(document):
    document.Root.ViewerPreferences["/DisplayDocTitle"] = False


BREAKS = {
    "language": without("/Lang"),
    "marked": without("/MarkInfo"),
    "title is shown": not_shown,
    "title": lambda document: document.docinfo.__delitem__("/Title"),
    "PDF/UA-1": no_part,
    "structure": without("/StructTreeRoot"),
    "headings": of_first("/H2", lambda element: element.__setitem__("/S", pikepdf.Name("/H3"))),
    "alternative text": of_first("/Figure", lambda element: element.__delitem__("/Alt")),
    "scope": of_first("/TH", no_scope),
    "table headers": of_first("/TH", lambda element: element.__setitem__("/S", pikepdf.Name("/TD"))),
    "fonts": loose_font,
    "links": lambda document: document.pages[0].Annots[0].__delitem__("/Contents"),
}


@pytest.mark.parametrize("fault", BREAKS)
def test_each_check_finds_what_is_broken(rendered, fault, tmp_path):
    broken = opened(rendered())
    BREAKS[fault](broken)
    broken.save(tmp_path / "broken.pdf")
    assert fault in faults((tmp_path / "broken.pdf").read_bytes())


def test_headings_are_the_title_and_the_sections(rendered):
    pdf = opened(rendered())
    titles = [str(element.T) for element in named(pdf, "/H1", "/H2")]
    assert titles == [
        "Rapport for Nord-Aurdal", "Kort om Nord-Aurdal", "Utvikling", "Tabell", "Om tallene",
        "Vedlegg: Tallene i figurene",
    ]  # fmt: skip
    assert levels(pdf) == [1, 2, 2, 2, 2, 2]


def test_figures_have_their_own_words_as_alternative_text(rendered):
    pdf = opened(rendered())
    alternatives = [str(figure.Alt) for figure in named(pdf, "/Figure")]
    blocks = document().blocks
    assert alternatives == [
        *(block.chart.alt for block in blocks if isinstance(block, Figure)),
        *(block.alt for block in blocks if isinstance(block, Picture)),
    ]


def test_rows_and_columns_of_a_table_have_headers(rendered):
    pdf = opened(rendered())
    assert {attribute(cell, "/Scope") for cell in named(pdf, "/TH")} == {"/Column", "/Row"}
    assert [attribute(cell, "/Headers") for cell in named(pdf, "/TD")] == [None] * 5


@pytest.mark.parametrize(("language", "other"), [("nb", "en-GB"), ("nn", "en-GB"), ("en", "nb-NO")])
def test_words_in_another_language_are_marked(rendered, language, other):
    pdf = opened(rendered("report", language))
    marked = [element for element in named(pdf, "/P") if "/Lang" in element]
    assert [str(element.Lang) for element in marked] == [other]


def test_what_the_file_says_of_itself(rendered):
    pdf = opened(rendered())
    about = {key: str(value) for key, value in pdf.docinfo.items()}
    assert about["/Title"] == "Rapport for Nord-Aurdal"
    assert about["/Author"] == "Evalueringsverktøyet Kvalitet"
    assert about["/Keywords"] == (
        "Kvalitetskommuneprogrammet, Nord-Aurdal, 0542, syntetisk, Kjøring " + document().facts.run_id
    )
    assert not {"/CreationDate", "/ModDate"} & set(about)


def test_no_document_makes_typst_warn(tmp_path):
    for kind in KINDS:
        content = content_of(document(kind), "a4")
        assert warnings_of(module._texts(content), module.pictures_of(document(kind)), tmp_path) == []
    assert warnings_of({"main.typ": b'#set document(title: "x")\n#set text(font: "Nothing")\n= x'}, {}, tmp_path) != []


def warnings_of(texts, pictures, folder):
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    compiler = typst.Compiler(dict(texts), root=folder, font_paths=module._fonts())
    return compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"], timestamp=0)[1]


# Complete and in order ----------------------------------------------------------------------------------------------


def printed(report):
    """Every text of a document in the order in which it is read, by rules of this test's own."""
    is_sheet = report.document in ("status_report", "poster")
    found, appendix = [report.programme, report.title], []
    for block in report.blocks:
        match block:
            case Section(heading):
                found.append(heading)
            case Text(plain):
                found += [item for _, items in split_paragraphs(plain) for item in items]
            case Notice(kind, plain):
                found += [text(f"report.notice.{kind}", report.language), plain]
            case Figure(chart, with_table):
                found += [chart.title, *chart.notes, chart.source]
                if with_table:
                    appendix += [chart.alt, *of_table(table_of_chart(chart))]
            case Picture():
                found.append(block.caption)
            case Listing(table):
                found += [*of_table(table), *table.notes, table.source]
    facts = [part for pair in facts_rows(report.facts, report.language, report.document) for part in pair]
    assert not (is_sheet and appendix)
    return [*found, text("report.about", report.language), *facts, text("report.made_with", report.language), *appendix]


def of_table(table):
    cells = [cell.text for row in table.rows for cell in row]
    return [table.caption, *(column.heading for column in table.columns), *cells]


def read(pdf, report):
    """The text of the pages one after the other, without what stands at the top and the foot of each."""
    run = re.escape(text("pdf.run", report.language, run=report.facts.run_id))
    top = re.compile(rf"\A.*{WATERMARK[report.language]}\n")
    pages = [re.sub(rf"\n{run}.*\Z", "", top.sub("", page)) for page in page_texts(pdf)]
    return "\n".join(pages)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_is_there_and_in_reading_order(rendered, kind, language):
    report = document(kind, language)
    assert out_of_order(read(rendered(kind, language), report), printed(report)) == []


def test_a_text_that_is_missing_or_in_the_wrong_place_is_found(rendered):
    report = document()
    strings = printed(report)
    assert out_of_order(read(rendered(), report), [*strings, "Det står ikke her"]) == ["Det står ikke her"]
    assert out_of_order(read(rendered(), report), [*reversed(strings)]) != []


def test_contents_are_listed_with_their_pages(rendered):
    first = page_texts(rendered())[0]
    assert re.search(r"Innhold\nKort om Nord-Aurdal[ .]+1\nUtvikling[ .]+1\nTabell[ .]+2\n", first)


@pytest.mark.parametrize(("language", "last"), [("nb", "Side 3 av 3"), ("nn", "Side 3 av 3"), ("en", "Page 3 of 3")])
def test_every_page_has_its_number_its_subject_and_its_mark(rendered, language, last):
    pages = page_texts(rendered("report", language))
    assert all(page.startswith("Nord-Aurdal (0542)") for page in pages)
    assert all(WATERMARK[language] in page.splitlines()[0] for page in pages)
    assert pages[-1].rstrip().endswith(last)


@pytest.mark.parametrize("kind", KINDS)
def test_an_observed_document_does_not_say_synthetic(kind):
    report = sample_report(document=kind, origin="observed")
    report.section(words("Overskrift"))
    report.text(words("Tekst"))
    assert "yntetisk" not in "".join(page_texts(render_pdf(report)))


def test_a_figure_tells_where_its_numbers_are(rendered):
    pages = page_texts(rendered())
    assert "Tallene i figuren står som tabell på side 3." in "".join(pages)
    assert pages[2].splitlines()[1] == "Vedlegg: Tallene i figurene"


def test_the_numbers_of_a_figure_stand_on_the_sheet_of_a_poster():
    report = sample_report(document="poster")
    report.section(words("Resultater"))
    report.chart(passed(document().blocks[3].chart))
    assert "Tallene i figuren: Nord-Aurdal" in page_texts(render_pdf(report))[0]


# Tables -------------------------------------------------------------------------------------------------------------


def test_a_long_table_goes_on_with_its_headers_on_the_next_page():
    pages = page_texts(render_pdf(tabular(any_table(140, 3))))
    with_rows = [page for page in pages if re.search(r"Kommune \d", page)]
    assert len(with_rows) >= 3
    assert all("NavnEndringvalue_1Endringvalue_2" in squeezed(page) for page in with_rows)
    rows = [row for page in pages for row in re.findall(r"Kommune (\d+)", page)]
    assert rows == [str(row) for row in range(140)]


def test_a_short_table_is_not_parted():
    pages = page_texts(render_pdf(tabular(*(any_table(12, 3, id=f"table-{k}") for k in range(6)))))
    for page in pages:
        assert len(re.findall(r"Kommune \d+", page)) % 12 == 0


def test_a_table_too_wide_for_the_sheet_is_turned():
    assert sizes(render_pdf(tabular(any_table(5, 8)))) == [A4]
    assert sizes(render_pdf(tabular(any_table(5, 8), any_table(5, 24, id="wide")))) == [A4, A4[::-1], A4]


@pytest.mark.parametrize("n_columns", [4, 8, 16, 24])
def test_numbers_are_never_broken(n_columns):
    table = any_table(5, n_columns)
    lines = [line.split() for page in page_texts(render_pdf(tabular(table))) for line in page.splitlines()]
    found = [part for line in lines for part in line]
    assert [cell.text for row in table.rows for cell in row[1:] if cell.text not in found] == []


# One sheet ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["status_report", "poster"])
def test_one_sheet(rendered, kind):
    assert sizes(rendered(kind)) == [A4]


def test_a_poster_on_a1(rendered):
    assert sizes(rendered("poster", paper="a1")) == [A1]


def test_a_missing_element_is_told_as_missing(rendered):
    for paper in ("a4", "a1"):
        (page,) = page_texts(rendered("poster", paper=paper))
        assert squeezed("Mangler Merknad missing om Nord-Aurdal") in squeezed(page)


@pytest.mark.parametrize("kind", ["status_report", "poster"])
def test_what_has_no_room_on_a_sheet_is_told(kind):
    report = document(kind, n_paragraphs=150)
    with pytest.raises(ReportError) as error:
        render_pdf(report)
    (found,) = error.value.findings
    assert (found.code, found.file, found.found) == ("RAP-63", f"{report.file_stem}.pdf", "Rapport for Nord-Aurdal")
    assert int(found.facts["percent"]) > 50
    assert found.facts["longest"].startswith("«Kort om Nord-Aurdal», ")


def test_a_poster_for_the_wall_is_refused_under_its_own_name():
    report = document("poster", n_paragraphs=150)
    with pytest.raises(ReportError) as error:
        render_pdf(report, paper="a1")
    (found,) = error.value.findings
    assert (found.code, found.file) == ("RAP-63", f"{report.file_stem}-a1.pdf")


def test_type_gets_smaller_before_a_sheet_is_refused():
    few, many = (page_texts(render_pdf(document("poster", n_paragraphs=n)))[0] for n in (1, 12))
    assert squeezed(many).count("Avsnitt") == 12
    assert squeezed(few).count("Avsnitt") == 1


@pytest.mark.parametrize(("kind", "paper", "allowed"), [("report", "a1", "a4"), ("poster", "a0", "a4, a1")])
def test_papers_that_are_not_there(kind, paper, allowed):
    with pytest.raises(ReportError) as error:
        render_pdf(document(kind), paper=paper)
    (found,) = error.value.findings
    assert (found.code, found.found, found.facts["allowed"]) == ("RAP-61", paper, allowed)


# What Typst refuses -------------------------------------------------------------------------------------------------

DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>"
SILENT = f'= A\n#image(bytes("{DRAWING}"), format: "svg")'.encode()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"= A\n=== B", "skipped from heading level 1 to 3"),
        (b"== A", "the first heading must be of level 1"),
        (SILENT, "missing alt text"),
        ("= \U0001f600".encode(), "could not be displayed"),
        (b'= A\n#read("../../../../../../etc/passwd")', "would escape the project root"),
        (b'= A\n#read("/etc/passwd")', "file not found"),
    ],
)
def test_typst_refuses_what_is_not_accessible_and_what_is_not_ours(source, said):
    with pytest.raises(typst.TypstError, match=re.escape(said)):
        compile_pdf({"main.typ": b'#set document(title: "x")\n' + source})


def test_the_templates_ask_for_nothing_from_the_net():
    sources = b"".join(module._sources().values())
    assert set(re.findall(rb'#import "([^"]*)"', sources)) == {b"pdf_parts.typ", b"pdf_report.typ", b"pdf_sheet.typ"}
    assert not re.search(rb"@|plugin\(|eval\(|read\(|include", sources)


def test_pictures_without_words_are_all_told_at_once():
    report = document()
    report._blocks += [picture(id="en", alt=" "), picture(id="to", alt="")]
    with pytest.raises(ReportError) as error:
        render_pdf(report)
    assert [(found.code, found.found, found.facts["section"]) for found in error.value.findings] == [
        ("RAP-62", "en", "Tabell"), ("RAP-62", "to", "Tabell"),
    ]  # fmt: skip
    said = str(error.value)
    assert f"Fil: {report.file_stem}.pdf" in said
    assert "«en» i avsnittet «Tabell»" in said
    assert "Gjør slik: Skriv en alternativ tekst" in said


def test_the_block_that_cannot_be_set_is_named():
    report = document()
    report._blocks.append(dataclasses.replace(picture(), png_base64="iVBORw0KGgo="))
    with pytest.raises(ReportError) as error:
        render_pdf(report)
    (found,) = error.value.findings
    assert (found.code, found.facts["section"], found.facts["type"]) == ("RAP-64", "Tabell", "picture")
    assert "decode" in found.found


def test_a_heading_that_is_left_out_is_an_error_without_a_traceback(monkeypatch):
    sources = dict(module._sources())
    good, bad = (b"heading(level: %d, t(section" % level for level in (2, 3))
    assert good in sources["pdf_report.typ"]
    sources["pdf_report.typ"] = sources["pdf_report.typ"].replace(good, bad)
    monkeypatch.setattr(module, "_sources", lambda: sources)
    with pytest.raises(ReportError) as error:
        render_pdf(document())
    (found,) = error.value.findings
    assert found.code == "RAP-64"
    assert "skipped from heading level 1 to 3" in found.found
    assert "«Kort om Nord-Aurdal»" in str(error.value)


# Any text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["report", "poster"])
@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_text_is_shown_as_text_and_nothing_else(kind, word):
    pdf = render_pdf(document(kind, word=word))
    assert faults(pdf) == set()
    assert squeezed("".join(page_texts(pdf))).count(squeezed(word)) >= 10
    opened_again = opened(pdf)
    assert len(named(opened_again, "/Figure")) == 2


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("Smil \U0001f600 nå", "Smil [U+1F600] nå"),
        ("snu \u202egnil\u202c om", "snu [U+202E]gnil[U+202C] om"),
        (f"styr{CONTROL}tegn", "styr[U+0000][U+0007][U+001B][U+007F]tegn"),
        ("linje\u2028skift", "linje skift"),
        ("halv\ud800", "halv[U+D800]"),
    ],
)
def test_signs_that_cannot_be_printed_are_shown_as_their_code(word, shown):
    report = sample_report()
    report._blocks += [Section(word), Text(word)]
    content = content_of(report, "a4")
    content["title"] = word
    pdf = module.mark_row_headers(compile_pdf(module._texts(content)))
    assert squeezed("".join(page_texts(pdf))).count(squeezed(shown)) >= 3
    opened_again = opened(pdf)
    assert opened_again.docinfo["/Title"] == shown


def test_a_word_too_long_for_a_line_stays_on_the_page():
    for kind in KINDS:
        report = sample_report(document=kind, title=f"Om {LONG}")
        report.section(words(LONG))
        report.text(words(f"{LONG} og\n\n- {LONG}"))
        report.table(passed(any_table(2, 3, word=LONG, heading=LONG)))
        pdf = render_pdf(report)
        lines = [line for page in page_texts(pdf) for line in page.splitlines()]
        assert max(map(len, lines)) < 220
        assert squeezed("".join(lines)).count(LONG) >= 5


def test_every_sign_of_every_catalogue_has_a_glyph():
    signs = {sign for language in languages() for key in keys(language) for sign in _template(key, language)}
    assert {"æ", "ø", "å", "«", "»", "–"} <= signs
    assert sorted(sign for sign in signs - {"\n"} if not has_glyph(sign)) == []


def _template(key, language):
    from kvalitet_eval.present.messages import _catalogue

    return _catalogue(language)[key]


def test_signs_that_are_not_looked_at_have_a_glyph():
    usual = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))]
    assert [sign for sign in usual if not has_glyph(sign)] == []
    assert not has_glyph("\U0001f600")
    assert all(has_glyph(sign) for sign in "−–—…≥≤·•čđŋšŧžÁČĐŊŠŦŽ")


def test_all_type_is_of_one_family(rendered):
    for kind in KINDS:
        pdf = opened(rendered(kind))
        names = {str(font.BaseFont) for font in fonts(pdf)}
        assert all("LibertinusSerif" in name for name in names)


# The same every time ------------------------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(rendered):
    assert render_pdf(document()) == rendered()
    assert render_pdf(document("poster"), paper="a1") == rendered("poster", paper="a1")


def test_two_processes_give_the_same_bytes(rendered):
    script = "import sys, pdf_samples; from kvalitet_eval.report.pdf import render_pdf; "
    script += "sys.stdout.buffer.write(render_pdf(pdf_samples.document()))"
    roots = [str(Path(__file__).parent), str(LOCALE.parents[2])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), "PYTHONHASHSEED": "7"}
    made = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True).stdout
    assert made == rendered()


def test_nothing_of_one_document_is_left_in_the_next(rendered):
    render_pdf(document(word="Levanger"))
    assert render_pdf(document()) == rendered()
    assert "Levanger" not in "".join(page_texts(rendered()))
