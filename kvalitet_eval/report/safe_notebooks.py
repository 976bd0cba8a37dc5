"""Which notebooks may run, and what may stay in an executed one: no foreign code, no widget state, no traceback."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.store import write_atomic

REGISTER_VERSION = 1
_RUNNER_METADATA = ("papermill", "execution", "widgets")
_WIDGET_TYPES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
_KEPT_OUTPUT = "keep_output"
_INJECTED = "injected-parameters"


def notebook_sha256(notebook: Path) -> str:
    """Return the sha256 of what a notebook does: type, source and tags of its cells in order, and its kernel.

    Outputs and counters are not part of it, so that a notebook which somebody has looked at is still the same.

    Raises
    ------
    ReportError
        RAP-01: the notebook cannot be read.
    """
    node = _read(notebook)
    cells = [[cell.cell_type, cell.source, list(cell.metadata.get("tags", []))] for cell in node.cells]
    kernel = node.metadata.get("kernelspec", {}).get("name", "")
    return hashlib.sha256(json.dumps([kernel, cells], ensure_ascii=False).encode()).hexdigest()


def check_registered(notebook: Path, register: Path) -> None:
    """Refuse to run a notebook that nobody has registered.

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
    digest = notebook_sha256(notebook)
    if digest not in read_register(register).values():
        raise ReportError.of("SIK-21", file=notebook, found=digest[:12], register=register.name)
    for number, cell in enumerate(_read(notebook).cells, start=1):
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


def register_notebooks(register: Path, notebooks: Iterable[Path]) -> dict[str, str]:
    """Write the register anew with the notebooks of a project as they are now, and return it.

    Parameters
    ----------
    register : pathlib.Path
        A file in or above the folder of the notebooks; names are relative to its folder.
    """
    home = register.parent.resolve()
    found = {path.resolve().relative_to(home).as_posix(): notebook_sha256(path) for path in notebooks}
    content = {"schema_version": REGISTER_VERSION, "notebooks": dict(sorted(found.items()))}
    write_atomic(register, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return found


def clean_executed(node: nbformat.NotebookNode, places: Iterable[Path] = ()) -> nbformat.NotebookNode:
    """Take out of an executed notebook what is not for others, in place, and return it.

    State of widgets, metadata of the runner, what was written to standard error, and message and traceback of an error
    go; of an error its name stays. Folders of this machine in the given parameters are cut to what follows them.
    """
    folders = sorted({f"{place.resolve()}/" for place in places}, key=len, reverse=True)
    for item in (node, *node.cells):
        for name in _RUNNER_METADATA:
            item.metadata.pop(name, None)
    for cell in node.cells:
        if "outputs" in cell:
            cell.outputs = [kept for output in cell.outputs if (kept := _clean_output(output)) is not None]
        if _INJECTED in cell.metadata.get("tags", []):
            for folder in folders:
                cell.source = cell.source.replace(folder, "")
    return node


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
