"""CSV and XLSX: no text becomes a formula, every number comes back as it was, the same content gives the same bytes."""

import csv
import io
import math
import random
import re
import struct
import zipfile

import openpyxl
import pandas as pd
import pytest
from publish_samples import opened
from report_samples import sample_table, table_cells

from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.report.safe_tables import csv_text, neutral, xlsx_bytes

FORMULAS = [
    '=HYPERLINK("http://x";"y")', "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\ufeff=1+1", "\u200b=1+1", "\u00a0=1+1",
    "=cmd|' /C calc'!A0", "a;=1+1", "a,=1+1", 'a";=1+1;"', "a\t@SUM(1)", "a\n+1+1", "a|-1+cmd",
    "-cmd|'/C calc'!A0", "--1",
    '"=1+1', "\x00=1+1", "\u2028=1+1",
]  # fmt: skip
STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?(?:e[+-]?[0-9]+)?")


def is_formula(cell):
    """Whether a spreadsheet could calculate a cell, whatever blanks, quotes and invisible signs it ignores."""
    visible = cell.strip(' \t\r\n\x00\u00a0\u2028\u200b\ufeff"')
    return visible[:1] in tuple(STARTS) and len(visible) > 1 and not NUMBER.fullmatch(visible)


def split_everywhere(text):
    """Every cell that some spreadsheet may make of a file, each setting for the sign between columns."""
    for delimiter in ";,\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
                yield from row


def numbers(n=10_000):
    draws = random.Random(7)
    floats = [struct.unpack("<d", draws.randbytes(8))[0] for _ in range(n)]
    plain = [round(draws.uniform(-1e6, 1e6), draws.randrange(7)) for _ in range(n // 2)]
    finite = [number for number in floats if math.isfinite(number)]
    return [*plain, *finite][:n]


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_text_is_a_formula_in_csv(payload):
    text = csv_text([payload, "verdi"], [[payload, -0.5], ["Levanger", payload]])
    assert [cell for cell in split_everywhere(text) if is_formula(cell)] == []
    assert text.count("\r\n") == 3
    assert not re.search(r"[\t\x00]|(?<!\r)\n|\r(?!\n)", text)


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_text_is_a_formula_in_xlsx(payload):
    content = xlsx_bytes({payload: ([payload, "verdi"], [[payload, -0.5]])})
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert not any("<f" in part for name, part in parts.items() if "worksheets/" in name)
    assert not any("<hyperlink" in part or 'TargetMode="External"' in part for part in parts.values())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.data_type for row in sheet for cell in row] == ["s", "s", "s", "n"]
    assert not is_formula(sheet["A2"].value)
    assert not is_formula(sheet.title)


def test_what_a_workbook_says_of_itself_is_no_formula_either():
    content = xlsx_bytes({"a": (["x"], [])}, {"title": "=1+1", "author": "Nord-Aurdal"})
    about = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert (about.title, about.creator) == ("'=1+1", "Nord-Aurdal")


def test_the_test_knows_a_formula():
    raw = "\r\n".join(FORMULAS)
    assert sum(is_formula(cell) for cell in split_everywhere(raw)) > 4 * len(FORMULAS)
    assert not any(map(is_formula, ["-0,5", "-0.5", "'=1", "Levanger", "", "a=1"]))


@pytest.mark.parametrize(
    "text", ["Nord-Aurdal", "Å", "-", "--", ":", "..", "5 % (1-2)", "a = b", "\u22120,5", "Bø; Os", "0301"]
)
def test_ordinary_text_is_kept(text):
    assert neutral(text) == text


def test_every_number_comes_back_from_csv():
    wanted = numbers()
    text = csv_text(["x"], [[number] for number in wanted])
    read = pd.read_csv(io.StringIO(text), sep=";", decimal=",")["x"]
    assert read.tolist() == wanted
    assert '"' not in text.split("\r\n", 1)[1]


def test_every_number_comes_back_from_xlsx():
    wanted = numbers()
    content = xlsx_bytes({"Tall": (["x"], [[number] for number in wanted])})
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    assert [float(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)] == wanted


def test_whole_numbers_truth_and_missing():
    rows = [[3, 2**60, True, None, float("nan"), float("inf")]]
    assert csv_text(list("abcdef"), rows).splitlines()[1] == "3;1152921504606846976;1;;;"
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"a": (list("abcdef"), rows)}))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [3, "1152921504606846976", 1, None, None, None]


def test_the_signs_must_differ_and_rows_must_fit():
    with pytest.raises(ValueError, match="decimal sign"):
        csv_text(["a"], [], delimiter=",", decimal=",")
    with pytest.raises(ValueError, match="zip"):
        csv_text(["a", "b"], [[1]])
    assert csv_text(["a"], [[0.5]], delimiter=",", decimal=".") == '"a"\r\n0.5\r\n'


@pytest.mark.parametrize("text", ["+0,32", "-1.5", "+26 %"])
def test_a_signed_number_printed_as_text_stays_as_it_is_in_a_workbook(text):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"a": ([text], [])}))).worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    assert csv_text([text], []).startswith("\"'")


def test_quotes_are_doubled():
    assert csv_text(["a"], [['si "ja"; takk']]) == '"a"\r\n"si ""ja""; takk"\r\n'


def test_a_text_longer_than_a_cell_is_cut_and_not_dropped():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"a": (["x"], [["y" * 40_000]])}))).worksheets[0]
    assert len(sheet["A2"].value) == 32_767


def test_text_stays_text_when_a_cell_is_edited():
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"a": (["x"], [["1-2"]])}))) as package:
        assert b'quotePrefix="1"' in package.read("xl/styles.xml")


def test_names_of_sheets_are_valid_and_different():
    names = ["Ark: 1/2", "ark  1 2", "x" * 40, "x" * 50, "", "'a'", "History", "[]:*?/\\"]
    content = xlsx_bytes({name: (["a"], []) for name in names})
    titles = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert len({title.lower() for title in titles}) == len(names)
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\'") for title in titles)
    assert "History" not in titles


def test_the_same_content_gives_the_same_bytes():
    sheets = {"a": (["b"], [[1.5], ["c"]])}
    assert xlsx_bytes(sheets) == xlsx_bytes(sheets)
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(sheets))) as package:
        assert set(re.findall(rb">([0-9T:Z-]+)</dcterms", package.read("docProps/core.xml"))) == {
            b"2000-01-01T00:00:00Z"
        }
        assert {info.date_time[0] for info in package.infolist()} == {1980}


def test_a_table_keeps_numbers_texts_and_marks():
    frame = pd.DataFrame({"name": ["=1+1", "Bø"], "rate": [9.04999, None], "low": [8.5, None], "high": [9.5, None]})
    columns = [
        TableColumn("name", "Kommune"),
        TableColumn("rate", "Fravær", "number", "prosent"),
        TableColumn("low", "Intervall", "interval", high_key="high"),
    ]
    headings, rows = table_cells(build_table(opened(frame), columns, id="a", caption="b", source="c").content)
    assert headings == ["Kommune", "Fravær (prosent)", "Intervall, nedre grense", "Intervall, øvre grense"]
    assert rows[0] == ["=1+1", 9.04999, 8.5, 9.5]
    assert rows[1][:2] == ["Bø", ".."]
    assert csv_text(headings, rows).splitlines()[1] == '"\'=1+1";9,04999;8,5;9,5'


def test_the_sample_table_is_written():
    headings, rows = table_cells(sample_table(word="=cmd"))
    assert '"\'=cmd";-2,8' in csv_text(headings, rows)
