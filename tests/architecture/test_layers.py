"""The layers of docs/ARCHITECTURE.md, checked by import-linter with the contracts in pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
CONTRACTS = PYPROJECT[PYPROJECT.index("[tool.importlinter]") :]


def lint(folder):
    done = subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder)}
    )
    return done.returncode, done.stdout + done.stderr


def test_the_package_keeps_its_layers():
    code, said = lint(ROOT)
    assert code == 0, said
    assert re.search(r"Contracts: 3 kept, 0 broken", said)


def test_the_contract_and_the_document_name_the_same_layers():
    named = re.search(r"layers = \[(.*?)\]", CONTRACTS, re.S)[1]
    layers = [layer.strip("()") for line in re.findall(r'"(.+)"', named) for layer in line.split(" | ")]
    document = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    built = [name for name in layers if name not in ("explore", "conclude")]
    assert re.search(
        " > ".join(rf"`({name})`" for name in built).replace("`(estimate)` > `(monitor)`", "`estimate \\| monitor`"),
        document,
    )
    assert all(f"`{name}`" in document for name in ("publish", "conclude", "explore"))
    for name in built:
        folder = ROOT / "kvalitet_eval" / name
        assert folder.is_dir() or folder.with_suffix(".py").is_file()


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("prepare/a.py", "from kvalitet_eval.present import b", "kvalitet_eval.prepare is not allowed to import"),
        ("monitor/a.py", "from kvalitet_eval.estimate import b", "kvalitet_eval.monitor is not allowed to import"),
        ("errors.py", "from kvalitet_eval.config import b", "kvalitet_eval.errors is not allowed to import"),
        ("estimate/a.py", "import plotly", "kvalitet_eval.estimate is not allowed to import plotly"),
        ("present/a.py", "import papermill", "kvalitet_eval.present is not allowed to import papermill"),
    ],
)
def test_a_wrong_import_breaks_the_contract(tmp_path, module, line, said):
    (tmp_path / "pyproject.toml").write_text(CONTRACTS, "utf-8")
    for name in ("report", "present", "publish", "estimate", "monitor", "design", "prepare", "config"):
        folder = tmp_path / "kvalitet_eval" / name
        folder.mkdir(parents=True)
        for file in ("__init__.py", "a.py", "b.py"):
            (folder / file).write_text("")
    for file in ("__init__.py", "cli.py", "results.py", "errors.py", "persons.py"):
        (tmp_path / "kvalitet_eval" / file).write_text("")
    assert lint(tmp_path)[0] == 0
    (tmp_path / "kvalitet_eval" / module).write_text(f"{line}\n")
    code, output = lint(tmp_path)
    assert code == 1
    assert said in re.sub(r"\s+", " ", output)
