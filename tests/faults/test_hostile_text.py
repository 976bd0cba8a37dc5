"""Hostile text wherever a reader's text can stand: nothing runs without the policy, and nothing without escaping."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import zipfile
from collections import Counter
from importlib.resources import files
from xml.etree import ElementTree

import chart_samples
import hostile_text
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from chromium import why_not
from hostile_text import STRINGS, Browser
from markupsafe import Markup
from publish_samples import opened
from report_samples import FACTS, full_report, passed, sample_chart, sample_report, sample_table, table_cells, words
from site_samples import PIXEL

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present import svg_data, svg_parts
from kvalitet_eval.present import to_svg as svg
from kvalitet_eval.present.chart import Axis, Band, Event, Point, Rule, Series
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.report import html, safe_tables, word_xml
from kvalitet_eval.report import word as word_document
from kvalitet_eval.report.absent import Absent
from kvalitet_eval.report.blocks import Figure, Listing, Picture, Text
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.offers import FileLink, Offer
from kvalitet_eval.report.page_links import PageLinks
from kvalitet_eval.report.pictures import draw_picture
from kvalitet_eval.report.safe_paths import path_in, plain_name
from kvalitet_eval.report.safe_tables import csv_text, xlsx_bytes
from kvalitet_eval.report.sheets import render_csv, render_workbook
from kvalitet_eval.report.site import Site, render_index
from kvalitet_eval.report.site_parts import ChangeList, Cohort, Municipality
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.report.word import CHART_SIZE, render_word

REASON = why_not()
BROWSER = pytest.mark.skipif(bool(REASON), reason=REASON)
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
CONTROL = 0.6
"""At least this share of the texts must run when nothing holds them back, or the other tests would prove little."""


def chart(word):
    """A chart with the text in every place it has: title, axes, names, events, rules, notes, labels, source."""
    x = Axis(word, word, ticks=tuple((k, word) for k in range(-2, 3)), decimals=0)
    points = tuple(Point(k, 5.0, 4.0, 6.0, word) for k in range(-2, 3))
    return chart_samples.small_chart(
        title=word, subtitle=word, alt=f"{word} {chart_samples.ALT}", source=word, notes=(word,), x=x,
        y=Axis(word, word), series=(Series(word, points, "participant", "both"),),
        bands=(Band(f"{word} ", (-2, 0), (1, 1), (2, 2)),), rules=(Rule("x", 0, word), Rule("y", 5, word)),
        events=(Event(1, 1, word),),
    )  # fmt: skip


def report(word):
    made = full_report(word, programme=word)
    made.chart(passed(chart(word)))
    return made


CALM = "Ro"
SOURCES = ("municipality", "project title", "survey item", "event label", "source name", "file name")
"""Where text of others comes from; every one must reach a reader's page and stored results, or nothing is tested."""


def report_from(source, word):
    """A report in which one source holds a word and the others something calm."""
    said = {name: word if name == source else CALM for name in SOURCES}
    made = sample_report(
        subject=Subject("municipality", "0542", said["municipality"]),
        title=said["project title"], programme=said["project title"],
        facts=dataclasses.replace(FACTS, source=said["source name"]),
    )  # fmt: skip
    made.section(words(said["project title"]))
    frame = pd.DataFrame({"item": [said["survey item"], said["municipality"]], "value": [4.5, None]})
    columns = [TableColumn("item", said["survey item"]), TableColumn("value", "Snitt", "number", said["survey item"])]
    notes, name, known = (f"Fil: {said['file name']}",), said["source name"], list(said.values())
    about = {"id": "t", "caption": said["survey item"], "source": name, "notes": notes, "facts": known}
    made.table(build_table(opened(frame, origin="observed"), columns, **about))
    drawn = chart_samples.small_chart(
        title=said["project title"], source=name, notes=notes, events=(Event(1, 1, said["event label"]),),
        series=(Series(said["municipality"], (Point(0, 1.0), Point(1, 2.0)), "participant", "both"),),
    )  # fmt: skip
    made.chart(passed(drawn))
    return made


def table_from(source, word):
    (found,) = [block.table for block in report_from(source, word).blocks if isinstance(block, Listing)]
    return found


def chart_from(source, word):
    (found,) = [block.chart for block in report_from(source, word).blocks if isinstance(block, Figure)]
    return found


def index(word):
    offers = (
        Offer(word, "nb", word, "nb", f"municipalities/{word}.html", (FileLink(word, f"municipalities/{word}.pdf"),)),
        Offer(word, "nn", word, "nn", f"municipalities/{word}-nn.html"),
    )
    site = Site(
        word, word, 1, 1, (Municipality("0542", word, word, 0, word, 0, offers),), (Cohort(word, word, offers, 1),),
        offers, offers, (ChangeList(word, (word,)),), (Absent(word, word),), True, "syntetisk", FACTS,
        chart=passed(chart(word)),
    )  # fmt: skip
    return render_index(passed(site))


def linked_page(word):
    """A page with a picture, words in another language, and links to other languages and forms."""
    made = report(word)
    made._blocks += [Picture("meeting", word, PIXEL, 1, 1, word, "nn"), Text(word, "en")]
    file = FileLink(word, f"{word}.pdf")
    offers = (Offer(word, "nn", word, "nn", f"{word}.html", (file,)),)
    return render_page(made, index_href=f"../{word}", links=PageLinks(offers, offers, (file,), {"published": file}))


def notebook(word):
    bundles = (
        shown._repr_mimebundle_()
        for shown in (report(word).text(words(word)), report(word).table(passed(sample_table("t2", word))))
    )
    pieces = [bundle["text/html"] for bundle in bundles]
    figure = full_report(word).chart(passed(sample_chart("again", word)))._repr_mimebundle_()["text/html"]
    return f"<!DOCTYPE html><html><head></head><body>{''.join(pieces)}{figure}</body></html>"


PAGES = {"page": linked_page, "index": index, "notebook": notebook}
DRAWINGS = {
    "drawing": lambda word: svg.to_svg(chart(word)),
    "drawing for pages": lambda word: svg.to_page_svg(chart(word)),
}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = Browser(play)
        yield opened
        opened.close()


@pytest.fixture(params=[pytest.param(5, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def strings(request):
    """Every fifth text in an ordinary run, all forty in a complete one."""
    return STRINGS[:: request.param]


@pytest.fixture
def unescaped(monkeypatch):
    """Switch every escaping off, as if somebody had forgotten it."""
    monkeypatch.setattr(html, "Environment", lambda **options: _environment(**{**options, "autoescape": False}))
    monkeypatch.setattr(html, "_whole_words", Markup)
    for module in (svg, svg_data, svg_parts):
        monkeypatch.setattr(module, "safe", str)
    monkeypatch.setattr(svg_data, "attribute", lambda value: f'"{value}"')
    html._environment.cache_clear()
    yield
    html._environment.cache_clear()


_environment = html.Environment


def without_policy(content):
    assert META.search(content) or "<meta" not in content
    return META.sub("", content)


def outcomes(browser, folder, make, strings, suffix="html"):
    """What ran, what is foreign and what was asked for, by the number of the text; foreign is what no calm page has."""
    path = folder / f"calm.{suffix}"
    path.write_text(make(CALM), encoding="utf-8")
    own, found = Counter(browser.open(path)[1]), {}
    for number, word in enumerate(strings):
        path = folder / f"{number}.{suffix}"
        path.write_text(make(word), encoding="utf-8")
        hits, elements, asked = browser.open(path)
        found[number] = hits, sorted((Counter(elements) - own).elements()), asked
    return found


@BROWSER
@pytest.mark.parametrize("sink", PAGES)
def test_nothing_runs_without_the_policy(browser, tmp_path, strings, sink):
    found = outcomes(browser, tmp_path, lambda word: without_policy(PAGES[sink](word)), strings)
    assert {number: seen for number, seen in found.items() if any(seen)} == {}


@BROWSER
def test_nothing_runs_when_it_is_searched_for_and_sorted_by(browser, tmp_path, strings):
    for number, word in enumerate(strings):
        path = tmp_path / f"{number}.html"
        path.write_text(without_policy(index(word)), encoding="utf-8")
        browser.open(path)
        browser.page.fill("#sought", word)
        browser.page.fill("#sought", f"{word} nobody")
        said = browser.page.evaluate("() => [found.textContent, found.children.length]")
        assert said == [
            f"Ingenting passer med «{browser.page.input_value('#sought').strip()}». Prøv færre bokstaver.",
            0,
        ]
        for button in browser.page.query_selector_all("th button"):
            button.click()
        assert browser.page.inner_text("#found") != ""
        assert browser.settle() == []


@BROWSER
@pytest.mark.parametrize("sink", ["page", "index"])
def test_nothing_runs_without_escaping(browser, tmp_path, strings, sink, unescaped):
    found = outcomes(browser, tmp_path, PAGES[sink], strings)
    assert {number: seen[0] for number, seen in found.items() if seen[0]} == {}
    assert not any(url.startswith(("http", "ws", "ftp")) for _, _, asked in found.values() for url in asked)


@BROWSER
@pytest.mark.parametrize("sink", ["page", "index"])
def test_without_both_most_of_them_run(browser, tmp_path, strings, sink, unescaped):
    found = outcomes(browser, tmp_path, lambda word: without_policy(PAGES[sink](word)), strings)
    assert sum(bool(hits) for hits, _, _ in found.values()) >= CONTROL * len(strings)


@BROWSER
@pytest.mark.parametrize("sink", DRAWINGS)
def test_nothing_runs_in_a_drawing_set_into_a_page(browser, tmp_path, strings, sink):
    found = outcomes(browser, tmp_path, lambda word: f"<!DOCTYPE html><body>{DRAWINGS[sink](word)}</body>", strings)
    assert {number: seen for number, seen in found.items() if any(seen)} == {}


@BROWSER
def test_nothing_runs_in_a_drawing_opened_by_itself(browser, tmp_path, strings):
    found = outcomes(browser, tmp_path, DRAWINGS["drawing"], strings, suffix="svg")
    assert {number: seen for number, seen in found.items() if any(seen)} == {}


@BROWSER
def test_in_a_drawing_without_escaping_some_run(browser, tmp_path, strings, unescaped):
    found = outcomes(
        browser, tmp_path, lambda word: f"<!DOCTYPE html><body>{DRAWINGS['drawing'](word)}</body>", strings
    )
    assert sum(bool(hits) for hits, _, _ in found.values()) >= CONTROL * len(strings)


@BROWSER
def test_nothing_runs_in_a_notebook_that_runs_the_scripts_it_is_given(browser, tmp_path, strings):
    path = tmp_path / "a.html"
    path.write_text("<!DOCTYPE html><body><div id=here></div></body>", encoding="utf-8")
    browser.open(path)
    insert = "text => here.replaceChildren(document.createRange().createContextualFragment(text))"
    for word in strings:
        browser.page.evaluate(insert, notebook(word))
        assert browser.settle() == []
    browser.page.evaluate(insert, STRINGS[0])
    assert browser.settle() == ["1"]


@BROWSER
def test_nothing_runs_in_a_figure_of_plotly(browser, tmp_path, strings):
    library = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    path = tmp_path / "a.html"
    path.write_text("<!DOCTYPE html><meta charset=utf-8><body><div id=here></div></body>", encoding="utf-8")
    browser.open(path)
    browser.page.add_script_tag(content=library)
    hover = "Plotly.Fx.hover('here', [{curveNumber: 0, pointNumber: 0}])"
    draw = f"f => Plotly.newPlot('here', f.data, f.layout).then(() => {hover})"
    links = "() => [...here.querySelectorAll('a, image, script, foreignObject')].map(e => e.outerHTML)"
    for word in strings:
        browser.page.evaluate(draw, json.loads(to_plotly(chart(word)).to_json()))
        assert browser.settle() == []
        assert browser.page.evaluate(f"({links})().filter(text => !text.includes('modebar'))") == []
    assert browser.page.evaluate("() => here.textContent.length") > 100


@BROWSER
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_nothing_runs_in_stored_results_or_a_table(browser, tmp_path, strings, kind):
    def make(word):
        return report(word).to_json() if kind == "json" else csv_text(*table_cells(sample_table(word=word)))

    types = {"json": "application/json", "csv": "text/plain"}
    served = {}
    browser.page.route("http://stored.test/**", lambda route: route.fulfill(**served))
    for word in strings:
        served.update(
            body=make(word), content_type=types[kind], headers={"content-type": f"{types[kind]}; charset=utf-8"}
        )
        browser.page.goto("http://stored.test/a")
        assert browser.settle() == []
        assert browser.page.evaluate(hostile_text.FOREIGN) == []
    browser.page.unroute("http://stored.test/**")


def workbook(table):
    return xlsx_bytes({table.caption: table_cells(table)})


def csv_files(made):
    return b"\r\n".join(data.removeprefix(b"\xef\xbb\xbf") for data in render_csv(made).values())


def formulas_in_csv(data):
    """Cells that a spreadsheet would calculate, wherever it cuts the text."""
    rows = [row for sign in ";,\t|" for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=sign)]
    return [cell for row in rows for cell in row if re.match(r"[\s\"]*[=+@-]", cell) and cell not in ("-", "--")]


def active_in_workbook(data):
    """Formulas, links, macros and anything outside the file, read from the parts themselves."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            root = ElementTree.fromstring(packed.read(name))
            tags = [element.tag.rpartition("}")[2] for element in root.iter()]
            found += [f"{name}: {tag}" for tag in tags if tag in ("f", "hyperlink", "ddeLink", "oleObject", "control")]
            found += [f"{name}: outside" for element in root.iter() if element.get("TargetMode") == "External"]
            found += [name] if re.search(r"vba|macro|activex|externallink", name, re.IGNORECASE) else []
    return found


OWN_FIELDS = {"PAGE", "NUMPAGES"}


def active_in_word(data):
    """Fields, links, objects and anything outside the file, read from the parts themselves."""
    found = []
    acting = ("hyperlink", "instrText", "fldChar", "object", "control", "altChunk", "subDoc", "script", "OLEObject")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            for element in ElementTree.fromstring(packed.read(name)).iter():
                tag = element.tag.rpartition("}")[2]
                codes = [value for key, value in element.items() if key.rpartition("}")[2] == "instr"]
                found += [f"{name}: {tag}"] if tag in acting else []
                found += [f"{name}: field {code}" for code in codes if code.strip() not in OWN_FIELDS]
                found += [f"{name}: outside"] if element.get("TargetMode") == "External" else []
            found += [name] if re.search(r"vba|macro|activex|embeddings", name, re.IGNORECASE) else []
    return found


FILES = {
    "csv": (lambda source, word: csv_text(*table_cells(table_from(source, word))).encode(), formulas_in_csv),
    "xlsx": (lambda source, word: workbook(table_from(source, word)), active_in_workbook),
    "csv of a report": (lambda source, word: csv_files(report_from(source, word)), formulas_in_csv),
    "xlsx of a report": (lambda source, word: render_workbook(report_from(source, word)), active_in_workbook),
    "docx": (lambda source, word: render_word(report_from(source, word)), active_in_word),
}
"""Forms of a table or report that no browser opens: how one is made, and what in it acts. A new renderer goes here."""
CARRIED = {
    "page": lambda source, word: render_page(report_from(source, word), index_href=f"../{word}"),
    "stored results": lambda source, word: report_from(source, word).to_json(),
    "drawing": lambda source, word: svg.to_svg(chart_from(source, word)),
    "plotly": lambda source, word: to_plotly(chart_from(source, word)).to_json(),
    "csv": lambda source, word: csv_text(*table_cells(table_from(source, word))),
    "xlsx": lambda source, word: " ".join(_texts_of(workbook(table_from(source, word)))),
    "csv of a report": lambda source, word: csv_files(report_from(source, word)).decode(),
    "xlsx of a report": lambda source, word: " ".join(_texts_of(render_workbook(report_from(source, word)))),
    "docx": lambda source, word: " ".join(_parts_of(render_word(report_from(source, word)))),
}
_DRAWN, _TABLED = {"municipality", "project title", "event label"}, {"municipality", "survey item"}
CARRIES = {
    "page": set(SOURCES), "stored results": set(SOURCES), "drawing": _DRAWN, "plotly": _DRAWN,
    "csv": _TABLED, "xlsx": _TABLED,
    **dict.fromkeys(("csv of a report", "xlsx of a report", "docx"), set(SOURCES) - {"event label"}),
}  # fmt: skip


def _texts_of(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]


def _parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")]


@pytest.mark.parametrize("sink", CARRIED)
def test_every_source_reaches_the_sinks_that_show_it(sink):
    assert {source for source in SOURCES if "Merket42" in CARRIED[sink](source, "Merket42")} == CARRIES[sink]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", FILES)
def test_nothing_acts_in_a_file(monkeypatch, strings, kind, source):
    make, acting = FILES[kind]
    words = [*strings, *(f"={word}" for word in strings), *(f"x;=1+{word}" for word in strings)]
    if kind == "docx":  # what a drawing makes of the text is tested above
        drawn = draw_picture(sample_chart(), *CHART_SIZE)
        monkeypatch.setattr(word_document, "draw_picture", lambda *_: drawn)
        words = strings
    assert {word: found for word in words if (found := acting(make(source, word)))} == {}


@pytest.mark.parametrize("kind", FILES)
def test_in_a_file_without_the_defence_something_acts(monkeypatch, kind):
    make, acting = FILES[kind]
    monkeypatch.setattr(safe_tables, "neutral", str)
    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_string", lambda self, *cell: self.write(*cell))
    monkeypatch.setattr(word_xml, "escape", str)
    field = '</w:t></w:r><w:fldSimple w:instr="DDEAUTO c"/><w:r><w:t>'
    assert acting(make("survey item", field if kind == "docx" else "=1+1"))


@BROWSER
@pytest.mark.parametrize("source", SOURCES)
def test_nothing_runs_from_any_source(browser, tmp_path, strings, source):
    found = outcomes(browser, tmp_path, lambda word: without_policy(CARRIED["page"](source, word)), strings)
    assert {number: seen for number, seen in found.items() if any(seen)} == {}


def test_the_name_of_a_file_is_plain_whatever_it_is_made_from(tmp_path, strings):
    for word in strings:
        stem = report_from("municipality", word).file_stem
        for name in (f"{stem}.html", f"{plain_name(word)}.csv"):
            assert re.fullmatch(r"[a-z0-9-]+\.(?:html|csv)", name)
            assert path_in(tmp_path, name).parent == tmp_path
        with pytest.raises(ReportError):
            path_in(tmp_path, f"{word}.html")


def test_there_are_forty_different_texts():
    assert len(set(STRINGS)) == 40


def test_the_policy_is_on_every_page():
    for make in (PAGES["page"], PAGES["index"]):
        content = make("Nord-Aurdal")
        assert content.index("Content-Security-Policy") < content.index("<title>")
        assert without_policy(content) != content
