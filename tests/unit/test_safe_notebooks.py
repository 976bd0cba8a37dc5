"""Only registered notebooks run, and an executed one keeps nothing of the machine, the widgets or the errors."""

import json

import nbformat
import pytest
from report_samples import write_notebook

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.safe_notebooks import (
    check_registered,
    clean_executed,
    notebook_sha256,
    read_register,
    register_notebooks,
)


@pytest.fixture
def registered(tmp_path):
    notebook = write_notebook(tmp_path / "notebooks" / "a.ipynb", "x = 1", "x")
    register = tmp_path / "notebooks" / "registered.json"
    register_notebooks(register, [notebook])
    return notebook, register


def edit(path, change):
    node = nbformat.read(path, as_version=4)
    change(node)
    path.write_text(nbformat.writes(node), encoding="utf-8")


def code(call, *arguments):
    with pytest.raises(ReportError) as caught:
        call(*arguments)
    assert describe(caught.value.findings).count("Gjør slik") == 1
    return caught.value.findings[0].code


def test_a_registered_notebook_may_run(registered):
    notebook, register = registered
    check_registered(notebook, register)
    assert read_register(register) == {"a.ipynb": notebook_sha256(notebook)}


@pytest.mark.parametrize(
    "change",
    [
        lambda node: node.cells[1].update(source="x = 2"),
        lambda node: node.cells.append(nbformat.v4.new_code_cell("import os", id="z")),
        lambda node: node.cells.reverse(),
        lambda node: node.cells[1].update(cell_type="raw"),
        lambda node: node.cells[0].metadata.update(tags=[]),
        lambda node: node.metadata.kernelspec.update(name="bash"),
    ],
)
def test_a_changed_notebook_may_not(registered, change):
    notebook, register = registered
    edit(notebook, change)
    assert code(check_registered, notebook, register) == "SIK-21"


def test_one_that_was_looked_at_is_the_same_but_runs_only_without_outputs(registered):
    notebook, register = registered
    before = notebook_sha256(notebook)
    output = nbformat.v4.new_output("stream", text="1")
    edit(notebook, lambda node: node.cells[2].update(execution_count=7))
    check_registered(notebook, register)
    edit(notebook, lambda node: node.cells[2].update(outputs=[output]))
    assert notebook_sha256(notebook) == before
    assert code(check_registered, notebook, register) == "SIK-22"
    edit(notebook, lambda node: node.cells[2].metadata.update(keep_output=True))
    check_registered(notebook, register)


def test_a_foreign_notebook_may_not_run(registered, tmp_path):
    _, register = registered
    assert code(check_registered, write_notebook(tmp_path / "b.ipynb", "y = 1"), register) == "SIK-21"
    assert code(check_registered, tmp_path / "none.ipynb", register) == "RAP-01"


def test_a_notebook_outside_the_folder_of_the_register_is_not_registered(registered, tmp_path):
    _, register = registered
    before = register.read_bytes()
    assert code(register_notebooks, register, [write_notebook(tmp_path / "b.ipynb", "y = 1")]) == "SIK-24"
    assert register.read_bytes() == before


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"schema_version": 2, "notebooks": {}}', '{"schema_version": 1}']
)
def test_without_a_register_nothing_runs(registered, content):
    notebook, register = registered
    register.unlink()
    if content is not None:
        register.write_text(content)
    assert code(check_registered, notebook, register) == "SIK-23"


def executed():
    output = nbformat.v4.new_output
    widget = "application/vnd.jupyter.widget-view+json"
    outputs = [
        output("display_data", data={widget: {"model_id": "KANARI"}, "text/plain": "KANARI"}),
        output("display_data", data={"text/html": "<p>kept</p>"}, metadata={"widgets": "KANARI"}),
        output("stream", name="stderr", text="KANARI"),
        output("stream", name="stdout", text="kept too"),
        output("error", ename="DataError", evalue="KANARI", traceback=["KANARI"]),
    ]
    cells = [
        nbformat.v4.new_code_cell(
            'a = "/proj' + 'ects/x/reports/a.json"', metadata={"tags": ["injected-parameters"]}, id="p"
        ),
        nbformat.v4.new_code_cell(
            "1", outputs=outputs, id="o", metadata={"papermill": {"a": "KANARI"}, "execution": {"a": "KANARI"}}
        ),
    ]
    state = {"application/vnd.jupyter.widget-state+json": {"state": "KANARI"}}
    return nbformat.v4.new_notebook(cells=cells, metadata={"widgets": state, "papermill": {"a": "KANARI"}})


def test_nothing_that_is_not_for_others_stays(tmp_path):
    node = executed()
    assert nbformat.writes(node).count("KANARI") == 10
    (tmp_path / "x").mkdir()
    text = nbformat.writes(clean_executed(node, [tmp_path / "x"]))
    assert "KANARI" not in text
    assert all(kept in text for kept in ("<p>kept</p>", "kept too", "DataError"))
    assert [output.output_type for output in node.cells[1].outputs] == ["display_data", "stream", "error"]


def test_folders_of_the_machine_are_cut_from_the_given_parameters(tmp_path):
    node = executed()
    home = tmp_path.resolve()
    node.cells[0].source = f'results_file = "{home}/reports/a.json"\nother = "{home}2/b"'
    node.cells[1].source = f'x = "{home}/c"'
    clean_executed(node, [tmp_path])
    assert node.cells[0].source == f'results_file = "reports/a.json"\nother = "{home}2/b"'
    assert node.cells[1].source == f'x = "{home}/c"'


def test_the_same_run_is_archived_with_the_same_bytes():
    alike = set()
    for drawn in ("5f2c9a10", "07be4d33"):
        node = executed()
        node.cells[0].id = drawn
        alike.add(nbformat.writes(clean_executed(node)))
    assert len(alike) == 1


def test_the_register_is_the_same_every_time(registered):
    notebook, register = registered
    first = register.read_bytes()
    register_notebooks(register, [notebook])
    assert register.read_bytes() == first
    assert json.loads(first)["schema_version"] == 1
