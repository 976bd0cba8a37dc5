"""The bracket as a table and a sentence: one question asked in seven ways, and how far the answers agree."""

from __future__ import annotations

import pandas as pd

from kvalitet_eval.estimate.verdict import agreement
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Origin
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Table, TableColumn, build_table

LANGUAGE = "nb"


def bracket_sentence(rows: pd.DataFrame, *, language: str = LANGUAGE) -> str:
    """Say how far the ways of asking agree.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per member of the bracket of one cohort, or of all: ``member`` and the columns of ``results.COLUMNS``.
        Empty when nothing could be estimated.
    """
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return text("bracket.none", language)
    found = agreement(rows)
    facts = {
        "n": numbers.count(len(known), language),
        "asked": numbers.count(found.n_members, language),
        "agreeing": numbers.count(found.n_agreeing, language),
        "lowest": numbers.number(known["estimate"].min(), 2, language),
        "highest": numbers.number(known["estimate"].max(), 2, language),
    }
    if found.n_agreeing == 0:
        key = "bracket.no_side"
    elif found.is_full:
        key = "bracket.agree"
    else:
        key = "bracket.differ" if found.is_complete else "bracket.one_sided"
    return " ".join([text("bracket.range", language, **facts), text(key, language, **facts)])


def bracket_table(
    rows: pd.DataFrame, *, name: str, source: str, origin: Origin, language: str = LANGUAGE, id: str = "bracket"
) -> Table:
    """Set the ways of asking side by side, each with interval, what could be seen and who was compared.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for :func:`bracket_sentence`, not empty.
    name : str
        Whom it is about, as the reader knows it.
    """
    sizes = [
        text("case.table.sizes", language, treated=numbers.count(n, language), comparison=numbers.count(m, language))
        for n, m in zip(rows["n_treated"], rows["n_comparison"], strict=True)
    ]
    shown = rows.assign(what=[text(f"bracket.member.{member}", language) for member in rows["member"]], sizes=sizes)
    level = numbers.percent(100 * rows["conf_level"].iloc[0], 0, language)
    columns = (
        TableColumn("what", text("bracket.way", language)),
        TableColumn("estimate", text("case.table.estimate", language), "signed", decimals=2),
        TableColumn(
            "conf_low", text("case.table.interval", language, level=level), "interval", decimals=2, high_key="conf_high"
        ),
        TableColumn("smallest_detectable", text("case.table.detectable", language), "number", decimals=2),
        TableColumn("sizes", text("case.table.n", language), align="right"),
    )
    caption = text("bracket.caption", language, name=name)
    details = {"source": source, "origin": origin, "notes": (text("bracket.note", language),), "language": language}
    return build_table(shown, columns, id=id, caption=caption, **details)
