"""Run notebooks and publish what they stored: one failure is listed and does not stop the others.

A notebook is run into an archive folder. Only when every cell has run, ``results.json`` exists and it is about the
subject that was asked for, do the page and the results go where readers look; until then, and after any failure,
what was published before stays untouched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from kvalitet_eval.errors import Finding, KvalitetError, ReportError, UsageError
from kvalitet_eval.persons import without_persons
from kvalitet_eval.report.html import render_page
from kvalitet_eval.report.manifest import ManifestEntry, append_entry, begin_run
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.notebook import execute
from kvalitet_eval.report.parameters import check_parameters
from kvalitet_eval.report.safe_notebooks import REGISTER, check_registered
from kvalitet_eval.report.safe_paths import folder_cutter, path_in
from kvalitet_eval.report.store import write_atomic
from kvalitet_eval.report.subject import Subject, id_of_file

RESULTS_PARAMETER = "results_file"
RESULTS_SUFFIX = ".results.json"
DEFAULT_TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make.

    Parameters
    ----------
    notebook : pathlib.Path
        The template; it must declare a parameter named as the subject's kind, and ``results_file``.
    subject : Subject
        Who the report is about.
    parameters : mapping
        The other parameters of the notebook.
    working_folder : pathlib.Path
        Current folder of the kernel: the project's root.
    archive : pathlib.Path
        Folder of executed notebooks and of results that are not yet checked.
    publish : pathlib.Path
        Folder of the pages.
    index_href : str
        Where a page's link to the index leads; empty for none.
    timeout_seconds : float
        Longest time for one cell.
    """

    notebook: Path
    subject: Subject
    working_folder: Path
    archive: Path
    publish: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    index_href: str = ""
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    @property
    def executed(self) -> Path:
        """Where the executed notebook lies afterwards, also after a failure."""
        return (self.archive / f"{self.subject.id}.ipynb").resolve()

    @property
    def stored(self) -> Path:
        """Where the notebook itself stores its results."""
        return (self.archive / f"{self.subject.id}{RESULTS_SUFFIX}").resolve()

    @property
    def all_parameters(self) -> dict[str, Any]:
        """Everything that is given to the notebook."""
        return {**self.parameters, self.subject.kind: self.subject.id, RESULTS_PARAMETER: str(self.stored)}


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of a job; ``error`` is None when it was published, ``outputs`` is file name to sha256."""

    subject: Subject
    status: Literal["done", "failed"]
    seconds: float
    outputs: Mapping[str, str] = field(default_factory=dict)
    error: KvalitetError | None = None


Progress = Callable[[int, int, JobResult], None]


def run_many(
    jobs: Sequence[Job], *, n_jobs: int = 2, on_progress: Progress | None = None, manifest: Path | None = None
) -> tuple[JobResult, ...]:
    """Make several reports; the result has one entry per job, in the order given.

    Parameters
    ----------
    jobs : sequence of Job
        All their parameters are checked before the first kernel starts.
    n_jobs : int
        How many notebooks run at the same time, at least 1.
    on_progress : callable, optional
        Called in the caller's thread after each job with the number finished, the number of jobs and the result.
    manifest : pathlib.Path, optional
        JSON-lines file that gets one line per job.

    Raises
    ------
    UsageError
        Parameters are wrong; all faults of all jobs, and nothing has run.
    ReportError
        A template is not registered or cannot be read, and nothing has run; or the manifest cannot be written.
    """
    _check_all(jobs)
    run = begin_run()
    results: dict[int, JobResult] = {}
    with ThreadPoolExecutor(max_workers=max(1, n_jobs)) as pool:
        waiting = {pool.submit(run_job, job): index for index, job in enumerate(jobs)}
        try:
            for future in as_completed(waiting):
                result = results[waiting[future]] = future.result()
                if manifest is not None:
                    append_entry(manifest, _entry(result, jobs[waiting[future]].working_folder, run))
                if on_progress is not None:
                    on_progress(len(results), len(jobs), result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(results[index] for index in range(len(jobs)))


def exit_code(results: Sequence[JobResult]) -> int:
    """Return 0 when everything was published, 1 when something failed."""
    return int(any(result.status == "failed" for result in results))


def run_job(job: Job) -> JobResult:
    """Run one notebook and publish its report; a failure of any kind is returned, never raised."""
    started = time.monotonic()
    try:
        outputs = _publish(job, _run(job))
    except KvalitetError as error:
        return JobResult(job.subject, "failed", time.monotonic() - started, error=error)
    except Exception as unexpected:  # one report must never take the others with it
        error = ReportError.of(
            "RAP-19",
            file=job.executed,
            found=without_persons(f"{type(unexpected).__name__}: {unexpected}"),
            subject=job.subject.id,
        )
        error.__cause__ = unexpected
        return JobResult(job.subject, "failed", time.monotonic() - started, error=error)
    return JobResult(job.subject, "done", time.monotonic() - started, outputs)


def _check_all(jobs: Sequence[Job]) -> None:
    """Refuse unregistered templates, then wrong parameters; what several refuse for one reason is told of the first."""
    unread: dict[Path, Sequence[Finding]] = {}
    for job in jobs:
        try:
            if job.notebook not in unread:
                unread[job.notebook] = ()
                check_registered(job.notebook, job.working_folder / REGISTER)
        except ReportError as error:
            unread[job.notebook] = error.findings
    if refused := [item for items in unread.values() for item in items]:
        raise ReportError(refused)
    faults: dict[tuple[object, ...], Finding] = {}
    for job in jobs:
        try:
            check_parameters(job.notebook, job.all_parameters)
        except UsageError as error:
            for item in error.findings:
                faults.setdefault((item.code, item.found, item.facts.get("parameter")), item)
    if faults:
        raise UsageError(faults.values())


def _run(job: Job) -> Report:
    """Execute the notebook and return the results it stored, if they are about the right subject."""
    job.stored.unlink(missing_ok=True)
    parameters = check_parameters(job.notebook, job.all_parameters)
    execute(job.notebook, parameters, job.executed, job.working_folder, job.timeout_seconds)
    where = {"file": job.executed, "subject": job.subject.id}
    if not job.stored.exists():
        raise ReportError.of("RAP-08", **where)
    report = load(job.stored)
    if not report.subject.is_same(job.subject):
        raise ReportError.of("RAP-09", found=report.subject.id, kind=job.subject.kind, **where)
    return report


def _publish(job: Job, report: Report) -> dict[str, str]:
    """Write page and results, then remove those the same subject had under another name; return the hashes."""
    page = render_page(report, index_href=job.index_href)
    contents = {f"{report.file_stem}{RESULTS_SUFFIX}": report.to_json(), f"{report.file_stem}.html": page}
    outputs = {name: write_atomic(path_in(job.publish, name), content) for name, content in contents.items()}
    for suffix in (RESULTS_SUFFIX, ".html"):
        for old in job.publish.glob(f"{job.subject.id}*{suffix}"):
            if old.name not in outputs and id_of_file(old.name) == job.subject.id:
                old.unlink()
    return outputs


def _entry(result: JobResult, root: Path, run: str) -> ManifestEntry:
    """Return what the manifest keeps; it lies among the reports, so it does not name the folder of the project."""
    error = None if result.error is None else folder_cutter([root])(str(result.error))
    subject, seconds = result.subject, round(result.seconds, 3)
    return ManifestEntry(subject.kind, subject.id, result.status, seconds, result.outputs, error, run=run)
