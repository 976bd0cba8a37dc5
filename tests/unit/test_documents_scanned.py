"""The leak scanner reads the files that reports are written as, wherever in them a withheld number stands."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from publish_samples import opened
from report_samples import full_report, passed, sample_report, words
from word_samples import LOGO_BASE64, changed

from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.report.blocks import Picture
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed
from kvalitet_eval.report.sheets import render_csv, render_workbook
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.report.word import render_word

WITHHELD = 8.4172935
RECORD = DisclosureRecord((Suppressed("legemeldt", (("1719", "Levanger"), ("2007Q3",), ("Legemeldt",)), WITHHELD),))
SAID = "fravær 8,41729 prosent"


def with_text(**changes):
    made = sample_report(**changes)
    made.section(words("Utvikling"))
    made.text(words("Noe annet."))
    return made


def with_table():
    made = with_text()
    frame = pd.DataFrame({"name": ["Levanger"], "rate": [WITHHELD]})
    columns = [TableColumn("name", "Kommune"), TableColumn("rate", "Fravær", "number")]
    made.table(passed(build_table(opened(frame), columns, id="t", caption="Fravær", source="KS").content))
    return made


def with_notice():
    made = with_text()
    made.notice("limits", words(SAID))
    return made


def with_picture():
    made = with_text()
    made._blocks.append(Picture("p", SAID, LOGO_BASE64, 192, 192))
    return made


def hidden(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[1].sheet_state = "veryHidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def spoken_caption():
    """The number stands in what is read aloud of a table, and not in the caption over it."""
    mark = b'<w:tblCaption w:val="'
    return changed(render_word(full_report()), "word/document.xml", replace=(mark, mark + SAID.encode() + b" "))


def named_sheet():
    return changed(
        render_workbook(full_report()), "xl/workbook.xml", replace=(b'name="1 N', f'name="{SAID} N'.encode())
    )


def footer(data):
    return changed(data, "word/footer1.xml", replace=(b">kvalitet-eval ", f">{SAID} ".encode()))


PLACES = {
    "a.docx body": lambda: render_word(with_notice()),
    "a.docx alternative text": lambda: render_word(with_picture()),
    "a.docx header": lambda: render_word(with_text(subject=Subject("municipality", "1719", SAID))),
    "a.docx footer": lambda: footer(render_word(with_text())),
    "a.docx properties": lambda: render_word(with_text(title=SAID)),
    "a.docx caption of a table for those who listen": spoken_caption,
    "a.xlsx first sheet": lambda: render_workbook(with_notice()),
    "a.xlsx cell": lambda: render_workbook(with_table()),
    "a.xlsx hidden sheet": lambda: hidden(render_workbook(with_table())),
    "a.xlsx properties": lambda: render_workbook(with_text(title=SAID)),
    "a.xlsx name of a sheet": named_sheet,
    "a.csv number": lambda: render_csv(with_table())["t"],
}
HARMLESS = {
    "a.docx": lambda: render_word(full_report()),
    "a.xlsx": lambda: render_workbook(full_report()),
    "a.csv": lambda: next(iter(render_csv(full_report()).values())),
}


def found(folder, name, data):
    (folder / name).write_bytes(data)
    result = scan(folder, RECORD)
    assert result.n_texts > 5
    return {item.code for item in result.findings}


@pytest.mark.parametrize("where", PLACES)
def test_a_withheld_number_is_found_wherever_it_stands(tmp_path, where):
    assert "SIK-01" in found(tmp_path, where.split()[0], PLACES[where]())


@pytest.mark.parametrize("name", HARMLESS)
def test_nothing_is_found_in_files_that_hold_nothing(tmp_path, name):
    assert found(tmp_path, name, HARMLESS[name]()) == set()


def test_a_rounded_number_in_a_word_table_is_read_with_its_row(tmp_path):
    three = Suppressed("legemeldt", (("1719", "Levanger"),), 8.4)
    (tmp_path / "a.docx").write_bytes(render_word(with_table()))
    assert {item.code for item in scan(tmp_path, DisclosureRecord((three,))).findings} == {"SIK-01"}
