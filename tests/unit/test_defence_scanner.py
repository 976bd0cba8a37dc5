"""Defences of the leak scanner that can be switched off without another test noticing."""

import base64
import gzip
import io
import json
import re
import zipfile
import zlib

import pytest
import xlsxwriter
from leaky_files import archive, docx, docx_table, pdf, pdf_with, png, xlsx
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, DictionaryObject, NameObject

from kvalitet_eval.report import disclosure_readers, disclosure_seen
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed

RECORD = DisclosureRecord(canaries=("KANARI-000317",))


def codes(tmp_path, name, content, record=RECORD):
    (tmp_path / name).write_bytes(content)
    return {item.code for item in scan(tmp_path, record).findings}


def test_the_name_of_a_packed_file_is_read(tmp_path):
    assert codes(tmp_path, "a.zip", archive(KANARI_000317__txt="a")) == set()
    assert codes(tmp_path, "a.zip", archive(**{"KANARI-000317__txt": "a"})) == {"SIK-03"}


def test_what_is_said_of_a_packed_file_is_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        about = zipfile.ZipInfo("a.txt")
        about.comment = b"KANARI-000317"
        packed.writestr(about, "a")
    assert codes(tmp_path, "a.zip", stream.getvalue()) == {"SIK-03"}


def test_what_is_too_large_is_not_unpacked_to_be_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(disclosure_seen, "LARGEST_MEMBER", 1_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    assert codes(tmp_path, "a.zip", archive(a__txt="x" * 2_000)) == {"SIK-08"}


def test_a_packed_text_that_does_not_end_is_refused_and_not_cut(tmp_path, monkeypatch):
    for module in (disclosure_seen, disclosure_readers):
        monkeypatch.setattr(module, "LARGEST_MEMBER", 1_000)
    assert codes(tmp_path, "a.gz", gzip.compress(b"x" * 1_000)) == set()
    assert codes(tmp_path, "a.gz", gzip.compress(b"x" * 2_000)) == {"SIK-08"}


def test_a_packed_text_of_a_picture_is_read(tmp_path):
    """Chunk iTXt: keyword, packed or not, how, language, translated keyword, text (PNG specification 11.3.4.5)."""
    for flag, content in ((b"\0", b"KANARI-000317"), (b"\1", zlib.compress(b"KANARI-000317"))):
        chunk = b"Comment\0" + flag + b"\0nb\0Merknad\0" + content
        assert codes(tmp_path, "a.png", png((b"iTXt", chunk))) == {"SIK-03"}


def test_all_that_is_in_one_file_together_may_not_be_too_large():
    walk = disclosure_seen.Walk(lambda data, place, walk: iter(()), bytes_left=10)
    assert [walk.refuse(name, 5) for name in ("a", "b")] == [None, None]
    assert walk.refuse("c", 5).code == "SIK-08"


@pytest.mark.parametrize(
    "text",
    [
        "<p>Merknad: KAN<b>ARI</b>-000317</p>",
        r'{"title": "Figur", "u": "KANARI\u002d000317"}',
        json.dumps({"dtype": "i4", "bdata": base64.b64encode((317_000_111).to_bytes(4, "little")).decode()}),
    ],
    ids=["page", "spelled", "packed"],
)
def test_a_page_and_json_in_a_text_of_json_are_opened(tmp_path, text):
    record = DisclosureRecord(canaries=("KANARI-000317", "317000111"))
    assert codes(tmp_path, "a.json", json.dumps({"a": text}).encode(), record) == {"SIK-03"}


def test_a_whole_number_is_read_with_all_its_digits(tmp_path):
    """The nearest number that a computer keeps with its point is 90071992547409936."""
    record = DisclosureRecord(canaries=("90071992547409931",))
    assert float(90071992547409931) == 90071992547409936
    assert codes(tmp_path, "a.json", b'{"a": 90071992547409931}', record) == {"SIK-03"}
    assert codes(tmp_path, "a.json", b'{"a": 90071992547409936}', record) == set()
    assert codes(tmp_path, "a.json", b'{"a": 1' + b"0" * 400 + b"}", record) == set()


@pytest.mark.parametrize(
    "content",
    ["<!DOCTYPE html KANARI-000317><p>a</p>", "<p>a</p><?skript KANARI-000317 ?>", "<p>a</p><![CDATA[KANARI-000317]]>"],
    ids=["declaration", "instruction", "section"],
)
def test_what_a_page_says_to_programs_is_read(tmp_path, content):
    assert codes(tmp_path, "a.html", content.encode()) == {"SIK-03"}


@pytest.mark.parametrize("content", ["<p>KANARI-000317", "<p>a</p> KANARI-000317", "<p>a</p><td>KANARI-000317"])
def test_the_end_of_a_page_that_is_cut_off_is_read(tmp_path, content):
    assert codes(tmp_path, "a.html", content.encode()) == {"SIK-03"}


def test_a_number_in_a_formula_is_read(tmp_path):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"),), 8.4172935),))
    assert codes(tmp_path, "a.xlsx", xlsx(["Levanger", "=8,4172935+0"]), record) == {"SIK-01"}


def with_shared_strings(*rows):
    """A workbook of xlsxwriter, whose cells say which of the texts of the book they have."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize("write", [xlsx, with_shared_strings])
def test_a_number_in_a_sheet_is_named_by_the_words_of_its_row(tmp_path, write):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"), ("Legemeldt",)), 3.0),))
    rows = ["Kommune", "Legemeldt"], ["Levanger", 3], ["Bodø", 5]
    assert codes(tmp_path, "a.xlsx", write(*rows), record) == {"SIK-01"}


def test_what_is_attached_to_a_pdf_is_opened(tmp_path):
    attached = pdf_with(archive(a__txt="KANARI-000317"), Type="EmbeddedFile")
    assert codes(tmp_path, "a.pdf", attached) == {"SIK-03"}


def test_bytes_in_a_pdf_that_are_no_text_are_read(tmp_path):
    """No letter of the encoding of PDF has the number 9f."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Om tallene"))))
    writer._add_object(DictionaryObject({NameObject("/Note"): ByteStringObject(b"KANARI-000317\x9f")}))
    content = io.BytesIO()
    writer.write(content)
    assert b"KANARI" not in content.getvalue()
    assert codes(tmp_path, "a.pdf", content.getvalue()) == {"SIK-03"}


def test_a_finding_hides_the_number_also_when_messages_do_not(tmp_path, monkeypatch):
    monkeypatch.setattr("kvalitet_eval.errors.without_person_numbers", lambda text: text)
    (tmp_path / "a.json").write_text('{"a": "01010710029", "b": 1010710029}')
    findings = scan(tmp_path, RECORD).findings
    assert [item.facts["mark"] for item in findings] == ["01*********"] * 2
    assert "10029" not in repr(findings)


@pytest.mark.parametrize(
    "text",
    [
        "AI" + "za" + "Sy0" * 11 + "ab", "github_" + "pat_" + "a1" * 16, "gl" + "pat-" + "a1" * 10,
        "xo" + "xb-" + "1a" * 6, "AS" + "IA" + "A1B2C3D4E5F6G7H8", "gh" + "s_" + "a1" * 15,
    ],
)  # fmt: skip
def test_keys_of_services_are_told_by_how_they_begin(tmp_path, text):
    assert codes(tmp_path, "a.txt", f"se {text} her".encode()) == {"SIK-05"}


def test_what_stands_over_a_page_within_a_text_names_its_numbers(tmp_path):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"), ("Legemeldt",)), 3.0),))
    for title, expected in (("Levanger", {"SIK-01"}), ("Bodø", set())):
        content = json.dumps({"title": title, "page": "<p>Legemeldt: 3</p>"})
        assert codes(tmp_path, "a.json", content.encode(), record) == expected


def test_a_picture_in_lines_of_a_notebook_is_opened_as_one(tmp_path):
    chunk = b"Comment\0\0" + zlib.compress(b"KANARI-000317" + bytes(range(32, 127)) * 4)
    lines = base64.encodebytes(png((b"zTXt", chunk))).decode().splitlines(keepends=True)
    assert len(lines) > 2
    assert codes(tmp_path, "a.json", json.dumps({"image/png": lines}).encode()) == {"SIK-03"}


def test_json_too_deep_to_be_parsed_is_read_as_text(tmp_path):
    content = "[" * 200_000 + '"KANARI-000317"' + "]" * 200_000
    with pytest.raises(RecursionError):
        json.loads(content)
    assert codes(tmp_path, "a.json", content.encode()) == {"SIK-03"}


def test_the_title_of_a_drawing_does_not_take_the_place_of_the_title_of_its_page(tmp_path):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"), ("Legemeldt",)), 3.0),))
    for name, expected in (("Levanger", {"SIK-01"}), ("Bodø", set())):
        content = f"<title>{name}</title><svg><title>Figur</title></svg><p>Legemeldt: 3</p>"
        assert codes(tmp_path, "a.html", content.encode(), record) == expected


DRAWN = '<script>draw({"name": "Legemeldt", "y": [3]})</script>'


@pytest.mark.parametrize(
    "content",
    [
        f"<h2>Levanger</h2>{DRAWN}", f"{DRAWN}<h2>Levanger</h2>",
        '<script>draw({\n"t": "a [",\n"name": "Levanger, legemeldt",\n"y": 3})</script>',
    ],
    ids=["under a heading", "over a heading", "with a bracket in a text"],
)  # fmt: skip
def test_a_number_in_a_script_is_named_by_what_stands_around_it(tmp_path, content):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"), ("Legemeldt",)), 3.0),))
    assert codes(tmp_path, "a.html", f"<p>a</p>{content}".encode(), record) == {"SIK-01"}
    assert codes(tmp_path, "a.html", f"<p>a</p>{content.replace('Levanger', 'Bodø')}".encode(), record) == set()


def test_a_table_of_a_document_with_a_row_per_person_is_told(tmp_path):
    assert codes(tmp_path, "a.docx", docx_table(["person_key", "dager"], ["x", "3"])) == {"SIK-04"}


def described_table(name, words):
    return docx(f'<w:tbl><w:tblPr><w:{name} w:val="{words}"/></w:tblPr></w:tbl>')


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("a.docx", lambda words: described_table("tblCaption", words)),
        ("a.docx", lambda words: described_table("tblDescription", words)),
        ("a.xlsx", lambda words: xlsx(["a"], title=words)),
    ],
    ids=["caption", "description", "name of a sheet"],
)
def test_a_number_in_words_about_a_table_is_read(tmp_path, file, made):
    record = DisclosureRecord((Suppressed("t", (("1719", "Levanger"), ("Legemeldt",)), 3.0),))
    assert codes(tmp_path, file, made("Levanger, legemeldt, 3"), record) == {"SIK-01"}
    assert codes(tmp_path, file, made("Levanger, legemeldt, 4"), record) == set()


def drawn_again(base, shown):
    """A PDF saved once more with its page drawn anew under the same number: only the older version has the old one."""
    content = b"BT /F1 12 Tf 50 700 Td (" + shown + b") Tj ET"
    start, before = len(base) + 1, re.findall(rb"startxref\s+(\d+)", base)[-1]
    written = b"\n4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(content), content)
    index = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %s >>\n" % (start, before)
    return base + written + index + b"startxref\n%d\n%%%%EOF\n" % (len(base) + len(written))


def test_what_was_drawn_over_in_a_pdf_is_read(tmp_path):
    content = drawn_again(pdf("KANARI-000317"), b"Om tallene")
    assert PdfReader(io.BytesIO(content)).pages[0].extract_text() == "Om tallene"
    assert codes(tmp_path, "a.pdf", content) == {"SIK-03"}
    assert codes(tmp_path, "a.pdf", drawn_again(pdf("Tallene"), b"Om tallene")) == set()


@pytest.mark.parametrize("folder", ["Documents", "Program", "Windows", "Temp"])
def test_a_drive_with_slashes_is_the_place_of_a_machine(tmp_path, folder):
    assert codes(tmp_path, "a.txt", f"fra D:/{folder}/a.csv".encode()) == {"SIK-06"}
