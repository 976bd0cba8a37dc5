"""The command `kvalitet spells`: microdata to a panel file in the documented format, with the account beside it."""

from __future__ import annotations

from pathlib import Path

import click

from kvalitet_eval.cli.shared import note, programme_option, reported
from kvalitet_eval.errors import UsageError
from kvalitet_eval.present.messages import describe, text

_PATH = click.Path(path_type=Path)


@click.command(help=text("cli.spells.help"))
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("--agreed", required=True, type=_PATH, help=text("cli.spells.agreed"))
@click.option("--from", "first", required=True, help=text("cli.spells.from"))
@click.option("--to", "last", required=True, help=text("cli.spells.to"))
@click.option("--out", required=True, type=_PATH, help=text("cli.spells.out"))
@click.option("--memory", "memory_mb", type=click.IntRange(300), help=text("cli.spells.memory"))
@click.option("--temporary", type=_PATH, help=text("cli.spells.temporary"))
@click.option("--most-refused-pct", type=click.FloatRange(0, 100), help=text("cli.spells.most_refused_pct"))
@programme_option
@reported
def spells(
    *,
    files: tuple[Path, ...],
    agreed: Path,
    first: str,
    last: str,
    out: Path,
    memory_mb: int | None,
    temporary: Path | None,
    most_refused_pct: float | None,
    programme: Path,
) -> None:
    """Write the panel of some absence spells."""
    from kvalitet_eval.config import load_config
    from kvalitet_eval.prepare.municipalities import load_register
    from kvalitet_eval.prepare.periods import Window, parse_quarter
    from kvalitet_eval.prepare.spells.account import MOST_REFUSED_SHARE
    from kvalitet_eval.prepare.spells.aggregation import aggregate_spells
    from kvalitet_eval.prepare.spells.engine import ENGINE_MEMORY_MB, EngineSettings
    from kvalitet_eval.present import numbers
    from kvalitet_eval.report.store import write_atomic

    try:
        window = Window(parse_quarter(first), parse_quarter(last))
    except ValueError:
        raise UsageError.of("SPE-25", column="--from, --to", found=f"{first}, {last}") from None
    share = MOST_REFUSED_SHARE if most_refused_pct is None else most_refused_pct / 100
    settings = EngineSettings(memory_mb or ENGINE_MEMORY_MB, folder=temporary)
    register = load_register(load_config(programme))
    panel = aggregate_spells(files, agreed, window, register, settings=settings, most_refused_share=share)
    if panel.findings:
        note(describe(panel.findings))
    account = out.with_name(f"{out.stem}_account.csv")
    write_atomic(out, panel.rows.to_csv(sep=";", index=False, lineterminator="\n"))
    write_atomic(account, panel.account.to_csv(sep=";", index=False, lineterminator="\n"))
    for layout, counts in panel.counts.items():
        shown = {name: numbers.count(getattr(counts, name)) for name in ("read", "used", "excluded", "refused")}
        note(text("cli.spells.account", layout=layout, file=account, **shown))
    facts = {f"n_{name}": numbers.count(panel.rows[column].nunique()) for name, column in _COUNTED.items()}
    click.echo(text("cli.spells.done", file=out, n_rows=numbers.count(len(panel.rows)), **facts))


_COUNTED = {"municipalities": "municipality_number", "quarters": "quarter"}
