"""The tables of a programme's report: its intakes in order of time, never ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.programme_words import IntakeFacts
from kvalitet_eval.present.tables import Cell, Table, TableColumn, build_table, mark_notes
from kvalitet_eval.publish import PublishedCell, PublishedFigure, PublishedTable
from kvalitet_eval.publish.published import MISSING

LANGUAGE = "nb"
_DECIMALS = 2
_NOTHING = PublishedCell(None, MISSING)


def intake_effect_table(
    effects: PublishedTable, intakes: Mapping[str, IntakeFacts], *, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set the intakes side by side, each with its effect, its interval, what could be seen, and the verdict.

    Parameters
    ----------
    effects : PublishedTable
        One row of effects for each intake that has one, by ``cohort``.
    intakes : mapping of str to IntakeFacts
        All intakes by id, in order of time; one without a row cannot be told.
    """
    rows = {str(row["cohort"].value): row for row in effects.records()}
    level = numbers.percent(100 * effects.to_frame()["conf_level"].iloc[0], 0, language)
    columns = (
        TableColumn("intake", text("programme.table.intake", language)),
        TableColumn("sizes", text("programme.table.sizes", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=_DECIMALS),
        TableColumn(
            "low", text("case.table.interval", language, level=level), "interval", decimals=_DECIMALS, high_key="high"
        ),
        TableColumn("detectable", text("case.table.detectable", language), "number", decimals=_DECIMALS),
        TableColumn("verdict", text("programme.table.verdict", language)),
    )

    def draw(_: PublishedTable) -> Table:
        lines = tuple(_line(intake, rows.get(id, {}), language) for id, intake in intakes.items())
        notes = [text("programme.table.note", language), text("programme.not_a_league", language)]
        notes += mark_notes((cell.text for line in lines for cell in line), language)
        caption = text("programme.table.intakes", language)
        return Table("intakes", caption, columns, lines, source, effects.origin, tuple(notes))

    known = [fact for intake in intakes.values() for fact in (intake.name, intake.sizes)]
    own = constants("programme.table.note", language=language)
    members = [numbers.count(intake.n_members, language) for intake in intakes.values()]
    return publish.figure(draw, effects, facts=[level, source, *known, *own, *members])


def _line(intake: IntakeFacts, row: Mapping[str, PublishedCell], language: str) -> tuple[Cell, ...]:
    sizes = {"n": numbers.count(intake.n_members, language), "sizes": intake.sizes}
    words = (intake.name, text("programme.table.of", language, **sizes))
    cells = [Cell(word, word) for word in words]
    estimate, low, high, detectable = (
        row.get(name, _NOTHING) for name in ("estimate", "conf_low", "conf_high", "smallest_detectable")
    )
    cells.append(_cell(estimate, numbers.signed, language))
    if low.value is None or high.value is None:
        cells.append(Cell(low.mark or high.mark or MISSING, None))
    else:
        cells.append(Cell(numbers.interval(low.value, high.value, _DECIMALS, language), (low.value, high.value)))
    cells.append(_cell(detectable, numbers.number, language))
    verdict = text(f"verdict.{intake.verdict}", language)
    return (*cells, Cell(verdict, verdict))


def _cell(cell: PublishedCell, print_number: object, language: str) -> Cell:
    if cell.value is None:
        return Cell(cell.mark or MISSING, None)
    return Cell(print_number(cell.value, _DECIMALS, language), cell.value)


def all_effects_table(
    effects: PublishedTable, names: Mapping[str, str], *, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set every intake's effect by both estimands and both estimators; ``names`` gives the name of each ``cohort``."""
    frame = effects.to_frame()
    what = [
        text("case.table.estimand_method", language, estimand=text(f"weighting_name.{weighting}", language),
             method=text(f"method.{method}", language))
        for weighting, method in zip(frame["weighting"], frame["method"], strict=True)
    ]  # fmt: skip
    words: Mapping[str, Sequence[str]] = {"intake": [names[cohort] for cohort in frame["cohort"]], "what": what}
    level = numbers.percent(100 * frame["conf_level"].iloc[0], 0, language)
    interval = text("case.table.interval", language, level=level)
    columns = (
        TableColumn("intake", text("programme.table.intake", language)),
        TableColumn("what", text("case.table.estimand", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn("conf_low", interval, "interval", decimals=2, high_key="conf_high"),
        TableColumn("smallest_detectable", text("case.table.detectable", language), "number", decimals=2),
    )
    note = text("programme.table.all_effects_note", language)
    details = {"source": source, "notes": (note,), "language": language, "words": words}
    facts = [level, *names.values(), *constants("programme.table.all_effects_note", language=language)]
    return build_table(
        effects, columns, id="all-effects", caption=text("programme.table.all", language), facts=facts, **details
    )


def nameless_table(absent: PublishedTable, *, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """List the names that stand for no municipality; ``absent`` has the columns name and reason."""
    columns = (
        TableColumn("name", text("site.column.name", language)),
        TableColumn("reason", text("site.column.reason", language)),
    )
    caption = text("programme.caption.absent", language)
    return build_table(absent, columns, id="absent", caption=caption, source=source, language=language)
