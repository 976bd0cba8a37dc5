"""The tables of the robustness checks: what was tried, and what came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kvalitet_eval import publish
from kvalitet_eval.present import numbers
from kvalitet_eval.present.check_words import check_sentence
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.tables import Cell, Table, TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable

LANGUAGE = "nb"
NOBODY = "nobody"


def checks_table(checks: PublishedTable, *, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """List the checks, whether each was passed, and what it found in words.

    Parameters
    ----------
    checks : PublishedTable
        As ``report.structures.CHECKS``.
    """
    frame = checks.to_frame()
    answers = dict(zip(frame["check"], frame["answer"], strict=True))
    columns = tuple(TableColumn(name, text(f"check.table.{name}", language)) for name in ("name", "answer", "said"))

    def draw(_: PublishedTable) -> Table:
        rows = [
            (
                text(f"check.name.{name}", language),
                text(f"check.answer.{answer}", language),
                check_sentence(checks, name, language).text,
            )
            for name, answer in answers.items()
        ]
        cells = tuple(tuple(Cell(word, word) for word in row) for row in rows)
        caption, notes = text("check.caption.checks", language), (text("check.note.checks", language),)
        return Table("checks", caption, columns, cells, source, checks.origin, notes)

    said = [check_sentence(checks, name, language).text for name in answers]
    return publish.figure(draw, checks, facts=[source, *said])


def honest_table(found: PublishedTable, *, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """Set the honest intervals by how far the development may depart from parallel; as ``report.structures.HONEST``."""
    level = numbers.percent(100 * found.to_frame()["conf_level"].iloc[0], 0, language)
    columns = (
        TableColumn("bound", text("check.honest.bound", language), "number", decimals=2, align="left"),
        TableColumn(
            "conf_low", text("case.table.interval", language, level=level), "interval", decimals=2, high_key="conf_high"
        ),
    )
    return _table(found, columns, id="honest", source=source, facts=[level], language=language)


def leave_out_table(
    left_out: PublishedTable, *, id: str, names: Mapping[str, str], source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set the estimates without each municipality or group.

    Parameters
    ----------
    left_out : PublishedTable
        As ``report.structures.LEFT_OUT``.
    id : {"leave_one_out", "leave_out_groups", "spillover_ring"}
        Which check it belongs to.
    names : mapping of str to str
        What is left out, in words.
    """
    everybody = {NOBODY: text("check.leave_out.everybody", language)}
    what = [{**names, **everybody}.get(item, item) for item in left_out.to_frame()["left_out"]]
    columns = (
        TableColumn("what", text("check.leave_out.what", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn(
            "conf_low", text("check.leave_out.interval", language), "interval", decimals=2, high_key="conf_high"
        ),
        TableColumn("difference", text("check.leave_out.difference", language), "signed", decimals=2),
    )
    about = {"words": {"what": what}, "facts": what, "language": language}
    return _table(left_out, columns, id=id, source=source, **about)


def ring_names(left_out: PublishedTable, language: str = LANGUAGE) -> dict[str, str]:
    """Say in words which neighbours each row of a spillover check leaves out."""
    widths = [width for width in left_out.to_frame()["left_out"] if width != NOBODY]
    return {width: text("check.spillover.within", language, kilometres=width) for width in widths}


def pools_table(pools: PublishedTable, *, source: str, language: str = LANGUAGE) -> PublishedFigure:
    """Set the comparison pools side by side: estimate, interval and how alike each pool was before the start.

    Parameters
    ----------
    pools : PublishedTable
        From :func:`kvalitet_eval.estimate.pools_compared.compare_pools`, as ``report.structures.POOLS``.
    """
    frame = pools.to_frame()
    level = numbers.percent(100 * frame["conf_level"].iloc[0], 0, language)
    words = {"what": [text(f"comparison.{item}", language) for item in frame["comparison"]]}
    columns = (
        TableColumn("what", text("check.pools.pool", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn(
            "conf_low", text("case.table.interval", language, level=level), "interval", decimals=2, high_key="conf_high"
        ),
        TableColumn("n_comparison", text("check.pools.n", language), "count"),
        *(
            TableColumn(measure, text(f"check.pools.{measure}", language), "signed", decimals=2)
            for measure in ("level", "last_year", "slope", "log_size")
        ),
    )
    return _table(pools, columns, id="pools", source=source, words=words, facts=[level], language=language)


def _table(
    published: PublishedTable, columns: tuple[TableColumn, ...], *, id: str, language: str, facts: Iterable[object],
    **details: Any,
) -> PublishedFigure:  # fmt: skip
    caption, notes = text(f"check.caption.{id}", language), (text(f"check.note.{id}", language),)
    known = [*facts, *constants(f"check.caption.{id}", f"check.note.{id}", language=language)]
    about = {"caption": caption, "notes": notes, "facts": known, "language": language, **details}
    return build_table(published, columns, id=id.replace("_", "-"), **about)
