import json
import os
import sys
from pathlib import Path

import pytest
from report_samples import write_notebook

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe
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
    notebook = write_notebook(tmp_path / "n.ipynb", FACTS_OF_THE_KERNEL)
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
