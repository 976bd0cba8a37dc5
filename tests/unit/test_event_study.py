import re

import pandas as pd
import pytest
from chart_samples import effects
from publish_samples import opened

from kvalitet_eval.present.event_study import event_study_chart

MOVES = re.compile(
    r"falt|faller|fall|sank|synker|gikk ned|gikk opp|økte|steg|lavere|høyere|bedre|dårligere|redu", re.IGNORECASE
)


def build(frame=None, **changes):
    settings = {
        "id": "effects", "name": "Pulje I", "outcome": "sick_leave_total", "verdict": "cannot_be_told",
        "improvement": "decrease", "source": "KS",
    }  # fmt: skip
    rows = effects() if frame is None else frame
    return event_study_chart(opened(rows), **{**settings, **changes}).content


def test_numbers_are_those_of_the_frame():
    chart = build()
    assert [(p.x, p.y, p.low, p.high) for p in chart.series[0].points] == [
        (-1, 0.05, -0.3, 0.4), (0, -0.2, -0.6, 0.2), (1, -0.424, -0.82, -0.02),
    ]  # fmt: skip
    assert chart.bands[0].low == (-0.5, -0.8, -1.02) and chart.bands[0].high == (0.6, 0.4, 0.18)
    assert [(rule.axis, rule.at, rule.label) for rule in chart.rules] == [
        ("y", 0.0, "Som forventet"),
        ("x", -0.5, "Oppstart"),
    ]


@pytest.mark.parametrize("verdict", ["cannot_be_told", "consistent_with_regression_to_the_mean"])
def test_no_direction_is_claimed_when_none_can_be_told(verdict):
    chart = build(verdict=verdict)
    assert not MOVES.search(chart.title), chart.title


def test_titles():
    assert build(verdict="better").title == "Pulje I: Etter oppstart ble det samlede sykefraværet lavere enn forventet"
    assert build(verdict="worse").title == "Pulje I: Etter oppstart ble det samlede sykefraværet høyere enn forventet"
    assert build(verdict="better", improvement="increase").title.endswith("høyere enn forventet")
    assert build().title == "Pulje I: Tallene kan ikke avgjøre om programmet påvirket det samlede sykefraværet"


def test_the_alternative_text_has_latest_value_interval_and_verdict():
    assert build().alt == (
        "Punktdiagram over anslått virkning på det samlede sykefraværet, fra kvartal −1 til kvartal 1 "
        "regnet fra oppstart. "
        "Siste anslag, i kvartal 1, er −0,42 prosentpoeng (95\u00a0% konfidensintervall: −0,82 til −0,02). "
        "Samlet vurdering: Tallene kan ikke avgjøre om programmet gjorde en forskjell."
    )


def test_names_and_what_is_pointed_at():
    chart = build()
    assert chart.series[0].name == "Anslag med 95\u00a0% konfidensintervall"
    assert chart.series[0].points[2].label == "Kvartal 1: −0,42 prosentpoeng (intervall: −0,82 til −0,02)"
    assert "Antall kommuner bak hvert anslag: 11–12 deltakere og 330 i sammenligningsgruppen." in chart.notes


def test_rows_may_come_in_any_order_and_are_not_changed():
    frame = effects().iloc[::-1]
    before = frame.copy(deep=True)
    assert build(frame) == build()
    pd.testing.assert_frame_equal(frame, before)


def test_a_quarter_without_a_row_is_a_gap():
    chart = build(effects(event_time=[-2, 0, 1]))
    assert [point.y for point in chart.series[0].points] == [0.05, None, -0.2, -0.424]
    assert chart.bands[0].low[1] is None


def test_an_estimate_without_an_interval_is_shown_and_counted():
    chart = build(effects(conf_low=[None, -0.6, -0.82], conf_high=[None, 0.2, -0.02]))
    assert (chart.series[0].points[0].y, chart.series[0].points[0].low) == (0.05, None)
    assert any(note.endswith("lar seg beregne: 1.") for note in chart.notes)


def test_without_a_simultaneous_band_there_is_none():
    assert build(effects(band_low=[None] * 3, band_high=[None] * 3)).bands == ()


def test_a_change_of_intakes_is_told():
    told = "Det er ikke de samme opptakene bak alle anslagene."
    assert any(note.startswith(told) for note in build(effects(n_cohorts=[3, 3, 2])).notes)
    assert not any(note.startswith(told) for note in build().notes)


def test_one_synthetic_row_makes_the_chart_synthetic():
    chart = build(effects(origin=["observed", "syntetisk", "observed"]))
    assert chart.origin == "syntetisk" and chart.alt.endswith("Tallene er syntetiske.")
    assert build().origin == "observed"


def test_no_estimate_at_all_can_still_be_described():
    empty = effects(**{name: [None] * 3 for name in ("estimate", "conf_low", "conf_high", "band_low", "band_high")})
    assert "Ingen av anslagene lar seg beregne" in build(empty).alt


@pytest.mark.parametrize("times", [[0, 0, 1], [None, 0, 1]])
def test_event_times_must_be_there_and_differ(times):
    with pytest.raises(ValueError, match="each with an event time that stands once"):
        build(effects(event_time=times))


def test_missing_columns_and_unknown_verdicts_are_named():
    with pytest.raises(ValueError, match=r"columns are missing: \['conf_low'\]"):
        build(effects().drop(columns="conf_low"))
    with pytest.raises(ValueError, match="verdict 'fell'"):
        build(verdict="fell")


def test_counts_may_be_missing():
    chart = build(effects(n_treated=[None] * 3, n_cohorts=[None] * 3))
    assert len(chart.notes) == 1 and chart.notes[0].startswith("Negative tall betyr lavere enn forventet")
