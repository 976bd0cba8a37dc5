"""Write the indexes of a programme: one page in each language."""

from __future__ import annotations

from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.changes import last_changes
from kvalitet_eval.report.document_files import find_documents
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.imported import load_imported
from kvalitet_eval.report.manifest import read_manifest
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.report.rendering import MANIFEST
from kvalitet_eval.report.safe_paths import path_in
from kvalitet_eval.report.site import collect_site, index_name, render_index
from kvalitet_eval.report.store import Lock, write_atomic
from kvalitet_eval.results import OBSERVED, SYNTHETIC


def write_site(config: Config) -> Path:
    """Write the indexes of the documents that belong to the present import and evaluation; return the first one's path.

    Raises
    ------
    UsageError
        No such document has been made yet.
    ReportError
        Import or evaluation is missing, or the stored results of a document cannot be read.
    LockedError
        Another run is writing data or reports of this programme.
    """
    imported = load_imported(config)
    evaluation = load_evaluation(config, imported)
    facts = {language: run_facts(config, imported, evaluation, language) for language in languages()}
    documents = [found for found in find_documents(config.reports) if found.facts == facts.get(found.language)]
    if not documents:
        raise UsageError.of("BRK-13", file=config.reports)
    origin = str(imported.record["origin"])
    account = participation_account(config, imported.register, imported.participants)
    changes = last_changes(read_manifest(config.reports / MANIFEST), [document.subject for document in documents])
    shown = {"documents": documents, "changes": changes, "origin": origin}
    main = config.programme.language
    pages = {
        index_name(origin, language, main): render_index(
            collect_site(config, account, imported.membership, **shown, facts=facts[language], language=language)
        )
        for language in facts
    }
    with Lock(config.processed):
        for name, page in pages.items():
            write_atomic(path_in(config.reports, name), page)
        for old in {index_name(of, language, main) for of in (OBSERVED, SYNTHETIC) for language in facts} - set(pages):
            (config.reports / old).unlink(missing_ok=True)
    return config.reports / index_name(origin, main, main)
