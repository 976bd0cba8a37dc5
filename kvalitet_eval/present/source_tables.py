"""Tables of where the figures come from: the files, the import, the ledger and the findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import count, quarter
from kvalitet_eval.present.tables import Table, build_table

FindingsAbout = Literal["import", "table_1"]
_HASH_DIGITS = 12
_NOT_STATED = "not stated"
_SEVERITIES = ("error", "warning", "info")


def folder_table(folders: pd.DataFrame, language: str = "nb") -> Table:
    """Set the sources' origin, date and licence as a table; ``folders`` as in ``prepare.sources.Sources``."""
    shown = folders.assign(licence=[_licence(value, language) for value in folders["licence"]])
    return build_table(
        shown,
        [column(name, language=language) for name in ("folder", "origin", "date", "licence")],
        id="sources",
        caption=text("notebook.sources.caption", language),
        source=text("notebook.source.raw", language),
        origin="observed",
        notes=[text("notebook.sources.verbatim", language)],
        language=language,
    )


def file_table(files: pd.DataFrame, language: str = "nb") -> Table:
    """Set the account of every file as a table; ``files`` as in ``prepare.sources.Sources``."""
    title = "title_en" if language == "en" else "title_nb"
    shown = files.assign(
        title=files[title],
        sha256=files["sha256"].str[:_HASH_DIGITS],
        is_as_delivered=[_yes_or_no(value, language) for value in files["is_as_delivered"]],
    )
    counts = ("n_read", "n_used", "n_excluded", "n_refused", "n_changed", "n_findings")
    return build_table(
        shown,
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
        origin="observed",
        notes=[text("notebook.files.balance", language)],
        language=language,
    )


def import_table(record: Mapping[str, object], language: str = "nb") -> Table:
    """Set the record of the import as a table of what and which."""
    origin: Origin = "syntetisk" if record["origin"] == "syntetisk" else "observed"
    values = {
        "origin": text(f"notebook.origin.{origin}", language),
        "source_file": str(record["source_file"]),
        "first_quarter": quarter(str(record["first_quarter"]), language),
        "last_quarter": quarter(str(record["last_quarter"]), language),
        **{name: count(record[name], language) for name in ("n_municipalities", "rows_read", "rows_used")},
        **{name: count(record[name], language) for name in ("rows_excluded", "rows_refused")},
        **{name: str(record[name])[:_HASH_DIGITS] for name in ("source_sha256", "panel_sha256", "programme_sha256")},
        "version": str(record["version"]),
    }
    rows = [(text(f"notebook.record.{name}", language), value) for name, value in values.items()]
    return build_table(
        pd.DataFrame(rows, columns=["what", "value"]),
        [column("what", language=language), column("value", language=language)],
        id="import-record",
        caption=text("notebook.import.caption", language),
        source=text("notebook.source.import", language),
        origin=origin,
        language=language,
    )


def ledger_table(summary: pd.DataFrame, language: str = "nb") -> Table:
    """Set a summary of the intake ledger as a table; ``summary`` as from ``prepare.sources.summarise_ledger``."""
    whole = text("notebook.ledger.whole_file", language)
    shown = summary.assign(
        column=summary["column"].fillna(whole), raw=summary["raw"].fillna(""), value=summary["value"].fillna("")
    )
    names = ("file", "column", "rule")
    return build_table(
        shown,
        [
            *(column(name, label=f"ledger_{name}", language=language) for name in names),
            column("n", "count", label="ledger_n", language=language),
            column("raw", language=language),
            column("value", label="ledger_value", language=language),
        ],
        id="ledger",
        caption=text("notebook.ledger.caption", language),
        source=text("notebook.source.ledger", language),
        origin="observed",
        notes=[text("notebook.ledger.rules", language)],
        language=language,
    )


def finding_table(findings: pd.DataFrame, about: FindingsAbout = "import", language: str = "nb") -> Table:
    """Set findings as a table, errors first.

    Parameters
    ----------
    findings : pandas.DataFrame
        code, severity, line, found, why, mend.
    about : {"import", "table_1"}
        What they are about: decides caption, source and the table's id.
    """
    order = findings["severity"].map(_SEVERITIES.index)
    shown = findings.assign(order=order).sort_values("order", kind="stable")
    shown = shown.assign(severity=[text(f"error.{value}", language) for value in shown["severity"]])
    names = ("severity", "code", "found", "why", "mend")
    return build_table(
        shown.assign(line=shown["line"].astype("Int64")),
        [
            *(column(name, language=language) for name in names[:2]),
            column("line", "count", language=language),
            *(column(name, language=language) for name in names[2:]),
        ],
        id=f"findings-{about.replace('_', '-')}",
        caption=text(f"notebook.findings.{about}", language, n=count(len(findings), language)),
        source=text(f"notebook.source.{about}", language),
        origin="observed",
        language=language,
    )


def _licence(value: object, language: str) -> str:
    """Return a licence as SOURCE.md has it; that it is not stated is said in the reader's language."""
    if pd.isna(value) or str(value).lower().startswith(_NOT_STATED):
        return text("notebook.sources.not_stated", language)
    return str(value)


def _yes_or_no(value: object, language: str) -> str:
    return text("number.missing" if pd.isna(value) else f"notebook.{'yes' if value else 'no'}", language)
