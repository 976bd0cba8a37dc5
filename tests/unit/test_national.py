"""The national series: published seasons, and hand-worked ones."""

import pandas as pd
import pytest
from notebook_samples import bundled

from kvalitet_eval.monitor.national import MEASURES, rounding_gaps, seasonal_ratios
from kvalitet_eval.prepare.periods import quarters


def series(values, last):
    table = pd.DataFrame({"quarter": quarters("2000Q1", last)})
    return table.assign(**dict.fromkeys(MEASURES, values))


@pytest.mark.parametrize(
    ("measure", "ratios"),
    [
        ("total_pct", [1.053, 0.953, 0.991, 1.002]),
        ("doctor_certified_pct", [1.021, 0.970, 1.016, 0.991]),
        ("self_certified_pct", [1.264, 0.833, 0.813, 1.087]),
    ],
)
def test_seasons_of_the_bundled_series(measure, ratios):
    table = bundled().ratios
    assert table.loc[table["measure"] == measure, "ratio"].round(3).tolist() == ratios


def test_seasons_by_hand():
    # The year is always 10; quarters of 12, 9, 9 and 10 repeat, so that every centred year is 10 too.
    table = seasonal_ratios(series([12.0, 9.0, 9.0, 10.0] * 3, "2002Q4"))
    total = table[table["measure"] == "total_pct"]
    assert total["ratio"].round(12).tolist() == [1.2, 0.9, 0.9, 1.0]
    assert total["n_years"].tolist() == [2, 2, 2, 2]


def test_a_trend_is_no_season():
    table = seasonal_ratios(series([float(n) for n in range(100, 120)], "2004Q4"))
    assert table["ratio"].round(12).eq(1.0).all()


def test_quarter_beside_a_hole_is_left_out():
    whole = series([12.0, 9.0, 9.0, 10.0] * 4, "2003Q4")
    table = seasonal_ratios(whole[whole["quarter"] != "2001Q4"])
    assert table.loc[table["measure"] == "total_pct", "ratio"].round(12).tolist() == [1.2, 0.9, 0.9, 1.0]
    assert table["n_years"].sum() == 3 * (12 - 5)


def test_order_is_total_self_doctor():
    assert list(dict.fromkeys(bundled().ratios["measure"])) == list(MEASURES)


def test_parts_differ_from_the_total_by_a_tenth_in_13_of_46_quarters():
    gaps = bundled().gaps
    assert gaps["gap_pp"].tolist() == [-0.1, 0.0, 0.1]
    assert gaps["n_quarters"].tolist() == [4, 33, 9]
    assert gaps["n_quarters"].sum() == 46


def test_gap_is_parts_minus_total():
    table = pd.DataFrame({"quarter": ["2000Q1"], "total_pct": [7.0], "self_certified_pct": [0.8]})
    gaps = rounding_gaps(table.assign(doctor_certified_pct=[6.1]))
    assert gaps["gap_pp"].tolist() == [-0.1]
