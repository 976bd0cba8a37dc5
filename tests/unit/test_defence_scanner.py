"""Defences of the leak scanner that can be switched off without another test noticing."""

import gzip
import io
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
