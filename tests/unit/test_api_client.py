"""One question to an open API: limits, another try, and what is said when no answer can be used."""

from __future__ import annotations

import gzip
import socket
import ssl
from itertools import pairwise

import httpx
import pytest
from api_samples import FakeClock, client_for

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.api import client as api_client
from kvalitet_eval.prepare.api.client import ATTEMPTS, ApiClient, RateLimit, Subject
from kvalitet_eval.present.messages import describe

pytestmark = pytest.mark.usefixtures("no_sockets")
ADDRESS = "https://data.ssb.no/api/pxwebapi/v2/tables/07905/metadata"
SUBJECT = Subject("07905", "https://www.ssb.no/statbank/table/07905")
GOOD = httpx.Response(200, json={"a": 1})


def ask(*answers, clock=None, **options):
    """Ask once; the provider gives the answers in turn, the last one again and again. Return all calls too."""
    calls = []

    def handler(request):
        calls.append(request)
        answer = answers[min(len(calls), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    with client_for(handler, clock) as client:
        try:
            return client.ask(ADDRESS, SUBJECT, **options), calls
        except DataError as error:
            return error, calls


def caused_by(error, cause):
    error.__cause__ = cause
    return error


def test_an_answer_is_kept_as_it_came_with_address_time_and_hash():
    content = b"{}"
    answer, calls = ask(httpx.Response(200, content=content), parameters={"lang": "no"})
    assert answer.content == content
    assert answer.sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert answer.address == f"{ADDRESS}?lang=no"
    assert (answer.method, answer.body, answer.time.isoformat()) == ("GET", "", "2026-11-21T12:00:00+00:00")
    assert len(calls) == 1
    assert calls[0].headers["accept"] == "application/json"


def test_a_body_is_posted_and_recorded():
    answer, calls = ask(GOOD, body={"selection": []})
    assert (answer.method, answer.body) == ("POST", '{"selection":[]}')
    assert calls[0].headers["content-type"] == "application/json"


def test_compression_is_taken_off_before_the_hash():
    packed = httpx.Response(200, content=gzip.compress(b'{"a":1}'), headers={"content-encoding": "gzip"})
    assert ask(packed)[0].content == b'{"a":1}'


def test_at_most_thirty_calls_in_any_minute():
    clock = FakeClock()
    made = []
    with client_for(lambda _: made.append(clock()) or GOOD, clock) as client:
        for _ in range(95):
            client.ask(ADDRESS, SUBJECT)
            clock.seconds += 0.25
    assert len(made) == 95
    assert all(later - earlier > 60 for earlier, later in zip(made, made[30:], strict=False))
    assert all(later - earlier == 0.25 for earlier, later in pairwise(made[:30]))
    assert len(clock.slept) == 3


def test_a_clock_that_wakes_too_early_is_asked_again():
    clock = FakeClock()
    limit = RateLimit(calls=1, seconds=10, monotonic=clock, sleep=lambda seconds: clock.sleep(seconds / 2 + 1))
    limit.wait()
    limit.wait()
    assert clock() - 1000 >= 10
    assert len(clock.slept) > 1


def test_a_fault_that_passes_is_tried_again_with_growing_waits():
    clock = FakeClock()
    answer, calls = ask(httpx.Response(503), httpx.ReadTimeout("slow"), httpx.Response(502), GOOD, clock=clock)
    assert answer.content == GOOD.content
    assert (len(calls), clock.slept) == (4, [2.0, 4.0, 8.0])


def test_the_wait_that_the_provider_asks_for_is_kept():
    clock = FakeClock()
    answer, calls = ask(httpx.Response(429, headers={"retry-after": "37"}), GOOD, clock=clock)
    assert answer.content == GOOD.content
    assert (len(calls), clock.slept) == (2, [37.0])


def test_a_wait_that_is_too_long_is_told_at_once():
    clock = FakeClock()
    error, calls = ask(httpx.Response(429, headers={"retry-after": "3600"}), clock=clock)
    assert [item.code for item in error.findings] == ["API-03"]
    assert (len(calls), clock.slept) == (1, [])


UNTRUSTED = ssl.SSLCertVerificationError("certificate verify failed")
ONCE = [
    ("no such table", httpx.Response(404, json={"title": "Non-existent table"}), "API-05", "404 Non-existent table"),
    ("not understood", httpx.Response(400, json={"title": "Bad", "detail": "Non-existent value"}), "API-06",
     "400 Bad: Non-existent value"),
    ("refused", httpx.Response(403, text="Forbidden by policy"), "API-11", "403 Forbidden by policy"),
    ("refused by a page", httpx.Response(403, text="<html>log in</html>"), "API-11", "403"),
    ("moved", httpx.Response(302, headers={"location": "https://login.example/"}), "API-12",
     "302 https://login.example/"),
    ("another status", httpx.Response(418), "API-12", "418"),
    ("a web page", httpx.Response(200, text="\n<!DOCTYPE html><title>Logg inn</title>"), "API-07",
     "\n<!DOCTYPE html><title>Logg inn</title>"),
    ("no name service", caused_by(httpx.ConnectError("Name or service not known"), socket.gaierror(-2, "unknown")),
     "API-01", "Name or service not known"),
    ("a certificate", caused_by(httpx.ConnectError("verify failed"), UNTRUSTED), "API-13", "verify failed"),
]  # fmt: skip
AGAIN = [
    ("too many calls", httpx.Response(429, json={"title": "Too many"}), "API-03", "429 Too many"),
    ("closed", httpx.Response(503), "API-04", "503"),
    ("an error of theirs", httpx.Response(500, text="oops"), "API-04", "500 oops"),
    ("a gateway's page", httpx.Response(504, text="<html>x"), "API-04", "504"),
    ("a timeout", httpx.ConnectTimeout("timed out"), "API-02", "timed out"),
    ("a connection refused", httpx.ConnectError("Connection refused"), "API-01", "Connection refused"),
    ("a proxy", httpx.ProxyError("407"), "API-01", "407"),
    ("an answer cut off on the way", httpx.RemoteProtocolError("incomplete body"), "API-08", "incomplete body"),
    ("JSON cut off", httpx.Response(200, text='{"value": [1, 2'), "API-08", '{"value": [1, 2'),
    ("an empty answer", httpx.Response(200), "API-08", ""),
    ("bytes that are no text", httpx.Response(200, content=b'{"a": "\xff"}'), "API-08", '{"a": "�"}'),
    ("too deep", httpx.Response(200, text="[" * 100_000), "API-08", "[" * 160),
    ("bad compression", lambda: httpx.Response(200, content=iter([b"no gzip"]), headers={"content-encoding": "gzip"}),
     "API-08", None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "code", "found"), [case[1:] for case in ONCE], ids=[case[0] for case in ONCE])
def test_what_another_try_cannot_mend_is_told_at_once(answer, code, found):
    error, calls = ask(answer)
    assert_told(error, code, found)
    assert len(calls) == 1


@pytest.mark.parametrize(("answer", "code", "found"), [case[1:] for case in AGAIN], ids=[case[0] for case in AGAIN])
def test_what_may_pass_is_told_after_all_tries(answer, code, found):
    clock = FakeClock()
    error, calls = ask(answer, clock=clock)
    assert_told(error, code, found)
    assert (len(calls), clock.slept) == (ATTEMPTS, [2.0, 4.0, 8.0, 16.0])


def assert_told(error, code, found):
    assert [item.code for item in error.findings] == [code]
    item = error.findings[0]
    assert item.file == ADDRESS
    assert found is None or item.found == found
    assert error.exit_code == 11
    said = describe(error.findings)
    assert f"Fil: {ADDRESS}" in said
    assert "Hvorfor: " in said
    assert "Gjør slik: " in said
    assert "{" not in said.split("Hvorfor: ")[1]


def test_an_offline_user_is_told_where_to_get_the_same_by_hand():
    offline = caused_by(httpx.ConnectError("Name or service not known"), socket.gaierror(-2, "unknown"))
    error, _ = ask(offline)
    said = str(error)
    assert "uten nett" in said
    assert SUBJECT.page in said
    assert "ingenting er endret" in said


def test_an_answer_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(api_client, "LARGEST_ANSWER_BYTES", 2**20)
    sent = []

    def endless():
        while True:
            sent.append(1)
            yield b"1" * 2**18

    error, _ = ask(lambda: httpx.Response(200, content=endless()))
    assert_told(error, "API-10", None)
    assert len(sent) <= 6


def test_the_real_transport_without_a_net_says_so(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "create_connection", unknown)
    clock = FakeClock()
    with ApiClient(sleep=clock.sleep) as client, pytest.raises(DataError) as caught:
        client.ask(ADDRESS, SUBJECT)
    assert [item.code for item in caught.value.findings] == ["API-01"]
    assert clock.slept == []


def test_the_guard_of_these_tests_holds():
    with pytest.raises(AssertionError, match="a socket was opened"):
        socket.socket()
