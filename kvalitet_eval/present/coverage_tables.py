"""Tables of whom the figures cover: participants, the panel, mergers, published cells, seasons and rounding."""

from __future__ import annotations

from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.participation import ParticipationAccount
from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.numbers import count
from kvalitet_eval.present.sentences import outcome_name
from kvalitet_eval.present.tables import build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable

OUTCOME_OF_MEASURE = {
    "total_pct": "sick_leave_total",
    "self_certified_pct": "sick_leave_self",
    "doctor_certified_pct": "sick_leave_doctor",
}


def participation_table(
    intakes: PublishedTable, account: ParticipationAccount, language: str = "nb"
) -> PublishedFigure:
    """Set the account of the participants by intake as a table.

    Parameters
    ----------
    intakes : PublishedTable
        ``account.by_intake`` as ``report.open_tables`` publishes it.
    account : ParticipationAccount
        Its sums.
    """
    counts = ("n_entries", "n_with_start", "n_second", "n_unresolved", "n_districts", "n_unproven")
    return build_table(
        intakes,
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
        notes=[text("notebook.participation.unnamed", language, n=count(account.n_unnamed, language))],
        facts=[account.published, account.n_in_register, account.n_unnamed],
        language=language,
    )


def entry_table(entries: PublishedTable, register: Register, borders: int, language: str = "nb") -> PublishedFigure:
    """Set the entries that are not simply one municipality with one start as a table.

    Parameters
    ----------
    entries : PublishedTable
        As ``report.open_tables`` publishes them: candidates are numbers with blanks between.
    register
        The names of municipalities.
    borders : int
        Year in whose borders candidates are named.
    """
    frame = entries.to_frame()
    words = {
        "status": [text(f"entry.{status}", language) for status in frame["entry_status"]],
        "candidates": [
            ", ".join(str(register.municipality(number, borders)) for number in numbers.split()) or "–"
            for numbers in frame["candidates"].fillna("")
        ],
    }
    names = ("label", "status", "candidates", "certainty")
    return build_table(
        entries,
        [
            column("name", label="entry", language=language),
            *(column(name, label=f"entry_{name}", language=language) for name in names),
        ],
        id="entries",
        caption=text("notebook.entries.caption", language, n=count(len(frame), language)),
        source=text("notebook.source.participants", language),
        notes=[text("notebook.entries.verbatim", language)],
        words=words,
        facts=[len(frame)],
        language=language,
    )


def status_table(coverage: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the panel's coverage by status as a table; ``coverage`` as from ``prepare.coverage.coverage_by_status``."""
    words = {"status": [text(f"membership.{status}", language) for status in coverage.to_frame()["status"]]}
    counts = ("n_municipalities", "n_complete", "n_partial", "n_none", "n_cells", "n_missing")
    return build_table(
        coverage,
        [column("status", language=language), *(column(name, "count", language=language) for name in counts)],
        id="coverage",
        caption=text("notebook.coverage.caption", language),
        source=text("notebook.source.panel", language),
        notes=[text("notebook.coverage.adds_up", language)],
        words=words,
        language=language,
    )


def merged_table(merged: PublishedTable, register: Register, borders: int, language: str = "nb") -> PublishedFigure:
    """Set the merged municipalities as a table; ``merged`` as from ``prepare.coverage.merged``."""
    frame = merged.to_frame()
    words = {
        "name": [register.name(number, borders) for number in frame["municipality_number"]],
        "parts": [
            ", ".join(f"{number} {register.name(number, int(quarter[:4]))}" for number in parts.split(", "))
            for parts, quarter in zip(frame["predecessors"], frame["first_quarter"], strict=True)
        ],
    }
    return build_table(
        merged,
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
        notes=[text("notebook.merged.summed", language)],
        words=words,
        facts=[borders],
        language=language,
    )


def published_cell_table(cells: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the account of Statistics Norway's cells as a table; ``cells`` as from ``prepare.coverage``."""
    frame = cells.to_frame()
    words = {
        "mal": [text(f"notebook.measure.{value}", language) for value in frame["mal"]],
        "kjonn": [text(f"notebook.sex.{value}", language) for value in frame["kjonn"]],
    }
    counts = ("n_cells", "n_municipalities", "n_quarters")
    return build_table(
        cells,
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
        notes=[text("notebook.cells.apart", language)],
        words=words,
        language=language,
    )


def gap_table(gaps: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the gaps between the parts and the total as a table; ``gaps`` as from ``monitor.national.rounding_gaps``."""
    n_quarters = count(gaps.to_frame()["n_quarters"].sum(), language)
    return build_table(
        gaps,
        [
            column("gap_pp", "signed", unit="points", language=language),
            column("n_quarters", "count", language=language),
            column("first_quarter", "quarter", label="first_time", language=language),
        ],
        id="rounding-gaps",
        caption=text("notebook.gaps.caption", language, n=n_quarters),
        source=text("notebook.source.national", language),
        notes=[text("notebook.gaps.rounding", language)],
        facts=[n_quarters, *constants("notebook.gaps.rounding", language=language)],
        language=language,
    )


def season_table(seasons: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the seasonal pattern as a table.

    Parameters
    ----------
    seasons : PublishedTable
        ``monitor.national.seasonal_ratios`` as ``report.open_tables`` publishes it: a column for each quarter.
    """
    measures = [outcome_name(OUTCOME_OF_MEASURE[name], language) for name in seasons.to_frame()["measure"]]
    quarters = [name for name in seasons.columns if name.startswith("season_")]
    own = (*(f"notebook.column.{name}" for name in quarters), "notebook.seasons.method")
    return build_table(
        seasons,
        [
            column("measure", language=language),
            *(column(name, "number", decimals=3, language=language) for name in quarters),
        ],
        id="seasons",
        caption=text("notebook.seasons.caption", language),
        source=text("notebook.source.national", language),
        notes=[text("notebook.seasons.method", language)],
        words={"measure": measures},
        facts=constants(*own, language=language),
        language=language,
    )
