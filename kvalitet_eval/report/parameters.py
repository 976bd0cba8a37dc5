"""Strict parameters of a notebook: what is misspelt, missing or of the wrong type is refused before anything runs.

The notebook runner itself only warns about a name it does not know and then evaluates the *default* municipality; it
turns ``0301`` into 301 and ``no`` into False. Its own reader of declarations also skips every line with a second equals
sign, for example in a comment. The declarations are therefore read here, from the syntax tree of the one cell that is
tagged ``parameters``.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvalitet_eval.errors import Finding, ReportError, UsageError, finding
from kvalitet_eval.report.subject import ID_PATTERNS

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_TRUTH = {"true": True, "false": False}
_SECRET_PARTS = (
    *("token", "passord", "password", "passwd", "passphrase", "secret", "hemmelig", "hemmeleg", "credential"),
    *("apikey", "accesskey", "privatekey", "adgangskode", "tilgangskode", "pinkode"),
)
_SECRET_WORDS = {"key", "keys", "nøkkel", "nokkel", "nykel", "pwd", "pin", "auth", "bearer"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter of a notebook.

    Parameters
    ----------
    name : str
        Its name in the parameters cell.
    type_name : {"str", "int", "float", "bool"}
        The annotated type, or the type of the default where there is no annotation.
    default : object
        The value a reader in JupyterLab starts from; None where there is none.
    required : bool
        Whether a run must give it: no default is declared, or the default is somebody's identity.
    meaning : str
        The comment on the line.
    """

    name: str
    type_name: str
    default: str | int | float | bool | None
    required: bool
    meaning: str


def read_parameters(notebook: Path) -> tuple[Parameter, ...]:
    """Return the declared parameters of a notebook in the order of its parameters cell.

    Raises
    ------
    ReportError
        RAP-01: there is no such file, or it is not a notebook. RAP-03: it does not have exactly one parameters cell.
        RAP-02: that cell holds something else than assignments of text, numbers and truth values.
    """
    source = _parameters_cell(notebook)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ReportError.of("RAP-02", file=notebook, line=error.lineno, found=error.text or "") from error
    lines = source.splitlines()
    declared, faults = [], []
    for node in tree.body:
        parameter = _declared(node, lines)
        if parameter is None:
            faults.append(finding("RAP-02", file=notebook, line=node.lineno, found=lines[node.lineno - 1].strip()))
        else:
            declared.append(parameter)
    if faults:
        raise ReportError(faults)
    return tuple(declared)


def _parameters_cell(notebook: Path) -> str:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [c["source"] for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    except OSError as error:
        raise ReportError.of("RAP-01", file=notebook, found=error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError.of("RAP-01", file=notebook, found=f"{type(error).__name__}: {error}") from error
    if len(tagged) != 1:
        raise ReportError.of("RAP-03", file=notebook, found=len(tagged))
    return tagged[0] if isinstance(tagged[0], str) else "".join(tagged[0])


def _declared(node: ast.stmt, lines: list[str]) -> Parameter | None:
    """Read one statement; None when it does not declare a parameter."""
    if isinstance(node, ast.AnnAssign):
        target, annotation = node.target, ast.unparse(node.annotation)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, annotation = node.targets[0], None
    else:
        return None
    try:
        default = None if node.value is None else ast.literal_eval(node.value)
    except ValueError:
        return None
    type_name = annotation or type(default).__name__
    if not isinstance(target, ast.Name) or type_name not in _TYPES:
        return None
    if default is not None and type(default) is not _TYPES[type_name]:
        return None
    rest = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset :].decode()
    return Parameter(
        name=target.id,
        type_name=type_name,
        default=default,
        required=default is None or target.id in ID_PATTERNS,
        meaning=rest.strip().lstrip("#").strip(),
    )


def check_parameters(notebook: Path, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the given values in the types that the notebook declares, or refuse them all at once.

    Text that spells a whole number, a decimal number or true/false is taken as such where that is declared, so that
    values may come from a command line. Nothing else is converted: a municipality number is text of four digits.

    Raises
    ------
    UsageError
        BRK-01 unknown name (the nearest is suggested), BRK-02 a required value is missing, BRK-03 wrong type,
        BRK-04 not a municipality number, BRK-05 the name of a secret, given or declared (its value is never
        repeated), BRK-06 not the id of an intake.
    ReportError
        As for :func:`read_parameters`.
    """
    declared = {parameter.name: parameter for parameter in read_parameters(notebook)}
    secret = [name for name in (*given, *declared) if _is_secret(name)]
    faults: list[Finding] = []
    typed: dict[str, Any] = {}
    for name in dict.fromkeys((*given, *secret)):
        if name in secret:
            faults.append(finding("BRK-05", file=notebook, parameter=name))
        elif name not in declared:
            faults.append(_unknown(notebook, name, tuple(declared)))
        else:
            try:
                typed[name] = _typed(declared[name], given[name])
            except ValueError:
                faults.append(_wrong_type(notebook, declared[name], given[name]))
    faults += [
        finding("BRK-02", file=notebook, parameter=parameter.name, meaning=parameter.meaning or parameter.name)
        for parameter in declared.values()
        if parameter.required and parameter.name not in (*given, *secret)
    ]
    if faults:
        raise UsageError(faults)
    return typed


def _is_secret(name: str) -> bool:
    words = re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", "_", name).lower()
    return any(part in words for part in _SECRET_PARTS) or bool(_SECRET_WORDS & set(re.split(r"[^a-zæøå0-9]+", words)))


def _unknown(notebook: Path, name: str, names: tuple[str, ...]) -> Finding:
    ordered = [*difflib.get_close_matches(name, names, n=1), *names]  # the likely one first
    return finding("BRK-01", file=notebook, found=name, allowed=", ".join(dict.fromkeys(ordered)))


def _wrong_type(notebook: Path, parameter: Parameter, value: object) -> Finding:
    if parameter.name == "cohort":
        return finding("BRK-06", file=notebook, parameter=parameter.name, found=repr(value))
    if parameter.name == "municipality":
        digits = str(value).strip()
        padded = digits.zfill(4) if re.fullmatch(r"[0-9]{1,4}", digits) else "0301"
        return finding("BRK-04", file=notebook, parameter=parameter.name, found=repr(value), example=padded)
    return finding("BRK-03", file=notebook, parameter=parameter.name, found=repr(value), expected=parameter.type_name)


def _typed(parameter: Parameter, value: object) -> str | int | float | bool:
    """Return the value in the declared type; ValueError when it is not one."""
    wanted = _TYPES[parameter.type_name]
    if wanted is str:
        pattern = ID_PATTERNS.get(parameter.name)
        if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
            raise ValueError(value)
        return value
    if type(value) is wanted:
        return value
    if wanted is float and type(value) is int:
        return float(value)
    if not isinstance(value, str):
        raise ValueError(value)
    if wanted is bool:
        if value.lower() not in _TRUTH:
            raise ValueError(value)
        return _TRUTH[value.lower()]
    if not re.fullmatch(r"-?[0-9]+" if wanted is int else r"-?[0-9]+(\.[0-9]+)?", value):
        raise ValueError(value)
    return wanted(value)
