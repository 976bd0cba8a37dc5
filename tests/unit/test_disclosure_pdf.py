"""The leak scanner reads our own PDF: what is planted is found in text, table, drawing, alternative text, metadata."""

import dataclasses

import pytest
from pdf_samples import document, picture
from report_samples import sample_report, words

from kvalitet_eval.report.blocks import Figure, Listing, Notice, Text
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed
from kvalitet_eval.report.pdf import render_pdf

SECRET = "KANARI-000317"
RECORD = DisclosureRecord(canaries=(SECRET,))


def of_kind(report, kind):
    return next(index for index, block in enumerate(report.blocks) if isinstance(block, kind))


def put(report, kind, change):
    index = of_kind(report, kind)
    report._blocks[index] = change(report._blocks[index])
    return report


def in_cell(block):
    first, *rest = block.table.rows
    cells = (dataclasses.replace(first[0], text=f"Navn {SECRET}"), *first[1:])
    return Listing(dataclasses.replace(block.table, rows=(cells, *rest)))


def in_chart(**changes):
    return lambda block: Figure(dataclasses.replace(block.chart, **changes), block.with_table)


def named_series(block):
    first, *rest = block.chart.series
    return in_chart(series=(dataclasses.replace(first, name=SECRET), *rest))(block)


def with_picture(report):
    report._blocks.append(picture(id="to", alt=f"Bilde av {SECRET}"))
    return report


PLACES = {
    "text": lambda: put(document(), Text, lambda block: Text(f"Om {SECRET}.")),
    "notice": lambda: put(document(), Notice, lambda block: Notice("note", f"Om {SECRET}.")),
    "cell": lambda: put(document(), Listing, in_cell),
    "alternative text of a chart": lambda: put(
        document(), Figure, in_chart(alt=f"Linjediagram over {SECRET} {'a' * 30}")
    ),
    "alternative text of a picture": lambda: with_picture(document("poster")),
    "drawing": lambda: put(document("poster"), Figure, named_series),
    "title": lambda: document(word=SECRET),
    "keywords": lambda: document(subject=dataclasses.replace(document().subject, name=SECRET)),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_is_found(tmp_path, place):
    (tmp_path / "rapport.pdf").write_bytes(render_pdf(PLACES[place]()))
    assert {found.code for found in scan(tmp_path, RECORD).findings} == {"SIK-03"}


def test_nothing_is_found_where_nothing_is(tmp_path):
    for kind in ("report", "status_report", "poster"):
        (tmp_path / f"{kind}.pdf").write_bytes(render_pdf(document(kind)))
    seen = scan(tmp_path, RECORD)
    assert seen.is_clean
    assert seen.n_texts > 100


@pytest.mark.parametrize("place", ["text", "alternative text"])
def test_a_withheld_value_is_found(tmp_path, place):
    value = Suppressed("a", (), 8.4172935)
    report = sample_report()
    report.section(words("Overskrift"))
    said = "Fraværet var 8,4172935 prosent i kommunen dette året."
    report._blocks.append(Text(said) if place == "text" else picture(alt=said))
    (tmp_path / "rapport.pdf").write_bytes(render_pdf(report))
    assert {found.code for found in scan(tmp_path, DisclosureRecord(suppressed=(value,))).findings} == {"SIK-01"}
