import re
import time
from xml.etree.ElementTree import fromstring

import pytest
from chart_samples import HOSTILE, small_chart

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Event, Point, Rule, Series
from kvalitet_eval.present.to_svg import to_page_svg, to_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg, css_class):
    found = [node for node in fromstring(svg).iter(f"{SVG}text") if css_class in node.get("class", "").split()]
    return ["".join(node.itertext()) for node in found]


def test_the_drawing_has_a_name_and_a_description():
    root = fromstring(to_svg(small_chart()))
    assert root.get("role") == "img" and root.get("lang") == "nb"
    named = {node.get("id"): node.text for node in root if node.get("id")}
    assert [named[id_] for id_ in root.get("aria-labelledby").split()] == ["Tittel", small_chart().alt]


def test_ids_are_unique_over_charts_and_widths():
    page = to_page_svg(small_chart()) + to_page_svg(small_chart(id="other"))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 8
    assert page.count("kv-wide") >= 2 and page.count("kv-narrow") >= 2


def test_words_are_text():
    svg = to_svg(small_chart())
    assert texts(svg, "heading") == ["Sykefravær (prosent)", "Kvartaler"]
    assert texts(svg, "y-tick") == ["0", "2", "4", "6", "8", "10"]
    assert texts(svg, "x-tick") == ["-2", "-1", "0", "1", "2"]
    assert texts(svg, "name") == ["Levanger: 8,0", "Anslag", "Bånd", "Mål"]
    assert texts(svg, "rule") == ["Oppstart"]
    assert texts(svg, "event-text") == ["Nye rutiner"]


def test_synthetic_figures_and_only_they_are_watermarked():
    assert texts(to_svg(small_chart()), "watermark") == ["syntetisk"]
    assert texts(to_svg(small_chart(origin="observed")), "watermark") == []


def test_the_watermark_lies_below_the_data():
    svg = to_svg(small_chart())
    assert svg.index("watermark") < svg.index('class="band"') < svg.index('class="series"')


def test_hostile_strings_are_text_and_nothing_else():
    chart = small_chart(
        title=HOSTILE,
        alt=HOSTILE * 2,
        series=(Series(HOSTILE, (Point(0, 1), Point(1, 2, label=HOSTILE))),),
        rules=(Rule("x", 0, HOSTILE),),
        events=(Event(0, 1, HOSTILE),),
        bands=(),
    )
    svg = to_svg(chart)
    root = fromstring(svg)
    assert "<script" not in svg
    assert '<script>alert("x")</script> &' in root.find(f"{SVG}title").text
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "line", "path", "g", "circle", "polygon",
    }  # fmt: skip


def test_a_gap_is_a_gap_and_a_lone_value_is_a_dot():
    series = Series("A", (Point(-2, 1), Point(-1, 2), Point(0, None), Point(1, 2), Point(2, None)))
    svg = to_svg(small_chart(series=(series,), bands=(), rules=(), events=()))
    lines = re.findall(r'class="line" d="([^"]+)"', svg)
    assert [line.count("L") for line in lines] == [1, 0]
    assert svg.count('class="value"') == 1


def test_bands_and_intervals():
    svg = to_svg(small_chart())
    assert svg.count('class="band"') == 2
    assert svg.count('class="interval"') == 2


def test_pointing_at_a_value_shows_it_as_printed():
    shown = re.findall(r"<title>([^<]+)</title>", to_svg(small_chart()))
    assert "Levanger, -2: 9,0 prosent" in shown
    assert "Anslag, 1: 5,0 prosent (4,3 til 6,0)" in shown


def test_the_same_bytes_every_time_and_no_negative_zero():
    assert to_svg(small_chart()) == to_svg(small_chart())
    assert not re.search(r'[" ]-0[" .]', to_svg(small_chart(), 360, 300))


@pytest.mark.parametrize(("width", "height"), [theme.WIDE, theme.NARROW])
def test_type_is_readable_at_the_size_it_is_made_for(width, height):
    """At 320 pixels the narrow drawing must still have type of 12 pixels or more."""
    svg = to_svg(small_chart(), width, height)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
    assert min(sizes) * (320 / width if width < 520 else 1) >= 12
    assert f'viewBox="0 0 {width} ' in svg


def test_an_empty_series_and_a_single_point_can_be_drawn():
    for points in ((), (Point(0, None),), (Point(0, 3.0),)):
        fromstring(to_svg(small_chart(series=(Series("A", points),), bands=(), rules=(), events=())))


def test_nothing_is_fetched():
    assert re.findall(r"https?://[^\"]+", to_page_svg(small_chart())) == ["http://www.w3.org/2000/svg"] * 2


def test_a_chart_takes_less_than_two_milliseconds():
    points = tuple(Point(x, 9 + x / 100) for x in range(28))
    chart = small_chart(series=(Series("A", points), Series("B", points)), bands=(), events=())
    best = min(_seconds(chart) for _ in range(20))
    assert best < 0.002 * 3  # a shared machine may be three times slower than the one it was measured on


def _seconds(chart):
    start = time.perf_counter()
    to_svg(chart)
    return time.perf_counter() - start
