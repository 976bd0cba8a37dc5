"""The family of errors: facts in, words from the catalogue out."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from kvalitet_eval import errors
from kvalitet_eval.errors import Finding, KvalitetError, finding

EXIT_CODES = {
    "UsageError": 2,
    "ConfigError": 10,
    "DataError": 11,
    "DesignError": 12,
    "EstimationError": 13,
    "ReportError": 14,
    "LockedError": 75,
}


def test_every_error_has_the_documented_exit_code():
    family = {kind.__name__: kind.exit_code for kind in KvalitetError.__subclasses__()}
    assert family == EXIT_CODES
    assert KvalitetError.exit_code == 1


def test_a_finding_holds_facts_as_text_and_cannot_be_changed():
    item = finding("INN-D10", file=Path("a.csv"), line=3, column="agreed_days", found=-3.5, low=0)
    assert (item.file, item.found, dict(item.facts)) == ("a.csv", "-3.5", {"low": "0"})
    assert item.severity == "error"
    with pytest.raises(FrozenInstanceError):
        item.line = 4
    with pytest.raises(TypeError):
        item.facts["low"] = "1"


def test_nothing_found_is_not_the_same_as_an_empty_cell():
    assert finding("INN-D05").found is None
    assert finding("INN-D05", found="").found == ""


def test_a_finding_survives_the_way_to_another_process():
    item = finding("INN-D10", severity="warning", file="a.csv", sheet="s", line=3, column="c", found="-3", low=0)
    assert pickle.loads(pickle.dumps(item)) == item
    assert dict(pickle.loads(pickle.dumps(item)).facts) == {"low": "0"}


def test_an_error_carries_all_findings_and_at_least_one():
    several = errors.DataError(finding("INN-D05", line=line) for line in (2, 3))
    assert [item.line for item in several.findings] == [2, 3]
    assert errors.DataError(Finding("INN-D05")).findings == (Finding("INN-D05"),)
    with pytest.raises(ValueError, match="at least one finding"):
        errors.DataError([])


def test_an_error_built_from_one_finding_is_of_its_own_kind():
    error = errors.ConfigError.of("KON-05", file="kkp.toml", found="pulje_9", allowed="innsats, pulje_1")
    assert type(error) is errors.ConfigError
    assert error.findings[0].facts["allowed"] == "innsats, pulje_1"


def test_an_error_reads_as_its_message():
    error = errors.ConfigError.of("KON-05", file="kkp.toml", found="pulje_9", allowed="innsats, pulje_1")
    assert str(error).splitlines() == [
        "Feil KON-05",
        "  Fil: kkp.toml",
        "  Fant: «pulje_9»",
        "  Hvorfor: Programmet har ikke noe opptak som heter pulje_9.",
        "  Gjør slik: Velg ett av disse: innsats, pulje_1.",
    ]


def test_without_a_catalogue_an_error_still_shows_its_facts(monkeypatch):
    monkeypatch.setattr(errors, "_renderer", errors._plain)
    error = errors.DataError.of("INN-D10", file="a.csv", line=3, column="c", found="-3", low=0)
    assert str(error) == "INN-D10 a.csv:3 c -3 {'low': '0'}"
