"""Tables and charts of the annual report's Table 1: printed rates, recomputed changes and what rounding allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.numbers import quarter
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable

_EXPOSED = "exposed_"
_SHARED = "shared_"


def rate_table(rates: PublishedTable, windows: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the printed rates as a table; as from ``monitor.table_1.published_rates`` and ``windows``."""
    percent = text("chart.unit.percent", language)
    periods = [
        TableColumn(row.period, period_with_quarters(row, language), "number", percent)
        for row in windows.to_frame().itertuples()
    ]
    columns = [column("unit", language=language), column("municipality_number", language=language), *periods]
    words = {"municipality_number": rates.to_frame()["municipality_number"].fillna("–")}
    headings = [period.label for period in periods]
    about = {"words": words, "facts": headings, "language": language}
    return _table(rates, columns, "table-1-rates", ["table_1.population"], **about)


def change_table(changes: PublishedTable, baseline: str, language: str = "nb") -> PublishedFigure:
    """Set the recomputed changes from one period as a table; ``changes`` as from ``monitor.table_1.change_table``."""
    chosen = changes.select(from_period=baseline)
    frame = chosen.to_frame()
    words = {name: [text(f"table_1.{value}", language) for value in frame[name]] for name in ("verdict", "direction")}
    columns = [
        column("unit", language=language),
        column("change_pp", "signed", unit="points", language=language),
        column("low_pp", "interval", label="allowed", unit="points", high_key="high_pp", decimals=1, language=language),
        column("change_pct", "signed", label="relative", unit="percent", language=language),
        column("low_pct", "interval", label="allowed", unit="percent", high_key="high_pct", decimals=1,
               language=language),
        column("published_pct", "signed", unit="percent", decimals=0, language=language),
        column("verdict", language=language),
        column("direction", language=language),
    ]  # fmt: skip
    periods = {"baseline": text(f"table_1.{baseline}", language), "last": text("table_1.P3", language)}
    about = {"words": words, "facts": periods.values(), "language": language}
    return _table(chosen, columns, f"changes-{baseline.lower()}", ["changes.intervals"], **about, **periods)


def window_table(windows: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the periods, their common quarters and their exposure as a table; as from ``monitor.table_1.windows``.

    The exposed shares are in per cent.
    """
    columns = [
        column("period", language=language),
        column("first_quarter", "quarter", language=language),
        column("last_quarter", "quarter", language=language),
    ]
    for name in windows.columns:
        if name.startswith(_SHARED):
            other = text(f"table_1.{name.removeprefix(_SHARED)}", language)
            columns.append(TableColumn(name, text("notebook.column.shared", language, period=other), "count"))
        elif name.startswith(_EXPOSED):
            start = quarter(name.removeprefix(_EXPOSED), language)
            heading = text("notebook.column.exposed", language, quarter=start)
            columns.append(TableColumn(name, heading, "number", text("chart.unit.percent", language), decimals=0))
    words = {"period": [text(f"table_1.{name}", language) for name in windows.to_frame()["period"]]}
    facts = [item.label for item in columns]
    return _table(windows, columns, "windows", ["windows.overlap"], language=language, words=words, facts=facts)


def direction_table(counts: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the counts of directions as a table; ``counts`` as from ``monitor.table_1.direction_counts``."""
    words = {"from_period": [text(f"table_1.{name}", language) for name in counts.to_frame()["from_period"]]}
    names = ("down", "up", "cannot_be_told", "n")
    columns = [
        column("from_period", language=language),
        *(column(name, "count", label=f"direction_{name}", language=language) for name in names),
    ]
    return _table(counts, columns, "directions", ["directions.rule"], language=language, words=words)


def unit_table(coverage: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the number of municipalities behind each period as a table; as from ``monitor.table_1.coverage``."""
    frame = coverage.to_frame()
    words = {"period": [text(f"table_1.{name}", language) for name in frame["period"]]}
    columns = [
        column("period", language=language),
        column("n_units", "count", language=language),
        column("n_identical", "count", language=language),
        column("missing", label="missing_units", language=language),
    ]
    return _table(coverage, columns, "units", ["units.total"], language=language, words=words)


def contrast_table(contrast: PublishedTable, language: str = "nb") -> PublishedFigure:
    """Set the mean change of the lowest and of the others as a table.

    Parameters
    ----------
    contrast : PublishedTable
        ``monitor.table_1.LevelContrast`` as ``report.open_tables`` publishes it: group (low, other), names, n, mean_pp.
    """
    rows = contrast.to_frame()
    groups = [
        text(f"notebook.contrast.{row.group}", language, names=row.names if isinstance(row.names, str) else "")
        for row in rows.itertuples()
    ]
    columns = [
        column("group", language=language),
        column("n", "count", label="n_municipalities", language=language),
        column("mean_pp", "signed", unit="points", decimals=2, language=language),
    ]
    return _table(contrast, columns, "contrast", ["contrast.expected"], language=language, words={"group": groups})


def renumbered_table(
    renumbered: PublishedTable, register: Register, borders: int, year: int, language: str = "nb"
) -> PublishedFigure:
    """Set the units whose number is another in the programme's borders as a table, with what those borders hold.

    Parameters
    ----------
    renumbered : PublishedTable
        The rows of ``monitor.table_1.published_rates`` that have another number.
    borders, year : int
        Year of the programme's borders, and the year whose numbers ``number_2007`` are.
    """
    parts = register.predecessors(year, borders)
    named = [
        ", ".join(f"{one} {register.name(one, year)}" for one in parts[number])
        for number in renumbered.to_frame()["municipality_number"]
    ]
    columns = [
        column("unit", language=language),
        column("number_2007", language=language),
        TableColumn("municipality_number", text("notebook.column.number_in", language, year=borders)),
        column("parts", language=language),
    ]
    facts = [borders, *named, *constants("notebook.column.number_2007", language=language)]
    about = {"words": {"parts": named}, "facts": facts, "language": language}
    return _table(renumbered, columns, "renumbered", ["renumbered.one_unit"], year=borders, **about)


def period_with_quarters(row: tuple, language: str = "nb") -> str:
    """Return a period's name with its quarters; ``row`` has period, first_quarter and last_quarter."""
    return text(
        "notebook.period_with_quarters",
        language,
        period=text(f"table_1.{row.period}", language).capitalize(),
        first=quarter(row.first_quarter, language),
        last=quarter(row.last_quarter, language),
    )


def _table(
    published: PublishedTable,
    columns: list[TableColumn],
    id: str,
    notes: list[str],
    *,
    language: str,
    words: Mapping[str, Iterable[str]] = MappingProxyType({}),
    facts: Iterable[object] = (),
    **named: object,
) -> PublishedFigure:
    caption = f"notebook.{notes[0].split('.')[0]}.caption"
    own = (caption, *(f"notebook.{note}" for note in notes), "table_1.P1", "table_1.P2", "table_1.P3")
    return build_table(
        published,
        columns,
        id=id,
        caption=text(caption, language, **named),
        source=text("notebook.source.table_1", language),
        notes=[text(f"notebook.{note}", language) for note in notes],
        words=words,
        facts=[*facts, *constants(*own, language=language)],
        language=language,
    )
