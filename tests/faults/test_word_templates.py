"""Templates that a report must not be made from: each is refused before anything opens it, with what to do about it."""

from __future__ import annotations

import io
import zipfile

import pytest
from report_samples import full_report
from word_samples import add_field, changed, municipal_template

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report import word_template
from kvalitet_eval.report.word import render_word

TEMPLATE = municipal_template()
TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
OUTSIDE = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="https://example.test/x" TargetMode="External"/></Relationships>'
)
DOCUMENT = b"wordprocessingml.document.main+xml"


def outside(part, kind):
    relations = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(io.BytesIO(TEMPLATE)) as packed:
        there = packed.read(part) if part in packed.namelist() else relations + b"</Relationships>"
    return changed(TEMPLATE, part, there.replace(b"</Relationships>", OUTSIDE % kind))


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def bomb():
    return changed(TEMPLATE, "word/media/a.png", b"\0" * (word_template.MOST_BYTES + 1))


def lying_bomb():
    """A bomb whose directory says that it is small."""
    data = bytearray(bomb())
    size = (word_template.MOST_BYTES + 1).to_bytes(4, "little")
    return bytes(data.replace(size, (100).to_bytes(4, "little")))


REFUSED = {
    "text": (b"Hei", "RAP-70"),
    "nothing": (b"", "RAP-70"),
    "another zip": (packed(**{"a.txt": b"x"}), "RAP-70"),
    "a workbook": (packed(**{TYPES: b"<a/>", "xl/workbook.xml": b"<a/>"}), "RAP-70"),
    "cut off": (TEMPLATE[: len(TEMPLATE) // 2], "RAP-70"),
    "broken XML": (changed(TEMPLATE, "word/styles.xml", b"<a>"), "RAP-70"),
    "entities": (changed(TEMPLATE, "word/styles.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "RAP-70"),
    "another main part": (changed(TEMPLATE, TYPES, replace=(DOCUMENT, b"other+xml")), "RAP-70"),
    "docm": (changed(TEMPLATE, TYPES, replace=(b"vnd.openxmlformats-officedocument." + DOCUMENT,
                                               b"vnd.ms-word.document.macroEnabled.main+xml")), "RAP-71"),
    "macros": (changed(TEMPLATE, "word/vbaProject.bin", b"\xd0\xcf"), "RAP-71"),
    "a packed object": (changed(TEMPLATE, "word/embeddings/oleObject1.bin", b"\xd0\xcf"), "RAP-71"),
    "a control": (changed(TEMPLATE, "word/activeX/activeX1.xml", b"<a/>"), "RAP-71"),
    "a picture from outside": (outside(RELATIONS, b"image"), "RAP-72"),
    "a template of its own": (outside("word/_rels/settings.xml.rels", b"attachedTemplate"), "RAP-72"),
    "a link in the header": (outside("word/_rels/header1.xml.rels", b"hyperlink"), "RAP-72"),
    "a bomb": (bomb(), "RAP-73"),
    "many parts": (packed(**{f"a{number}.xml": b"<a/>" for number in range(word_template.MOST_PARTS + 1)}), "RAP-73"),
    "a field that fetches": (add_field(TEMPLATE, ' INCLUDEPICTURE "https://example.test/x.png" '), "RAP-74"),
    "a field that starts": (add_field(TEMPLATE, ' DDEAUTO c:\\\\cmd "calc" '), "RAP-74"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_template_is_refused_with_its_reason(kind):
    data, code = REFUSED[kind]
    with pytest.raises(ReportError) as caught:
        render_word(full_report(), template=data, template_name="kommunens mal.docx")
    assert code in {item.code for item in caught.value.findings}
    assert {item.file for item in caught.value.findings} == {"kommunens mal.docx"}
    said = str(caught.value)
    for words in ("Fil: kommunens mal.docx", "Hvorfor", "Gjør slik"):
        assert words in said, said
    assert "https://example.test" not in said or code in ("RAP-72", "RAP-74")


def test_a_directory_that_lies_about_sizes_is_refused():
    with pytest.raises(ReportError) as caught:
        render_word(full_report(), template=lying_bomb())
    assert {item.code for item in caught.value.findings} <= {"RAP-70", "RAP-73"}


def test_everything_that_is_wrong_is_told_at_once():
    data = changed(outside(RELATIONS, b"image"), "word/vbaProject.bin", b"\xd0\xcf")
    data = add_field_to(data)
    with pytest.raises(ReportError) as caught:
        render_word(full_report(), template=data)
    assert {item.code for item in caught.value.findings} == {"RAP-71", "RAP-72", "RAP-74"}


def add_field_to(data):
    simple = b'<w:p><w:fldSimple w:instr=" INCLUDETEXT x "/></w:p></w:hdr>'
    return changed(data, "word/header1.xml", replace=(b"</w:hdr>", simple))


def test_a_plain_template_is_accepted_and_so_is_one_saved_as_a_template():
    saved = changed(TEMPLATE, TYPES, replace=(DOCUMENT, b"wordprocessingml.template.main+xml"))
    assert render_word(full_report(), template=saved) == render_word(full_report(), template=TEMPLATE)


@pytest.mark.parametrize("code", [" PAGE ", " STYLEREF Title ", ' DATE \\@ "d. MMMM yyyy" ', " NUMPAGES "])
def test_fields_that_fetch_nothing_are_accepted(code):
    assert render_word(full_report(), template=add_field(TEMPLATE, code))
