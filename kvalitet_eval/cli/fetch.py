"""The command `kvalitet fetch`: open data of Statistics Norway, compared with the last download and kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kvalitet_eval.cli.shared import note, programme_option, reported
from kvalitet_eval.config import load_config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.present.messages import describe, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kvalitet_eval.prepare.api.fetch import Fetched, Visit

SOURCES = ("sick-leave", "kostra", "klass")
REVISED_EXIT_CODE = 1


@click.command(help=text("fetch.help"))
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("number", required=False)
@click.option("--from", "first", help=text("fetch.from"))
@click.option("--to", "last", help=text("fetch.to"))
@click.option("--accept", is_flag=True, help=text("fetch.accept"))
@programme_option
@reported
def fetch(
    source: str, number: str | None, first: str | None, last: str | None, *, accept: bool, programme: Path
) -> int:
    """Fetch open data; a download that revises earlier figures is kept beside them and listed."""
    from kvalitet_eval.prepare.api.client import ApiClient
    from kvalitet_eval.prepare.api.fetch import Visit
    from kvalitet_eval.report.store import Lock

    config = load_config(programme)
    _check(source, number, first, last)
    revised = False
    with Lock(config.processed), ApiClient() as client:
        visit = Visit(client, config.root / "data" / "raw", accept, _say_progress)
        for fetched in _fetched(visit, source, number, (first, last)):
            if fetched.findings:
                note(describe(fetched.findings))
            _say(fetched)
            revised |= fetched.outcome.kind == "revised"
    if revised:
        note(text("fetch.accept_hint"))
    return REVISED_EXIT_CODE if revised else 0


def _check(source: str, number: str | None, first: str | None, last: str | None) -> None:
    if source == "kostra" and number is None:
        raise UsageError.of("API-34", column="NUMBER")
    if source == "sick-leave" and number is not None:
        raise UsageError.of("API-33", column="NUMBER", found=number)
    if source == "klass" and (first or last):
        raise UsageError.of("API-37", column="--from" if first else "--to", found=first or last)


def _fetched(visit: Visit, source: str, number: str | None, bounds: tuple[str | None, str | None]) -> Iterator[Fetched]:
    from kvalitet_eval.prepare.api.fetch import fetch_classification, fetch_table
    from kvalitet_eval.prepare.api.klass import CLASSIFICATIONS
    from kvalitet_eval.prepare.api.periods import parse_bounds

    if source == "klass":
        for each in [number] if number else CLASSIFICATIONS:
            yield fetch_classification(visit, each)
        return
    first, last = parse_bounds(*bounds)
    if source == "kostra":
        yield fetch_table(visit, str(number), first, last)
    else:
        yield from _sick_leave(visit, first, last)


def _sick_leave(visit: Visit, first: int | None, last: int | None) -> Iterator[Fetched]:
    from kvalitet_eval.prepare.api.sick_leave import OLDEST, choose_tables, fetch_sick_leave, find_overlaps
    from kvalitet_eval.prepare.periods import ordinal
    from kvalitet_eval.present.numbers import quarter

    low = ordinal(OLDEST) if first is None else first
    chosen = choose_tables(low, max(low, _this_quarter()) if last is None else last)
    if low < ordinal(OLDEST):
        note(text("fetch.before", oldest=quarter(OLDEST)))
    for old, new, start, end in find_overlaps(chosen):
        note(text("fetch.overlap", old=old, new=new, first=quarter(start), last=quarter(end)))
    for stretch in chosen:
        yield fetch_sick_leave(visit, stretch)


def _this_quarter() -> int:
    today = date.today()
    return 4 * today.year + (today.month - 1) // 3


def _say_progress(done: int, total: int) -> None:
    note(text("fetch.progress", done=done, total=total))


def _say(fetched: Fetched) -> None:
    from kvalitet_eval.present.numbers import count

    outcome = fetched.outcome
    facts = {"title": fetched.title or fetched.number, "folder": outcome.folder}
    numbers = {name: count(getattr(outcome, name)) for name in ("n_rows", "n_new", "n_revised", "n_gone")}
    click.echo(text(f"fetch.{outcome.kind}", **facts, **numbers))
    if fetched.not_in_layout:
        click.echo(text("fetch.no_layout", layout=fetched.not_in_layout, **facts))
