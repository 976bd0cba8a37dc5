"""What the import wrote down about itself: every changed value, every finding, and where each figure comes from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.imported import Imported, marked

_TEXT = ("file", "sheet", "column", "raw", "value", "rule", "code", "severity", "found", "why", "mend")
_NUMBERS = ("municipality_number", "quarter", "predecessors")


@dataclass(frozen=True, slots=True, eq=False)
class ImportLog:
    """The log of one import.

    Parameters
    ----------
    ledger : pandas.DataFrame
        Values of the panel that were read differently from how they are written: file, sheet, line, column, raw, value,
        rule.
    findings : pandas.DataFrame
        code, severity, file, line, column, found, why, mend.
    lineage : pandas.DataFrame
        municipality_number, quarter, predecessors, n_predecessors.
    """

    ledger: pd.DataFrame
    findings: pd.DataFrame
    lineage: pd.DataFrame


def read_import_log(config: Config, imported: Imported) -> ImportLog:
    """Read the log of an import.

    Raises
    ------
    ReportError
        RAP-32: a file of the import is gone.
    """
    frames = {}
    for name in ("intake_ledger", "findings", "lineage"):
        path = marked(config.processed / f"{name}.csv", str(imported.record["origin"]))
        if not path.is_file():
            raise ReportError.of("RAP-32", file=path, programme=config.path.name)
        types = {**dict.fromkeys((*_TEXT, *_NUMBERS), "str"), "line": "Int64", "n_predecessors": "int64"}
        frames[name] = pd.read_csv(path, sep=";", dtype=types, keep_default_na=False, na_values=[""])
    return ImportLog(frames["intake_ledger"], frames["findings"], frames["lineage"])
