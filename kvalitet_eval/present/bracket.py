"""The bracket as a table and a sentence: one question asked in seven ways, and how far the answers agree."""

from __future__ import annotations

from kvalitet_eval import publish
from kvalitet_eval.estimate.verdict import agreement
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.say import say
from kvalitet_eval.present.sentences import agreement_key
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable, PublishedText

LANGUAGE = "nb"


def bracket_sentence(rows: PublishedTable, *, language: str = LANGUAGE) -> PublishedText:
    """Say how far the ways of asking agree.

    Parameters
    ----------
    rows : PublishedTable
        One row per member of the bracket of one cohort, or of all: ``member`` and the columns of ``results.COLUMNS``.
        Empty when nothing could be estimated.
    """
    frame = rows.to_frame()
    known = frame[frame["estimate"].notna()]
    if known.empty:
        return say("bracket.withheld" if rows.is_withheld("estimate") else "bracket.none", language)
    found = agreement(frame)
    facts = {
        "n": numbers.count(len(known), language),
        "asked": numbers.count(found.n_members, language),
        "agreeing": numbers.count(found.n_agreeing, language),
        "lowest": numbers.number(known["estimate"].min(), 2, language),
        "highest": numbers.number(known["estimate"].max(), 2, language),
    }
    key = agreement_key(found)
    counted = [facts[name] for name in ("n", "asked", "agreeing")]
    said = [text("bracket.range", language, **facts), text(key, language, **facts)]
    return publish.text(" ".join(said), rows, facts=counted)


def bracket_table(
    rows: PublishedTable, *, name: str, source: str, language: str = LANGUAGE, id: str = "bracket"
) -> PublishedFigure:
    """Set the ways of asking side by side, each with interval, what could be seen and who was compared.

    Parameters
    ----------
    rows : PublishedTable
        As for :func:`bracket_sentence`, not empty.
    name : str
        Whom it is about, as the reader knows it.
    """
    frame = rows.to_frame()
    words = {"what": [text(f"bracket.member.{member}", language) for member in frame["member"]]}
    words["sizes"] = [
        text("case.table.sizes", language, treated=numbers.count(n, language), comparison=numbers.count(m, language))
        for n, m in zip(frame["n_treated"], frame["n_comparison"], strict=True)
    ]
    level = numbers.percent(100 * frame["conf_level"].iloc[0], 0, language)
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
    details = {"source": source, "notes": (text("bracket.note", language),), "language": language}
    return build_table(rows, columns, id=id, caption=caption, words=words, facts=[level, name], **details)
