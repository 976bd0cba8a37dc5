"""The notebooks run where nothing has been imported, and the check cells are really compared.

That every notebook runs as it is, from its own folder, is tested by nbval in the same test run (see pyproject.toml).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kvalitet_eval.report.notebook import execute

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture
def fresh(tmp_path):
    """The programme and its raw data, and nothing that the package has written."""
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copytree(ROOT / "programmes", tmp_path / "programmes")
    return tmp_path


def run(name, fresh, **parameters):
    """Run a notebook as the report runner does: from the project's root, with the programme given."""
    programme = str(fresh / "programmes" / "kkp.toml")
    executed = fresh / "executed.ipynb"
    execute(NOTEBOOKS / name, {"programme": programme, **parameters}, executed, ROOT, 300)
    cells = nbformat.read(executed, as_version=4).cells
    return [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def data(outputs, kind):
    return [output["data"][kind] for output in outputs if kind in output.get("data", {})]


@pytest.mark.parametrize(
    ("name", "n_charts", "n_tables"), [("01_data_and_coverage.ipynb", 3, 12), ("02_table_1.ipynb", 2, 9)]
)
def test_runs_from_the_root_without_an_import(name, n_charts, n_tables, fresh):
    outputs = run(name, fresh)
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.output_type == "stream"], "neither warnings nor prints"
    assert len(data(outputs, "application/vnd.plotly.v1+json")) == n_charts
    assert sum("<table" in page for page in data(outputs, "text/html")) == n_tables


def test_the_simulated_panel_is_marked_wherever_it_is_shown(fresh):
    outputs = run("01_data_and_coverage.ipynb", fresh)
    pages = data(outputs, "text/html")
    for caption in ("Importen av panelet", "Dekningen i panelet", "er summen av flere"):
        (page,) = [page for page in pages if caption in page]
        assert "syntetisk" in page, caption
    assert (fresh / "data" / "processed" / "kkp" / "import.json").is_file()


def test_table_1_needs_no_panel(fresh):
    outputs = run("02_table_1.ipynb", fresh)
    assert not (fresh / "data" / "processed").exists()
    assert "syntetisk" not in "".join(data(outputs, "text/html"))


@pytest.mark.parametrize(("stored", "code", "said"), [("2", 0, "1 passed"), ("3", 1, "Cell outputs differ")])
def test_a_check_cell_with_another_output_fails(stored, code, said, tmp_path):
    cell = new_code_cell("1 + 1", metadata={"tags": ["nbval-check-output"]}, execution_count=1)
    cell.outputs = [new_output("execute_result", {"text/plain": stored}, execution_count=1)]
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "n.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path)]
    command += ["--nbval-lax", "--nbval-current-env", "n.ipynb"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == code, finished.stdout
    assert said in finished.stdout
