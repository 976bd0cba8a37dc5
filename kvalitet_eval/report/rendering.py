"""Documents about the participating municipalities and their cohorts, and the index that leads to them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.errors import Finding, ReportError, UsageError, finding
from kvalitet_eval.prepare.language_forms import language_of, read_language_forms
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.case import participant, reportable
from kvalitet_eval.report.documents import FOLDERS, TEMPLATES
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.formats import Setting
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.report.published_files import published_reports
from kvalitet_eval.report.run import LANGUAGE_PARAMETER, RESULTS_PARAMETER, Job, JobResult, Part, Progress, run_many
from kvalitet_eval.report.safe_paths import path_in
from kvalitet_eval.report.site import collect_site, index_name, render_index
from kvalitet_eval.report.store import Lock, remove_leftovers, write_atomic
from kvalitet_eval.report.subject import ID_PATTERNS, Subject, SubjectKind
from kvalitet_eval.report.wanted import Wanted
from kvalitet_eval.results import OBSERVED, SYNTHETIC

NOTEBOOKS = Path("notebooks") / "reports"
ARCHIVE = "archive"
MANIFEST = "manifest.jsonl"
OWN_PARAMETERS = (*ID_PATTERNS, LANGUAGE_PARAMETER, RESULTS_PARAMETER, "programme")


def render_reports(
    config: Config,
    wanted: Wanted | None = None,
    *,
    n_jobs: int = 2,
    parameters: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> tuple[JobResult, ...]:
    """Make the documents that are wanted; without a wish the reports of all participants and all cohorts.

    Parameters
    ----------
    config : Config
        The programme.
    wanted : Wanted, optional
        About whom, which documents, in which languages and formats.
    n_jobs : int
        Notebooks run at the same time.
    parameters : mapping, optional
        Further parameters of the notebooks.
    on_progress : callable, optional
        Called after each subject with the number finished, the number of subjects and the result.

    Raises
    ------
    UsageError
        A language, format or document does not exist, nobody has such a document, a municipality does not exist, does
        not take part or has no figures, there is no such intake, or a parameter is wrong; nothing has run.
    ReportError
        Import or evaluation is missing or out of date.
    DataError
        The file of language forms is wrong.
    LockedError
        Another run is writing data or reports of this programme.
    """
    wanted, given = wanted or Wanted(), parameters or {}
    faults = [finding("BRK-15", column="--parameter", found=name) for name in given if name in OWN_PARAMETERS]
    faults += wanted.faults()
    subjects, imported = _subjects(config, wanted, faults)
    forms = read_language_forms(config, imported.register)
    setting = Setting(f"../{index_name(str(imported.record['origin']))}", wanted.word_template)
    jobs = [
        _job(config, wanted, subject, language_of(config, forms, subject.id), parameters=given, setting=setting)
        for subject in subjects
    ]
    with Lock(config.processed):
        remove_leftovers(config.reports)
        return run_many(jobs, n_jobs=n_jobs, on_progress=on_progress, manifest=config.reports / MANIFEST)


def write_site(config: Config) -> Path:
    """Write the index of the reports that belong to the present import and evaluation, and return its path.

    Raises
    ------
    UsageError
        No such report has been made yet.
    ReportError
        Import or evaluation is missing.
    LockedError
        Another run is writing data or reports of this programme.
    """
    imported = load_imported(config)
    evaluation = load_evaluation(config, imported)
    facts = {language: run_facts(config, imported, evaluation, language) for language in languages()}
    pages, cohort_pages = (_pages(config, kind, facts) for kind in ("municipality", "cohort"))
    if not pages and not cohort_pages:
        raise UsageError.of("BRK-13", file=config.reports)
    origin = str(imported.record["origin"])
    site = collect_site(
        config,
        participation_account(config, imported.register, imported.participants),
        imported.membership,
        pages=pages,
        cohort_pages=cohort_pages,
        facts=facts["nb"],
        origin=origin,
    )
    path = path_in(config.reports, index_name(origin))
    with Lock(config.processed):
        write_atomic(path, render_index(site))
        for other in {index_name(OBSERVED), index_name(SYNTHETIC)} - {path.name}:
            path.with_name(other).unlink(missing_ok=True)
    return path


def _subjects(config: Config, wanted: Wanted, faults: list[Finding]) -> tuple[list[Subject], Imported]:
    """Return whom documents are asked about, each once; refuse everything that is wrong with the request at once."""
    try:
        imported = load_imported(config)
        load_evaluation(config, imported)
    except ReportError as error:
        raise (UsageError(faults) if faults else error) from error
    named = wanted.named()
    asked = named if any(named.values()) else _everybody(config, imported)
    subjects = []
    for kind, find in (("municipality", _municipality), ("cohort", _cohort)):
        for id in dict.fromkeys(asked[kind]):
            try:
                subjects.append(Subject(kind, id, find(config, imported, id)))
            except UsageError as error:
                faults += error.findings
    if faults:
        raise UsageError(faults)
    return [subject for subject in subjects if wanted.documents_of(subject.kind)], imported


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


def _job(
    config: Config, wanted: Wanted, subject: Subject, language: str, *, parameters: Mapping[str, str], setting: Setting
) -> Job:
    notebooks = config.root / NOTEBOOKS
    return Job(
        subject=subject,
        parts=tuple(
            Part(notebooks / f"{TEMPLATES[subject.kind, document]}.ipynb", document, in_language)
            for document in wanted.documents_of(subject.kind)
            for in_language in wanted.languages or (language,)
        ),
        working_folder=config.root,
        archive=config.reports / ARCHIVE,
        publish=config.reports / FOLDERS[subject.kind],
        parameters={"programme": str(config.path), **parameters},
        formats=wanted.formats,
        setting=setting,
    )


def _pages(config: Config, kind: SubjectKind, facts_in: Mapping[str, RunFacts]) -> dict[str, str]:
    """Find a page about each subject of a kind that rests on the present import and evaluation.

    Where there are several, the one in the programme's language is taken.
    """
    pages: dict[str, str] = {}
    for report in published_reports(config.reports / FOLDERS[kind]):
        page, id = f"{report.file_stem}.html", report.subject.id
        is_wanted = report.document == "report" and page in report.files and report.facts == facts_in[report.language]
        if is_wanted and (id not in pages or report.language == config.programme.language):
            pages[id] = f"{FOLDERS[kind]}/{page}"
    return pages
