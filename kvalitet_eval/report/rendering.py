"""Documents about the participating municipalities and their cohorts, and the index that leads to them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kvalitet_eval.config import Config
from kvalitet_eval.errors import Finding, ReportError, UsageError, finding
from kvalitet_eval.prepare.language_forms import language_of, read_language_forms
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.case import participant, reportable
from kvalitet_eval.report.documents import FOLDERS, TEMPLATES, Document
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.formats import Setting, formats_of
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.own_texts import written_documents
from kvalitet_eval.report.page import PAGES
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
    common = {
        "working_folder": config.root,
        "archive": config.reports / ARCHIVE,
        "parameters": {"programme": str(config.path), **given},
        "formats": wanted.formats,
        "setting": setting,
    }
    jobs = []
    for subject in subjects:
        parts = _parts(config, imported, wanted, subject, language_of(config, forms, subject.id))
        jobs.append(Job(subject, parts, publish=config.reports / FOLDERS[subject.kind], **common))
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
    for kind, ids in asked.items():
        for id in dict.fromkeys(ids):
            try:
                subjects.append(Subject(kind, id, _NAMES[kind](config, imported, id)))
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


def _programme(config: Config, _: Imported, id: str) -> str:
    return config.programme.name


def _page(_: Config, __: Imported, id: str) -> str:
    if id not in PAGES:
        raise UsageError.of("BRK-30", column="page", found=id, allowed=", ".join(PAGES))
    return id


_NAMES: Mapping[SubjectKind, Callable[[Config, Imported, str], str]] = MappingProxyType(
    {"municipality": _municipality, "cohort": _cohort, "programme": _programme, "page": _page}
)


def _everybody(config: Config, imported: Imported) -> dict[SubjectKind, Sequence[str]]:
    cohorts = [intake.id for intake in config.intakes]
    return {
        "municipality": reportable(imported),
        "cohort": cohorts,
        "programme": [config.programme.id],
        "page": PAGES,
    }


def _documents(config: Config, imported: Imported, wanted: Wanted, subject: Subject) -> tuple[Document, ...]:
    """Return the documents of a subject; unless told otherwise also those that a municipality has written texts for."""
    documents = wanted.documents_of(subject.kind)
    if wanted.documents or subject.kind != "municipality":
        return documents
    written = written_documents(config, subject.id, imported.register)
    return (*documents, *(item for item in written if item not in documents and formats_of(item, wanted.formats)))


def _parts(config: Config, imported: Imported, wanted: Wanted, subject: Subject, own: str) -> tuple[Part, ...]:
    """Return the documents of a subject in the languages that are wanted, else in its own."""
    notebooks = config.root / NOTEBOOKS
    return tuple(
        Part(notebooks / f"{TEMPLATES[subject.kind, document]}.ipynb", document, language)
        for document in _documents(config, imported, wanted, subject)
        for language in wanted.languages or (own,)
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
