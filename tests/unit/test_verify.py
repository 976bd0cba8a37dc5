"""The command that looks through what is about to be handed out: what it says, and its exit codes."""

import io
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from leaky_files import archive, pdf
from made_programme import copy_project
from pypdf import PdfReader, PdfWriter

from kvalitet_eval import cli
from kvalitet_eval.cli import verify as command
from kvalitet_eval.config import load_config
from kvalitet_eval.publish.audit import WithheldValue, write_withheld
from kvalitet_eval.report.disclosure_known import raw_marks, record_for, spellings
from kvalitet_eval.report.disclosure_seen import LARGEST_MEMBER

NUMBER = "01010710029"
WITHHELD = [WithheldValue("rates", "sick_leave_total", {"unit": "0542", "quarter": "2007Q3"}, 8.251734, "small")]


@pytest.fixture
def project(tmp_path):
    config = load_config(copy_project(tmp_path / "project"))
    write_withheld(config.processed / "evaluation" / "any" / "withheld.json", WITHHELD)
    page(config, "a.html", "Nord-Aurdal, 3. kv. 2007: 9,1 prosent")
    return config


def page(config, name, words):
    path = config.reports / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<!DOCTYPE html><html><body><p>{words}</p></body></html>", "utf-8")
    return path


def verify(config, *arguments):
    return CliRunner().invoke(cli.main, ["verify", *map(str, arguments), "--programme", str(config.path)])


def test_a_clean_folder_is_told_with_what_was_looked_at(project):
    for arguments in ((), ("--disclosure",), (project.reports,), (project.reports / "a.html",)):
        done = verify(project, *arguments)
        assert done.exit_code == 0, done.output
        assert "Ingenting er funnet. Kontrollert: 1 filer (1 .html)" in done.stdout
        assert "Leter etter 1 tall som er holdt tilbake, og 0 navn" in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Det samlede sykefraværet i Nord-Aurdal, 3. kv. 2007: 8,25 prosent", "SIK-01"), (f"nummer {NUMBER}", "SIK-02"),
        ("passord=hunter2x", "SIK-05"), ("se /" + "home/kari/rapport", "SIK-06"),
    ],
)  # fmt: skip
def test_a_finding_says_file_place_what_why_and_how(project, words, code):
    page(project, "b.html", words)
    done = verify(project)
    assert done.exit_code == 14
    assert "1 funn i 1 av 2 filer" in done.stderr
    assert all(word in done.stderr for word in (code, "Fil: b.html", "På stedet b.html:", "Hvorfor: ", "Gjør slik: "))
    assert NUMBER not in done.output
    assert "hunter2" not in done.output


def test_persons_of_a_raw_file_are_looked_for(project, tmp_path):
    raw = tmp_path / "fravær.csv"
    raw.write_text(f"person_key;navn;dager\n{NUMBER};Kari Nordmann;3\nK-000117;Ola Hansen;4\n7;B;5\n", "utf-8")
    assert raw_marks([tmp_path / "fravær.csv"]) == ("Kari Nordmann", NUMBER, "Ola Hansen", "K-000117")
    page(project, "b.html", "Takk til Ola Hansen")
    assert verify(project).exit_code == 0
    done = verify(project, "--raw", raw)
    assert done.exit_code == 14
    assert "SIK-03" in done.stderr
    assert "Ola Hansen" not in done.output
    raw.rename(project.root / "data" / "raw" / "fravær.csv")
    assert verify(project).exit_code == 14, "data/raw is looked through when nothing is named"


def test_names_of_municipalities_are_nobody(project):
    assert raw_marks([project.root / "data" / "raw"]) == ()


def test_what_cannot_be_compared_is_told_and_nothing_is_called_clean(project, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04rest")
    done = verify(project, "--raw", tmp_path / "a.xlsx")
    assert (done.exit_code, "SIK-13" in done.stderr, done.stdout) == (14, True, "")
    (project.processed / "evaluation" / "any" / "withheld.json").unlink()
    done = verify(project)
    assert (done.exit_code, "SIK-12" in done.stderr, done.stdout) == (14, True, "")
    assert "kvalitet render" in done.stderr


def test_a_place_that_is_not_there_is_a_wrong_call(project, tmp_path):
    for arguments in ((tmp_path / "none",), ("--raw", tmp_path / "none")):
        done = verify(project, *arguments)
        assert done.exit_code == 2
        assert "SIK-14" in done.stderr


def test_long_work_says_how_far_it_has_come(project, monkeypatch):
    monkeypatch.setattr(command, "_SECONDS_BETWEEN", 0.0)
    page(project, "b.html", f"nummer {NUMBER}")
    assert [line for line in verify(project).stderr.splitlines() if " filer, " in line] == [
        "1/2 filer, 0 funn", "2/2 filer, 1 funn",
    ]  # fmt: skip


def test_codes_are_looked_for_under_the_names_that_readers_see(project):
    named = spellings(project)
    assert "Nord-Aurdal" in named["0542"]
    assert any("sykefravær" in word.lower() for word in named["sick_leave_total"])
    record = record_for(project)
    assert record.suppressed[0].value == WITHHELD[0].value
    assert str(project.root.resolve()) in record.places
    assert str(Path.home().resolve()) in record.places


def test_what_cannot_be_read_is_told_file_by_file_and_nothing_is_called_clean(project):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("a"))))
    writer.encrypt("x", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    odd = {
        "a.pdf": stream.getvalue(),
        "b.zip": archive(a__txt="x")[:-9],
        "c.docx": archive(a__txt="x")[:40],
        "e.bin": b"\x00\x01",
        os.fsdecode(b"\xff.bin"): b"\x00\x01",
    }
    for name, content in odd.items():
        (project.reports / name).write_bytes(content)
    (project.reports / "loop").symlink_to("loop")
    (project.reports / "up").symlink_to("..")
    os.mkfifo(project.reports / "pipe")
    with (project.reports / "large.txt").open("wb") as large:
        large.truncate(LARGEST_MEMBER + 1)
    done = verify(project, "--disclosure")
    assert done.exit_code == 14
    assert "Ingenting er funnet" not in done.output
    for name in ("a.pdf", "b.zip", "c.docx", "e.bin", "\\xff.bin", "loop", "pipe", "up", "large.txt"):
        assert f"Fil: {name}" in done.stderr, name
    assert "SIK-07" in done.stderr
    assert "SIK-08" in done.stderr
