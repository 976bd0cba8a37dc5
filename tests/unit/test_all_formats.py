"""One report in every form: the same texts and numbers in the same order, read from the finished files.

What a form has beside them is named here: the page's label of a table that is folded away, and the headings of a case
paper in Word. The numbers of a figure stand under it, in a PDF together at the end.
"""

from __future__ import annotations

import dataclasses

import pandas as pd
import printed_strings
import pytest
from chart_samples import small_chart
from publish_samples import opened
from report_samples import full_report, passed, words
from word_samples import LOGO_BASE64, municipal_template

from kvalitet_eval.present.chart import Axis, Event, Point, Series
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import MINUS
from kvalitet_eval.present.tables import TableColumn, build_table, table_of_chart
from kvalitet_eval.report.blocks import Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.html import facts_rows, render_page, split_paragraphs
from kvalitet_eval.report.pdf import render_pdf
from kvalitet_eval.report.sheets import render_workbook
from kvalitet_eval.report.word import render_word
from kvalitet_eval.results import SYNTHETIC

LANGUAGES = ("nb", "nn", "en")
MOST_BETWEEN = 4_000
"""Signs of running heads and of drawings that may stand between two texts of a PDF."""


def sample(language="nb", change=0.0):
    """A report with every kind of block and of number; ``change`` is added to one of them."""
    made = full_report(language=language)
    frame = pd.DataFrame(
        {
            "name": ["Bø", "Nord-Aurdal", "Ås"],
            "rate": [9.04999, None, 10.25 + change],
            "low": [8.5, None, -1.5],
            "high": [9.5, None, 1.5],
            "change": [-0.42, 0.0, 0.37],
            "n": [12345, None, 7],
        }
    )
    columns = [
        TableColumn("name", "Kommune"),
        TableColumn("rate", "Fravær", "number", "prosent"),
        TableColumn("low", "Intervall", "interval", high_key="high"),
        TableColumn("change", "Endring", "points", decimals=2),
        TableColumn("n", "Antall", "count"),
    ]
    about = {"id": "all", "caption": "Alle slags tall", "source": "KS", "notes": ("Merk <dette> & hint.",)}
    made.section(words("Flere tall"))
    made.table(build_table(opened(frame), columns, **about, language=language))
    points = tuple(Point(k, 5.0 + k, 4.0 + k, 6.0 + k) for k in range(3))
    axis = Axis("Kvartaler", ticks=tuple((k, str(k).replace("-", MINUS)) for k in range(-2, 3)), decimals=0)
    drawn = small_chart(
        title="En kurve", subtitle="Under tittelen", events=(Event(1, 1, "Kurs"),), language=language, x=axis,
        series=(Series("Ås", points, "participant", "both"),),
    )  # fmt: skip
    made.chart(passed(drawn))
    made.chart(passed(dataclasses.replace(drawn, id="again", title="Enda en kurve")), table=False)
    made._blocks.append(Text("Me har prøvd.\n\n- fyrst\n- sidan", "nn"))
    made._blocks.append(Picture("p", "Et merke", LOGO_BASE64, 192, 192, "Merket til kommunen"))
    return made


def expected(report):
    """Every text of a report in its order; the numbers of figures apart, each beside the text they follow."""
    language = report.language
    t = lambda key, **values: text(key, language, **values)  # noqa: E731
    mark = lambda item: f" {t('report.synthetic_mark')}" if item.origin == SYNTHETIC else ""  # noqa: E731
    name = t("report.municipality", name=report.subject.name, number=report.subject.id)
    found = [f"{report.programme} · {name}", report.title]
    if report.origin == SYNTHETIC:
        found.append(f"{t('report.synthetic_heading')}. {t('report.synthetic')}")
    numbers = []
    for block in report.blocks:
        match block:
            case Section(heading):
                found.append(heading)
            case Text(words_, _):
                found += [item for _, items in split_paragraphs(words_) for item in items]
            case Notice(kind, words_):
                found += [t(f"report.notice.{kind}"), *(i for _, items in split_paragraphs(words_) for i in items)]
            case Listing(table):
                found += [*_table(table, mark), *table.notes, t("report.source", source=table.source)]
            case Figure(chart, with_table):
                found += [f"{chart.title}{mark(chart)}", *([chart.subtitle] if chart.subtitle else [])]
                found += [*chart.notes, t("report.source", source=chart.source)]
                if with_table:
                    table = table_of_chart(chart)
                    own = [note for note in table.notes if note not in chart.notes]
                    below = [t("report.alt", alt=chart.alt), *_table(table, mark), *own]
                    numbers.append((len(found), below))
            case Picture(caption=caption):
                found.append(caption)
    found.append(t("report.about"))
    found += [part for row in facts_rows(report.facts, language) for part in row]
    return [printed_strings.one_line(words_) for words_ in [*found, t("report.made_with")]], numbers


def _table(table, mark):
    cells = [cell.text for row in table.rows for cell in row]
    return [f"{table.caption}{mark(table)}", *(column.heading for column in table.columns), *cells]


def in_place(report):
    """Texts in the order of pages and Word documents: the numbers of a figure right under it."""
    found, numbers = expected(report)
    for place, below in reversed(numbers):
        found[place:place] = [printed_strings.one_line(words_) for words_ in below]
    return found


def page(report):
    label = text("report.show_numbers", report.language)
    return [words_ for words_ in printed_strings.of_page(render_page(report)) if words_ != label]


def word(report, template=None):
    language = report.language
    own = {text(f"word.part.{part}", language) for part in ("summary", "facts", "assessment", "conclusion")}
    own.add(text("word.conclusion", language))
    return [words_ for words_ in printed_strings.of_word(render_word(report, template=template)) if words_ not in own]


def tables(report):
    """Caption, headings and cells of every table and figure, in reading order."""
    plain = lambda _: ""  # noqa: E731
    items = [
        table_of_chart(b.chart) if isinstance(b, Figure) else b.table
        for b in report.blocks
        if isinstance(b, Figure | Listing)
    ]
    return [[printed_strings.one_line(words_) for words_ in _table(item, plain)] for item in items]


def not_in_order(squeezed, wanted):
    """The first text that does not follow the one before it; None when all do."""
    place = 0
    for words_ in wanted:
        sought = printed_strings.squeezed(words_)
        found = squeezed.find(sought, place, place + len(sought) + MOST_BETWEEN)
        if found < 0:
            return words_
        place = found + len(sought)
    return None


def pdf_order(report):
    found, numbers = expected(report)
    return [*found[: found.index(text("report.about", report.language))], *(words_ for _, b in numbers for words_ in b)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_prints_the_report(language):
    made = sample(language)
    assert page(made) == in_place(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_document_prints_the_same(language):
    made = sample(language)
    assert word(made) == in_place(made) == page(made)


def test_the_word_document_prints_the_same_from_a_template():
    made = sample()
    assert word(made, municipal_template()) == page(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_prints_the_same_in_every_table(language):
    made = sample(language)
    assert printed_strings.of_workbook(render_workbook(made)) == tables(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_prints_the_same(language):
    made = sample(language)
    assert not_in_order(printed_strings.of_pdf(render_pdf(made)), pdf_order(made)) is None


def test_one_changed_number_is_found_in_every_form():
    made, other = sample(), sample(change=0.1)
    wanted = in_place(made)
    assert [a for a, b in zip(wanted, in_place(other), strict=True) if a != b] == ["10,3"]
    assert page(other) != wanted
    assert word(other) != wanted
    assert printed_strings.of_workbook(render_workbook(other)) != tables(made)


def test_two_texts_that_change_places_are_found():
    made, other = sample(), sample()
    other._blocks[-1], other._blocks[-2] = other._blocks[-2], other._blocks[-1]
    assert page(other) != page(made)
    assert word(other) != word(made)
    assert sorted(word(other)) == sorted(word(made))


def test_one_changed_number_is_found_in_the_pdf():
    said = printed_strings.of_pdf(render_pdf(sample(change=0.1)))
    assert not_in_order(said, pdf_order(sample())) is not None
