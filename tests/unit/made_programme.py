"""A whole project in a folder of its own: copied, or also imported and evaluated, once for each process."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from programme_copy import ROOT

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.report.evaluation import Choices, evaluate
from kvalitet_eval.report.imported import import_panel

LATER_OUTCOMES = ("sick_leave_self", "sick_leave_doctor")
OWN_PANEL = "data/raw/my_panel/sick_leave.csv"


def copy_project(folder: Path) -> Path:
    """Copy programme, raw data and the report's notebook, with one outcome to save time; return the programme file."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    shutil.copytree(ROOT / "notebooks" / "reports", folder / "notebooks" / "reports")
    shutil.copy(ROOT / "notebooks" / "registered.json", folder / "notebooks")
    (folder / "programmes").mkdir()
    blocks = (ROOT / "programmes" / "kkp.toml").read_text("utf-8").split("[[outcomes]]")
    last, rest = blocks[-1].split("[[intakes]]", 1)
    assert all(f'id = "{name}"' in block for name, block in zip(LATER_OUTCOMES, (*blocks[2:-1], last), strict=True))
    path = folder / "programmes" / "kkp.toml"
    path.write_text(f"{blocks[0]}[[outcomes]]{blocks[1]}[[intakes]]{rest}", "utf-8")
    return path


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="kvalitet-made-")
    config = load_config(copy_project(Path(folder.name) / "project"))
    evaluate(config, import_panel(config), Choices.of(config))
    return folder


def made_programme(folder: Path) -> Config:
    """Copy an imported and evaluated project to a folder."""
    shutil.copytree(Path(_made().name) / "project", folder, dirs_exist_ok=True)
    return load_config(folder / "programmes" / "kkp.toml")


def without_texts(config: Config) -> Config:
    """Take the municipalities' own texts away, so that they have their reports alone."""
    for path in (config.root / config.files.municipality_texts).glob("*.toml"):
        path.unlink()
    return config


def change(path: Path, *replacements: tuple[str, str]) -> None:
    """Replace texts in a file, each exactly once."""
    content = path.read_text("utf-8")
    for old, new in replacements:
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path.name}"
        content = content.replace(old, new)
    path.write_text(content, "utf-8")


def use_own_panel(config: Config) -> Config:
    """Replace the simulated panel by the same figures as a user's own file, with the one line that takes."""
    simulated = config.processed / "simulated" / "sick_leave_days_syntetisk.csv"
    own = config.root / OWN_PANEL
    own.parent.mkdir(parents=True)
    own.write_text(simulated.read_text("utf-8").replace(";syntetisk\n", ";observed\n"), "utf-8")
    change(config.path, ('source = "simulated"', f'source = "{OWN_PANEL}"'))
    return load_config(config.path)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content; the empty lock of a run that has ended is no output."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != ".kvalitet.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
