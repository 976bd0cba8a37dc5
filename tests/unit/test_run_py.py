"""run.py: what it lists, what it refuses, when it builds the environment, what it removes."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from programme_copy import ROOT

TARGETS = ["reports", "test", "test-all", "lab", "env", "lint", "lock", "clean"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run.py as a module whose project is an empty folder; nothing is installed and no command is started."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    places = {"ROOT": tmp_path, "VENV": venv, "BIN": python.parent, "PYTHON": python, "STAMP": venv / ".installed"}
    for name, value in {**places, "LOCK": tmp_path / "requirements.lock"}.items():
        monkeypatch.setattr(module, name, value)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(f"{name} 1")
    started = []

    def start(command, **options):
        started.append(command)
        failed = any(word in " ".join(map(str, command)) for word in module.failing)
        return SimpleNamespace(returncode=3 if failed else 0)

    def create(folder, *, with_pip, clear):
        assert with_pip
        assert clear
        python.parent.mkdir(parents=True)
        python.write_text("")

    module.failing, module.started = [], started
    monkeypatch.setattr(module.subprocess, "run", start)
    monkeypatch.setattr(module.venv, "create", create)
    return module


def names(run):
    """The commands that were started: their program's name and arguments, without the places of this machine."""
    return [[str(command[0]).rsplit("/", 1)[-1], *command[1:]] for command in run.started]


def test_without_a_target_everything_is_listed():
    done = subprocess.run([sys.executable, ROOT / "run.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert re.findall(r"^  (\S+)  +\S", done.stdout, re.M) == TARGETS
    assert "make TARGET" in done.stdout
    assert "python3 run.py TARGET" in done.stdout


@pytest.mark.parametrize("arguments", [["report"], ["reports", "test"], ["--help"]])
def test_a_wrong_target_lists_the_right_ones_and_fails(arguments):
    done = subprocess.run([sys.executable, ROOT / "run.py", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(f"  {name} " in done.stdout for name in TARGETS)


def test_make_has_the_same_targets():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^TARGETS := (.+)$", makefile, re.M)[1].split() == TARGETS
    if shutil.which("make"):
        done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert all(f"  {name} " in done.stdout for name in TARGETS)


def test_an_old_python_is_told_which_one_is_needed(run, monkeypatch, capsys):
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 4))
    assert run.main(["reports"]) == 2
    assert "Python 3.11 or newer is needed" in capsys.readouterr().out
    assert run.started == []


def test_the_environment_is_built_once_from_hashes_only(run, capsys):
    assert run.main(["env"]) == 0
    install = ["python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    assert names(run) == [
        [*install, "--require-hashes", "-r", str(run.LOCK)],
        [*install, "--no-deps", "--no-build-isolation", "--editable", str(run.ROOT)],
    ]
    assert "Environment ready" in capsys.readouterr().out
    run.started.clear()
    assert run.main(["env"]) == 0
    assert run.started == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_file_builds_again(run, name):
    run.environment()
    run.started.clear()
    (run.ROOT / name).write_text("changed")
    assert run.environment() == 0
    assert [command[1:3] for command in names(run)] == [["-m", "pip"]] * 3, "pip is asked for, then two steps"


def test_the_fingerprint_knows_python_folder_lock_and_project_file(run, monkeypatch):
    seen = {run._fingerprint()}
    for name in ("requirements.lock", "pyproject.toml"):
        (run.ROOT / name).write_text("changed")
        seen.add(run._fingerprint())
    monkeypatch.setattr(run.sys, "version", "3.99")
    seen.add(run._fingerprint())
    other = run.ROOT / "other"
    monkeypatch.setattr(run, "ROOT", other)
    other.mkdir()
    (other / "pyproject.toml").write_text("changed")
    seen.add(run._fingerprint())
    assert len(seen) == 5


def test_a_half_built_environment_starts_from_scratch(run, monkeypatch):
    created = []
    monkeypatch.setattr(run.venv, "create", lambda *_, **options: created.append(options))
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.write_text("")
    run.failing = ["pip --version"]
    assert run.environment() == 0
    assert created == [{"with_pip": True, "clear": True}]


def test_a_failed_installation_is_not_called_ready(run, capsys):
    run.failing = ["--require-hashes"]
    assert run.main(["reports"]) == 3
    said = capsys.readouterr().out
    assert "This step failed: " in said
    assert "Read pip's message above" in said
    assert not run.STAMP.exists()
    assert len(run.started) == 1


def test_a_python_without_venv_says_what_to_install(run, monkeypatch, capsys):
    def refuse(*_, **__):
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.setattr(run.venv, "create", refuse)
    assert run.main(["env"]) == 1
    assert "apt install python3-venv" in capsys.readouterr().out


def test_the_main_job_is_import_evaluate_render_site(run):
    run.environment()
    run.started.clear()
    assert run.main(["reports"]) == 0
    assert names(run) == [["kvalitet", stage] for stage in ("import", "evaluate", "render", "site")]


def test_the_main_job_stops_at_the_first_failure_with_its_exit_code(run):
    run.environment()
    run.started.clear()
    run.failing = ["kvalitet evaluate"]
    assert run.main(["reports"]) == 3
    assert [command[1] for command in names(run)] == ["import", "evaluate"]


def test_tests_are_sampled_unless_all_are_asked_for(run):
    run.environment()
    run.started.clear()
    assert run.main(["test"]) == run.main(["test-all"]) == 0
    sampled, complete = names(run)
    assert sampled == ["pytest", "-n", "2", "-m", "not slow"]
    assert complete == ["pytest", "-n", "2", "--hypothesis-profile=search"]


def test_stopping_by_hand_is_no_crash(run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    run.environment()
    monkeypatch.setattr(run.subprocess, "run", stop)
    assert run.main(["lab"]) == 130


def test_cleaning_removes_what_the_package_wrote_and_nothing_else(run):
    kept = {"data/raw/a.csv", "data/processed/README.md", "reports/README.md", "docs/a.md"}
    written = {"data/processed/kkp/panel.csv", "reports/kkp/a/README.md", "reports/kkp/.kvalitet.lock"}
    for name in kept | written:
        path = run.ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (run.ROOT / "reports" / "link").symlink_to(run.ROOT / "docs")
    assert run.main(["clean"]) == 0
    left = {path.relative_to(run.ROOT).as_posix() for path in run.ROOT.rglob("*") if path.is_file()}
    assert left == kept | {"requirements.lock", "pyproject.toml"}
    assert not (run.ROOT / "reports" / "kkp").exists()
    assert run.main(["clean"]) == 0
