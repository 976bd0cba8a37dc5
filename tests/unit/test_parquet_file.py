"""Parquet: plain columns as text, everything else refused."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files import parquet_file, parquet_process, separate_process
from kvalitet_eval.prepare.files.parquet_file import read_parquet
from kvalitet_eval.prepare.files.separate_process import RefusedError
from kvalitet_eval.present.messages import why_and_mend


@pytest.fixture
def written(tmp_path):
    def write(**columns):
        path = tmp_path / "tabell.parquet"
        pq.write_table(pa.table(columns), path)
        return path

    return write


def refused(path):
    with pytest.raises(DataError) as error:
        read_parquet(path)
    assert all(all(why_and_mend(item)) for item in error.value.findings)
    return [(item.code, item.column, item.found) for item in error.value.findings]


def test_plain_columns_as_text(written):
    sheet = read_parquet(
        written(
            nummer=["0301", None],
            kategori=pa.array(["a", "b"]).dictionary_encode(),
            heltall=[1, -2],
            desimal=[8.125, 9.0],
            enkel=pa.array([9.1, None], pa.float32()),
            fast=[Decimal("1.500"), None],
            dato=[dt.date(2007, 9, 30), None],
            tid=[dt.datetime(2007, 9, 30), dt.datetime(2007, 9, 30, 12)],
            ja=[True, False],
        )
    )
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (1, ("nummer", "kategori", "heltall", "desimal", "enkel", "fast", "dato", "tid", "ja")),
        (2, ("0301", "a", "1", "8.1250", "9.1", "1.5000", "2007-09-30", "2007-09-30", "TRUE")),
        (3, ("", "b", "-2", "9", "", "", "", "2007-09-30 12:00:00", "FALSE")),
    ]
    assert sheet.notes["schema"].startswith("nummer: string; kategori: dictionary")
    assert (sheet.sheet, len(sheet.sha256)) == (None, 64)


def test_every_column_that_is_no_plain_value_is_told(written):
    path = written(x=[1], liste=[[1, 2]], post=[{"a": 1}], bytes=[b"a"])
    assert refused(path) == [
        ("INN-C27", "liste", "list<element: int64>"),
        ("INN-C27", "post", "struct<a: int64>"),
        ("INN-C27", "bytes", "binary"),
    ]


@pytest.mark.parametrize("cut", [4, 40, -8, -1])
def test_a_damaged_file_is_told(written, cut):
    path = written(x=list(range(1000)))
    path.write_bytes(path.read_bytes()[:cut])
    assert [code for code, _, _ in refused(path)] == ["INN-C26"]


def test_a_damaged_page_is_told(written):
    path = written(x=[f"verdi {n}" for n in range(1000)])
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(data)
    assert [code for code, _, _ in refused(path)] == ["INN-C26"]


def refusal(path):
    with pytest.raises(RefusedError) as error:
        parquet_process.read(path.read_bytes())
    return error.value.faults


def test_too_many_cells_or_bytes_are_refused_before_they_are_unpacked(written, monkeypatch):
    monkeypatch.setattr(parquet_process, "limit_memory", lambda _: None)
    path = written(x=[0] * 1000, y=[0] * 1000)
    monkeypatch.setattr(parquet_process, "MOST_CELLS", 1999)
    assert refusal(path) == (("INN-C28", {"found": 2000, "most": 1999}),)
    monkeypatch.setattr(parquet_process, "MOST_CELLS", 2000)
    monkeypatch.setattr(parquet_process, "MOST_UNPACKED", 10)
    assert refusal(path)[0][0] == "INN-C29"
    monkeypatch.setattr(parquet_process, "MOST_UNPACKED", 10**6)
    assert parquet_process.read(path.read_bytes())[0]["n_cells"] == 2000


def test_a_file_that_is_too_large_or_cannot_be_opened_is_told(written, monkeypatch, tmp_path):
    path = written(x=[1])
    monkeypatch.setattr(parquet_file, "MOST_BYTES", 100)
    assert [code for code, _, _ in refused(path)] == ["INN-C29"]
    with pytest.raises(DataError) as error:
        read_parquet(tmp_path / "ikke.parquet")
    assert error.value.findings[0].code == "INN-A14"


def test_a_table_without_rows_has_a_header(written):
    assert [row.cells for row in read_parquet(written(x=pa.array([], pa.string()))).rows] == [("x",)]


def test_a_library_that_ends_its_process_is_a_damaged_file(written, monkeypatch):
    monkeypatch.setattr(separate_process, "_START", "import os; os.abort()")
    assert [code for code, _, _ in refused(written(x=[1]))] == ["INN-C26"]
