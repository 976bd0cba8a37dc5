"""Workbooks and CSV files of a report: every number with all its decimals, the printed text beside it, nothing runs."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from publish_samples import opened
from report_samples import full_report, passed, sample_chart, sample_report, sample_table, words
from test_safe_tables import FORMULAS, is_formula, split_everywhere

from kvalitet_eval.present.tables import TableColumn, build_table
from kvalitet_eval.report.sheets import BYTE_ORDER_MARK, number_format, render_csv, render_workbook

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [
    TableColumn("name", "Kommune"),
    TableColumn("rate", "Fravær", "number", "prosent"),
    TableColumn("low", "Intervall", "interval", "prosent", high_key="high"),
    TableColumn("change", "Endring", "points"),
    TableColumn("n", "Antall", "count"),
]
ROWS = {
    "name": ["Bø", "Nord-Aurdal"],
    "rate": [9.04999, None],
    "low": [8.5, None],
    "high": [9.5, None],
    "change": [-0.42, 0.0],
    "n": [12345, None],
}


def report_of(*tables, language="nb", **changes):
    made = sample_report(language=language, **changes)
    made.section(words("Tabeller"))
    for table in tables:
        made.table(passed(table))
    return made


def numbers_table(**changes):
    about = {"id": "numbers", "caption": "Tall", "source": "KS", "notes": ("Merk dette.",), **changes}
    return build_table(opened(pd.DataFrame(ROWS)), COLUMNS, **about).content


def sheets(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(data, language="nb"):
    sign = "," if language == "en" else ";"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign))


def test_a_sheet_has_numbers_with_the_printed_text_beside_them():
    sheet = sheets(render_workbook(report_of(numbers_table()))).worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=6)]
    printed = "slik det står i rapporten"
    assert rows[0] == [
        "Kommune", "Fravær (prosent)", f"Fravær (prosent), {printed}", "Intervall (prosent), nedre grense",
        "Intervall (prosent), øvre grense", f"Intervall (prosent), {printed}", "Endring", f"Endring, {printed}",
        "Antall", f"Antall, {printed}",
    ]  # fmt: skip
    assert rows[1] == ["Bø", 9.04999, "9,0", 8.5, 9.5, "8,5 til 9,5", -0.42, "−0,4 prosentpoeng", 12345, "12\xa0345"]
    assert rows[2] == ["Nord-Aurdal", "..", "..", "..", "..", "..", 0, "0,0 prosentpoeng", "..", ".."]
    assert [cell.data_type for cell in sheet[5]] == ["s", "n", "s", "n", "n", "s", "n", "s", "n", "s"]
    assert sheet["B5"].number_format == '#,##0.0;"−"#,##0.0'
    assert sheet.freeze_panes == "B5"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (TableColumn("a", "A"), ""),
        (TableColumn("a", "A", "quarter"), ""),
        (TableColumn("a", "A", "number", decimals=0), '#,##0;"−"#,##0'),
        (TableColumn("a", "A", "percent", decimals=2), '#,##0.00;"−"#,##0.00'),
        (TableColumn("a", "A", "points", decimals=2), '+#,##0.00;"−"#,##0.00;0.00'),
    ],
)
def test_numbers_are_shown_with_the_decimals_of_the_report(column, shown):
    assert number_format(column) == shown


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_first_sheet_says_what_the_numbers_rest_on(language):
    data = render_workbook(full_report(language=language))
    first = sheets(data).worksheets[0]
    said = " ".join(str(cell.value) for row in first.iter_rows() for cell in row)
    facts = full_report().facts
    for known in (facts.source, facts.period, facts.method, facts.version, facts.run_id, "Nord-Aurdal (0542)"):
        assert known in said
    assert "Merknad om Nord-Aurdal" in said  # what the report says that it does not show
    assert {"nb": "Syntetiske tall", "nn": "Syntetiske tal.", "en": "Synthetic figures"}[language] in said
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        core = packed.read("docProps/core.xml").decode()
    assert {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[language] == re.search("language>([^<]+)<", core)[1]
    assert "<dc:creator>kvalitet-eval</dc:creator>" in core


def test_every_sheet_says_where_its_numbers_come_from():
    book = sheets(render_workbook(full_report()))
    said = {sheet.title: sheet["A2"].value for sheet in book.worksheets[1:]}
    assert list(said.values()) == [
        "Opphav: syntetisk", "Opphav: virkelige tall, i en rapport som også har syntetiske",
    ]  # fmt: skip
    observed = report_of(numbers_table(), origin="observed")
    assert sheets(render_workbook(observed)).worksheets[1]["A2"].value == "Opphav: virkelige tall"
    last = [row[0].value for row in book.worksheets[2].iter_rows()][-3:]
    assert last == ["Nord-Aurdal", "To punktum (..) betyr at tallet mangler.", "Kilde: Nord-Aurdal"]


def test_sheets_follow_the_report_and_have_short_different_names():
    title = "En svært lang tittel om det samme i alle figurene i rapporten"
    made = sample_report()
    made.section(words("Figurer"))
    for number in range(3):
        made.chart(passed(sample_chart(f"c{number}", title)))
    made.table(passed(sample_table()))
    names = sheets(render_workbook(made)).sheetnames
    assert names[0] == "Om tabellene"
    assert [name.split()[0] for name in names[1:]] == ["1", "2", "3", "4"]
    assert all(len(name) <= 31 for name in names)
    assert len(set(names)) == 5
    assert names[1] == "1 En svært lang tittel om"


def test_a_chart_gives_its_numbers_also_when_the_page_shows_no_table():
    made = sample_report()
    made.section(words("Figur"))
    made.chart(passed(sample_chart()), table=False)
    assert list(render_csv(made)) == ["development-table"]
    assert len(sheets(render_workbook(made)).worksheets) == 2


def test_csv_has_marks_in_columns_of_their_own_and_says_where_it_comes_from():
    data = render_csv(report_of(numbers_table()))["numbers"]
    assert data.startswith(BYTE_ORDER_MARK)
    head, first, second = rows_of(data)
    assert head == [
        "Kommune", "Fravær (prosent)", "Fravær (prosent), merke", "Intervall (prosent), nedre grense",
        "Intervall (prosent), øvre grense", "Intervall (prosent), merke", "Endring", "Endring, merke", "Antall",
        "Antall, merke", "Tabell", "Kilde", "Opphav", "Merknader",
    ]  # fmt: skip
    assert first[:10] == ["Bø", "9,04999", "", "8,5", "9,5", "", "-0,42", "", "12345", ""]
    assert second[:10] == ["Nord-Aurdal", "", "..", "", "", "..", "0,0", "", "", ".."]
    about = ["Tall", "KS", "virkelige tall, i en rapport som også har syntetiske"]
    assert first[10:] == second[10:] == [*about, "Merk dette. To punktum (..) betyr at tallet mangler."]


def test_csv_opens_in_a_spreadsheet_of_its_language():
    made = {language: report_of(numbers_table(), language=language) for language in ("nb", "nn", "en")}
    read = {
        language: pd.read_csv(
            io.BytesIO(render_csv(report)["numbers"]), sep="," if language == "en" else ";",
            decimal="." if language == "en" else ",", encoding="utf-8-sig",
        )
        for language, report in made.items()
    }  # fmt: skip
    for frame in read.values():
        assert frame.iloc[0, 1] == 9.04999
        assert frame.iloc[:, 1].dtype == float
    assert list(read["nn"].columns)[-4:] == ["Tabell", "Kjelde", "Opphav", "Merknader"]
    assert list(read["en"].columns)[-4:] == ["Table", "Source", "Origin", "Notes"]


def test_every_number_of_a_report_comes_back_from_both():
    made = full_report()
    wanted = sorted([10.700000000000001, 7.9, -2.8])
    book = sheets(render_workbook(made)).worksheets[1:]
    numeric = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n"]
    assert sorted(value for value in numeric if value is not None) == wanted
    cells = [cell for data in render_csv(made).values() for row in rows_of(data)[1:] for cell in row[1:2]]
    assert sorted(float(cell.replace(",", ".")) for cell in cells if cell) == wanted


def test_the_same_report_gives_the_same_bytes_also_in_another_process():
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/unit'); from test_sheets import *; made = full_report(); "
        "print(hashlib.sha256(render_workbook(made) + b''.join(render_csv(made).values())).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo"}
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**environment, "PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert len(set(said)) == 1
    assert render_workbook(full_report()) == render_workbook(full_report())


def test_properties_hold_no_time_of_day():
    with zipfile.ZipFile(io.BytesIO(render_workbook(full_report()))) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = packed.read("docProps/core.xml").decode()
    assert set(re.findall(r">(\d{4}-[^<]+)<", core)) == {"2000-01-01T00:00:00Z"}


def test_no_formula_in_any_cell_of_a_table_of_formulas():
    frame = pd.DataFrame({"name": [f"{word}{number}" for number, word in enumerate(FORMULAS)], "n": 1.0})
    columns = [TableColumn("name", "=1+1"), TableColumn("n", "Antall", "count")]
    built = build_table(opened(frame), columns, id="t", caption="=1+1", source="@SUM(1)").content
    assert len(built.rows) == len(FORMULAS) > 20
    made = report_of(built)
    cells = [cell for cell in split_everywhere(render_csv(made)["t"].decode("utf-8-sig")) if is_formula(cell)]
    assert cells == []
    with zipfile.ZipFile(io.BytesIO(render_workbook(made))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert not any("<f" in part for name, part in parts.items() if "worksheets/" in name)
    assert not any("<hyperlink" in part or 'TargetMode="External"' in part for part in parts.values())
