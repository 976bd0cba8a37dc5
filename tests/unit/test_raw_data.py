"""Every delivered file is there, unchanged, and says where it comes from."""

import hashlib
import re

import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.intake import read

RAW = ROOT / "data" / "raw"
FOLDERS = sorted(path for path in RAW.iterdir() if path.is_dir())
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| .+ \| (?P<rows>\d+) \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_source_file_lists_exactly_the_files_with_their_sha256(folder):
    listed = {row["name"]: row["sha256"] for row in ROW.finditer((folder / "SOURCE.md").read_text(encoding="utf-8"))}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SOURCE.md"
    }
    assert listed == found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_source_file_states_origin_date_licence_and_traps(folder):
    text = (folder / "SOURCE.md").read_text(encoding="utf-8")
    for heading in ("**Origin.**", "**Date.**", "**Licence.**", "**Format.**", "## Known traps"):
        assert heading in text


CONFIG = load_config(PROGRAMME)


FOLDER_OF_TEXTS = "municipality_texts"


@pytest.mark.parametrize(
    "name", sorted(name for name, file in CONFIG.files.model_dump().items() if file and name != FOLDER_OF_TEXTS)
)
def test_every_file_of_the_programme_is_there_and_has_a_source(name):
    path = CONFIG.file(name)
    assert path.is_file()
    assert f"`{path.name}`" in (path.parent / "SOURCE.md").read_text(encoding="utf-8")


def test_the_folder_of_texts_has_a_source_and_a_file_named_by_a_number():
    folder = CONFIG.file(FOLDER_OF_TEXTS)
    names = [path.stem for path in folder.glob("*.toml")]
    assert names
    assert all(re.fullmatch("[0-9]{4}", name) for name in names)
    assert (folder / "SOURCE.md").is_file()


def test_overview_names_every_folder():
    text = (RAW / "README.md").read_text(encoding="utf-8")
    assert all(f"]({folder.name}/SOURCE.md)" in text for folder in FOLDERS)


@pytest.mark.parametrize(
    ("file", "layout"),
    [
        ("municipality_register/municipalities.csv", "municipalities"),
        ("municipality_register/municipality_changes.csv", "municipality_changes"),
        ("municipality_register/municipalities_2008.csv", "municipalities_2008"),
        ("programme_participants/programme_participants.csv", "participants"),
        ("national_sick_leave/national_sick_leave_quarterly.csv", "national_series"),
        ("annual_report_2007/annual_report_2007_table1.csv", "table_1"),
        ("annual_report_2007/annual_report_2007_accounts.csv", "accounts"),
        ("ssb_published_cells/ssb_published_cells_37_municipalities.csv", "ssb_cells"),
        ("claims/claims.csv", "claims"),
    ],
)
def test_every_file_passes_the_intake_with_as_many_rows_as_its_source_says(file, layout):
    path = RAW / file
    rows = {row["name"]: int(row["rows"]) for row in ROW.finditer((path.parent / "SOURCE.md").read_text("utf-8"))}
    assert len(read(path, layout).rows) == rows[path.name]


def test_accounts_add_up_to_the_result_carried_over():
    rows = read(load_config(PROGRAMME).file("published_accounts"), "accounts").rows
    parts = rows[~rows["item"].str.lower().str.startswith("sum")].groupby("section")["amount_nok"].sum()
    sums = rows[rows["item"].str.lower().str.startswith("sum")].set_index("section")["amount_nok"]
    assert (parts["income"], parts["secretariat"], parts["municipalities"]) == (14_702_434, 4_463_847, 8_108_792)
    assert parts[sums.index].equals(sums)
    assert parts["income"] - parts["secretariat"] - parts["municipalities"] == parts["result"] == 2_129_795


def test_national_rates_are_rounded_self_and_doctor_differ_from_total_in_13_of_46_quarters():
    rows = read(load_config(PROGRAMME).file("national_series"), "national_series").rows
    gap = (rows["self_certified_pct"] + rows["doctor_certified_pct"] - rows["total_pct"]).round(1)
    assert (len(rows), rows["quarter"].iloc[0], rows["quarter"].iloc[-1]) == (46, "2000Q2", "2011Q3")
    assert (gap.abs() == 0.1).sum() == 13
    assert (gap.abs() <= 0.1).all()
