"""A page leads to its other languages and forms, and to the other documents about its subject."""

from __future__ import annotations

import re

import pytest
from report_samples import full_report

from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.offers import FileLink, size_in_words
from kvalitet_eval.report.page_links import PageLinks, page_links


def files(report):
    return {f"{report.file_stem}.pdf": b"x" * 184_000, f"{report.file_stem}-tables/published.csv": "a;b"}


@pytest.fixture
def made(monkeypatch):
    stem = property(lambda report: f"0542-{report.document}-{report.language}")
    monkeypatch.setattr("kvalitet_eval.report.model.Report.file_stem", stem)
    about = [("nb", "report"), ("nn", "report"), ("nb", "poster"), ("nn", "poster")]
    reports = [full_report(language=language, document=document) for language, document in about]
    return [(report, files(report)) for report in reports]


def test_languages_documents_files_and_tables(made):
    links = page_links(made[0][0], made)
    assert [(o.language_name, o.href) for o in links.languages] == [("nynorsk", "0542-report-nn.html")]
    assert [(o.label, o.href) for o in links.documents] == [("Veggavis", "0542-poster-nb.html")]
    assert links.files == (FileLink("PDF, 184\u00a0kB", "0542-report-nb.pdf"),)
    name = "0542-report-nb-tables/published.csv"
    assert links.tables == {"published": FileLink("Tabellen som CSV, 1\u00a0kB", name)}


def test_the_page_shows_them_in_their_languages(made):
    page = render_page(made[0][0], links=page_links(made[0][0], made))
    assert '<a href="0542-report-nn.html" lang="nn" hreflang="nn">nynorsk</a>' in page
    more = re.search(r'<nav class="more".*?</nav>', page, re.S)[0]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', more) == [
        ("0542-report-nb.pdf", "PDF, 184\u00a0kB"), ("0542-poster-nb.html", "Veggavis"),
    ]  # fmt: skip
    table = re.search(r'<div class="table" id="table-published">.*?<p class="small csv">(.*?)</p>', page, re.S)[1]
    assert re.sub("<[^>]*>", "", table) == "Tabellen som CSV, 1\u00a0kB: Endring i Nord-Aurdal"


def test_a_page_that_stands_alone_has_no_links(made):
    alone = page_links(made[0][0], made[:1])
    assert (alone.languages, alone.documents) == ((), ())
    for page in (render_page(made[0][0]), render_page(made[0][0], links=PageLinks())):
        assert '<nav class="more"' not in page
        assert '<nav class="languages"' not in page


@pytest.mark.parametrize(
    ("n_bytes", "language", "words"),
    [(0, "nb", "1\u00a0kB"), (999_499, "nb", "999\u00a0kB"), (1_250_000, "nn", "1,3\u00a0MB"),
     (1_250_000, "en", "1.3\u00a0MB"), (999_999, "nb", "1,0\u00a0MB")],
)  # fmt: skip
def test_sizes_are_rounded_half_up(n_bytes, language, words):
    assert size_in_words(n_bytes, language) == words
