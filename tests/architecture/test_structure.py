"""Sizes, docstrings, words and the one place for inference; every rule can be broken."""

from __future__ import annotations

import ast
import json
import subprocess
import textwrap
from pathlib import Path

import pytest
from code_rules import LONGEST_BODY, LONGEST_MODULE, stored_objects, structure_faults, word_faults

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kvalitet_eval"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
TEXT_SUFFIXES = {".py", ".md", ".toml", ".ipynb", ".po", ".j2", ".yml", ".cff", ".txt", ""}
OWN_WORDS = ("tests/architecture/code_rules.py", "tests/architecture/test_structure.py", "tests/unit/case_samples.py")


def text_files():
    """Files under version control, or about to be, that a person reads; the data are as delivered."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        skipped = {".venv", "data", "reports", "build", ".git"}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [path.as_posix() for path in paths if not skipped & set(path.parts)]
    else:
        names = listed.stdout.splitlines()
    return [
        name
        for name in names
        if Path(name).suffix in TEXT_SUFFIXES and not name.startswith("data/raw/") and (ROOT / name).is_file()
    ]


def test_the_package_is_there():
    assert {"cli/main.py", "errors.py", "estimate/inference.py", "report/rendering.py"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_module_keeps_the_rules(name):
    assert structure_faults(name, (PACKAGE / name).read_text("utf-8")) == []


def test_run_py_keeps_the_size_rules():
    faults = structure_faults("run.py", (ROOT / "run.py").read_text("utf-8"))
    assert [fault for fault in faults if "print" not in fault] == []


def test_no_notebook_or_script_stores_program_objects():
    paths = [*ROOT.glob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    scripts = {path: path.read_text("utf-8") for path in paths}
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        scripts[path] = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert len(scripts) > 10
    assert [fault for path, source in scripts.items() for fault in stored_objects(path.name, ast.parse(source))] == []


def test_no_file_uses_a_forbidden_word():
    names = [name for name in text_files() if name not in OWN_WORDS]
    assert len(names) > 100
    assert [fault for name in names for fault in word_faults(name, (ROOT / name).read_text("utf-8"))] == []


def module(body):
    return '"""What it is."""\n\n' + textwrap.dedent(body)


LONG = "x = 1\n" * LONGEST_BODY
BROKEN = [
    ("too long", "prepare/a.py", module("x = 1\n" * LONGEST_MODULE), "302 lines"),
    ("long body", "prepare/a.py", module(f'def f():\n    """Do."""\n{textwrap.indent(LONG + "x = 2", "    ")}\n'),
     "f has 41 lines"),
    ("utils", "prepare/utils.py", module(""), "without a name of its own"),
    ("module docstring", "prepare/a.py", "x = 1\n", "no docstring"),
    ("function docstring", "prepare/a.py", module("def f():\n    return 1\n"), "f has no docstring"),
    ("method docstring", "prepare/a.py", module('class A:\n    """A."""\n\n    def f(self):\n        return 1\n'),
     "A.f has no docstring"),
    ("print", "prepare/a.py", module("print(1)\n"), "print"),
    ("assert", "prepare/a.py", module("assert True\n"), "assert"),
    ("plotly below present", "estimate/a.py", module("import plotly.graph_objects as go\n"), "imports plotly"),
    ("papermill in the command", "cli/a.py", module("from papermill import execute_notebook\n"), "imports papermill"),
    ("pickle", "report/a.py", module("import pickle\n"), "stored objects: pickle"),
    ("a part of it", "report/a.py", module("from joblib import dump\n"), "stored objects: joblib"),
    ("read by pandas", "report/a.py", module("x = pd.read_pickle(a)\n"), "stored objects: read_pickle"),
    ("read by numpy", "report/a.py", module("x = np.load(a, allow_pickle=True)\n"), "stored objects: allow_pickle"),
    ("read as YAML", "report/a.py", module("from yaml import unsafe_load\n"), "stored objects: unsafe_load"),
    ("widgets in reports", "report/a.py", module("import ipywidgets\n"), "imports ipywidgets"),
    ("models in present", "present/a.py", module("import statsmodels.api as sm\n"), "imports statsmodels"),
    ("divided", "estimate/a.py", module("z = estimate / std_error\n"), "divides by a standard error"),
    ("divided column", "estimate/a.py", module('z = a["estimate"] / a["std_error"]\n'), "divides by a standard error"),
    ("divided attribute", "monitor/a.py", module("z = a.estimate / fit.std_error[0]\n"), "divides by a standard"),
    ("divided in place", "estimate/a.py", module("z = 1\nz /= se\n"), "divides by a standard error"),
    ("divided by call", "estimate/a.py", module("z = np.divide(x, se)\n"), "divides by a standard error"),
    ("distribution", "estimate/a.py", module("from scipy.stats import norm\n"), "uses scipy.stats"),
    ("distributions", "monitor/a.py", module("from scipy import stats\n"), "uses scipy.stats"),
    ("distributions again", "monitor/a.py", module("import scipy.stats\n"), "uses scipy.stats"),
    ("finished interval", "monitor/a.py", module("a = fit.conf_int()\n"), "uses conf_int"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "source", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_found(path, source, said):
    faults = structure_faults(path, source)
    assert any(said in fault for fault in faults), faults


def test_what_is_allowed_is_not_found():
    body = textwrap.indent("x = 1\n" * LONGEST_BODY, "    ")
    long_docstring = "\n".join(["    Much.\n"] * 30)
    source = module(f'def f():\n    """Do.\n\n{long_docstring}    """\n{body}\n\ndef _g():\n    return se / 2\n')
    assert structure_faults("prepare/a.py", source) == []
    assert structure_faults("estimate/inference.py", module("from scipy import stats\nz = a / std_error\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "the control group",
        "Control municipalities",
        "en kontrollgruppe",
        "# TO" + "DO: later",
        "FIX" + "ME",
        "/ho" + "me/x/a",
    ],
)
def test_a_forbidden_word_is_found(line):
    assert word_faults("a.md", f"fine\n{line}\n")[0].startswith("a.md:2: ")


def test_other_words_are_not_found():
    assert (
        word_faults("a.md", "quality control, comparison group, disease control; data/raw/tmp, https://a.no/work/x")
        == []
    )
