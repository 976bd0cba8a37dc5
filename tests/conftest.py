"""Generated inputs are the same in every ordinary run; `make test-all` searches for new ones."""

import socket

import pytest
from hypothesis import settings

collect_ignore = [
    "fuzz",  # needs a fuzzer that is no dependency; see the head of its file
    *("conftest.py", "browser/conftest.py", "faults/conftest.py"),  # no modules with examples, and all of one name
]

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)
NO_BROWSER = "no browser: "
"""How the reason begins where a test is skipped for want of a browser; see `tests/browser/chromium.py`."""


def pytest_terminal_summary(terminalreporter):
    """Count out loud the checks that no browser was there for."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].partition(NO_BROWSER)[2] for report in skipped if NO_BROWSER in str(report.longrepr)]
    if reasons:
        terminalreporter.section("NOT RUN: browser checks", red=True)
        terminalreporter.write_line(f"{len(reasons)} browser checks were not run: {reasons[0]}.")


@pytest.fixture
def no_sockets(monkeypatch):
    """Whoever opens a socket fails: a test of the net must not use it."""

    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
