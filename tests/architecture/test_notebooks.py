"""Every notebook keeps the rules, and every rule can be broken."""

import copy
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import CHECK, FRONT, LONGEST_STEP, MOST_CODE_LINES, code_lines, faults

from kvalitet_eval.report.safe_notebooks import REGISTER, find_notebooks, notebook_sha256, read_register

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
NAME = "09_example.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_notebook_keeps_the_rules(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook, path.relative_to(FOLDER).as_posix()) == []


def test_the_notebooks_are_there():
    names = {path.relative_to(FOLDER).as_posix() for path in NOTEBOOKS}
    assert {"01_data_and_coverage.ipynb", "02_table_1.ipynb"} <= names


def test_the_ordinary_test_run_executes_the_notebooks():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert {"tests", "notebooks"} <= set(options["testpaths"])
    assert {"--nbval-lax", "--nbval-current-env"} <= set(options["addopts"].split())
    assert "--dist loadscope" in options["addopts"], "the cells of one notebook must run on one worker, in order"


def good():
    """A notebook that keeps every rule."""
    front = "\n\n".join(f"**{part}.** Tekst." for part in FRONT)
    check = new_code_cell("1 + x", metadata={"tags": [CHECK], "keep_output": True}, execution_count=1)
    check.outputs = [new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
    return new_notebook(
        cells=[
            new_markdown_cell(f"# Tittel\n\n{front}"),
            new_code_cell("import math"),
            new_code_cell('programme: str = "a"  # programme file', metadata={"tags": ["parameters"]}),
            new_code_cell("x = 1"),
            new_markdown_cell("Dette viser ingenting ennå."),
            check,
            new_markdown_cell("Summen er to.\n\n## Konklusjon\n\nSvaret er usikkert, og det viser ikke hvorfor."),
        ],
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    )


def test_a_good_notebook_has_no_faults():
    assert faults(good(), NAME) == []


def test_code_that_prints_the_conclusion_may_follow_it():
    notebook = good()
    notebook.cells.append(new_code_cell("x"))
    assert faults(notebook, NAME) == []


def edit(index, **changes):
    return lambda notebook: notebook.cells[index].update(changes)


def replace(index, old, new):
    def change(notebook):
        assert old in notebook.cells[index].source
        notebook.cells[index].source = notebook.cells[index].source.replace(old, new)

    return change


def insert(index, *cells):
    return lambda notebook: notebook.cells.__setitem__(slice(index, index), [copy.deepcopy(cell) for cell in cells])


STORED = [new_output("execute_result", {"text/plain": "1"}, execution_count=1)]
PICTURE = [new_output("display_data", {"text/plain": "x", "image/png": "aGVp"})]
LONG = [new_output("execute_result", {"text/plain": "2" * 401}, execution_count=1)]
BROKEN = {
    "plain Python": edit(3, source="%matplotlib inline"),
    "one level-1 heading: two": replace(4, "Dette", "# En til\n\nDette"),
    "one level-1 heading: not at the top": replace(0, "# Tittel", "Hei\n\n# Tittel"),
    "front: a part is missing": replace(0, "**Metode.**", "Metode."),
    "front: another order": replace(0, "**Metode.** Tekst.", "**For hvem.** Alle.\n\n**Metode.** Tekst."),
    "one parameters cell: none": edit(2, metadata={}),
    "one parameters cell: two": edit(3, metadata={"tags": ["parameters"]}),
    "typed, commented parameters: no type": edit(2, source='programme = "a"  # programme file'),
    "typed, commented parameters: no comment": edit(2, source='programme: str = "a"'),
    "typed, commented parameters: an expression": edit(2, source='programme: str = "a" + "b"  # programme file'),
    "at most 80 code lines": insert(
        3, *(new_code_cell("\n".join(["y = 1"] * 10), id=f"c{n}") for n in range(MOST_CODE_LINES // 10))
    ),
    "step of at most 15 lines": edit(3, source="\n".join(["y = 1"] * (LONGEST_STEP + 1))),
    "a sentence after each step: code follows": insert(4, new_code_cell("z = 1")),
    "a sentence after each step: only a heading follows": edit(4, source="## Neste del"),
    "conclusion at the end: none": replace(6, "## Konklusjon", "## Slutt"),
    "conclusion at the end: not the last": insert(7, new_code_cell("x"), new_markdown_cell("Til slutt.")),
    "conclusion with its uncertainty": replace(6, "usikkert", "klart"),
    "conclusion with what it does not show": replace(6, "viser ikke hvorfor", "forklarer alt"),
    "no definitions: a function": edit(3, source="def f():\n    return 1"),
    "no definitions: a class": edit(3, source="class A:\n    pass"),
    "no definitions: a lambda": edit(3, source="f = lambda: 1"),
    "no FigureWidget": edit(3, source="import plotly.graph_objects as go\ngo.FigureWidget()"),
    "no stored outputs: an output": edit(3, outputs=STORED),
    "no stored outputs: a count": edit(3, execution_count=4),
    "a check cell that checks nothing: no count": edit(5, execution_count=None),
    "a check cell that checks nothing: no output": edit(5, outputs=[]),
    "a check cell that checks nothing: would be stripped": edit(5, metadata={"tags": [CHECK]}),
    "a small check of text: a picture": edit(5, outputs=PICTURE),
    "a small check of text: too long": edit(5, outputs=LONG),
    "kernel python3": lambda notebook: notebook.metadata.kernelspec.update(name="ir"),
    "no further metadata": lambda notebook: notebook.metadata.update(papermill={"duration": 1}),
    "ids": lambda notebook: notebook.cells[1].update(id=notebook.cells[0].id),
    "Norwegian text": replace(4, "ingenting ennå", "nothing with the data"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_each_rule_can_be_broken(fault):
    notebook = good()
    BROKEN[fault](notebook)
    found = faults(notebook, NAME)
    assert any(item.startswith(fault.partition(":")[0]) for item in found), found


@pytest.mark.parametrize(
    "name", ["9_a.ipynb", "01_Dekning.ipynb", "01_måling.ipynb", "data.ipynb", "reports/01 a.ipynb"]
)
def test_names_are_numbered_and_of_small_letters(name):
    assert faults(good(), name) == [f"name: {name}"]


def test_templates_in_folders_have_no_number():
    assert faults(good(), "reports/municipality.ipynb") == []


def test_empty_lines_and_comments_are_no_code():
    assert code_lines("# a\n\nx = 1  # b\n") == 1


def test_every_notebook_is_registered_as_it_is():
    """After a change that somebody has read: `kvalitet register --all`."""
    registered = read_register(ROOT / REGISTER)
    assert registered == {path.relative_to(FOLDER).as_posix(): notebook_sha256(path) for path in NOTEBOOKS}
    assert {path.relative_to(FOLDER).as_posix() for path in find_notebooks(FOLDER)} == set(registered)
