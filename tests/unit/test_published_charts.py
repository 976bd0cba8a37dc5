from dataclasses import replace

import pytest
from notebook_samples import STARTS, bundled
from publish_samples import STANDARD

from kvalitet_eval.present import published_charts
from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)


def level_chart(changes, contrast):
    return published_charts.level_chart(published.changes(changes), contrast).content


def window_chart():
    return published_charts.window_chart(published.windows(bundled().windows), STARTS).content


def test_windows_cover_four_quarters_each():
    chart = window_chart()
    covered = {series.name: [chart.x_label(point.x) for point in series.points] for series in chart.series}
    assert covered["Periode 1"] == ["4. kv. 2005", "1. kv. 2006", "2. kv. 2006", "3. kv. 2006"]
    assert covered["Periode 3"][-1] == "3. kv. 2007"
    assert "De to siste deler 2 kvartaler" in chart.alt
    assert "25\u00a0% av kvartalene" in chart.alt
    assert [label for _, label in chart.y.ticks] == ["", "Periode 3", "Periode 2", "Periode 1", ""]


def test_starts_stand_before_their_quarter():
    chart = window_chart()
    assert [rule.at for rule in chart.rules] == [2007 * 4 - 0.5, 2007 * 4 + 2 - 0.5]


def test_change_by_level_with_the_interval_of_rounding():
    chart = level_chart(bundled().changes, bundled().contrast)
    low, other = chart.series
    assert [(point.x, point.y) for point in low.points] == [(6.9, pytest.approx(0.4)), (8.7, pytest.approx(0.5))]
    assert len(other.points) == 9
    (nord_aurdal,) = [point for point in other.points if point.x == 11.2]
    assert (nord_aurdal.y, nord_aurdal.low, nord_aurdal.high) == pytest.approx((-2.9, -3.0, -2.8))
    assert nord_aurdal.label.startswith("Nord-Aurdal: 11,2\u00a0% før, endring −2,9 prosentpoeng")


def test_title_says_typical_only_when_the_numbers_do():
    changes, contrast = bundled().changes, bundled().contrast
    assert level_chart(changes, contrast).title.startswith("I gjennomsnitt gikk de som lå lavest, opp")
    for other in (replace(contrast, low_pp=-0.1), replace(contrast, other_pp=0.2)):
        title = level_chart(changes, other).title
        assert title == "Endringen i hver kommune, etter nivået før"


def test_municipalities_with_the_same_rate_stand_side_by_side():
    changes = bundled().changes.copy()
    tied = changes["unit"].isin(["Nord-Aurdal", "Nesodden", "Ringerike"]) & (changes["from_period"] == "P1")
    changes.loc[tied, "from_rate_pct"] = 11.0
    chart = level_chart(changes, bundled().contrast)
    assert [round(p.x, 2) for p in chart.series[1].points if 11.0 <= p.x < 11.1] == [11.0, 11.01, 11.02]
    assert sum("11,0\u00a0% før" in p.label for p in chart.series[1].points) == 3


def test_alternative_text_never_claims_an_effect():
    chart = level_chart(bundled().changes, bundled().contrast)
    assert chart.alt.endswith("Figuren viser ikke om programmet gjorde en forskjell.")
    assert to_svg(chart).startswith("<svg")
