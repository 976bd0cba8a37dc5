"""Charts and frames that several tests of ``present`` use."""

import dataclasses

import pandas as pd

from kvalitet_eval.present.chart import Axis, Band, Chart, Event, Point, Rule, Series
from kvalitet_eval.results import effect_frame

ALT = "Linjediagram med oppdiktede tall, brukt bare i prøver av tegningene."
HOSTILE = "<script>alert(\"x\")</script> & \x00\x0b ]]> '{0}'"


def small_chart(**changes):
    chart = Chart(
        id="small",
        title="Tittel",
        x=Axis("Kvartaler", ticks=tuple((k, str(k)) for k in range(-2, 3)), decimals=0),
        y=Axis("Sykefravær", "prosent", from_zero=True),
        series=(
            Series(
                "Levanger",
                (Point(-2, 9.04), Point(-1, 8.5), Point(0, None), Point(1, 7.25), Point(2, 8)),
                "participant",
            ),
            Series("Anslag", (Point(-1, 3, 2, 4.5), Point(1, 5, 4.25, 6)), "contrast", "marker", marker="diamond"),
        ),
        bands=(Band("Bånd", (-2, -1, 0, 1), (8, 8.25, None, 8.5), (9, 9.5, None, 10)),),
        rules=(Rule("x", -0.5, "Oppstart"), Rule("y", 6.0, "Mål")),
        events=(Event(1, 1, "Nye rutiner"),),
        alt=ALT,
        source="KS",
        origin="syntetisk",
    )
    return dataclasses.replace(chart, **changes)


def effects(**columns):
    """Return three quarters of effects by event time."""
    usual = {
        "event_time": [-1, 0, 1],
        "estimate": [0.05, -0.2, -0.424],
        "conf_low": [-0.3, -0.6, -0.82],
        "conf_high": [0.4, 0.2, -0.02],
        "conf_level": [0.95] * 3,
        "band_low": [-0.5, -0.8, -1.02],
        "band_high": [0.6, 0.4, 0.18],
        "n_treated": [12, 12, 11],
        "n_comparison": [330, 330, 330],
        "n_cohorts": [1, 1, 1],
        "origin": ["observed"] * 3,
    }
    return effect_frame({**usual, **columns})


def rates(**columns):
    """Return four rolling windows of one municipality; the third is missing."""
    usual = {"window_end": ["2006Q4", "2007Q1", "2007Q2", "2007Q3"], "rate_pct": [9.5, 9.45, None, 9.05]}
    return pd.DataFrame({**usual, **columns})


def comparison(**columns):
    usual = {
        "window_end": ["2006Q4", "2007Q1", "2007Q2", "2007Q3"],
        "rate_pct": [9.0, 9.0, 9.1, 9.2],
        "low_pct": [8.8, 8.8, 8.9, 9.0],
        "high_pct": [9.2, 9.2, 9.3, 9.4],
    }
    return pd.DataFrame({**usual, **columns})
