"""What notebooks 01 and 02 show, built from the bundled files and a small panel."""

from functools import cache
from types import SimpleNamespace

import pandas as pd
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.monitor import national, table_1
from kvalitet_eval.prepare import coverage, sources
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.participants import read_participants
from kvalitet_eval.prepare.participation import participation_account

STARTS = ("2007Q1", "2007Q3")


def panel_rows(*cells):
    """Rows from (municipality, quarter, lost days); agreed days are 100, a loss of None is missing."""
    rows = pd.DataFrame(cells, columns=["municipality_number", "quarter", "lost_days_self"])
    rows["lost_days_self"] = rows["lost_days_self"].astype(float)
    return rows.assign(sector="all", lost_days_doctor=1.0, agreed_days=100.0, employees=50.0)


def lineage(*cells):
    """Lineage from (municipality, quarter, predecessors)."""
    frame = pd.DataFrame(cells, columns=["municipality_number", "quarter", "predecessors"])
    return frame.assign(n_predecessors=frame["predecessors"].str.count(",") + 1)


@cache
def bundled():
    """Everything that is computed from the bundled files, once."""
    config = load_config(PROGRAMME)
    register = load_register(config)
    participants = read_participants(config, register)
    series = read(config.file("national_series"), "national_series").rows
    rates = table_1.published_rates(config, participants)
    changes = table_1.change_table(rates)
    return SimpleNamespace(
        config=config,
        register=register,
        participants=participants,
        account=participation_account(config, register, participants),
        sources=sources.read_sources(config),
        cells=coverage.published_cells(read(config.file("published_cells"), "ssb_cells").rows),
        series=series,
        ratios=national.seasonal_ratios(series),
        gaps=national.rounding_gaps(series),
        rates=rates,
        changes=changes,
        windows=table_1.windows(STARTS),
        contrast=table_1.level_contrast(changes, 2),
    )


def shown(table):
    """The printed texts of a table, row by row."""
    return [tuple(cell.text.replace("\u00a0", " ") for cell in row) for row in table.rows]


def headings(table):
    """The headings of a table."""
    return [column.heading for column in table.columns]
