"""A withheld number is found wherever a figure can keep it, at its own place and at no other."""

import base64
import json

import numpy as np
import pytest
from leaky_files import notebook, page, shown

from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed

RECORD = DisclosureRecord((Suppressed("legemeldt", (("1719", "Levanger"), ("2007Q3",), ("Legemeldt",)), 3.0),))
NAMES = ["Verdal", "Levanger", "Stjørdal"]
QUARTERS = ["2007Q2", "2007Q3"]
TICKS = {"tickvals": [0, 1], "ticktext": ["2. kv. 2007", "3. kv. 2007"]}


def bdata(values, kind="f8"):
    array = np.array(values, dtype=kind)
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": kind, "bdata": base64.b64encode(array).decode(), **shape}


def by_rows(value, other):
    """Municipalities down, quarters across; the value at Levanger in the third quarter, the other beside it."""
    return [[9, 8], [other, value], [7, 6]]


def square(value, other):
    """As many rows as columns, where the numbers of a row have the length of both axes."""
    return [[9, 8, 7], [other, value, 6], [5, 4, other]]


NINES = bdata([[9.0] * 2] * 3)


def figure(*traces, frames=(), **layout):
    about = {"title": {"text": "Legemeldt"}, **layout}
    return {"data": list(traces), "layout": about} | ({"frames": list(frames)} if frames else {})


def line(values, **more):
    return {"type": "scatter", "name": "Levanger", "x": QUARTERS, "y": values, **more}


def heatmap(**more):
    return figure({"type": "heatmap", "x": QUARTERS, "y": NAMES, **more})


FIGURES = {
    "heat map": lambda v, o: heatmap(z=by_rows(v, o)),
    "packed heat map": lambda v, o: heatmap(z=bdata(by_rows(v, o))),
    "packed heat map of whole numbers": lambda v, o: heatmap(z=bdata(by_rows(v, o), "i2")),
    "square heat map": lambda v, o: figure(
        {"type": "heatmap", "x": [*QUARTERS, "2007Q4"], "y": NAMES, "z": bdata(square(v, o))}
    ),
    "turned heat map": lambda v, o: figure(
        {"type": "heatmap", "transpose": True, "x": NAMES, "y": QUARTERS, "z": by_rows(v, o)}
    ),
    "heat map with places in time": lambda v, o: figure(
        {"type": "heatmap", "x": bdata([8029, 8030], "i2"), "y": NAMES, "z": bdata(by_rows(v, o))}
    ),
    "surface": lambda v, o: figure({"type": "surface", "x": QUARTERS, "y": NAMES, "z": bdata(by_rows(v, o), "f4")}),
    "words on a heat map": lambda v, o: heatmap(z=NINES, text=[[str(n) for n in row] for row in by_rows(v, o)]),
    "hover words on a heat map": lambda v, o: heatmap(
        z=NINES, hovertext=[[f"{n} personer" for n in r] for r in by_rows(v, o)]
    ),
    "further data on a heat map": lambda v, o: heatmap(
        z=NINES, customdata=[[[n, 12] for n in row] for row in by_rows(v, o)]
    ),
    "packed further data on a heat map": lambda v, o: heatmap(
        z=NINES, customdata=bdata([[[n, 12] for n in row] for row in by_rows(v, o)])
    ),
    "words": lambda v, o: figure(line([9, 8], text=[f"{o} personer", f"{v} personer"])),
    "hover words": lambda v, o: figure(line([9, 8], hovertext=[str(o), str(v)])),
    "further data": lambda v, o: figure(line([9, 8], customdata=[o, v])),
    "further data in rows": lambda v, o: figure(line([9, 8], customdata=[[12, o], [12, v]])),
    "packed further data in rows": lambda v, o: figure(line([9, 8], customdata=bdata([[12, o], [12, v]]))),
    "further data in deeper rows": lambda v, o: figure(line([9, 8], customdata=[[[12], [o]], [[12], [v]]])),
    "colour": lambda v, o: figure(line([9, 8], marker={"color": [o, v]})),
    "packed size": lambda v, o: figure(line([9, 8], marker={"size": bdata([o, v], "i1")})),
    "packed size on packed axes": lambda v, o: figure(
        line(bdata([9, 8]), x=bdata([8029, 8030], "i2"), marker={"size": bdata([o, v], "i1")})
    ),
    "error": lambda v, o: figure(line([9, 8], error_y={"array": [o, v]})),
    "packed error downwards": lambda v, o: figure(line([9, 8], error_y={"arrayminus": bdata([o, v])})),
    "line within a marker": lambda v, o: figure(line([9, 8], marker={"line": {"width": bdata([o, v])}})),
    "network": lambda v, o: figure(
        {
            "type": "sankey",
            "node": {"label": ["Levanger", "2007Q2", "2007Q3"]},
            "link": {"source": [0, 0], "target": [1, 2], "value": bdata([o, v])},
        }
    ),
    "nodes": lambda v, o: figure(
        {"node": {"label": ["Levanger, 2007Q2", "Levanger, 2007Q3"], "customdata": [o, v]}, "link": {}}
    ),
    "table": lambda v, o: figure(
        {
            "type": "table",
            "header": {"values": ["Kommune", "2007Q2", "2007Q3"]},
            "cells": {"values": [NAMES, [9, o, 8], [7, v, 6]]},
        }
    ),
    "packed table": lambda v, o: figure(
        {
            "type": "table",
            "header": {"values": [["<b>Kommune</b>"], ["2007Q2"], ["2007Q3"]]},
            "cells": {"values": [NAMES, bdata([9, o, 8]), bdata([7, v, 6])]},
        }
    ),
    "frame": lambda v, o: figure(line([9, 8]), frames=[{"name": "a", "data": [{"y": [o, v]}]}]),
    "packed frame": lambda v, o: figure(
        line([9, 8]), line([5, 4]), frames=[{"name": "a", "data": [{"y": bdata([o, v])}], "traces": [1]}]
    ),
    "frame of a heat map": lambda v, o: figure(
        heatmap(z=[[9, 9]] * 3)["data"][0], frames=[{"name": "a", "data": [{"z": bdata(by_rows(v, o))}]}]
    ),
    "remark": lambda v, o: figure(
        annotations=[
            {"x": "2007Q2", "y": 1, "text": f"Levanger: {o}"}, {"x": "2007Q3", "y": 2, "text": f"Levanger: {v}"}
        ]
    ),
    "remark on a heat map": lambda v, o: heatmap(z=NINES)
    | figure(
        annotations=[
            {"x": "2007Q2", "y": "Levanger", "text": str(o)}, {"x": "2007Q3", "y": "Levanger", "text": str(v)}
        ]
    ),
    "button": lambda v, o: figure(
        {"x": QUARTERS, "y": [9, 8]}, updatemenus=[{"buttons": [{"label": "Levanger", "args": [{"y": [[o, v]]}]}]}]
    ),
    "packed button": lambda v, o: figure(
        {"x": QUARTERS, "y": [9, 8]},
        updatemenus=[{"buttons": [{"label": "Levanger", "args": [{"y": [bdata([o, v])]}, {"title": "x"}]}]}],
    ),
    "button for one trace": lambda v, o: figure(
        line([9, 8]), {"x": QUARTERS, "y": [9, 8]},
        updatemenus=[{"buttons": [{"label": "Levanger", "args": [{"y": [[o, v]]}, [1]]}]}],
    ),
    "slider": lambda v, o: figure(
        {"x": QUARTERS, "y": [9, 8]}, sliders=[{"steps": [{"label": "Levanger", "args": [{"marker.size": [[o, v]]}]}]}]
    ),
    "ticks": lambda v, o: figure({"name": "Levanger", "x": [0, 1], "y": [o, v]}, xaxis=TICKS),
    "ticks of the second axis": lambda v, o: figure(
        {"name": "Levanger", "x": [0, 1], "y": bdata([o, v]), "xaxis": "x2"}, xaxis={}, xaxis2=TICKS
    ),
    "groups of groups": lambda v, o: figure({"type": "bar", "x": [["Levanger"] * 2, QUARTERS], "y": [o, v]}),
    "parallel axes": lambda v, o: figure(
        {
            "type": "parcats",
            "dimensions": [
                {"label": "Kommune", "values": ["Levanger", "Levanger"]},
                {"label": "Kvartal", "values": QUARTERS},
                {"label": "antall", "values": bdata([o, v])},
            ],
        }
    ),
    "pie": lambda v, o: figure(
        {"type": "pie", "title": {"text": "Levanger"}, "labels": QUARTERS, "values": bdata([o, v])}
    ),
    "sunburst": lambda v, o: figure(
        {"type": "sunburst", "labels": QUARTERS, "parents": ["Levanger"] * 2, "values": bdata([o, v])}
    ),
    "Bokeh": lambda v, o: {
        "title": "Legemeldt",
        "data": {
            "kommune": ["Levanger"] * 2,
            "kvartal": QUARTERS,
            "antall": {"__ndarray__": bdata([o, v])["bdata"], "dtype": "float64", "shape": [2], "order": "little"},
        },
    },
    "Bokeh 3": lambda v, o: {
        "title": "Legemeldt",
        "data": {
            "kommune": ["Levanger"] * 2,
            "kvartal": QUARTERS,
            "antall": {
                "type": "ndarray", "array": {"type": "bytes", "data": bdata([o, v])["bdata"]},
                "dtype": "float64", "shape": [2], "order": "little",
            },
        },
    },
    "keys": lambda v, o: {"Legemeldt": {"Levanger": {"2007Q2": o, "2007Q3": v}}},
    "split table": lambda v, o: {"name": "Legemeldt", "columns": QUARTERS, "index": NAMES, "data": by_rows(v, o)},
    "split table with levels": lambda v, o: {
        "columns": ["antall"], "index": [["Levanger", "Legemeldt", "2007Q2"], ["Levanger", "Legemeldt", "2007Q3"]],
        "data": [[o], [v]],
    },
}  # fmt: skip


def found(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    return {item.code for item in scan(tmp_path, RECORD).findings}


def in_script(value):
    if "layout" in value:
        return f"Plotly.newPlot('a', {json.dumps(value['data'])}, {json.dumps(value['layout'])})"
    return f"var a = {json.dumps(value)}"


FILES = {
    "a.json": lambda value: json.dumps(value).encode(),
    "a.ipynb": lambda value: notebook(shown(**{"application__vnd.plotly.v1+json": value})),
    "a.html": lambda value: page("", f"<script>{in_script(value)}</script>"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", FIGURES)
def test_a_withheld_number_is_found_at_its_own_place_only(tmp_path, kind, name):
    if name == "a.html" and "frame" in kind:
        name = "a.json"  # a page gives frames to a function of their own
    make, write = FIGURES[kind], FILES[name]
    assert found(tmp_path, name, write(make(3, 5))) == {"SIK-01"}
    assert found(tmp_path, name, write(make(5, 5))) == set()
    assert found(tmp_path, name, write(make(5, 3))) == set()


@pytest.mark.parametrize(
    "value",
    [
        {"z": [[1, 2], [3]], "x": [1], "y": [2]},
        {"z": [[]], "x": [], "y": []},
        {"data": [3, None, {"x": 1}], "layout": 5, "frames": 7},
        {
            "data": [{}],
            "layout": {"xaxis": 3, "updatemenus": {"a": 1}, "sliders": [4, {"steps": [{"args": [{"y": 3}]}]}]},
        },
        {"data": [{"y": [1]}], "layout": {}, "frames": [{"data": [{"y": [2]}], "traces": ["a", 9]}]},
        {"data": [{"y": [1]}], "index": [1, 2], "columns": 4},
        {"node": {"label": ["a"]}, "link": {"source": [4], "target": ["b"]}},
        {"header": 3, "cells": {"values": [3, [1, 2]]}},
        {"dimensions": [{"values": 3}, {}]},
    ],
)
def test_an_odd_figure_is_read_like_any_other_object(tmp_path, value):
    assert found(tmp_path, "a.json", json.dumps(value).encode()) == set()


def test_a_packed_array_of_another_shape_is_told(tmp_path):
    array = bdata([[1, 2], [3, 4]]) | {"shape": "3, 2"}
    assert found(tmp_path, "a.json", json.dumps({"z": array}).encode()) == {"SIK-07"}


def test_a_key_that_comes_twice_hides_nothing(tmp_path):
    assert found(tmp_path, "a.json", b'{"a": "01010710029", "a": "x"}') == {"SIK-02"}
    assert found(tmp_path, "a.json", b'{"a": "y", "a": "01010710029"}') == {"SIK-02"}
