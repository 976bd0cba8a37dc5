"""The commands that lead from a panel to reports: evaluate, render, site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvalitet_eval.cli.shared import note, programme_option, reported, say_origin, tell_error
from kvalitet_eval.config import load_config
from kvalitet_eval.errors import UsageError, finding
from kvalitet_eval.present.messages import text

if TYPE_CHECKING:
    import pandas as pd


@click.command(help=text("cli.evaluate.help"))
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
    say_origin(imported.is_synthetic)
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


@click.command(help=text("cli.render.help"))
@click.option("--municipality", "municipalities", multiple=True, help=text("cli.render.municipality"))
@click.option("--cohort", "cohorts", multiple=True, help=text("cli.render.cohort"))
@click.option("--whole-programme", is_flag=True, help=text("cli.render.whole_programme"))
@click.option("--page", "pages", multiple=True, help=text("cli.render.page"))
@click.option("--document", "documents", multiple=True, help=text("cli.render.document"))
@click.option("--language", "languages", multiple=True, help=text("cli.render.language"))
@click.option("--format", "formats", multiple=True, help=text("cli.render.format"))
@click.option("--template", type=click.Path(path_type=Path), help=text("cli.render.template"))
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help=text("cli.render.jobs"))
@click.option("--parameter", "parameters", multiple=True, help=text("cli.render.parameter"))
@programme_option
@reported
def render(
    template: Path | None,
    jobs: int,
    parameters: tuple[str, ...],
    programme: Path,
    *,
    whole_programme: bool,
    **lists: tuple[str, ...],
) -> int:
    """Make documents."""
    from kvalitet_eval.present import numbers
    from kvalitet_eval.report.documents import FOLDERS, RESULTS_SUFFIX
    from kvalitet_eval.report.rendering import MANIFEST, render_reports
    from kvalitet_eval.report.run import JobResult, exit_code
    from kvalitet_eval.report.wanted import Wanted, read_template

    config = load_config(programme)
    debug = click.get_current_context().params["debug"]
    split = [item.partition("=") for item in parameters]
    if wrong := ["".join(parts) for parts in split if not parts[1] or not parts[0]]:
        raise UsageError([finding("BRK-12", column="--parameter", found=item) for item in wrong])

    def tell(done: int, total: int, result: JobResult) -> None:
        status = text(f"cli.render.{result.status}_one")
        facts = {"id": result.subject.id, "name": result.subject.name, "seconds": numbers.number(result.seconds, 1)}
        note(text("cli.render.progress", done=done, total=total, status=status, **facts))
        if result.error is not None:
            tell_error(result.error, debug=debug)

    given = {name: value for name, _, value in split}
    named = {name: _parted(values) for name, values in lists.items()}
    named["programmes"] = (config.programme.id,) if whole_programme else ()
    if template is not None:
        named |= {"word_template": read_template(template), "template_name": template.name}
    wanted = Wanted(**named)
    results = render_reports(config, wanted, n_jobs=jobs, parameters=given, on_progress=tell)
    failed = [result.subject for result in results if result.status == "failed"]
    kinds = {result.subject.kind for result in results}
    folder = config.reports / FOLDERS[kinds.pop()] if len(kinds) == 1 else config.reports
    files = [name for result in results for name in result.outputs]
    n_made = sum(name.endswith(RESULTS_SUFFIX) for name in files)
    counts = {"n": numbers.count(n_made), "files": numbers.count(len(files))}
    click.echo(text("cli.render.done", **counts, folder=folder))
    if failed:
        again = "--whole-programme" if failed[0].kind == "programme" else f"--{failed[0].kind} {failed[0].id}"
        facts = {"manifest": config.reports / MANIFEST, "again": again}
        note(text("cli.render.failed", n=len(failed), total=len(results), **facts))
    return exit_code(results)


def _parted(values: tuple[str, ...]) -> tuple[str, ...]:
    """Part what stands between commas, each once, in the order given."""
    return tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",")))


@click.command(help=text("cli.site.help"))
@programme_option
@reported
def site(programme: Path) -> None:
    """Write the index."""
    from kvalitet_eval.report.indexes import write_site

    click.echo(text("cli.site.done", file=write_site(load_config(programme)).resolve()))


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
