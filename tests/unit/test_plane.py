import math

import pytest
from chart_gallery import gallery
from chart_samples import small_chart

from kvalitet_eval.present.chart import Axis, Event, Outline, Point, Rule, Series
from kvalitet_eval.present.plane import along_and_up, project


def test_the_projection_is_the_one_of_the_source():
    """Snyder's formulas written out once more, with 1/2 ln((1+B)/(1-B)) for the inverse hyperbolic tangent."""
    for longitude, latitude in [(10.75, 59.91), (29.94, 69.67), (5.32, 60.39), (15.0, 0.0)]:
        phi, lam = math.radians(latitude), math.radians(longitude - 15)
        b = math.cos(phi) * math.sin(lam)
        east = 6371 / 2 * math.log((1 + b) / (1 - b))
        north = 6371 * math.atan(math.tan(phi) / math.cos(lam))
        assert project(longitude, latitude) == pytest.approx((east, north))


def test_east_is_to_the_right_and_north_is_up():
    assert project(16, 60)[0] > project(14, 60)[0] and project(15, 61)[1] > project(15, 60)[1]


def test_rows_run_along_the_page():
    charts = gallery()
    assert along_and_up(charts["forest"], 1, -0.4) == (-0.4, 1)
    assert along_and_up(charts["run"], 1, -0.4) == (1, -0.4)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"plane": "rows"}, "events, bands and panels need the plane 'plot'"),
        ({"plane": "rows", "events": (), "bands": (), "x": Axis("")}, "rows need a name each"),
        ({"outlines": (Outline((((1.0, 2.0),),)),)}, "outlines need the plane 'map'"),
        ({"plane": "map", "events": (), "bands": (), "outlines": (Outline((), "X"),)}, "outlines of no series"),
        ({"plane": "map", "events": (), "bands": (), "outlines": (Outline((((math.nan, 1.0),),)),)}, "not finite"),
        ({"x": Axis("", scale="log")}, "the x axis is logarithmic"),
        ({"series": (Series("A", (Point(1, 1),), panel="a"), Series("A", (Point(1, 1),), panel="b")), "bands": ()},
         "events cannot be told apart"),
        ({"series": (Series(" ", (Point(1, 1),)),)}, "needs series with names"),
    ],
)  # fmt: skip
def test_what_has_no_place_in_a_plane_is_refused(changes, fault):
    with pytest.raises(ValueError, match=fault):
        small_chart(**changes)


def test_the_same_name_may_stand_in_several_panels():
    series = tuple(Series("Kommunen", (Point(1, 1),), panel=panel) for panel in "ab")
    chart = small_chart(series=series, bands=(), events=(), rules=(Rule("x", 1),))
    assert chart.panels == ("a", "b") and set(chart.rows()["series"]) == {"a: Kommunen", "b: Kommunen"}


def test_values_with_names_may_share_a_place():
    points = (Point(1, 1, name="A"), Point(1, 2, name="B"))
    small_chart(series=(Series("A", points),), bands=())
    with pytest.raises(ValueError, match="x does not rise"):
        small_chart(series=(Series("A", (Point(1, 1), Point(1, 2))),), bands=())


def test_an_event_keeps_its_number():
    assert Event(1, 3, "Tiltak").number == 3
