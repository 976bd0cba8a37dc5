"""The record of one output - which rule withheld how much - and, kept apart from it, the withheld values themselves.

The record holds no withheld value. The list of withheld values exists so that a scanner can look for them in everything
that was written; it stays in a private file of the run and is never published.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from kvalitet_eval.errors import ReportError

SCHEMA_VERSION = 1
PRIVATE_MODE = 0o600
SECONDARY, REPAIRED, LINKED, REVISION = "secondary", "repaired", "linked", "revision"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What the gate did to one output.

    Parameters
    ----------
    output, policy, policy_sha256 : str
        Name of the output, and the policy it passed.
    n_cells, n_withheld : int
        Printed numbers asked for, and how many of them are withheld.
    by_rule : mapping of str to int
        Withheld cells by the rule that withheld them.
    n_protected : int
        Cells an attacker was tried on, those that are not printed included.
    narrowest : float
        Width in persons of the narrowest interval an attacker can give a protected count, at most ten times the
        minimum; NaN when there is none.
    n_exposed : int
        Protected cells that earlier publications disclose, which nothing withheld now can mend.
    n_linked : int
        Cells published before that the attacker was given too.
    is_consistent : bool
        False when earlier publications contradict each other after corrections: the attacker was then given this table
        alone.
    left_open : mapping of str to int
        Numbers that no rule looked at, by the reason (:class:`~kvalitet_eval.publish.structure.Open`).
    """

    output: str
    policy: str
    policy_sha256: str
    n_cells: int
    n_withheld: int
    by_rule: Mapping[str, int]
    n_protected: int
    narrowest: float
    n_exposed: int
    n_linked: int
    is_consistent: bool = True
    left_open: Mapping[str, int] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Of what was decided: how much was known from before is left out, so that the same run again has the same."""
        return hashlib.sha256(replace(self, n_linked=0).to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Return the record as canonical JSON; an undefined width is null."""
        plain = asdict(self) | {"narrowest": None if self.narrowest != self.narrowest else self.narrowest}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, allow_nan=False)


@dataclass(frozen=True, slots=True)
class WithheldValue:
    """One number that must not be found in any file for readers.

    Parameters
    ----------
    output, column : str
        Where it would have stood.
    key : mapping of str to str
        Dimension to code.
    value : float or None
        In full precision; None when the source itself withheld it.
    rule : str
        Why it is withheld.
    """

    output: str
    column: str
    key: Mapping[str, str]
    value: float | None
    rule: str


def write_private(path: Path, content: object) -> None:
    """Write JSON whole or not at all, readable by its owner only.

    Raises
    ------
    ReportError
        PUB-13: the file cannot be written.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"
    temporary = path.parent / f".{secrets.token_hex(8)}.kvalitet-tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError.of("PUB-13", file=path, found=error.strerror or str(error)) from error


def write_withheld(path: Path, values: Iterable[WithheldValue]) -> None:
    """Write the withheld values of a run for the scanner; errors as for :func:`write_private`."""
    listed = [asdict(value) | {"key": dict(value.key)} for value in values]
    write_private(path, {"schema_version": SCHEMA_VERSION, "withheld": listed})


def read_withheld(path: Path) -> tuple[WithheldValue, ...]:
    """Read what :func:`write_withheld` wrote.

    Raises
    ------
    ReportError
        PUB-14: the file is missing or is not such a file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema_version {content['schema_version']}")
        return tuple(WithheldValue(**value) for value in content["withheld"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError.of("PUB-14", file=path, found=type(error).__name__) from error
