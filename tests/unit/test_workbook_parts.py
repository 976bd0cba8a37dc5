"""The guard, the number formats and the marks of a workbook, each by itself."""

import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.prepare.files import workbook_guard, workbook_process
from kvalitet_eval.prepare.files.raw_sheet import cell_address
from kvalitet_eval.prepare.files.separate_process import RefusedError
from kvalitet_eval.prepare.files.workbook_cells import Cells
from kvalitet_eval.prepare.files.workbook_contents import Contents
from kvalitet_eval.prepare.files.workbook_guard import Package
from kvalitet_eval.prepare.files.workbook_marks import (
    Marks,
    UnusualError,
    add_hidden_rows,
    add_surroundings,
    plain_part,
    walked,
)
from kvalitet_eval.prepare.files.workbook_styles import Styles, read_styles

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import hostile_workbooks as made

STYLES = Styles({b"3": 4}, frozenset({b"7"}))
CELLS = st.sampled_from(
    [
        '<c{r} s="1"><v>5</v></c>',
        "<c{r}/>",
        "<c{r}></c>",
        '<c{r} t="s"><v>0</v></c>',
        '<c{r} t="inlineStr"><is><t>a</t></is></c>',
        '<c{r} s="3"><v>301</v></c>',
        '<c{r} s="7"><v>0.5</v></c>',
        '<c{r} s="33" t="n"><v>301</v></c>',
        '<c{r} t="e"><v>#REF!</v></c>',
        '<c{r} t="e"><f>A1</f><v>#N/A</v></c>',
        '<c{r} t="b"><v>1</v></c>',
        "<c{r}><f>A1&lt;2</f><v></v></c>",
        '<c{r}><f t="shared" si="0"/><v/></c>',
        '<c{r} s="3"><f>A1</f><v>12</v></c>',
        '<c{r} t="str"><f>A1</f><v></v></c>',
    ]
)


def refusal(data):
    with pytest.raises(RefusedError) as error:
        Package(data)
    return error.value.code, error.value.facts.get("found")


def test_the_parts_of_a_workbook_and_what_is_packed_anew():
    package = Package(made.pack(made.parts(made.sheet()) | {"xl/media/a.png": b"x"}))
    (sheet,) = package.sheets
    assert (sheet.name, sheet.part, sheet.is_hidden) == ("Ark1", "xl/worksheets/sheet1.xml", False)
    assert (package.related("styles"), package.related("theme")) == ("xl/styles.xml", None)
    repacked = zipfile.ZipFile(package.repacked({sheet.part: b"<x/>"}))
    assert repacked.namelist() == [
        "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml",
    ]  # fmt: skip
    assert {info.compress_type for info in repacked.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize(("limit", "code"), [(4, "INN-C12"), (5, None)])
def test_cells_and_shared_strings_are_counted(monkeypatch, limit, code):
    monkeypatch.setattr(workbook_guard, "MOST_CELLS", limit)
    data = made.pack(made.parts(made.sheet('<row r="1">' + '<c r="A1"/>' * 5 + "</row>")))
    assert (refusal(data)[0] if code else Package(data) and None) == code


def test_a_part_that_is_missing_damaged_or_there_twice():
    content = made.parts(made.sheet())
    del content["xl/_rels/workbook.xml.rels"]
    assert refusal(made.pack(content)) == ("INN-C13", "xl/_rels/workbook.xml.rels")
    data = bytearray(made.pack(made.parts(made.sheet())))
    at = data.index(b"xl/worksheets/sheet1.xml") + len(b"xl/worksheets/sheet1.xml")
    data[at + 3 : at + 20] = bytes(17)
    assert refusal(bytes(data))[0] == "INN-C13"
    data = made.pack(made.parts(made.sheet()) | {"/xl/workbook.xml": "<x/>"})
    assert refusal(data) == ("INN-C13", "xl/workbook.xml")


def test_a_relation_that_leads_nowhere_and_a_member_with_a_password():
    data = made.pack(made.parts(made.sheet()) | {"xl/workbook.xml": '<w xmlns:r="r"><sheet name="S" r:id="x"/></w>'})
    assert refusal(data) == ("INN-C13", "S")
    locked = bytearray(made.pack(made.parts(made.sheet())))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked))[0] == "INN-C11"


@pytest.mark.parametrize(
    ("code", "digits", "is_percent"),
    [
        ("0000", 4, False),
        ("0000;-0000", 4, False),
        ('"nr. "0000', 4, False),
        ("[Red]0000_)", 4, False),
        ("0", 0, False),
        ("0.00", 0, False),
        ("0.0%", 0, True),
        ('0"%"', 0, False),
        ("yyyy", 0, False),
        ("#,##0", 0, False),
    ],
)
def test_what_a_number_format_says(code, digits, is_percent):
    escaped = code.replace('"', "&quot;")
    part = (
        f'<styleSheet xmlns="{made.MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{escaped}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
        "</styleSheet>"
    )
    styles = read_styles(part.encode())
    assert styles.zeros == ({b"1": digits} if digits else {})
    assert styles.percent == (frozenset({b"1"}) if is_percent else frozenset())


def test_built_in_percent_no_styles_and_damaged_styles():
    assert read_styles(b'<s><cellXfs><xf numFmtId="10"/></cellXfs></s>').percent == {b"0"}
    assert read_styles(None) == Styles({}, frozenset())
    with pytest.raises(RefusedError):
        read_styles(b'<s><cellXfs><xf numFmtId="x"/></cellXfs></s>')


def cut(data):
    """Marks of a sheet written as usual, and the numbers of its cells."""
    marks, cells = Marks(), Cells(data, Contents(STYLES))
    cells.mark(marks, cells.numbers())
    add_hidden_rows(data, marks)
    return marks


def xml_of(rows, shift):
    return "".join(
        f'<row r="{line}"{" hidden=" + chr(34) + "1" + chr(34) if line == 4 else ""}>'
        + "".join(cell.format(r=f' r="{cell_address(shift + place, line)}"') for place, cell in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=14), st.integers(0, 800))
def test_cells_cut_at_their_addresses_tell_what_the_walk_tells(rows, shift):
    """Address by address the same marks and the same size, for narrow and wide sheets."""
    data = made.sheet(xml_of(rows, shift)).encode()
    found, expected = cut(data), walked(data, STYLES)
    for name in ("faults", "rows", "columns", "digits", "hidden_rows", "last_row", "last_column"):
        assert getattr(found, name) == getattr(expected, name), name


def answer(data):
    """What the process says of a workbook: heads, and the text of every cell and change."""
    head, numbers = workbook_process.read(data)
    texts = head["texts"]
    found = []
    for sheet, (lines, cells, changes) in zip(head["sheets"], zip(*[iter(numbers)] * 3, strict=True), strict=True):
        shown = [
            (*changes[at : at + 2], *(texts[n] for n in changes[at + 2 : at + 4])) for at in range(0, len(changes), 5)
        ]
        found.append((sheet, list(lines), [texts[number] for number in cells], shown))
    return found


STYLE_PART = (
    f'<styleSheet xmlns="{made.MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0000"/></numFmts><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 2, 14, 164, 0, 0, 0, 9))
    + "</cellXfs></styleSheet>"
)
STRINGS = (
    f'<sst xmlns="{made.MAIN}"><si><t>Bø</t></si><si><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></si></sst>'
)
MORE = st.sampled_from(
    [
        "<c{r}><v>8.125</v></c>",
        '<c{r} s="1"><v>1E-05</v></c>',
        '<c{r} s="2"><v>39355</v></c>',
        '<c{r} s="2"><v>39355.5</v></c>',
        '<c{r} t="s"><v>1</v></c>',
        '<c{r} s="12" t="s"><v>0</v></c>',
        '<c{r} t="inlineStr"><is><t xml:space="preserve"> 2" &lt;3&gt; </t></is></c>',
        '<c{r} t="inlineStr"><is><t></t></is></c>',
        '<c{r} t="inlineStr"><is><r><rPr><color rgb="F"/></rPr><t>a</t></r><r><t>b</t></r></is></c>',
        '<c{r} t="str"><f>A1</f><v>tekst</v></c>',
        '<c{r} t="d"><v>2007-09-30</v></c>',
        "<c{r}><v>%d</v></c>",
        "<c{r}><v>0.%d</v></c>",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS | MORE, max_size=4), min_size=1, max_size=20), st.integers(0, 40), st.booleans())
@pytest.mark.usefixtures("unlimited")
def test_a_workbook_cut_at_its_addresses_reads_as_the_parser_reads_it(rows, shift, repeat):
    """Every cell, line, change and fault is the same with and without the short way."""
    rows = [rows[0]] * 30 + rows if repeat else rows
    rows = [[cell.replace("%d", str(101 + 7 * line)) for cell in row] for line, row in enumerate(rows)]
    content = made.parts(made.sheet(xml_of(rows, shift)), xl__styles=STYLE_PART, xl__sharedStrings=STRINGS)
    data = made.pack(content)
    found = answer(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook_process, "Cells", unusual)
        assert answer(data) == found


def unusual(*_):
    raise UnusualError


@pytest.fixture(scope="module")
def unlimited():
    """Let the reading of workbooks happen in this process, whose memory must not be limited."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook_process, "limit_memory", lambda _: None)
        yield


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="01"><c r="A01"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><x/><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><x/>',
        "",
    ],
)
def test_a_sheet_written_in_another_way_is_left_to_the_walk(rows):
    with pytest.raises(UnusualError):
        cut(made.sheet(rows).encode())


def test_numbers_that_stand_before_quotation_marks_elsewhere_cut_nothing():
    """Row 7 with spans to column 7, row 12 with style 12, and a text that ends in its row number and a mark."""
    rows = "".join(
        f'<row r="{n}" spans="1:7"><c r="A{n}" s="12"><v>{n}</v></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>rom {n}" </t></is></c></row>'
        for n in range(1, 30)
    )
    contents = Contents(STYLES)
    cells = Cells(made.sheet(rows).encode(), contents)
    assert (cells.last_row, cells.last_column) == (28, 1)
    written = contents.written().decode().removesuffix("</row></sheetData></worksheet>").split("<row>")[2]
    numbers = {f' s="12"><v>{n}</v></c>' for n in range(1, 30)}
    rooms = {f' t="inlineStr"><is><t>rom {n}" </t></is></c>' for n in range(1, 30)}
    assert set(written.split("<c")) == {"", *numbers, *rooms}


def test_two_sheets_of_one_name_are_damage():
    names = '<sheet name="Ark1" sheetId="1" r:id="rId1"/>'
    content = made.parts(made.sheet())
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(names, names * 2)
    assert refusal(made.pack(content)) == ("INN-C13", "Ark1")


def test_hidden_columns_and_merged_ranges_stay_inside_the_sheet():
    data = made.sheet(
        before='<cols><col min="2" max="16384" hidden="1"/></cols>',
        rows=made.ROW + '<row r="4" hidden="1"><c r="C4"><v>1</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="B1:XFD9"/></mergeCells>',
    ).encode()
    marks = cut(data)
    add_surroundings(data, marks)
    assert (marks.hidden_rows, marks.hidden_columns, marks.merged) == ([3], [1, 2], [(0, 1, 3, 2)])


@pytest.mark.parametrize(
    "row", ['<row r="0"/>', '<row r="1048577"/>', '<row r="1"><c r="AAAA1"/>', '<row r="1"><c r=A1>']
)
def test_impossible_places_are_damage(row):
    data = made.sheet(row).encode()
    with pytest.raises(UnusualError):
        cut(data)
    with pytest.raises(RefusedError) as error:
        walked(data, STYLES)
    assert error.value.code == "INN-C13"


def test_comments_are_taken_out_and_raw_text_is_refused():
    assert plain_part(b'<?xml version="1.0"?><a><!-- <c/> --><?x y?></a>') == b"<a></a>"
    with pytest.raises(RefusedError):
        plain_part(b"<a><![CDATA[<c/>]]></a>")
