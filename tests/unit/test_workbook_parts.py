"""The guard, the number formats and the marks of a workbook, each by itself."""

import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.prepare.files import workbook_guard, workbook_marks
from kvalitet_eval.prepare.files.raw_sheet import cell_address
from kvalitet_eval.prepare.files.separate_process import RefusedError
from kvalitet_eval.prepare.files.workbook_guard import Package
from kvalitet_eval.prepare.files.workbook_marks import find_marks, plain_part
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


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=6), st.integers(0, 800))
def test_the_search_finds_what_the_walk_finds(rows, shift):
    """Address by address the same marks, for narrow and wide sheets; the size never smaller than the cells."""
    xml = "".join(
        f'<row r="{line}">'
        + "".join(cell.format(r=f' r="{cell_address(shift + place, line)}"') for place, cell in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    data = made.sheet(xml).encode()
    walked = workbook_marks._walked(data, STYLES)
    found = find_marks(data, STYLES)
    for name in ("faults", "rows", "columns", "digits", "hidden_rows", "has_truth"):
        assert getattr(found, name) == getattr(walked, name)
    assert found.last_row >= walked.last_row
    assert found.last_column >= walked.last_column


def test_hidden_columns_and_merged_ranges_stay_inside_the_sheet():
    data = made.sheet(
        before='<cols><col min="2" max="16384" hidden="1"/></cols>',
        rows=made.ROW + '<row r="4" hidden="1"><c r="C4"><v>1</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="B1:XFD9"/></mergeCells>',
    ).encode()
    marks = find_marks(data, STYLES)
    assert (marks.hidden_rows, marks.hidden_columns, marks.merged) == ([3], [1, 2], [(0, 1, 3, 2)])


@pytest.mark.parametrize(
    "row", ['<row r="0"/>', '<row r="1048577"/>', '<row r="1"><c r="AAAA1"/>', '<row r="1"><c r=A1>']
)
def test_impossible_places_are_damage(row):
    with pytest.raises(RefusedError) as error:
        find_marks(made.sheet(row, before=row if "<col" in row else "").encode(), STYLES)
    assert error.value.code == "INN-C13"


def test_comments_are_taken_out_and_raw_text_is_refused():
    assert plain_part(b'<?xml version="1.0"?><a><!-- <c/> --><?x y?></a>') == b"<a></a>"
    with pytest.raises(RefusedError):
        plain_part(b"<a><![CDATA[<c/>]]></a>")
