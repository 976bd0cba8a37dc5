"""The command `kvalitet lab`: the notebooks in JupyterLab, for whoever sits at this machine and has the key."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from kvalitet_eval.cli.shared import note, reported
from kvalitet_eval.present.messages import text

ADDRESS = "127.0.0.1"
PORT = 8888
_TOKEN_BYTES = 24


@click.command(help=text("cli.lab.help"))
@reported
def lab() -> int:
    """Start JupyterLab on this machine only."""
    note(text("cli.lab.start", address=ADDRESS, port=PORT))
    with tempfile.TemporaryDirectory(prefix="kvalitet-") as private:
        settings = Path(private) / "jupyter_lab.py"
        settings.write_text(_settings(secrets.token_hex(_TOKEN_BYTES)), encoding="utf-8")
        return subprocess.run(lab_command(settings), check=False).returncode


def lab_command(settings: Path) -> list[str]:
    """Return the command that is run; the key stands in a file that only its owner reads, never among the arguments."""
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # the usual case in a container
    where = [f"--config={settings}", f"--ip={ADDRESS}", f"--port={PORT}", "--no-browser"]
    return [sys.executable, "-m", "jupyterlab", *where, *as_root, "notebooks"]


def _settings(token: str) -> str:
    """Return settings that go before the user's own, which may have turned the key off."""
    return (
        f"c.IdentityProvider.token = {token!r}\nc.ServerApp.ip = {ADDRESS!r}\nc.ServerApp.allow_remote_access = False\n"
    )
