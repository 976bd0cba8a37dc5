import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pytest
from report_samples import FACTS, passed
from site_samples import document

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.alphabet import norwegian_order
from kvalitet_eval.report.absent import Absent
from kvalitet_eval.report.changes import Changes
from kvalitet_eval.report.site import collect_site, index_name, render_index

ROWS = [
    ("0542", "Nord-Aurdal", "Oppland", "innsats", "treated"),
    ("0528", "Østre Toten", "Oppland", "pulje_2", "treated"),
    ("1502", "Ålesund", "Møre og Romsdal", "pulje_2", "treated"),
    ("0219", "Bærum", "Akershus", "pulje_2", "treated"),
    ("2012", "Alta", "Finnmark", None, "start_unknown"),
    ("0713", "Sande", "Vestfold", None, "possible_participant"),
    ("1514", "Sande", "Møre og Romsdal", None, "possible_participant"),
    ("0301", "Oslo", "Oslo", None, "excluded"),
    ("0101", "Halden", "Østfold", None, "never_treated"),
]
MEMBERSHIP = pd.DataFrame(ROWS, columns=["municipality_number", "name", "county", "intake", "status"])
MEMBERSHIP["longitude"], MEMBERSHIP["latitude"] = [9.0 + k for k in range(8)] + [None], [60.0 + k for k in range(9)]


def entries(status, *rows):
    return pd.DataFrame(rows, columns=["name", "candidates"]).assign(entry_status=status)


ACCOUNT = SimpleNamespace(
    published=138,
    n_in_register=5,
    unresolved=entries("unresolved", ("Sande", ("0713", "1514"))),
    districts=entries("district", ("Bydel Nordre Aker", ("0301",))),
)
NAMES = {"0542": "Nord-Aurdal", "0528": "Østre Toten", "1502": "Ålesund", "2012": "Alta"}
DOCUMENTS = (
    *(document("municipality", number, name) for number, name in NAMES.items()),
    document("municipality", "0542", "Nord-Aurdal", language="nn"),
    document("municipality", "0542", "Nord-Aurdal", document="poster"),
    document("cohort", "pulje_2", "Pulje II"),
    document("cohort", "pulje_3", "Pulje III"),
    document("programme", "kkp", "Kvalitetskommuneprogrammet"),
    document("page", "method", "Metode", document="page", title="Slik har vi regnet"),
)
ABOUT = {"documents": DOCUMENTS, "changes": Changes(is_first=True), "facts": FACTS, "origin": "syntetisk"}


def index_of(config, **changes):
    return collect_site(config, ACCOUNT, **{"membership": MEMBERSHIP, **ABOUT, **changes})


@pytest.fixture(scope="module")
def site():
    return index_of(load_config("programmes/kkp.toml")).content


@pytest.fixture(scope="module")
def html():
    return render_index(index_of(load_config("programmes/kkp.toml")))


def test_an_index_that_has_not_passed_the_gate_is_refused(site):
    for item in (site, "<html>", None):
        with pytest.raises(ReportError, match="RAP-11"):
            render_index(item)


def test_a_number_from_elsewhere_stops_the_index():
    config = load_config("programmes/kkp.toml")
    hostile = config.model_copy(update={"programme": config.programme.model_copy(update={"years": "2007"})})
    assert index_of(hostile).content.years == "2007"
    assert index_of(config, membership=MEMBERSHIP.assign(name=[f"{name} 8,7" for name in MEMBERSHIP["name"]]))
    unpublished = ACCOUNT.districts.assign(name="Bydel 8,7")
    with pytest.raises(ReportError, match="PUB-25"):
        collect_site(config, SimpleNamespace(**{**vars(ACCOUNT), "districts": unpublished}), MEMBERSHIP, **ABOUT)


def test_norwegian_letters_come_last_and_other_accents_do_not():
    names = ["Ål", "Østre Toten", "Ærø", "Áltá", "Bodø", "Vågå", "Zulu", "Ålesund", "ås"]
    assert sorted(names, key=norwegian_order) == [
        "Áltá", "Bodø", "Vågå", "Zulu", "Ærø", "Østre Toten", "Ål", "Ålesund", "ås",
    ]  # fmt: skip


def test_municipalities_stand_in_norwegian_order_with_their_intake(site):
    assert [(item.name, item.cohort, item.cohort_rank) for item in site.municipalities] == [
        ("Alta", "Opptaket er ikke fastslått", 5),
        ("Nord-Aurdal", "Innsatskommuner sykefravær", 0),
        ("Østre Toten", "Pulje II", 2),
        ("Ålesund", "Pulje II", 2),
    ]
    assert [(item.name, item.n_municipalities) for item in site.cohorts] == [
        ("Innsatskommuner sykefravær", 1), ("Pulje I", 0), ("Pulje II", 2), ("Pulje III", 0), ("Pulje IV", 0),
    ]  # fmt: skip
    assert site.n_reports == 4


def test_counties_are_ranked_in_norwegian_order(site):
    ranks = {item.county: item.county_rank for item in site.municipalities}
    assert sorted(ranks, key=ranks.__getitem__) == ["Finnmark", "Møre og Romsdal", "Oppland"]


def test_every_name_without_a_report_has_its_reason(site):
    assert Absent("Bærum (0219)", "Rapporten ble ikke laget i siste kjøring.") in site.absent
    reasons = {item.name: item.reason for item in site.absent}
    assert reasons["Sande"].startswith("Navnet passer på flere kommuner: Sande (0713) eller Sande (1514).")
    assert reasons["Bydel Nordre Aker"].startswith("Dette er en bydel, ikke en kommune. Oslo (0301) regnes")
    assert "oppgitt antall: 34" in reasons["Kommunene i Pulje III"]


def test_unlisted_municipalities_are_nowhere(html):
    assert "Halden" not in html


def test_counts_are_said_without_claiming_the_rest(html):
    assert dict(re.findall(r"<dt>(publisert|i registeret|med rapport)</dt><dd>(\d+)</dd>", html)) == {
        "publisert": "138",
        "i registeret": "5",
        "med rapport": "4",
    }
    assert "At en kommune ikke står på denne siden, betyr derfor ikke at den sto utenfor programmet." in html


def test_sizes_that_the_sources_disagree_on_are_all_shown(html):
    assert "Oppgitt antall kommuner: 46, 49 eller 44. Kommunerapporter her: 2." in html


def links(html, folder, ending="html"):
    found = re.findall(rf'<a href="({folder}/[^"]*{ending})"[^>]*>(.*?)</a>', html)
    return [(href, re.sub("<[^>]*>", "", words)) for href, words in found]


def test_links_are_relative_and_page_is_well_built(html):
    assert links(html, "cohorts") == [
        ("cohorts/pulje_2-nb.html", "Rapport om hele opptaket: Pulje II"),
        ("cohorts/pulje_3-nb.html", "Rapport om hele opptaket: Pulje III"),
    ]
    named = re.findall(r'<th scope="row" class="left"><a href="(municipalities/[^"]*)">([^<]*)</a>', html)
    assert named == [
        ("municipalities/2012-nb.html", "Alta"),
        ("municipalities/0542-nb.html", "Nord-Aurdal"),
        ("municipalities/0528-nb.html", "Østre Toten"),
        ("municipalities/1502-nb.html", "Ålesund"),
    ]
    assert links(html, "programme") == [("programme/kkp-nb.html", "Rapport: Kvalitetskommuneprogrammet")]
    assert links(html, "pages") == [("pages/method-nb.html", "Slik har vi regnet")]
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert Counter(levels)[1] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert html.count("<script") == 1
    assert "Syntetiske tall." in html


def test_every_language_and_form_of_a_document_can_be_had(site):
    (item,) = [item for item in site.municipalities if item.number == "0542"]
    assert [(o.label, o.language, [file.label for file in o.files]) for o in item.offers] == [
        ("Rapport", "nb", ["PDF, 184\u00a0kB", "Word, 91\u00a0kB", "tabellene i Excel, 12\u00a0kB"]),
        ("Veggavis", "nb", ["PDF, 184\u00a0kB", "PDF til å henge opp (A1), 1,5\u00a0MB"]),
        ("Rapport", "nn", ["PDF, 184\u00a0kB", "Word, 91\u00a0kB", "tabellene i Excel, 12\u00a0kB"]),
    ]
    assert [(o.label, o.language) for o in item.first] == [("Rapport", "nb"), ("Veggavis", "nb")]


def test_the_index_in_another_language_offers_that_language_first():
    site = index_of(load_config("programmes/kkp.toml"), language="nn").content
    (item,) = [item for item in site.municipalities if item.number == "0542"]
    assert item.href == "municipalities/0542-nn.html"
    html = render_index(passed(site))
    assert '<html lang="nn">' in html
    assert re.findall(r'<li><a href="(index[^"]*)" lang="(..)" hreflang="(..)">([^<]*)</a>', html) == [
        ("index-syntetisk.html", "nb", "nb", "bokmål"), ("index-en-syntetisk.html", "en", "en", "English"),
    ]  # fmt: skip
    assert '(<span lang="nb">bokmål</span>)' in html


def said_about(changes):
    site = index_of(load_config("programmes/kkp.toml"), changes=changes).content
    return {item.sentence: item.names for item in site.changes}


def test_what_the_last_run_changed_is_said_also_when_it_was_nothing():
    assert said_about(Changes(is_first=True)) == {
        "Dette er den første kjøringen, så det er ikke noe å sammenligne med.": (),
    }
    assert said_about(Changes(is_first=False)) == {"Den siste kjøringen endret ikke noe.": ()}
    who = [("municipality", "1502"), ("municipality", "0542"), ("cohort", "pulje_2")]
    said = said_about(Changes(False, new=tuple(who), removed=tuple(who[:1]), failed=tuple(who[1:2])))
    assert said == {
        "Nytt er dokumenter om:": ("Nord-Aurdal (0542)", "Pulje II", "Ålesund (1502)"),
        "Det er ikke lenger noe dokument om:": ("Ålesund (1502)",),
        "Disse kunne ikke lages i siste kjøring. Det som sto der fra før, står fortsatt:": ("Nord-Aurdal (0542)",),
    }


def test_a_report_that_failed_is_told_from_one_that_was_not_asked_for():
    changes = Changes(is_first=False, failed=(("municipality", "0219"),))
    site = index_of(load_config("programmes/kkp.toml"), changes=changes).content
    reasons = {item.name: item.reason for item in site.absent}
    assert reasons["Bærum (0219)"] == "Rapporten kunne ikke lages i siste kjøring, fordi noe gikk galt."


def test_reading_help_explains_selection_only_where_some_were_selected(site, html):
    assert "kom med fordi sykefraværet hadde vært høyt" in html
    other = type(site)(**{**{n: getattr(site, n) for n in site.__slots__}, "is_selected": False})
    assert "kom med fordi sykefraværet hadde vært høyt" not in render_index(passed(other))


def test_hostile_names_are_text():
    rows = MEMBERSHIP.assign(name="<script>alert(1)</script>")
    config = load_config("programmes/kkp.toml")
    html = render_index(index_of(config, membership=rows))
    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_name_of_the_index_says_synthetic():
    assert index_name("syntetisk") == "index-syntetisk.html"
    assert index_name("observed") == "index.html"


def test_the_map_shows_participants_by_intake_and_the_list_has_everything_on_it(site):
    (chart,) = [site.chart.content]
    assert {series.name: [point.name for point in series.points] for series in chart.series} == {
        "Innsatskommuner sykefravær": ["Nord-Aurdal"],
        "Pulje II": ["Østre Toten", "Ålesund", "Bærum"],
        "Opptaket er ikke fastslått": ["Alta"],
    }
    html = render_index(passed(site))
    assert html.index('class="listing"') < html.index('id="figure-map"')


def test_a_point_of_the_map_leads_where_the_list_leads_and_only_the_list_is_heard(site):
    html = render_index(passed(site))
    listed = {item.name: item.href for item in site.municipalities}
    layers = re.findall(r'<svg[^>]*class="kv-links[^"]*" aria-hidden="true".*?</svg>', html, re.S)
    assert len(layers) == 2, "one over each drawing"
    for layer in layers:
        links = re.findall(r'<a href="([^"]+)" tabindex="-1"><circle [^>]*/><title>([^:]+): [^<]+</title></a>', layer)
        assert links
        assert {name: href for href, name in links} == {name: listed[name] for _, name in links}
        assert {name for _, name in links} == set(listed)


def test_without_any_place_there_is_no_map():
    nowhere = MEMBERSHIP.assign(longitude=None, latitude=None)
    assert index_of(load_config("programmes/kkp.toml"), membership=nowhere).content.chart is None
