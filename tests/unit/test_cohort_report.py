"""The cohort template, run for a cohort with an effect, one without known names, and one of two municipalities."""

import json

import numpy as np
import pandas as pd
import pytest
from made_programme import made_programme

from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.report.evaluation import Choices, evaluation_folder
from kvalitet_eval.report.indexes import write_site
from kvalitet_eval.report.manifest import read_manifest
from kvalitet_eval.report.rendering import MANIFEST, render_reports
from kvalitet_eval.report.wanted import Wanted

COHORTS = ("innsats", "pulje_3", "pulje_4")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    config = made_programme(tmp_path_factory.mktemp("cohorts"))
    results = render_reports(config, Wanted(cohorts=COHORTS, formats=("html",)))
    assert [result.status for result in results] == ["done"] * len(COHORTS), [str(result.error) for result in results]
    return config


def stored(config, cohort):
    path = config.reports / "cohorts" / f"{cohort}-nb-syntetisk.results.json"
    return json.loads(path.read_text("utf-8"))


def tables(config, cohort):
    return {block["table"]["id"]: block["table"] for block in stored(config, cohort)["blocks"] if "table" in block}


def words(config, cohort):
    parts = [block.get("text") or block.get("heading") or "" for block in stored(config, cohort)["blocks"]]
    return "\n".join(parts).replace("\u00a0", " ")


@pytest.mark.parametrize("cohort", ["innsats", "pulje_4"])
def test_the_bracket_has_the_rows_that_the_evaluation_stored(config, cohort):
    file = evaluation_folder(config, Choices.of(config)) / "bracket_syntetisk.csv"
    rows = pd.read_csv(file, sep=";").query("cohort == @cohort and weighting == 'municipality'").set_index("member")
    rows = rows.loc[list(MEMBERS)]
    found = tables(config, cohort)["bracket"]["rows"]
    assert len(found) == len(MEMBERS) == 7
    np.testing.assert_array_equal([row[1]["value"] for row in found], rows["estimate"])
    np.testing.assert_array_equal([row[2]["value"] for row in found], rows[["conf_low", "conf_high"]])
    np.testing.assert_array_equal([row[3]["value"] for row in found], rows["smallest_detectable"])


def test_the_effects_are_both_estimands_by_both_estimators(config):
    file = evaluation_folder(config, Choices.of(config)) / "effects_syntetisk.csv"
    rows = pd.read_csv(file, sep=";").query("cohort == 'innsats' and estimand == 'cohort'")
    found = tables(config, "innsats")["effect"]["rows"]
    assert [row[1]["value"] for row in found] == rows["estimate"].tolist()
    assert len(set(zip(rows["weighting"], rows["method"], strict=True))) == len(found) == 4


def test_a_report_reads_in_order_and_says_what_could_have_been_seen(config):
    headings = [block["heading"] for block in stored(config, "innsats")["blocks"] if block["type"] == "section"]
    assert headings == [
        "Kort sagt", "Hvem er med i opptaket?", "Utviklingen i opptaket og utenfor", "Hva kan vi si om virkningen?",
        "Holder svaret om vi regner på andre måter?", "Hvem er sammenlignet med hvem?", "Hva rapporten ikke viser",
    ]  # fmt: skip
    said = words(config, "innsats")
    assert "Minste effekt som kunne vært oppdaget, er " in said
    assert "Vi har også regnet uten hver av kommunene i opptaket, én om gangen." in said
    assert "ble valgt ut etter sykefraværet: 10 fordi det hadde vært høyt" in said
    assert stored(config, "innsats")["subject"] == {
        "kind": "cohort", "id": "innsats", "name": "Innsatskommuner sykefravær",
    }  # fmt: skip


def test_no_table_ranks_the_municipalities(config):
    for cohort in COHORTS:
        names = {row[0]["value"] for row in tables(config, cohort).get("members", {"rows": []})["rows"]}
        for id, table in tables(config, cohort).items():
            if id != "members":
                assert names.isdisjoint(row[0]["value"] for row in table["rows"]), id
    members = [row[0]["text"] for row in tables(config, "innsats")["members"]["rows"]]
    assert (len(members), members[0], members[-1]) == (12, "Deatnu - Tana", "Vaksdal")


def test_a_cohort_nobody_knows_the_names_of_says_that_it_cannot_be_told(config):
    said = words(config, "pulje_3")
    assert "Om programmet gjorde en forskjell for Pulje III, kan ikke avgjøres." in said
    assert "er 34, men vi kjenner ingen av dem" in said
    assert set(tables(config, "pulje_3")) == {"account"}
    assert not [block for block in stored(config, "pulje_3")["blocks"] if block["type"] == "chart"]


def test_two_municipalities_cannot_tell_and_neither_is_left_alone(config):
    said = words(config, "pulje_4")
    assert "Tallene kan ikke avgjøre om programmet gjorde en forskjell for Pulje IV" in said
    assert "Anslaget bygger på tall for 2 av kommunene i opptaket. Oppgitt antall er 21." in said
    assert "Om svaret henger på én av kommunene, er ikke undersøkt." in said
    assert "Konklusjonen avhenger av hvem" not in said


def test_the_manifest_and_the_index_know_the_cohorts(config):
    entries = read_manifest(config.reports / MANIFEST)
    assert {(entry.kind, entry.subject, entry.status) for entry in entries} == {
        ("cohort", cohort, "done") for cohort in COHORTS
    }
    index = write_site(config).read_text("utf-8")
    for cohort in COHORTS:
        assert index.count(f'href="cohorts/{cohort}-nb-syntetisk.html"') == 1
    page = (config.reports / "cohorts" / "innsats-nb-syntetisk.html").read_text("utf-8")
    assert "<title>Innsatskommuner sykefravær i Kvalitetskommuneprogrammet (syntetisk)</title>" in page
