"""Who a report is about: the ids that are accepted, and file names that cannot leave their folder."""

import pytest

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.subject import Subject, id_of_file, subject_id

MUNICIPALITY = Subject("municipality", "0542", "Nord-Aurdal")
COHORT = Subject("cohort", "pulje_2", "Pulje II")


@pytest.mark.parametrize(
    ("kind", "id", "name", "code"),
    [
        ("municipality", "542", "Nord-Aurdal", "RAP-17"), ("municipality", 542, "Nord-Aurdal", "RAP-17"),
        ("municipality", "pulje_2", "Pulje II", "RAP-17"), ("cohort", "0542", "Nord-Aurdal", "RAP-23"),
        ("cohort", "../pulje_2", "Pulje II", "RAP-23"), ("cohort", "pulje-2", "Pulje II", "RAP-23"),
        ("cohort", "Pulje", "Pulje II", "RAP-23"), ("cohort", "pulje_2\n", "Pulje II", "RAP-23"),
        ("cohort", "", "Pulje II", "RAP-23"), ("cohort", None, "Pulje II", "RAP-23"),
        ("county", "05", "Oppland", "RAP-22"), ("cohort", "pulje_2", " ", "RAP-21"), ("cohort", "pulje_2", 2, "RAP-21"),
    ],
)  # fmt: skip
def test_what_is_no_subject_is_refused(kind, id, name, code):
    with pytest.raises(ReportError) as caught:
        Subject(kind, id, name)
    assert [item.code for item in caught.value.findings] == [code]


def test_the_name_of_a_cohort_never_builds_a_path():
    assert Subject("cohort", "innsats", "../../etc/passwd").file_stem == "innsats"
    assert Subject("municipality", "1719", "../../etc/passwd").file_stem == "1719-etc-passwd"


def test_the_same_subject_is_of_the_same_kind_and_id_whatever_its_name():
    assert COHORT.is_same(Subject("cohort", "pulje_2", "Andre pulje"))
    assert not COHORT.is_same(Subject("cohort", "pulje_3", "Pulje II"))
    assert not COHORT.is_same(MUNICIPALITY)


def test_a_published_file_says_whom_it_is_about():
    for subject in (MUNICIPALITY, COHORT):
        for mark in ("", "-syntetisk"):
            assert id_of_file(f"{subject.file_stem}{mark}.results.json") == subject.id


def test_parameters_say_whom_they_are_about():
    assert subject_id({"programme": "x", "cohort": "pulje_2"}) == "pulje_2"
    assert subject_id({"municipality": "0542"}) == "0542"
    assert subject_id({"programme": "x"}) == ""
