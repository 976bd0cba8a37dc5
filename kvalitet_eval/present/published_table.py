"""Tables and charts of the annual report's Table 1: printed rates, recomputed changes and what rounding allows."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.monitor.table_1 import LevelContrast
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.present.columns import column
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import quarter
from kvalitet_eval.present.tables import Table, TableColumn, build_table

_EXPOSED = "exposed_"
_SHARED = "shared_"


def rate_table(rates: pd.DataFrame, windows: pd.DataFrame, language: str = "nb") -> Table:
    """Set the printed rates as a table; ``rates`` as from ``monitor.table_1.published_rates``, ``windows`` likewise."""
    percent = text("chart.unit.percent", language)
    periods = [
        TableColumn(row.period, period_with_quarters(row, language), "number", percent) for row in windows.itertuples()
    ]
    columns = [column("unit", language=language), column("municipality_number", language=language), *periods]
    numbered = rates["municipality_number"].where(rates["municipality_number"].notna(), "–")
    return _table(
        rates.assign(municipality_number=numbered), columns, "table-1-rates", ["table_1.population"], language=language
    )


def change_table(changes: pd.DataFrame, baseline: str, language: str = "nb") -> Table:
    """Set the recomputed changes from one period as a table; ``changes`` as from ``monitor.table_1.change_table``."""
    chosen = changes[changes["from_period"] == baseline]
    chosen = chosen.assign(
        verdict=[text(f"table_1.{value}", language) for value in chosen["verdict"]],
        direction=[text(f"table_1.{value}", language) for value in chosen["direction"]],
    )
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
    return _table(chosen, columns, f"changes-{baseline.lower()}", ["changes.intervals"], language=language, **periods)


def window_table(windows: pd.DataFrame, language: str = "nb") -> Table:
    """Set the periods, their common quarters and their exposure as a table; as from ``monitor.table_1.windows``."""
    shown = windows.assign(period=[text(f"table_1.{name}", language) for name in windows["period"]])
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
            shown[name] = 100 * windows[name]
            start = quarter(name.removeprefix(_EXPOSED), language)
            heading = text("notebook.column.exposed", language, quarter=start)
            columns.append(TableColumn(name, heading, "number", text("chart.unit.percent", language), decimals=0))
    return _table(shown, columns, "windows", ["windows.overlap"], language=language)


def direction_table(counts: pd.DataFrame, language: str = "nb") -> Table:
    """Set the counts of directions as a table; ``counts`` as from ``monitor.table_1.direction_counts``."""
    shown = counts.assign(from_period=[text(f"table_1.{name}", language) for name in counts["from_period"]])
    names = ("down", "up", "cannot_be_told", "n")
    columns = [
        column("from_period", language=language),
        *(column(name, "count", label=f"direction_{name}", language=language) for name in names),
    ]
    return _table(shown, columns, "directions", ["directions.rule"], language=language)


def unit_table(coverage: pd.DataFrame, language: str = "nb") -> Table:
    """Set the number of municipalities behind each period as a table; as from ``monitor.table_1.coverage``."""
    shown = coverage.assign(
        period=[text(f"table_1.{name}", language) for name in coverage["period"]],
        missing=coverage["missing"].where(coverage["missing"] != "", "–"),
    )
    columns = [
        column("period", language=language),
        column("n_units", "count", language=language),
        column("n_identical", "count", language=language),
        column("missing", label="missing_units", language=language),
    ]
    return _table(shown, columns, "units", ["units.total"], language=language)


def contrast_table(contrast: LevelContrast, language: str = "nb") -> Table:
    """Set the mean change of the lowest and of the others as a table."""
    rows = {
        "group": [
            text("notebook.contrast.low", language, names=", ".join(contrast.low_units)),
            text("notebook.contrast.other", language),
        ],
        "n": [contrast.n_low, contrast.n_other],
        "mean_pp": [contrast.low_pp, contrast.other_pp],
    }
    columns = [
        column("group", language=language),
        column("n", "count", label="n_municipalities", language=language),
        column("mean_pp", "signed", unit="points", decimals=2, language=language),
    ]
    return _table(pd.DataFrame(rows), columns, "contrast", ["contrast.expected"], language=language)


def renumbered_table(rates: pd.DataFrame, register: Register, borders: int, year: int, language: str = "nb") -> Table:
    """Set the units whose number is another in the programme's borders as a table, with what those borders hold.

    Parameters
    ----------
    rates : pandas.DataFrame
        As from ``monitor.table_1.published_rates``.
    borders, year : int
        Year of the programme's borders, and the year whose numbers ``number_2007`` are.
    """
    chosen = rates[~rates["is_total"] & (rates["number_2007"] != rates["municipality_number"])]
    parts = register.predecessors(year, borders)
    shown = chosen.assign(
        parts=[
            ", ".join(f"{one} {register.name(one, year)}" for one in parts[number])
            for number in chosen["municipality_number"]
        ]
    )
    columns = [
        column("unit", language=language),
        column("number_2007", language=language),
        TableColumn("municipality_number", text("notebook.column.number_in", language, year=borders)),
        column("parts", language=language),
    ]
    return _table(shown, columns, "renumbered", ["renumbered.one_unit"], language=language, year=borders)


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
    frame: pd.DataFrame, columns: list[TableColumn], id: str, notes: list[str], *, language: str, **words: object
) -> Table:
    return build_table(
        frame,
        columns,
        id=id,
        caption=text(f"notebook.{notes[0].split('.')[0]}.caption", language, **words),
        source=text("notebook.source.table_1", language),
        origin="observed",
        notes=[text(f"notebook.{note}", language) for note in notes],
        language=language,
    )
