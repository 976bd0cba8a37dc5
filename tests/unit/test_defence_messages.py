"""What a fault, a ledger or a trace says of a cell names no person, whatever part of it the cell stands in."""

import pandas as pd
import pytest
from click.testing import CliRunner

from kvalitet_eval import cli
from kvalitet_eval.cli import data
from kvalitet_eval.errors import finding
from kvalitet_eval.prepare.hidden_text import hidden_findings, hidden_ledger
from kvalitet_eval.prepare.ledger import LEDGER_COLUMNS

NAMES = ("Østre Toten", "Nore og Uvdal")
PERSON = "Kari Nordmann"


@pytest.mark.parametrize("where", [{"found": PERSON}, {"note": f"se {PERSON}"}, {"column": PERSON}])
def test_a_person_is_hidden_in_every_part_of_a_finding(where):
    fault = finding("INN-D01", file="a.csv", line=3, **where)
    assert PERSON in repr(fault)
    (hidden,) = hidden_findings([fault], NAMES)
    assert "Nordmann" not in repr(hidden)
    assert "K… N…" in repr(hidden)
    assert (hidden.code, hidden.file, hidden.line) == ("INN-D01", "a.csv", 3)


def test_what_must_be_mended_is_not_hidden():
    fault = finding(
        "INN-D01", file="a.csv", column="Sum Dager, Kari Nordmann", found="Østre Totn", allowed="Nord Aurdal"
    )
    (shown,) = hidden_findings([fault], NAMES, lambda heading: heading == "Sum Dager")
    assert (shown.column, shown.found, shown.facts["allowed"]) == ("Sum Dager, K… N…", "Østre Totn", "Nord Aurdal")


@pytest.mark.parametrize("column", ["column", "raw", "value"])
def test_a_person_is_hidden_in_every_part_of_a_ledger(column):
    rows = [dict.fromkeys(LEDGER_COLUMNS, "12") | {column: text} for text in (PERSON, "Østre Totn", "12")]
    ledger = pd.DataFrame(rows, columns=list(LEDGER_COLUMNS), dtype="str").assign(line=[1, 2, 3])
    hidden = hidden_ledger(ledger, NAMES)
    assert hidden[column].tolist() == ["K… N…", "Østre Totn", "12"]
    pd.testing.assert_frame_equal(hidden.drop(columns=column), ledger.drop(columns=column))


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["plain", "debug"])
def test_a_mistake_of_ours_repeats_no_person_of_the_data(options, monkeypatch):
    def fail(_):
        raise ValueError("could not convert Kari Nordmann 01010710029 to a number")

    monkeypatch.setattr(data, "load_config", fail)
    done = CliRunner().invoke(cli.main, ["import", *options])
    assert done.exit_code == 1
    assert ("Traceback" in done.stderr) == bool(options)
    assert "could not convert K… N… 01*********" in done.stderr
    assert "Nordmann" not in done.stderr
    assert "10029" not in done.stderr
