"""Defences of the leak scanner that can be switched off without another test noticing."""

import base64
import gzip
import io
import json
import zipfile
import zlib

import pytest
from leaky_files import archive, png

from kvalitet_eval.report import disclosure_readers, disclosure_seen
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord

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
