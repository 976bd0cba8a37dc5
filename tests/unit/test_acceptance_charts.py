"""Charts as a reader meets them: odd figures and long names, and nothing that was measured is left undrawn."""

from __future__ import annotations

import html
import math
import re
from xml.etree.ElementTree import fromstring

import pandas as pd
import pytest
from chart_gallery import INTAKES, OUTCOME, SOURCE, by_cohort, gallery, goals, network, quarterly
from chart_samples import comparison, effects, rates
from publish_samples import opened
from svg_reading import SVG, boxes, outside, overlapping

from kvalitet_eval.present import geometry, theme
from kvalitet_eval.present.development import development_chart
from kvalitet_eval.present.event_study import event_study_chart
from kvalitet_eval.present.forest import forest_chart
from kvalitet_eval.present.goal_bullet import bullet_chart
from kvalitet_eval.present.messages import languages, text
from kvalitet_eval.present.numbers import quarter_ordinal
from kvalitet_eval.present.run_chart import run_chart
from kvalitet_eval.present.slope import slope_chart
from kvalitet_eval.present.small_multiples import small_multiples
from kvalitet_eval.present.timeline import timeline_chart
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg

SICK = {"outcome": OUTCOME, "source": SOURCE}
UNKNOWN = math.nan
LONG = "Kommunenavn" * 5 + "slutt"
NAMES = ("Guovdageaidnu", "Deatnu/Tana", "Kárášjohka", "Ŋávuotna", "Đeatnu", LONG)
QUARTERS = [f"{year}Q{quarter}" for year in range(2003, 2011) for quarter in (1, 2, 3, 4)]
N = len(QUARTERS)
FIGURES = {
    "equal": [9.0] * N, "zero": [0.0] * N, "missing": [UNKNOWN] * N, "negative": [-5 - math.sin(k) for k in range(N)],
    "huge": [1e6 * (1 + 0.1 * math.sin(k)) for k in range(N)], "tiny": [1e-4 * (1 + math.sin(k)) for k in range(N)],
    "every other": [UNKNOWN if k % 2 else 9 + k / 10 for k in range(N)], "first": [9.0] + [UNKNOWN] * (N - 1),
    "zero or huge": [0.0 if k % 2 else 1e6 for k in range(N)],
}  # fmt: skip
EVERY_LANGUAGE = pytest.mark.parametrize("language", languages())


def windows(values, **columns):
    return pd.DataFrame({"window_end": QUARTERS, "rate_pct": values, **columns})


def forest(frame, language="nb", **hidden):
    names = dict(zip(frame["cohort"], frame.get("name", frame["cohort"]), strict=True))
    return forest_chart(
        opened(frame, hidden=hidden), id="forest", names=names, verdict="cannot_be_told", improvement="decrease",
        language=language, **SICK,
    ).content  # fmt: skip


def odd_charts(values, language):
    """One chart of each kind that a municipality's own figures can be in, with long and Sámi names."""
    chosen = {**SICK, "language": language}
    band = [None if math.isnan(value) else value for value in values]
    low, high = ([None if v is None else v + side * (0.1 + abs(v)) for v in band] for side in (-1, 1))
    both = opened(windows(values)), opened(windows(values, low_pct=low, high_pct=high))
    cohorts = pd.DataFrame(
        {
            "cohort": [str(k) for k in range(N)], "name": [f"{NAMES[k % 6]} {k}" for k in range(N)],
            "estimate": values, "conf_low": pd.Series(low, dtype=float).where(lambda s: s.index > 0, -1e9),
            "conf_high": pd.Series(high, dtype=float), "conf_level": [0.95] * N, "n_treated": range(1, N + 1),
        }
    )  # fmt: skip
    cohorts["conf_low"] = cohorts["conf_low"].where(cohorts["estimate"].notna())
    events = [(QUARTERS[8 + k // 4], f"Tiltak nummer {k} {LONG}") for k in range(40)]
    network_rows = pd.concat([windows(values, unit=name) for name in NAMES], ignore_index=True)
    yield run_chart(both[0], id="run", name=LONG, start=QUARTERS[-1], events=events, rolling=False, **chosen).content
    yield development_chart(*both, id="dev", name="Deatnu", verdict=None, start=QUARTERS[0], **chosen).content
    yield forest(cohorts, language)
    yield small_multiples(
        opened(network_rows), both[1], id="m", name=LONG, names={n: n for n in NAMES}, **chosen
    ).content
    if not math.isnan(values[1]):
        pairs = pd.DataFrame({"name": NAMES, "before": values[:6], "after": values[6:12]})
        yield slope_chart(opened(pairs), id="s", name="N", own=LONG, ends="before_after", **chosen).content
    spans = pd.DataFrame({"name": cohorts["name"], "first_quarter": QUARTERS})
    yield timeline_chart(opened(spans), id="t", programme="P", ended="2009Q4", source="K", language=language).content


@pytest.mark.parametrize("kind", FIGURES)
def test_odd_figures_and_long_names_are_drawn_within_the_picture_and_apart(kind):
    for chart in odd_charts(FIGURES[kind], "nb"):
        for width in (320, 520, 1100):
            svg = to_svg(chart, width, 400)
            found = boxes(svg)
            assert (overlapping(found), outside(svg)) == ([], []), (chart.id, width)
            assert not re.search(r'"[^"]*\b(nan|inf)\b[^"]*"', re.sub(r"<(title|desc).*?</\1>", "", svg)), chart.id
            for box in found:
                assert not re.search(r"(?<![\w–])-\d|\d\.\d|[−-]0(?:,0*)?(?![\d,])", box.words), (chart.id, box.words)


def lone_band():
    """Limits in two quarters that have no neighbour, as a stretch of time with gaps leaves them."""
    frame = comparison(low_pct=[8.8, None, 8.9, None], high_pct=[9.2, None, 9.3, None])
    return development_chart(
        opened(rates()), opened(frame), id="d", name="Bø", verdict=None, start=None, **SICK
    ).content


def test_limits_of_a_single_quarter_are_seen_in_the_drawing():
    drawn = [node for node in fromstring(to_svg(lone_band())).iter(f"{SVG}path") if node.get("class") == "band"]
    assert len(drawn) == 2
    assert all(node.get("stroke") == node.get("fill") and float(node.get("stroke-width")) >= 3 for node in drawn)


def test_limits_of_a_single_quarter_are_seen_in_the_interactive_drawing():
    (band,) = [trace for trace in to_plotly(lone_band()).data if trace.meta == "band"]
    first, third = quarter_ordinal("2006Q4"), quarter_ordinal("2007Q2")
    assert list(zip(band.x, band.y, strict=True)) == [
        (first, 9.2), (first, 8.8), (None, None), (third, 9.3), (third, 8.9),
    ]  # fmt: skip
    assert band.line.width >= 1 and band.mode == "lines"


def test_an_event_outside_the_figures_has_its_quarter_on_the_axis():
    chart = development_chart(
        opened(rates()), opened(comparison()), id="d", name="Bø", verdict=None, start=None,
        events=[("2005Q1", "Vedtak"), ("2008Q4", "Avslutning")], **SICK,
    ).content  # fmt: skip
    assert (chart.x.ticks[0][0], chart.x.ticks[-1][0]) == (quarter_ordinal("2005Q1"), quarter_ordinal("2008Q4"))


HOLE = {"nb": "mangler", "nn": "manglar", "en": "missing"}
LEVEL = {"nb": "95\u00a0%", "nn": "95\u00a0%", "en": "95%"}


def level_of(language, levels):
    chosen = {"verdict": "cannot_be_told", "improvement": "decrease", "language": language, **SICK}
    cohorts = by_cohort(conf_level=levels)
    yield forest_chart(opened(cohorts), id="f", names=INTAKES, **chosen).content
    over_time = effects(conf_level=levels[:3]).drop(columns="origin")
    yield event_study_chart(opened(over_time), id="e", name="P", **chosen).content
    yield bullet_chart(opened(goals(conf_level=levels[:3])), id="b", name="N", unit="prosent", source="K",
                       language=language).content  # fmt: skip


@EVERY_LANGUAGE
def test_the_level_is_that_of_the_rows_that_have_one(language):
    for chart in level_of(language, [UNKNOWN, 0.95, 0.95, 0.95]):
        assert LEVEL[language] in chart.series[0].name
        assert not [band.name for band in chart.bands if LEVEL[language] not in band.name]


@EVERY_LANGUAGE
def test_goals_without_an_interval_are_not_named_after_a_level_that_nobody_knows(language):
    unknown = dict.fromkeys(("conf_level", "conf_low", "conf_high", "value"), [UNKNOWN] * 3)
    chart = bullet_chart(
        opened(goals(**unknown, verdict=["missing_data"] * 3)), id="b", name="N", unit="prosent", source="K",
        language=language,
    ).content  # fmt: skip
    assert HOLE[language] not in chart.series[0].name
    assert chart.alt.count(HOLE[language]) == 3


@EVERY_LANGUAGE
def test_what_is_withheld_is_not_called_missing(language):
    hidden = {"value": [0], "conf_low": [0], "conf_high": [0]}
    bullet = bullet_chart(
        opened(goals().iloc[:1], hidden=hidden), id="b", name="N", unit="prosent", source="K", language=language
    )
    rows, names = network(2)
    first = rows.index[rows["unit"] == next(iter(names))]
    mean = windows(quarterly() + [9.0] * (N - len(quarterly())))
    multiples = small_multiples(
        opened(rows, hidden={"rate_pct": first}), opened(mean), id="m", name="N", names=names, language=language, **SICK
    )
    for figure in (bullet, multiples):
        assert text("chart.withheld", language) in figure.content.alt
        assert HOLE[language] not in figure.content.alt


@pytest.mark.parametrize("width", [320, 520, 1100])
def test_the_interactive_drawing_has_the_words_of_the_svg_on_a_page_of_the_same_width(width):
    for name, chart in gallery().items():
        figure = to_plotly(chart, width, 400)
        printed = {box.words for box in boxes(to_svg(chart, width, 400)) if box.kind in ("x-tick", "name", "heading")}
        notes = [note.text for note in figure.layout.annotations]
        ticks = [tick for axis in figure.select_xaxes() for tick in axis.ticktext or ()]
        shown = "\n".join(html.unescape(re.sub(r"<br>", "\n", words)) for words in (*notes, *ticks))
        assert [words for words in printed if words not in shown] == [], name
        assert figure.layout.margin.l + figure.layout.margin.r < 0.75 * width, name
        assert all(geometry.text_width(re.sub("<.*?>", "", line), theme.FONT_SIZE) <= width + 1
                   for line in figure.layout.title.text.split("<br>") if "font-size" in line), name  # fmt: skip
