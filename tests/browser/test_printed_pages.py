"""Printed to PDF, a page has all its words: nothing that was closed is left out, and nothing is cut off."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from documents import document
from page_checks import PAPER_WIDTH

PRINTED = """() => [...document.querySelectorAll('main p, main li, main caption, main th, main td')]
  .filter(e => e.checkVisibility() && !e.closest('svg')).map(e => e.innerText).join(' ')"""


def words_of(text):
    return set(re.findall(r"\w{4,}", text))


def printed(opened):
    """The words that should be on paper, and those that are."""
    opened.unfold(False)
    opened.page.emulate_media(media="print")
    wanted = words_of(opened.evaluate(PRINTED))
    pages = pypdf.PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True))).pages
    return wanted, words_of(" ".join(page.extract_text() for page in pages))


@pytest.mark.parametrize("name", ["every block", "municipality report", "index"])
def test_every_word_is_on_paper(open_page, name):
    wanted, found = printed(open_page(document(name, "nb"), 1280))
    assert len(wanted) > 30
    assert wanted - found == set()


def test_a_word_that_is_cut_off_would_be_missed(open_page):
    opened = open_page(document("every block", "nb"), 1280)
    opened.evaluate(
        "() => Object.assign(document.querySelector('main p').style, "
        "{position: 'absolute', left: '-9999px'}) && (document.querySelector('main p').textContent = 'Forsvunnet')"
    )
    wanted, found = printed(opened)
    assert "Forsvunnet" in wanted - found


LINES = """() => [...document.querySelectorAll('figure tbody th')].filter(e => e.checkVisibility()).map(e => {
  const range = document.createRange();
  range.selectNodeContents(e);
  return [e.textContent, new Set([...range.getClientRects()].map(box => Math.round(box.top))).size];
})"""


def test_a_quarter_stands_on_one_line_on_paper(open_page):
    opened = open_page(document("municipality report", "nb"), 1280)
    opened.unfold(False)
    opened.page.emulate_media(media="print")
    opened.page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
    lines = dict(opened.evaluate(LINES))
    quarters = {name: n for name, n in lines.items() if re.fullmatch(r"\d\. kv\. \d{4}", name)}
    assert len(quarters) > 20
    assert set(quarters.values()) == {1}
