import hashlib

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.file_kind import read_file
from kvalitet_eval.prepare.files.locate import locate
from kvalitet_eval.prepare.files.raw_sheet import TextRow


def write(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_text_table(path):
    (raw,) = read_file(path)
    return locate(raw)


def rules(table):
    return [(entry.line, entry.rule) for entry in table.ledger]


def test_rows_remember_their_line_through_blank_lines_and_quoted_line_breaks(tmp_path):
    table = read_text_table(write(tmp_path, 'a;b\n\n1;"two\nlines"\n3;4\n'))
    assert table.header == ("a", "b")
    assert table.rows == (TextRow(3, ("1", "two\nlines")), TextRow(5, ("3", "4")))


def test_blank_lines_above_the_header_do_not_hide_it(tmp_path):
    table = read_text_table(write(tmp_path, "\n  \n;;\na;b\n1;2\n"))
    assert (table.header, table.header_line) == (("a", "b"), 4)
    assert table.rows == (TextRow(5, ("1", "2")),)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_make_no_difference(tmp_path, ending):
    table = read_text_table(write(tmp_path, ending.join(["a;b", "1;2", "3;4", ""])))
    assert [row.line for row in table.rows] == [2, 3]
    assert [row.cells for row in table.rows] == [("1", "2"), ("3", "4")]


def test_mixed_line_endings_in_one_file(tmp_path):
    table = read_text_table(write(tmp_path, "a;b\r\n1;2\n3;4\r5;6"))
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "1"), (3, "3"), (4, "5")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_norwegian_letters_in_every_encoding(tmp_path, encoding):
    table = read_text_table(write(tmp_path, "navn;år\nBø;Østre Toten\n".encode(encoding)))
    assert table.header == ("navn", "år")
    assert table.rows[0].cells == ("Bø", "Østre Toten")
    assert ((None, "read as cp1252, not UTF-8") in rules(table)) == (encoding == "cp1252")


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_delimiter_is_told_by_the_header(tmp_path, sign):
    table = read_text_table(write(tmp_path, f"a{sign}b{sign}c\n1{sign}2{sign}3\n"))
    assert table.delimiter == sign
    assert table.rows[0].cells == ("1", "2", "3")
    assert ((None, "delimiter") in rules(table)) == (sign != ";")


def test_hash_is_of_the_bytes_that_were_read(tmp_path):
    content = "a;b\n1;2\n".encode("utf-8-sig")
    assert read_text_table(write(tmp_path, content)).sha256 == hashlib.sha256(content).hexdigest()


def test_empty_rows_and_repeated_headers_are_left_out_and_accounted_for(tmp_path):
    table = read_text_table(write(tmp_path, "a;b\n1;2\n;\na;b\n3;4\n"))
    assert [row.line for row in table.rows] == [2, 5]
    assert rules(table) == [(3, "empty row left out"), (4, "repeated header left out")]
    assert (table.n_read, table.n_excluded) == (4, 2)


@pytest.mark.parametrize("header", ["a;b", "a;b;"])
def test_a_delimiter_at_the_end_of_every_row_is_no_column(tmp_path, header):
    table = read_text_table(write(tmp_path, f"{header}\n1;2;\n3;4;\n"))
    assert table.header == ("a", "b")
    assert [row.cells for row in table.rows] == [("1", "2"), ("3", "4")]
    assert rules(table) == [(1, "empty column without a name left out")]


def test_a_delimiter_at_the_end_of_one_row_only_is_a_fault(tmp_path):
    table = read_text_table(write(tmp_path, "a;b\n1;2;\n3;4\n"))
    assert [(item.code, item.line, item.found) for item in table.findings] == [("INN-B03", 2, "1;2;")]


def test_all_uneven_rows_are_named_with_line_and_text(tmp_path):
    table = read_text_table(write(tmp_path, "a;b;c\n1;2;3\n4;5\n6;7;8;9\n"))
    assert [(item.line, item.found, item.facts["n_cells"]) for item in table.findings] == [
        (3, "4;5", "2"),
        (4, "6;7;8;9", "4"),
    ]
    assert table.uneven_lines == (3, 4)
    assert [row.line for row in table.rows] == [2]


def test_a_name_in_the_header_is_trimmed_but_a_cell_is_left_alone(tmp_path):
    table = read_text_table(write(tmp_path, " a ;b\n 1 ;2\n"))
    assert table.header == ("a", "b")
    assert table.rows[0].cells == (" 1 ", "2")


def test_both_doubled_columns_are_told_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        read_text_table(write(tmp_path, "a;b;a;b\n1;2;3;4\n"))
    assert [(item.column, item.facts["first_position"], item.facts["position"]) for item in caught.value.findings] == [
        ("a", "1", "3"),
        ("b", "2", "4"),
    ]
