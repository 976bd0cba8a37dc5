"""What is published about a subject: all or nothing, listed with its hash, and nothing that it no longer has."""

import hashlib
import json
import os

import pytest
from report_samples import full_report, sample_report

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.model import load
from kvalitet_eval.report.published_files import publish
from kvalitet_eval.report.subject import Subject

STEM = "0542-nord-aurdal-nb-syntetisk"


def put(folder, report, *names):
    return publish(report.subject, [(report, {f"{report.file_stem}{name}": name for name in names})], folder)


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_file_is_listed_with_its_hash_in_the_results_and_in_what_is_returned(tmp_path):
    written = put(tmp_path, full_report(), ".html", ".pdf", "-tables/effect.csv")
    stored = load(tmp_path / f"{STEM}.results.json").files
    assert stored == {name: sha for name, sha in written.items() if not name.endswith(".json")}
    assert set(written) == names(tmp_path) == {f"{STEM}{end}" for end in
        (".html", ".pdf", "-tables/effect.csv", ".results.json")}  # fmt: skip
    for name, sha256 in written.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == sha256


def test_formats_languages_and_names_that_a_subject_no_longer_has_go(tmp_path):
    put(tmp_path, full_report(), ".html", ".docx", "-tables/effect.csv", "-tables/old.csv")
    put(tmp_path, full_report(), ".html", "-tables/effect.csv")
    assert names(tmp_path) == {f"{STEM}{end}" for end in (".html", "-tables/effect.csv", ".results.json")}
    put(tmp_path, full_report(language="nn"), ".html")
    assert names(tmp_path) == {f"0542-nord-aurdal-nn-syntetisk{end}" for end in (".html", ".results.json")}
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    put(tmp_path, full_report("Aurdal"), ".html")
    assert names(tmp_path) == {f"0542-aurdal-nb-syntetisk{end}" for end in (".html", ".results.json")}


def test_other_documents_other_subjects_and_files_of_others_stay(tmp_path):
    put(tmp_path, full_report(document="poster"), ".pdf", "-a1.pdf")
    put(tmp_path, full_report("Aurdal", document="poster", subject=Subject("municipality", "0541", "Aurdal")), ".pdf")
    (tmp_path / "0542-notat.txt").write_text("mitt eget")
    before = names(tmp_path)
    put(tmp_path, full_report(), ".html")
    assert names(tmp_path) == before | {f"{STEM}.html", f"{STEM}.results.json"}


def test_a_stray_file_that_no_results_list_goes(tmp_path):
    put(tmp_path, full_report(document="poster"), ".pdf")
    (tmp_path / "0542-nord-aurdal-poster-nb-syntetisk.docx").write_text("of an earlier version")
    (tmp_path / "0542-nord-aurdal-syntetisk.results.json").write_text(json.dumps({"schema_version": 3}))
    put(tmp_path, full_report(), ".html")
    stem = "0542-nord-aurdal-poster-nb-syntetisk"
    assert names(tmp_path) == {f"{stem}.pdf", f"{stem}.results.json", f"{STEM}.html", f"{STEM}.results.json"}


def test_what_cannot_be_read_is_no_published_report(tmp_path):
    put(tmp_path, full_report(), ".html")
    (tmp_path / "0542-x.results.json").write_text("{")
    put(tmp_path, full_report(document="poster"), ".pdf")
    assert f"{STEM}.html" in names(tmp_path)


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_move_that_fails_takes_the_others_back(tmp_path, monkeypatch, failing):
    put(tmp_path, full_report(), ".html", ".pdf")
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    moves, move = [], os.replace

    def full(source, target):
        moves.append(target)
        if len(moves) == failing:
            raise OSError(28, "No space left on device")
        move(source, target)

    monkeypatch.setattr("pathlib.Path.replace", full)
    changed = sample_report()
    changed._blocks = list(full_report("Annet").blocks)
    with pytest.raises(ReportError) as caught:
        publish(changed.subject, [(changed, {f"{STEM}.html": "new", f"{STEM}.pdf": b"new"})], tmp_path)
    assert [item.code for item in caught.value.findings] == ["RAP-18"]
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


@pytest.mark.parametrize("name", ["../x.html", "/x.html", "a/b/c.csv", "a/../x.csv", "Å.html", "x/.csv"])
def test_no_file_leaves_its_folder(tmp_path, name):
    report, folder = full_report(), tmp_path / "in" / "site"
    with pytest.raises(ReportError) as caught:
        publish(report.subject, [(report, {name: "x"})], folder)
    assert [item.code for item in caught.value.findings] == ["SIK-20"]
    assert list(tmp_path.iterdir()) == []
