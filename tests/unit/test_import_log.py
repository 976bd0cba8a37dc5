"""The log of an import, and that a notebook imports when there is none."""

import pytest
from programme_copy import copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.prepare.coverage import merged
from kvalitet_eval.report.import_log import read_import_log
from kvalitet_eval.report.imported import ensure_imported


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return copy_with(tmp_path_factory.mktemp("programme"), "programmes/kkp.toml")


@pytest.fixture(scope="module")
def imported(config):
    return ensure_imported(config)


def test_import_is_made_once(config, imported):
    record = config.processed / "import.json"
    before = record.stat().st_mtime_ns
    again = ensure_imported(config)
    assert record.stat().st_mtime_ns == before
    assert again.record == imported.record


def test_log_has_every_finding_in_words(config, imported):
    log = read_import_log(config, imported)
    assert log.findings["code"].value_counts().to_dict() == {
        "REG-28": 5, "REG-27": 2, "REG-25": 1, "REG-26": 1, "INN-S04": 1,
    }  # fmt: skip
    (sande,) = log.findings[log.findings["found"] == "Sande"].to_dict("records")
    assert "0713 Sande (Vestfold)" in sande["why"]
    assert sande["line"] == 36
    assert log.ledger.empty


def test_numbers_keep_their_leading_zero(config, imported):
    lineage = read_import_log(config, imported).lineage
    assert lineage["municipality_number"].str.len().eq(4).all()
    assert len(lineage) == 430 * 28
    assert merged(lineage).set_index("municipality_number")["predecessors"]["1505"] == "1503, 1556"


def test_log_that_is_gone_is_named(config, imported):
    path = config.processed / "lineage_syntetisk.csv"
    content = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(ReportError) as caught:
            read_import_log(config, imported)
    finally:
        path.write_bytes(content)
    assert caught.value.findings[0].file.endswith("lineage_syntetisk.csv")
    assert "kvalitet import" in str(caught.value)


def test_import_that_is_out_of_date_is_made_again(config, imported):
    config.path.write_text(config.path.read_text("utf-8").replace("seed = 20070101", "seed = 20070102"), "utf-8")
    renewed = ensure_imported(load_config(config.path))
    assert renewed.record["programme_sha256"] != imported.record["programme_sha256"]
    assert renewed.record["panel_sha256"] != imported.record["panel_sha256"]
