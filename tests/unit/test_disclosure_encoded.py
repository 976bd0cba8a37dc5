"""However a person number or a file is written, packed or locked away, the scanner reads it or says that it cannot."""

import base64
import bz2
import gzip
import hashlib
import io
import os
import socket
import zipfile

import pytest
from leaky_files import archive, docx, drawing, notebook, page, paragraph, pdf, pdf_changed, pdf_with, png, shown, xlsx
from pypdf import PdfReader, PdfWriter

from kvalitet_eval.persons import without_person_numbers
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_encoded import encoded, encoded_name
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
    "entities": "".join(f"&#{ord(digit)};" for digit in NUMBER),
    "hexadecimal entities": "".join(f"&#x{ord(digit):x};" for digit in NUMBER),
    "escapes": "".join(f"\\u{ord(digit):04x}" for digit in NUMBER),
    "escapes in braces": "".join(f"\\u{{{ord(digit):x}}}" for digit in NUMBER),
    "short escapes": "".join(f"\\x{ord(digit):02x}" for digit in NUMBER),
    "octal escapes": "".join(f"\\{ord(digit):03o}" for digit in NUMBER),
    "escapes of a style": "".join(f"\\{ord(digit):x} " for digit in NUMBER),
    "escapes of rich text": "".join(f"\\'{ord(digit):02x}" for digit in NUMBER),
    "entities twice": "".join(f"&amp;#{ord(digit)};" for digit in NUMBER),
    "base64 of two bytes a sign": base64.b64encode(NUMBER.encode("utf-16-le")).decode(),
    "pairs": NUMBER.encode().hex(" "),
    "pairs with a mark": ", ".join(f"0x{ord(digit):02x}" for digit in NUMBER),
    "codes": ", ".join(str(ord(digit)) for digit in NUMBER),
    "quoted": "om " + "".join(f"={ord(digit):02X}" for digit in NUMBER),
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


@pytest.mark.parametrize("text", ["010107<b>10029</b>", "010<i/>107<span class='a'>100</span>29"])
@pytest.mark.parametrize("name", ["a.md", "a.json"])
def test_tags_in_a_text_part_no_number(tmp_path, name, text):
    content = text if name == "a.md" else f'{{"a": "om {text}"}}'
    assert codes(tmp_path, name, content.encode()) == {"SIK-02"}


NAMES = {
    "base64": base64.b64encode(f"x {NUMBER}".encode()).decode().replace("/", "_"),
    "base64 after a word": f"rapport_{base64.b64encode(NUMBER.encode()).decode()}",
    "base64 after a line": f"rapport-{base64.b64encode(NUMBER.encode()).decode().rstrip('=')}-a",
    "base64 of letters for addresses": base64.urlsafe_b64encode(f"??>{NUMBER}".encode()).decode(),
    "hexadecimal": f"a_{NUMBER.encode().hex()}",
    "per cent": "".join(f"%{ord(digit):02x}" for digit in NUMBER),
    "entities": "".join(f"&#{ord(digit)};" for digit in NUMBER),
    "groups": "010107_10029",
    "a name": base64.b64encode("Kari Kanari Østmo".encode()).decode(),
}


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("suffix", ["", ".txt", ".tar.gz"])
def test_the_name_of_a_file_a_folder_or_a_member_is_opened(tmp_path, kind, suffix):
    name = NAMES[kind] + suffix
    code = {"SIK-03"} if kind == "a name" else {"SIK-02"}
    assert codes(tmp_path, name, b"a") == code
    (tmp_path / name).unlink()
    assert codes(tmp_path, "a.zip", archive_of({f"x/{name}": b"a"})) == code
    (tmp_path / "a.zip").unlink()
    (tmp_path / NAMES[kind]).mkdir()
    assert codes(tmp_path / NAMES[kind], "a.txt", b"a") == set()
    assert {item.code for item in scan(tmp_path, RECORD).findings} == code


@pytest.mark.parametrize(
    "name",
    [
        "1719-levanger-syntetisk.html", "index-en-syntetisk.html", "programme/report/programme-nn-syntetisk.docx",
        "2026-11-22T091436.ipynb", "3f9a1c0b7d2e.json", "sammenlikningsgruppen_for_kommunene.csv",
    ],
)  # fmt: skip
def test_the_names_of_reports_stand_for_nothing_else(name):
    assert list(encoded_name(name)) == []


def archive_of(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def test_a_member_that_has_the_name_of_another_is_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("a.txt", "Kari Kanari Østmo")
        packed.writestr("a.txt", "x")
    assert codes(tmp_path, "a.zip", stream.getvalue()) == {"SIK-03"}


def test_a_member_that_was_taken_out_of_the_list_is_told(tmp_path):
    content = archive_of({"a.txt": b"x", "b.txt": b"y"})
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    end = content.index(b"PK\x05\x06")
    tail = bytearray(content[end:])
    tail[8:12] = b"\1\0\1\0"
    tail[12:16] = (end - second).to_bytes(4, "little")
    tail[16:20] = first.to_bytes(4, "little")
    assert codes(tmp_path, "a.zip", content[:first] + content[second:end] + bytes(tail)) == {"SIK-07"}


def test_the_further_field_of_a_member_is_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        info = zipfile.ZipInfo("a.txt")
        info.extra = b"\xfe\xca\x0b\x00" + NUMBER.encode()
        packed.writestr(info, "x")
    assert codes(tmp_path, "a.zip", stream.getvalue()) == {"SIK-02"}


def test_an_archive_that_was_written_to_a_stream_is_whole(tmp_path):
    class Stream(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", "x" * 100)
        packed.writestr("b.txt", "y" * 100)
    assert codes(tmp_path, "a.zip", stream.data) == set()


@pytest.mark.parametrize("name", [NUMBER, f"{base64.b64encode(NUMBER.encode()).decode()}.csv"])
def test_the_name_within_a_compressed_file_is_read(tmp_path, name):
    stream = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=stream, mtime=0) as packed:
        packed.write(b"x")
    assert codes(tmp_path, "a.gz", stream.getvalue()) == {"SIK-02"}


def test_all_parts_of_a_compressed_file_are_read(tmp_path):
    assert codes(tmp_path, "a.gz", gzip.compress(b"x") + gzip.compress(NUMBER.encode())) == {"SIK-02"}
    assert codes(tmp_path, "a.gz", gzip.compress(b"x") + bytes(512)) == set()
    assert codes(tmp_path, "a.gz", gzip.compress(b"x")[:-4]) == {"SIK-07"}


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
