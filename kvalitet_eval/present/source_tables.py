"""Tables of where the figures come from: the files, the import, the ledger and the findings."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import count, quarter
from kvalitet_eval.present.tables import build_table
from kvalitet_eval.publish import MISSING, PublishedFigure, PublishedTable

FindingsAbout = Literal["import", "table_1"]
_HASH_DIGITS = 12
_NOT_STATED = "not stated"


def folder_table(folders: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the sources' origin, date and licence as a table; ``folders`` as in ``prepare.sources.Sources``."""
    licences = [_licence(value, language) for value in folders.to_frame()["licence"]]
    return build_table(
        folders,
        [
            column("folder", language=language),
            column("origin_of_folder", label="origin", language=language),
            *(column(name, language=language) for name in ("date", "licence")),
        ],
        id="sources",
        caption=text("notebook.sources.caption", language),
        source=text("notebook.source.raw", language),
        notes=[text("notebook.sources.verbatim", language)],
        words={"licence": licences},
        language=language,
    )


def file_table(files: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the account of every file as a table; ``files`` as in ``prepare.sources.Sources``."""
    frame = files.to_frame()
    words = {
        "title": frame[f"title_{language}"],
        "sha256": frame["sha256"].str[:_HASH_DIGITS],
        "is_as_delivered": [_yes_or_no(value, language) for value in frame["is_as_delivered"]],
    }
    counts = ("n_read", "n_used", "n_excluded", "n_refused", "n_changed", "n_findings")
    return build_table(
        files,
        [
            column("title", language=language),
            column("file", language=language),
            *(column(name, "count", language=language) for name in counts),
            column("sha256", language=language),
            column("is_as_delivered", language=language),
        ],
        id="files",
        caption=text("notebook.files.caption", language),
        source=text("notebook.source.raw", language),
        notes=[text("notebook.files.balance", language)],
        words=words,
        facts=words["sha256"],
        language=language,
    )


def import_table(record: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the record of the import as a table of what and which.

    Parameters
    ----------
    record : PublishedTable
        As ``report.open_tables`` publishes it: name, and its value as ``words`` or as a ``number``.
    """
    frame = record.to_frame()
    values = [_record_value(row.name, row.words, row.number, language) for row in frame.itertuples(index=False)]
    return build_table(
        record,
        [column("what", language=language), column("value", language=language)],
        id="import-record",
        caption=text("notebook.import.caption", language),
        source=text("notebook.source.import", language),
        words={"what": [text(f"notebook.record.{name}", language) for name in frame["name"]], "value": values},
        facts=values,
        language=language,
    )


def _record_value(name: str, words: object, number: float, language: str) -> str:
    if pd.isna(words):
        return count(number, language)
    if name == "origin":
        return text(f"notebook.origin.{words}", language)
    if name.endswith("_quarter"):
        return quarter(str(words), language)
    return str(words)[:_HASH_DIGITS] if name.endswith("sha256") else str(words)


def ledger_table(summary: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set a summary of the intake ledger as a table; ``summary`` as from ``prepare.sources.summarise_ledger``."""
    whole = text("notebook.ledger.whole_file", language)
    frame = summary.to_frame()
    fills = {"column": whole, "raw": "", "value": ""}
    words = {name: frame[name].replace(MISSING, fill).fillna(fill) for name, fill in fills.items()}
    names = ("file", "column", "rule")
    return build_table(
        summary,
        [
            *(column(name, label=f"ledger_{name}", language=language) for name in names),
            column("n", "count", label="ledger_n", language=language),
            column("raw", language=language),
            column("value", label="ledger_value", language=language),
        ],
        id="ledger",
        caption=text("notebook.ledger.caption", language),
        source=text("notebook.source.ledger", language),
        notes=[text("notebook.ledger.rules", language)],
        words=words,
        language=language,
    )


def finding_table(findings: PublishedTable, about: FindingsAbout = "import", language: str = "nb") -> PublishedFigure:
    """Set findings as a table, in their order.

    Parameters
    ----------
    findings : PublishedTable
        code, severity, line, found, why, mend.
    about : {"import", "table_1"}
        What they are about: decides caption, source and the table's id.
    """
    severities = [text(f"error.{value}", language) for value in findings.to_frame()["severity"]]
    names = ("severity", "code", "found", "why", "mend")
    return build_table(
        findings,
        [
            *(column(name, language=language) for name in names[:2]),
            column("line", "count", language=language),
            *(column(name, language=language) for name in names[2:]),
        ],
        id=f"findings-{about.replace('_', '-')}",
        caption=text(f"notebook.findings.{about}", language, n=count(len(findings), language)),
        source=text(f"notebook.source.{about}", language),
        words={"severity": severities},
        facts=[len(findings)],
        language=language,
    )


def _licence(value: object, language: str) -> str:
    """Return a licence as SOURCE.md has it; that it is not stated is said in the reader's language."""
    if pd.isna(value) or str(value).lower().startswith(_NOT_STATED):
        return text("notebook.sources.not_stated", language)
    return str(value)


def _yes_or_no(value: object, language: str) -> str:
    return text("number.missing" if pd.isna(value) else f"notebook.{'yes' if value else 'no'}", language)
