"""The builders of charts: what they draw, what their titles may say, and what they refuse."""

import math
import re

import pandas as pd
import pytest
from chart_gallery import (
    INTAKES,
    OUTCOME,
    SOURCE,
    by_cohort,
    controlled,
    funnel_rows,
    gallery,
    goals,
    intakes,
    network,
    places,
    quarterly,
    run_rows,
    slopes,
)
from publish_samples import opened

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.chart import SHORTEST_ALT, from_dict
from kvalitet_eval.present.forest import forest_chart
from kvalitet_eval.present.funnel import funnel_chart
from kvalitet_eval.present.goal_bullet import VERDICTS, bullet_chart
from kvalitet_eval.present.municipality_map import map_chart
from kvalitet_eval.present.run_chart import run_chart
from kvalitet_eval.present.slope import slope_chart
from kvalitet_eval.present.small_multiples import small_multiples
from kvalitet_eval.present.timeline import timeline_chart

LANGUAGES = ("nb", "nn", "en")
SICK = {"outcome": OUTCOME, "source": SOURCE}
QUARTERS = [f"{year}Q{quarter}" for year in (2006, 2007) for quarter in (1, 2, 3, 4)]
CLAIMS = {
    "nb": r"falt|faller|\bfall\b|sank|synk|gikk (ned|opp)|økte|steg|lavere|høyere|bedre|dårligere|redu",
    "nn": r"fall\b|fell\b|sank|søkk|gjekk (ned|opp)|auka|steig|lågare|høgare|betre|dårlegare|redu",
    "en": r"\bfell\b|falls|dropped|rose\b|rise|lower|higher|better|worse|reduc|increas",
}


def forest(frame=None, **changes):
    settings = {"id": "forest", "names": INTAKES, "verdict": "cannot_be_told", "improvement": "decrease", **SICK}
    return forest_chart(opened(by_cohort() if frame is None else frame), **{**settings, **changes}).content


def timeline(frame=None, **changes):
    settings = {"id": "timeline", "programme": "Programmet", "ended": "2009Q4", "source": SOURCE}
    return timeline_chart(opened(intakes() if frame is None else frame), **{**settings, **changes}).content


def run(frame=None, **changes):
    settings = {"id": "run", "name": "Nord-Aurdal", "rolling": False, **SICK}
    return run_chart(opened(run_rows() if frame is None else frame), **{**settings, **changes}).content


def slope(frame=None, **changes):
    settings = {"id": "slope", "name": "Nettverket", "own": "Nord-Aurdal", "ends": "before_after", **SICK}
    return slope_chart(opened(slopes() if frame is None else frame), **{**settings, **changes}).content


def funnel(frame=None, **changes):
    settings = {"id": "funnel", "own": "Nord-Aurdal", **SICK}
    return funnel_chart(opened(funnel_rows() if frame is None else frame), **{**settings, **changes}).content


def bullet(frame=None, **changes):
    settings = {"id": "bullet", "name": "Nord-Aurdal", "unit": "prosent", "source": SOURCE}
    return bullet_chart(opened(goals() if frame is None else frame), **{**settings, **changes}).content


def multiples(n=6, **changes):
    rows, names = network(n)
    mean = pd.DataFrame({"window_end": rows["window_end"].unique(), "rate_pct": quarterly()})
    settings = {"id": "multiples", "name": "Nettverket", "names": names, **SICK}
    return small_multiples(opened(rows), opened(mean), **{**settings, **changes}).content


def on_map(frame=None, **changes):
    settings = {"id": "map", "programme": "Programmet", "groups": INTAKES, "year": 2008, "source": SOURCE}
    return map_chart(opened(places() if frame is None else frame), **{**settings, **changes}).content


BUILDERS = {
    "forest": forest, "timeline": timeline, "run": run, "slope": slope, "funnel": funnel, "bullet": bullet,
    "multiples": multiples, "map": on_map,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_says_what_a_chart_must_say(language):
    for name, chart in gallery(language).items():
        assert len(chart.alt) >= SHORTEST_ALT and chart.title and chart.source, name
        assert chart.plane == "map" or chart.y.title or chart.y.kind == "quarter", name
        assert chart.language == language and chart.origin == "syntetisk", name
        words = " ".join(chart.words())
        assert "{" not in words and "None" not in words and "nan" not in words.lower().split(), name
        assert chart.y.unit or chart.y.kind == "quarter" or chart.plane == "map", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alternative_text_ends_with_the_verdict_and_says_that_figures_are_synthetic(language):
    ends = {"nb": "Tallene er syntetiske.", "nn": "Tala er syntetiske.", "en": "The figures are synthetic."}
    for name, chart in gallery(language).items():
        assert chart.alt.endswith(ends[language]), name
    for name, chart in gallery(language, origin="observed").items():
        assert ends[language] not in chart.alt and chart.origin == "observed", name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["cannot_be_told", "consistent_with_regression_to_the_mean"])
@pytest.mark.parametrize("build", [forest, run, slope])
def test_no_title_claims_a_direction_that_cannot_be_told(build, verdict, language):
    title = build(verdict=verdict, language=language).title
    assert not re.search(CLAIMS[language], title, re.IGNORECASE), title


@pytest.mark.parametrize("build", [run, slope, multiples, timeline, on_map])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_without_a_test_claims_nothing(build, language):
    assert not re.search(CLAIMS[language], build(language=language).title, re.IGNORECASE)


@pytest.mark.parametrize("verdict", ["better", "worse"])
def test_a_direction_that_can_be_told_is_told(verdict):
    said = {"better": "lavere", "worse": "høyere"}[verdict]
    assert said in forest(verdict=verdict).title
    assert {"better": "bedre", "worse": "dårligere"}[verdict] in run(verdict=verdict).title
    assert {"better": "bedre", "worse": "dårligere"}[verdict] in slope(verdict=verdict).title


@pytest.mark.parametrize("build", [forest, run, slope])
def test_an_unknown_verdict_is_refused(build):
    with pytest.raises(ValueError, match="verdict 'fell'"):
        build(verdict="fell")


@pytest.mark.parametrize("name", BUILDERS)
def test_a_chart_survives_storing(name):
    chart = BUILDERS[name]()
    assert from_dict(chart.to_dict()) == chart


@pytest.mark.parametrize("build", [forest_chart, timeline_chart, run_chart, slope_chart, funnel_chart, bullet_chart])
def test_a_plain_frame_is_refused(build):
    settings = {"id": "x", "name": "A", "names": INTAKES, "verdict": None, "improvement": "decrease", **SICK,
                "programme": "P", "ended": "2009Q4", "own": "A", "ends": "before_after", "unit": "prosent"}  # fmt: skip
    wanted = {name: value for name, value in settings.items() if name in build.__kwdefaults__ or name in
              build.__code__.co_varnames[: build.__code__.co_argcount + build.__code__.co_kwonlyargcount]}  # fmt: skip
    with pytest.raises(ReportError, match="PUB-20"):
        build(by_cohort(), **wanted)


@pytest.mark.parametrize(
    ("build", "frame", "fault"),
    [
        (forest, by_cohort().drop(columns="conf_low"), r"forest: columns are missing: \['conf_low'\]"),
        (forest, by_cohort(cohort=["innsats"] * 4), r"stands twice: \['innsats'\]"),
        (forest, by_cohort(cohort=["innsats", "pulje_1", "pulje_2", "x"]), "forest, names"),
        (timeline, intakes(name=["Pulje I"] * 4), r"stands twice: \['Pulje I'\]"),
        (timeline, intakes(first_quarter=["2007", None, None, None]), "not a quarter"),
        (run, run_rows().drop(columns="rate_pct"), r"run chart: columns are missing: \['rate_pct'\]"),
        (run, run_rows(window_end=["2007Q1"] * 17), r"stands twice: \['2007Q1'\]"),
        (slope, slopes().assign(after=math.nan), "no row has both values"),
        (slope, slopes().assign(name="Vang"), r"stands twice: \['Vang'\]"),
        (funnel, funnel_rows().assign(name=lambda f: f["name"].replace("Nord-Aurdal", "A")), "'Nord-Aurdal'"),
        (funnel, funnel_rows().assign(size=100), "different limits for the same size"),
        (bullet, goals(verdict=["reached", "fell", "reached"]), r"verdicts \['fell'\]"),
        (on_map, places().assign(group=None), "no municipality of"),
        (on_map, places().assign(municipality_number="0542"), r"stands twice: \['0542'\]"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(build, frame, fault):
    with pytest.raises(ValueError, match=fault):
        build(frame)


def test_cohorts_stand_in_the_order_given_and_nobody_is_left_out():
    chart = forest(by_cohort().iloc[[2, 0, 3, 1]])
    assert [label.split(" (")[0] for _, label in chart.x.ticks] == [
        "Pulje II", "Innsatskommuner sykefravær", "Pulje III", "Pulje I",
    ]  # fmt: skip
    assert any("ingen rangering" in note for note in chart.notes)
    assert any(note.endswith("lar seg beregne: 1.") for note in chart.notes)


def test_a_withheld_cohort_keeps_its_row_and_says_why():
    hidden = {"estimate": [3], "conf_low": [3], "conf_high": [3]}
    chart = forest_chart(
        opened(by_cohort(), hidden=hidden), id="forest", names=INTAKES, verdict="cannot_be_told",
        improvement="decrease", **SICK,
    ).content  # fmt: skip
    point = chart.series[0].points[3]
    assert (point.y, point.mark) == (None, ":")
    assert "Pulje III: vises ikke" in chart.alt
    assert any("for få kommuner" in note for note in chart.notes)


def test_the_timeline_runs_from_the_start_to_the_end_of_the_programme():
    chart = timeline(measures={"Pulje I": "2008Q2"})
    span, measures = chart.series
    assert [(p.y, p.high) for p in span.points] == [(8028, 8039), (8029, 8039), (8031, 8039), (None, None)]
    assert [(p.x, p.y) for p in measures.points] == [(2, 8033)]
    assert chart.y_label(8029) == "2. kv. 2007"
    assert "Pulje I fra 2. kv. 2007 (tiltak fra 2. kv. 2008)" in chart.alt and "Pulje III med ukjent start" in chart.alt
    with pytest.raises(ValueError, match="no intake called"):
        timeline(measures={"Pulje IX": "2008Q2"})


def test_events_are_numbered_in_the_order_given_and_told():
    chart = run(events=[("2008Q2", "Samling"), ("2007Q3", "Nye rutiner")])
    assert [(event.number, event.label) for event in chart.events] == [(1, "Samling"), (2, "Nye rutiner")]
    assert "2. kv. 2008: Samling; 3. kv. 2007: Nye rutiner" in chart.alt
    assert any("ikke et bevis" in note for note in chart.notes)


def test_an_event_outside_the_figures_widens_the_axis():
    chart = run(events=[("2010Q3", "Avslutning")])
    assert chart.x.ticks[-1][1] == "3. kv.\n2010"


def test_a_gap_is_counted():
    assert any(note == "Kvartaler uten tall: 1. Linjen er brutt der." for note in run().notes)
    withheld = run_chart(
        opened(run_rows(), hidden={"rate_pct": [2, 3]}), id="run", name="A", rolling=False, **SICK
    ).content  # fmt: skip
    assert any("fordi få personer står bak: 2." in note for note in withheld.notes)


def test_limits_signals_and_centre_line():
    chart = run(controlled())
    assert [series.name for series in chart.series] == ["Nord-Aurdal", "Midtlinje", "Utenom vanlig variasjon"]
    assert [point.y for point in chart.series[2].points] == [11.9]
    assert chart.bands[0].low[0] == 7.6 and chart.bands[0].high[0] == 10.4
    with pytest.raises(ValueError, match="share quarters"):
        run(controlled(), rolling=True)


def test_a_municipality_without_both_values_is_counted_and_not_drawn():
    chart = slope()
    assert "Etnedal" not in [series.name for series in chart.series]
    assert any(note.startswith("Kommuner uten begge tall: 1.") for note in chart.notes)
    assert chart.series[0].name == "Nord-Aurdal" and chart.series[0].role == "participant"
    looks = [(series.role, series.dash, series.marker) for series in chart.series]
    assert len(set(looks)) == len(looks)


def test_expected_and_observed_can_be_compared():
    frame = slopes().rename(columns={"before": "expected", "after": "observed"})
    chart = slope(frame, ends="expected_observed")
    assert [label for _, label in chart.x.ticks] == ["Forventet", "Faktisk"]
    assert any("usikkert" in note for note in chart.notes)
    with pytest.raises(ValueError, match="ends 'sideways'"):
        slope(ends="sideways")


@pytest.mark.parametrize(("value", "said"), [(9.0, "innenfor"), (30.0, "over det"), (0.1, "under det")])
def test_the_title_of_a_funnel_says_where_the_municipality_lies(value, said):
    frame = funnel_rows()
    frame.loc[frame["name"] == "Nord-Aurdal", "value"] = value
    assert said in funnel(frame).title


def test_a_withheld_municipality_cannot_be_placed_in_the_funnel():
    rows = funnel_rows()
    hidden = {"value": [int(rows.index[rows["name"] == "Nord-Aurdal"][0])]}
    chart = funnel_chart(opened(rows, hidden=hidden), id="f", own="Nord-Aurdal", **SICK).content
    assert "kan ikke avgjøre" in chart.title and "Tallet for Nord-Aurdal vises ikke" in chart.alt
    assert any(note.endswith("ikke vises: 1.") for note in chart.notes)


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_single_goal_has_its_verdict_as_title(verdict, language):
    chart = bullet(goals(verdict=[verdict] * 3).iloc[:1], language=language)
    assert chart.title.startswith("Sykefraværet skal ned til 9 prosent: ")
    reached = {"nb": "er nådd", "nn": "er nådd", "en": "is reached"}[language]
    assert chart.title.endswith(reached) == (verdict in ("reached", "cannot_be_told")), chart.title


def test_several_goals_are_counted_by_verdict():
    assert bullet().title == "Målene til Nord-Aurdal: 1 nådd, 1 kan ikke avgjøres, 1 uten tall"


def test_small_plots_are_two_to_six_with_the_same_axes():
    chart = multiples(4)
    assert chart.panels == ("Nord-Aurdal", "Sør-Aurdal", "Vestre Slidre", "Øystre Slidre")
    assert all(len(series.points) == len(chart.series[0].points) for series in chart.series)
    for n in (1, 0):
        with pytest.raises(ValueError, match="2 to 6 units"):
            multiples(6, names=dict(list(network(6)[1].items())[:n]))
    with pytest.raises(ValueError, match=r"without rows: \['9999'\]"):
        multiples(6, names={"9999": "Ukjent", "Vang": "Vang"})


def test_the_map_names_those_asked_for_and_counts_those_without_a_place():
    chart = on_map(named=["0542"])
    named = [point.name for series in chart.series for point in series.points if point.is_named]
    assert named == ["Nord-Aurdal"]
    assert any(note.endswith("plass på kartet: 1.") for note in chart.notes)
    assert chart.title == "Programmet: 9 deltakerkommuner på kartet"
    markers = [series.marker for series in chart.series]
    assert len(set(markers)) == len(markers) == 4


def test_others_are_dots_on_the_map_without_a_file_of_borders():
    (land,) = on_map().outlines
    assert land.series == "" and all(len(ring) == 1 for ring in land.rings)
    assert ((10.75, 59.91),) in land.rings and len(land.rings) == 3
