"""The command `kvalitet` and its parts, in the order of the work."""

from __future__ import annotations

import click

from kvalitet_eval.cli import data, fetch, lab, register, reports, spells, verify
from kvalitet_eval.present.messages import text


@click.group(help=text("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kvalitet-eval")
def main() -> None:
    """Collect the commands."""


for command in (
    data.check,
    data.import_,
    data.simulate,
    fetch.fetch,
    spells.spells,
    reports.evaluate,
    reports.render,
    reports.site,
    verify.verify,
    register.register,
    lab.lab,
):
    main.add_command(command)
