"""The import: what it writes, what it reads back, and what makes it out of date."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from made_programme import OWN_PANEL, change, copy_project, made_programme, snapshot, use_own_panel
from pandas.testing import assert_frame_equal

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ConfigError, DataError, ReportError
from kvalitet_eval.present.messages import why_and_mend
from kvalitet_eval.report.imported import (
    ensure_imported,
    import_panel,
    load_imported,
)
from kvalitet_eval.report.store import sha256_of

TABLES = ("divided", "findings", "intake_ledger", "lineage", "membership", "panel")


@pytest.fixture
def config(tmp_path):
    return made_programme(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("made"))


def code_and_file(caught):
    return [(item.code, item.file) for item in caught.value.findings]


def test_the_simulated_panel_is_the_whole_country_in_2008_borders(made):
    imported = load_imported(made)
    rows = imported.rows
    assert rows["municipality_number"].nunique() == imported.record["n_municipalities"] == 430
    assert set(rows["municipality_number"]) == set(imported.membership["municipality_number"])
    assert (imported.record["first_quarter"], imported.record["last_quarter"]) == ("2004Q1", "2010Q4")
    assert len(rows) == 430 * 28 * 4
    assert (rows["origin"] == "syntetisk").all()


def test_every_row_is_accounted_for(made):
    record = load_imported(made).record
    read = len((made.processed / "simulated" / "sick_leave_days_syntetisk.csv").read_text("utf-8").splitlines()) - 1
    assert record["rows_read"] == read
    assert record["rows_read"] == record["rows_used"] + record["rows_excluded"] + record["rows_refused"]


def test_every_file_name_says_that_the_figures_are_simulated(made):
    names = {path.relative_to(made.processed).as_posix() for path in made.processed.rglob("*") if path.is_file()}
    unmarked = {name for name in names if "syntetisk" not in name}
    folder = "evaluation/not_yet_treated_anticipation_1"
    assert {f"{name}_syntetisk.csv" for name in TABLES} <= names
    records = ("evaluation", "published", "withheld", "audit")
    assert unmarked == {"import.json", *(f"{folder}/{name}.json" for name in records)}, "records, not tables"
    for name in ("import.json", f"{folder}/evaluation.json"):
        assert json.loads((made.processed / name).read_text("utf-8"))["origin"] == "syntetisk"
    tables = json.loads((made.processed / folder / "published.json").read_text("utf-8"))["tables"]
    assert {table["origin"] for name, table in tables.items() if "/" in name} == {"syntetisk"}


def test_every_row_of_figures_says_that_it_is_simulated(made):
    for name in ("panel_syntetisk.csv", "simulated/sick_leave_days_syntetisk.csv", "simulated/truth_syntetisk.csv"):
        frame = pd.read_csv(made.processed / name, sep=";", dtype="str")
        assert (frame["origin"] == "syntetisk").all()


def test_what_is_read_back_is_what_was_imported_and_importing_again_changes_no_byte(config):
    before, said = snapshot(config.processed), []
    fresh = import_panel(config, said.append)
    stored = load_imported(config)
    assert_frame_equal(stored.rows, fresh.rows, check_exact=True)
    assert_frame_equal(stored.membership, fresh.membership, check_exact=True)
    assert stored.record == fresh.record
    assert stored.sha256 == fresh.sha256
    assert snapshot(config.processed) == before
    assert said == [
        "Leser kommuneregisteret og deltakerlista",
        "Simulerer et syntetisk panel",
        "Leser sick_leave_days_syntetisk.csv",
        "Fører tallene til kommunegrensene i 2008",
        "Skriver det kontrollerte panelet",
    ]


def test_without_an_import_the_reader_is_told_how_to_make_one(tmp_path):
    config = load_config(copy_project(tmp_path))
    with pytest.raises(ReportError) as caught:
        load_imported(config)
    assert code_and_file(caught) == [("RAP-30", str(config.processed / "import.json"))]
    why, mend = why_and_mend(caught.value.findings[0])
    assert why == "Panelet er ikke importert ennå."
    assert mend == "Kjør: kvalitet import --programme programmes/kkp.toml"


def test_another_programme_file_needs_another_import(config):
    change(config.path, ("anticipation = 1 ", "anticipation = 2 "))
    with pytest.raises(ReportError) as caught:
        load_imported(load_config(config.path))
    assert code_and_file(caught) == [("RAP-31", str(config.path))]


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("x"), None])
def test_a_panel_that_is_gone_or_changed_is_not_used(config, harm):
    panel = config.processed / "panel_syntetisk.csv"
    if harm is None:
        change(panel, ("0101;2004Q1;education;", "0101;2004Q1;education;1"))
    else:
        harm(panel)
    with pytest.raises(ReportError) as caught:
        load_imported(config)
    assert code_and_file(caught) == [("RAP-32", str(panel))]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_record_that_is_none_is_out_of_date(config, content):
    (config.processed / "import.json").write_text(content)
    with pytest.raises(ReportError) as caught:
        load_imported(config)
    assert caught.value.findings[0].code == "RAP-31"


def test_every_changed_or_missing_file_is_named(config):
    change(config.file("participants"), ("innsats,Nord-Aurdal,", "innsats,Nord Aurdal,"))
    config.file("population").unlink()
    with pytest.raises(ReportError) as caught:
        load_imported(config)
    assert code_and_file(caught) == [
        ("RAP-35", str(config.file("population"))),
        ("RAP-35", str(config.file("participants"))),
    ]
    assert why_and_mend(caught.value.findings[0])[0] == "Fila er endret, flyttet eller slettet etter siste import."


def test_a_file_that_is_not_the_documented_one_is_refused_and_the_record_keeps_what_is_documented(config):
    described = load_imported(config).record["documented"]
    path, folder = config.file("participants"), config.file("participants").parent
    name = path.relative_to(config.root).as_posix()
    before = sha256_of(path)
    assert described[name] == before
    assert before in (folder / "SOURCE.md").read_text("utf-8")

    change(path, ("innsats,Nord-Aurdal,", "innsats,Nord Aurdal,"))
    stored = snapshot(config.processed)
    with pytest.raises(DataError) as caught:
        import_panel(config)
    (fault,) = caught.value.findings
    assert (fault.code, fault.file, fault.found) == ("INN-A21", str(path), sha256_of(path))
    why, mend = why_and_mend(fault)
    assert fault.found in why
    assert before in why
    assert "Legg tilbake fila" in mend
    assert "SOURCE.md" in mend
    assert snapshot(config.processed) == stored

    change(folder / "SOURCE.md", (before, sha256_of(path)))
    assert import_panel(config).record["documented"][name] == sha256_of(path)


def test_a_panel_of_the_pai_register_is_a_panel(config):
    """The same figures in the layout of the register, with the column that says whom they are about."""
    own = use_own_panel(config)
    plain = import_panel(own)
    path = own.root / OWN_PANEL
    frame = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False)
    frame.insert(0, "population", "employees")
    frame.loc[frame.index[5], "lost_days_self"] = ":"
    frame.to_csv(path, sep=";", index=False)
    imported = import_panel(load_config(own.path))
    assert (imported.record["source_layout"], plain.record["source_layout"]) == ("pai_sick_leave", "sick_leave_days")
    assert list(imported.rows.drop(columns="lost_days_self_status")) == list(plain.rows)
    hidden = imported.rows[imported.rows["lost_days_self_status"] == "confidential"]
    key = ["municipality_number", "quarter", "sector"]
    assert hidden[key].to_numpy().tolist() == [frame.loc[frame.index[5], key].tolist()]
    rest = imported.rows.drop(index=hidden.index)[list(plain.rows)]
    assert_frame_equal(rest, plain.rows.drop(index=hidden.index))

    frame["population"] = "residents"
    frame.to_csv(path, sep=";", index=False)
    with pytest.raises(DataError) as caught:
        import_panel(load_config(own.path))
    assert {item.column for item in caught.value.findings} == {"population"}


def test_an_own_panel_replaces_the_simulated_one_by_one_line(config):
    simulated = load_imported(config)
    own = use_own_panel(config)
    imported = ensure_imported(own)
    assert not imported.is_synthetic
    assert imported.sha256 == ensure_imported(own).sha256 == load_imported(own).sha256
    assert (imported.record["origin"], imported.record["source_file"]) == ("observed", "sick_leave.csv")
    assert_frame_equal(imported.rows.drop(columns="origin"), simulated.rows.drop(columns="origin"))
    assert set(imported.membership["status"]) >= {"unknown", "treated"}
    assert "never_treated" not in set(imported.membership["status"])
    names = {path.name for path in own.processed.iterdir() if path.is_file()}
    remembered = {"publishing_memory_syntetisk.json"}  # what was published of the simulated panel binds only itself
    assert names == {f"{name}.csv" for name in TABLES} | {"import.json"} | remembered, "nothing else of it is left"

    path = own.root / OWN_PANEL
    path.write_text(path.read_text("utf-8").replace("0101;2004Q1;", "0101;2004Q9;"), "utf-8")
    with pytest.raises(ReportError) as caught:
        load_imported(own)
    assert code_and_file(caught) == [("RAP-35", str(path))]


def test_a_refused_file_leaves_the_previous_import_as_it_was(config):
    own = use_own_panel(config)
    path = own.root / OWN_PANEL
    path.write_text(
        "".join(path.read_text("utf-8").replace("2004Q1", "2004Q9").splitlines(keepends=True)[:50]), "utf-8"
    )
    before = snapshot(own.root)
    with pytest.raises(DataError) as caught:
        import_panel(own)
    assert {item.code for item in caught.value.findings} == {"INN-E01"}
    assert len(caught.value.findings) == 4, "all of them"
    assert snapshot(own.root) == before


def test_an_outcome_needs_columns_and_words_before_anything_is_read(tmp_path):
    path = copy_project(tmp_path)
    change(path, ('id = "sick_leave_total"', 'id = "turnover"'), ('"lost_days_doctor"]', '"lost_days_doktor"]'))
    before = snapshot(tmp_path)
    with pytest.raises(ConfigError) as caught:
        import_panel(load_config(path))
    said = [(item.code, item.column, item.found, *why_and_mend(item)) for item in caught.value.findings]
    assert said == [
        (
            "KON-31",
            "outcomes.turnover",
            "lost_days_doktor",
            "Utfallet bruker en kolonne som panelet ikke har: lost_days_doktor.",
            "Velg blant kolonnene med tall i formatet sick_leave_days: "
            "employees, agreed_days, lost_days_self, lost_days_doctor.",
        ),
        (
            "KON-32",
            "outcomes.turnover",
            "turnover",
            "Det finnes ingen tekst for utfallet turnover, så rapportene kan ikke omtale det.",
            "Legg inn outcome.turnover.name, outcome.turnover.definite i tekstkatalogen, eller bruk en id som har "
            "tekst: sick_leave_doctor, sick_leave_self, sick_leave_total.",
        ),
    ]
    assert snapshot(tmp_path) == before
