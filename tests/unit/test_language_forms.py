"""Which language a municipality's documents are in: what the user's file says, and nothing is guessed."""

import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.language_forms import language_of, read_language_forms
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe


@pytest.fixture(scope="module")
def config():
    return load_config(PROGRAMME)


@pytest.fixture(scope="module")
def register(config):
    return load_register(config)


def with_forms(config, path):
    return config.model_copy(update={"files": config.files.model_copy(update={"language_forms": str(path)})})


def forms_in(config, tmp_path, content):
    path = tmp_path / "forms.csv"
    path.write_text(content, "utf-8")
    return with_forms(config, path)


def test_without_a_file_nobody_has_a_form_and_the_programmes_language_is_used(config, register):
    assert config.files.language_forms is None, "the project comes with no language form of any municipality"
    assert read_language_forms(config, register) == {}
    assert language_of(config, {}, "0542") == config.programme.language == "nb"


def test_the_file_may_be_written_in_norwegian(config, register, tmp_path):
    content = "kommunenummer;kommunenavn;målform\n0544;Øystre Slidre;Nynorsk\n0501;;bokmål\n"
    changed = forms_in(config, tmp_path, content)
    assert read_language_forms(changed, register) == {"0544": "nn", "0501": "nb"}


def test_the_example_is_read(config, register):
    example = ROOT / "data" / "raw" / "examples" / "language_forms.csv"
    forms = read_language_forms(with_forms(config, example), register)
    assert set(forms.values()) == {"nb", "nn", "neutral"}
    (neutral,) = [number for number, form in forms.items() if form == "neutral"]
    assert language_of(config, forms, neutral) == "nb"


def test_another_word_is_refused_with_file_line_column_text_and_what_to_write(config, register, tmp_path):
    changed = forms_in(config, tmp_path, "municipality_number;language_form\n0542;nn\n0501;samnorsk\n0544;\n")
    with pytest.raises(DataError) as caught:
        read_language_forms(changed, register)
    found = [(item.line, item.column, item.found) for item in caught.value.findings]
    assert found == [(3, "language_form", "samnorsk"), (4, "language_form", "")]
    said = describe(caught.value.findings)
    for part in (
        "forms.csv",
        "Linje: 3",
        "Kolonne: language_form",
        "«samnorsk»",
        "Hvorfor: ",
        "nb (bokmål)",
        "nn (nynorsk)",
    ):
        assert part in said


def test_a_number_that_is_no_municipality_then_is_refused(config, register, tmp_path):
    changed = forms_in(config, tmp_path, "municipality_number;language_form\n3401;nn\n0542;nb\n")
    with pytest.raises(DataError) as caught:
        read_language_forms(changed, register)
    assert [(item.code, item.line, item.found) for item in caught.value.findings] == [("REG-60", 2, "3401")]
    assert "3401 er ingen kommune i grensene fra 2008" in describe(caught.value.findings)


def test_a_municipality_stands_once(config, register, tmp_path):
    changed = forms_in(config, tmp_path, "municipality_number;language_form\n0542;nn\n0542;nb\n")
    with pytest.raises(DataError):
        read_language_forms(changed, register)
