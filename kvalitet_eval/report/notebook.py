"""Execute one notebook and say in which cell it failed; nothing but the notebook's own outputs is kept."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from kvalitet_eval.errors import ReportError
from kvalitet_eval.persons import without_persons
from kvalitet_eval.report.kernel import KERNEL_NAME, PinnedKernelManager
from kvalitet_eval.report.safe_notebooks import REGISTER, check_registered, clean_executed
from kvalitet_eval.report.store import write_atomic
from kvalitet_eval.report.subject import subject_id

START_TIMEOUT_SECONDS = 120
_LONGEST_MESSAGE = 300
_RUNNER_LOG = logging.getLogger("papermill")
_RUNNER_LOG.disabled = True  # it repeats every output and traceback, and whatever of raw data is in them
_RUNNER_LOG.addHandler(logging.NullHandler())  # what its parts have to say of parameters is in our errors
_RUNNER_LOG.propagate = False


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    executed_path: Path,
    cwd: Path,
    timeout: float,
) -> None:
    """Run a notebook from top to bottom in a fresh kernel and keep the executed copy, also when it fails.

    Parameters
    ----------
    notebook : pathlib.Path
        The template; never changed.
    parameters : mapping
        Checked values, see ``parameters.check_parameters``.
    executed_path : pathlib.Path
        Where the executed copy goes, cleaned of what is not for others. It is an archive: results are in
        ``results.json``.
    cwd : pathlib.Path
        The kernel's working folder, the root of the project. Its register of notebooks decides what may run.
    timeout : float
        Longest time for one cell, seconds.

    Raises
    ------
    ReportError
        SIK-21, SIK-22, SIK-23 the template is not registered as it is, RAP-01 it cannot be read; nothing has run.
        RAP-04 a cell failed (with cell and message), RAP-05 a cell took too long, RAP-06 the kernel died, RAP-07 the
        notebook stopped before its last cell without an error.
    """
    executed_path = executed_path.resolve()
    facts = {"file": executed_path, "subject": subject_id(parameters)}
    node = check_registered(notebook, cwd / REGISTER)
    executed_path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="kvalitet-") as private:
        raw = Path(private) / "executed.ipynb"
        try:
            _run(node, parameters, raw, cwd, timeout)
        except PapermillExecutionError as error:
            raise ReportError.of("RAP-04", found=_last_line(error), cell=error.exec_count or "?", **facts) from error
        except CellTimeoutError as error:
            raise ReportError.of("RAP-05", seconds=f"{timeout:g}", cell=_last_cell(raw), **facts) from error
        except (DeadKernelError, RuntimeError) as error:
            raise ReportError.of("RAP-06", found=without_persons(str(error)), cell=_last_cell(raw), **facts) from error
        finally:
            with contextlib.suppress(OSError, ValueError):
                _keep(raw, executed_path, (cwd, Path.home(), Path(tempfile.gettempdir())))
    _check_all_cells_ran(executed_path, facts)


def _run(node: nbformat.NotebookNode, parameters: Mapping[str, Any], raw: Path, cwd: Path, timeout: float) -> None:
    """Run a notebook in a fresh kernel; the runner writes its copy, with all it knows, to a private place."""
    papermill.execute_notebook(
        node,
        str(raw).replace("{", "{{").replace("}", "}}"),  # papermill takes a path for a format string
        parameters=dict(parameters),
        kernel_name=KERNEL_NAME,
        language="python",
        progress_bar=False,
        log_output=False,
        start_timeout=START_TIMEOUT_SECONDS,
        execution_timeout=timeout,
        kernel_manager_class=PinnedKernelManager,
        shutdown_kernel="immediate",  # everything that is kept has been written and flushed
        resources={"metadata": {"path": str(cwd)}},  # papermill's own cwd would move the whole process
    )


def _last_line(error: PapermillExecutionError) -> str:
    message = without_persons(" ".join(str(error.evalue).split()))
    shown = f"{error.ename}: {message}" if message else str(error.ename)
    return shown if len(shown) <= _LONGEST_MESSAGE else shown[: _LONGEST_MESSAGE - 1] + "…"


def _code_cells(executed_path: Path) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(executed_path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]


def _last_cell(executed_path: Path) -> int:
    """Return the number of the cell that was running: the last that the runner says it started."""
    try:
        cells = _code_cells(executed_path)
    except (OSError, ValueError):
        return 1
    return max(1, sum(1 for cell in cells if cell.metadata.get("papermill", {}).get("start_time")))


def _check_all_cells_ran(executed_path: Path, facts: Mapping[str, Any]) -> None:
    """Refuse a notebook that ended early without an error, for example by ``sys.exit(0)``."""
    for number, cell in enumerate(_code_cells(executed_path), start=1):
        stopped = any(o.output_type == "error" for o in cell.outputs)
        if stopped or cell.execution_count is None:
            raise ReportError.of("RAP-07", cell=number, **facts)


def _keep(raw: Path, executed_path: Path, places: Iterable[Path]) -> None:
    """Write the executed copy without what is not for others: of a run that failed too, of one never begun nothing."""
    if raw.is_file():
        node = clean_executed(nbformat.read(raw, as_version=4), places)
        write_atomic(executed_path, nbformat.writes(node))
