"""Findings as a table: kept with their facts, so that a report can tell them in its own language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import Finding
from kvalitet_eval.present.messages import why_and_mend

FINDING_COLUMNS = ("code", "severity", "file", "line", "column", "found", "why", "mend", "facts")


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table: code, severity, file, line, column, found, why and mend in bokmål, facts as JSON."""
    rows = [
        (*_place_of(f), *why_and_mend(f), json.dumps(dict(f.facts), ensure_ascii=False, sort_keys=True))
        for f in findings
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def findings_in(frame: pd.DataFrame) -> tuple[Finding, ...]:
    """Return the findings of a table, so that they can be told in another language."""
    known = frame.astype(object).where(frame.notna(), None)
    return tuple(
        Finding(row.code, row.severity, row.file, None, row.line, row.column, row.found, json.loads(row.facts))
        for row in known.itertuples()
    )


def _place_of(item: Finding) -> tuple[object, ...]:
    file = Path(item.file).name if item.file else None
    return item.code, item.severity, file, item.line, item.column, item.found
