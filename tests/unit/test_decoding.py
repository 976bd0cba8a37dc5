from pathlib import Path

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.decoding import decode, ungarbled

PATH = Path("fil.csv")


def refused(data, names=()):
    with pytest.raises(DataError) as caught:
        decode(PATH, data, names)
    (item,) = caught.value.findings
    return item.code, item.line


def test_utf8_is_read_strictly_and_a_mark_is_no_text():
    assert decode(PATH, "Bø".encode()) == ("Bø", "utf-8", "")
    assert decode(PATH, "Bø".encode("utf-8-sig")) == ("Bø", "utf-8", "")


@pytest.mark.parametrize("encoding", ["cp1252", "cp865", "mac_roman"])
@pytest.mark.parametrize("text", ["Bø", "ÅL", "Ål", "Ærlig Ørsta på Åmot", "Sør-Aurdal;Nærøy;Å"])
def test_norwegian_letters_tell_the_encoding(encoding, text):
    assert decode(PATH, text.encode(encoding)).text == text


def test_names_tell_what_letters_cannot():
    data = "ä¯ä\n".encode("mac_roman")  # no Norwegian letter in any encoding
    assert refused(data) == ("INN-A16", 1)
    assert decode(PATH, data, ["ä"]).encoding == "mac_roman"


def test_a_no_break_space_between_digits_is_no_letter():
    assert decode(PATH, b"a;b\n1;1\xa0234\n") == ("a;b\n1;1\u00a0234\n", "cp1252", "read as cp1252, not UTF-8")


@pytest.mark.parametrize("data", [b"B\x81\xf8", b"\xff\x00\xfe", bytes(range(128, 256))])
def test_bytes_that_fit_nothing_are_refused(data):
    assert refused(data)[0] in ("INN-A16", "INN-A13")


def test_a_broken_marked_file_is_refused_with_its_line():
    assert refused(b"\xef\xbb\xbfa\n\xff") == ("INN-A13", 2)


def test_utf16_without_a_mark_is_told_by_its_zeros():
    assert decode(PATH, "kommunenr;navn\n0101;Bø\n".encode("utf-16-le")).text == "kommunenr;navn\n0101;Bø\n"
    assert decode(PATH, "a;b\n".encode("utf-16-be")).encoding == "utf-16-be"


@pytest.mark.parametrize(
    "text", ["Bø", "Østre Toten", "Ål", "Deatnu - Tana", "Kárášjohka", "«Å»", "Å\u00a0", "50 §", "é"]
)
def test_good_text_is_not_taken_for_garbled(text):
    assert ungarbled(text) is None


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp865", "cp850"])
def test_garbled_text_gives_its_origin(encoding):
    assert ungarbled("Bø".encode().decode(encoding)) == "Bø"


def test_text_that_was_garbled_twice():
    assert ungarbled("Bø".encode().decode("cp1252").encode().decode("cp1252")) == "Bø"
