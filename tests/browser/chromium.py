"""Which browser the tests ask, and what is said on a machine that has none."""

from __future__ import annotations

import importlib.util
import shutil
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "no browser: "
"""How the reason begins when a check is skipped for want of a browser; the summary of the tests counts these."""
INSTALL = "on Debian or Ubuntu: apt-get install chromium"


@cache
def executable() -> str | None:
    """The browser of the system, or the one that playwright has brought."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _brought()


@cache
def why_not() -> str:
    """The reason why no browser can be asked; empty when one can."""
    if importlib.util.find_spec("playwright") is None:
        return f"{NO_BROWSER}playwright is not installed"
    return "" if executable() else f"{NO_BROWSER}none of {', '.join(NAMES)} on this machine; {INSTALL}"


def _brought() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        path = play.chromium.executable_path
    return path if Path(path).exists() else None
