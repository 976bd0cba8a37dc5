"""A programme's final evaluation: every number from the stored evaluation, no league table, and what cannot be told."""

import json

import numpy as np
import pandas as pd
import pytest
from case_samples import said_wrongly
from made_programme import change, made_programme
from run_template import headings, run_template, said, tables, under

from kvalitet_eval.config import load_config
from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.report.blocks import Notice
from kvalitet_eval.report.evaluation import Choices, evaluation_folder
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.programme_case import load_programme_case

INTAKES = ["Innsatskommuner sykefravær", "Pulje I", "Pulje II", "Pulje III", "Pulje IV"]
HEADINGS = [
    "Spørsmålet", "Hva var programmet?", "Virkningen i hvert opptak", "Virkningen for alle under ett",
    "Holder svaret om vi regner på andre måter?", "Utvalget, og det som ville ha skjedd likevel",
    "Programmets egen tabell, regnet på nytt", "Er det enkelte kommuner som avgjør svaret?",
    "Hvem er sammenlignet med hvem?",
    "Hva som ikke kan avgjøres", "Hva rapporten ikke viser",
]  # fmt: skip


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="module")
def reports(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    languages = ("nb", "nn", "en")
    return {name: run_template(config, "programme", folder / f"{name}.json", language=name) for name in languages}


@pytest.fixture(scope="module")
def report(reports):
    return reports["nb"]


@pytest.fixture(scope="module")
def effects(config):
    return stored(config, "effects").query("outcome == 'sick_leave_total'")


def stored(config, name):
    return pd.read_csv(evaluation_folder(config, Choices.of(config)) / f"{name}_syntetisk.csv", sep=";")


def values(table, column):
    return [row[column].value for row in table.rows]


def test_the_report_is_about_the_programme_and_reads_in_order(report):
    assert (report.subject.kind, report.subject.id, report.subject.name) == (
        "programme", "kkp", "Kvalitetskommuneprogrammet",
    )  # fmt: skip
    assert (report.document, report.origin, report.file_stem.split("-")[0]) == ("report", "syntetisk", "kkp")
    assert headings(report) == HEADINGS
    assert all(under(report, heading) for heading in HEADINGS)


def test_the_published_and_the_known_participants_stand_side_by_side(report):
    words = said(report)
    assert "138 oppgitt, 62 i registeret" in words
    assert "tok opp kommuner i 5 omganger" in words
    assert "avsluttet 31. desember 2009" in words


def test_the_intakes_stand_in_order_of_time_with_the_numbers_that_the_evaluation_stored(report, effects):
    table = tables(report)["intakes"]
    assert [row[0].text for row in table.rows] == INTAKES
    rows = effects.query("estimand == 'cohort' and method == 'imputation' and weighting == 'municipality'")
    rows = rows.set_index("cohort").loc[["innsats", "pulje_1", "pulje_2", "pulje_4"]]
    known = [row for row in table.rows if row[0].text != "Pulje III"]
    np.testing.assert_array_equal([row[2].value for row in known], rows["estimate"])
    np.testing.assert_array_equal([row[3].value for row in known], rows[["conf_low", "conf_high"]])
    np.testing.assert_array_equal([row[4].value for row in known], rows["smallest_detectable"])
    assert [row[1].text for row in table.rows] == ["12 / 12", "3 / 29", "40 / 46, 49 eller 44", "0 / 34", "2 / 21"]


def test_an_intake_without_names_cannot_be_told_and_is_not_left_out(report):
    (row,) = [row for row in tables(report)["intakes"].rows if row[0].text == "Pulje III"]
    assert [cell.text for cell in row[2:]] == ["..", "..", "..", "kan ikke avgjøres"]
    (listed,) = [b.text for b in under(report, "Hva som ikke kan avgjøres") if hasattr(b, "text")]
    assert "- Pulje III: Vi kjenner ingen av kommunene ved navn og tall. Oppgitt antall er 34." in listed
    assert "- Pulje I: Vi har navn og tall for 3 kommuner. Oppgitt antall er 29." in listed
    assert "Innsatskommuner" not in listed
    assert "- 5 kommuner deltok, men vi vet ikke når de startet." in listed


def test_every_intake_is_calculated_by_both_estimands_and_both_estimators(report, effects):
    table = tables(report)["all-effects"]
    rows = effects.query("estimand == 'cohort'")
    assert len(table.rows) == len(rows) == 16
    np.testing.assert_array_equal(values(table, 2), rows["estimate"])
    assert len({(row[0].text, row[1].text) for row in table.rows}) == 16


def test_all_together_have_both_estimands_both_estimators_and_the_contrast_labelled_so(report, effects):
    table = tables(report)["effect"]
    rows = effects.query("estimand == 'overall'")
    np.testing.assert_array_equal(values(table, 1), rows["estimate"])
    labels = [row[0].text for row in table.rows]
    assert len(labels) == 6
    assert [label for label in labels if "toveis" in label] == [label for label in labels if "bare kontrast" in label]


def test_the_bracket_of_all_has_its_seven_ways(report, config):
    rows = stored(config, "bracket").query(
        "outcome == 'sick_leave_total' and cohort != cohort and weighting == 'municipality'"
    )
    rows = rows.set_index("member").loc[list(MEMBERS)]
    np.testing.assert_array_equal(values(tables(report)["bracket"], 1), rows["estimate"])


def test_table_1_is_eight_down_three_up_and_one_that_cannot_be_told(report):
    words = said(report)
    assert "gikk det ned i 8 kommuner og opp i 3. Antall der det ikke kan avgjøres, er 1." in words
    assert "De 2 laveste endret seg i gjennomsnitt med 0,45 prosentpoeng, og de 9 andre med −0,72 prosentpoeng" in words
    (row, *_) = tables(report)["directions"].rows
    assert [cell.value for cell in row[1:]] == [8, 3, 1, 12]
    assert tables(report)["directions"].origin == "observed"


def test_no_intake_and_no_municipality_is_ranked(report):
    listed = tables(report)
    for id in ("intakes", "all-effects"):
        order = list(dict.fromkeys(row[0].text for row in listed[id].rows))
        assert order == [name for name in INTAKES if name in order]
    assert "De kan ikke rangeres" in said(report)
    estimates = [row[2].value for row in listed["intakes"].rows if row[2].value is not None]
    assert estimates not in (sorted(estimates), sorted(estimates, reverse=True))


def test_names_that_stand_for_no_municipality_are_told_with_the_reason(report):
    assert [row[0].text for row in tables(report)["absent"].rows] == ["Bydel Nordre Aker", "Sande"]
    assert "I Mandal startet også et annet tiltak, Tillitsprosjektet, 1. mai 2008." in said(report)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_report_is_whole_in_every_language(reports, language):
    report = reports[language]
    assert len(headings(report)) == len(HEADINGS)
    assert said_wrongly(said(report)) == []
    assert set(tables(report)) == set(tables(reports["nb"]))
    numbers = [[cell.value for row in table.rows for cell in row if isinstance(cell.value, float)]
               for table in (tables(report)["intakes"], tables(reports["nb"])["intakes"])]  # fmt: skip
    assert numbers[0] == numbers[1]
    assert f'<html lang="{language}">' in render_page(report)


def test_the_three_languages_say_it_in_words_of_their_own(reports):
    sections = [headings(report) for report in reports.values()]
    assert len({tuple(found) for found in sections}) == 3
    assert "sjukefråvær" in said(reports["nn"])
    assert "sykefraværet" not in said(reports["nn"]).replace("Innsatskommuner sykefravær", "")
    assert "sick leave" in said(reports["en"])


def test_verdicts_are_those_of_each_intake_s_own_report(config, report):
    case = load_programme_case(config.path)
    table = tables(report)["intakes"]
    words = {"better": "bedre", "worse": "dårligere", "cannot_be_told": "kan ikke avgjøres",
             "consistent_with_regression_to_the_mean": "kan skyldes regresjon mot gjennomsnittet"}  # fmt: skip
    assert [row[5].text for row in table.rows] == [words[verdict] for verdict in case.verdicts().values()]
    for intake in config.intakes:
        assert case.verdicts()[intake.id] == case.evaluation.verdict(case.outcome, intake.id)


def test_the_limits_say_that_the_figures_are_synthetic_and_about_sick_leave_only(report):
    (limits,) = [block.text for block in report.blocks if isinstance(block, Notice) and block.kind == "limits"]
    assert "Sykefraværstallene er syntetiske." in limits
    assert "Noen av kommunene ble valgt ut etter sykefraværet." in limits
    assert "bare om sykefravær" in limits


def test_a_programme_without_a_table_of_its_own_has_no_section_about_it(tmp_path):
    config = made_programme(tmp_path / "project")
    folder = evaluation_folder(config, Choices.of(config))
    case = load_programme_case(config.path)
    assert case.directions() is not None
    published = json.loads((folder / "published.json").read_text("utf-8"))
    assert {"directions", "contrast"} <= set(json.dumps(published).replace('"', " ").split())
    change(config.path, ('published_table = "data/raw/annual_report_2007/annual_report_2007_table1.csv"\n', ""))
    report = run_template(load_config(config.path), "programme", tmp_path / "r.json")
    assert headings(report) == [heading for heading in HEADINGS if heading != "Programmets egen tabell, regnet på nytt"]
    assert "directions" not in tables(report)


def test_two_runs_store_the_same_bytes(config, report, tmp_path):
    assert run_template(config, "programme", tmp_path / "again.json", language="nb").to_json() == report.to_json()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_note_explains_no_column_that_its_table_does_not_have(reports, language):
    sizes = {"nb": "Kommuner: deltakere / ", "nn": "Kommunar: deltakarar / ", "en": "Municipalities: participants / "}
    found = tables(reports[language])
    explained = {id for id, table in found.items() if any(sizes[language] in note for note in table.notes)}
    assert "effect" in explained
    assert "all-effects" not in explained
    headings = {id: [column.label for column in table.columns] for id, table in found.items()}
    assert all(sizes[language].split(":")[0] in headings[id] for id in explained)
