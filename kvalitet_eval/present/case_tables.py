"""The tables of a municipality's report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kvalitet_eval import publish
from kvalitet_eval.estimate.regression_to_mean import LEVEL
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.tables import Cell, Table, TableColumn, build_table, mark_notes
from kvalitet_eval.publish import PublishedCell, PublishedFigure, PublishedTable
from kvalitet_eval.publish.published import MISSING

LANGUAGE = "nb"
_DECIMALS = 2
_PARTS = ("common", "regression", "expected")


def before_after_table(
    expected: PublishedTable, *, name: str, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set a municipality's change beside what is expected of its level, part by part.

    Parameters
    ----------
    expected : PublishedTable
        One row of ``report.structures.EXPECTED_CHANGE``.
    """
    row = next(expected.records())
    windows = {at: _window(row, at, language) for at in ("before", "after")}
    level = numbers.percent(100 * (row["level"].value or LEVEL), 0, language)

    def draw(_: PublishedTable) -> Table:
        lines = [
            (text(f"case.table.{at}", language, period=windows[at]), _percent(row[at], language)) for at in windows
        ]
        lines += [
            (text(f"case.table.{part}", language), _signed(row[part], _DECIMALS, language))
            for part in ("change", *_PARTS)
        ]
        limits = _interval(row["expected_low"], row["expected_high"], language)
        lines.append((text("case.table.expected_interval", language, level=level), limits))
        columns = (TableColumn("what", text("case.table.what", language)), _mixed_column(name))
        note = text("case.table.expected_note", language, n=numbers.count(row["n_comparison"].value, language))
        notes = (
            *([note] if row["n_comparison"].value else []),
            *mark_notes((cell.text for _, cell in lines), language),
        )
        rows = tuple((Cell(label, label), cell) for label, cell in lines)
        caption = text("case.table.before_after", language, name=name)
        return Table("before-after", caption, columns, rows, source, expected.origin, notes)

    return publish.figure(draw, expected, facts=[level, name, source])


def _mixed_column(name: str) -> TableColumn:
    """Return the column of a municipality: levels in per cent, changes in percentage points, intervals."""
    return TableColumn("value", name, "mixed", decimals=_DECIMALS)


def _window(row: Mapping[str, PublishedCell], at: str, language: str) -> str:
    return numbers.window(row[f"{at}_from"].value, row[f"{at}_to"].value, language)


def _percent(cell: PublishedCell, language: str, decimals: int = 1) -> Cell:
    if cell.value is None:
        return Cell(cell.mark or MISSING, None)
    return Cell(numbers.percent(cell.value, decimals, language), cell.value)


def _signed(cell: PublishedCell, decimals: int, language: str) -> Cell:
    if cell.value is None:
        return Cell(cell.mark or MISSING, None)
    return Cell(numbers.signed(cell.value, decimals, language), cell.value)


def _interval(low: PublishedCell, high: PublishedCell, language: str) -> Cell:
    if low.value is None or high.value is None:
        return Cell(low.mark or high.mark or MISSING, None)
    return Cell(numbers.interval(low.value, high.value, _DECIMALS, language), (low.value, high.value))


def effect_table(effects: PublishedTable, *, intake: str, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """Set average effects side by side: both estimands and all estimators, each with interval and what could be seen.

    Parameters
    ----------
    effects : PublishedTable
        Rows in the vocabulary of ``results.COLUMNS``.
    """
    frame = effects.to_frame()
    words = {
        "what": [
            text(
                "case.table.estimand_method",
                language,
                estimand=text(f"weighting_name.{w}", language),
                method=text(f"method.{m}", language),
            )
            for w, m in zip(frame["weighting"], frame["method"], strict=True)
        ],
        "sizes": [
            text(
                "case.table.sizes", language, treated=numbers.count(n, language), comparison=numbers.count(m, language)
            )
            for n, m in zip(frame["n_treated"], frame["n_comparison"], strict=True)
        ],
    }
    level = numbers.percent(100 * frame["conf_level"].iloc[0], 0, language)
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
    facts = [level, intake, *constants("case.table.effect_note", language=language)]
    details = {"source": source, "notes": notes, "language": language, "words": words, "facts": facts}
    return build_table(effects, columns, id="effect", caption=caption, **details)


def published_table(
    rates: PublishedTable, changes: PublishedTable, *, name: str, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set the real, published figures of a municipality with the interval that rounding allows.

    Parameters
    ----------
    rates, changes : PublishedTable
        Its row of ``report.structures.PRINTED_RATES`` and its rows of ``PRINTED_CHANGES``.
    """
    columns = (
        TableColumn("what", text("case.table.what", language)),
        _mixed_column(name),
        TableColumn("low", text("case.table.rounding", language), "interval", decimals=_DECIMALS, high_key="high"),
        TableColumn("printed", text("case.table.printed", language), "percent", decimals=0),
    )

    def draw(*_: PublishedTable) -> Table:
        rows = tuple(_printed_rows(rates, changes, language))
        caption = text("case.table.published", language, name=name)
        notes = [text("case.table.published_note", language)]
        notes += mark_notes((cell.text for row in rows for cell in row), language)
        return Table("published", caption, columns, rows, source, "observed", tuple(notes))

    own = ("case.table.published_note", "case.table.change_from", "table_1.P1", "table_1.P2", "table_1.P3")
    return publish.figure(draw, rates, changes, facts=[*constants(*own, language=language), name, source])


def _printed_rows(rates: PublishedTable, changes: PublishedTable, language: str) -> Iterable[tuple[Cell, ...]]:
    nothing = Cell("", None)
    row = next(rates.records())
    for period in ("P1", "P2", "P3"):
        label = text(f"table_1.{period}", language).capitalize()
        yield Cell(label, label), _percent(row[period], language), nothing, nothing
    for change in changes.records():
        start = text(f"table_1.{change['from_period'].value}", language)
        label = text("case.table.change_from", language, start=start)
        limits = _interval(change["low_pp"], change["high_pp"], language)
        printed = _percent(change["published_pct"], language, 0)
        yield Cell(label, label), _signed(change["change_pp"], 1, language), limits, printed


def account_table(
    account: PublishedTable, *, source: str, notes: tuple[str, ...] = (), facts: Iterable[object] = (),
    language: str = LANGUAGE,
) -> PublishedFigure:  # fmt: skip
    """Count the municipalities by their part in the comparison and the reason for it.

    Parameters
    ----------
    account : PublishedTable
        As ``report.structures.ACCOUNT``: role, reason and n.
    """
    frame = account.to_frame()
    words = {
        "role": [text(f"role.{code}", language) for code in frame["role"]],
        "reason": [text(f"reason.{code}", language) for code in frame["reason"]],
    }
    columns = (
        TableColumn("role", text("case.table.role", language)),
        TableColumn("reason", text("case.table.reason", language)),
        TableColumn("n", text("case.table.n", language), "count"),
    )
    details = {"source": source, "notes": notes, "language": language, "words": words, "facts": facts}
    return build_table(account, columns, id="account", caption=text("case.table.account", language), **details)
