"""The command `kvalitet verify`: look through what is about to be handed out, and say what must be mended first."""

from __future__ import annotations

import time
from pathlib import Path

import click

from kvalitet_eval.cli.shared import note, programme_option, reported
from kvalitet_eval.config import Config, load_config
from kvalitet_eval.errors import Finding, ReportError, UsageError
from kvalitet_eval.present.messages import text

_PATH = click.Path(path_type=Path)
_SECONDS_BETWEEN = 5.0


@click.command(help=text("cli.verify.help"))
@click.argument("target", required=False, type=_PATH)
@click.option("--disclosure", is_flag=True, help=text("cli.verify.disclosure"))
@click.option("--raw", multiple=True, type=_PATH, help=text("cli.verify.raw"))
@programme_option
@reported
def verify(target: Path | None, disclosure: bool, raw: tuple[Path, ...], programme: Path) -> None:
    """Run the checks that are asked for, all of them when none is."""
    config = load_config(programme)
    folder = config.reports if target is None else target
    if missing := [path for path in (folder, *raw) if not path.exists()]:
        raise UsageError.of("SIK-14", file=missing[0], found=missing[0].name)
    checks = {"disclosure": (disclosure, lambda: _check_disclosure(config, folder, raw))}
    wanted = [check for is_asked, check in checks.values() if is_asked] or [check for _, check in checks.values()]
    faults: list[Finding] = []
    for check in wanted:
        faults += check()
    if faults:
        raise ReportError(faults)


def _check_disclosure(config: Config, folder: Path, raw: tuple[Path, ...]) -> tuple[Finding, ...]:
    """Look for what must not leave, and say what was looked at."""
    from kvalitet_eval.present import numbers
    from kvalitet_eval.report.disclosure import scan
    from kvalitet_eval.report.disclosure_known import record_for

    record = record_for(config, raw)
    counts = {"n_withheld": len(record.suppressed), "n_persons": len(record.canaries)}
    note(text("cli.verify.known", **{name: numbers.count(n) for name, n in counts.items()}))
    said = time.monotonic()

    def tell(done: int, total: int, found: int) -> None:
        nonlocal said
        if time.monotonic() - said >= _SECONDS_BETWEEN or done == total:
            said = time.monotonic()
            facts = {"done": done, "total": total, "found": found}
            note(text("cli.verify.progress", **{name: numbers.count(n) for name, n in facts.items()}))

    seen = scan(folder, record, on_file=tell)
    kinds = ", ".join(f"{numbers.count(n)} {suffix or '-'}" for suffix, n in seen.by_suffix.items())
    facts = {"n_files": seen.n_files, "n_texts": seen.n_texts, "n_numbers": seen.n_numbers}
    shown = {name: numbers.count(n) for name, n in facts.items()}
    if seen.is_clean:
        click.echo(text("cli.verify.clean", kinds=kinds, **shown))
    else:
        n_with = numbers.count(len({fault.file for fault in seen.findings}))
        note(text("cli.verify.found", n=numbers.count(len(seen.findings)), n_with=n_with, n_files=shown["n_files"]))
    return seen.findings
