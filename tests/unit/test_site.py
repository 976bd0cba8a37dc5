import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pytest
from report_samples import FACTS, passed

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.alphabet import norwegian_order
from kvalitet_eval.report.absent import Absent
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


def entries(status, *rows):
    return pd.DataFrame(rows, columns=["name", "candidates"]).assign(entry_status=status)


COHORT_PAGES = {"pulje_2": "cohorts/pulje_2.html", "pulje_3": "cohorts/pulje_3.html"}
ACCOUNT = SimpleNamespace(
    published=138,
    n_in_register=5,
    unresolved=entries("unresolved", ("Sande", ("0713", "1514"))),
    districts=entries("district", ("Bydel Nordre Aker", ("0301",))),
)
PAGES = {number: f"kommuner/{number}.html" for number in ("0542", "0528", "1502", "2012")}


@pytest.fixture(scope="module")
def site():
    config = load_config("programmes/kkp.toml")
    return index_of(config).content


def index_of(config):
    return collect_site(
        config, ACCOUNT, MEMBERSHIP, pages=PAGES, cohort_pages=COHORT_PAGES, facts=FACTS, origin="syntetisk"
    )


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
    rows = MEMBERSHIP.assign(name=[f"{name} 8,7" for name in MEMBERSHIP["name"]])
    about = {"pages": PAGES, "cohort_pages": COHORT_PAGES, "facts": FACTS, "origin": "syntetisk"}
    assert collect_site(config, ACCOUNT, rows, **about)
    unpublished = ACCOUNT.districts.assign(name="Bydel 8,7")
    with pytest.raises(ReportError, match="PUB-25"):
        collect_site(config, SimpleNamespace(**{**vars(ACCOUNT), "districts": unpublished}), MEMBERSHIP, **about)


def test_norwegian_letters_come_last_and_other_accents_do_not():
    names = ["Ål", "Østre Toten", "Ærø", "Áltá", "Bodø", "Vågå", "Zulu", "Ålesund", "ås"]
    assert sorted(names, key=norwegian_order) == [
        "Áltá", "Bodø", "Vågå", "Zulu", "Ærø", "Østre Toten", "Ål", "Ålesund", "ås",
    ]  # fmt: skip


def test_municipalities_stand_under_their_intake_in_norwegian_order(site):
    groups = {group.heading: [link.name for link in group.links] for group in site.groups}
    assert groups == {
        "Innsatskommuner sykefravær": ["Nord-Aurdal"],
        "Pulje I": [],
        "Pulje II": ["Østre Toten", "Ålesund"],
        "Pulje III": [],
        "Pulje IV": [],
        "Opptaket er ikke fastslått": ["Alta"],
    }
    assert site.n_reports == 4


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


def test_links_are_relative_and_page_is_well_built(html):
    assert re.findall(r'<a href="(cohorts[^"]*)">([^<]*)</a>', html) == [
        ("cohorts/pulje_2.html", "Rapport om hele opptaket: Pulje II"),
        ("cohorts/pulje_3.html", "Rapport om hele opptaket: Pulje III"),
    ]
    assert re.findall(r'<a href="(kommuner[^"]*)">([^<]*)</a>', html) == [
        ("kommuner/0542.html", "Nord-Aurdal"),
        ("kommuner/0528.html", "Østre Toten"),
        ("kommuner/1502.html", "Ålesund"),
        ("kommuner/2012.html", "Alta"),
    ]
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert Counter(levels)[1] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert "<script" not in html
    assert "Syntetiske tall." in html


def test_reading_help_explains_selection_only_where_some_were_selected(site, html):
    assert "kom med fordi sykefraværet hadde vært høyt" in html
    other = type(site)(**{**{n: getattr(site, n) for n in site.__slots__}, "is_selected": False})
    assert "kom med fordi sykefraværet hadde vært høyt" not in render_index(passed(other))


def test_hostile_names_are_text():
    rows = MEMBERSHIP.assign(name="<script>alert(1)</script>")
    config = load_config("programmes/kkp.toml")
    html = render_index(
        collect_site(config, ACCOUNT, rows, pages=PAGES, cohort_pages=COHORT_PAGES, facts=FACTS, origin="syntetisk")
    )
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_name_of_the_index_says_synthetic():
    assert index_name("syntetisk") == "index-syntetisk.html"
    assert index_name("observed") == "index.html"
