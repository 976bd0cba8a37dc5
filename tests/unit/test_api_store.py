"""Downloads on the disk: kept as they came, compared, never replaced silently. The figures are invented."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.api import store as api_store
from kvalitet_eval.prepare.api.client import Answer
from kvalitet_eval.prepare.api.compare import compare
from kvalitet_eval.prepare.api.source import FileRow, Provenance, read_files, write_source
from kvalitet_eval.prepare.api.store import Download, FetchedTable, store
from kvalitet_eval.present.messages import describe

DAYS = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (21, 22, 23)]
STAMPS = ["20261121T120000Z", "20261122T120000Z", "20261123T120000Z"]
ABOUT = Provenance("07905: Oppdiktet", "Made up for a test", "2026-11-20", "None", ("A trap.",))
FIRST = {("0301", "2008K1"): "6.4", ("0301", "2008K2"): "6.1", ("0542", "2008K1"): ":"}


def frame_of(cells):
    rows = [(*key, value, value if value == ":" else "") for key, value in cells.items()]
    return pd.DataFrame(rows, columns=["Region", "Tid", "value", "status"], dtype="str")


def download(cells, **options):
    content = json.dumps(list(cells.values())).encode()
    answer = Answer("https://example.org/data?x=1", "GET", "", DAYS[0], content)
    table = FetchedTable("cells", frame_of(cells), ("Region", "Tid"), **options)
    return Download("api_test", ABOUT, {"from": "2008Q1", "to": "2008Q2"}, {"part_001": (answer, len(cells))}, (table,))


def in_use(raw):
    rows = pd.read_csv(raw / "api_test" / "cells.csv", sep=";", dtype="str", keep_default_na=False)
    return {(row.Region, row.Tid): (row.value, row.download) for row in rows.itertuples()}


def files(raw):
    return {path.name: path.read_bytes() for path in sorted((raw / "api_test").iterdir())}


def test_a_first_download_is_kept_as_it_came_with_a_record_and_a_table(tmp_path):
    outcome = store(tmp_path, download(FIRST), now=DAYS[0])
    assert (outcome.kind, outcome.n_rows, outcome.n_new, outcome.findings) == ("first", 3, 3, ())
    found = files(tmp_path)
    stamp = STAMPS[0]
    assert sorted(found) == [f"{stamp}_part_001.json", f"{stamp}_record.json", "SOURCE.md", "cells.csv"]
    assert found[f"{stamp}_part_001.json"] == b'["6.4", "6.1", ":"]'
    assert found["cells.csv"].decode().splitlines() == [
        "Region;Tid;value;status;download",
        f"0301;2008K1;6.4;;{stamp}",
        f"0301;2008K2;6.1;;{stamp}",
        f"0542;2008K1;:;:;{stamp}",
    ]
    record = json.loads(found[f"{stamp}_record.json"])
    assert record["asked"] == {"from": "2008Q1", "to": "2008Q2"}
    assert record["outcome"] == "first"
    assert record["calls"] == [
        {
            "file": f"{stamp}_part_001.json",
            "method": "GET",
            "address": "https://example.org/data?x=1",
            "body": "",
            "time": "2026-11-21T12:00:00+00:00",
            "bytes": 19,
            "sha256": hashlib.sha256(b'["6.4", "6.1", ":"]').hexdigest(),
        }
    ]


def test_source_lists_exactly_the_files_with_their_hashes(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    store(tmp_path, download(FIRST | {("0301", "2008K1"): "6.5"}), now=DAYS[1])
    found = files(tmp_path)
    listed = read_files(tmp_path / "api_test")
    source = found.pop("SOURCE.md").decode()
    assert {name: row.sha256 for name, row in listed.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in found.items()
    }
    for heading in ("**Origin.**", "**Date.**", "**Licence.**", "**Format.**", "## Known traps", "* A trap."):
        assert heading in source
    assert listed["cells.csv"].n_rows == 3


def test_the_same_again_changes_nothing(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    before = files(tmp_path)
    outcome = store(tmp_path, download(FIRST), now=DAYS[1])
    assert (outcome.kind, outcome.n_new, outcome.findings) == ("unchanged", 0, ())
    assert files(tmp_path) == before


def test_new_rows_are_added_and_old_ones_keep_their_download(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    outcome = store(tmp_path, download(FIRST | {("0542", "2008K2"): "7"}), now=DAYS[1])
    assert (outcome.kind, outcome.n_new, outcome.n_revised, outcome.findings) == ("extended", 1, 0, ())
    assert in_use(tmp_path) == {
        **{key: (value, STAMPS[0]) for key, value in FIRST.items()},
        ("0542", "2008K2"): ("7", STAMPS[1]),
    }


REVISED = {("0301", "2008K1"): "6.5", ("0301", "2008K2"): "6.1", ("1503", "2008K1"): "8"}


def test_revised_and_missing_rows_are_listed_and_nothing_in_use_changes(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    table = files(tmp_path)["cells.csv"]
    outcome = store(tmp_path, download(REVISED), now=DAYS[1])
    assert (outcome.kind, outcome.n_new, outcome.n_revised, outcome.n_gone) == ("revised", 1, 1, 1)
    found = files(tmp_path)
    assert found["cells.csv"] == table
    assert found[f"{STAMPS[1]}_part_001.json"] == b'["6.5", "6.1", "8"]'
    assert found[f"{STAMPS[1]}_revisions.csv"].decode().splitlines() == [
        "table;line;cell;column;before;after;kind",
        "cells;2;Region=0301, Tid=2008K1;value;6.4;6.5;revised",
        "cells;4;Region=0542, Tid=2008K1;;;;gone",
    ]
    places = [(item.code, item.severity, item.line, item.column, item.found) for item in outcome.findings]
    assert places == [
        ("API-22", "warning", 2, "value", "6.4"),
        ("API-23", "warning", 4, None, "Region=0542, Tid=2008K1"),
        ("API-20", "warning", None, None, "2"),
    ]
    said = describe(outcome.findings)
    assert "Tallet for Region=0301, Tid=2008K1 er rettet av kilden, fra 6.4 til 6.5." in said
    assert "20261122T120000Z_revisions.csv" in said


def test_accepted_revisions_replace_what_is_in_use_and_the_old_answers_stay(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    before = files(tmp_path)
    outcome = store(tmp_path, download(REVISED), now=DAYS[1], accept=True)
    assert (outcome.kind, outcome.n_revised, outcome.n_gone) == ("accepted", 1, 1)
    assert in_use(tmp_path) == {
        ("0301", "2008K1"): ("6.5", STAMPS[1]),
        ("0301", "2008K2"): ("6.1", STAMPS[0]),
        ("1503", "2008K1"): ("8", STAMPS[1]),
    }
    after = files(tmp_path)
    assert all(after[name] == content for name, content in before.items() if name.startswith(STAMPS[0]))
    assert store(tmp_path, download(REVISED), now=DAYS[2]).kind == "unchanged"


def test_a_value_that_becomes_confidential_is_a_revision(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    outcome = store(tmp_path, download(FIRST | {("0301", "2008K1"): ":"}), now=DAYS[1])
    assert outcome.revisions[["column", "before", "after"]].to_numpy().tolist() == [
        ["status", "", ":"],
        ["value", "6.4", ":"],
    ]
    assert (outcome.n_revised, outcome.findings[-1].facts["n"]) == (1, "1")


def test_rows_that_were_not_asked_for_again_are_not_gone(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    narrower = {key: value for key, value in FIRST.items() if key[1] == "2008K2"}
    asked = {"is_asked": lambda rows: (rows["Tid"] == "2008K2").to_numpy()}
    assert store(tmp_path, download(narrower, **asked), now=DAYS[1]).kind == "unchanged"
    assert set(in_use(tmp_path)) == set(FIRST)


def test_two_downloads_in_one_second_do_not_overwrite_each_other(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    store(tmp_path, download(FIRST | {("0542", "2008K2"): "7"}), now=DAYS[0])
    assert {f"{STAMPS[0]}_record.json", "20261121T120001Z_record.json"} <= set(files(tmp_path))


def test_many_revisions_are_counted_and_the_first_twenty_shown(tmp_path):
    many = {("0301", f"{year}K1"): "6" for year in range(1900, 1950)}
    store(tmp_path, download(many), now=DAYS[0])
    outcome = store(tmp_path, download(dict.fromkeys(many, "7")), now=DAYS[1])
    assert [item.code for item in outcome.findings] == ["API-22"] * 20 + ["API-20"]
    assert outcome.findings[-1].facts["n"] == "50"
    assert len(outcome.revisions) == 50


def edit(path):
    path.write_text(path.read_text("utf-8").replace("6.4", "6.0"), "utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: edit(folder / "cells.csv"), lambda folder: (folder / "cells.csv").unlink(),
        lambda folder: (folder / "SOURCE.md").write_text("# Mine\n", "utf-8"),
        lambda folder: (folder / "SOURCE.md").unlink(),
    ],
    ids=["edited", "deleted", "another list", "no list"],
)  # fmt: skip
def test_a_file_in_use_that_is_not_as_it_was_fetched_is_refused_and_nothing_written(tmp_path, spoil):
    store(tmp_path, download(FIRST), now=DAYS[0])
    spoil(tmp_path / "api_test")
    before = files(tmp_path)
    with pytest.raises(DataError) as caught:
        store(tmp_path, download(REVISED), now=DAYS[1], accept=True)
    assert [item.code for item in caught.value.findings] == ["API-21"]
    assert files(tmp_path) == before


def test_a_table_with_other_columns_is_not_compared(tmp_path):
    store(tmp_path, download(FIRST), now=DAYS[0])
    before = files(tmp_path)
    other = download(FIRST)
    frame = other.tables[0].frame
    frame.insert(1, "Kjonn", "0")
    wider = FetchedTable("cells", frame, ("Region", "Kjonn", "Tid"))
    with pytest.raises(DataError) as caught:
        store(tmp_path, Download("api_test", ABOUT, {}, other.answers, (wider,)), now=DAYS[1])
    item = caught.value.findings[0]
    assert (item.code, item.found) == ("API-24", "Region, Kjonn, Tid, value, status, download")
    assert files(tmp_path) == before


def test_a_disk_that_refuses_is_told_and_leaves_no_half_file(tmp_path, monkeypatch):
    store(tmp_path, download(FIRST), now=DAYS[0])
    before = files(tmp_path)

    write = api_store.Path.write_bytes

    def refuse(path, content):
        write(path, content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(api_store.Path, "write_bytes", refuse)
    with pytest.raises(DataError) as caught:
        store(tmp_path, download(REVISED), now=DAYS[1])
    item = caught.value.findings[0]
    assert (item.code, item.found) == ("API-26", "No space left on device")
    assert files(tmp_path) == before


def test_comparison_by_hand():
    old = pd.DataFrame(
        {"key": ["a", "b", "c", "d"], "value": ["1", "2", "3", "4"], "note": ["", "x", "", ""], "download": "old"}
    )
    new = pd.DataFrame({"key": ["e", "b", "a"], "value": ["5", "2", "9"], "note": ["", "y", "z"], "download": "new"})
    found = compare(old, new, ["key"], np.array([True, True, True, False]))
    assert found.revisions.to_numpy().tolist() == [
        [2, "key=a", "note", "", "z", "revised"],
        [2, "key=a", "value", "1", "9", "revised"],
        [3, "key=b", "note", "x", "y", "revised"],
        [4, "key=c", "", "", "", "gone"],
    ]
    assert found.n_new == 1
    assert found.kept["key"].tolist() == ["d"]
    assert found.added[["key", "value", "note", "download"]].to_numpy().tolist() == [
        ["e", "5", "", "new"], ["b", "2", "y", "new"], ["a", "9", "z", "new"],
    ]  # fmt: skip


def test_text_of_the_provider_cannot_pass_for_a_row_of_the_list(tmp_path):
    fake = "| `codes.csv` | in use | 1 | `" + "0" * 64 + "` |"
    about = Provenance(f"Title\n{fake}", f"Origin\n\n{fake}", fake, "None", ("A trap.",))
    row = FileRow("cells.csv", "in use", 2, "a" * 64)
    (tmp_path / "SOURCE.md").write_text(write_source(about, [row]), "utf-8")
    assert read_files(tmp_path) == {"cells.csv": row}
