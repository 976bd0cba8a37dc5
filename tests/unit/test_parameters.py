import json

import pytest
from report_samples import write_notebook

from kvalitet_eval.errors import ReportError, UsageError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.parameters import Parameter, check_parameters, read_parameters

CELL = """
# What this run is about.
programme: str = "programmes/kkp.toml"
municipality: str = "0542"  # fire sifre, tekst
anticipation: int = 1  # kvartaler
share: float = 0.5
with_map: bool = False
language = "nb"
results_file: str = ""  # empty = only shown; a "==" here is harmless
"""


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(tmp_path / "municipality.ipynb", parameters=CELL)


def refused(notebook, **given):
    with pytest.raises(UsageError) as caught:
        check_parameters(notebook, {"municipality": "0542", **given})
    assert caught.value.exit_code == 2
    return describe(caught.value.findings)


def test_declarations_are_read_with_type_default_and_comment(notebook):
    declared = {parameter.name: parameter for parameter in read_parameters(notebook)}
    assert list(declared) == [
        "programme", "municipality", "anticipation", "share", "with_map", "language", "results_file",
    ]  # fmt: skip
    assert declared["municipality"] == Parameter("municipality", "str", "0542", True, "fire sifre, tekst")
    assert declared["language"] == Parameter("language", "str", "nb", False, "")
    assert declared["results_file"].meaning == 'empty = only shown; a "==" here is harmless'


def test_good_values_come_back_in_the_declared_types(notebook):
    given = {"municipality": "0301", "anticipation": "2", "share": "0.25", "with_map": "true", "results_file": "x.json"}
    expected = {"municipality": "0301", "anticipation": 2, "share": 0.25, "with_map": True, "results_file": "x.json"}
    assert check_parameters(notebook, given) == expected
    assert check_parameters(notebook, {"municipality": "0301", "share": 1}) == {"municipality": "0301", "share": 1.0}


def test_misspelt_name_is_refused_with_the_likely_one_first(notebook):
    message = refused(notebook, anticipaton=2)
    assert "BRK-01" in message
    assert "Notatboka har ingen parameter som heter «anticipaton»" in message
    assert "Bruk et av disse navnene: anticipation, " in message
    assert str(notebook) in message


@pytest.mark.parametrize("value", ["301", 301, "301.0", "03011", "0301 ", "०३०१", None, ["0301"]])
def test_municipality_is_text_of_four_digits(notebook, value):
    message = refused(notebook, municipality=value)
    assert "BRK-04" in message
    assert "Et kommunenummer er tekst med fire sifre" in message
    assert '"0301"' in message


@pytest.mark.parametrize("value", ["Innsats", "pulje-2", "../pulje_2", "2", "", "pulje_2 ", 2, None])
def test_cohort_is_the_id_of_an_intake_and_must_be_given(tmp_path, value):
    cell = 'cohort: str = "innsats"  # id of the intake'
    notebook = write_notebook(tmp_path / "cohort.ipynb", parameters=cell)
    assert check_parameters(notebook, {"cohort": "pulje_2"}) == {"cohort": "pulje_2"}
    for given, code in (({"cohort": value}, "BRK-06"), ({}, "BRK-02")):
        with pytest.raises(UsageError) as caught:
            check_parameters(notebook, given)
        assert [item.code for item in caught.value.findings] == [code]


def test_number_without_its_leading_zero_is_shown_with_it(notebook):
    assert '"0101"' in refused(notebook, municipality=101)


def test_municipality_must_be_given_although_the_notebook_has_one(notebook):
    with pytest.raises(UsageError) as caught:
        check_parameters(notebook, {})
    message = describe(caught.value.findings)
    assert "BRK-02" in message
    assert "Oppgi en verdi for «municipality»: fire sifre, tekst." in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("anticipation", "1.5"), ("anticipation", 1.5), ("anticipation", True), ("anticipation", "en"),
        ("share", "0,5"), ("share", "nan"), ("share", "inf"), ("with_map", 1), ("with_map", "ja"), ("programme", 7),
    ],
)  # fmt: skip
def test_wrong_types_are_refused(notebook, name, value):
    message = refused(notebook, **{name: value})
    assert "BRK-03" in message
    assert f"Parameteren «{name}» skal være " in message


SECRET_NAMES = [
    "token", "db_passord", "API_KEY", "apiKey", "clientSecret", "key", "min_nøkkel", "hemmelighet", "hemmeleg_ord",
    "access_key", "privateKey", "sshprivatekey", "passphrase", "credentials", "pwd", "pinkode", "auth", "PASSWORD2",
    "dataKey",
]  # fmt: skip


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_secrets_are_refused_and_never_repeated(notebook, name):
    message = refused(notebook, **{name: "hunter2"})
    assert "BRK-05" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_notebook_that_declares_a_secret_is_refused_too(tmp_path, name):
    notebook = write_notebook(tmp_path / "n.ipynb", parameters=f'{CELL}\n{name}: str = "hunter2"  # adgang')
    message = refused(notebook, municipality="0542", results_file="x")
    assert "BRK-05" in message
    assert "hunter2" not in message


def test_names_that_only_contain_key_are_not_secrets(notebook):
    message = refused(notebook, keyboard="x", turkey="y", author="z", monkeys="w", pinse="v")
    assert "BRK-01" in message
    assert "BRK-05" not in message


def test_all_faults_come_at_once(notebook):
    message = refused(notebook, municipality=301, token="x", komune="Verdal", anticipation="x")
    assert [code for code in ("BRK-01", "BRK-03", "BRK-04", "BRK-05") if code in message] == [
        "BRK-01", "BRK-03", "BRK-04", "BRK-05",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["import os", "n: int = 1 + 1", "n: int = '1'", "n: list = [1]", "a = b = 1", "n: int = (", "x: str = f()"]
)
def test_anything_but_plain_assignments_is_refused(tmp_path, cell):
    notebook = write_notebook(tmp_path / "n.ipynb", parameters=cell)
    with pytest.raises(ReportError) as caught:
        read_parameters(notebook)
    assert "RAP-02" in describe(caught.value.findings)
    assert "Parametercella inneholder noe annet" in describe(caught.value.findings)


def test_declaration_without_a_default_must_be_given(tmp_path):
    notebook = write_notebook(tmp_path / "n.ipynb", parameters="cohort: str  # opptak")
    assert read_parameters(notebook) == (Parameter("cohort", "str", None, True, "opptak"),)


def test_number_of_parameters_cells_must_be_one(tmp_path):
    notebook = write_notebook(tmp_path / "n.ipynb", "x = 1")
    content = json.loads(notebook.read_text())
    for expected, tags in ((0, []), (2, ["parameters"])):
        for cell in content["cells"]:
            cell["metadata"]["tags"] = tags
        notebook.write_text(json.dumps(content))
        with pytest.raises(ReportError) as caught:
            read_parameters(notebook)
        assert f"har {expected} celler" in describe(caught.value.findings)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", "not json", '{"cells": [1]}'])
def test_file_that_is_not_a_notebook(tmp_path, content):
    path = tmp_path / "n.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ReportError) as caught:
        read_parameters(path)
    assert "kan ikke leses som en notatbok" in describe(caught.value.findings)
