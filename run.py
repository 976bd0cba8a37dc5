#!/usr/bin/env python3
"""Set up the project and run its main jobs with nothing but Python >= 3.11: `python run.py reports`.

`make TARGET` calls this file with the same target. Only the standard library is used here, because it runs before
anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / ".installed"
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = (3, 11)
PINNED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def main(arguments: list[str]) -> int:
    """Run one target and return its exit code."""
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        print(listing())
        return 0 if not arguments else 2
    if sys.version_info < OLDEST_PYTHON:
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: python3.12 run.py")
        return 2
    try:
        return TARGETS[arguments[0]][1]()
    except KeyboardInterrupt:
        return 130


def listing() -> str:
    """Describe the targets."""
    width = max(map(len, TARGETS))
    lines = [f"  {name:<{width}}  {meaning}" for name, (meaning, _) in TARGETS.items()]
    return "\n".join(["Usage: make TARGET, or without make: python3 run.py TARGET", "", *lines])


def environment() -> int:
    """Build .venv from the hash-locked requirements, unless it is there already."""
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    print(f"Building the environment in {VENV} from requirements.lock; a minute or two the first time.", flush=True)
    started = time.monotonic()
    if not _has_pip():
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            print("This Python cannot create environments with pip. On Debian or Ubuntu: apt install python3-venv")
            return 1
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    steps = (
        [*pip, "--require-hashes", "-r", str(LOCK)],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    )
    for step in steps:
        code = subprocess.run(step, check=False).returncode
        if code:
            print(f"This step failed: {' '.join(step)}\nRead pip's message above, then run the same command again.")
            return code
    STAMP.write_text(wanted)
    print(f"Environment ready in {time.monotonic() - started:.0f} s. The command is {BIN / 'kvalitet'}", flush=True)
    return 0


def reports() -> int:
    """Run the whole main job on the programme that comes with the project."""
    return environment() or _first_failure(
        ["kvalitet", "import"], ["kvalitet", "evaluate"], ["kvalitet", "render"], ["kvalitet", "site"]
    )


def test() -> int:
    """Run the test suite with the sampled simulations."""
    return environment() or _first_failure(["pytest", "-n", "2", "-m", "not slow"])


def test_all() -> int:
    """Run the test suite with the complete simulations."""
    return environment() or _first_failure(["pytest", "-n", "2", "--hypothesis-profile=search"])


def lab() -> int:
    """Open the notebooks in JupyterLab, bound to this machine only, with a token."""
    return environment() or _first_failure(["kvalitet", "lab"])


def lint() -> int:
    """Check style and import layers."""
    return environment() or _first_failure(["ruff", "check", "."], ["ruff", "format", "--check", "."], ["lint-imports"])


def lock() -> int:
    """Renew requirements.lock from pyproject.toml (needs uv on the path)."""
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
    command = ["uv", "pip", "compile", "pyproject.toml", "--group", "test", "--python-version", "3.11"]
    try:
        return subprocess.run([*command, *options, "-o", str(LOCK)], cwd=ROOT, check=False).returncode
    except FileNotFoundError:
        print("uv is not installed. Install it with: python3 -m pip install uv")
        return 1


def clean() -> int:
    """Remove what the package has written; raw data and the environment stay."""
    for folder in (ROOT / "data" / "processed", ROOT / "reports"):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.parent != folder or path.name != "README.md":
                path.unlink()
    return 0


def _first_failure(*commands: list[str]) -> int:
    """Run commands from the environment in turn and stop at the first that fails."""
    for name, *rest in commands:
        path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
        code = subprocess.run(
            [str(BIN / name), *rest], cwd=ROOT, env={**os.environ, **PINNED, "PATH": path}, check=False
        ).returncode
        if code:
            return code
    return 0


def _has_pip() -> bool:
    """Whether .venv is whole: a stopped `venv.create` leaves a Python without pip."""
    if not PYTHON.is_file():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


TARGETS = {
    "reports": ("import, evaluate and make a report for every participating municipality", reports),
    "test": ("run the tests (simulations sampled)", test),
    "test-all": ("run the tests with complete simulations; takes long", test_all),
    "lab": ("open the notebooks in JupyterLab", lab),
    "env": ("only build the environment in .venv", environment),
    "lint": ("check style and import layers", lint),
    "lock": ("renew requirements.lock from pyproject.toml", lock),
    "clean": ("remove everything the package has written", clean),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
