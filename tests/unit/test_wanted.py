"""What may be asked for, and what is refused with the choices there are."""

import zipfile

import pytest

from kvalitet_eval.errors import UsageError
from kvalitet_eval.present.messages import describe, languages, text
from kvalitet_eval.report import documents, wanted
from kvalitet_eval.report.formats import DEFAULT_FORMATS, ONLY_OF, RENDERERS, formats_of
from kvalitet_eval.report.wanted import Wanted, read_template

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


def test_a_template_must_be_a_word_document(tmp_path):
    right, other, text = (tmp_path / name for name in ("a.docx", "b.docx", "c.docx"))
    for path, part in ((right, "word/document.xml"), (other, "xl/workbook.xml")):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(part, "<x/>")
    text.write_text("Mal")
    assert read_template(right) == right.read_bytes()
    for path in (other, text, tmp_path / "none.docx", tmp_path):
        with pytest.raises(UsageError) as caught:
            read_template(path)
        assert [(item.code, item.found) for item in caught.value.findings] == [("BRK-23", str(path))]


@pytest.mark.parametrize("language", languages())
def test_the_help_names_every_document_about_a_municipality(language):
    said = text("cli.render.document", language).replace(",", " ").replace(".", " ").split()
    assert [name for name in ABOUT_A_MUNICIPALITY if name not in said] == []
