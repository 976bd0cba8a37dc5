"""Reports for the participating municipalities and their cohorts."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kvalitet_eval.config import Config
from kvalitet_eval.errors import UsageError, finding
from kvalitet_eval.report.case import participant, reportable
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.run import RESULTS_PARAMETER, Job, JobResult, Progress, run_many
from kvalitet_eval.report.site import index_name
from kvalitet_eval.report.store import Lock, remove_leftovers
from kvalitet_eval.report.subject import ID_PATTERNS, Subject

TEMPLATES = Path("notebooks") / "reports"
FOLDERS: Mapping[str, str] = MappingProxyType({"municipality": "municipalities", "cohort": "cohorts"})
ARCHIVE = "archive"
MANIFEST = "manifest.jsonl"
OWN_PARAMETERS = (*ID_PATTERNS, RESULTS_PARAMETER, "programme")


def render_reports(
    config: Config,
    municipalities: Sequence[str] = (),
    cohorts: Sequence[str] = (),
    *,
    n_jobs: int = 2,
    parameters: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> tuple[JobResult, ...]:
    """Make the reports of some municipalities and cohorts, or of all when none is named.

    Parameters
    ----------
    config : Config
        The programme.
    municipalities : sequence of str
        Numbers in the programme's borders.
    cohorts : sequence of str
        Ids of intakes in the programme file. Without any municipality or cohort: all participants that the panel has
        figures for, and all intakes.
    n_jobs : int
        Notebooks run at the same time.
    parameters : mapping, optional
        Further parameters of the notebooks.
    on_progress : callable, optional
        Called after each report with the number finished, the number of reports and the result.

    Raises
    ------
    UsageError
        A municipality does not exist, does not take part or has no figures, there is no such intake, or a parameter is
        wrong; nothing has run.
    ReportError
        Import or evaluation is missing or out of date.
    LockedError
        Another run is writing data or reports of this programme.
    """
    imported = load_imported(config)
    load_evaluation(config, imported)
    named = {"municipality": municipalities, "cohort": cohorts}
    wanted = named if any(named.values()) else _everybody(config, imported)
    subjects = _subjects(config, imported, wanted, parameters or {})
    jobs = [_job(config, imported, subject, parameters or {}) for subject in subjects]
    with Lock(config.processed):
        remove_leftovers(config.reports)
        return run_many(jobs, n_jobs=n_jobs, on_progress=on_progress, manifest=config.reports / MANIFEST)


def _subjects(
    config: Config, imported: Imported, wanted: Mapping[str, Sequence[str]], parameters: Mapping[str, str]
) -> list[Subject]:
    """Return whom reports are asked about, each once; refuse everything that is wrong with the request at once."""
    faults = [finding("BRK-15", column="--parameter", found=name) for name in parameters if name in OWN_PARAMETERS]
    subjects = []
    for kind, find in (("municipality", _municipality), ("cohort", _cohort)):
        for id in dict.fromkeys(wanted[kind]):
            try:
                subjects.append(Subject(kind, id, find(config, imported, id)))
            except UsageError as error:
                faults += error.findings
    if faults:
        raise UsageError(faults)
    return subjects


def _municipality(config: Config, imported: Imported, number: str) -> str:
    return str(participant(imported, number, config)["name"])


def _cohort(config: Config, imported: Imported, id: str) -> str:
    names = {intake.id: intake.name for intake in config.intakes}
    if id not in names:
        nearest = difflib.get_close_matches(id, names, n=1)
        allowed = ", ".join(dict.fromkeys([*nearest, *names]))  # the likely one first
        raise UsageError.of("BRK-18", column="cohort", found=id, allowed=allowed)
    return names[id]


def _everybody(config: Config, imported: Imported) -> dict[str, list[str]]:
    return {"municipality": reportable(imported), "cohort": [intake.id for intake in config.intakes]}


def _job(config: Config, imported: Imported, subject: Subject, parameters: Mapping[str, str]) -> Job:
    return Job(
        notebook=config.root / TEMPLATES / f"{subject.kind}.ipynb",
        subject=subject,
        working_folder=config.root,
        archive=config.reports / ARCHIVE,
        publish=config.reports / FOLDERS[subject.kind],
        parameters={"programme": str(config.path), **parameters},
        index_href=f"../{index_name(str(imported.record['origin']))}",
    )
