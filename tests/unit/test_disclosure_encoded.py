"""However a person number or a file is written, packed or locked away, the scanner reads it or says that it cannot."""

import base64
import bz2
import hashlib
import io
import os
import socket

import pytest
from leaky_files import archive, docx, drawing, notebook, page, paragraph, pdf, pdf_changed, pdf_with, png, shown, xlsx
from pypdf import PdfReader, PdfWriter

from kvalitet_eval.persons import without_person_numbers
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_encoded import encoded
from kvalitet_eval.report.disclosure_persons import person_numbers
from kvalitet_eval.report.disclosure_record import DisclosureRecord

NUMBER = "01010710029"
TEN = "1010710029"
RECORD = DisclosureRecord(canaries=("Kari Kanari Østmo",))
SPELLINGS = {
    "dotted day": "01.01.07 10029",
    "parted day": "01 01 07 10029",
    "no-break space": "010107\u00a010029",
    "dash": "010107\u201310029",
    "two groups": "010107 100 29",
    "soft hyphen": "010107\u00ad10029",
    "invisible": "0101\u200b0710029",
    "full width": "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
    "after a hyphen": f"person-{NUMBER}",
    "after a full stop": f"fnr.{NUMBER}",
    "after a comma": f"Kari,{NUMBER}",
    "between commas": f"3,{NUMBER},5",
    "exponent": "1.010710029e9",
    "large exponent": "4.1010710012E+10",
    "base64": base64.b64encode(NUMBER.encode()).decode(),
    "base64 of a sentence": base64.b64encode(f"om {NUMBER} her".encode()).decode().rstrip("="),
    "base64 twice": base64.b64encode(base64.b64encode(NUMBER.encode())).decode(),
    "hexadecimal": NUMBER.encode().hex(),
    "per cent": "010107%2010029",
}
FILES = {
    "a.html": lambda t: page(f"<p>om {t} her</p>"),
    "b.html": lambda t: page("", f"<script>x = '{t}'</script>"),
    "a.svg": lambda t: drawing(f"<desc>{t}</desc>"),
    "a.json": lambda t: f'{{"a": ["{t}"]}}'.encode(),
    "a.ipynb": lambda t: notebook(shown(text__plain=t)),
    "a.csv": lambda t: f"navn;merknad\nLevanger;{t}\n".encode(),
    "a.xlsx": lambda t: xlsx(["navn", "merknad"], ["Levanger", t]),
    "a.docx": lambda t: docx(paragraph(t)),
    "a.png": lambda t: png((b"iTXt", b"Author\0\0\0nb\0\0" + t.encode())),
}


def codes(tmp_path, name, content, record=RECORD):
    (tmp_path / name).write_bytes(content)
    return {item.code for item in scan(tmp_path, record).findings}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_person_number_is_found_however_it_is_written(tmp_path, spelled, name):
    assert codes(tmp_path, name, FILES[name](SPELLINGS[spelled])) == {"SIK-02"}


@pytest.mark.parametrize("spelled", [TEN, f"{TEN}.0", "41010710012,00"])
def test_a_cell_that_a_program_made_a_number_of_is_found(tmp_path, spelled):
    assert codes(tmp_path, "a.csv", f"navn;nr\nLevanger;{spelled}\n".encode()) == {"SIK-02"}
    assert codes(tmp_path, "a.xlsx", xlsx(["navn", "nr"], ["Levanger", float(spelled.replace(",", "."))])) == {"SIK-02"}


@pytest.mark.parametrize(
    "text",
    [
        f"0.{NUMBER}",
        f"0,{NUMBER}",
        f".{NUMBER}",
        "1.010710028e9",
        "01.01.2007 10029",
        "01.01 07 10029",
        base64.b64encode(b"01010710028").decode(),
        f"{hashlib.sha256(b'').hexdigest()[:50]}a{NUMBER}ab",
    ],
)
def test_what_only_looks_like_one_is_none(tmp_path, text):
    assert codes(tmp_path, "a.txt", text.encode()) == set()


def test_a_day_with_full_stops_is_hidden_in_messages_too():
    assert without_person_numbers("fnr 01.01.07 10029, 010107\u201310029") == "fnr 01*********, 01*********"
    assert without_person_numbers("fra 01.01.2007 til 31.12.2009") == "fra 01.01.2007 til 31.12.2009"


def test_a_number_is_told_once():
    assert list(person_numbers(f"{NUMBER} og 41010710012")) == [NUMBER, "41010710012"]


@pytest.mark.parametrize("text", ["Nord-Aurdal og Levanger", "sammenlikningsgruppen", "abcdefabcdef", "100 % 25 %"])
def test_ordinary_words_are_not_encoded(text):
    assert list(encoded(text)) == []


def test_too_many_layers_of_encoding_are_refused(tmp_path):
    content = b"kanari kanari kanari"
    for _ in range(12):
        content = base64.b64encode(content)
    assert codes(tmp_path, "a.txt", content) == {"SIK-08"}


def test_a_name_with_soft_hyphens_is_that_name(tmp_path):
    assert codes(tmp_path, "a.html", page("<p>Ka&shy;ri Kana&shy;ri Øst&shy;mo</p>")) == {"SIK-03"}


@pytest.mark.parametrize("sign", ";,\t|")
def test_rows_of_persons_are_found_whatever_the_file_is_called(tmp_path, sign):
    rows = f"fnr{sign}dager\n{NUMBER}{sign}12\n{NUMBER}{sign}7\n"
    assert codes(tmp_path, "a.txt", rows.encode()) == {"SIK-02", "SIK-04"}
    assert codes(tmp_path, "a.txt", f"x{sign}dager\n5{sign}12\n".encode()) == set()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bz2", bz2.compress(b"Kari Kanari")),
        ("a.txt", b"BZh9\x01\x02\x03 uten nullbyte"),
        ("a.png", png()[:-20]),
        ("a.jpg", b"\xff\xd8\xff\xe0\x10JFIF"),
    ],
)
def test_what_is_no_text_is_told(tmp_path, name, content):
    assert codes(tmp_path, name, content) == {"SIK-07"}


def test_the_fonts_and_places_of_a_report_are_no_words(tmp_path):
    for about in ({"Subtype": "Image"}, {"Subtype": "Type1C"}, {"Type": "CMap"}):
        assert codes(tmp_path, "a.pdf", pdf_with(NUMBER.encode(), **about)) == set()
    assert codes(tmp_path, "a.pdf", pdf_with(b"/CIDInit begincmap " + NUMBER.encode())) == set()
    assert codes(tmp_path, "a.pdf", pdf_with(b"q 1 0 0 1 50.5 8.4172935 cm\n(om tallene) Tj\n")) == set()


def test_a_report_in_a_report_is_no_older_version_of_it(tmp_path):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Om tallene"))))
    writer.add_attachment("a.pdf", pdf("Om tallene"))
    stream = io.BytesIO()
    writer.write(stream)
    assert stream.getvalue().count(b"%%EOF") == 2
    assert codes(tmp_path, "a.pdf", stream.getvalue()) == set()


def test_more_versions_than_can_be_read_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("kvalitet_eval.report.disclosure_pdf._MOST_VERSIONS", 1)
    assert codes(tmp_path, "a.pdf", pdf_changed(pdf("Om tallene"))) == {"SIK-08"}


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda path: pytest.fail(f"{path.name} is read"))
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fsencode(tmp_path / "s"))
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "round").symlink_to("round")
    found = scan(tmp_path, RECORD).findings
    assert [(item.file, item.code, item.facts["reason"]) for item in found] == [
        ("loop", "SIK-07", "symlink"), ("pipe", "SIK-07", "pipe"), ("round", "SIK-07", "symlink"),
        ("s", "SIK-07", "socket"),
    ]  # fmt: skip


def test_a_folder_or_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    """A superuser may read everything, so that the system's refusal is made here."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("a")
    really = os.scandir

    def refused(path="."):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda path: (_ for _ in ()).throw(PermissionError(13, "closed")))
    found = scan(tmp_path, RECORD).findings
    assert [(item.file, item.code) for item in found] == [("a.txt", "SIK-07"), ("closed", "SIK-07")]


def test_a_file_larger_than_can_be_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("kvalitet_eval.report.disclosure.LARGEST_MEMBER", 10)
    assert codes(tmp_path, "a.txt", b"x" * 10) == set()
    assert codes(tmp_path, "a.txt", b"x" * 11) == {"SIK-08"}


def test_the_name_of_a_file_that_is_no_text_can_be_told(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.bin")).write_bytes(archive(a__bin=b"\x00\x01"))
    found = scan(tmp_path, RECORD).findings
    assert [(item.file, item.code) for item in found] == [("\\xff.bin", "SIK-07")]


@pytest.mark.parametrize("text", ["10 %1c lower, %42", "a share of 42%1c43`"])
def test_a_per_cent_sign_before_letters_is_no_file_that_cannot_be_opened(text):
    assert list(encoded(text)) == []
