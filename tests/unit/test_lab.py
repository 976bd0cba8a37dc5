"""JupyterLab listens on this machine only, asks for a key whatever the user's settings say, and tells both."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kvalitet_eval import cli
from kvalitet_eval.cli.lab import lab_command


@pytest.fixture
def started(monkeypatch):
    """What the command would start, and the settings that it wrote for it."""
    seen = {}

    def run(command, **_):
        (settings,) = [Path(word.partition("=")[2]) for word in command if word.startswith("--config=")]
        seen.update(command=command, settings=settings.read_text("utf-8"), path=settings)
        seen["mode"] = stat.S_IMODE(settings.parent.stat().st_mode)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    seen["done"] = CliRunner().invoke(cli.main, ["lab"])
    return seen


def test_it_listens_on_this_machine_only(started):
    assert started["done"].exit_code == 0
    assert started["command"][:3] == [sys.executable, "-m", "jupyterlab"]
    assert [word for word in started["command"] if word.startswith("--ip")] == ["--ip=127.0.0.1"]
    assert "c.ServerApp.ip = '127.0.0.1'" in started["settings"]
    assert "c.ServerApp.allow_remote_access = False" in started["settings"], "whatever a page calls this machine"


def test_the_key_is_new_every_time_and_stands_in_a_private_file_only(started):
    key = started["settings"].split("'")[1]
    assert len(key) == 48
    assert key not in " ".join(started["command"])
    assert started["mode"] == 0o700
    assert not started["path"].exists(), "it goes when JupyterLab has ended"
    first, _ = key, CliRunner().invoke(cli.main, ["lab"])
    assert started["settings"].split("'")[1] != first


def test_it_says_what_that_means_and_how_to_reach_it(started):
    said = " ".join(started["done"].stderr.split())
    for words in ("bare på 127.0.0.1", "nøkkelen (token)", "Del den ikke", "ssh -N -L 8888:127.0.0.1:8888", "Ctrl+C"):
        assert words in said


@pytest.mark.slow
def test_settings_of_the_user_do_not_open_it(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "jupyter_server_config.py").write_text("c.IdentityProvider.token = ''\nc.ServerApp.ip = '0.0.0.0'\n")
    ours = tmp_path / "ours.py"
    ours.write_text("c.IdentityProvider.token = 'abc'\nc.ServerApp.ip = '127.0.0.1'\n")
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(theirs)}
    shown = {}
    for name, command in {"with": lab_command(ours), "without": [sys.executable, "-m", "jupyterlab"]}.items():
        done = subprocess.run([*command, "--show-config-json"], env=environment, capture_output=True, check=True)
        shown[name] = json.loads(done.stdout)
    assert shown["with"]["IdentityProvider"]["token"] == "abc"
    assert shown["with"]["ServerApp"]["ip"] == "127.0.0.1"
    assert shown["without"]["IdentityProvider"]["token"] == "", "or this would prove nothing"
