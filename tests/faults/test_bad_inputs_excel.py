"""Bad input in workbooks (cases C01 to C14 and A09 of the catalogue): what is told, and that nothing is lost."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import hostile_workbooks as hostile
import openpyxl
import pytest
import xlsxwriter

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare import intake
from kvalitet_eval.prepare.files import separate_process
from kvalitet_eval.prepare.files.file_kind import read_file
from kvalitet_eval.prepare.files.workbook import read_workbook
from kvalitet_eval.present.messages import describe, why_and_mend

MOST_SECONDS, MOST_MEGABYTES = 2.0, 300
SLOWER = 4  # a machine that runs other tests beside this one
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@pytest.fixture
def book(tmp_path):
    """Write a workbook with the given function and read it."""

    def write(fill):
        path = tmp_path / "bok.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            fill(workbook, workbook.add_worksheet("Data"))
        return read_workbook(path)

    return write


@pytest.fixture
def raw_book(tmp_path):
    """Write a workbook from the XML of its sheet and read it."""

    def write(worksheet, **more):
        path = tmp_path / "bok.xlsx"
        path.write_bytes(hostile.pack(hostile.parts(worksheet, **more)))
        return read_workbook(path)

    return write


def cells(sheet):
    return {row.line: row.cells for row in sheet.rows}


def only(sheet, code):
    (item,) = [item for item in sheet.findings if item.code == code]
    return item


def test_c01_a_year_merged_over_quarters_stands_above_each(book):
    def fill(_, sheet):
        sheet.merge_range("B1:C1", 2007)
        sheet.merge_range("D1:E1", 2008)
        sheet.write_row("A2", ["kommunenr", "K1", "K2", "K1", "K2"])
        sheet.write_row("A3", ["0101", 9.1, 8.2, 7, 6.5])

    (sheet,) = book(fill)
    assert cells(sheet) == {
        1: ("", "2007", "2007", "2008", "2008"),
        2: ("kommunenr", "K1", "K2", "K1", "K2"),
        3: ("0101", "9.1", "8.2", "7", "6.5"),
    }
    assert sheet.notes["merged"] == "B1:C1, D1:E1"
    assert [entry[:] for entry in sheet.ledger] == [
        (1, "C", "", "2007", "merged range unfolded"),
        (1, "E", "", "2008", "merged range unfolded"),
    ]
    assert sheet.findings == ()


def test_c01_a_value_merged_over_rows_is_told(book):
    (sheet,) = book(lambda _, sheet: (sheet.merge_range("A1:A3", "Halden"), sheet.write_column("B1", [1, 2, 3])))
    assert cells(sheet) == {1: ("Halden", "1"), 2: ("Halden", "2"), 3: ("Halden", "3")}
    warning = only(sheet, "INN-C01")
    assert (warning.severity, warning.found) == ("warning", "A1:A3")
    assert "slått sammen over flere rader (A1:A3)" in why_and_mend(warning)[0]


def test_c02_zeros_that_the_number_format_shows_are_given_back(book):
    def fill(workbook, sheet):
        zeros = workbook.add_format({"num_format": "0000"})
        sheet.write_row("A1", [301, 301.5, 12345], zeros)
        sheet.write_number("D1", 301)
        sheet.write_string("E1", "301", zeros)

    (sheet,) = book(fill)
    assert cells(sheet) == {1: ("0301", "301.5", "12345", "301", "301")}
    assert [entry[:] for entry in sheet.ledger] == [(1, "A", "301", "0301", "number format shows leading zeros")]


def test_a_share_shown_as_per_cent_is_per_cent(book):
    def fill(workbook, sheet):
        for column, code in enumerate(("0.0%", "0%", "0.00 %", '0.0"%"')):
            sheet.write_number(0, column, 0.091, workbook.add_format({"num_format": code}))

    (sheet,) = book(fill)
    assert cells(sheet) == {1: ("9.1 %", "9.1 %", "9.1 %", "0.0910")}
    assert sheet.ledger[0][:] == (1, "A", "0.091", "9.1 %", "number format shows per cent")


def test_c03_a_formula_that_was_never_calculated_is_refused_with_its_address(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["kommunenr", "prosent", "sum"])
    workbook.active.append(["0101", 9.1, "=B2+1"])
    workbook.save(tmp_path / "bok.xlsx")
    item = only(read_workbook(tmp_path / "bok.xlsx")[0], "INN-C03")
    assert (item.line, item.found, item.facts["cell"], item.facts["position"]) == (2, "=B2+1", "C2", "2")
    why, mend = why_and_mend(item)
    assert why == "Celle C2 har en formel uten lagret verdi (=B2+1), så tallet finnes ikke i fila."
    assert "Åpne fila i Excel" in mend


def test_a_formula_with_its_value_is_a_value(book):
    def fill(_, sheet):
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("B1", '="a"', None, "a")
        sheet.write_formula("C1", "=B2", None, "")

    (sheet,) = book(fill)
    assert cells(sheet)[1][:2] == ("2", "a")
    assert [item.facts["cell"] for item in sheet.findings] == ["C1"]


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!"])
def test_c04_error_values_are_refused_with_their_address(book, error):
    (sheet,) = book(lambda _, sheet: sheet.write_formula("B3", "=1/0", None, error))
    item = only(sheet, "INN-C04")
    assert (item.severity, item.line, item.found, item.facts["cell"]) == ("error", 3, error, "B3")
    assert f"Celle B3 viser feilverdien {error}" in why_and_mend(item)[0]


def test_c04_an_error_pasted_as_text_is_an_error_too(book):
    (sheet,) = book(lambda _, sheet: sheet.write_column("A1", ["x", "#VERDI!", "#I/T", "#ny"]))
    assert [(item.code, item.facts["cell"]) for item in sheet.findings] == [("INN-C04", "A2"), ("INN-C04", "A3")]


def test_c06_hidden_rows_columns_filters_and_sheets_are_read_and_told(book):
    def fill(workbook, sheet):
        sheet.write_row("A1", ["n", "x", "y"])
        for row in range(1, 14):
            sheet.write_row(row, 0, [row, row, row])
            sheet.set_row(row, None, None, {"hidden": row > 1})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.autofilter("A1:C14")
        sheet.filter_column("A", "x < 2")
        other = workbook.add_worksheet("Gammel")
        other.write("A1", "x")
        other.hide()

    first, second = book(fill)
    assert len(first.rows) == 14
    rows, columns = only(first, "INN-C06"), only(first, "INN-C07")
    assert (rows.severity, rows.facts["n"], rows.found) == ("warning", "12", "3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …")
    assert why_and_mend(rows)[0].startswith("Skjulte rader er tatt med (antall: 12; rad 3, 4, 5")
    assert columns.found == "B"
    assert only(first, "INN-C08").severity == "warning"
    assert (second.sheet, second.notes["hidden"], only(second, "INN-C10").found) == ("Gammel", "sheet", "Gammel")


def test_c07_dates_come_as_iso_text_beside_text(book):
    def fill(workbook, sheet):
        date = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime("A1", dt.datetime(2007, 9, 30), date)
        sheet.write_string("A2", "2007K3")
        sheet.write_datetime("A3", dt.datetime(2007, 9, 30, 12, 30), workbook.add_format({"num_format": "d.m.yy h:mm"}))

    assert cells(book(fill)[0]) == {1: ("2007-09-30",), 2: ("2007K3",), 3: ("2007-09-30 12:30:00",)}


def test_c11_a_password_is_told_from_the_old_format(tmp_path):
    said = {}
    for name, stream in (("passord", "EncryptedPackage"), ("gammel", "Workbook"), ("brev", "WordDocument")):
        path = tmp_path / f"{name}.xls"
        path.write_bytes(OLE + stream.encode("utf-16-le"))
        with pytest.raises(DataError) as error:
            read_workbook(path)
        said[error.value.findings[0].code] = describe(error.value.findings)
    assert list(said) == ["INN-C11", "INN-C17", "INN-C18"]
    assert "passordbeskyttet" in said["INN-C11"]
    assert "lagre den som xlsx" in said["INN-C17"]


@pytest.mark.parametrize("other", ["content", "word__document"])
def test_other_office_files_are_told(tmp_path, other):
    path = tmp_path / "fil.xlsx"
    path.write_bytes(hostile.pack({f"{other.replace('__', '/')}.xml": "<x/>"}))
    with pytest.raises(DataError) as error:
        read_workbook(path)
    assert (error.value.findings[0].code, error.value.findings[0].found) == (
        "INN-C18",
        {"content": "ods", "word__document": "docx"}[other],
    )


def test_a09_the_kind_is_told_by_the_content_and_a_wrong_name_is_a_warning(tmp_path):
    path = tmp_path / "tabell.csv"
    path.write_bytes(hostile.pack(hostile.parts(hostile.sheet())))
    (sheet,) = read_file(path)
    assert cells(sheet) == {1: ("x",), 2: ("1",)}
    assert only(sheet, "INN-A09").severity == "warning"


MEASURE = """
import sys, threading, time
sys.path.insert(0, sys.argv[1])
import psutil
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.workbook import read_workbook
process, peak = psutil.Process(), [0]
def watch():
    while True:
        time.sleep(0.005)
        total = 0
        for each in [process, *process.children(recursive=True)]:
            try:
                total += each.memory_info().rss
            except psutil.Error:
                pass
        peak[0] = max(peak[0], total)
threading.Thread(target=watch, daemon=True).start()
for path in sys.argv[2:]:
    peak[0], start = 0, time.perf_counter()
    try:
        read_workbook(path)
        code = "read"
    except DataError as error:
        code = ",".join(item.code for item in error.findings)
    print(code, time.perf_counter() - start, peak[0] / 2**20)
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Code, seconds and megabytes (of both processes) for every hostile workbook, each read once."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [folder / f"{make.__name__}.xlsx" for make, _ in hostile.HOSTILE]
    for path, (make, _) in zip(paths, hostile.HOSTILE, strict=True):
        path.write_bytes(make())
    command = [sys.executable, "-c", MEASURE, str(Path(__file__).resolve().parents[2]), *map(str, paths)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.splitlines()
    return {path.stem: line.split() for path, line in zip(paths, lines, strict=True)}


@pytest.mark.parametrize(("make", "code"), hostile.HOSTILE, ids=lambda value: getattr(value, "__name__", value))
def test_c12_c14_a_hostile_workbook_is_refused_soon_and_in_little_memory(measured, make, code):
    said, seconds, megabytes = measured[make.__name__]
    assert said == code
    assert float(seconds) < MOST_SECONDS * SLOWER
    assert float(megabytes) < MOST_MEGABYTES


@pytest.mark.parametrize(("make", "word"), [(hostile.external_entity, "DOCTYPE"), (hostile.zip_bomb, "for stor")])
def test_a_hostile_workbook_is_told_in_words_without_its_content(tmp_path, make, word):
    path = tmp_path / "bok.xlsx"
    path.write_bytes(make())
    with pytest.raises(DataError) as error:
        read_workbook(path)
    text = describe(error.value.findings)
    assert word in text
    assert "Feil INN-C1" in text
    assert "hostname" not in text


def test_the_reader_survives_a_process_that_dies(tmp_path, monkeypatch):
    path = tmp_path / "bok.xlsx"
    path.write_bytes(hostile.pack(hostile.parts(hostile.sheet())))
    monkeypatch.setattr(separate_process, "_START", "import os; os.abort()")
    with pytest.raises(DataError) as error:
        read_workbook(path)
    assert [item.code for item in error.value.findings] == ["INN-C19"]
    monkeypatch.setattr(separate_process, "_START", "import time; time.sleep(60)")
    monkeypatch.setattr(separate_process, "MOST_SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(DataError) as error:
        read_workbook(path)
    assert (error.value.findings[0].code, error.value.findings[0].found) == ("INN-C19", "1 s")
    assert time.monotonic() - start < 30


def test_memory_is_limited_in_the_process(tmp_path, monkeypatch):
    path = tmp_path / "bok.xlsx"
    path.write_bytes(hostile.pack(hostile.parts(hostile.sheet())))
    greedy = "\nimport kvalitet_eval.prepare.files.workbook_process as p; p.Package = lambda _: bytes(2**33)\nserve("
    greedy = separate_process._START.replace("\nserve(", greedy)
    monkeypatch.setattr(separate_process, "_START", greedy)
    with pytest.raises(DataError) as error:
        read_workbook(path)
    assert (error.value.findings[0].code, error.value.findings[0].found) == ("INN-C19", "MemoryError")


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(DataError) as error:
        read_workbook(tmp_path / "ikke.xlsx")
    assert (error.value.findings[0].code, error.value.findings[0].found) == ("INN-A14", os.strerror(2))


def test_sheets_written_in_unusual_ways_are_read_alike(raw_book):
    ordinary = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="3"><c r="B3"><v>301</v></c></row>'
    without_address = (
        "<row><c t='inlineStr'><is><t>x</t></is></c></row><row/><row><c/><c><v>301</v></c></row><!-- <c r='Z9'/> -->"
    )
    expected = {1: ("x", ""), 3: ("", "301")}
    assert cells(raw_book(hostile.sheet(ordinary))[0]) == expected
    assert cells(raw_book(hostile.sheet(without_address))[0]) == expected


def test_marks_are_found_in_sheets_written_in_unusual_ways(raw_book):
    styles = (
        f'<styleSheet xmlns="{hostile.MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0000"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    rows = (
        "<row hidden='true'><c s='1'><v>301</v></c><c t='e'><v>#REF!</v></c></row>"
        "<row><c><f>A1</f></c></row>"
    )  # fmt: skip
    (sheet,) = raw_book(hostile.sheet(rows), xl__styles=styles)
    assert cells(sheet) == {1: ("0301", "#REF!"), 2: ("=A1", "")}
    assert [(item.code, item.facts.get("cell")) for item in sheet.findings] == [
        ("INN-C04", "B1"),
        ("INN-C03", "A2"),
        ("INN-C06", None),
    ]


def test_a_sheet_that_starts_far_down_keeps_its_addresses(book):
    (sheet,) = book(lambda _, sheet: (sheet.write("C7", "x"), sheet.write("D9", 8.125)))
    assert cells(sheet) == {7: ("", "", "x", ""), 9: ("", "", "", "8.1250")}


def test_an_empty_sheet_has_no_rows(book):
    first, second = book(lambda workbook, _: workbook.add_worksheet("To").write("A1", True))
    assert (first.rows, cells(second)) == ((), {1: ("TRUE",)})


def test_c09_a_date_where_a_number_belongs_is_refused_with_what_it_probably_was(tmp_path):
    rows = [
        ["municipality_number", "quarter", "employees", "agreed_days", "lost_days_self", "lost_days_doctor"],
        ["0542", "2006Q1", 612, 26930, 410, 2415],
        ["0542", "2006Q2", 612, 26930, dt.date(2026, 2, 1), 2415],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "panel.xlsx"
    book.save(path)
    refused = intake.inspect(path, "sick_leave_days").errors
    assert [(item.code, item.line, item.column) for item in refused] == [("INN-C09", 3, "lost_days_self")]
    why, mend = why_and_mend(refused[0])
    assert "gjort om «1-2» til en dato" in why
    assert "Tekst" in mend
