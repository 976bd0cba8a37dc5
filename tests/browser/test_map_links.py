"""The map of the index leads where its list leads, by pointer; the list alone is for keys and ears."""

from __future__ import annotations

import pytest
from documents import document

LINKS = """() => [...document.querySelectorAll('svg.kv-links')].filter(e => e.checkVisibility())
  .flatMap(e => [...e.querySelectorAll('a')]).map(e => {
    const box = e.getBoundingClientRect();
    return {href: e.getAttribute('href'), says: e.textContent, x: box.x + box.width / 2, y: box.y + box.height / 2};
  })"""
MARKERS = """() => [...document.querySelectorAll('#figure-map svg[role=img]')].filter(e => e.checkVisibility())
  .flatMap(e => [...e.querySelectorAll('g.value > :first-child')]).map(e => {
    const box = e.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  })"""
LISTED = """() => Object.fromEntries([...document.querySelectorAll('.listing tbody th a')]
  .map(e => [e.textContent, e.getAttribute('href')]))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_each_point_lies_under_its_link(open_page, width):
    opened = open_page(document("index", "nb"), width)
    links, markers, listed = (opened.evaluate(script) for script in (LINKS, MARKERS, LISTED))
    assert len(links) == len(listed) > 5
    assert {link["says"].split(":")[0]: link["href"] for link in links} == listed
    for link in links:
        assert min(abs(link["x"] - x) + abs(link["y"] - y) for x, y in markers) < 3, link["says"]


def test_a_click_in_the_middle_of_a_point_is_for_that_point(open_page):
    opened = open_page(document("index", "nb"), 1280)
    opened.evaluate("() => document.querySelector('#figure-map').scrollIntoView({behavior: 'instant'})")
    hit = "([x, y]) => document.elementFromPoint(x, y)?.closest('a')?.getAttribute('href')"
    links = opened.evaluate(LINKS)
    assert [opened.evaluate(hit, [link["x"], link["y"]]) for link in links] == [link["href"] for link in links]
    with opened.page.expect_request(lambda request: request.url.endswith(links[0]["href"])):
        opened.page.mouse.click(links[0]["x"], links[0]["y"])
