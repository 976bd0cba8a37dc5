"""The tables of every kind of document as files: what the report prints as a number is a number in them."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from made_programme import made_programme
from template_runs import stored_report

from kvalitet_eval.present.messages import text
from kvalitet_eval.report.sheets import render_csv, render_workbook

SUBJECTS = [
    ("municipality", {"municipality": "0542"}),
    ("municipality", {"municipality": "1902"}),
    ("poster", {"municipality": "0542"}),
    ("status_report", {"municipality": "0542"}),
    ("project_mandate", {"municipality": "0542"}),
    ("cohort", {"cohort": "innsats"}),
    ("cohort", {"cohort": "pulje_3"}),
    ("programme", {}),
    ("page", {"page": "method"}),
    ("page", {"page": "glossary"}),
    ("page", {"page": "accessibility"}),
]
A_NUMBER = r"'?[+\-−–]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?"
ONLY_NUMBERS = re.compile(rf"{A_NUMBER}(?:\s*%)?(?:\s+(?:til|to|[–-])\s+{A_NUMBER}(?:\s*%)?)?")


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("tables")).path


def csv_rows(data, language):
    """The fields of a CSV file as they stand in it: texts with their quotes, numbers without."""
    sign = "," if language == "en" else ";"
    field = re.compile(rf'("(?:[^"]|"")*"|[^{sign}"]*)(?:{sign}|$)')
    lines = data.decode("utf-8-sig").splitlines()
    return [field.findall(line)[:-1] if not line.endswith(sign) else field.findall(line) for line in lines]


def numbers_as_text(report):
    """Every text in a CSV file or a workbook that is only a number, or only an interval.

    A municipality's number is a name: without the zero in front it would be another. What stands in a workbook beside
    the numbers, as the report prints them, is meant to be text.
    """
    language, found = report.language, []
    names = text("site.column.number", language)
    beside = text("tables.printed", language, heading="")
    for name, data in render_csv(report).items():
        head, *rows = csv_rows(data, language)
        for row in rows:
            cells = [cell for heading, cell in zip(head, row, strict=True) if heading.strip('"') != names]
            found += [(name, cell) for cell in cells if cell[:1] == '"' and ONLY_NUMBERS.fullmatch(cell.strip('"'))]
    for sheet in openpyxl.load_workbook(io.BytesIO(render_workbook(report))).worksheets[1:]:
        rows = list(sheet.iter_rows(values_only=True))
        head = rows[3]
        for row in rows[4:]:
            cells = [cell for heading, cell in zip(head, row, strict=True) if not is_exempt(heading, names, beside)]
            found += [(sheet.title, cell) for cell in cells if isinstance(cell, str) and ONLY_NUMBERS.fullmatch(cell)]
    return found


def is_exempt(heading, names, beside):
    return heading is not None and (heading == names or heading.endswith(beside))


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("template", "about"), SUBJECTS)
def test_no_text_in_a_file_of_numbers_is_only_a_number(programme, template, about, language):
    assert numbers_as_text(stored_report(programme, template, language, **about)) == []
