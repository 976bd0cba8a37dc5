"""Bad inputs beyond the open catalogue: files and encodings (A), and the structure of text (B)."""

import gzip
import io
import json
import zipfile

import pytest
from intake_cases import RATES, look
from more_cases import BASE, DAYS, GOOD, NAMED, Case, check, file, lines, rates

LONG = "9" * 140_000


def zipped(*members):
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return store.getvalue()


FILES = [
    file("A51 gzip", gzip.compress(BASE.encode()), code="INN-A19"),
    file("A52 zip named csv", zipped("fil.csv"), code="INN-C18", found="zip"),
    file("A53 ods", zipped("mimetype", "content.xml"), code="INN-C18", name="fil.ods"),
    file("A54 xlsb", zipped("[Content_Types].xml", "xl/workbook.bin"), code="INN-C18", found="xlsb", name="f.xlsb"),
    file("A55 docx named xlsx", zipped("[Content_Types].xml", "word/document.xml"), code="INN-C18", name="f.xlsx"),
    file("A56 table of HTML named xls", b"\n<table><tr><td>kommunenr</td></tr></table>", code="INN-A08", name="f.xls"),
    file("A57 HTML after a comment", b"<!-- x --><html>", code="INN-A08", line=1),
    file("A58 HTML in UTF-16", "<html><table>".encode("utf-16"), code="INN-A08", found="<html><table>"),
    file(
        "A59 spreadsheet XML of 2003", b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>", code="INN-A19"
    ),
    file("A60 PC-Axis", 'CHARSET="ANSI";\nAXIS-VERSION="2010";\nDATA=\n9,1 8,2;\n', code="INN-A19", name="f.px"),
    file("A61 rar", b"Rar!\x1a\x07\x00", code="INN-A19"),
    file("A62 xz", b"\xfd7zXZ\x00\x00", code="INN-A19"),
    file("A63 NUL in a cell", BASE.replace("8,2", "8,2\0"), code="INN-A10", line=3),
    file("A64 mark of the end from DOS", BASE + "\x1a", values=(9.1, 8.2), rule="end-of-file mark taken away"),
    file(
        "A65 files with byte order marks put after one another",
        "\ufeff" + BASE + "\ufeff" + BASE.replace("K1", "K2"),
        values=(9.1, 8.2, 9.1, 8.2),
        rule="byte order mark inside the file taken away",
        counts=(5, 4, 1, 0),
    ),
    file("A66 two byte order marks", "\ufeff\ufeff" + BASE, values=(9.1, 8.2)),
    file("A67 the line sep=;", "sep=;\n" + BASE, values=(9.1, 8.2), rule="line above the header kept as a note"),
    file(
        "A68 lines in two encodings",
        lines(NAMED, "Østre Toten;2007K1;9").encode() + "Bø;2007K1;7\n".encode("cp1252"),
        code="INN-A16",
        line=3,
    ),
    file("A69 letters of seven-bit Norwegian", lines(NAMED, "Troms|;2007K1;9"), code="INN-F06", line=2, found="Troms|"),
    file("A70 a cell without end", BASE + f"0105;2007K1;{LONG}\n", code="INN-B07", line=4),
    file("A71 JSON without a dataset", b'[{"kommunenr": "0101"}]', code="INN-C21", name="f.json"),
    file("A72 name of odd signs", BASE, values=(9.1, 8.2), name="fil ;\n«æøå» $(x).csv"),
    file("A73 UTF-16 without a mark", BASE.encode("utf-16-le"), values=(9.1, 8.2), rule="read as UTF-16-LE"),
]
STRUCTURE = [
    rates("B51 a cell over two lines", '0101;2007K1;"9,1\n"', GOOD, values=(9.1, 8.2)),
    Case("B52 a header over two lines", 'kommunenr;kvartal;"sykefravær\n(prosent)"\n0101;2007K1;9,1\n', values=(9.1,)),
    Case(
        "B53 a quotation mark that swallows rows",
        lines(
            "kommunenr;kommune;kvartal;sykefravar", '0101;"Halden;2007K1;9,1', '0104;Moss";2007K1;8', "0105;x;2007K1;7"
        ),
        code="INN-B06",
        line=2,
        found='0101;"Halden;2007K1;9,1',
    ),
    Case(
        "B54 a note of two lines is no row",
        f'{RATES};merknad\n0101;2007K1;9,1;"a\nb;c"\n{GOOD};x\n',
        values=(9.1, 8.2),
        warned="INN-B15",
    ),
    Case(
        "B55 whole lines in quotation marks",
        '"kommunenr;kvartal;sykefravar"\n"0101;2007K1;""9,1"""\n',
        values=(9.1,),
        rule="quotation marks around whole lines",
    ),
    rates("B76 two lone quotation marks", GOOD, '"', "0101;2007K1;9,1", '"', code="INN-B06", line=3, found='"'),
    file("B56 columns divided by spaces", "kommunenr kvartal sykefravar\n0101 2007K1 9,1\n", code="INN-B01", line=1),
    file("B57 columns of fixed width", "kommunenr   kvartal   sykefravar\n0101        2007K1    9,1\n", code="INN-B01"),
    file("B58 columns divided by ~", "kommunenr~kvartal~sykefravar\n0101~2007K1~9,1\n", code="INN-B01", line=1),
    Case(
        "B59 absence in person-days is no percentage",
        lines("kommunenr;kvartal;sykefravær (dagsverk)", "0101;2007K1;9"),
        code="INN-B18",
        line=1,
        column="rate_total_pct",
        found="sykefravær (dagsverk)",
    ),
    Case(
        "B60 absence as a count is no percentage",
        lines("kommunenr;kvartal;sykefravær (antall)", "0101;2007K1;8"),
        code="INN-B18",
        line=1,
        found="sykefravær (antall)",
    ),
    Case(
        "B61 person-days in per cent are no person-days",
        lines(DAYS.replace("legemeldt", "legemeldt (%)"), "0101;2007K1;10;600;20;40"),
        "sick_leave_days",
        code="INN-B18",
        column="lost_days_doctor",
    ),
    rates("B62 a unit below the header", "nr;kvartal;pst", GOOD, code="INN-F02", line=2, found="nr"),
    rates("B63 a sum without a name in the middle", "0101;2007K1;9,1", ";2007K1;8,6", GOOD, code="INN-D05", line=3),
    rates("B64 empty rows between blocks", "0101;2007K1;9,1", "", ";;", GOOD, values=(9.1, 8.2), counts=(3, 2, 1, 0)),
    rates("B65 years as headings", "2007;;", "0101;2007K1;9,1", code="INN-D05", line=2, column="kvartal"),
    rates("B66 counties as headings", "Østfold;;", "0101;2007K1;9,1", code="INN-F02", line=2, found="Østfold"),
    rates(
        "B67 footnotes with plain numbers",
        "0101;2007K1;9,1",
        "1 Foreløpige tall",
        "2 Rettet i 2008",
        values=(9.1,),
        rule="footnote or source left out, kept as a note",
        counts=(3, 1, 2, 0),
    ),
    rates("B68 a greeting", "0101;2007K1;9,1", "Med vennlig hilsen", "Kari", code="INN-B03", line=3),
    Case("B69 a header with one column more", BASE + lines(RATES + ";egenmeldt", "0101;2007K2;9;1"), code="INN-B03"),
    file("B70 column of row numbers", ";" + lines(RATES, "1;0101;2007K1;9,1"), code="INN-B09", line=1),
    rates("B71 row numbers without a header", "1;0101;2007K1;9,1", code="INN-B03", line=2, found="1;0101;2007K1;9,1"),
    file("B72 two tables beside one another", lines(f"{RATES};;{RATES}", f"{GOOD};;{GOOD}"), code="INN-B08", line=1),
    file("B73 one column per year", lines("kommunenr;2007;2008", "0101;9;8"), code="INN-B16", line=1),
    file("B74 presence is not absence", lines("kommunenr;kvartal;nærvær", "0101;2007K1;92"), code="INN-B10", line=1),
    rates("B75 rows with another delimiter", GOOD, "0101,2007K1,9.1", code="INN-B03", line=3, found="0101,2007K1,9.1"),
]
CASES = [*FILES, *STRUCTURE]


def test_every_case_has_its_own_number():
    numbers = [case.id.split()[0] for case in CASES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_refused_or_told(tmp_path, case):
    check(tmp_path, case)


def test_a_joined_file_names_the_line_of_each_mark(tmp_path):
    result = look(tmp_path, BASE + "\ufeff" + BASE.replace("K1", "K2"))
    marks = result.ledger[result.ledger["rule"] == "byte order mark inside the file taken away"]
    assert marks["line"].tolist() == [4]


def test_json_in_another_encoding_of_unicode_is_json(tmp_path):
    dataset = {"version": "2.0", "class": "dataset", "id": ["a"], "size": [1], "value": [1],
               "dimension": {"a": {"category": {"index": ["0101"]}}}}  # fmt: skip
    said = [
        [item.code for item in look(tmp_path, json.dumps(dataset).encode(encoding), name="f.json").errors]
        for encoding in ("utf-8", "utf-16")
    ]
    assert said[0] == said[1] != []
