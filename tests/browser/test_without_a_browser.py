"""On a machine without a browser its checks are skipped, counted in the summary, and told how to be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = ["tests/browser/test_checks_fail.py", "-k", "dark_mode", "-p", "no:cacheprovider", "-q"]


def run(folder, *options):
    path = {"PATH": str(folder), "PLAYWRIGHT_BROWSERS_PATH": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", *CHOSEN, *options]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **path}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["one process", "a worker"])
def test_they_are_skipped_and_counted_out_loud(tmp_path, options):
    code, said = run(tmp_path, *options)
    assert code == 0, said
    assert "NOT RUN: browser checks" in said
    assert "3 browser checks were not run: none of chromium, chromium-browser, google-chrome on this machine;" in said
    assert "apt-get install chromium" in said
    assert "3 skipped" in said
