"""Documents about the participating municipalities, their cohorts and the programme."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kvalitet_eval.config import Config
from kvalitet_eval.errors import Finding, ReportError, UsageError, finding
from kvalitet_eval.prepare.language_forms import language_of, read_language_forms
from kvalitet_eval.present.messages import languages, text
from kvalitet_eval.report.case import participant, reportable
from kvalitet_eval.report.documents import FOLDERS, TEMPLATES, Document
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.formats import Setting, formats_of
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.own_texts import written_documents
from kvalitet_eval.report.page import PAGES
from kvalitet_eval.report.run import LANGUAGE_PARAMETER, RESULTS_PARAMETER, Job, JobResult, Part, Progress, run_many
from kvalitet_eval.report.site import index_name
from kvalitet_eval.report.store import Lock, remove_leftovers
from kvalitet_eval.report.subject import ID_PATTERNS, Subject, SubjectKind
from kvalitet_eval.report.wanted import Wanted

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
    setting = Setting(_indexes(config, imported), wanted.word_template, wanted.template_name)
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


def _indexes(config: Config, imported: Imported) -> dict[str, str]:
    """Return where the index lies in each language, seen from a page."""
    origin, main = str(imported.record["origin"]), config.programme.language
    return {language: f"../{index_name(origin, language, main)}" for language in languages()}


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
    return text(f"page.{id}.title")


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
