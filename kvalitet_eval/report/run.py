"""Run notebooks and publish what they stored: one failure is listed and does not stop the others.

A notebook is run into an archive folder, once for each document and language. Only when every cell of all of them has
run, each has stored results about the subject, the document and the language that were asked for, and every format has
been made of the results, do the files go where readers look; until then, and after any failure, what was published
before stays untouched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from kvalitet_eval.errors import Finding, KvalitetError, ReportError, UsageError, finding
from kvalitet_eval.persons import without_persons
from kvalitet_eval.report import formats as registry
from kvalitet_eval.report.documents import RESULTS_SUFFIX, Document, archive_stem
from kvalitet_eval.report.manifest import ManifestEntry, append_entry, begin_run
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.notebook import execute
from kvalitet_eval.report.page_links import page_links
from kvalitet_eval.report.parameters import check_parameters
from kvalitet_eval.report.prose import readability_of
from kvalitet_eval.report.published_files import publish
from kvalitet_eval.report.safe_notebooks import REGISTER, check_registered
from kvalitet_eval.report.safe_paths import folder_cutter
from kvalitet_eval.report.subject import Subject

RESULTS_PARAMETER = "results_file"
LANGUAGE_PARAMETER = "language"
DEFAULT_TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Part:
    """One document in one language, and the template that makes it.

    Parameters
    ----------
    notebook : pathlib.Path
        It must declare a parameter named as the subject's kind, ``language`` and ``results_file``.
    document, language : str
        What its results must say that they are.
    """

    notebook: Path
    document: Document = "report"
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class Job:
    """The documents to make about one subject.

    Parameters
    ----------
    subject : Subject
        Who they are about.
    parts : tuple of Part
        Each is one run of a notebook; all are published together or none.
    working_folder : pathlib.Path
        Current folder of the kernel: the project's root.
    archive : pathlib.Path
        Folder of executed notebooks and of results that are not yet checked.
    publish : pathlib.Path
        Folder of the published files.
    parameters : mapping
        The other parameters of the notebooks.
    formats : tuple of str
        Names in ``formats.RENDERERS``; without any, the usual ones of each document.
    setting : Setting
        What the files depend on beside the results.
    timeout_seconds : float
        Longest time for one cell.
    """

    subject: Subject
    parts: tuple[Part, ...]
    working_folder: Path
    archive: Path
    publish: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    setting: registry.Setting = field(default_factory=registry.Setting)
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    def executed(self, part: Part) -> Path:
        """Where the executed notebook lies afterwards, also after a failure."""
        return (self.archive / f"{archive_stem(self.subject, part.document, part.language)}.ipynb").resolve()

    def stored(self, part: Part) -> Path:
        """Where the notebook itself stores its results."""
        return self.executed(part).with_suffix(RESULTS_SUFFIX)

    def all_parameters(self, part: Part) -> dict[str, Any]:
        """Everything that is given to the notebook."""
        own = {LANGUAGE_PARAMETER: part.language, RESULTS_PARAMETER: str(self.stored(part))}
        return {**self.parameters, **self.subject.parameters, **own}


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of a job.

    Parameters
    ----------
    subject, status, seconds
        Who it was about, whether it was published, and the wall time.
    outputs : mapping of str to str
        File name to sha256.
    error : KvalitetError or None
        None when it was published.
    lix : mapping of str to float
        How hard the prose of each document is to read, see ``present.readability``, by stem of its file names.
    """

    subject: Subject
    status: Literal["done", "failed"]
    seconds: float
    outputs: Mapping[str, str] = field(default_factory=dict)
    error: KvalitetError | None = None
    lix: Mapping[str, float] = field(default_factory=dict)


Progress = Callable[[int, int, JobResult], None]


def run_many(
    jobs: Sequence[Job], *, n_jobs: int = 2, on_progress: Progress | None = None, manifest: Path | None = None
) -> tuple[JobResult, ...]:
    """Make the documents of several subjects; the result has one entry per job, in the order given.

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
    """Run a subject's notebooks and publish its files; a failure of any kind is returned, never raised."""
    started = time.monotonic()
    try:
        reports = [_run(job, part) for part in job.parts]
        outputs = publish(job.subject, _files(job, reports), job.publish)
    except KvalitetError as error:
        return JobResult(job.subject, "failed", time.monotonic() - started, error=error)
    except Exception as unexpected:  # one report must never take the others with it
        found = _named(unexpected)
        error = ReportError.of("RAP-19", file=job.archive.resolve(), found=found, subject=job.subject.id)
        error.__cause__ = unexpected
        return JobResult(job.subject, "failed", time.monotonic() - started, error=error)
    lix = {report.file_stem: round(readability_of(report).lix, 1) for report in reports}
    return JobResult(job.subject, "done", time.monotonic() - started, outputs, lix=lix)


def _check_all(jobs: Sequence[Job]) -> None:
    """Refuse unregistered templates, then wrong parameters; what several refuse for one reason is told of the first."""
    unread: dict[Path, Sequence[Finding]] = {}
    parts = [(job, part) for job in jobs for part in job.parts]
    for job, part in parts:
        try:
            if part.notebook not in unread:
                unread[part.notebook] = ()
                check_registered(part.notebook, job.working_folder / REGISTER)
        except ReportError as error:
            unread[part.notebook] = error.findings
    if refused := [item for items in unread.values() for item in items]:
        raise ReportError(refused)
    faults: dict[tuple[object, ...], Finding] = {}
    for job, part in parts:
        try:
            check_parameters(part.notebook, job.all_parameters(part))
        except UsageError as error:
            for item in error.findings:
                faults.setdefault((item.code, item.found, item.facts.get("parameter")), item)
    if faults:
        raise UsageError(faults.values())


def _run(job: Job, part: Part) -> Report:
    """Execute the notebook and return the results it stored, if they are what was asked for."""
    stored, executed = job.stored(part), job.executed(part)
    stored.unlink(missing_ok=True)
    parameters = check_parameters(part.notebook, job.all_parameters(part))
    execute(part.notebook, parameters, executed, job.working_folder, job.timeout_seconds)
    where = {"file": executed, "subject": job.subject.id}
    if not stored.exists():
        raise ReportError.of("RAP-08", **where)
    report = load(stored)
    if not report.subject.is_same(job.subject):
        raise ReportError.of("RAP-09", found=report.subject.id, kind=job.subject.kind, **where)
    made, wanted = (report.document, report.language), (part.document, part.language)
    if made != wanted:
        raise ReportError.of("RAP-25", found=", ".join(made), expected=", ".join(wanted), **where)
    return report


def _files(job: Job, reports: Sequence[Report]) -> list[tuple[Report, dict[str, str | bytes]]]:
    """Make every format of every document, pages last, and tell of all that could not be made."""
    made: list[tuple[Report, dict[str, str | bytes]]] = [(report, {}) for report in reports]
    failed: list[tuple[list[Finding], Exception]] = []
    for is_page in (False, True):
        with_page = [(report, files) for report, files in made if registry.LINKING in _formats(job, report)]
        before = [(report, dict(files)) for report, files in with_page]
        for report, files in made:
            links = page_links(report, before) if is_page else None
            for name in _formats(job, report):
                if (name == registry.LINKING) == is_page:
                    files.update(_made(report, name, replace(job.setting, links=links), job, failed))
    if failed:
        raise ReportError([item for findings, _ in failed for item in findings]) from failed[0][1]
    return made


def _formats(job: Job, report: Report) -> tuple[str, ...]:
    return registry.formats_of(report.document, job.formats)


def _made(
    report: Report, name: str, setting: registry.Setting, job: Job, failed: list[tuple[list[Finding], Exception]]
) -> Mapping[str, str | bytes]:
    """Make one format; a failure is remembered, so that it does not hide another's."""
    try:
        return registry.RENDERERS[name](report, setting)
    except Exception as error:
        facts = {"document": report.document, "lang": report.language, "subject": job.subject.id}
        own = error.findings if isinstance(error, KvalitetError) else ()
        failed.append(([finding("RAP-26", found=_named(error), format=name, **facts), *own], error))
        return {}


def _named(error: Exception) -> str:
    """Return an error in one line, persons hidden; what its findings say is told by them."""
    said = ", ".join(item.code for item in error.findings) if isinstance(error, KvalitetError) else str(error)
    return without_persons(f"{type(error).__name__}: {said}")


def _entry(result: JobResult, root: Path, run: str) -> ManifestEntry:
    """Return what the manifest keeps; it lies among the reports, so it does not name the folder of the project."""
    error = None if result.error is None else folder_cutter([root])(str(result.error))
    subject, seconds = result.subject, round(result.seconds, 3)
    return ManifestEntry(subject.kind, subject.id, result.status, seconds, result.outputs, error, result.lix, run=run)
