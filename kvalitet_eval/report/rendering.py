"""Reports for the participating municipalities, and the index that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kvalitet_eval.config import Config
from kvalitet_eval.errors import UsageError, finding
from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.report.case import participant, reportable
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.imported import Imported, load_imported
from kvalitet_eval.report.model import load
from kvalitet_eval.report.parameters import MUNICIPALITY
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.report.run import RESULTS_PARAMETER, RESULTS_SUFFIX, Job, JobResult, run_many
from kvalitet_eval.report.site import collect_site, find_reports, index_name, render_index
from kvalitet_eval.report.store import Lock, remove_leftovers, write_atomic
from kvalitet_eval.results import OBSERVED, SYNTHETIC

TEMPLATE = Path("notebooks") / "reports" / "municipality.ipynb"
PAGES = "municipalities"
ARCHIVE = "archive"
MANIFEST = "manifest.jsonl"
OWN_PARAMETERS = (MUNICIPALITY, RESULTS_PARAMETER, "programme")
Progress = Callable[[int, int, str, JobResult], None]


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
        Numbers in the programme's borders; empty for all participants that the panel has figures for.
    n_jobs : int
        Notebooks run at the same time.
    parameters : mapping, optional
        Further parameters of the notebook.
    on_progress : callable, optional
        Called after each report with the number finished, the number of reports, the municipality's name and the
        result.

    Raises
    ------
    UsageError
        A municipality does not exist, does not take part or has no figures, or a parameter is wrong; nothing has run.
    ReportError
        Import or evaluation is missing or out of date.
    LockedError
        Another run is writing data or reports of this programme.
    """
    imported = load_imported(config)
    load_evaluation(config, imported)
    _check(config, imported, municipalities, parameters or {})
    table = imported.membership
    names = dict(zip(table["municipality_number"], table["name"], strict=True))

    def tell(done: int, total: int, result: JobResult) -> None:
        if on_progress is not None:
            on_progress(done, total, names[result.municipality], result)

    wanted = list(dict.fromkeys(municipalities)) or reportable(imported)
    jobs = [_job(config, imported, number, parameters or {}) for number in wanted]
    with Lock(config.processed):
        remove_leftovers(config.reports)
        return run_many(jobs, n_jobs=n_jobs, on_progress=tell, manifest=config.reports / MANIFEST)


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
    facts = run_facts(config, imported, load_evaluation(config, imported))
    pages = {
        number: page
        for number, page in find_reports(config.reports / PAGES, config.reports).items()
        if load((config.reports / page).with_suffix(RESULTS_SUFFIX)).facts == facts
    }
    if not pages:
        raise UsageError.of("BRK-13", file=config.reports / PAGES)
    origin = str(imported.record["origin"])
    site = collect_site(
        config,
        participation_account(config, imported.register, imported.participants),
        imported.membership,
        pages=pages,
        facts=facts,
        origin=origin,
    )
    path = config.reports / index_name(origin)
    with Lock(config.processed):
        write_atomic(path, render_index(site))
        for other in {index_name(OBSERVED), index_name(SYNTHETIC)} - {path.name}:
            path.with_name(other).unlink(missing_ok=True)
    return path


def _check(config: Config, imported: Imported, municipalities: Sequence[str], parameters: Mapping[str, str]) -> None:
    """Refuse what cannot be reported on and parameters that the command sets itself, all at once."""
    faults = [finding("BRK-15", column="--parameter", found=name) for name in parameters if name in OWN_PARAMETERS]
    for number in municipalities:
        try:
            participant(imported, number, config)
        except UsageError as error:
            faults += error.findings
    if faults:
        raise UsageError(faults)


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
