"""What every command shares: options, errors as messages with an exit code, progress."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kvalitet_eval.errors import KvalitetError, UsageError
from kvalitet_eval.persons import without_persons
from kvalitet_eval.present.messages import describe, text

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
            said = without_persons(f"{type(unexpected).__name__}: {unexpected}")
            error = UsageError.of("BRK-19", found=said)
            error.__cause__ = unexpected
            tell_error(error, debug=debug)
            code = 1
        sys.exit(code)

    return debug_option(run)


def tell_error(error: KvalitetError, *, debug: bool) -> None:
    """Show what is wrong and what to do; with ``--debug`` after the traceback of the error and of its cause.

    What a library says in a traceback may repeat the cells it was given, so persons are hidden there too.
    """
    if debug:
        note(without_persons("".join(traceback.format_exception(error))))
    note(describe(error.findings))


def note(message: str) -> None:
    """Show progress."""
    click.echo(message, err=True)


def say_origin(synthetic: bool) -> None:
    """Say that figures are synthetic."""
    if synthetic:
        click.echo(text("cli.synthetic"))
