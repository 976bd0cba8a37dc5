"""More wrong lists of participants: each is refused by its place, or read with what was done with it told."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import pytest
from intake_cases import register
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.membership import membership
from kvalitet_eval.prepare.participants import read_participants
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.imported import import_panel

LIST = "data/raw/programme_participants/programme_participants.csv"
TEXT = (ROOT / LIST).read_text("utf-8")
HEADER, FIRST, *_ = TEXT.splitlines()
DOVRE = "pulje2,Dovre,0511,Dovre,2007-11-14"
USUAL = {"REG-25": 1, "REG-26": 1, "REG-27": 2, "REG-28": 5}
"""Remarks on the list as it is."""


@dataclass(frozen=True)
class Case:
    """A changed list and what must be said, once: code, text that was found, and words of the message."""

    id: str
    code: str
    found: str | None
    says: str
    old: str = ""
    new: str = ""
    more: str = ""
    of: str = LIST


REFUSED = (
    Case("label in another case", "REG-20", "PULJE2", "Bruk en av disse: innsats", "pulje2,Dovre", "PULJE2,Dovre"),
    Case("name of the intake as label", "REG-20", "Pulje II", "ikke i programfila", "pulje2,Dovre", "Pulje II,Dovre"),
    Case("no label", "INN-D05", "", "må ha en verdi", "pulje2,Dovre", ",Dovre"),
    Case("number of another municipality", "REG-22", "0512", "0512 er Lesja i registeret", "Dovre,0511", "Dovre,0512"),
    Case("number of 2020", "REG-21", "3431", "ikke et gyldig kommunenummer i 2007", "Dovre,0511", "Dovre,3431"),
    Case("number of a county", "REG-21", "0500", "ikke et gyldig kommunenummer", "Dovre,0511", "Dovre,0500"),
    Case("district with its city's number", "REG-22", "0301", "0301 er Oslo", "Aker,,", "Aker,0301,"),
    Case("start in words", "INN-D16", "høsten 2007", "ikke en dato", DOVRE, DOVRE.replace("2007-11-14", "høsten 2007")),
    Case("start as Excel counts", "INN-D16", "39400", "ikke en dato", DOVRE, DOVRE.replace("2007-11-14", "39400")),
    Case("start after the end", "REG-40", "2010-01", "avsluttet 2009-12-31",
         DOVRE, DOVRE.replace("2007-11-14", "2010-01")),
    Case("unresolved name twice", "INN-G02", "pulje2, Sande", "ulike", more="pulje2,Sande,,,2007-11-14,x,high,\n"),
    Case("merged part with the number of the whole", "REG-21", "1505", "1505 (Frei)",
         more="pulje2,Frei,1505,Frei,2007-11-14,x,high,\n"),
    Case("other measure in a municipality that is not there", "REG-45", "9999",
         "«Tillitsprosjektet» er ført på kommune 9999",
         'municipality = "1002"\nname', 'municipality = "9999"\nname', of="programmes/kkp.toml"),
)  # fmt: skip
TOLD = (
    Case("start long before the intake", "REG-41", "2006-01", "regnes fra 2007Q4",
         DOVRE, DOVRE.replace("2007-11-14", "2006-01")),
    Case("start in a later quarter", "REG-41", "2008-08-28", "opptaket «pulje2»",
         DOVRE, DOVRE.replace("2007-11-14", "2008-08-28")),
    Case("participant that is left out", "REG-42", "Oslo", "verken som deltaker eller som sammenligning",
         more="pulje2,Oslo,0301,Oslo,2007-11-14,x,high,\n"),
    Case("two that became one", "REG-43", "Frei", "en del av 1505 Kristiansund",
         more="pulje2,Frei,1556,Frei,2007-11-14,x,high,\n"),
    Case("name that fits one, without number", "REG-44", "Dovre", "passer bare på 0511 Dovre",
         "Dovre,0511,", "Dovre,,"),
    Case("same row again", "INN-G01", None, "helt lik linje 2", more=FIRST + "\n"),
    Case("participant of two intakes", "REG-27", "Askim kommune", "i et annet opptak («pulje2»)",
         more="pulje4,Askim kommune,0124,Askim,2009-01-13,x,high,\n"),
)  # fmt: skip


def programme(folder, case):
    """Copy the programme and change one of its files as a case says."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    (folder / "programmes").mkdir()
    shutil.copy(PROGRAMME, folder / "programmes")
    path = folder / case.of
    text = path.read_text("utf-8")
    assert not case.old or text.count(case.old) == 1
    path.write_text(text.replace(case.old, case.new) + case.more, "utf-8")
    return load_config(folder / "programmes" / "kkp.toml")


def listed(folder, content):
    config = programme(folder, Case("", "", None, ""))
    (folder / LIST).write_bytes(content)
    return config


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_list_that_is_wrong_is_refused_by_its_place(tmp_path, case):
    config = programme(tmp_path, case)
    with pytest.raises(DataError) as caught:
        membership(config, register())
    (item,) = caught.value.findings
    assert (item.code, item.found) == (case.code, case.found)
    assert case.says in describe([item])
    assert "–, –" not in describe([item])
    assert item.line or case.of != LIST


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.id)
def test_what_is_done_with_an_odd_entry_is_told(tmp_path, case):
    config = programme(tmp_path, case)
    read = read_participants(config, register())
    codes = [item.code for item in read.findings]
    assert {code: codes.count(code) for code in set(codes)} == {**USUAL, case.code: USUAL.get(case.code, 0) + 1}
    (item,) = [item for item in read.findings if item.code == case.code and (case.found in (None, item.found))]
    assert item.line
    assert case.says in describe([item])


def test_a_municipality_that_is_left_out_has_no_start(tmp_path):
    config = programme(tmp_path, TOLD[2])
    assert membership(config, register()).set_index("municipality_number").loc["0301", "status"] == "excluded"


def test_a_start_that_disagrees_does_not_move_the_intake(tmp_path):
    config = programme(tmp_path, TOLD[1])
    assert membership(config, register()).set_index("municipality_number").loc["0511", "first_quarter"] == "2007Q4"


def test_a_list_in_an_old_encoding_with_semicolons_is_the_same_list(tmp_path):
    rows = [line for line in TEXT.splitlines() if ";" not in line and '"' not in line]
    content = "\n".join(line.replace(",", ";") for line in rows) + "\n"
    config = listed(tmp_path, content.encode("cp1252"))
    read = read_participants(config, register())
    assert "Nøtterøy" in set(read.entries["name"])
    assert len(read.entries) == len(rows) - 1
    assert list(read.ledger["rule"]) == ["read as cp1252, not UTF-8"]


def test_a_norwegian_date_is_the_same_start_and_stands_in_the_ledger(tmp_path):
    case = Case("", "", None, "", DOVRE, DOVRE.replace("2007-11-14", "14.11.2007"))
    read = read_participants(programme(tmp_path, case), register())
    changes = read.ledger[read.ledger["raw"] == "14.11.2007"]
    assert changes[["line", "column", "value"]].to_numpy().tolist() == [[57, "start", "2007-11-14"]]


@pytest.mark.parametrize(("content", "code"), [(b"", "INN-A05"), (HEADER.encode() + b"\n", "INN-A06")])
def test_an_empty_list_is_refused(tmp_path, content, code):
    with pytest.raises(DataError) as caught:
        read_participants(listed(tmp_path, content), register())
    assert [item.code for item in caught.value.findings] == [code]


def test_a_list_that_is_not_the_one_described_is_not_imported(tmp_path):
    config = programme(tmp_path, TOLD[1])
    with pytest.raises(DataError) as caught:
        import_panel(config)
    assert [(item.code, item.file) for item in caught.value.findings] == [("INN-A21", str(config.file("participants")))]
    assert not config.processed.exists()


def test_more_participants_than_were_published_are_told(tmp_path):
    case = Case(
        "", "", None, "", "published_participants = 138", "published_participants = 20", of="programmes/kkp.toml"
    )
    account = participation_account(programme(tmp_path, case), register())
    (item,) = [item for item in account.findings if item.code == "REG-46"]
    assert (item.found, item.facts["published"]) == ("62", "20")
