"""What may be asked for, and what is refused with the choices there are."""

import zipfile

import pytest
from word_samples import changed, municipal_template

from kvalitet_eval.errors import ReportError, UsageError
from kvalitet_eval.present.messages import describe, languages, text
from kvalitet_eval.report import documents, wanted
from kvalitet_eval.report.formats import DEFAULT_FORMATS, ONLY_OF, RENDERERS, formats_of
from kvalitet_eval.report.wanted import Wanted, read_template
from kvalitet_eval.report.word_template import checked_template

TEMPLATES = {
    ("municipality", "report"): "municipality", ("municipality", "status_report"): "status_report",
    ("municipality", "poster"): "poster", ("cohort", "report"): "cohort",
}  # fmt: skip

ABOUT_A_MUNICIPALITY = [document for kind, document in documents.TEMPLATES if kind == "municipality"]


@pytest.fixture(autouse=True)
def templates(monkeypatch):
    """Documents as they are when a municipality also has a poster and a status report."""
    for module in (documents, wanted):
        monkeypatch.setattr(module, "TEMPLATES", TEMPLATES)


@pytest.mark.parametrize(
    ("asked", "municipality", "cohort"),
    [
        ({}, ("report",), ("report",)),
        ({"documents": ("poster", "report")}, ("report", "poster"), ("report",)),
        ({"formats": ("pdf",)}, ("report",), ("report",)),
        ({"formats": ("poster",)}, ("poster",), ()),
        ({"formats": ("pdf", "poster")}, ("report", "poster"), ("report",)),
        ({"documents": ("report", "poster"), "formats": ("poster",)}, ("poster",), ()),
        ({"documents": ("status_report",)}, ("status_report",), ()),
    ],
)
def test_the_documents_to_make(asked, municipality, cohort):
    assert (Wanted(**asked).documents_of("municipality"), Wanted(**asked).documents_of("cohort")) == (
        municipality, cohort,
    )  # fmt: skip


def test_the_usual_formats_are_the_five_and_a_poster_is_also_for_the_wall():
    assert formats_of("report") == DEFAULT_FORMATS == ("html", "pdf", "docx", "xlsx", "csv")
    assert formats_of("poster") == (*DEFAULT_FORMATS, "poster")
    assert set(RENDERERS) == {*DEFAULT_FORMATS, *ONLY_OF}


@pytest.mark.parametrize(
    ("asked", "code", "column", "said"),
    [
        ({"languages": ("no",)}, "BRK-20", "--language", "Velg blant: en, nb, nn."),
        ({"formats": ("pfd",)}, "BRK-20", "--format", "Velg blant: pdf, html, docx, xlsx, csv, poster."),
        ({"documents": ("status",)}, "BRK-20", "--document", "Velg blant: status_report, report, poster."),
        ({"documents": ("report",), "formats": ("poster",)}, "BRK-22", "--format", "html, pdf, docx, xlsx, csv"),
        ({"cohorts": ("innsats",), "documents": ("poster",)}, "BRK-21", "--document", "disse dokumentene: report"),
        ({"cohorts": ("innsats",), "formats": ("poster",)}, "BRK-21", "--format", "disse dokumentene: report"),
    ],
)
def test_a_wrong_choice_is_told_with_the_choices_there_are(asked, code, column, said):
    (fault,) = Wanted(**asked).faults()
    assert (fault.code, fault.column) == (code, column)
    assert said in describe([fault])


def test_every_wrong_choice_is_told_at_once():
    faults = Wanted(documents=("x",), languages=("nb", "", "fi"), formats=("y", "pdf")).faults()
    assert [fault.found for fault in faults] == ["x", "", "fi", "y"]


def test_a_right_wish_has_no_faults():
    asked = Wanted(("0542",), ("innsats",), ("report", "poster"), ("nb", "nn", "en"), (*DEFAULT_FORMATS, "poster"))
    assert asked.faults() == []


def test_a_template_that_cannot_be_read_is_told_before_anything_is_made(tmp_path):
    for path in (tmp_path / "none.docx", tmp_path):
        with pytest.raises(UsageError) as caught:
            read_template(path)
        assert [(item.code, item.found) for item in caught.value.findings] == [("BRK-23", str(path))]


@pytest.mark.parametrize("language", languages())
def test_the_help_names_every_document_about_a_municipality(language):
    said = text("cli.render.document", language).replace(",", " ").replace(".", " ").split()
    assert [name for name in ABOUT_A_MUNICIPALITY if name not in said] == []


def test_a_template_is_checked_by_the_rules_for_templates_and_by_no_others(tmp_path):
    right, other, text, outside = (tmp_path / name for name in ("a.dotx", "b.docx", "c.docx", "d.docx"))
    right.write_bytes(
        changed(municipal_template(), "[Content_Types].xml", replace=(b"document.main", b"template.main"))
    )
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    text.write_text("Mal")
    link = b'<Relationships xmlns="x"><Relationship TargetMode="External" Target="http://x.test"/></Relationships>'
    outside.write_bytes(changed(municipal_template(), "word/_rels/settings.xml.rels", link))
    assert read_template(right) == checked_template(right.read_bytes(), "a.dotx")
    for path, code in ((other, "RAP-70"), (text, "RAP-70"), (outside, "RAP-72")):
        with pytest.raises(ReportError) as caught:
            read_template(path)
        assert {(item.code, item.file) for item in caught.value.findings} == {(code, path.name)}
