import contextlib
import io
import json
import logging
import os
import sys
from pathlib import Path

import pytest
from report_samples import register, write_notebook

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord
from kvalitet_eval.report.notebook import execute

FACTS_OF_THE_KERNEL = """
import json, os, sys
from pathlib import Path
names = ("PYTHONHASHSEED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "IPYTHONDIR")
facts = {name: os.environ.get(name) for name in names}
facts |= {"pid": os.getpid(), "python": sys.executable, "cwd": os.getcwd(), "municipality": municipality}
Path(results_file).write_text(json.dumps(facts))
"""


def test_kernel_is_this_interpreter_pinned_and_in_the_right_folder(tmp_path, monkeypatch):
    root = tmp_path / "the {root} Ø"
    root.mkdir()
    notebook = write_notebook(root / "notebooks" / "n.ipynb", FACTS_OF_THE_KERNEL)
    register(root, notebook)
    before = notebook.read_bytes()
    stored, executed = tmp_path / "facts.json", tmp_path / "archive {x}" / "0301.ipynb"
    here = Path.cwd()
    execute(notebook, {"municipality": "0301", "results_file": str(stored)}, executed, root, 60)
    facts = json.loads(stored.read_text())
    assert facts["python"] == sys.executable
    assert facts["cwd"] == str(root)
    assert facts["municipality"] == "0301"
    assert (facts["PYTHONHASHSEED"], facts["OMP_NUM_THREADS"], facts["OPENBLAS_NUM_THREADS"]) == ("0", "1", "1")
    assert not Path(facts["IPYTHONDIR"]).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(facts["pid"], 0)
    assert Path.cwd() == here
    assert notebook.read_bytes() == before
    archived = json.loads(executed.read_text())
    assert "papermill" not in archived["metadata"]
    assert all("papermill" not in cell["metadata"] for cell in archived["cells"])
    assert [p.name for p in executed.parent.iterdir()] == ["0301.ipynb"]


def test_template_that_is_missing_is_named(tmp_path):
    with pytest.raises(ReportError) as caught:
        execute(tmp_path / "n.ipynb", {}, tmp_path / "out.ipynb", tmp_path, 60)
    assert "RAP-01" in describe(caught.value.findings)
    assert str(tmp_path / "n.ipynb") in describe(caught.value.findings)


def test_an_unregistered_notebook_never_starts(tmp_path):
    notebook = write_notebook(tmp_path / "notebooks" / "n.ipynb", "from pathlib import Path", "Path('ran').touch()")
    register(tmp_path, notebook)
    given = {"municipality": "0301", "results_file": ""}
    execute(notebook, given, tmp_path / "out.ipynb", tmp_path, 60)
    assert (tmp_path / "ran").exists(), "as it was registered it does run"
    (tmp_path / "ran").unlink()
    notebook.write_text(notebook.read_text().replace("'ran'", "'ran'  "))
    with pytest.raises(ReportError) as caught:
        execute(notebook, given, tmp_path / "out.ipynb", tmp_path, 60)
    message = describe(caught.value.findings)
    assert "SIK-21" in message
    assert "kvalitet register" in message
    assert not (tmp_path / "ran").exists()


LEAKY = """
import sys, tempfile
from pathlib import Path
sys.stderr.write("KAN" + "ARI")
print(Path.home(), Path.cwd() / "reports", tempfile.gettempdir())
"""


@pytest.mark.parametrize("last", ["1 + 1", "raise ValueError('KAN' + 'ARI')"])
def test_the_archive_names_neither_the_machine_nor_what_was_in_an_error(tmp_path, last):
    notebook = write_notebook(tmp_path / "notebooks" / "n.ipynb", LEAKY, last)
    register(tmp_path, notebook)
    executed = tmp_path / "reports" / "out.ipynb"
    given = {"municipality": "0301", "results_file": str(tmp_path / "reports" / "a.json")}
    with contextlib.suppress(ReportError):
        execute(notebook, given, executed, tmp_path, 60)
    assert "KANARI" not in executed.read_text("utf-8")
    cells = json.loads(executed.read_text("utf-8"))["cells"]
    (injected,) = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert 'results_file = "reports/a.json"' in "".join(injected["source"])
    assert scan(executed, DisclosureRecord(places=(str(tmp_path), str(Path.home())))).findings == ()


def test_the_log_of_the_runner_tells_nothing_of_what_a_cell_showed(tmp_path):
    notebook = write_notebook(tmp_path / "notebooks" / "n.ipynb", "raise ValueError('a row of raw data')")
    register(tmp_path, notebook)
    told, log = io.StringIO(), logging.getLogger("papermill")
    handler = logging.StreamHandler(told)
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        with pytest.raises(ReportError):
            execute(notebook, {}, tmp_path / "out.ipynb", tmp_path, 60)
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
    assert told.getvalue() == ""
