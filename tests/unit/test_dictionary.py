from pathlib import Path

import pytest

from kvalitet_eval.prepare.dictionary import render_dictionary
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.schema import LAYOUTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "DATA.md"


def test_the_document_says_what_the_schema_says():
    assert DOCUMENT.read_text(encoding="utf-8") == render_dictionary(), "write render_dictionary() to docs/DATA.md"


def test_the_example_in_the_document_is_accepted(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_text(DOCUMENT.read_text(encoding="utf-8").split("```")[1].lstrip(), encoding="utf-8")
    result = inspect(path)
    assert result.layout.id == "sick_leave_days"
    assert result.findings == ()
    assert result.rows["lost_days_doctor"].tolist() == [2415.5, 2240]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.id)
def test_layouts_are_complete(layout):
    names = [column.name for column in layout.columns]
    assert len(set(names)) == len(names)
    assert set(layout.key) <= set(names)
    for column in layout.columns:
        assert column.description_nb and column.description_en
        assert "|" not in column.description_nb + column.description_en
        assert (column.kind == "choice") == bool(column.allowed) or column.kind == "municipality"
        assert column.default is None or column.default in column.allowed
        assert not (column.name in layout.key and column.nullable), "a missing key cannot be unique"
        assert column.unit or column.kind not in ("number", "count") or column.name == "antall"


def test_no_two_layouts_ask_for_the_same_columns():
    required = [frozenset(layout.required) for layout in LAYOUTS.values()]
    assert len(set(required)) == len(required)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.id)
def test_a_spelling_means_one_column_of_a_layout(layout):
    spellings = [name.casefold() for column in layout.columns for name in (column.name, *column.aliases)]
    assert len(set(spellings)) == len(spellings)


def test_breaks_and_documents_are_documented():
    text = render_dictionary()
    assert "| `industry_codes_2009` | 2009Q1 | employees, residents |" in text
    assert "### `status_report`" in text
    assert "| `goals.direction` | no | `decrease`, `increase`, `maintain` |" in text
    assert "| `frame.phases` | no | list, `prepare`, " in text
    assert "| `measures.end` | yes | – | End | Når det slutter |" in text
