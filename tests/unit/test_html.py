import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from jinja2 import UndefinedError
from publish_samples import STANDARD, opened
from report_samples import full_report, passed, sample_report, words

from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.report.html import render_page, render_template, split_paragraphs

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</title></style><b>",
    "{{ 7 * 7 }}{% raw %}",
    "' onmouseover='alert(1)",
    "{report.__class__}",
    "&lt;script&gt;",
]


class Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.headings = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data):
        self.text.append(data)

    def values(self, name):
        return [value for _, found, value in self.attributes if found == name]


@pytest.fixture(scope="module")
def html():
    return render_page(full_report(), index_href="../index-syntetisk.html")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_page_is_the_same_every_time(html):
    assert render_page(full_report(), index_href="../index-syntetisk.html") == html


def test_language_title_and_headings(page, html):
    assert ("html", "lang", "nb") in page.attributes
    assert "<title>Rapport for Nord-Aurdal (syntetisk)</title>" in html
    assert page.headings == [1, 2, 2, 2]
    assert all(later - earlier <= 1 for earlier, later in pairwise(page.headings))


@pytest.mark.parametrize(("language", "word"), [("nb", "syntetisk"), ("nn", "syntetisk"), ("en", "synthetic")])
def test_the_title_says_that_figures_are_synthetic_in_the_language_of_the_page(language, word):
    html = render_page(full_report(language=language), index_href="../index-syntetisk.html")
    assert ("html", "lang", language) in Page(html).attributes
    assert f"<title>Rapport for Nord-Aurdal ({word})</title>" in html


def test_content_security_policy_is_exact(page):
    assert page.values("content")[0] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_no_script_and_no_request(page, html):
    assert not {"script", "iframe", "object", "embed", "link", "img", "base", "form", "use"} & set(page.tags)
    assert not re.search(r"url\(|@import|javascript:", html)
    assert set(page.values("href")) == {"#main", "../index-syntetisk.html"}
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) == {"http://www.w3.org/2000/svg"}


def test_landmarks_skip_link_and_ids(page, html):
    assert [tag for tag in page.tags if tag in ("header", "main", "footer")] == ["header", "main", "footer"]
    assert html.index('class="skip" href="#main"') < html.index("<header")
    assert [count for count in Counter(page.values("id")).values() if count > 1] == []
    referred = [id for value in page.values("aria-labelledby") for id in value.split()]
    assert set(referred) <= set(page.values("id"))
    assert 'id="main"' in html


def test_figure_has_caption_description_and_its_numbers(html):
    figure = re.search(r"<figure.*?</figure>", html, re.S)[0]
    assert "Nord-Aurdal: fraværet gikk ned" in re.search(r"<figcaption>.*?</figcaption>", figure, re.S)[0]
    details = re.search(r"<details>.*?</details>", figure, re.S)[0]
    assert "Figuren med ord: Linjediagram for Nord-Aurdal: 10,7 prosent i 2006" in details
    assert '<caption><span class="caption">Tallene i figuren: Nord-Aurdal: fraværet gikk ned' in details
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th><td[^>]*>(.*?)</td>', details) == [
        ("2006", "10,7"), ("2007", ".."), ("2008", "7,9"),
    ]  # fmt: skip
    assert "Note om Nord-Aurdal" in figure
    assert "Kilde: Nord-Aurdal, årsrapport" in figure


def test_figure_can_stand_without_its_table():
    report = sample_report()
    report.section(words("Overskrift"))
    report.chart(passed(full_report().blocks[2].chart), table=False)
    assert "<details>" not in render_page(report)


def test_tables_have_caption_and_scope_and_can_be_scrolled(html, page):
    assert page.tags.count("table") == page.tags.count("caption") == 2
    assert {value for tag, name, value in page.attributes if tag == "th" and name == "scope"} == {"col", "row"}
    for scroll in re.findall(r'<div class="scroll"[^>]*>', html):
        assert 'tabindex="0" role="region" aria-label="Tabell: ' in scroll


def test_synthetic_is_said_in_banner_figure_and_its_table_but_not_on_observed_tables(html):
    assert "Syntetiske tall." in html
    assert html.count('<span class="mark">syntetisk</span>') == 2
    observed = re.search(r'<div class="table".*?</div>', html, re.S)[0]
    assert "syntetisk" not in observed


def test_observed_report_does_not_say_synthetic():
    report = sample_report(origin="observed")
    report.section(words("Overskrift"))
    report.text(words("Tekst"))
    assert "yntetisk" not in render_page(report)


def test_foot_says_what_the_report_rests_on(html):
    footer = re.search(r"<footer>.*</footer>", html, re.S)[0]
    found = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", footer))
    assert found["Datakilde"] == "Årsrapport 2007"
    assert found["Analyseperiode"] == "4. kv. 2005 – 3. kv. 2007"
    assert found["Kommuner i analysen"] == "1\u00a0430"
    assert found["Metode"] == "Forskjell i forskjeller"
    assert found["Versjon"] == "0.1.0"
    assert found["Programfil (sha256)"] == "bbbbbbbbbbbb"
    assert re.fullmatch("[0-9a-f]{12}", found["Kjøring"])
    rules = f"Profilen «standard», minst 5 personer bak hvert tall ({STANDARD.sha256[:12]})"
    assert found["Publiseringsregler"] == rules


def test_a_page_that_lacks_what_it_shows_is_not_made():
    report = full_report()
    shown = {"report": report, "about": [], "sections": [], "index_href": "", "is_synthetic": False}
    assert "</html>" in render_template("page.html.j2", "nb", **shown, facts=[])
    with pytest.raises(UndefinedError, match="'facts' is undefined"):
        render_template("page.html.j2", "nb", **shown)


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_text_is_shown_as_text_and_nothing_else(word):
    plain, hostile = Page(render_page(full_report("Nord"))), Page(render_page(full_report(word)))
    outside_drawings = [
        Counter(tag for tag in page.tags if tag != "text") for page in (plain, hostile)
    ]  # a drawing breaks long names over several <text>
    assert outside_drawings[0] == outside_drawings[1]
    assert {(t, n) for t, n, _ in hostile.attributes} == {(t, n) for t, n, _ in plain.attributes}
    shown = " ".join(" ".join(hostile.text).split())
    assert shown.count(word) >= 10


def test_names_with_a_hyphen_are_not_broken_in_the_heading(html):
    assert '<h1>Rapport for <span class="whole">Nord-Aurdal</span></h1>' in html


def test_contents_are_listed_from_three_sections_on(html):
    assert 'class="contents"' not in html
    report = sample_report()
    for heading in ("En", "To", "Tre"):
        report.section(words(heading))
        report.text(words("Tekst"))
    page = render_page(report)
    assert '<li><a href="#section-3">Tre</a></li>' in page
    assert '<h2 id="section-3">Tre</h2>' in page


@pytest.mark.parametrize(
    ("plain", "parts"),
    [
        ("En\nto", [("p", ["En to"])]),
        ("En\n\nto", [("p", ["En"]), ("p", ["to"])]),
        ("En:\n- a\n- b\nto", [("p", ["En:"]), ("ul", ["a", "b"]), ("p", ["to"])]),
        ("- a\n\n- b", [("ul", ["a"]), ("ul", ["b"])]),
        ("-0,5 er ikke et punkt", [("p", ["-0,5 er ikke et punkt"])]),
    ],
)
def test_paragraphs_and_lists(plain, parts):
    assert split_paragraphs(plain) == parts


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("Til og med 4. kv. 2010.", "Til og med 4._kv. 2010."),
        ("- 15. mars 2007, hendelse", "15._mars 2007, hendelse"),
        ("Det var 12. Så ble det 13.", "Det var 12. Så ble det 13."),
        ("I 2008. kommuner", "I 2008. kommuner"),
        ("Fra 9,5. kvartal", "Fra 9,5. kvartal"),
    ],
)
def test_a_number_with_a_point_is_not_parted_from_what_it_counts(plain, printed):
    ((_, (said,)),) = split_paragraphs(plain)
    assert said.replace("\u00a0", "_") == printed


def test_a_name_with_a_hyphen_is_not_parted_in_the_heading_of_a_column():
    frame = pd.DataFrame({"what": ["Før"], "value": [1.0]})
    columns = [TableColumn("what", "Hva"), TableColumn("value", "Nord-Aurdal", "number")]
    made = sample_report()
    made.section(words("Tabell"))
    made.table(passed(build_table(opened(frame), columns, id="a", caption="b", source="c").content))
    assert '<th scope="col"><span class="whole">Nord-Aurdal</span></th>' in render_page(made)
