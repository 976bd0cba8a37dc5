"""Calls to open APIs: a limit on calls, another try where it may help, and every answer kept as it came.

Nothing is written here. An answer that cannot be used raises, so that what lies on the disk is never touched by a call
that failed. Proxies and certificates are taken from the environment, as other programs of the machine do.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from kvalitet_eval.errors import DataError, Finding, finding

CALLS = 30
SECONDS = 61.0  # the limit is stated per 60 seconds; our clock and theirs need not agree on when a call was made
ATTEMPTS = 5
TIMEOUT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 120.0
LARGEST_ANSWER_BYTES = 256 * 2**20
_SHOWN = 160  # characters of an answer that a message repeats
_OK, _BAD, _MISSING, _TOO_MANY = 200, 400, 404, 429
_REFUSED = (401, 403)
_PASSING = (408, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked for: its number at the provider, and the page where a person finds the same by hand."""

    number: str
    page: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came.

    Parameters
    ----------
    address, method, body
        The call that was made; ``body`` is empty for GET.
    time : datetime
        When the answer had come, UTC.
    content : bytes
        The very bytes, after the transport's compression is taken off.
    """

    address: str
    method: str
    body: str
    time: datetime
    content: bytes

    @property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


class RateLimit:
    """At most so many calls in any stretch of so many seconds; :meth:`wait` returns when the next may be made."""

    def __init__(
        self,
        calls: int = CALLS,
        seconds: float = SECONDS,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._monotonic, self._sleep = seconds, monotonic, sleep
        self._made: deque[float] = deque(maxlen=calls)

    def wait(self) -> None:
        """Wait for a free place and take it."""
        if len(self._made) == self._made.maxlen:
            while (left := self._made[0] + self._seconds - self._monotonic()) > 0:
                self._sleep(left)
        self._made.append(self._monotonic())


class _PassingError(Exception):
    """Something that another try may mend; ``after`` is how long the provider asks us to wait, in seconds."""

    def __init__(self, told: Finding, after: float | None = None) -> None:
        super().__init__(told)
        self.told, self.after = told, after


class ApiClient:
    """Ask an open API; use as a context manager.

    Parameters
    ----------
    transport : httpx.BaseTransport, optional
        How calls are made; the tests' own, otherwise the net.
    limit : RateLimit, optional
        Shared by all calls of this client.
    sleep, now : callable
        The clock, seconds and UTC.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        limit: RateLimit | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        headers = {"Accept": "application/json", "User-Agent": "kvalitet-eval"}
        self._http = httpx.Client(transport=transport, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._limit = limit or RateLimit()
        self._sleep, self._now = sleep, now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(
        self,
        address: str,
        subject: Subject,
        parameters: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Return the JSON answer to one question, GET or, with a body, POST.

        Raises
        ------
        DataError
            API-01 no connection; 02 no answer in time; 03 too many calls; 04 the provider is down; 05 not there;
            06 the question was not understood; 07 a web page; 08 not whole JSON; 10 too large; 11 refused; 12 another
            status, or the answer lies elsewhere; 13 the connection is not secure. What may pass is tried
            ``ATTEMPTS`` times, with growing waits or as long as the provider asks for.
        """
        method = "GET" if body is None else "POST"
        request = self._http.build_request(method, address, params=parameters, json=body)
        tries = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return tries(self._once, request, subject)
        except _PassingError as fault:
            raise DataError(fault.told) from fault

    def _once(self, request: httpx.Request, subject: Subject) -> Answer:
        self._limit.wait()
        place = {"file": str(request.url), "host": request.url.host, "number": subject.number, "page": subject.page}
        try:
            response = self._http.send(request, stream=True)
            try:
                content = _read(response, place)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise _connection_fault(error, place) from error
        _check_status(response, content, place)
        _check_json(content, place)
        body = request.content.decode("utf-8")
        return Answer(str(request.url), request.method, body, self._now(), content)


def _pause(state: RetryCallState) -> float:
    fault = state.outcome.exception() if state.outcome else None
    asked = fault.after if isinstance(fault, _PassingError) else None
    return float(2**state.attempt_number) if asked is None else asked


def _tell(code: str, place: Mapping[str, str], **found: object) -> Finding:
    return finding(code, **place, **found)


def _read(response: httpx.Response, place: Mapping[str, str]) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise DataError(_tell("API-10", place, limit=LARGEST_ANSWER_BYTES // 2**20))
    return bytes(content)


def _connection_fault(error: httpx.HTTPError, place: Mapping[str, str]) -> Exception:
    """Tell what is wrong with the connection: what the user must mend at once, what may pass after some tries."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    found = str(error) or type(error).__name__
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return DataError(_tell("API-13", place, found=found))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return DataError(_tell("API-01", place, found=found))
    if isinstance(error, httpx.TimeoutException):
        return _PassingError(_tell("API-02", place, found=found, seconds=f"{TIMEOUT_SECONDS:.0f}"))
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return _PassingError(_tell("API-08", place, found=found))
    return _PassingError(_tell("API-01", place, found=found))


def _check_status(response: httpx.Response, content: bytes, place: Mapping[str, str]) -> None:
    status = response.status_code
    if status == _OK:
        return
    found = f"{status} {_reason(content) or response.headers.get('location', '')}".strip()
    if status == _TOO_MANY or status in _PASSING:
        after = _asked_wait(response)
        told = _tell("API-03" if status == _TOO_MANY else "API-04", place, found=found)
        if after is not None and after > LONGEST_WAIT_SECONDS:
            raise DataError(told)
        raise _PassingError(told, after)
    codes = {_MISSING: "API-05", _BAD: "API-06", **dict.fromkeys(_REFUSED, "API-11")}
    raise DataError(_tell(codes.get(status, "API-12"), place, found=found))


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After; a date there is rare and our own waits do as well."""
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isdecimal() else None


def _reason(content: bytes) -> str:
    """Return what the provider says is wrong: the title and detail of a problem, or the beginning of a text."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        parts = [str(said[name]) for name in ("title", "detail", "error", "message") if said.get(name)]
        return ": ".join(parts)[:_SHOWN]
    return "" if _is_page(content) else content[:_SHOWN].decode("utf-8", "replace").strip()


def _is_page(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _check_json(content: bytes, place: Mapping[str, str]) -> None:
    if _is_page(content):
        raise DataError(_tell("API-07", place, found=content[:_SHOWN].decode("utf-8", "replace")))
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        found = content[-_SHOWN:].decode("utf-8", "replace")
        raise _PassingError(_tell("API-08", place, found=found)) from error
