import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from kvalitet_eval.errors import LockedError, ReportError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.store import TEMPORARY_SUFFIX, Lock, remove_leftovers, sha256_of, slug, write_atomic

HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # sha256 of "hello"


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        ("0542", "Nord-Aurdal", "0542-nord-aurdal"),
        ("0528", "Østre Toten", "0528-ostre-toten"),
        ("0821", "Bø", "0821-bo"),
        ("1519", "Ål", "1519-al"),
        ("1519", "A\u030al", "1519-al"),  # decomposed å
        ("1111", "Ærø", "1111-aero"),
        ("2025", "Deatnu - Tana", "2025-deatnu-tana"),
        ("2020", "Porsáŋgu", "2020-porsangu"),
        ("1719", "../../etc/passwd", "1719-etc-passwd"),
        ("1719", "/abs", "1719-abs"),
        ("1719", "C:\\x", "1719-c-x"),
        ("1719", "CON", "1719-con"),
        ("1719", "a\0b", "1719-a-b"),
        ("1719", "{kommune.__class__}", "1719-kommune-class"),
        ("1719", "<script>alert(1)</script>", "1719-script-alert-1-script"),
        ("1719", "北京", "1719"),
        ("1719", "", "1719"),
    ],
)
def test_slug_is_number_and_plain_ascii(number, name, expected):
    assert slug(number, name) == expected


def test_slug_of_a_very_long_name_fits_in_a_file_name():
    assert len(slug("1719", "x" * 300)) == 65


@pytest.mark.parametrize("number", [542, "542", "05 2", "0542\n", "०५४२", "../x", ""])
def test_slug_refuses_what_is_not_four_digits(number):
    with pytest.raises(ReportError) as caught:
        slug(number, "Nord-Aurdal")
    assert "fire sifre" in describe(caught.value.findings)


def test_written_file_has_the_text_and_the_hash(tmp_path):
    assert write_atomic(tmp_path / "deep" / "æ.txt", "hello") == HELLO
    assert (tmp_path / "deep" / "æ.txt").read_bytes() == b"hello"
    assert sha256_of(tmp_path / "deep" / "æ.txt") == HELLO


def test_written_file_can_be_read_by_others(tmp_path):
    old = os.umask(0o022)
    try:
        write_atomic(tmp_path / "page.html", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o644


def test_failure_while_writing_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_atomic(path, "old")

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(ReportError) as caught:
        write_atomic(path, "new")
    assert "No space left on device" in describe(caught.value.findings)
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text() == "old"


def test_killed_while_writing_leaves_the_old_file_and_the_rest_is_removed_later(tmp_path):
    path = tmp_path / "page.html"
    write_atomic(path, "old")
    script = """
        import os, signal, sys, pathlib
        from kvalitet_eval.report import store
        os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
        store.write_atomic(pathlib.Path(sys.argv[1]), "new" * 1000)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    assert [p.suffix for p in tmp_path.iterdir() if p != path] == [TEMPORARY_SUFFIX]
    assert remove_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError) as caught:
        write_atomic(tmp_path / "file" / "page.html", "x")
    assert str(tmp_path / "file" / "page.html") in describe(caught.value.findings)


def hold(folder, is_held, may_go):
    with Lock(folder):
        is_held.set()
        may_go.wait(30)


def test_second_run_is_told_who_holds_the_lock(tmp_path):
    context = multiprocessing.get_context("spawn")
    is_held, may_go = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, is_held, may_go))
    other.start()
    assert is_held.wait(30)
    with pytest.raises(LockedError) as caught, Lock(tmp_path):
        pass
    assert caught.value.exit_code == 75
    assert f"prosess {other.pid}" in describe(caught.value.findings)
    other.kill()
    other.join(30)
    with Lock(tmp_path):
        pass


def test_lock_can_be_taken_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), Lock(tmp_path):
        _ = 1 / 0
    with Lock(tmp_path), pytest.raises(LockedError), Lock(tmp_path):
        pass
