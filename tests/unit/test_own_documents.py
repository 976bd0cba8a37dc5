"""A municipality's poster, status report and mandate: every element in order, or visibly missing with what to write."""

import base64
import io
import re
from itertools import pairwise

import openpyxl
import pypdf
import pytest
from case_samples import said_wrongly
from docx import Document
from full_texts import longest, write_full_texts
from made_programme import change, made_programme
from run_template import headings, run_template, said, under

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.documents.contradictions import ONE_PAGE
from kvalitet_eval.prepare.documents.municipality_texts import MOST_EVENTS, Happening
from kvalitet_eval.present.own_words import change_sentence
from kvalitet_eval.report.blocks import Figure, Notice, Picture, Text
from kvalitet_eval.report.case import load_case
from kvalitet_eval.report.html import facts_rows, render_page
from kvalitet_eval.report.pdf import render_pdf
from kvalitet_eval.report.sheets import render_workbook
from kvalitet_eval.report.word import render_word

POSTER = {
    "nb": ["Kommunen", "Prosjektet", "Bilder", "Innledning", "Målet med å delta", "Forsøk og foreløpige resultater",
           "Hva skjedde når?", "Videre arbeid", "Oppsummering og refleksjon", "Hva dette ikke viser"],
    "nn": ["Kommunen", "Prosjektet", "Bilete", "Innleiing", "Målet med å delta", "Forsøk og førebelse resultat",
           "Kva skjedde når?", "Vidare arbeid", "Oppsummering og refleksjon", "Kva dette ikkje viser"],
    "en": ["The municipality", "The project", "Pictures", "Introduction", "Goal of taking part",
           "Trials and preliminary results", "What happened when?", "Planned continuation", "Summary and reflection",
           "What this does not show"],
}  # fmt: skip
STATUS = ["Prosjektet", "Gjort så langt", "Målinger så langt", "Det som står i veien", "Veien videre",
          "Hva dette ikke viser"]  # fmt: skip
MANDATE = ["Prosjektet", "Oppdragsgiver", "Bakgrunn", "Formål og mål", "Rammer", "Tiltak", "Evaluering",
           "Hva dette ikke viser"]  # fmt: skip
TITLES = {
    "poster": ("Veggavis fra Nord-Aurdal", "Veggavis frå Nord-Aurdal", "Poster from Nord-Aurdal"),
    "status_report": ("Statusrapport fra Nord-Aurdal", "Statusrapport frå Nord-Aurdal",
                      "Status report from Nord-Aurdal"),
    "project_mandate": ("Prosjektmandat for Nord-Aurdal", "Prosjektmandat for Nord-Aurdal",
                        "Project mandate for Nord-Aurdal"),
}  # fmt: skip
INVENTED = {"nb": "Dette er et oppdiktet eksempel", "nn": "Dette er eit oppdikta eksempel", "en": "This is an invented"}
FILE = "data/raw/municipality_texts/0542.toml"


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("own"))


@pytest.fixture
def run(config, tmp_path):
    def made(name, language="nb", municipality="0542", of=config):
        return run_template(of, name, tmp_path / f"{name}.json", municipality=municipality, language=language)

    return made


@pytest.fixture
def texts(config):
    """The text file of the example municipality; whatever a test does to it is undone."""
    path = config.root / FILE
    before = path.read_text("utf-8")
    yield path
    path.write_text(before, "utf-8")


def without(path, start, end=None):
    """Remove a field from the file: everything from a text up to another."""
    content = path.read_text("utf-8")
    begin = content.index(start)
    stop = content.index(end, begin + 1) if end else content.index("\n", begin) + 1
    path.write_text(content[:begin] + content[stop:], "utf-8")


def missing(report):
    return [block.text for block in report.blocks if isinstance(block, Notice) and block.kind == "missing"]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("name", list(TITLES))
def test_a_document_is_complete_in_every_language(run, name, language):
    report = run(name, language)
    assert report.title == TITLES[name][("nb", "nn", "en").index(language)]
    assert (report.document, report.language, report.origin) == (name, language, "syntetisk")
    assert missing(report) == []
    assert said_wrongly(said(report)) == []
    (first, *_) = [block.text for block in report.blocks if isinstance(block, Notice)]
    assert first.startswith(INVENTED[language])
    own = {block.language for block in report.blocks if isinstance(block, Text) and "ppdikt" in block.text}
    assert own == {"" if language == "nb" else "nb"}
    page = render_page(report)
    assert page.count("<h1") == 1
    assert ('<div lang="nb">' in page) == (language != "nb")


def test_the_elements_of_the_poster_stand_in_the_order_that_was_asked_for(run):
    for language, wanted in POSTER.items():
        report = run("poster", language)
        assert headings(report) == wanted
        assert all(under(report, heading) for heading in wanted)


def test_the_elements_of_status_report_and_mandate_stand_in_order(run):
    assert headings(run("status_report")) == STATUS
    assert headings(run("project_mandate")) == MANDATE


def test_time_is_on_the_x_axis_and_every_event_has_its_number_and_its_comment(run):
    report = run("poster")
    (chart,) = [block.chart for block in under(report, POSTER["nb"][5]) if isinstance(block, Figure)]
    quarters = [x for x, _ in chart.x.ticks]
    assert len(quarters) > 20
    assert all(after - before == 1 for before, after in pairwise(quarters))
    assert [(event.number, event.x, event.label) for event in chart.events] == [
        (1, 2007 * 4, "Oppstart med partene"),
        (2, 2007 * 4 + 2, "Samtale etter to dagers fravær"),
        (3, 2007 * 4 + 3, "Ny vaktordning på én avdeling"),
        (4, 2008 * 4 + 1, "To enheter byttet leder"),
    ]
    assert chart.origin == "syntetisk"
    (lines,) = [block.text for block in under(report, POSTER["nb"][6]) if block.text.startswith("- ")]
    assert [line.split(",")[0] for line in lines.splitlines()] == [f"- Nummer {number}" for number in (1, 2, 3, 4)]
    assert "- Nummer 2, 1. august 2007, tiltak: Samtale etter to dagers fravær. Oppdiktet: Lederen ringer" in lines


def test_a_chart_in_another_language_marks_the_events_in_its_own(run):
    (chart,) = [block.chart for block in run("poster", "en").blocks if isinstance(block, Figure)]
    assert [event.label for event in chart.events] == [
        "event, 15 March 2007", "measure, 1 August 2007", "trial, October 2007", "event, May 2008",
    ]  # fmt: skip


def test_an_event_outside_the_time_of_the_chart_is_told_and_not_drawn(run, texts):
    change(texts, ("date = 2007-03-15", "date = 1999-01-01"))
    report = run("poster")
    (chart,) = [block.chart for block in report.blocks if isinstance(block, Figure)]
    assert [(event.number, event.label[:7]) for event in chart.events] == [
        (1, "Samtale"),
        (2, "Ny vakt"),
        (3, "To enhe"),
    ]
    blocks = [block.text for block in under(report, POSTER["nb"][6])]
    assert "Nummer 1, 1. august 2007" in blocks[1]
    assert blocks[2] == "Disse hendelsene ligger utenfor tiden som figuren viser:"
    assert blocks[3].startswith("- 1. januar 1999, hendelse: Oppstart")


REMOVED = [
    ("poster", "project = ", None, "Prosjektet", "project"),
    ("poster", "[[pictures]]", "[[events]]", "Bilder", "[[pictures]]"),
    ("poster", "introduction = ", "goal = ", "Innledning", "[poster] introduction"),
    ("poster", "goal = ", "results = ", "Målet med å delta", "[poster] goal"),
    ("poster", "results = ", "continuation = ", "Forsøk og foreløpige resultater", "[poster] results"),
    ("poster", "[[events]]", "[status]", "Hva skjedde når?", "[[events]]"),
    ("poster", "continuation = ", "summary = ", "Videre arbeid", "[poster] continuation"),
    ("poster", "summary = ", "[[pictures]]", "Oppsummering og refleksjon", "[poster] summary"),
    ("status_report", "project = ", None, "Prosjektet", "project"),
    ("status_report", "date = 2008-06-15", None, "Prosjektet", "[status] date"),
    ("status_report", 'phase = "check"', None, "Prosjektet", "[status] phase"),
    ("status_report", "done = ", "obstacles = ", "Gjort så langt", "[status] done"),
    ("status_report", "[[status.results]]", "[mandate]", "Målinger så langt", "[status] results"),
    ("status_report", "obstacles = ", None, "Det som står i veien", "[status] obstacles"),
    ("status_report", "next_steps = ", None, "Veien videre", "[status] next_steps"),
    ("project_mandate", 'name = "Oppdiktet: Bedre', None, "Prosjektet", "[mandate] name"),
    ("project_mandate", "commissioner = ", None, "Oppdragsgiver", "[mandate] commissioner"),
    ("project_mandate", "background = ", None, "Bakgrunn", "[mandate] background"),
    ("project_mandate", "purpose = ", None, "Formål og mål", "[mandate] purpose"),
    ("project_mandate", "[mandate.frame]", "[[mandate.measures]]", "Rammer", "[mandate] frame"),
    ("project_mandate", "evaluation = ", None, "Evaluering", "[mandate] evaluation"),
]


@pytest.mark.parametrize("case", REMOVED, ids=lambda case: f"{case[0]} {case[4]}")
def test_an_element_that_is_removed_is_visibly_missing_in_its_place(run, texts, case):
    name, start, end, heading, field = case
    without(texts, start, end)
    report = run(name)
    notices = [block.text for block in under(report, heading) if isinstance(block, Notice) and block.kind == "missing"]
    assert len(notices) == len(missing(report)) == 1
    assert re.fullmatch(rf"Skriv .+ i feltet «{re.escape(field)}» i fila {FILE}\.", notices[0])
    assert '<p class="notice-label">Mangler</p>' in render_page(report)


def test_goals_and_measures_that_are_removed_are_missing_together(run, texts):
    without(texts, '[[mandate.measures]]\nname = "Oppdiktet: Samtale', '[[mandate.measures]]\nname = "Oppdiktet: Ny')
    without(texts, "[[mandate.measures]]", None)
    content = texts.read_text("utf-8")
    texts.write_text(content[: content.index('name = "Oppdiktet: Ny vaktordning')], "utf-8")
    assert [notice.split("«")[1].split("»")[0] for notice in missing(run("project_mandate"))] == ["[mandate] measures"]
    without(texts, "[[mandate.goals]]", "[mandate.frame]")
    assert len(missing(run("project_mandate"))) == 2


@pytest.mark.parametrize(("name", "n"), [("poster", 8), ("status_report", 7), ("project_mandate", 8)])
def test_a_municipality_that_has_written_nothing_gets_a_document_of_what_to_write(run, name, n):
    report = run(name, municipality="0528")
    assert len(missing(report)) == n
    assert all("data/raw/municipality_texts/0528.toml" in notice for notice in missing(report))
    assert "oppdiktet" not in said(report).lower()


def test_without_a_folder_in_the_programme_file_the_reader_is_told_to_name_one(run, tmp_path):
    config = made_programme(tmp_path / "project")
    change(config.path, ('municipality_texts = "data/raw/municipality_texts" ', "# "))
    report = run("status_report", of=load_config(config.path))
    assert len(missing(report)) == 7
    assert all("under [files] i programfila: municipality_texts = " in notice for notice in missing(report))


def test_words_that_somebody_has_written_are_not_called_invented(run, texts):
    change(texts, ('origin = "syntetisk"\n', ""), ('language = "nb"', 'language = "nn"'))
    report = run("status_report")
    assert not any(words in said(report) for words in INVENTED.values())
    assert {block.language for block in report.blocks if isinstance(block, Text)} == {"", "nn"}
    assert "Teksten er kommunens egen." in said(report)
    (date,) = [b.text for b in report.blocks if isinstance(b, Text) and b.text.startswith("Dato for rapporten")]
    assert date == "Dato for rapporten: 15. juni 2008."


def test_a_faulty_file_stops_the_document_with_all_its_faults(run, texts):
    change(texts, ("date = 2007-03-15", 'date = "x"'), ('kind = "trial"', 'kind = "y"'))
    with pytest.raises(DataError) as caught:
        run("poster")
    assert [item.code for item in caught.value.findings] == ["INN-T07", "INN-T08"]


def test_words_that_the_publishing_rules_refuse_stop_the_document(run, texts):
    change(texts, ("Oppdiktet mål:", "Hos oss var 2 ansatte syke."))
    with pytest.raises(DataError) as caught:
        run("poster")
    assert [item.code for item in caught.value.findings] == ["PUB-51"]


def test_a_text_longer_than_its_sheet_has_room_for_is_told_with_both_lengths(run, texts):
    change(texts, ("Oppdiktet: Forsøket varte i et halvt år.", "x" * (longest(Happening, "comment") + 1)))
    with pytest.raises(DataError) as caught:
        run("poster")
    (found,) = caught.value.findings
    assert (found.column, found.facts["n"], found.facts["limit"]) == ("events.3.comment", "121", "120")
    assert "120" in str(caught.value)


def test_the_texts_of_a_status_report_never_have_more_signs_than_a_page_has_room_for(run, texts):
    longest = {"done": 900, "obstacles": 500, "next_steps": 500}
    for name, n in longest.items():
        start = texts.read_text("utf-8").index(f"{name} = ")
        without(texts, f"{name} = ", "obstacles = " if name == "done" else None)
        content = texts.read_text("utf-8")
        texts.write_text(f'{content[:start]}{name} = "{"ord " * (n // 4)}"\n{content[start:]}', "utf-8")
    assert sum(longest.values()) < ONE_PAGE * 0.6  # the rest is for headings, six results and the foot
    blocks = [block.text for block in run("status_report").blocks if isinstance(block, Text)]
    assert sorted(len(text) for text in blocks)[-3:] == [499, 499, 899]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("name", list(TITLES))
def test_a_document_without_an_estimate_names_no_method_of_estimation(run, name, language):
    report = run(name, language)
    labels = dict(facts_rows(report.facts, language))
    assert report.facts.method in labels.values(), "a report has it"
    assert report.facts.method not in dict(facts_rows(report.facts, language, name)).values()
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(report)))
    told = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    word = Document(io.BytesIO(render_word(report)))
    read = [run.text for run in word.element.body.iter() if str(run.tag).endswith("}t")]
    printed = pypdf.PdfReader(io.BytesIO(render_pdf(report))).pages
    pages = [render_page(report), " ".join(told), " ".join(read), " ".join(page.extract_text() for page in printed)]
    assert [page for page in pages if "Borusyak" in page or "Satterthwaite" in page] == []
    assert all("Kvalitet" in page for page in pages)


@pytest.mark.parametrize("origin", ["observed", "syntetisk"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("name", ["status_report", "project_mandate"])
def test_a_document_without_a_chart_mentions_none(run, texts, name, language, origin):
    change(texts, ('origin = "syntetisk"', f'origin = "{origin}"'))
    report = run(name, language)
    assert not [block for block in report.blocks if isinstance(block, Figure)]
    assert not re.search(r"figuren|the (chart|figure\b)", said(report))


@pytest.mark.parametrize("size", [(900, 600), (600, 900)], ids=["wide", "high"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_poster_with_everything_as_long_as_it_may_be_fits_on_its_sheet(run, texts, language, size):
    write_full_texts(texts, "nn" if language == "nn" else "nb", "syntetisk", [size] * 3)
    report = run("poster", language)
    assert missing(report) == []
    for paper in ("a4", "a1"):
        (page,) = pypdf.PdfReader(io.BytesIO(render_pdf(report, paper=paper))).pages
        assert len(re.findall("hendelse:|hending:", page.extract_text())) == MOST_EVENTS


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_status_report_with_everything_as_long_as_it_may_be_fits_on_its_page(run, texts, language):
    write_full_texts(texts, "nn" if language == "nn" else "nb", "syntetisk", [(600, 400)] * 3)
    assert len(pypdf.PdfReader(io.BytesIO(render_pdf(run("status_report", language)))).pages) == 1


def test_the_picture_on_the_poster_is_the_municipality_s_own(run, config):
    (picture,) = [block for block in run("poster").blocks if isinstance(block, Picture)]
    assert base64.b64decode(picture.png_base64).startswith(b"\x89PNG")
    assert (picture.width_px, picture.height_px) == (900, 330)
    assert "Oppdiktet eksempel" in picture.alt
    assert len(render_page(run("poster"))) < 120_000


def test_a_change_is_usual_or_not_by_what_is_expected_of_its_level(run, config):
    case = load_case(config.path, "0542")
    row = case.before_after().to_frame().iloc[0]
    is_usual = row["expected_low"] <= row["change"] <= row["expected_high"]
    words = said(run("poster"))
    assert ("ikke større enn den vanligvis er" in words) == is_usual
    assert ("er større enn den vanligvis er" in words) == (not is_usual)
    assert "kan ikke avgjøres" in str(change_sentence(case.before_after().select(municipality_number="0000")))


@pytest.mark.parametrize("name", list(TITLES))
def test_two_runs_store_the_same_bytes(run, tmp_path, name):
    run(name)
    before = (tmp_path / f"{name}.json").read_bytes()
    run(name)
    assert (tmp_path / f"{name}.json").read_bytes() == before
