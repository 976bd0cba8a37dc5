"""What is found where there is nothing to find: level and change in one panel, and the answer of each method."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.chart import Axis, Chart, Point, Rule, Series, optional
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedTable, PublishedText
from kvalitet_eval.publish.texts import require_published

LANGUAGE = "nb"
_NO_EFFECT = "bump"  # the way that is measured before the start: in the table, not among the estimates of the chart


def null_source(first_seed: int, n_panels: int, *, language: str = LANGUAGE) -> str:
    """Say where the figures come from: simulated, true effect zero, which seeds."""
    last = first_seed + n_panels - 1
    key = "one" if n_panels == 1 else "many"
    return text(f"null.source.{key}", language, n=numbers.count(n_panels, language), first=first_seed, last=last)


def level_change_chart(
    published: PublishedTable, *, intake: str, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Draw each municipality's change against its level before, and what is expected of each participant's level.

    Parameters
    ----------
    published : PublishedTable
        ``estimate.null_findings.levels_around_start`` as ``report.open_tables`` publishes it: per cent and percentage
        points, with the ``place`` of each municipality along the level.
    intake : str
        Name of the participants' intake as the reader knows it.

    Raises
    ------
    ValueError
        No participant has both windows.
    """
    require_published((published,))
    levels = published.to_frame()
    own, others = levels[levels["role"] == "treated"], levels[levels["role"] == "comparison"]
    if own.empty:
        raise ValueError("level_change_chart: no participant with figures before and after")
    words = {
        "intake": intake,
        "n": numbers.count(len(own), language),
        "fell": numbers.count((own["change"] < 0).sum(), language),
        "change": numbers.points(own["change"].mean(), 2, language),
        "expected": numbers.points(own["expected"].mean(), 2, language),
        "others": numbers.points(others["change"].mean(), 2, language),
    }
    expected, compared = (text(f"null.levels.{name}", language) for name in ("expected", "others"))
    origin = published.origin
    chart = partial(
        Chart,
        id="null-levels",
        title=text("null.levels.title", language, **words),
        subtitle=text("null.levels.subtitle", language),
        x=Axis(text("null.levels.x", language), text("chart.unit.percent", language)),
        y=Axis(text("null.levels.y", language), text("chart.unit.points", language)),
        series=(
            Series(intake, _by_level(own, "change"), "participant", "marker", marker="square"),
            Series(expected, _by_level(own, "expected"), "contrast", "marker", marker="diamond"),
            Series(compared, _by_level(others, "change"), "comparison", "marker", marker="circle_open"),
        ),
        rules=(Rule("y", 0.0, text("null.levels.zero", language)),),
        notes=(text("null.levels.note", language),),
        alt=f"{text('null.levels.alt', language, **words)} {sentences.without_verdict(origin, language)}",
        source=source,
        origin=origin,
        language=language,
    )
    return publish.figure(lambda _: chart(), published, facts=[0.0, source, *words.values()])


def _by_level(rows: pd.DataFrame, column: str) -> tuple[Point, ...]:
    ordered = rows.sort_values("place")
    return tuple(Point(float(x), optional(y)) for x, y in zip(ordered["place"], ordered[column], strict=True))


def ways_chart(
    findings: PublishedTable, *, id: str, intake: str, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Draw the answer of each way of looking with its interval.

    Parameters
    ----------
    findings : PublishedTable
        As from ``estimate.null_findings.find_by_each_way`` (one panel) or ``average_panels`` (several: with
        ``n_panels``); percentage points. The bump is left to the table, it is no effect.
    """
    require_published((findings,))
    rows = findings.to_frame()
    rows = rows[rows["way"] != _NO_EFFECT].reset_index(drop=True)
    kind, words = _words(rows, intake, language)
    ticks = tuple((2 * i + 1, text(f"null.way.{way}.short", language)) for i, way in enumerate(rows["way"]))
    points = tuple(
        Point(x, *(optional(row[name]) for name in ("estimate", "conf_low", "conf_high")))
        for (x, _), row in zip(ticks, rows.to_dict("records"), strict=True)
    )
    chart = partial(
        Chart,
        id=id,
        title=text(f"null.ways.title.{kind}", language, **words),
        subtitle=text(f"null.ways.subtitle.{kind}", language, **words),
        x=Axis("", ticks=((0, ""), *ticks, (2 * len(ticks), ""))),
        y=Axis(text("null.ways.y", language), text("chart.unit.points", language), decimals=2),
        series=(Series(text(f"null.ways.series.{kind}", language, **words), points, "participant", "marker"),),
        rules=(Rule("y", 0.0, text("null.ways.truth", language)),),
        alt=f"{text(f'null.ways.alt.{kind}', language, **words)} {text('chart.synthetic_sentence', language)}",
        source=source,
        origin=findings.origin,
        language=language,
    )
    facts = [0.0, source, intake, words["level"], words.get("n", "")]
    return publish.figure(lambda _: chart(), findings, facts=facts)


def _words(rows: pd.DataFrame, intake: str, language: str) -> tuple[str, dict[str, str]]:
    """Which text fits the numbers, and the values in it."""
    listed = "; ".join(
        text(
            "null.ways.item",
            language,
            way=text(f"null.way.{row.way}", language),
            estimate=numbers.number(row.estimate, 2, language),
            interval=numbers.interval(row.conf_low, row.conf_high, 2, language),
        )
        for row in rows.itertuples()
    )
    words = {
        "intake": intake,
        "listed": listed,
        "level": numbers.percent(100 * rows["conf_level"].iloc[0], 0, language),
    }
    if "n_panels" not in rows:
        return "one", words
    words["n"] = numbers.count(rows["n_panels"].max(), language)
    naive = rows.set_index("way").loc[["before_after", "group_time"], "conf_high"]
    return ("found" if (naive < 0).all() else "unclear"), words


def ways_table(
    findings: PublishedTable, *, id: str, intake: str, source: str, language: str = LANGUAGE
) -> PublishedFigure:
    """Set the answers of all ways side by side; as for :func:`ways_chart`, the bump as the last row."""
    frame = findings.to_frame()
    level = numbers.percent(100 * frame["conf_level"].iloc[0], 0, language)
    is_many = "n_panels" in frame
    kind = "many" if is_many else "one"
    n_panels = numbers.count(frame["n_panels"].max(), language) if is_many else ""
    columns = [
        TableColumn("what", text("null.table.way", language)),
        TableColumn("estimate", text(f"null.table.estimate.{kind}", language), "signed", decimals=2),
        TableColumn(
            "conf_low",
            text(f"null.table.interval.{kind}", language, level=level),
            "interval",
            decimals=2,
            high_key="conf_high",
        ),
    ]
    if is_many:
        for side in ("below", "above"):
            columns.append(TableColumn(f"{side}_pct", text(f"null.table.{side}", language), "percent", decimals=0))
    return build_table(
        findings,
        columns,
        id=id,
        caption=text(f"null.table.caption.{kind}", language, intake=intake, n=n_panels),
        source=source,
        notes=(text("null.table.note", language), text("null.table.bump", language)),
        words={"what": [text(f"null.way.{way}", language) for way in frame["way"]]},
        facts=[level, n_panels, intake],
        language=language,
    )


def null_sentences(published: PublishedTable, *, intake: str, language: str = LANGUAGE) -> PublishedText:
    """Conclude from several panels: what each way found on average, with its uncertainty, where the truth is zero.

    Parameters
    ----------
    published : PublishedTable
        As from ``estimate.null_findings.average_panels``.
    """
    findings = published.to_frame()
    level = numbers.percent(100 * findings["conf_level"].iloc[0], 0, language)
    n_panels = numbers.count(findings["n_panels"].max(), language)
    said = [text("null.conclusion.start", language, n=n_panels, intake=intake, level=level)]
    for row in findings.itertuples():
        side = "low" if row.conf_high < 0 else "high" if row.conf_low > 0 else "open"
        family = "bump" if row.way == _NO_EFFECT else "way"
        said.append(
            text(
                f"null.conclusion.{family}.{side}",
                language,
                way=text(f"null.way.{row.way}", language),
                estimate=numbers.points(row.estimate, 2, language),
                interval=numbers.interval(row.conf_low, row.conf_high, 2, language),
            )
        )
    return publish.text(" ".join(said), published, facts=[level, n_panels, intake])
