"""Charts of the annual report's Table 1: its overlapping windows, and how the change follows the level."""

from __future__ import annotations

from functools import partial

import pandas as pd

from kvalitet_eval import publish
from kvalitet_eval.monitor.table_1 import LevelContrast
from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Axis, Chart, Point, Rule, Series, quarter_axis
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.publish import PublishedFigure, PublishedTable
from kvalitet_eval.publish.texts import require_published


def window_chart(windows: PublishedTable, starts: tuple[str, str], language: str = "nb") -> PublishedFigure:
    """Draw the quarters that each period of the table covers.

    Parameters
    ----------
    windows : PublishedTable
        As from ``monitor.table_1.windows``, shares in per cent.
    starts : tuple of str
        The quarter in which the programme began and the quarter in which most measures had begun.
    """
    require_published((windows,))
    rows = windows.to_frame().to_dict("records")
    limits = [tuple(map(numbers.quarter_ordinal, (row["first_quarter"], row["last_quarter"]))) for row in rows]
    names = [text(f"table_1.{row['period']}", language).capitalize() for row in rows]
    height = range(len(rows), 0, -1)
    series = tuple(
        Series(name, tuple(Point(x, y) for x in range(first, last + 1)), style="marker", marker="square")
        for name, (first, last), y in zip(names, limits, height, strict=True)
    )
    rows_from_below = tuple(sorted(zip(height, names, strict=True)))
    began, measures = starts
    words = {
        "began": numbers.quarter(began, language),
        "measures": numbers.quarter(measures, language),
        "shared": numbers.count(rows[-2][f"shared_{rows[-1]['period']}"], language),
        "last": names[-1],
        "share": numbers.percent(rows[-1][f"exposed_{measures}"], 0, language),
    }
    x = quarter_axis([place for pair in limits for place in pair], language=language)
    chart = partial(
        Chart,
        id="table-1-windows",
        title=text("notebook.windows.title", language, **words),
        subtitle=text("notebook.windows.subtitle", language),
        x=x,
        y=Axis(text("notebook.windows.y", language), ticks=((0.5, ""), *rows_from_below, (len(rows) + 0.5, ""))),
        series=series,
        rules=(
            Rule("x", numbers.quarter_ordinal(began) - 0.5, text("notebook.windows.began", language)),
            Rule("x", numbers.quarter_ordinal(measures) - 0.5, text("notebook.windows.measures", language)),
        ),
        alt=text("notebook.windows.alt", language, **words),
        source=text("notebook.source.table_1", language),
        origin=windows.origin,
        language=language,
    )
    keys = ("notebook.source.table_1", "notebook.windows.title", *(f"table_1.{row['period']}" for row in rows))
    facts = [*height, *words.values(), *(label for _, label in x.ticks), *constants(*keys, language=language)]
    return publish.figure(lambda _: chart(), windows, facts=facts)


def level_chart(
    published: PublishedTable, contrast: LevelContrast, baseline: str = "P1", language: str = "nb"
) -> PublishedFigure:
    """Draw each municipality's change against its level, with the interval that rounding allows.

    Parameters
    ----------
    published : PublishedTable
        ``monitor.table_1.change_table`` as ``report.open_tables`` publishes it, with the ``place`` of each row
        along the level.
    contrast : LevelContrast
        Which municipalities were lowest; its two means decide the title.
    baseline : str
        Period of the level.
    """
    require_published((published,))
    changes = published.to_frame()
    units = changes[~changes["is_total"] & (changes["from_period"] == baseline)].dropna(subset=["change_pp"])
    is_low = units["unit"].isin(contrast.low_units)
    words = {
        "low": numbers.points(contrast.low_pp, 2, language),
        "other": numbers.points(contrast.other_pp, 2, language),
        "n_low": numbers.count(contrast.n_low, language),
        "n_other": numbers.count(contrast.n_other, language),
        "baseline": text(f"table_1.{baseline}", language),
    }
    is_typical = contrast.low_pp > 0 > contrast.other_pp
    low_name, other_name = (text(f"notebook.level.{name}", language, **words) for name in ("low", "other"))
    chart = partial(
        Chart,
        id="change-by-level",
        title=text(f"notebook.level.title.{'typical' if is_typical else 'other'}", language, **words),
        subtitle=text("notebook.level.subtitle", language, **words),
        x=Axis(text("notebook.level.x", language, **words), text("chart.unit.percent", language)),
        y=Axis(text("notebook.level.y", language), text("chart.unit.points", language)),
        series=(
            Series(low_name, _points(units[is_low], language), "contrast", "marker", marker="triangle"),
            Series(other_name, _points(units[~is_low], language), "participant", "marker"),
        ),
        rules=(Rule("y", 0.0, text("notebook.level.zero", language)),),
        notes=(text("notebook.level.note", language),),
        alt=text("notebook.level.alt", language, **words),
        source=text("notebook.source.table_1", language),
        origin=published.origin,
        language=language,
    )
    keys = ("notebook.source.table_1", f"table_1.{baseline}")
    return publish.figure(
        lambda _: chart(), published, facts=[0.0, *words.values(), *constants(*keys, language=language)]
    )


def _points(units: pd.DataFrame, language: str) -> tuple[Point, ...]:
    return tuple(
        Point(row.place, row.change_pp, row.low_pp, row.high_pp, _label(row, language))
        for row in units.sort_values("place").itertuples()
    )


def _label(row: tuple, language: str) -> str:
    return text(
        "notebook.level.point",
        language,
        unit=row.unit,
        rate=numbers.percent(row.from_rate_pct, 1, language),
        change=numbers.points(row.change_pp, 1, language),
        interval=numbers.interval(row.low_pp, row.high_pp, 1, language),
    )
