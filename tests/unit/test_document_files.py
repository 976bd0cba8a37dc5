"""What is published is read from the stored results, never from a file's name; each once, and nothing is skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from report_samples import FACTS, sample_report, words

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report import document_files
from kvalitet_eval.report.document_files import DocumentFile, find_documents
from kvalitet_eval.report.subject import Subject


def stored(folder, stem, *, endings=(".html",), **changes):
    folder.mkdir(parents=True, exist_ok=True)
    report = sample_report(**changes)
    report.section(words("Overskrift"))
    (folder / f"{stem}.results.json").write_text(report.to_json(), "utf-8")
    for ending in endings:
        (folder / f"{stem}{ending}").write_text("x" * 1500)


def test_everything_is_said_by_the_results_and_nothing_by_the_name(tmp_path):
    stored(
        tmp_path / "municipalities", "9999-annet-nb", subject=Subject("municipality", "0542", "Nord-Aurdal"),
        language="nn", document="poster", title="Tittelen", endings=(".html", "-a1.pdf", ".docx"),
    )  # fmt: skip
    (found,) = find_documents(tmp_path)
    assert (found.subject, found.name, found.title) == (("municipality", "0542"), "Nord-Aurdal", "Tittelen")
    assert (found.language, found.document, found.origin, found.facts) == ("nn", "poster", "syntetisk", FACTS)
    assert found.files == tuple(
        DocumentFile(form, f"municipalities/9999-annet-nb{ending}", 1500)
        for form, ending in (("html", ".html"), ("a1", "-a1.pdf"), ("docx", ".docx"))
    )
    assert found.page == "municipalities/9999-annet-nb.html"


def test_files_of_a_longer_name_belong_to_another_document(tmp_path):
    stored(tmp_path / "cohorts", "pulje_2-nb", endings=(".html", ".pdf"))
    stored(tmp_path / "cohorts", "pulje_2-nb-syntetisk", endings=(".xlsx",))
    assert [[file.format for file in found.files] for found in find_documents(tmp_path)] == [["xlsx"], ["html", "pdf"]]


def test_tables_lie_in_a_folder_of_their_own(tmp_path):
    stored(tmp_path / "cohorts", "a", endings=())
    (tmp_path / "cohorts" / "a-tables").mkdir()
    (tmp_path / "cohorts" / "a-tables" / "effects.csv").write_text("a;b")
    (found,) = find_documents(tmp_path)
    assert found.files == (DocumentFile("csv", "cohorts/a-tables/effects.csv", 3),)
    assert found.page == ""


def test_a_page_without_results_and_the_archive_are_not_published(tmp_path):
    stored(tmp_path / "archive", "0542")
    (tmp_path / "municipalities").mkdir()
    (tmp_path / "municipalities" / "0542.html").write_text("x")
    assert find_documents(tmp_path) == ()


@pytest.mark.parametrize("broken", ["{", "[]", "{}", '{"schema_version": 3}'])
def test_results_that_cannot_be_read_are_told(tmp_path, broken):
    stored(tmp_path / "cohorts", "a")
    (tmp_path / "cohorts" / "b.results.json").write_text(broken)
    with pytest.raises(ReportError) as caught:
        find_documents(tmp_path)
    (item,) = caught.value.findings
    assert item.code == "RAP-10"
    assert Path(str(item.file)).name == "b.results.json"


def test_each_result_is_read_once_and_each_folder_listed_once(tmp_path, monkeypatch):
    for number in range(100, 140):
        stored(tmp_path / "municipalities", f"0{number}", subject=Subject("municipality", f"0{number}", "A"))
    read, listed = [], []
    loads, scandir = json.loads, document_files.os.scandir
    monkeypatch.setattr(document_files.json, "loads", lambda text: read.append(1) or loads(text))
    monkeypatch.setattr(document_files.os, "scandir", lambda path: listed.append(path) or scandir(path))
    assert len(find_documents(tmp_path)) == 40
    assert (len(read), len(listed)) == (40, 1)
