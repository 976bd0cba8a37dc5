"""pyproject.toml, requirements.lock, environment.yml and what is installed agree; the code is in the agreed style."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from environment_rules import HASH, conda_faults, dependency_faults, lock_faults, locked, python_faults
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT, LOCK, CONDA, RUN, README = (
    (ROOT / name).read_text("utf-8")
    for name in ("pyproject.toml", "requirements.lock", "environment.yml", "run.py", "README.md")
)
RUFF = Path(sys.executable).with_name("ruff")


def test_every_package_of_the_lock_has_hashes_and_there_is_no_address():
    assert len(locked(LOCK)) > 80
    assert lock_faults(LOCK) == []


def test_the_lock_has_every_dependency_in_a_version_that_fits():
    assert dependency_faults(PYPROJECT, LOCK) == []


def test_conda_gives_python_and_pip_and_the_lock_the_rest():
    assert conda_faults(CONDA, PYPROJECT) == []


def test_every_place_names_the_same_oldest_python():
    assert python_faults(PYPROJECT, RUN, README) == []
    assert sys.version_info >= (3, 11)


def test_what_is_installed_is_what_is_locked():
    project = tomllib.loads(PYPROJECT)
    names = [Requirement(line).name for line in project["project"]["dependencies"]]
    versions = {name: [version for version, _ in locked(LOCK)[canonicalize_name(name)]] for name in names}
    assert [name for name in names if importlib.metadata.version(name) not in versions[name]] == []


def test_the_package_has_the_version_and_command_of_the_project_file():
    project = tomllib.loads(PYPROJECT)["project"]
    assert importlib.metadata.version(project["name"]) == project["version"]
    assert project["scripts"] == {"kvalitet": "kvalitet_eval.cli:main"}
    assert f"version: {project['version']}" in (ROOT / "CITATION.cff").read_text("utf-8")


def ruff(*arguments, folder=ROOT):
    return subprocess.run(
        [RUFF, *arguments, "--no-cache", "."], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")], ids=lambda arguments: arguments[0])
def test_the_style_is_the_agreed_one(arguments):
    done = ruff(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_style_is_found(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (tmp_path / "a.py").write_text("import os\nx = {  'a':1 }\n")
    assert "F401" in ruff("check", folder=tmp_path).stdout
    assert ruff("format", "--check", folder=tmp_path).returncode == 1


GOOD = f"numpy==2.4.0 ; python_full_version < '3.13' \\\n    --hash=sha256:{'a' * 64}\n"
PROJECT = """
[project]
name = "kvalitet-eval"
requires-python = ">=3.11"
dependencies = ["numpy>=2.2"]
[dependency-groups]
test = []
[tool.ruff]
target-version = "py311"
"""


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        ("numpy==2.4.0\n", "no hash: numpy==2.4.0"), (GOOD.replace("sha256", "md5"), "no hash: numpy==2.4.0"),
        (GOOD.replace("==", ">="), "no version: numpy>=2.4.0"),
        (GOOD + "--index-url https://x.no\n", "address: --index-url https://x.no"),
        (GOOD + "a @ https://x.no/a.whl\n", "address: a @ https://x.no/a.whl"),
    ],
)  # fmt: skip
def test_a_faulty_lock_is_found(lock, fault):
    assert lock_faults(GOOD) == []
    assert fault in lock_faults(lock)
    assert HASH.search(GOOD)


@pytest.mark.parametrize(
    ("dependency", "fault"),
    [("pandas>=3", "pandas is not in the lock"), ("NumPy>=3", "NumPy 2.4.0 is not >=3"), ("numpy>=2.4", None)],
)
def test_a_dependency_that_is_not_locked_is_found(dependency, fault):
    assert dependency_faults(PROJECT.replace("numpy>=2.2", dependency), GOOD) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("python>=3.11", "python>=3.12", "python>=3.12,<3.14 is not that of the project"),
        ("  - pip\n", "  - pip\n  - numpy=2\n", "numpy comes from the lock"),
        ("--require-hashes", "--upgrade", "pip: ['--upgrade', '-r requirements.lock']"),
        ("name: kvalitet-eval", "name: kvalitet", "name kvalitet"),
    ],
)
def test_another_environment_is_found(old, new, fault):
    assert old in CONDA
    assert fault in conda_faults(CONDA.replace(old, new), PROJECT)


@pytest.mark.parametrize("place", ["ruff", "run.py", "run.py lock", "README.md"])
def test_another_python_is_found(place):
    said = {"ruff": PYPROJECT.replace('"py311"', '"py312"'), "run.py": RUN.replace("(3, 11)", "(3, 12)")}
    said |= {"run.py lock": RUN.replace('"3.11"', '"3.12"'), "README.md": README.replace("3.11", "3.12")}
    run = said[place] if place.startswith("run") else RUN
    changed = (said["ruff"] if place == "ruff" else PYPROJECT, run, said[place] if place == "README.md" else README)
    assert python_faults(*changed) == [place]
