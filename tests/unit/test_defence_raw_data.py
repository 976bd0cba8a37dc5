"""What the scanner learns from raw data, and from what was withheld: every kind of file, every list, every name."""

from collections import defaultdict

import pandas as pd
import pytest
import xlsxwriter
from made_programme import copy_project

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.publish.audit import WithheldValue, write_withheld
from kvalitet_eval.report.disclosure_known import raw_marks, spellings, withheld_values

ROWS = [["person_key", "navn", "dager"], ["K-000117", "Ola Hansen", "4"]]
MARKS = {"K-000117", "Ola Hansen"}


def write_text(path, *above):
    path.write_text("".join(";".join(row) + "\n" for row in [*above, *ROWS]), "utf-8")


def write_workbook(path):
    with xlsxwriter.Workbook(str(path)) as book:
        for number, row in enumerate(ROWS):
            sheet = book.worksheets()[0] if number else book.add_worksheet()
            sheet.write_row(number, 0, row)


def write_parquet(path):
    pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_parquet(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.csv", write_text), ("a.txt", write_text), ("a.tsv", write_text), ("A.CSV", write_text),
        ("a.xlsx", write_workbook), ("a.xlsm", write_workbook), ("a.parquet", write_parquet),
    ],
)  # fmt: skip
def test_persons_are_learnt_from_every_kind_of_file_in_a_folder(tmp_path, name, write):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    write(tmp_path / "deep" / "er" / name)
    assert set(raw_marks([tmp_path])) == MARKS


def test_headings_may_stand_under_a_title(tmp_path):
    write_text(tmp_path / "a.csv", ["Fravær 2007", "", ""], ["Kilde", "lønn", ""])
    assert set(raw_marks([tmp_path])) == MARKS


def test_every_list_of_withheld_values_is_read(tmp_path):
    values = [WithheldValue("t", "n", {"geo": code}, 3.5, "small") for code in "ab"]
    for value in values:
        write_withheld(tmp_path / value.key["geo"] / "withheld.json", [value])
    assert withheld_values(tmp_path) == tuple(values)


def test_a_code_is_known_by_all_names_it_has_had(tmp_path):
    config = load_config(copy_project(tmp_path / "project"))
    named, names = spellings(config), defaultdict(set)
    for item in load_register(config).municipalities:
        names[item.number].add(item.name)
    assert max(map(len, names.values())) > 1
    assert all(found <= {*named[number]} for number, found in names.items())
    assert all(intake.name in named[intake.id] for intake in config.intakes)
