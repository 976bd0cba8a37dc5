"""Generated inputs are the same in every ordinary run; `make test-all` searches for new ones."""

import socket

import pytest
from hypothesis import settings

collect_ignore = ["fuzz"]  # needs a fuzzer that is no dependency; see the head of its file

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)


@pytest.fixture
def no_sockets(monkeypatch):
    """Whoever opens a socket fails: a test of the net must not use it."""

    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
