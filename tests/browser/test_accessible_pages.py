"""Every kind of document, in every language, on a narrow and on a wide window, passes every check."""

from __future__ import annotations

import pytest
from documents import DOCUMENTS, LANGUAGES, NARROW, WIDE, document
from page_checks import CHECKS


def faults(opened):
    return {check: found for check, run in CHECKS.items() if (found := run(opened))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DOCUMENTS)
class TestNarrow:
    """A class for each width: two processes share the work by class."""

    def test_the_page_passes_every_check(self, open_page, name, language):
        assert faults(open_page(document(name, language), NARROW)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DOCUMENTS)
class TestWide:
    def test_the_page_passes_every_check(self, open_page, name, language):
        assert faults(open_page(document(name, language), WIDE)) == {}
