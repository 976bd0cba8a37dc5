"""The programme's files as they were delivered: what SOURCE.md says of each, and what the intake made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.ledger import LEDGER_COLUMNS

DESCRIPTION = "SOURCE.md"
LAYOUT_OF_FILE = MappingProxyType(
    {
        "municipalities": "municipalities",
        "municipality_changes": "municipality_changes",
        "population": "municipalities_2008",
        "participants": "participants",
        "national_series": "national_series",
        "published_table": "table_1",
        "published_accounts": "accounts",
        "published_cells": "ssb_cells",
    }
)
_FACT = re.compile(r"^\*\*(Origin|Date|Licence)\.\*\* +(.+)$", re.MULTILINE)
_HASH = re.compile(r"^\| *`([^`|]+)` *\|.*\| *`([0-9a-f]{64})` *\| *$", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """All files that the programme file names, except the panel.

    Parameters
    ----------
    folders : pandas.DataFrame
        One row per folder: folder, origin, date, licence as SOURCE.md has them (English); missing where it has none.
    files : pandas.DataFrame
        One row per file, in the order of the programme file: name (its key there), file, folder, title_nb, title_nn,
        title_en, n_read, n_used, n_excluded, n_refused (data rows), n_changed (entries of the ledger), n_findings,
        sha256 (of the bytes that were read) and is_as_delivered (whether SOURCE.md has the same sha256; missing where
        it has none).
    ledger : pandas.DataFrame
        Every value that was read differently from how it is written; columns as in ``LEDGER_COLUMNS``.
    findings : tuple of Finding
        Errors and warnings of all files.
    """

    folders: pd.DataFrame
    files: pd.DataFrame
    ledger: pd.DataFrame
    findings: tuple[Finding, ...]


def read_sources(config: Config) -> Sources:
    """Read every file of the programme with its description; a faulty file is accounted for, not raised."""
    paths = {name: config.file(name) for name in LAYOUT_OF_FILE if getattr(config.files, name)}
    described = {path.parent: _describe(path.parent) for path in paths.values()}
    intakes = {name: inspect(path, LAYOUT_OF_FILE[name]) for name, path in paths.items()}
    files = []
    for name, intake in intakes.items():
        documented = described[paths[name].parent]["hashes"].get(paths[name].name)
        counts, layout = intake.counts, intake.layout
        files.append(
            {
                "name": name,
                "file": paths[name].name,
                "folder": paths[name].parent.name,
                "title_nb": layout.title_nb if layout else None,
                "title_nn": layout.title_nn if layout else None,
                "title_en": layout.title_en if layout else None,
                "n_read": counts.read,
                "n_used": counts.used,
                "n_excluded": counts.excluded,
                "n_refused": counts.refused,
                "n_changed": len(intake.ledger),
                "n_findings": len(intake.findings),
                "sha256": intake.sha256,
                "is_as_delivered": None if documented is None else documented == intake.sha256,
            }
        )
    folders = [{"folder": folder.name, **facts["text"]} for folder, facts in described.items()]
    ledgers = [intake.ledger for intake in intakes.values() if len(intake.ledger)]
    return Sources(
        folders=pd.DataFrame(folders, columns=["folder", "origin", "date", "licence"]),
        files=pd.DataFrame(files),
        ledger=pd.concat(ledgers, ignore_index=True) if ledgers else pd.DataFrame(columns=list(LEDGER_COLUMNS)),
        findings=tuple(item for intake in intakes.values() for item in intake.findings),
    )


def documented_hashes(paths: Mapping[str, Path]) -> dict[str, str]:
    """Return the sha256 that SOURCE.md beside each file has for it; empty when it has none."""
    described = {folder: _describe(folder)["hashes"] for folder in {path.parent for path in paths.values()}}
    return {name: described[path.parent].get(path.name, "") for name, path in paths.items()}


def require_as_documented(paths: Mapping[str, Path], found: Mapping[str, str]) -> dict[str, str]:
    """Refuse files that are others than the ones SOURCE.md beside them describes.

    Parameters
    ----------
    paths, found : mapping
        File and the sha256 of its bytes (empty when it is missing), by name.

    Returns
    -------
    dict of str to str
        The documented sha256 by name; empty where nothing is documented.

    Raises
    ------
    DataError
        ``INN-A21`` for every file whose sha256 is another one.
    """
    documented = documented_hashes(paths)
    if changed := [name for name in paths if documented[name] and found[name] not in ("", documented[name])]:
        raise DataError(
            finding("INN-A21", file=paths[name], found=found[name], documented=documented[name], source=DESCRIPTION)
            for name in changed
        )
    return documented


def summarise_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count the entries of a ledger by file, column and rule, with the first of each as an example.

    Returns
    -------
    pandas.DataFrame
        Columns file (name without folder), column, rule, n, line, raw, value; in order of first appearance.
    """
    named = ledger.assign(file=[Path(path).name for path in ledger["file"]])
    groups = named.groupby(["file", "column", "rule"], sort=False, dropna=False)
    summary = groups.agg(n=("rule", "size"), line=("line", "first"), raw=("raw", "first"), value=("value", "first"))
    return summary.reset_index()


def _describe(folder: Path) -> dict[str, dict[str, str]]:
    """Return the facts and the hashes of one SOURCE.md; empty when there is none."""
    path = folder / DESCRIPTION
    content = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {
        "text": {name.lower(): fact for name, fact in _FACT.findall(content)},
        "hashes": dict(_HASH.findall(content)),
    }
