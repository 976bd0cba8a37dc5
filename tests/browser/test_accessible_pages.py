"""Every kind of document, in every language, on a narrow and on a wide window, passes every check.

`make test` runs a sample, in which each kind of document is seen in both widths and in two languages; the rest is
marked slow, and `make test-all` runs it too. Sample and rest together are all there is.
"""

from __future__ import annotations

import pytest
from documents import DOCUMENTS, LANGUAGES, NARROW, WIDE, document
from page_checks import CHECKS

WIDTHS = (NARROW, WIDE)


def is_sampled(name, language, width):
    """Whether the normal run sees a page: the language goes round from kind to kind, another one in each width."""
    place = list(DOCUMENTS).index(name) + WIDTHS.index(width)
    return LANGUAGES[place % len(LANGUAGES)] == language


def pages(width):
    return [
        pytest.param(name, language, marks=() if is_sampled(name, language, width) else pytest.mark.slow)
        for name in DOCUMENTS
        for language in LANGUAGES
    ]


def faults(opened):
    return {check: found for check, run in CHECKS.items() if (found := run(opened))}


@pytest.mark.parametrize(("name", "language"), pages(NARROW))
class TestNarrow:
    """A class for each width: two processes share the work by class."""

    def test_the_page_passes_every_check(self, open_page, name, language):
        assert faults(open_page(document(name, language), NARROW)) == {}


@pytest.mark.parametrize(("name", "language"), pages(WIDE))
class TestWide:
    def test_the_page_passes_every_check(self, open_page, name, language):
        assert faults(open_page(document(name, language), WIDE)) == {}


def test_the_sample_has_every_kind_of_document_and_every_language_in_both_widths():
    shown = {width: [page for page in pages(width) if not page.marks] for width in WIDTHS}
    for sampled in shown.values():
        assert {page.values[0] for page in sampled} == set(DOCUMENTS)
        assert {page.values[1] for page in sampled} == set(LANGUAGES)
        assert len(sampled) == len(DOCUMENTS)
    narrow, wide = ({page.values for page in shown[width]} for width in WIDTHS)
    assert not narrow & wide, "each kind is seen in two languages"


def test_sample_and_rest_together_are_every_page():
    everything = {(name, language) for name in DOCUMENTS for language in LANGUAGES}
    for width in WIDTHS:
        assert {page.values for page in pages(width)} == everything
        assert {mark.name for page in pages(width) for mark in page.marks} == {"slow"}
