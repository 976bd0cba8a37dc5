"""The command `kvalitet register`: which notebooks may be run into reports, said by a person who has read them."""

from __future__ import annotations

from pathlib import Path

import click

from kvalitet_eval.cli.shared import note, programme_option, reported
from kvalitet_eval.config import load_config
from kvalitet_eval.errors import UsageError
from kvalitet_eval.present.messages import text


@click.command(help=text("cli.register.help"))
@click.argument("notebooks", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help=text("cli.register.all"))
@programme_option
@reported
def register(notebooks: tuple[Path, ...], every: bool, programme: Path) -> int:
    """Register notebooks, or say which are registered as they are."""
    from kvalitet_eval.report.safe_notebooks import REGISTER, find_notebooks, read_register, register_notebooks
    from kvalitet_eval.report.store import Lock

    if every and notebooks:
        raise UsageError.of("SIK-25", column="--all", found=", ".join(map(str, notebooks)))
    config = load_config(programme)
    path = config.root / REGISTER
    if not every and not notebooks:
        return _say_state(path)
    with Lock(config.processed):
        earlier = {} if every or not path.is_file() else read_register(path)
        made = register_notebooks(path, find_notebooks(path.parent) if every else notebooks, earlier)
    for name, digest in made.items():
        click.echo(text("cli.register.one", name=name, digest=digest[:12]))
    note(text("cli.register.done", file=path))
    return 0


def _say_state(path: Path) -> int:
    """Say of every notebook whether it may run; 1 when one may not, so that a script can ask."""
    from kvalitet_eval.report.safe_notebooks import find_notebooks, notebook_sha256, read_register

    known = read_register(path)
    present = {item.relative_to(path.parent).as_posix(): notebook_sha256(item) for item in find_notebooks(path.parent)}
    in_step = known == present
    for name in sorted({*known, *present}):
        if name not in present:
            state = "gone"
        elif name not in known:
            state = "new"
        else:
            state = "same" if known[name] == present[name] else "changed"
        click.echo(text(f"cli.register.{state}", name=name))
    if not in_step:
        note(text("cli.register.mend"))
    return int(not in_step)
