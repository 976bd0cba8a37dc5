"""Everything that is not code and that the package reads goes with it when it is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from setuptools import find_packages

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
PATTERNS = PROJECT["package-data"]["kvalitet_eval"]


def left_behind(package: Path, patterns: list[str]) -> list[str]:
    """Files of a package that are neither code nor covered by a pattern."""
    covered = {path for pattern in patterns for path in package.glob(pattern)}
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(
        path.relative_to(package).as_posix() for path in files if path.suffix != ".py" and path not in covered
    )


def test_catalogues_and_templates_go_with_the_package():
    package = ROOT / "kvalitet_eval"
    assert left_behind(package, PATTERNS) == []
    assert all(list(package.glob(pattern)) for pattern in PATTERNS)


def test_every_folder_with_code_is_a_package():
    found = set(find_packages(str(ROOT), **PROJECT["packages"]["find"]))
    folders = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "kvalitet_eval").rglob("*.py")}
    assert found == {folder.replace("/", ".") for folder in folders}


def test_a_file_that_stays_behind_is_found(tmp_path):
    for name in ("present/locale/nb/LC_MESSAGES/a.po", "report/templates/a.j2", "report/a.css", "report/a.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    assert left_behind(tmp_path, PATTERNS) == ["report/a.css"]
    assert left_behind(tmp_path, PATTERNS[:1]) == ["report/a.css", "report/templates/a.j2"]
