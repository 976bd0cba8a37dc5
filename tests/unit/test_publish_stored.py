"""Published tables on disk, parts of them, and numbers that are left open for a stated reason."""

from __future__ import annotations

import json
import stat

import numpy as np
import pandas as pd
import pytest
from publish_samples import GEO, SSB, STANDARD, count_structure, counts, withheld

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Dimension, Open, Statistic, Structure


def code_of(call):
    with pytest.raises(ReportError) as caught:
        call()
    assert "Gjør slik" in str(caught.value)
    return caught.value.findings[0].code


@pytest.fixture
def table():
    frame = counts([2, 9, 30]).assign(quarter="2007Q3", x=[0.1 + 0.2, np.nan, 1e-17, 7.0])
    measures = (publish.Count("n"), Open("x", "no_persons"))
    return publish.table(frame, SSB, Structure((GEO,), measures, labels=("quarter",)), output="absent")


def test_what_is_read_back_is_what_was_published(table, tmp_path):
    publish.save_tables(tmp_path / "published.json", [table])
    assert stat.S_IMODE((tmp_path / "published.json").stat().st_mode) == 0o600
    (read,) = publish.load_tables(tmp_path / "published.json", SSB).values()
    pd.testing.assert_frame_equal(read.to_frame(), table.to_frame(), check_dtype=False, check_exact=True)
    pd.testing.assert_frame_equal(read.marks(), table.marks(), check_dtype=False)
    assert (read.stamp, read.keys, read.origin) == (table.stamp, table.keys, table.origin)
    assert read.audit.sha256 == table.stamp.audit_sha256


def test_withheld_values_are_not_in_the_file(tmp_path):
    table = publish.table(counts([271828, 2, 314159]), SSB, count_structure())
    publish.save_tables(tmp_path / "t.json", [table])
    hidden = [str(int(n)) for code, n in zip("abc", (271828, 2, 314159), strict=True) if code in withheld(table)]
    content = (tmp_path / "t.json").read_text("utf-8")
    assert "2" in hidden
    assert len(hidden) == 2
    assert not [value for value in hidden if f",{value}.0" in content]


def test_a_file_that_was_changed_is_refused(table, tmp_path):
    path = tmp_path / "published.json"
    publish.save_tables(path, [table])
    content = json.loads(path.read_text("utf-8"))
    content["tables"]["absent"]["rows"] = content["tables"]["absent"]["rows"].replace("30.0", "31.0")
    path.write_text(json.dumps(content), "utf-8")
    assert code_of(lambda: publish.load_tables(path, SSB)) == "PUB-28"


def test_another_policy_a_missing_file_and_no_file_of_that_kind_are_refused(table, tmp_path):
    path = tmp_path / "published.json"
    publish.save_tables(path, [table])
    assert code_of(lambda: publish.load_tables(path, STANDARD)) == "PUB-28"
    assert code_of(lambda: publish.load_tables(tmp_path / "none.json", SSB)) == "PUB-28"
    path.write_text("[]", "utf-8")
    assert code_of(lambda: publish.load_tables(path, SSB)) == "PUB-28"


def test_tables_of_another_version_are_refused(table, tmp_path):
    path = tmp_path / "published.json"
    publish.save_tables(path, [table])
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(content | {"schema_version": content["schema_version"] + 1}), "utf-8")
    assert code_of(lambda: publish.load_tables(path, SSB)) == "PUB-28"


def test_only_published_tables_of_different_names_are_stored(table, tmp_path):
    assert code_of(lambda: publish.save_tables(tmp_path / "t.json", [table, table])) == "PUB-27"
    assert code_of(lambda: publish.save_tables(tmp_path / "t.json", [table.to_frame()])) == "PUB-20"


def test_a_part_of_a_table_keeps_its_marks_and_its_stamp(table):
    part = table.select(geo="b")
    assert (len(part), part.mark(0, "n"), part.stamp) == (1, ":", table.stamp)
    assert part.is_withheld("n")
    assert not table.select(geo="c").is_withheld("n")
    assert len(table.select(geo="z")) == 0


def test_what_is_left_open_is_counted_by_its_reason(table):
    assert table.audit.left_open == {"no_persons": 4}
    assert table.audit.n_withheld == 2


@pytest.mark.parametrize(("because", "origin"), [("trust me", "observed"), ("simulated", "observed")])
def test_a_reason_that_does_not_hold_is_refused(because, origin):
    frame = pd.DataFrame({"geo": ["a"], "x": [1.0], "origin": [origin]})
    structure = Structure((Dimension("geo"),), (Open("x", because),))
    assert code_of(lambda: publish.table(frame, SSB, structure)) == "PUB-26"


def test_simulated_figures_are_open_when_every_row_is_synthetic():
    frame = pd.DataFrame({"geo": ["a", "b"], "x": [1.0, 2.0], "origin": ["syntetisk", "observed"]})
    structure = Structure((Dimension("geo"),), (Open("x", "simulated"),))
    assert code_of(lambda: publish.table(frame, SSB, structure)) == "PUB-26"
    synthetic = publish.table(frame.assign(origin="syntetisk"), SSB, structure)
    assert synthetic.audit.left_open == {"simulated": 2}


@pytest.mark.parametrize("measure", [Open("x", "no_persons"), Statistic("x", "regression", "df")])
@pytest.mark.parametrize("value", [np.nan, 2.5])
def test_what_the_source_calls_confidential_is_withheld_where_no_rule_looks(measure, value):
    status = ["confidential", "", "not_applicable"]
    frame = pd.DataFrame({"geo": list("abc"), "x": [value, 7.0, np.nan], "df": 50, "x_status": status})
    frame = frame[["geo", "x", "x_status", *(["df"] if isinstance(measure, Statistic) else [])]]
    table = publish.table(frame, SSB, Structure((Dimension("geo"),), (measure,)))
    assert table.marks()["x"].tolist() == [":", "", "."]
    assert np.isnan(table.to_frame()["x"].iloc[0])
    assert table.audit.by_rule == {"source": 1}


@pytest.mark.parametrize(("persons", "df", "mark"), [(3.0, 50, ""), (2.0, 50, ":"), (3.0, 9, ":"), (np.nan, 50, ":")])
def test_an_average_needs_both_enough_persons_and_enough_residual_degrees_of_freedom(persons, df, mark):
    frame = pd.DataFrame({"geo": ["a"], "x": [1.0], "df": [df], "persons": [persons], "low": [0.5]})
    measure = Statistic("x", "regression", "df", also=("low",), persons="persons")
    table = publish.table(frame, SSB, Structure((Dimension("geo"),), (measure,)))
    assert [table.mark(0, column) for column in ("x", "low")] == [mark, mark]
    assert "df" not in table.columns
    assert "persons" not in table.columns
