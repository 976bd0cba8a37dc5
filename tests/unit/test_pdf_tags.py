"""Row headers of a PDF: which cells get them, and that the file stays whole."""

import io
import re

import pikepdf
import pytest
from pdf_checks import attribute, elements, named, opened

from kvalitet_eval.report.pdf import compile_pdf
from kvalitet_eval.report.pdf_tags import mark_row_headers

SOURCE = b"""
#set document(title: "x")
= A
#table(columns: 2, table.header([a], [b]), [1], [2], [3], [4])
#table(columns: 3, table.header([c], [d], [e]), [5], [6], [7])
"""


@pytest.fixture(scope="module")
def plain():
    return compile_pdf({"main.typ": SOURCE})


def shape(pdf):
    """For each row of each table, what its cells are."""
    document = opened(pdf)
    rows = named(document, "/TR")
    return [[(str(cell.S), attribute(cell, "/Scope")) for cell in elements(row.K)] for row in rows]


def test_the_first_cell_of_each_row_names_it(plain):
    column, row, value = ("/TH", "/Column"), ("/TH", "/Row"), ("/TD", None)
    assert shape(plain) == [[column] * 2, [value] * 2, [value] * 2, [column] * 3, [value] * 3]
    assert shape(mark_row_headers(plain)) == [
        [column] * 2, [row, value], [row, value], [column] * 3, [row, value, value],
    ]  # fmt: skip


def test_no_cell_keeps_a_list_that_leaves_the_row_out(plain):
    before, after = opened(plain), opened(mark_row_headers(plain))
    assert {attribute(cell, "/Headers") is None for cell in named(before, "/TD")} == {False}
    assert {attribute(cell, "/Headers") is None for cell in named(after, "/TD")} == {True}


def test_the_file_stays_whole(plain):
    marked = mark_row_headers(plain)
    document = opened(marked)
    assert document.check_pdf_syntax() == []
    assert len(document.objects) == len(opened(plain).objects)
    offsets = re.findall(rb"(\d{10}) 00000 n", marked)
    numbers = [int(re.match(rb"(\d+) 0 obj", marked[int(offset) :])[1]) for offset in offsets]
    assert numbers == list(range(1, len(offsets) + 1))


def test_everything_else_is_as_it_was(plain):
    marked = mark_row_headers(plain)
    contents = [[page.Contents.read_bytes() for page in opened(pdf).pages] for pdf in (plain, marked)]
    assert contents[0] == contents[1]


def test_a_file_without_tables_is_not_changed():
    bare = compile_pdf({"main.typ": b'#set document(title: "x")\n= A\nText'})
    assert mark_row_headers(bare) == bare


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7\nstartxref\n5\n%%EOF\n"])
def test_another_kind_of_file_is_refused(broken, plain):
    with pytest.raises(ValueError, match="plain table of objects"):
        mark_row_headers(broken)


def test_objects_packed_in_streams_are_refused(plain):
    stream = io.BytesIO()
    pikepdf.open(io.BytesIO(plain)).save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(ValueError, match="plain table of objects"):
        mark_row_headers(stream.getvalue())
