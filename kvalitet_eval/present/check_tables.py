"""The tables of the robustness checks: what was tried, and what came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.honest import Honest
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.check_words import check_sentence
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, TableColumn, build_table

LANGUAGE = "nb"
_ANSWER = {True: "passed", False: "failed", None: "information"}


def checks_table(checks: Iterable[CheckResult], *, source: str, origin: Origin, language: str = LANGUAGE) -> Table:
    """List the checks, whether each was passed, and what it found in words."""
    shown = pd.DataFrame(
        [
            {
                "name": text(f"check.name.{check.name}", language),
                "answer": text(f"check.answer.{_ANSWER[check.passed]}", language),
                "said": check_sentence(check, language),
            }
            for check in checks
        ]
    )
    columns = (
        TableColumn("name", text("check.table.name", language)),
        TableColumn("answer", text("check.table.answer", language)),
        TableColumn("said", text("check.table.said", language)),
    )
    return _table(shown, columns, id="checks", source=source, origin=origin, language=language)


def honest_table(found: Honest, *, source: str, origin: Origin, language: str = LANGUAGE) -> Table:
    """Set the honest intervals by how far the development may depart from parallel."""
    level = numbers.percent(100 * found.frame["conf_level"].iloc[0], 0, language)
    columns = (
        TableColumn("bound", text("check.honest.bound", language), "number", decimals=2, align="left"),
        TableColumn(
            "conf_low", text("case.table.interval", language, level=level), "interval", decimals=2, high_key="conf_high"
        ),
    )
    return _table(found.to_frame(), columns, id="honest", source=source, origin=origin, language=language)


def leave_out_table(
    check: CheckResult, *, names: Mapping[str, str], source: str, origin: Origin, language: str = LANGUAGE
) -> Table:
    """Set the estimates without each municipality or group; ``names`` turns what is left out into words."""
    rows = check.to_frame()
    everybody = text("check.leave_out.everybody", language)
    shown = rows.assign(what=[names.get(item, item) if item else everybody for item in rows["left_out"]])
    columns = (
        TableColumn("what", text("check.leave_out.what", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn(
            "conf_low", text("check.leave_out.interval", language), "interval", decimals=2, high_key="conf_high"
        ),
        TableColumn("difference", text("check.leave_out.difference", language), "signed", decimals=2),
    )
    return _table(shown, columns, id=check.name, source=source, origin=origin, language=language)


def pools_table(pools: pd.DataFrame, *, source: str, origin: Origin, language: str = LANGUAGE) -> Table:
    """Set the comparison pools side by side: estimate, interval and how alike each pool was before the start.

    Parameters
    ----------
    pools : pandas.DataFrame
        From :func:`kvalitet_eval.estimate.pools_compared.compare_pools`.
    """
    level = numbers.percent(100 * pools["conf_level"].iloc[0], 0, language)
    shown = pools.assign(what=[text(f"comparison.{item}", language) for item in pools["comparison"]])
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
    return _table(shown, columns, id="pools", source=source, origin=origin, language=language)


def _table(shown: pd.DataFrame, columns: tuple[TableColumn, ...], *, id: str, language: str, **details: str) -> Table:
    caption, notes = text(f"check.caption.{id}", language), (text(f"check.note.{id}", language),)
    return build_table(
        shown, columns, id=id.replace("_", "-"), caption=caption, notes=notes, language=language, **details
    )
