"""A report is a small file, and a status report is one sheet of paper."""

from __future__ import annotations

import io

import pypdf
import pytest
from documents import LANGUAGES, document

MOST_BYTES = 80_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["municipality report", "cohort report"])
def test_a_report_is_at_most_eighty_kilobytes(name, language):
    assert len(document(name, language).html.encode()) <= MOST_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_report_is_one_sheet(open_page, language):
    opened = open_page(document("status report", language), 1280)
    opened.unfold(False)
    opened.page.emulate_media(media="print")
    assert len(pypdf.PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True, format="A4"))).pages) == 1
