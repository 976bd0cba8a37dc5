"""Drawings in a PDF: the document's font, light edges below the words, size as drawn."""

import re
from xml.etree import ElementTree

import pytest
from chart_samples import HOSTILE, small_chart

from kvalitet_eval.present import theme
from kvalitet_eval.present.chart import Rule
from kvalitet_eval.present.to_svg import to_svg
from kvalitet_eval.report.pdf_drawing import FONT, draw, lay_edges_under

TEXT = "{http://www.w3.org/2000/svg}text"


def texts(svg):
    return [(element.text, dict(element.attrib)) for element in ElementTree.fromstring(svg).iter(TEXT)]


def test_the_font_is_that_of_the_document_and_no_other():
    svg, _, _ = draw(small_chart(), 640, 400)
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {FONT}
    assert FONT not in to_svg(small_chart(), 640, 400)


def test_the_size_is_that_of_the_drawing():
    svg, width, height = draw(small_chart(), 640, 400)
    root = ElementTree.fromstring(svg)
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    assert width == 640


def test_words_with_an_edge_are_drawn_twice_the_edge_first():
    plain = texts(to_svg(small_chart(), 640, 400))
    edged = [words for words, attributes in plain if "paint-order" in attributes]
    assert edged == ["Oppstart"]
    (below, below_has), (above, above_has) = [
        item for item in texts(draw(small_chart(), 640, 400)[0]) if item[0] in edged
    ]
    assert below == above
    assert (below_has["fill"], below_has["stroke"]) == (theme.PAPER, theme.PAPER)
    assert "stroke" not in above_has
    assert above_has.get("fill") != theme.PAPER
    assert [below_has[key] for key in ("x", "y")] == [above_has[key] for key in ("x", "y")]


def test_no_edge_is_left_above_other_signs():
    assert "paint-order" in to_svg(small_chart(), 640, 400)
    assert "paint-order" not in draw(small_chart(), 640, 400)[0]


def test_everything_else_is_drawn_as_it_was():
    bare = '<text x="1" fill="#123456">a</text><path d="M0 0" stroke="#FFF"/>'
    assert lay_edges_under(bare) == bare


@pytest.mark.parametrize("words", [HOSTILE, 'paint-order="stroke"', "<text>"])
def test_words_cannot_look_like_an_edge(words):
    chart = small_chart(rules=(Rule("x", -0.5, words),))
    before, after = texts(to_svg(chart, 640, 400)), texts(draw(chart, 640, 400)[0])
    assert {item for item, _ in before} == {item for item, _ in after}
