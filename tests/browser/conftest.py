"""One browser for all tests of a module; without one they are skipped, and the summary counts them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from chromium import executable, why_not

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "unit"), str(TESTS / "faults")]


@pytest.fixture(scope="module")
def chromium():
    """Not for longer than a module: while it runs, no other test of the process can use asyncio."""
    if why_not():
        pytest.skip(why_not())
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable())
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path):
    """A function that opens a document at a width, from a file address and without any net."""
    from opened import Opened

    tabs = []

    def open_it(document, width):
        path = tmp_path / f"{document.name}-{document.language}.html"
        path.write_text(document.html, encoding="utf-8")
        tabs.append(Opened(chromium, path, document, width))
        return tabs[-1]

    yield open_it
    for tab in tabs:
        tab.close()
