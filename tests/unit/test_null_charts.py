import pandas as pd
import pytest
from publish_samples import STANDARD

from kvalitet_eval.present import null_charts
from kvalitet_eval.present.null_charts import null_source
from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)

WAYS = ["before_after", "beyond_expected", "group_time", "imputation", "same_level", "lagged_outcome", "bump"]
SOURCE = "Syntetisk"


def findings(**changes):
    frame = pd.DataFrame(
        {
            "way": WAYS,
            "estimate": [-0.2, 0.15, -0.19, -0.17, 0.02, 0.27, -0.02],
            "conf_low": [-0.3, 0.05, -0.3, -0.24, -0.07, 0.18, -0.14],
            "conf_high": [-0.1, 0.25, -0.09, -0.1, 0.11, 0.37, 0.1],
            "conf_level": 0.95,
            "origin": "syntetisk",
        }
    )
    return frame.assign(**changes)


def averages(**changes):
    return findings(share_below=0.125, share_above=0.0, n_panels=24, **changes)


def levels():
    return pd.DataFrame(
        {
            "unit": ["0101", "0102", "0103", "0104"],
            "role": ["treated", "treated", "comparison", "comparison"],
            "before": [12.0, 7.0, 9.0, 9.0],
            "after": [11.0, 7.5, 9.2, 8.6],
            "change": [-1.0, 0.5, 0.2, -0.4],
            "expected": [-0.6, 0.4, float("nan"), float("nan")],
            "origin": "syntetisk",
        }
    )


def level_change_chart(rows, **about):
    return null_charts.level_change_chart(published.levels(rows), **about).content


def ways_chart(rows, **about):
    return null_charts.ways_chart(published.ways(rows), **about).content


def ways_table(rows, **about):
    return null_charts.ways_table(published.ways(rows), **about).content


def null_sentences(rows, **about):
    return str(null_charts.null_sentences(published.ways(rows), **about))


def test_where_the_figures_come_from():
    assert null_source(5000, 1) == "Syntetisk panel, simulert med sann effekt lik null (frø 5000)."
    assert "24 syntetiske paneler" in null_source(5000, 24)
    assert "frø 5000–5023" in null_source(5000, 24)


def test_change_by_level():
    chart = level_change_chart(levels(), intake="Innsats", source=SOURCE)
    own, expected, others = chart.series
    assert [(p.x, p.y) for p in own.points] == [(7.0, 0.5), (12.0, -1.0)]
    assert [(p.x, p.y) for p in expected.points] == [(7.0, 0.4), (12.0, -0.6)]
    assert [p.y for p in others.points] == [0.2, -0.4]
    assert others.points[1].x == pytest.approx(9.0)
    assert others.points[1].x > others.points[0].x, "municipalities on one level stand side by side"
    assert chart.title == "1 av 2 deltakere falt uten noe program"
    assert "Gjennomsnittlig endring: −0,25 prosentpoeng; ventet av nivået: −0,10 prosentpoeng" in chart.alt
    assert chart.alt.endswith("Tallene er syntetiske.")
    assert (chart.origin, to_svg(chart).count("syntetisk") > 0) == ("syntetisk", True)


def test_change_by_level_needs_participants():
    with pytest.raises(ValueError, match="no participant"):
        level_change_chart(levels().iloc[2:], intake="Innsats", source=SOURCE)


def test_ways_show_the_estimates_and_leave_the_bump_out():
    chart = ways_chart(findings(), id="one", intake="Innsats", source=SOURCE)
    (series,) = chart.series
    assert [p.y for p in series.points] == findings()["estimate"].tolist()[:-1]
    assert (series.points[0].low, series.points[0].high) == (-0.3, -0.1)
    assert [chart.x_label(p.x) for p in series.points][:2] == ["Før og etter", "Minus ventet"]
    assert chart.title == "Innsats: Ett panel uten noen effekt, sett på seks måter"
    assert "Imputering mot alle i sammenligningen: −0,17 (fra −0,24 til −0,10)" in chart.alt
    assert [rule.label for rule in chart.rules] == ["Sannheten"]
    assert chart.alt.endswith("Tallene er syntetiske.")
    for short in ("Før og", "Minus", "Siste", "Impu-", "Samme"):
        assert short in to_svg(chart), "no way loses its name"


def test_the_title_says_found_only_when_the_intervals_do():
    assert "«finner» en nedgang som ikke er der" in ways_chart(averages(), id="a", intake="I", source=SOURCE).title
    open_limit = [0.1, *averages()["conf_high"][1:]]
    unclear = ways_chart(averages(conf_high=open_limit), id="a", intake="I", source=SOURCE)
    assert unclear.title == "I: Hva metodene finner i gjennomsnitt når det ikke er noe å finne"
    assert "ligger under null" not in unclear.alt


def test_tables_of_one_and_of_many_panels():
    one = ways_table(findings(), id="one", intake="Innsats", source=SOURCE)
    assert [cell.text for cell in one.rows[0]] == ["Før og etter, uten sammenligning", "−0,20", "−0,30 til −0,10"]
    assert one.rows[-1][0].text == "Toppen i året før oppstart"
    assert one.notes[1].startswith("Toppen er ikke en effekt")
    many = ways_table(averages(), id="many", intake="Innsats", source=SOURCE)
    assert [column.label for column in many.columns][-2:] == [
        "Paneler med intervall under null",
        "Paneler med intervall over null",
    ]
    assert [cell.text for cell in many.rows[0]][-2:] == ["13\u00a0%", "0\u00a0%"]
    assert (many.origin, many.caption) == (
        "syntetisk",
        "Hva hver måte finner for Innsats i 24 paneler uten noen effekt",
    )


def test_sentences_follow_the_intervals():
    said = null_sentences(averages(), intake="Innsats")
    assert said.startswith("I 24 syntetiske paneler var den sanne effekten for Innsats null.")
    assert "uten sammenligning: −0,20 prosentpoeng (fra −0,30 til −0,10), altså en nedgang som ikke er der." in said
    assert "(dobbelt robust): 0,27 prosentpoeng (fra 0,18 til 0,37), altså en økning som ikke er der." in said
    assert "på samme nivå: 0,02 prosentpoeng (fra −0,07 til 0,11), som ikke kan skilles fra sannheten." in said
    assert said.endswith("Målingen skiller ikke det siste året fra tidligere år, og varsler derfor ikke.")


@pytest.mark.parametrize(
    ("low", "high", "ending"), [(0.1, 0.3, "regresjon mot gjennomsnittet."), (-0.3, -0.1, "høyt.")]
)
def test_the_bump_warns_only_when_it_is_there(low, high, ending):
    last = averages().tail(1).assign(conf_low=low, conf_high=high)
    assert null_sentences(last, intake="I").endswith(ending)
