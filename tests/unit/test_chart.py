import dataclasses
import json
import math

import pytest
from chart_samples import small_chart

from kvalitet_eval.present.chart import Axis, Band, Point, Rule, Series, from_dict, optional, quarter_axis


def test_rows_hold_every_number():
    rows = small_chart().rows()
    assert list(rows.columns) == ["series", "kind", "x", "x_label", "y", "low", "high", "origin", "name"]
    assert len(rows) == 5 + 2 + 4
    first = rows.iloc[0]
    assert (first["series"], first["x"], first["x_label"], first["y"]) == ("Levanger", -2, "-2", 9.04)
    assert rows.loc[2, "y"] != rows.loc[2, "y"]
    band = rows[rows["kind"] == "band"]
    assert band["low"].tolist()[:2] == [8, 8.25] and band["high"].tolist()[:2] == [9, 9.5]
    assert set(rows["origin"]) == {"syntetisk"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"alt": "For kort."}, "alternative text has 9 characters"),
        ({"id": "Small chart"}, "must be small letters"),
        ({"title": ""}, "title and source"),
        ({"origin": "simulated"}, "origin 'simulated'"),
        ({"series": ()}, "needs series"),
        ({"series": (Series("A", (Point(0, math.nan),)),)}, "'A' has a number that is not finite at x = 0"),
        ({"series": (Series("A", (Point(0, 1, 0, math.inf),)),)}, "not finite"),
        ({"series": (Series("A", (Point(0, 1, 2, 3),)),)}, "'A' at x = 0: low, y and high are not in order"),
        ({"series": (Series("A", (Point(1, 1), Point(0, 1))),)}, "'A': x does not rise at 0"),
        ({"series": (Series("A", ()), Series("A", ()))}, "not used twice"),
        ({"bands": (Band("B", (0, 1), (0,), (1, 1)),)}, "differ in length"),
        ({"rules": (Rule("y", math.nan),)}, "'rules'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, fault):
    with pytest.raises(ValueError, match=fault.replace("(", r"\(")):
        small_chart(**changes)


def test_all_faults_are_told_at_once():
    with pytest.raises(ValueError, match=r"small letters.*alternative text.*title and source"):
        small_chart(id="Ø", alt="", title="")


def test_a_chart_survives_storing():
    chart = small_chart()
    assert from_dict(json.loads(json.dumps(chart.to_dict()))) == chart


def test_a_chart_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        small_chart().title = "Noe annet"


def test_quarter_axis_fills_in_between():
    axis = quarter_axis(["2008Q1", "2007Q3"])
    assert axis.ticks == ((8030, "3. kv.\n2007"), (8031, "4. kv.\n2007"), (8032, "1. kv.\n2008"))
    assert small_chart(x=axis).x_label(8031) == "4. kv. 2007"


def test_printed_values():
    chart = small_chart()
    assert chart.y_label(9.05) == "9,1 prosent"
    assert chart.y_label(None) == "mangler"
    assert chart.point_label(chart.series[1], chart.series[1].points[0]) == "Anslag, -1: 3,0 prosent (2,0 til 4,5)"
    assert Axis("Sykefravær", "prosent").heading == "Sykefravær (prosent)"


def test_optional():
    assert optional(math.nan) is None and optional(None) is None and optional(3) == 3.0
