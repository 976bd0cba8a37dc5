import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from chart_samples import small_chart
from publish_samples import opened

from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.tables import Cell, Table, TableColumn, build_table, from_dict, table_of_chart

FRAME = pd.DataFrame(
    {
        "name": ["Levanger", "Bø"],
        "rate_pct": [9.0499999, np.nan],
        "n": pd.array([1234, None], dtype="Int64"),
        "low": [-0.82, np.nan],
        "high": [-0.02, np.nan],
        "quarter": ["2007Q3", "2007Q4"],
        "day": [dt.date(2007, 3, 28), None],
    }
)
COLUMNS = (
    TableColumn("name", "Kommune"),
    TableColumn("rate_pct", "Sykefravær", "percent"),
    TableColumn("n", "Ansatte", "count", "personer"),
    TableColumn("low", "Intervall", "interval", "prosentpoeng", 2, "high"),
    TableColumn("quarter", "Periode", "quarter"),
    TableColumn("day", "Opptak", "date"),
)


def build(columns=COLUMNS, **changes):
    settings = {"id": "t", "caption": "Tabell", "source": "KS", **changes}
    return build_table(opened(FRAME), columns, **settings).content


def test_printed_text_stands_beside_full_precision():
    first, second = build(notes=["En note"]).rows
    assert [cell.text for cell in first] == [
        "Levanger", "9,0\u00a0%", "1\u00a0234", "−0,82 til −0,02", "3. kv. 2007", "28. mars 2007",
    ]  # fmt: skip
    assert [cell.value for cell in first] == ["Levanger", 9.0499999, 1234, (-0.82, -0.02), "2007Q3", "2007-03-28"]
    assert [cell.text for cell in second] == ["Bø", "..", "..", "..", "4. kv. 2007", ".."]
    assert type(first[2].value) is int and type(first[1].value) is float


def test_alignment_and_heading():
    table = build()
    assert [column.align for column in table.columns] == ["left", "right", "right", "right", "left", "left"]
    assert table.columns[2].heading == "Ansatte (personer)"


def test_the_frame_is_not_changed_and_a_missing_column_is_named():
    before = FRAME.copy(deep=True)
    build()
    pd.testing.assert_frame_equal(FRAME, before)
    with pytest.raises(ValueError, match=r"not in the frame: \['rate'\]"):
        build((TableColumn("rate", "Sykefravær", "number"),))


def test_wrong_tables_are_refused():
    with pytest.raises(ValueError, match="caption and source"):
        build(caption="")
    with pytest.raises(ValueError, match="unknown kind 'procent'"):
        TableColumn("a", "A", "procent")
    with pytest.raises(ValueError, match="needs high_key"):
        TableColumn("a", "A", "interval")
    with pytest.raises(ValueError, match=r"rows \[0\] have another number of cells"):
        Table("t", "T", COLUMNS, ((Cell("a", "a"),),), "KS", "observed")


def test_a_table_survives_storing():
    table = build()
    assert from_dict(json.loads(json.dumps(table.to_dict()))) == table


def test_the_table_of_a_chart_has_the_numbers_of_the_chart():
    table = table_of_chart(small_chart(notes=("Merk",)))
    assert [column.heading for column in table.columns] == [
        "Kvartaler", "Levanger (prosent)", "Anslag (prosent)", "Anslag, intervall (prosent)", "Bånd (prosent)",
    ]  # fmt: skip
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["-2", "9,0", ".", ".", "8,0 til 9,0"],
        ["-1", "8,5", "3,0", "2,0 til 4,5", "8,3 til 9,5"],
        ["0", "..", ".", ".", ".."],
        ["1", "7,3", "5,0", "4,3 til 6,0", "8,5 til 10,0"],
        ["2", "8,0", ".", ".", "."],
    ]
    assert table.rows[0][1].value == 9.04
    notes = ("Merk", text("mark.missing"), text("mark.not_applicable"))
    assert (table.caption, table.origin, table.notes) == ("Tallene i figuren: Tittel", "syntetisk", notes)


def test_marks_stand_where_there_is_no_value_and_are_explained_once():
    statuses = {"rate_pct": [0]}
    table = build_table(opened(FRAME, hidden=statuses), COLUMNS, id="t", caption="T", source="KS").content
    assert [row[1].text for row in table.rows] == [":", ".."]
    assert table.notes == (text("mark.confidential"), text("mark.missing"))
    assert "9,0" not in json.dumps(table.to_dict())


def test_a_plain_frame_and_words_with_other_numbers_are_refused():
    with pytest.raises(ReportError, match="PUB-20"):
        build_table(FRAME, COLUMNS, id="t", caption="T", source="KS")
    with pytest.raises(ReportError, match="PUB-25"):
        build(caption="I Bø var det 8,7")
    with pytest.raises(ReportError, match="PUB-25"):
        build((TableColumn("said", "Sagt"),), words={"said": ["En", "To av 77"]})
    assert (
        build((TableColumn("said", "Sagt"),), words={"said": ["En", "To av 77"]}, facts=[77]).rows[1][0].text
        == "To av 77"
    )
