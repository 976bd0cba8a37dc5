"""The tables of a municipality's report."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.estimate.regression_to_mean import ExpectedChange
from kvalitet_eval.present import numbers
from kvalitet_eval.present.case_words import PeriodPair
from kvalitet_eval.present.chart import Origin, optional
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Cell, Table, TableColumn, build_table

LANGUAGE = "nb"


def before_after_table(
    found: ExpectedChange,
    periods: PeriodPair,
    *,
    name: str,
    source: str,
    origin: Origin,
    language: str = LANGUAGE,
) -> Table:
    """Set a municipality's change beside what is expected of its level, part by part."""
    before, after = (numbers.window(*period, language) for period in periods)
    level = numbers.percent(100 * found.level, 0, language)
    interval = numbers.interval(found.expected_low, found.expected_high, 2, language)
    lines = [
        (text("case.table.before", language, period=before), _percent(found.before, language)),
        (text("case.table.after", language, period=after), _percent(found.after, language)),
        (text("case.table.change", language), _signed(found.change, 2, language)),
        (text("case.table.common", language), _signed(found.common, 2, language)),
        (text("case.table.regression", language), _signed(found.regression, 2, language)),
        (text("case.table.expected", language), _signed(found.expected, 2, language)),
        (
            text("case.table.expected_interval", language, level=level),
            Cell(interval, (found.expected_low, found.expected_high)),
        ),
    ]
    columns = (TableColumn("what", text("case.table.what", language)), TableColumn("value", name, align="right"))
    note = text("case.table.expected_note", language, n=numbers.count(found.n_comparison, language))
    caption = text("case.table.before_after", language, name=name)
    rows = tuple((Cell(label, label), cell) for label, cell in lines)
    return Table("before-after", caption, columns, rows, source, origin, (note,))


def _percent(value: float, language: str) -> Cell:
    return Cell(numbers.percent(value, 1, language), optional(value))


def _signed(value: float, decimals: int, language: str) -> Cell:
    return Cell(numbers.signed(value, decimals, language), optional(value))


def effect_table(effects: pd.DataFrame, *, intake: str, source: str, origin: Origin, language: str = LANGUAGE) -> Table:
    """Set average effects side by side: both estimands and all estimators, each with interval and what could be seen.

    Parameters
    ----------
    effects : pandas.DataFrame
        Rows in the vocabulary of ``results.COLUMNS``.
    """
    shown = effects.assign(
        what=[
            text(
                "case.table.estimand_method",
                language,
                estimand=text(f"weighting_name.{w}", language),
                method=text(f"method.{m}", language),
            )
            for w, m in zip(effects["weighting"], effects["method"], strict=True)
        ],
        sizes=[
            text(
                "case.table.sizes", language, treated=numbers.count(n, language), comparison=numbers.count(m, language)
            )
            for n, m in zip(effects["n_treated"], effects["n_comparison"], strict=True)
        ],
    )
    level = numbers.percent(100 * effects["conf_level"].iloc[0], 0, language)
    columns = (
        TableColumn("what", text("case.table.estimand", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn(
            "conf_low", text("case.table.interval", language, level=level), "interval", decimals=2, high_key="conf_high"
        ),
        TableColumn("smallest_detectable", text("case.table.detectable", language), "number", decimals=2),
        TableColumn("sizes", text("case.table.n", language), align="right"),
    )
    notes = (text("case.table.effect_note", language),)
    caption = text("case.table.effect", language, intake=intake)
    details = {"source": source, "origin": origin, "notes": notes, "language": language}
    return build_table(shown, columns, id="effect", caption=caption, **details)


def published_table(
    levels: pd.DataFrame, changes: pd.DataFrame, *, name: str, source: str, language: str = LANGUAGE
) -> Table:
    """Set the real, published figures of a municipality with the interval that rounding allows.

    Parameters
    ----------
    levels, changes : pandas.DataFrame
        One row of ``monitor.table_1.published_rates`` and its rows of ``change_table``.
    """
    nothing = Cell("", None)
    rows = []
    for period in ("P1", "P2", "P3"):
        label = text(f"table_1.{period}", language).capitalize()
        rows.append((Cell(label, label), _percent(levels.iloc[0][period], language), nothing, nothing))
    for change in changes.itertuples():
        label = text("case.table.change_from", language, start=text(f"table_1.{change.from_period}", language))
        interval = Cell(
            numbers.interval(change.low_pp, change.high_pp, 2, language),
            (optional(change.low_pp), optional(change.high_pp)),
        )
        printed = Cell(numbers.percent(change.published_pct, 0, language), optional(change.published_pct))
        rows.append((Cell(label, label), _signed(change.change_pp, 1, language), interval, printed))
    columns = (
        TableColumn("what", text("case.table.what", language)),
        TableColumn("value", name, align="right"),
        TableColumn("interval", text("case.table.rounding", language), align="right"),
        TableColumn("printed", text("case.table.printed", language), align="right"),
    )
    notes = (text("case.table.published_note", language),)
    caption = text("case.table.published", language, name=name)
    return Table("published", caption, columns, tuple(rows), source, "observed", notes)


def account_table(
    account: pd.DataFrame, *, source: str, origin: Origin, notes: tuple[str, ...] = (), language: str = LANGUAGE
) -> Table:
    """Count the municipalities by their part in the comparison and the reason for it.

    Parameters
    ----------
    account : pandas.DataFrame
        ``Design.account``: one row per municipality of the register.
    """
    counts = account.groupby(["role", "reason"], sort=True).size().rename("n").reset_index()
    shown = counts.assign(
        role=[text(f"role.{role}", language) for role in counts["role"]],
        reason=[text(f"reason.{reason}", language) for reason in counts["reason"]],
    )
    columns = (
        TableColumn("role", text("case.table.role", language)),
        TableColumn("reason", text("case.table.reason", language)),
        TableColumn("n", text("case.table.n", language), "count"),
    )
    details = {"source": source, "origin": origin, "notes": notes, "language": language}
    return build_table(shown, columns, id="account", caption=text("case.table.account", language), **details)
