"""Reports for the participating municipalities, and the index that leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.case import REPORTED_STATUSES, participant
from kvalitet_eval.report.evaluation import Evaluation, load_evaluation
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.run import Job, JobResult, Progress, run_many
from kvalitet_eval.report.site import collect_site, find_reports, index_name, render_index
from kvalitet_eval.report.store import Lock, remove_leftovers, write_atomic

TEMPLATE = Path("notebooks") / "reports" / "municipality.ipynb"
PAGES = "municipalities"
ARCHIVE = "archive"
MANIFEST = "manifest.jsonl"


def render_reports(
    config: Config,
    municipalities: Sequence[str] = (),
    *,
    n_jobs: int = 2,
    parameters: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> tuple[JobResult, ...]:
    """Make the reports of some municipalities, or of all that took part.

    Parameters
    ----------
    config : Config
        The programme.
    municipalities : sequence of str
        Numbers in the programme's borders; empty for all participants.
    n_jobs : int
        Notebooks run at the same time.
    parameters : mapping, optional
        Further parameters of the notebook.
    on_progress : callable, optional
        Called after each report.

    Raises
    ------
    UsageError
        A municipality does not exist or does not take part, or a parameter is wrong; nothing has run.
    ReportError
        Import or evaluation is missing or out of date.
    LockedError
        Another run is making reports of this programme.
    """
    imported = load_imported(config)
    load_evaluation(config, imported)
    table = imported.membership
    for number in municipalities:
        participant(table, number, config)
    wanted = list(dict.fromkeys(municipalities)) or list(
        table.loc[table["status"].isin(REPORTED_STATUSES), "municipality_number"]
    )
    jobs = [_job(config, imported, number, parameters or {}) for number in wanted]
    with Lock(config.reports):
        remove_leftovers(config.reports)
        return run_many(jobs, n_jobs=n_jobs, on_progress=on_progress, manifest=config.reports / MANIFEST)


def write_site(config: Config) -> Path:
    """Write the index of all reports there are, and return its path.

    Raises
    ------
    ReportError
        No report has been made yet, or import or evaluation is missing.
    """
    imported = load_imported(config)
    pages = find_reports(config.reports / PAGES, config.reports)
    if not pages:
        raise ReportError.of("BRK-13", file=config.reports / PAGES)
    origin = str(imported.record["origin"])
    site = collect_site(
        config,
        participation_account(config, imported.register, imported.participants),
        imported.membership,
        pages=pages,
        facts=run_facts(config, imported, load_evaluation(config, imported)),
        origin=origin,
    )
    path = config.reports / index_name(origin)
    with Lock(config.reports):
        write_atomic(path, render_index(site))
    return path


def run_facts(config: Config, imported: Imported, evaluation: Evaluation, language: str = "nb") -> RunFacts:
    """What every page prints at its foot: data, period, method, hashes and version."""
    record = evaluation.record
    comparison = text(f"comparison.{record['comparison']}", language)
    return RunFacts.collect(
        config,
        source=panel_source(imported, language),
        period=numbers.window(str(record["first_quarter"]), str(record["last_quarter"]), language),
        method=text("case.method", language, comparison=comparison),
        n_municipalities=int((evaluation.account["role"] != "left_out").sum()),
        data_sha256=str(imported.record["panel_sha256"]),
    )


def panel_source(imported: Imported, language: str = "nb") -> str:
    """Name the panel's source as it stands under figures and tables."""
    key = "case.source.synthetic" if imported.is_synthetic else "case.source.observed"
    return text(key, language, file=imported.record["source_file"])


def _job(config: Config, imported: Imported, number: str, parameters: Mapping[str, str]) -> Job:
    return Job(
        notebook=config.root / TEMPLATE,
        municipality=number,
        working_folder=config.root,
        archive=config.reports / ARCHIVE,
        publish=config.reports / PAGES,
        parameters={"programme": str(config.path), **parameters},
        index_href=f"../{index_name(str(imported.record['origin']))}",
    )
