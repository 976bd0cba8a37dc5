import pandas as pd
from notebook_samples import bundled
from programme_copy import copy_with

from kvalitet_eval.prepare.sources import read_sources, summarise_ledger


def test_every_file_is_as_delivered_and_every_row_is_used():
    files = bundled().sources.files.set_index("name")
    assert len(files) == 8
    assert files["is_as_delivered"].all()
    assert (files["n_read"] == files["n_used"]).all()
    assert files["n_read"].to_dict() == {
        "municipalities": 875,
        "municipality_changes": 504,
        "population": 430,
        "participants": 66,
        "national_series": 46,
        "published_table": 15,
        "published_accounts": 12,
        "published_cells": 1492,
    }
    assert files["title_nb"]["published_table"] == "Tabell 1 i årsrapporten for 2007"


def test_facts_are_those_of_source_md():
    folders = bundled().sources.folders.set_index("folder")
    assert list(folders.columns) == ["origin", "date", "licence"]
    assert len(folders) == 5
    assert folders["origin"]["national_sick_leave"] == "Statistics Norway, table 3 of the release of 20 December 2011."
    assert folders["licence"]["annual_report_2007"] == "Not stated in the material received."


def test_changed_file_is_told(tmp_path):
    file = "data/raw/national_sick_leave/national_sick_leave_quarterly.csv"
    config = copy_with(tmp_path, file, ("2000Q2,6.9,0.7,6.2", "2000Q2,6.8,0.7,6.2"))
    files = read_sources(config).files.set_index("name")
    assert files.index[files["is_as_delivered"] == False].tolist() == ["national_series"]  # noqa: E712


def test_faulty_rows_are_accounted_for_and_not_raised(tmp_path):
    file = "data/raw/national_sick_leave/national_sick_leave_quarterly.csv"
    config = copy_with(tmp_path, file, ("2000Q2,6.9,0.7,6.2", "2000Q2,-6.9,0.7,6.2"))
    result = read_sources(config)
    row = result.files.set_index("name").loc["national_series"]
    assert (row["n_read"], row["n_used"], row["n_refused"], row["n_findings"]) == (46, 45, 1, 1)
    assert result.findings[0].line == 2


def test_file_that_is_gone_or_not_described_is_told(tmp_path):
    config = copy_with(tmp_path, "programmes/kkp.toml")
    (tmp_path / "data/raw/annual_report_2007/SOURCE.md").unlink()
    config.file("national_series").unlink()
    result = read_sources(config)
    files = result.files.set_index("name")
    assert pd.isna(files["is_as_delivered"]["published_table"])
    assert pd.isna(result.folders.set_index("folder")["licence"]["annual_report_2007"])
    assert (files["n_read"]["national_series"], files["n_findings"]["national_series"]) == (0, 1)
    assert files["is_as_delivered"]["national_series"] == False  # noqa: E712


def test_programme_without_optional_files(tmp_path):
    line = 'published_cells = "data/raw/ssb_published_cells/ssb_published_cells_37_municipalities.csv"\n'
    config = copy_with(tmp_path, "programmes/kkp.toml", (line, ""))
    result = read_sources(config)
    assert "published_cells" not in set(result.files["name"])
    assert "ssb_published_cells" not in set(result.folders["folder"])


def test_ledger_is_counted_with_its_first_example():
    entries = [("/a/x.csv", 2, "k", "7K1", "2007Q1", "quarter"), ("/a/x.csv", 3, "k", "7K2", "2007Q2", "quarter")]
    entries.append(("/a/y.csv", None, None, "", ",", "delimiter"))
    ledger = pd.DataFrame(entries, columns=["file", "line", "column", "raw", "value", "rule"])
    summary = summarise_ledger(ledger)
    assert summary["n"].tolist() == [2, 1]
    assert summary.loc[0, ["file", "line", "raw", "value"]].tolist() == ["x.csv", 2, "7K1", "2007Q1"]
    assert summary["file"].tolist() == ["x.csv", "y.csv"]


def test_empty_ledger():
    assert summarise_ledger(bundled().sources.ledger.head(0)).empty
