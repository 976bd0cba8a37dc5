"""Names of files: no text from data leads out of the folder it belongs in."""

from pathlib import Path

import pytest
from report_samples import full_report, sample_report, words

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.published_files import publish
from kvalitet_eval.report.safe_paths import folder_cutter, path_in, plain_name
from kvalitet_eval.report.store import write_atomic

PATHS = [
    "../../etc/passwd", "..", "../", "/abs", "//abs", "C:\\x", "C:x", "\\\\server\\share", "CON", "con.html", "NUL",
    "aux.txt",
    "com1", "LPT9", "a\0b", "a/b", "a\\b", "x" * 300, "{kommune.__class__}", "~", "~root", "$HOME", "%TEMP%", ".",
    "...", ".ssh",
    "-rf", "a\nb", "%2e%2e%2f", "\u2025/a", "\uff0e\uff0e/a", "a:b", "file:///x", "|ls",
    "a.", " ", "\u202egpj.exe", "`id`",
]  # fmt: skip


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("name", PATHS)
def test_a_report_about_any_name_stays_in_its_folder(tmp_path, name, monkeypatch):
    folder = tmp_path / "run" / "municipalities"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    report = full_report(name) if name.strip() else sample_report()
    if not report.blocks:
        report.section(words("a"))
    publish(report.subject, [(report, {f"{report.file_stem}.html": "side"})], folder)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(path.parent == folder and path.name.startswith("0542") and path.name.isascii() for path in files)


@pytest.mark.parametrize("name", PATHS)
def test_any_text_becomes_a_plain_name_in_the_folder(tmp_path, name):
    folder = tmp_path / "run"
    folder.mkdir()
    write_atomic(path_in(folder, f"{plain_name(name)}.csv"), "x")
    assert len(everything(tmp_path)) == 2
    assert len(everything(folder)) == 1


@pytest.mark.parametrize("name", [*PATHS, "", "A.html", "a..b", "a/../b", "æ.html", "a b", ".a", "a" * 121, None])
def test_a_name_that_is_not_plain_is_refused(tmp_path, name):
    with pytest.raises(ReportError) as caught:
        path_in(tmp_path, name)
    assert caught.value.findings[0].code == "SIK-20"
    assert "kan ikke være navnet" in describe(caught.value.findings)
    assert everything(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["0542-nord-aurdal.html", "a.results.json", "index-syntetisk.html", "a_b.csv", "9.csv"]
)
def test_the_names_we_make_are_taken(tmp_path, name):
    assert path_in(tmp_path, name) == tmp_path / name


def test_a_link_is_not_followed(tmp_path):
    outside, folder = tmp_path / "outside.txt", tmp_path / "run"
    outside.write_text("x")
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    with pytest.raises(ReportError):
        path_in(folder, "a.txt")


def test_different_names_without_letters_are_different():
    assert plain_name("北京") != plain_name("東京")
    assert plain_name("北京") == plain_name("北京")


def test_folders_are_cut_off_to_the_innermost_and_behind_links_and_the_root_is_none(tmp_path):
    outer, inner, link = tmp_path / "outer", tmp_path / "outer" / "inner", tmp_path / "link"
    inner.mkdir(parents=True)
    link.symlink_to(inner)
    assert folder_cutter([outer, inner])(f"{inner}/a.csv, {outer}/b.csv") == "a.csv, b.csv"
    assert folder_cutter([link])(f"{inner}/a.csv, {link}/b.csv") == "a.csv, b.csv"
    assert folder_cutter([Path("/")])("3 / 4, http://a.no") == "3 / 4, http://a.no"
