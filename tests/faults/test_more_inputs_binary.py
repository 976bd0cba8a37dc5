"""Bad inputs beyond the open catalogue: workbooks (C), parquet files, and JSON-stat."""

import datetime as dt
import io
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from intake_cases import RATES
from more_cases import Case, check

HEADER = RATES.split(";")
GOOD = ("0104", "2007K1", 8.2)


def workbook(id, *rows, put=(), header=HEADER, epoch_1904=False, **expected):
    """Rows of a sheet; ``put`` are (row, column, value, number format), or a function of workbook and sheet."""
    store = io.BytesIO()
    with xlsxwriter.Workbook(store, {"in_memory": True, "date_1904": epoch_1904}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate((header, *rows)):
            sheet.write_row(number, 0, row)
        if callable(put):
            put(book, sheet)
        else:
            for line, column, value, shown in put:
                sheet.write(line, column, value, book.add_format({"num_format": shown}))
    return Case(id, store.getvalue(), name="bok.xlsx", **expected)


def footnote(line, column, text):
    """A text with a raised 1 behind it, as people write footnotes."""
    return lambda book, sheet: sheet.write_rich_string(line, column, text, book.add_format({"font_script": 1}), "1")


def second_sheet(book, _):
    other = book.add_worksheet("2008")
    for number, row in enumerate((HEADER, ("0101", "2008K1", 9))):
        other.write_row(number, 0, row)


def formula(result):
    return lambda _, sheet: sheet.write_formula(2, 2, "=B1/0", None, result)


KEY = ("0101", "2007K1")
CELL = {"line": 3, "column": "sykefravar"}
WORKBOOKS = [
    workbook(
        "C51 figures stored as text",
        (*KEY, "9,1"),
        ("0104", "2007K1", "8,2\u00a0"),
        values=(9.1, 8.2),
        rule="spelling of space or accents; decimal comma",
    ),
    workbook("C52 0,1 % beside ordinary percentages", GOOD, KEY, put=[(2, 2, 0.001, "0.0 %")], code="INN-D07", line=3),
    workbook(
        "C53 9,1 % beside ordinary percentages",
        GOOD,
        KEY,
        put=[(2, 2, 0.091, "0.0%")],
        values=(8.2, 9.1),
        rule="number format shows per cent",
    ),
    workbook(
        "C54 a figure that became a date",
        GOOD,
        KEY,
        put=[(2, 2, dt.datetime(2026, 4, 8), "d-mmm")],
        code="INN-C09",
        **CELL,
    ),
    workbook(
        "C55 the calendar of 1904",
        ("0101", "", 9),
        put=[(1, 1, dt.datetime(2007, 3, 31), "dd.mm.yyyy")],
        epoch_1904=True,
        values=("2007Q1",),
        of="quarter",
    ),
    workbook("C56 a serial day without its format", ("0101", 39172, 9), code="INN-E01", line=2, found="39172"),
    workbook(
        "C57 a year shown of a whole date",
        ("0101", "", 9),
        put=[(1, 1, dt.datetime(2007, 1, 1), "yyyy")],
        code="INN-E01",
        line=2,
        found="2007-01-01",
    ),
    workbook("C58 a year as a number", ("0101", 2007, 9), code="INN-E05", line=2, found="2007"),
    workbook("C59 a quarter as a decimal", ("0101", 2007.1, 9), code="INN-E02", line=2, found="2007.1"),
    workbook(
        "C60 a municipality as a date",
        GOOD,
        ("", "2007K1", 9),
        put=[(2, 0, dt.datetime(2007, 1, 1), "yyyy")],
        code="INN-F02",
        line=3,
        found="2007-01-01",
    ),
    workbook("C61 #N/A", GOOD, KEY, put=formula("#N/A"), code="INN-C04", found="#N/A", **CELL),
    workbook("C62 a logical value", GOOD, (*KEY, True), code="INN-D01", found="TRUE", **CELL),
    workbook(
        "C63 a footnote behind a figure", GOOD, KEY, put=footnote(2, 2, "9,1"), code="INN-D01", found="9,1¹", **CELL
    ),
    workbook(
        "C64 a footnote behind a period",
        GOOD,
        ("0101", "", 9),
        put=footnote(2, 1, "2007K1"),
        code="INN-E01",
        line=3,
        found="2007K1¹",
    ),
    workbook(
        "C65 a footnote behind a name",
        ("Halden", "2007K1", 9),
        header=("kommune", *HEADER[1:]),
        put=footnote(1, 0, "Halden"),
        code="INN-F15",
        line=2,
        found="Halden¹",
    ),
    workbook("C66 a municipality in the first of its rows", (*KEY, 9), ("", "2007K2", 9), code="INN-D05", line=3),
    workbook(
        "C67 a figure merged over rows",
        (*KEY, 9),
        ("0104", "2007K1", ""),
        values=(9.1, 9.1),
        warned="INN-C01",
        put=lambda _, sheet: sheet.merge_range(1, 2, 2, 2, 9.1),
        rule="merged range unfolded",
    ),
    workbook("C68 two sheets of one layout", (*KEY, 9), put=second_sheet, code="INN-B21", found="Data, 2008"),
    workbook("C69 a remark beside the table", (*KEY, 9, "", "sjekk!"), code="INN-B09", line=1),
    workbook(
        "C70 tables below one another", (*KEY, 9), (), HEADER, GOOD, values=(9, 8.2), rule="repeated header left out"
    ),
    workbook(
        "C71 a total column beside the quarters",
        ("0101", 9.1, 8.2, 8.6),
        header=("kommunenr", "2007K1", "2007K2", "Totalt"),
        values=(9.1, 8.2),
        warned="INN-B15",
    ),
    workbook(
        "C72 one quarter twice", ("0101", 9.1, 8.2), header=("kommunenr", "2007K1", "2007K1"), code="INN-B08", line=1
    ),
    workbook("C73 the number of a district", GOOD, (30101, "2007K1", 9), code="INN-F02", line=3, found="30101"),
]


def parquet(id, municipality, quarter, rate, **expected):
    store = io.BytesIO()
    pq.write_table(pa.table(dict(zip(HEADER, (municipality, quarter, rate), strict=True))), store)
    return Case(id, store.getvalue(), name="fil.parquet", **expected)


PARQUET = [
    parquet(
        "P51 whole numbers",
        pa.array([101, 301]),
        ["2007K1"] * 2,
        [9.1, 8.2],
        values=(9.1, 8.2),
        rule="leading zero put back",
    ),
    parquet("P52 a missing number", pa.array([101.0, None]), ["2007K1"] * 2, [9.1, 8.2], code="INN-D05", line=3),
    parquet(
        "P53 not a number", ["0101", "0104"], ["2007K1"] * 2, [9.1, float("nan")], code="INN-D01", **CELL, found="nan"
    ),
    parquet("P54 infinite", ["0101", "0104"], ["2007K1"] * 2, [9.1, float("inf")], code="INN-D01", **CELL, found="inf"),
    parquet(
        "P55 categories",
        pa.array(["0101"]).dictionary_encode(),
        ["2007K1"],
        pa.array([9.1], pa.float32()),
        values=(9.1,),
    ),
    parquet("P56 a day", ["0101"], pa.array([dt.date(2007, 3, 31)]), [9.1], values=("2007Q1",), of="quarter"),
    parquet(
        "P57 midnight in another zone",
        ["0101"],
        pa.array([dt.datetime(2007, 3, 31)], pa.timestamp("us", "Europe/Oslo")),
        [9.1],
        code="INN-E01",
        line=2,
    ),
    parquet("P58 lists", ["0101"], ["2007K1"], [[9.1]], code="INN-C27", column="sykefravar"),
    parquet("P59 logical", ["0101"], ["2007K1"], [True], code="INN-D01", line=2, found="TRUE"),
    parquet("P60 no rows", pa.array([], "string"), pa.array([], "string"), pa.array([], "float64"), code="INN-A06"),
]

NAMES = ["municipality_number", "year", "indicator", "unit", "table"]
CODES = (["0101", "0104"], ["2007"], ["A"], ["prosent"], ["1"])
DATASET = {
    "version": "2.0", "class": "dataset", "id": NAMES, "size": [len(codes) for codes in CODES], "value": [9.1, 8.2],
    "dimension": {name: {"category": {"index": codes}} for name, codes in zip(NAMES, CODES, strict=True)},
}  # fmt: skip


def dataset(id, change, **expected):
    content = json.dumps({**DATASET, **change}).encode()
    expected = {"of": "value", "warned": "INN-B15", **expected}
    return Case(id, content, "kostra_indicators", name="fil.json", **expected)


JSON = [
    dataset("S51 dense values", {}, values=(9.1, 8.2)),
    dataset(
        "S52 sparse values with a sign",
        {"value": {"0": 9.1}, "status": {"1": ":"}},
        values=(9.1, None),
        rule="symbol ':' confidential",
    ),
    dataset(
        "S53 dimensions the other way round", {"id": NAMES[::-1], "size": DATASET["size"][::-1]}, values=(9.1, 8.2)
    ),
    dataset("S54 version 1", {"version": "1.1"}, code="INN-C21"),
    dataset("S55 a collection", {"class": "collection"}, code="INN-C21"),
    dataset("S56 fewer values than cells", {"value": [9.1]}, code="INN-C25"),
    dataset("S57 texts as values", {"value": ["9,1", "8,2"]}, code="INN-C23", found="9,1"),
    dataset("S58 not a number", {"value": [float("nan"), 1]}, code="INN-C20"),
    replace(dataset("S59 cut off", {}, code="INN-C20"), content=json.dumps(DATASET).encode()[:-20]),
    replace(dataset("S60 UTF-16", {}, values=(9.1, 8.2)), content=json.dumps(DATASET).encode("utf-16")),
]


@pytest.mark.parametrize("case", [*WORKBOOKS, *PARQUET, *JSON], ids=lambda case: case.id)
def test_a_case_is_refused_or_told(tmp_path, case):
    check(tmp_path, case)
