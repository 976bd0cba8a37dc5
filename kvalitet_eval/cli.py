"""The command `kvalitet`: thin commands over the stages, messages that say what to do next, exit codes.

0 done; 1 some reports failed (listed); 2 usage; 10-14 config, data, design, estimation, report; 75 another run holds
the lock. Results go to standard output, progress and messages to standard error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import KvalitetError, UsageError, finding
from kvalitet_eval.present.messages import describe, text

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_PROGRAMME = "programmes/kkp.toml"
programme_option = click.option(
    "--programme",
    "programme",
    default=DEFAULT_PROGRAMME,
    show_default=True,
    type=click.Path(path_type=Path),
    help=text("cli.option.programme"),
)
debug_option = click.option("--debug", is_flag=True, help=text("cli.option.debug"))


def reported(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn errors into messages with an exit code, and the returned number into the exit code."""

    @wraps(command)
    def run(*args: Any, debug: bool, **options: Any) -> None:
        try:
            code = command(*args, **options) or 0
        except KvalitetError as error:
            tell_error(error, debug=debug)
            code = error.exit_code
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as unexpected:  # nobody should have to read a traceback to learn that we made a mistake
            error = UsageError.of("BRK-19", found=f"{type(unexpected).__name__}: {unexpected}")
            error.__cause__ = unexpected
            tell_error(error, debug=debug)
            code = 1
        sys.exit(code)

    return debug_option(run)


def tell_error(error: KvalitetError, *, debug: bool) -> None:
    """Show what is wrong and what to do; with ``--debug`` after the traceback of the error and of its cause."""
    if debug:
        note("".join(traceback.format_exception(error)))
    note(describe(error.findings))


def note(message: str) -> None:
    """Show progress."""
    click.echo(message, err=True)


@click.group(help=text("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kvalitet-eval")
def main() -> None:
    """Collect the commands."""


@main.command(help=text("cli.check.help"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--layout", help=text("cli.check.layout"))
@programme_option
@reported
def check(files: tuple[Path, ...], layout: str | None, programme: Path) -> int:
    """Check files against their layout; nothing is written."""
    from kvalitet_eval.prepare.intake import inspect
    from kvalitet_eval.prepare.municipalities import load_register
    from kvalitet_eval.prepare.schema import LAYOUTS
    from kvalitet_eval.present import numbers

    if layout is not None and layout not in LAYOUTS:
        raise UsageError.of("BRK-14", column="--layout", found=layout, allowed=", ".join(sorted(LAYOUTS)))
    register = load_register(load_config(programme))
    refused = 0
    for path in files:
        found = inspect(path, layout, register)
        if found.findings:
            click.echo(describe(found.findings), err=True)
        refused += not found.is_accepted
        if found.is_accepted:
            layout_id = found.layout.id if found.layout else ""
            click.echo(text("cli.check.ok", file=path.name, n=numbers.count(len(found.rows)), layout=layout_id))
            _say_changed(found.ledger)
    if refused:
        note(text("cli.check.refused", n=refused, total=len(files)))
    return 11 if refused else 0


@main.command("import", help=text("cli.import.help"))
@programme_option
@reported
def import_(programme: Path) -> None:
    """Import the panel."""
    from kvalitet_eval.present import numbers
    from kvalitet_eval.report.imported import import_panel
    from kvalitet_eval.report.store import Lock

    config = load_config(programme)
    with Lock(config.processed):
        imported = import_panel(config, note)
    record = imported.record
    facts = {
        "rows": numbers.count(len(imported.rows)),
        "municipalities": numbers.count(record["n_municipalities"]),
        "first": numbers.quarter(record["first_quarter"]),
        "last": numbers.quarter(record["last_quarter"]),
    }
    _say_origin(imported.is_synthetic)
    click.echo(text("cli.import.done", folder=config.processed, **facts))


@main.command(help=text("cli.simulate.help"))
@programme_option
@reported
def simulate(programme: Path) -> None:
    """Write the simulated panel as files."""
    from kvalitet_eval.prepare.membership import membership
    from kvalitet_eval.prepare.municipalities import load_register
    from kvalitet_eval.report.imported import simulate_source
    from kvalitet_eval.report.store import Lock

    config = load_config(programme)
    register = load_register(config)
    with Lock(config.processed):
        path = simulate_source(config, register, membership(config, register))
    _say_origin(synthetic=True)
    click.echo(text("cli.simulate.done", file=path))


@main.command(help=text("cli.evaluate.help"))
@click.option("--cohort", help=text("cli.evaluate.cohort"))
@click.option("--outcome", help=text("cli.evaluate.outcome_option"))
@click.option("--comparison", help=text("cli.evaluate.comparison"))
@click.option("--anticipation", type=click.IntRange(0, 8), help=text("cli.evaluate.anticipation"))
@programme_option
@reported
def evaluate(
    cohort: str | None, outcome: str | None, comparison: str | None, anticipation: int | None, programme: Path
) -> None:
    """Estimate and store the effects of all intakes, and show the average ones."""
    from kvalitet_eval.report.evaluation import Choices, evaluate, evaluation_folder
    from kvalitet_eval.report.imported import load_imported
    from kvalitet_eval.report.store import Lock

    config = load_config(programme)
    intakes = [config.intake(cohort)] if cohort else list(config.intakes)
    shown = config.outcome(outcome) if outcome else config.outcomes[0]
    choices = Choices.of(config, comparison=comparison, anticipation=anticipation)
    imported = load_imported(config)
    with Lock(config.processed):
        evaluation = evaluate(config, imported, choices, note)
    if len(evaluation.findings):
        note(text("cli.warnings"))
        for row in evaluation.findings.itertuples():
            note(f"  {row.code}: {row.why} {row.mend}")
    _say_origin(imported.is_synthetic)
    rows = evaluation.select(outcome=shown.id, method="imputation", weighting="municipality")
    heading = {"outcome": text(f"outcome.{shown.id}.definite"), "comparison": text(f"comparison.{choices.comparison}")}
    click.echo(text("cli.evaluate.heading", **heading))
    for intake in intakes:
        found = rows[(rows["estimand"] == "cohort") & (rows["cohort"] == intake.id)]
        if found["estimate"].notna().sum() == 0:
            nobody = intake.id in evaluation.record["intakes_without_municipalities"]
            click.echo("  " + text(f"cli.evaluate.{'none' if nobody else 'not_estimated'}", intake=intake.name))
        else:
            _say_effect(intake.name, found.iloc[0], evaluation.verdict(shown, intake.id))
    if cohort is None:
        overall = rows[rows["estimand"] == "overall"].iloc[0]
        _say_effect(text("cli.evaluate.all"), overall, evaluation.verdict(shown))
    click.echo(text("cli.evaluate.bracket"))
    click.echo(text("cli.evaluate.done", folder=evaluation_folder(config, choices)))


@main.command(help=text("cli.render.help"))
@click.option("--municipality", "municipalities", multiple=True, help=text("cli.render.municipality"))
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help=text("cli.render.jobs"))
@click.option("--parameter", "parameters", multiple=True, help=text("cli.render.parameter"))
@programme_option
@reported
def render(municipalities: tuple[str, ...], jobs: int, parameters: tuple[str, ...], programme: Path) -> int:
    """Make reports."""
    from kvalitet_eval.present import numbers
    from kvalitet_eval.report.rendering import MANIFEST, PAGES, render_reports
    from kvalitet_eval.report.run import JobResult, exit_code

    config = load_config(programme)
    debug = click.get_current_context().params["debug"]
    split = [item.partition("=") for item in parameters]
    if wrong := ["".join(parts) for parts in split if not parts[1] or not parts[0]]:
        raise UsageError([finding("BRK-12", column="--parameter", found=item) for item in wrong])

    def tell(done: int, total: int, name: str, result: JobResult) -> None:
        status = text(f"cli.render.{result.status}_one")
        facts = {"number": result.municipality, "name": name, "seconds": numbers.number(result.seconds, 1)}
        note(text("cli.render.progress", done=done, total=total, status=status, **facts))
        if result.error is not None:
            tell_error(result.error, debug=debug)

    given = {name: value for name, _, value in split}
    results = render_reports(config, municipalities, n_jobs=jobs, parameters=given, on_progress=tell)
    failed = [result.municipality for result in results if result.status == "failed"]
    n_done = numbers.count(len(results) - len(failed))
    click.echo(text("cli.render.done", n=n_done, folder=config.reports / PAGES))
    if failed:
        facts = {"manifest": config.reports / MANIFEST, "first": failed[0]}
        note(text("cli.render.failed", n=len(failed), total=len(results), **facts))
    return exit_code(results)


@main.command(help=text("cli.site.help"))
@programme_option
@reported
def site(programme: Path) -> None:
    """Write the index."""
    from kvalitet_eval.report.rendering import write_site

    click.echo(text("cli.site.done", file=write_site(load_config(programme)).resolve()))


@main.command(help=text("cli.lab.help"))
@reported
def lab() -> int:
    """Start JupyterLab on this machine only."""
    note(text("cli.lab.start"))
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # the usual case in a container
    command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", "--no-browser", *as_root, "notebooks"]
    return subprocess.run(command, check=False).returncode


def _say_origin(synthetic: bool) -> None:
    if synthetic:
        click.echo(text("cli.synthetic"))


def _say_changed(ledger: pd.DataFrame) -> None:
    changed = ledger[ledger["line"].notna()]
    if len(changed):
        first = changed.iloc[0]
        facts = {name: first[name] for name in ("line", "column", "raw", "value")}
        click.echo("  " + text("cli.check.changed", n=len(changed), **facts))


def _say_effect(name: str, row: pd.Series, verdict: str) -> None:
    from kvalitet_eval.present import numbers

    click.echo(
        text(
            "cli.evaluate.row",
            intake=name,
            estimate=numbers.signed(row["estimate"], 2),
            level=numbers.percent(100 * row["conf_level"], 0),
            interval=numbers.interval(row["conf_low"], row["conf_high"], 2),
            n_treated=numbers.count(row["n_treated"]),
            n_comparison=numbers.count(row["n_comparison"]),
            detectable=numbers.number(row["smallest_detectable"], 2),
            verdict=text(f"verdict.{verdict}").capitalize(),
        )
    )
