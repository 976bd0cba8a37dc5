"""What a PDF holds and no page shows: letters by their codes, remarks in parts of a page, objects packed together."""

import pikepdf
import pytest

from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord

SECRET = "KANARI-000317"
RECORD = DisclosureRecord(canaries=(SECRET,))
OCTAL = "".join(f"\\{ord(letter):03o}" for letter in SECRET).encode()
HEXADECIMAL = SECRET.encode().hex().encode()


def unused(content):
    """A stream that no page draws."""

    def add(pdf):
        pdf.Root.Rest = pdf.make_indirect(pikepdf.Stream(pdf, content))

    return add


def in_parts(pdf):
    parts = [b"BT 10 10 Td (Side) Tj ET", b"BT 20 20 Td (to) Tj ET\n% " + SECRET.encode()]
    pdf.pages[0].Contents = pikepdf.Array([pdf.make_indirect(pikepdf.Stream(pdf, part)) for part in parts])


def in_object(pdf):
    pdf.Root.Rest = pdf.make_indirect(pikepdf.Dictionary(Said=pikepdf.String(f"Čilgehus {SECRET}")))


CASES = {
    "octal letters": unused(b"BT 10 10 Td (" + OCTAL + b") Tj ET"),
    "hexadecimal letters": unused(b"BT 10 10 Td <" + HEXADECIMAL + b"> Tj ET"),
    "remark in a part of a page": in_parts,
    "object packed with others": in_object,
}


@pytest.mark.parametrize("case", CASES)
def test_what_no_page_shows_is_found(tmp_path, case):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        CASES[case](pdf)
        pdf.save(tmp_path / "a.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert {found.code for found in scan(tmp_path, RECORD).findings} == {"SIK-03"}
