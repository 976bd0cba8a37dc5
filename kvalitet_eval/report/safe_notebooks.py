"""Which notebooks may run, and what may stay in an executed one: no foreign code, no widget state, no traceback."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

from kvalitet_eval.errors import Finding, ReportError
from kvalitet_eval.report.safe_paths import folder_cutter
from kvalitet_eval.report.store import write_atomic

REGISTER = Path("notebooks") / "registered.json"
"""Where a project keeps its register, seen from its root."""
REGISTER_VERSION = 1
_RUNNER_METADATA = ("papermill", "execution", "widgets")
_WIDGET_TYPES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
_KEPT_OUTPUT = "keep_output"
_INJECTED = "injected-parameters"
_SHOWN_DIGITS = 12


def notebook_sha256(notebook: Path) -> str:
    """Return the sha256 of what a notebook does: type, source and tags of its cells in order, and its kernel.

    Outputs and counters are not part of it, so that a notebook which somebody has looked at is still the same.

    Raises
    ------
    ReportError
        RAP-01: the notebook cannot be read.
    """
    return _sha256_of(_read(notebook))


def _sha256_of(node: nbformat.NotebookNode) -> str:
    cells = [[cell.cell_type, cell.source, list(cell.metadata.get("tags", []))] for cell in node.cells]
    kernel = node.metadata.get("kernelspec", {}).get("name", "")
    return hashlib.sha256(json.dumps([kernel, cells], ensure_ascii=False).encode()).hexdigest()


def check_registered(notebook: Path, register: Path) -> nbformat.NotebookNode:
    """Refuse to run a notebook that nobody has registered, and return what was checked, so that nothing else is run.

    Parameters
    ----------
    notebook : pathlib.Path
        What is about to run.
    register : pathlib.Path
        Made by :func:`register_notebooks`.

    Raises
    ------
    ReportError
        SIK-21 its hash is not in the register, SIK-22 it carries outputs from elsewhere (cells that are checks of their
        own stored output may), SIK-23 the register cannot be read, RAP-01 the notebook cannot be read.
    """
    node = _read(notebook)
    digest = _sha256_of(node)
    if digest not in read_register(register).values():
        raise ReportError.of("SIK-21", file=notebook, found=digest[:_SHOWN_DIGITS], register=register.name)
    _check_without_outputs(node, notebook)
    return node


def _check_without_outputs(node: nbformat.NotebookNode, notebook: Path) -> None:
    for number, cell in enumerate(node.cells, start=1):
        if cell.get("outputs") and not cell.metadata.get(_KEPT_OUTPUT):
            raise ReportError.of("SIK-22", file=notebook, cell=number)


def read_register(register: Path) -> dict[str, str]:
    """Return the registered notebooks: name to sha256.

    Raises
    ------
    ReportError
        SIK-23: the register is missing or is not one.
    """
    try:
        content = json.loads(register.read_text(encoding="utf-8"))
        if content["schema_version"] != REGISTER_VERSION:
            raise ValueError(f"schema_version {content['schema_version']}")
        return {str(name): str(digest) for name, digest in content["notebooks"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError.of("SIK-23", file=register, found=type(error).__name__) from error


def find_notebooks(folder: Path) -> list[Path]:
    """Return all notebooks of a folder and of those in it, without the copies that JupyterLab keeps."""
    return sorted(path for path in folder.rglob("*.ipynb") if not any(p.startswith(".") for p in path.parts))


def register_notebooks(
    register: Path, notebooks: Iterable[Path], earlier: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Write the register with some notebooks as they are now, and return it.

    Parameters
    ----------
    register : pathlib.Path
        A file in or above the folder of the notebooks; names are relative to its folder.
    notebooks : iterable of pathlib.Path
        What may run from now on.
    earlier : mapping of str to str
        Entries that are kept, from :func:`read_register`; without it the register is made anew.

    Raises
    ------
    ReportError
        SIK-22 a notebook carries outputs, SIK-24 it does not lie in the folder of the register, RAP-01 it cannot be
        read; all notebooks are looked at before anything is written.
    """
    home = register.parent.resolve()
    found: dict[str, str] = {}
    faults: list[Finding] = []
    for path in notebooks:
        try:
            found[_name_in(home, path)] = notebook_sha256(path)
            _check_without_outputs(_read(path), path)
        except ReportError as error:
            faults += error.findings
    if faults:
        raise ReportError(faults)
    content = {"schema_version": REGISTER_VERSION, "notebooks": dict(sorted({**earlier, **found}.items()))}
    write_atomic(register, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return found


def _name_in(home: Path, path: Path) -> str:
    if not path.resolve().is_relative_to(home):
        raise ReportError.of("SIK-24", file=path, folder=home.name)
    return path.resolve().relative_to(home).as_posix()


def clean_executed(node: nbformat.NotebookNode, places: Iterable[Path] = ()) -> nbformat.NotebookNode:
    """Take out of an executed notebook what is not for others, in place, and return it.

    State of widgets, metadata of the runner, what was written to standard error, and message and traceback of an error
    go; of an error its name stays. Folders of this machine in the given parameters and in outputs are cut to what
    follows them. The same run gives the same bytes.
    """
    cut = folder_cutter(places)
    for item in (node, *node.cells):
        for name in _RUNNER_METADATA:
            item.metadata.pop(name, None)
    for cell in node.cells:
        if "outputs" in cell:
            kept = (_clean_output(output) for output in cell.outputs)
            cell.outputs = [_cut_all(output, cut) for output in kept if output is not None]
        if _INJECTED in cell.metadata.get("tags", []):
            cell.source = cut(cell.source)
            cell.id = _INJECTED  # the runner draws one by lot
    return node


def _cut_all(value: Any, cut: Callable[[str], str]) -> Any:
    """Cut every text in an output, however deep."""
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, dict):
        return type(value)({key: _cut_all(item, cut) for key, item in value.items()})
    return [_cut_all(item, cut) for item in value] if isinstance(value, list) else value


def _clean_output(output: Any) -> Any | None:
    """Return what may stay of one output, None when nothing may."""
    if output.output_type == "stream" and output.name == "stderr":
        return None
    if output.output_type == "error":
        output.evalue, output.traceback = "", []
    if "data" in output:
        if any(kind in output.data for kind in _WIDGET_TYPES):
            return None
        output.metadata.pop("widgets", None)
    return output


def _read(notebook: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(notebook, as_version=4)
    except OSError as error:
        raise ReportError.of("RAP-01", file=notebook, found=error.strerror or str(error)) from error
    except Exception as error:  # the reader of notebooks has no error family of its own
        raise ReportError.of("RAP-01", file=notebook, found=type(error).__name__) from error
