"""Tables of whom the figures cover: participants, the panel, mergers, published cells, seasons and rounding."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import count
from kvalitet_eval.present.sentences import outcome_name
from kvalitet_eval.present.tables import Table, build_table

OUTCOME_OF_MEASURE = {
    "total_pct": "sick_leave_total",
    "self_certified_pct": "sick_leave_self",
    "doctor_certified_pct": "sick_leave_doctor",
}


def participation_table(account: ParticipationAccount, language: str = "nb") -> Table:
    """Set the account of the participants by intake as a table."""
    shown = account.by_intake.assign(
        published=[", ".join(map(str, sizes)) for sizes in account.by_intake["published_sizes"]]
    )
    counts = ("n_entries", "n_with_start", "n_second", "n_unresolved", "n_districts", "n_unproven")
    return build_table(
        shown,
        [
            column("name", label="intake", language=language),
            column("first_quarter", "quarter", label="start", language=language),
            column("published", align="right", language=language),
            *(column(name, "count", language=language) for name in counts),
        ],
        id="participation",
        caption=text(
            "notebook.participation.caption",
            language,
            published=count(account.published, language),
            known=count(account.n_in_register, language),
        ),
        source=text("notebook.source.participants", language),
        origin="observed",
        notes=[text("notebook.participation.unnamed", language, n=count(account.n_unnamed, language))],
        language=language,
    )


def entry_table(account: ParticipationAccount, register: Register, borders: int, language: str = "nb") -> Table:
    """Set the entries that are not simply one municipality with one start as a table.

    Parameters
    ----------
    account, register
        The participants, and the names of municipalities.
    borders : int
        Year in whose borders candidates are named.
    """
    entries = pd.concat([account.unresolved, account.districts, account.second, account.start_unknown])
    shown = entries.assign(
        status=[text(f"entry.{status}", language) for status in entries["entry_status"]],
        candidates=[
            ", ".join(str(register.municipality(number, borders)) for number in numbers) or "–"
            for numbers in entries["candidates"]
        ],
    )
    names = ("label", "status", "candidates", "certainty")
    return build_table(
        shown,
        [
            column("name", label="entry", language=language),
            *(column(name, label=f"entry_{name}", language=language) for name in names),
        ],
        id="entries",
        caption=text("notebook.entries.caption", language, n=count(len(shown), language)),
        source=text("notebook.source.participants", language),
        origin="observed",
        notes=[text("notebook.entries.verbatim", language)],
        language=language,
    )


def status_table(coverage: pd.DataFrame, origin: Origin, language: str = "nb") -> Table:
    """Set the panel's coverage by status as a table; ``coverage`` as from ``prepare.coverage.coverage_by_status``."""
    shown = coverage.assign(status=[text(f"membership.{status}", language) for status in coverage["status"]])
    counts = ("n_municipalities", "n_complete", "n_partial", "n_none", "n_cells", "n_missing")
    return build_table(
        shown,
        [column("status", language=language), *(column(name, "count", language=language) for name in counts)],
        id="coverage",
        caption=text("notebook.coverage.caption", language),
        source=text("notebook.source.panel", language),
        origin=origin,
        notes=[text("notebook.coverage.adds_up", language)],
        language=language,
    )


def merged_table(merged: pd.DataFrame, register: Register, borders: int, origin: Origin, language: str = "nb") -> Table:
    """Set the merged municipalities as a table; ``merged`` as from ``prepare.coverage.merged``."""
    shown = merged.assign(
        name=[register.name(number, borders) for number in merged["municipality_number"]],
        parts=[
            ", ".join(f"{number} {register.name(number, int(quarter[:4]))}" for number in parts.split(", "))
            for parts, quarter in zip(merged["predecessors"], merged["first_quarter"], strict=True)
        ],
    )
    return build_table(
        shown,
        [
            column("name", label="municipality", language=language),
            column("municipality_number", language=language),
            column("parts", language=language),
            column("first_quarter", "quarter", language=language),
            column("last_quarter", "quarter", language=language),
            column("n_quarters", "count", language=language),
        ],
        id="merged",
        caption=text("notebook.merged.caption", language, year=borders),
        source=text("notebook.source.panel", language),
        origin=origin,
        notes=[text("notebook.merged.summed", language)],
        language=language,
    )


def published_cell_table(cells: pd.DataFrame, language: str = "nb") -> Table:
    """Set the account of Statistics Norway's cells as a table; ``cells`` as from ``prepare.coverage``."""
    shown = cells.assign(
        mal=[text(f"notebook.measure.{value}", language) for value in cells["mal"]],
        kjonn=[text(f"notebook.sex.{value}", language) for value in cells["kjonn"]],
    )
    counts = ("n_cells", "n_municipalities", "n_quarters")
    return build_table(
        shown,
        [
            column("mal", language=language),
            column("kjonn", language=language),
            *(column(name, "count", language=language) for name in counts),
            column("first_quarter", "quarter", language=language),
            column("last_quarter", "quarter", language=language),
            column("low_pct", "interval", unit="percent", high_key="high_pct", language=language),
            column("n_repeated", "count", language=language),
        ],
        id="published-cells",
        caption=text("notebook.cells.caption", language),
        source=text("notebook.source.cells", language),
        origin="observed",
        notes=[text("notebook.cells.apart", language)],
        language=language,
    )


def gap_table(gaps: pd.DataFrame, language: str = "nb") -> Table:
    """Set the gaps between the parts and the total as a table; ``gaps`` as from ``monitor.national.rounding_gaps``."""
    return build_table(
        gaps,
        [
            column("gap_pp", "signed", unit="points", language=language),
            column("n_quarters", "count", language=language),
            column("first_quarter", "quarter", label="first_time", language=language),
        ],
        id="rounding-gaps",
        caption=text("notebook.gaps.caption", language, n=count(gaps["n_quarters"].sum(), language)),
        source=text("notebook.source.national", language),
        origin="observed",
        notes=[text("notebook.gaps.rounding", language)],
        language=language,
    )


def season_table(ratios: pd.DataFrame, language: str = "nb") -> Table:
    """Set the seasonal pattern as a table; ``ratios`` as from ``monitor.national.seasonal_ratios``."""
    wide = ratios.pivot(index="measure", columns="quarter_of_year", values="ratio").reindex(list(OUTCOME_OF_MEASURE))
    shown = wide.set_axis([f"season_{quarter}" for quarter in wide.columns], axis=1).reset_index()
    shown = shown.assign(measure=[outcome_name(OUTCOME_OF_MEASURE[name], language) for name in shown["measure"]])
    return build_table(
        shown,
        [
            column("measure", language=language),
            *(column(name, "number", decimals=3, language=language) for name in shown.columns[1:]),
        ],
        id="seasons",
        caption=text("notebook.seasons.caption", language),
        source=text("notebook.source.national", language),
        origin="observed",
        notes=[text("notebook.seasons.method", language)],
        language=language,
    )
