"""What must not stand in a file, as rules that turn what is seen into findings; no finding repeats what it found."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.report.disclosure_numbers import Reading, reading_of, readings
from kvalitet_eval.report.disclosure_persons import person_numbers, stored_person_number
from kvalitet_eval.report.disclosure_record import (
    QUARTER_OR_DATE,
    CanaryIndex,
    DisclosureRecord,
    Suppressed,
    SuppressedIndex,
)
from kvalitet_eval.report.disclosure_seen import Seen, as_text, plain, visible

_SHORTEST_SECRET = 6
_LONGEST_PIECE, _OVERLAP = 4_000, 400
_SECRET_KEY = re.compile(
    r"(?:.{0,80}[_-])?(?:password|passord|passwd|pwd|secret|hemmelighet|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"credentials?)",
    re.IGNORECASE,
)
_SECRETS = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----",
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,})",
        r"\bAIza[\w-]{35}\b",
        r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
        r"\b[a-z][a-z0-9+]{1,10}://[^\s/@:'\"<>]+:[^\s/@'\"<>]+@[\w.-]+",
        r"\b(?:sk-(?:[a-z]+-)?[A-Za-z0-9_-]{20,}|[sr]k_live_\w{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|hf_[A-Za-z0-9]{30,})",
        r"(?i)\bauthorization\s*[:=]\s*basic\s+[A-Za-z0-9+/]{8,}",
        r"(?i)\b(?:account|shared\s?access)key\s*=\s*[A-Za-z0-9+/]{20,}",
        r"\b[Bb]earer\s+[\w.~+/-]{16,}",
        r"(?i)(?:password|passord|passwd|pwd|secret|hemmelighet|token|api[_-]?key|access[_-]?key)"
        r"[\"']?\s*[=:]\s*[\"']?(?=[^\s\"'<>,;]{0,60}\d)[^\s\"'<>,;]{6}",
    )
)
_SECRET_SIGN = re.compile(
    r"(?i:-----begin|a[ks]ia|gh[pousr]_|github_pat|glpat|xox|aiza|eyj|://|bearer|sk-|k_live|npm_|pypi-|hf_|basic|key"
    r"|pass|pwd|secret|hemmel|token)"
)
"""What one of the secrets has in any case, looked for first because most texts have none of it."""
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.~-])/(?:home|root|Users|tmp|var|mnt|opt|srv|media|private|workspace|usr|etc)/[\w.@-]+",
        r"(?<![A-Za-z0-9])[A-Za-z]:\\+[\w.-]+",
        r"(?<![A-Za-z0-9])[A-Za-z]:/(?:Users|Documents|Program|Windows|Temp)[\w./-]*",
        r"(?<![\\\w])\\\\[\w.-]+\\[\w$.-]+",
        r"\bfile:/{1,3}(?!\.\w+\()[\w.-]",
    )
)


class Rules:
    """All rules with what they look for.

    Parameters
    ----------
    record : DisclosureRecord
        What was suppressed or planted in this run.
    """

    def __init__(self, record: DisclosureRecord) -> None:
        self._suppressed = SuppressedIndex(record.suppressed)
        self._canaries = CanaryIndex(record.canaries)
        self._canary_numbers = frozenset(
            reading.value for canary in record.canaries for reading in readings(canary) if _is_number(canary)
        )
        self._unit_columns = frozenset(_squeezed(name) for name in record.unit_columns)
        self._places = tuple(place.rstrip("/\\") for place in record.places if len(place) > 1)

    def findings(self, file: str, seen: Seen) -> Iterator[Finding]:
        """Yield what is wrong with one text or number of a file; a long text is read in pieces that overlap."""
        text = visible(seen.content) if isinstance(seen.content, str) else ""
        if len(text) <= _LONGEST_PIECE:
            is_changed = isinstance(seen.content, str) and text != seen.content
            yield from self._findings(file, dataclasses.replace(seen, content=text) if is_changed else seen)
            return
        for start in range(0, len(text), _LONGEST_PIECE - _OVERLAP):
            piece = text[start : start + _LONGEST_PIECE]
            near = piece if len(seen.near) >= len(text) else seen.near
            yield from self._findings(file, dataclasses.replace(seen, content=piece, near=near))

    def _findings(self, file: str, seen: Seen) -> Iterator[Finding]:
        where = {"file": file, "place": seen.place}
        if isinstance(seen.content, str):
            yield from self._text_findings(seen.content, seen, where)
        elif (found := stored_person_number(seen.content, seen.key)) is not None:
            yield finding("SIK-02", **where, mark=_mask(found))
        if (
            seen.key
            and _squeezed(seen.key) in self._unit_columns
            and as_text(seen.content)
            and as_text(seen.content) != seen.key
        ):
            yield finding("SIK-04", **where, heading=seen.key)
        if seen.is_measure:
            yield from self._number_findings(file, seen, where)

    def _text_findings(self, text: str, seen: Seen, where: dict[str, str]) -> Iterator[Finding]:
        for canary in self._canaries.find(text):
            yield finding("SIK-03", **where, mark=fingerprint(canary))
        for digits in person_numbers(text, seen.key):
            yield finding("SIK-02", **where, mark=_mask(digits))
        is_secret_by_name = _SECRET_KEY.fullmatch(seen.key) and len(text.strip()) >= _SHORTEST_SECRET
        if (is_secret_by_name and text != seen.key) or _has_secret(text):
            yield finding("SIK-05", **where)
        if ("/" in text or "\\" in text) and self._has_place(text):
            yield finding("SIK-06", **where)

    def _has_place(self, text: str) -> bool:
        return any(place in text for place in self._places) or any(pattern.search(text) for pattern in _PLACES)

    def _number_findings(self, file: str, seen: Seen, where: dict[str, str]) -> Iterator[Finding]:
        for reading, candidates in self._candidates(seen):
            if reading.value in self._canary_numbers and not isinstance(seen.content, str):
                yield finding("SIK-03", **where, mark=fingerprint(str(reading.value)))
            for item in candidates:
                if self._is_told(item, reading, file, seen):
                    yield finding("SIK-01", **where, output=item.output, cell=item.cell)

    def _candidates(self, seen: Seen) -> Iterator[tuple[Reading, list[Suppressed]]]:
        if isinstance(seen.content, str):
            for reading in readings(seen.content):
                yield reading, self._suppressed.find(reading)
        elif (found := reading_of(seen.content)) is not None:
            yield found, self._suppressed.find_number(seen.content)

    def _is_told(self, item: Suppressed, reading: Reading, file: str, seen: Seen) -> bool:
        """Whether a number says what was taken out: it is unmistakable, or it stands with the names of the cell."""
        own = reading_of(item.value)
        if reading.is_distinctive and own is not None and own.is_distinctive:
            return True
        text = seen.content if isinstance(seen.content, str) else ""
        wide = f"{seen.key} | {seen.wide} | {file}"
        if not item.is_named_by(seen.near or text, wide):
            return False
        return not text or reading in set(readings(_without_names(text, item)))


def _has_secret(text: str) -> bool:
    return _SECRET_SIGN.search(text) is not None and any(pattern.search(text) for pattern in _SECRETS)


@lru_cache(maxsize=8192)
def _squeezed(heading: str) -> str:
    """Return a heading without what programs and people put between its words."""
    return re.sub(r"[\W_]+", "", plain(heading))


def fingerprint(text: str) -> str:
    """Return eight signs by which somebody who has the record can tell which entry was found."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _mask(digits: str) -> str:
    """Return a person number with what identifies the person taken out."""
    return f"{digits[:2]}{'*' * (len(digits) - 2)}"


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", text.strip()) is not None


def _without_names(text: str, item: Suppressed) -> str:
    """Take the names of the cell and all quarters and dates out of a text: their digits are no figures."""
    text = plain(QUARTER_OR_DATE.sub(" ", text))
    for word in sorted((plain(word) for entry in item.labels for word in entry), key=len, reverse=True):
        if word:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", text)
    return text
