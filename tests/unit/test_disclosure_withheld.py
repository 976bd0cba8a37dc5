"""What the gate withheld is what the scanner looks for, under the names that readers see."""

from pathlib import Path

import pytest

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.audit import WithheldValue, read_withheld, write_withheld
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_withheld import record_of

KEY = {"municipality_number": "1719", "quarter": "2007Q3", "sector": "health_care"}
VALUES = (
    WithheldValue("rates", "employees", KEY, 3.0, "small"),
    WithheldValue("rates", "rate_pct", KEY, None, "source"),
)
SPELLINGS = {"1719": ("Levanger",), "health_care": ("Helse og omsorg",)}


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "private" / "withheld.json"
    write_withheld(path, VALUES)
    return record_of(read_withheld(path), SPELLINGS, canaries=["K-1"], places=[Path(), tmp_path])


def test_names_and_values_come_from_the_gate(stored, tmp_path):
    (item,) = stored.suppressed
    assert (item.output, item.value) == ("rates", 3.0)
    assert item.labels[0] == ("1719", "Levanger")
    assert item.labels[1][:3] == ("2007Q3", "Q3 2007", "3. kv. 2007")
    assert item.labels[2] == ("health_care", "Helse og omsorg")
    assert len(item.labels) == 3  # no page calls the column employees
    assert stored.canaries == ("K-1",)
    assert stored.places == (str(Path().resolve()), str(tmp_path.resolve()))


def test_a_column_with_a_name_for_readers_is_a_name_of_the_cell():
    record = record_of(VALUES, {**SPELLINGS, "employees": ("Ansatte",)})
    assert record.suppressed[0].labels[3] == ("employees", "Ansatte")


def test_the_withheld_value_is_found_where_it_leaks(stored, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    page = folder / "1719-levanger.csv"
    page.write_text("Sektor;Kvartal;Ansatte\nHelse og omsorg;2007K3;:\nOppvekst;2007K3;3\n", encoding="utf-8")
    assert scan(folder, stored).is_clean
    page.write_text("Sektor;Kvartal;Ansatte\nHelse og omsorg;2007K3;3\n", encoding="utf-8")
    assert [item.code for item in scan(folder, stored).findings] == ["SIK-01"]


def test_without_the_list_nothing_is_scanned(tmp_path):
    with pytest.raises(ReportError) as caught:
        read_withheld(tmp_path / "none.json")
    assert caught.value.findings[0].code == "PUB-14"
