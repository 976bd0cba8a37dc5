import json
import re

import pandas as pd
import pytest
from chart_samples import comparison, rates
from publish_samples import no_rows, opened

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.development import development_chart
from kvalitet_eval.present.tables import table_of_chart
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.publish import PublishedTable

MOVES = re.compile(
    r"falt|faller|fall|sank|synker|gikk ned|gikk opp|økte|steg|lavere|høyere|bedre|dårligere|redu", re.IGNORECASE
)


def build(own=None, other=None, **changes):
    settings = {
        "id": "development", "name": "Levanger", "outcome": "sick_leave_total", "verdict": "cannot_be_told",
        "start": "2007Q1", "source": "KS", "origin": "observed",
    }  # fmt: skip
    own, other = rates() if own is None else own, comparison() if other is None else other
    settings |= changes
    given = [own, other]
    own, other = (f if isinstance(f, PublishedTable) else opened(f, origin=settings["origin"]) for f in given)
    del settings["origin"]
    return development_chart(own, other, **settings).content


def test_numbers_are_those_of_the_frames():
    chart = build()
    assert [(s.name, s.role, s.dash) for s in chart.series] == [
        ("Levanger", "participant", "solid"), ("Sammenligningsgruppen", "comparison", "dash"),
    ]  # fmt: skip
    assert [(p.x, p.y) for p in chart.series[0].points] == [(8027, 9.5), (8028, 9.45), (8029, None), (8030, 9.05)]
    assert chart.bands[0].low == (8.8, 8.8, 8.9, 9.0)
    assert [(rule.at, rule.label) for rule in chart.rules] == [(8027.5, "Oppstart 1. kv. 2007")]
    assert chart.y.from_zero and chart.y.heading == "Samlet sykefravær (prosent)"


@pytest.mark.parametrize("verdict", ["cannot_be_told", "consistent_with_regression_to_the_mean", None])
def test_no_direction_is_claimed_when_none_can_be_told(verdict):
    chart = build(verdict=verdict)
    assert not MOVES.search(chart.title), chart.title


def test_titles():
    better = "Levanger: Utviklingen i det samlede sykefraværet var bedre enn i sammenligningsgruppen"
    assert build(verdict="better").title == better
    assert build(verdict="worse").title == better.replace("bedre", "dårligere")
    assert build(verdict=None).title == "Levanger og sammenligningsgruppen: Utviklingen i det samlede sykefraværet"


def test_the_alternative_text_has_first_and_latest_value_and_verdict():
    assert build().alt == (
        "Linjediagram over det samlede sykefraværet. Levanger: 9,5\u00a0% i 4. kv. 2006 og 9,1\u00a0% i 3. kv. 2007. "
        "Sammenligningsgruppen i 3. kv. 2007: 9,2\u00a0%. "
        "Samlet vurdering: Tallene kan ikke avgjøre om programmet gjorde en forskjell."
    )
    assert "sier ikke om programmet gjorde en forskjell" in build(verdict=None).alt


def test_a_quarter_without_a_row_is_a_gap_and_is_counted():
    chart = build(rates().drop(index=1))
    assert [point.y for point in chart.series[0].points] == [9.5, None, None, 9.05]
    assert "Kvartaler uten tall for Levanger: 2. Linjen er brutt der." in chart.notes


def test_incomplete_windows_are_drawn_apart():
    chart = build(rates(complete=[False, True, True, True]))
    assert [(s.name, s.style, s.marker) for s in chart.series[2:]] == [
        ("Levanger, færre enn fire kvartaler", "marker", "circle_open")
    ]
    assert chart.series[0].points[0].y is None
    assert chart.series[2].points[0].y == 9.5


def test_what_is_withheld_is_a_gap_that_says_so_and_leaves_no_trace():
    own = opened(rates(rate_pct=[9.5, 9.45, 9.3, 9.05]), hidden={"rate_pct": [1, 2]})
    figure = development_chart(
        own, opened(comparison()), id="d", name="Bø", outcome="sick_leave_total", verdict=None, start=None, source="KS"
    )
    chart = figure.content
    assert [point.y for point in chart.series[0].points] == [9.5, None, None, 9.05]
    assert any(note.startswith("2 verdier for Bø vises ikke, fordi få personer") for note in chart.notes)
    assert [row[1].text for row in table_of_chart(chart).rows] == ["9,5", ":", ":", "9,1"]
    written = json.dumps(chart.to_dict()) + to_svg(chart) + str(to_plotly(chart).to_json())
    assert "9.45" not in written
    assert "9,3" not in written
    nothing = opened(rates(rate_pct=[9.5, 9.45, 9.3, 9.05]), hidden={"rate_pct": range(4)})
    assert "Ingen av verdiene for Levanger vises, fordi få personer" in build(nothing).alt


def test_a_plain_frame_is_refused():
    about = {"id": "d", "name": "Bø", "outcome": "sick_leave_total", "verdict": None, "start": None, "source": "KS"}
    for frames in ((rates(), opened(comparison())), (opened(rates()), comparison())):
        with pytest.raises(ReportError, match="PUB-20"):
            development_chart(*frames, **about)


def test_windows_that_mix_before_and_after_are_explained_only_for_rolling_figures():
    explained = "Hvert punkt dekker fire kvartaler."
    assert any(note.startswith(explained) for note in build().notes)
    assert not any(note.startswith(explained) for note in build(rolling=False).notes)
    assert not any(note.startswith(explained) for note in build(start=None).notes)


def test_an_unknown_start_has_no_rule():
    assert build(start=None).rules == ()


def test_events_are_numbered_in_order():
    chart = build(events=[("2006Q4", "Opplæring"), ("2007Q2", "Nye rutiner")])
    assert [(event.x, event.number, event.label) for event in chart.events] == [
        (8027, 1, "Opplæring"),
        (8029, 2, "Nye rutiner"),
    ]


def test_frames_are_not_changed_and_order_does_not_matter():
    own, other = rates().iloc[::-1], comparison().iloc[::-1]
    before = own.copy(deep=True)
    assert build(own, other) == build()
    pd.testing.assert_frame_equal(own, before)


def test_a_municipality_without_figures_can_still_be_described():
    chart = build(rates(rate_pct=[None] * 4))
    assert "Levanger har ingen tall i perioden" in chart.alt


def test_without_an_interval_there_is_no_band():
    assert build(other=comparison().drop(columns=["low_pct", "high_pct"])).bands == ()


def test_wrong_frames_are_refused():
    with pytest.raises(ValueError, match=r"rates: columns are missing: \['rate_pct'\]"):
        build(rates().drop(columns="rate_pct"))
    with pytest.raises(ValueError, match=r"rates: quarters stand twice: \[8027\]"):
        build(pd.concat([rates(), rates().head(1)]))
    with pytest.raises(ValueError, match="not a quarter"):
        build(start="2007K1")
    with pytest.raises(ValueError, match="verdict 'fell'"):
        build(verdict="fell")
    with pytest.raises(ValueError, match="no rows"):
        build(no_rows(rates()))
