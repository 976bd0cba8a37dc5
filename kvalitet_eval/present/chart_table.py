"""The numbers of a chart as the table that a reader opens below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kvalitet_eval.present import numbers
from kvalitet_eval.present.chart import Band, Chart, Series
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.table_parts import Table, TableColumn, set_table
from kvalitet_eval.publish.published import MISSING, NOT_APPLICABLE

Record = dict[str, Any]
_Rows = list[tuple[Record, dict[str, str]]]


def table_of_chart(chart: Chart) -> Table:
    """Return the numbers of a chart as a table: a row per value of x, per series or per named point, as it asks for."""
    columns, rows = {"x": _by_x, "series": _by_series, "point": _by_point}[chart.table_by](chart)
    keys = [key for column in columns for key in (column.key, column.high_key) if key]
    nothing = dict.fromkeys(keys, NOT_APPLICABLE)
    return set_table(
        ((record, nothing | marks) for record, marks in rows),
        tuple(columns),
        id=f"{chart.id}-table",
        caption=text("chart.table_caption", chart.language, title=chart.title),
        source=chart.source,
        origin=chart.origin,
        notes=chart.notes,
        language=chart.language,
    )


def _by_x(chart: Chart) -> tuple[list[TableColumn], _Rows]:
    """Return a row for each value of x; a column for each series, interval and band."""
    found: dict[float, tuple[Record, dict[str, str]]] = {}
    columns = [_x_column(chart)]
    for index, item in enumerate((*chart.series, *chart.bands)):
        columns += _columns_of(chart, item, f"value_{index}")
        for x, values, mark in _values_of(item):
            record, marks = found.setdefault(x, ({"x": chart.x_label(x) if columns[0].kind == "text" else x}, {}))
            _put(record, marks, f"value_{index}", values, mark)
    return columns, [found[x] for x in sorted(found)]


def _by_series(chart: Chart) -> tuple[list[TableColumn], _Rows]:
    """Return a row for each series; a column for each value of x."""
    places = sorted({point.x for series in chart.series for point in series.points})
    columns = [TableColumn("name", text("chart.series", chart.language))]
    for index, x in enumerate(places):
        columns.append(_value_column(chart, chart.x_label(x), f"value_{index}"))
        if any(point.low is not None for s in chart.series for point in s.points if point.x == x):
            columns.append(_limits_column(chart, _limits_name(chart, chart.x_label(x)), f"value_{index}"))
    rows: _Rows = []
    for series in chart.series:
        record, marks = {"name": chart.full_name(series)}, {}
        for x, values, mark in _values_of(series):
            _put(record, marks, f"value_{places.index(x)}", values, mark)
        rows.append((record, marks))
    return columns, rows


def _by_point(chart: Chart) -> tuple[list[TableColumn], _Rows]:
    """Return a row for each point with a name: its series, its place, its value, and what stands at the same x."""
    named = [series for series in chart.series if any(point.name for point in series.points)]
    others = [item for item in (*chart.series, *chart.bands) if item not in named]
    columns = [
        TableColumn("name", text("chart.name", chart.language)),
        TableColumn("series", text("chart.series", chart.language)),
        TableColumn("x", chart.x.title, "number", chart.x.unit, chart.x.decimals),
        _value_column(chart, chart.y.title, "value"),
    ]
    if any(point.low is not None for series in named for point in series.points):
        columns.append(_limits_column(chart, _limits_name(chart, chart.y.title), "value"))
    at_x = {}
    for index, item in enumerate(others):
        columns += _columns_of(chart, item, f"value_{index}")
        at_x |= {(index, x): (values, mark) for x, values, mark in _values_of(item)}
    rows: _Rows = []
    for series in named:
        for point in series.points:
            record: Record = {"name": point.name, "series": chart.full_name(series), "x": point.x}
            marks: dict[str, str] = {}
            _put(record, marks, "value", (point.y, point.low, point.high), point.mark)
            for index in range(len(others)):
                if (index, point.x) in at_x:
                    _put(record, marks, f"value_{index}", *at_x[index, point.x])
            rows.append((record, marks))
    return columns, rows


def _columns_of(chart: Chart, item: Series | Band, key: str) -> Iterator[TableColumn]:
    """Yield the column of the values of a series, and that of the limits of a series or a band."""
    name = chart.full_name(item)
    if isinstance(item, Band):
        yield _limits_column(chart, name, key)
        return
    yield _value_column(chart, name, key)
    if any(point.low is not None for point in item.points):
        yield _limits_column(chart, item.limits or _limits_name(chart, name), key)


def _x_column(chart: Chart) -> TableColumn:
    """Return the column of x: numbers where each value is called by its number, else the names of the values."""
    title, decimals = chart.x.title or text("chart.period", chart.language), chart.x.decimals
    named = ((x, chart.x_label(x)) for item in (*chart.series, *chart.bands) for x, *_ in _values_of(item))
    if all(label == numbers.number(x, decimals, chart.language) for x, label in named):
        return TableColumn("x", title, "number", decimals=decimals, align="left")
    return TableColumn("x", title)


def _value_column(chart: Chart, label: str, key: str) -> TableColumn:
    if chart.y.kind == "quarter":
        return TableColumn(key, label, "quarter")
    return TableColumn(key, label, "number", chart.y.unit, chart.y.decimals)


def _limits_column(chart: Chart, label: str, key: str) -> TableColumn:
    if chart.y.kind == "quarter":
        return TableColumn(f"{key}_low", label, "window", high_key=f"{key}_high")
    about = {"unit": chart.y.unit, "decimals": chart.y.decimals, "high_key": f"{key}_high"}
    return TableColumn(f"{key}_low", label, "interval", **about)


def _limits_name(chart: Chart, name: str) -> str:
    return text("chart.interval", chart.language, name=name)


def _values_of(item: Series | Band) -> Iterator[tuple[float, tuple[float | None, ...], str]]:
    """Yield x, (value, lower limit, upper limit) and the mark that is printed where there is no value."""
    if isinstance(item, Series):
        yield from ((point.x, (point.y, point.low, point.high), point.mark) for point in item.points)
        return
    shown = item.marks or (MISSING,) * len(item.x)
    for x, low, high, mark in zip(item.x, item.low, item.high, shown, strict=True):
        yield x, (None, low, high), mark


def _put(record: Record, marks: dict[str, str], key: str, values: tuple[float | None, ...], mark: str) -> None:
    keys = (key, f"{key}_low", f"{key}_high")
    record.update(zip(keys, values, strict=True))
    marks.update(dict.fromkeys(keys, mark))
