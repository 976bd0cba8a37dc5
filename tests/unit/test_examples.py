"""Every layout and every kind of document has an invented example that is read without a finding."""

import pandas as pd
import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.documents.kinds import KINDS
from kvalitet_eval.prepare.documents.reader import SUFFIXES, inspect_document
from kvalitet_eval.prepare.intake import inspect, read
from kvalitet_eval.prepare.layouts.bundled import BUNDLED
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.semantics.meaning import check_meaning
from kvalitet_eval.prepare.semantics.survey import check_survey, response_rates

FOLDER = ROOT / "data" / "raw" / "examples"
TABLES = sorted(FOLDER.glob("*.csv"))
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.suffix in SUFFIXES)
DELIVERED = {layout.id for layout in BUNDLED} - {"accounts"}  # bundled files are their own examples


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


def test_there_is_one_of_every_layout_and_every_document():
    assert {path.stem for path in TABLES} == set(LAYOUTS) - DELIVERED
    assert {path.stem for path in DOCUMENTS} == set(KINDS) - {"municipality_texts"}  # bundled, as its own example


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_an_example_is_recognised_by_its_columns_and_read_without_a_finding(path, register):
    intake = inspect(path, register=register)
    assert intake.layout.id == path.stem
    assert intake.findings == ()
    assert len(intake.rows) == len(path.read_text(encoding="utf-8").splitlines()) - 1 > 0
    assert check_meaning(intake.rows, intake.layout, path) == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_an_example_says_that_it_is_invented(path):
    rows = read(path, path.stem).rows
    if "origin" in rows:
        assert set(rows["origin"]) == {"syntetisk"}
    else:
        assert path.stem in ("accounts", "language_forms", "sick_leave_rates")
        assert f"`{path.name}`" in (FOLDER / "SOURCE.md").read_text(encoding="utf-8").split("## Known traps")[1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_an_example_of_a_document_is_read_without_a_finding_and_says_that_it_is_invented(path, register):
    document = inspect_document(path, register)
    assert (document.kind, document.findings) == (path.stem, ())
    assert document.content.origin == "syntetisk"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_norwegian_headings_mean_the_same(path, register, tmp_path):
    layout = LAYOUTS[path.stem]
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    names = [(*layout.column(name).aliases, name)[0] for name in header.split(";")]
    norwegian = tmp_path / path.name
    norwegian.write_text("\n".join([";".join(name.capitalize() for name in names), *lines]), encoding="utf-8")
    intake = inspect(norwegian, register=register)
    assert (intake.layout.id, intake.findings) == (path.stem, ())
    pd.testing.assert_frame_equal(intake.rows, read(path, path.stem).rows)


def test_the_three_files_of_the_survey_fit_together():
    files = [read(FOLDER / f"survey_{name}.csv", f"survey_{name}") for name in ("codebook", "frame", "responses")]
    assert check_survey(*files) == ()
    assert response_rates(*files[1:])["n_answered"].tolist() == [2, 1]


def test_every_column_of_a_layout_stands_in_its_example():
    for path in TABLES:
        header = path.read_text(encoding="utf-8").splitlines()[0].split(";")
        assert set(LAYOUTS[path.stem].required) <= set(header) <= {c.name for c in LAYOUTS[path.stem].columns}
