"""The commands that lead from files to a panel: check, import, simulate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvalitet_eval.cli.shared import note, programme_option, reported, say_origin
from kvalitet_eval.config import load_config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.present.messages import describe, text

if TYPE_CHECKING:
    import pandas as pd

    from kvalitet_eval.prepare.intake import Intake


@click.command(help=text("cli.check.help"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--layout", help=text("cli.check.layout"))
@click.option("--sheet", help=text("cli.check.sheet"))
@programme_option
@reported
def check(files: tuple[Path, ...], layout: str | None, sheet: str | None, programme: Path) -> int:
    """Check files against their layout; nothing is written."""
    from kvalitet_eval.prepare.documents.reader import SUFFIXES, inspect_document
    from kvalitet_eval.prepare.intake import inspect
    from kvalitet_eval.prepare.municipalities import load_register
    from kvalitet_eval.prepare.schema import LAYOUTS
    from kvalitet_eval.report.open_tables import policy_of
    from kvalitet_eval.report.own_words import inspect_own_words

    if layout is not None and layout not in LAYOUTS:
        raise UsageError.of("BRK-14", column="--layout", found=layout, allowed=", ".join(sorted(LAYOUTS)))
    config = load_config(programme)
    register, borders = load_register(config), config.programme.borders
    refused, read = 0, {}
    for path in files:
        is_document = layout is None and path.suffix.lower() in SUFFIXES
        if is_document:
            found = inspect_own_words(inspect_document(path, register, borders=borders), policy_of(config))
        else:
            found = inspect(path, layout, register, sheet=sheet)
        if found.findings:
            click.echo(describe(found.findings), err=True)
        refused += not found.is_accepted
        if found.is_accepted and is_document:
            click.echo(text("cli.check.document_ok", file=path.name, kind=text(f"document.{found.kind}")))
        elif found.is_accepted:
            _say_accepted(path, found)
            read[found.layout.id if found.layout else ""] = found
    refused += _say_survey(read)
    if refused:
        note(text("cli.check.refused", n=refused, total=len(files)))
    return 11 if refused else 0


@click.command("import", help=text("cli.import.help"))
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
    say_origin(imported.is_synthetic)
    click.echo(text("cli.import.done", folder=config.processed, **facts))


@click.command(help=text("cli.simulate.help"))
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
    say_origin(synthetic=True)
    click.echo(text("cli.simulate.done", file=path))


def _say_survey(read: dict[str, Intake]) -> bool:
    """Tell what does not fit between the three files of a survey, when all three were checked and are right alone."""
    from kvalitet_eval.prepare.semantics.survey import check_survey

    parts = [read.get(name) for name in ("survey_codebook", "survey_frame", "survey_responses")]
    found = check_survey(*parts) if all(parts) else ()
    if found:
        click.echo(describe(found), err=True)
    return bool(found)


def _say_accepted(path: Path, found: Intake) -> None:
    from kvalitet_eval.present import numbers

    counts = {name: numbers.count(getattr(found.counts, name)) for name in ("read", "used", "excluded")}
    layout = found.layout.id if found.layout else ""
    click.echo(text("cli.check.ok", file=path.name, layout=layout, n=counts["used"]))
    if found.counts.excluded:
        click.echo("  " + text("cli.check.excluded", **counts))
    _say_changed(found.ledger)


def _say_changed(ledger: pd.DataFrame) -> None:
    changed = ledger[ledger["line"].notna()]
    if len(changed):
        first = changed.iloc[0]
        facts = {name: first[name] for name in ("line", "column", "raw", "value")}
        click.echo("  " + text("cli.check.changed", n=len(changed), **facts))
