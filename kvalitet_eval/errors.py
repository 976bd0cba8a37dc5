"""One family of errors: what went wrong, where, what was found; the words come from the catalogue.

A :class:`Finding` holds facts, never prose. ``present.messages`` turns it into a sentence in the reader's language and
registers itself here (see :func:`set_renderer`), so that ``str(error)`` is readable in a notebook too while no lower
layer imports a higher one.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from kvalitet_eval.persons import without_person_numbers

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an input, or worth knowing about it.

    Parameters
    ----------
    code : str
        Stable code, for example ``INN-V02``. The catalogue has ``<code>.why`` and ``<code>.mend`` for each.
    severity : {"error", "warning", "info"}
        An error refuses the input; a warning is shown and the work goes on.
    file, sheet, line, column, found : optional
        Where it is (line counted from 1 as an editor shows it) and the text that was found there, unchanged but for
        person numbers, which no message shows.
    facts : mapping of str to str
        Values that the catalogue's sentences use as placeholders.
    """

    code: str
    severity: Severity = "error"
    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    column: str | None = None
    found: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = {key: without_person_numbers(str(value)) for key, value in self.facts.items()}
        object.__setattr__(self, "facts", MappingProxyType(facts))
        if self.found is not None:
            object.__setattr__(self, "found", without_person_numbers(self.found))
        if self.file is not None:
            object.__setattr__(self, "file", str(self.file))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle through the constructor: a read-only mapping cannot be pickled."""
        return (
            Finding,
            (self.code, self.severity, self.file, self.sheet, self.line, self.column, self.found, dict(self.facts)),
        )


def finding(
    code: str,
    *,
    severity: Severity = "error",
    file: str | Path | None = None,
    sheet: str | None = None,
    line: int | None = None,
    column: str | None = None,
    found: object = None,
    **facts: object,
) -> Finding:
    """Build a finding; every further keyword is a fact for the catalogue's sentences.

    Examples
    --------
    >>> finding("INN-V02", file="sick_leave.csv", line=14, column="agreed_days", found="-3", low=0).facts["low"]
    '0'
    """
    text = None if found is None else str(found)
    return Finding(code, severity, None if file is None else str(file), sheet, line, column, text, facts)


def system_reason(error: OSError) -> str:
    """Return why the operating system refuses: the short name of its usual words (``EISDIR``), else the words."""
    words = error.strerror or str(error)
    is_usual = error.errno in errno.errorcode and words == os.strerror(error.errno)
    return errno.errorcode[error.errno] if is_usual else words


class KvalitetError(Exception):
    """Base of all errors meant for a user: shown as a message without a traceback, with an exit code of its own.

    Parameters
    ----------
    findings : Finding or iterable of Finding
        Every fault found in one go, at least one.
    """

    exit_code = 1

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        if not self.findings:
            raise ValueError("an error needs at least one finding")
        super().__init__(self.findings)

    @classmethod
    def of(cls, code: str, **where_and_facts: Any) -> KvalitetError:
        """Build the error from one finding; arguments as for :func:`finding`."""
        return cls(finding(code, **where_and_facts))

    def __str__(self) -> str:
        return _renderer(self.findings)


class UsageError(KvalitetError):
    """The command was called with something it cannot take."""

    exit_code = 2


class ConfigError(KvalitetError):
    """The programme file is wrong."""

    exit_code = 10


class DataError(KvalitetError):
    """An input file is wrong."""

    exit_code = 11


class DesignError(KvalitetError):
    """Who is compared with whom cannot be settled."""

    exit_code = 12


class EstimationError(KvalitetError):
    """The effect cannot be estimated from this design."""

    exit_code = 13


class ReportError(KvalitetError):
    """A notebook, a report or the site could not be made."""

    exit_code = 14


class LockedError(KvalitetError):
    """Another run holds the lock."""

    exit_code = 75


def _plain(findings: tuple[Finding, ...]) -> str:
    return "\n".join(
        f"{f.code} {f.file or ''}:{f.line or ''} {f.column or ''} {f.found or ''} {dict(f.facts)}" for f in findings
    )


_renderer: Callable[[tuple[Finding, ...]], str] = _plain


def set_renderer(renderer: Callable[[tuple[Finding, ...]], str]) -> None:
    """Let the catalogue speak for all errors of this process (called once by the package's ``__init__``)."""
    global _renderer  # noqa: PLW0603  the one deliberate inversion of the layers, see the module's docstring
    _renderer = renderer
