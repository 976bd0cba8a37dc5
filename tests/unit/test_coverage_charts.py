import pandas as pd
from notebook_samples import bundled
from publish_samples import STANDARD

from kvalitet_eval.present import coverage_charts
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)


def by_quarter(*n_with_figure, n=10):
    counts = pd.DataFrame({"quarter": ["2007Q4", "2008Q1", "2008Q2"], "n_with_figure": n_with_figure})
    return counts.assign(n_municipalities=n, n_missing=n - counts["n_with_figure"])


def national(series):
    return coverage_charts.national_chart(published("national", series)).content


def season(ratios):
    return coverage_charts.season_chart(published.seasons(ratios)).content


def coverage(counts, origin):
    return coverage_charts.coverage_chart(published("quarters", counts, origin=origin)).content


def test_national_series_with_its_three_breaks():
    chart = national(bundled().series)
    assert [series.name for series in chart.series] == [
        "Samlet sykefravær",
        "Egenmeldt sykefravær",
        "Legemeldt sykefravær",
    ]
    assert [(chart.x_label(event.x), event.number) for event in chart.events] == [
        ("3. kv. 2004", 1),
        ("1. kv. 2009", 2),
        ("4. kv. 2009", 3),
    ]
    assert "samlet 6,6\u00a0%" in chart.alt
    assert chart.origin == "observed"
    assert len(chart.series[0].points) == 46


def test_break_outside_the_series_is_not_drawn():
    chart = national(bundled().series.head(30))
    assert [event.number for event in chart.events] == [1]


def test_missing_quarter_of_the_series_is_a_gap():
    series = bundled().series.copy()
    series.loc[3, "total_pct"] = None
    assert national(series).series[0].points[3].y is None


def test_season_that_swings_most_is_in_the_title():
    chart = season(bundled().ratios)
    assert chart.title == "Egenmeldt sykefravær svinger mest gjennom året og er høyest i 1. kvartal"
    assert "1,26 ganger årets nivå" in chart.alt


def test_title_follows_the_numbers():
    ratios = bundled().ratios.copy()
    doctor = (ratios["measure"] == "doctor_certified_pct") & (ratios["quarter_of_year"] == 3)
    ratios.loc[doctor, "ratio"] = 2.0
    title = season(ratios).title
    assert title == "Legemeldt sykefravær svinger mest gjennom året og er høyest i 3. kvartal"


def test_full_coverage():
    chart = coverage(by_quarter(10, 10, 10), "syntetisk")
    assert chart.title == "Alle de 10 kommunene har tall i alle de 3 kvartalene"
    assert (chart.origin, chart.rules) == ("syntetisk", ())


def test_coverage_with_holes():
    chart = coverage(by_quarter(10, 8, 9), "observed")
    assert chart.title == "3 av 30 ruter i panelet mangler tall"
    assert chart.rules[0].label == "Alle: 10"
    assert "Lavest er 8 av 10 kommuner" in chart.alt


def test_both_drawings_can_be_made():
    for chart in (
        national(bundled().series),
        season(bundled().ratios),
        coverage(by_quarter(10, 8, 9), "syntetisk"),
    ):
        assert to_svg(chart).startswith("<svg")
        assert to_plotly(chart).layout.meta["alt"] == chart.alt
