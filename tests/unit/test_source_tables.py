import pandas as pd
from notebook_samples import bundled, headings, shown
from publish_samples import STANDARD

from kvalitet_eval.errors import finding
from kvalitet_eval.monitor import table_1
from kvalitet_eval.prepare.sources import summarise_ledger
from kvalitet_eval.present import source_tables
from kvalitet_eval.report.open_tables import OpenTables
from kvalitet_eval.report.stored_findings import findings_frame

published = OpenTables(STANDARD)

RECORD = {
    "origin": "syntetisk",
    "source_file": "panel_syntetisk.csv",
    "first_quarter": "2004Q1",
    "last_quarter": "2010Q4",
    "n_municipalities": 430,
    "rows_read": 48304,
    "rows_used": 48300,
    "rows_excluded": 3,
    "rows_refused": 1,
    "source_sha256": "a" * 64,
    "panel_sha256": "b" * 64,
    "programme_sha256": "c" * 64,
    "version": "0.1.0",
}


def test_unknown_licence_is_said_in_norwegian_and_a_known_one_is_quoted():
    folders = pd.DataFrame(
        {
            "folder": ["a", "b", "c"],
            "origin": ["Here", "There", None],
            "date": ["2026", "2026", None],
            "licence": ["Not stated in the material received.", "NLOD 2.0", None],
        }
    )
    rows = shown(source_tables.folder_table(published.folders(folders)).content)
    unknown = "ikke oppgitt i materialet vi mottok"
    assert [row[3] for row in rows] == [unknown, "NLOD 2.0", unknown]
    assert rows[2][1] == ".."


def test_files_with_their_account():
    table = source_tables.file_table(published("files", bundled().sources.files)).content
    (row,) = [row for row in shown(table) if row[1] == "ssb_published_cells_37_municipalities.csv"]
    assert row == (
        *("Publiserte celler fra Statistisk sentralbyrå", "ssb_published_cells_37_municipalities.csv"),
        *("1 492", "1 492", "0", "0", "1 493", "0", "6921bf6699a5", "ja"),
    )


def test_file_that_is_changed_or_not_described():
    files = bundled().sources.files.head(2).assign(is_as_delivered=[False, None])
    assert [row[-1] for row in shown(source_tables.file_table(published("files", files)).content)] == ["nei", "mangler"]


def test_record_of_a_synthetic_import():
    table = source_tables.import_table(published.record(RECORD)).content
    assert table.origin == "syntetisk"
    rows = dict(shown(table))
    assert rows["Tallene er"] == "syntetisk (simulert)"
    assert (rows["Rader lest"], rows["Rader avvist"], rows["Siste kvartal"]) == ("48 304", "1", "4. kv. 2010")
    assert rows["Kontrollsum for panelet (de tolv første tegnene)"] == "b" * 12


def test_record_of_an_observed_import():
    table = source_tables.import_table(published.record({**RECORD, "origin": "observed"})).content
    assert table.origin == "observed"
    assert dict(shown(table))["Tallene er"] == "observert"


def test_ledger_with_an_example_of_each_rule():
    rows = shown(source_tables.ledger_table(published.ledger(summarise_ledger(bundled().sources.ledger))).content)
    name = "ssb_published_cells_37_municipalities.csv"
    assert rows[-1] == (name, "kvartal", "quarter written another way", "1 492", "2002K1", "2002Q1")
    assert rows[0][1] == "hele fila"


def test_findings_with_errors_first_and_their_words():
    frame = findings_frame(
        [
            finding("REG-27", severity="info", line=17, found="Mandal", counted="innsats"),
            finding("REG-02", line=3, found="9999", year=2008, nearest="–"),
        ]
    )
    table = source_tables.finding_table(published.findings(frame)).content
    assert table.caption.endswith(": 2")
    first, second = shown(table)
    assert first[:4] == ("Feil", "REG-02", "3", "9999")
    assert "ikke et gyldig kommunenummer i 2008" in first[4]
    assert second[1] == "REG-27"
    assert headings(table) == ["Alvor", "Kode", "Linje", "Fant", "Hvorfor", "Gjør slik"]


def test_findings_about_table_1_do_not_speak_of_an_import():
    frame = findings_frame(table_1.differing(bundled().changes, bundled().config))
    table = source_tables.finding_table(published.findings(frame), about="table_1").content
    assert table.caption == "Trykte endringer som de trykte prosentene ikke gir nøyaktig: 1"
    assert table.source.startswith("Årsrapporten for 2007, tabell 1")
    assert "Avrundingen til én desimal tillater fra −1 til 1 prosent" in shown(table)[0][4]


def test_no_findings_is_an_empty_table():
    assert source_tables.finding_table(published.findings(findings_frame([]))).content.rows == ()


def test_files_are_called_by_their_names_in_the_language_of_the_reader():
    files = bundled().sources.files
    for language in ("nb", "nn", "en"):
        table = source_tables.file_table(published("files", files), language).content
        assert [row[0].text for row in table.rows] == [str(title) for title in files[f"title_{language}"]]
    assert "Kommuneendringar 2002–2024" in set(files["title_nn"])
