"""A copy of the programme with one file changed, for tests of what a wrong file leads to."""

from __future__ import annotations

import shutil
from pathlib import Path

from kvalitet_eval.config import Config, load_config

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = ROOT / "programmes" / "kkp.toml"


def copy_with(folder: Path, file: str, *replacements: tuple[str, str]) -> Config:
    """Copy the programme and its register files to a folder and replace texts in one of them, each exactly once."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    (folder / "programmes").mkdir()
    shutil.copy(PROGRAMME, folder / "programmes")
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_config(folder / "programmes" / "kkp.toml")
