"""What a reader learns by putting tables beside each other: windows, runs, reports, other breakdowns, languages."""

from __future__ import annotations

import json
import stat

import pandas as pd
import pytest
from publish_samples import GEO, SSB, STANDARD, count_structure, counts, withheld

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Count, Dimension, Memory, Ratio, Structure

YEAR_TO_DATE = {"to Q1": ("Q1",), "to Q2": ("Q1", "Q2"), "to Q3": ("Q1", "Q2", "Q3")}


def through_q(n, values):
    """Sums to date and the quarters behind them."""
    frame = pd.DataFrame(
        {"period": [f"to Q{k}" for k in range(1, n + 1)], "n": [sum(values[:k]) for k in range(1, n + 1)]}
    )
    return frame, pd.DataFrame({"period": [f"Q{k}" for k in range(1, n + 1)], "n": values[:n]})


def windows(n):
    return count_structure(Dimension("period", members=dict(list(YEAR_TO_DATE.items())[:n])))


def test_the_difference_of_two_sums_to_date_is_a_quarter():
    frame, behind = through_q(3, [20, 30, 2])
    table = publish.table(frame, SSB, windows(3), behind=behind)
    assert withheld(table) == ["to Q2"]


def test_windows_apart_need_nothing():
    frame, behind = through_q(3, [20, 30, 40])
    assert withheld(publish.table(frame, SSB, windows(3), behind=behind)) == []


def test_the_difference_of_two_runs_is_a_quarter():
    """The second run prints a sum that the first did not; the difference is two persons."""
    memory = Memory()
    first, behind = through_q(2, [20, 30])
    assert withheld(publish.table(first, SSB, windows(2), behind=behind, memory=memory)) == []
    third, behind = through_q(3, [20, 30, 2])
    alone = third.iloc[[2]]
    assert withheld(publish.table(alone, SSB, windows(3), behind=behind)) == []
    assert withheld(publish.table(alone, SSB, windows(3), behind=behind, memory=memory)) == ["to Q3"]


def test_a_municipality_more_in_the_total_of_the_next_run():
    """40 in two places last time, 42 in three now: the newcomer has 2."""
    memory = Memory()
    before = counts([15, 25]).iloc[[2]]
    behind = counts([15, 25], total=False)
    publish.table(before, SSB, count_structure(), behind=behind, memory=memory)
    now = counts([15, 25, 2]).iloc[[3]]
    behind = counts([15, 25, 2], total=False)
    assert withheld(publish.table(now, SSB, count_structure(), behind=behind)) == []
    assert withheld(publish.table(now, SSB, count_structure(), behind=behind, memory=memory)) == ["all"]


@pytest.mark.parametrize(("change", "expected"), [(0, []), (2, ["c"]), (4, ["c"]), (5, [])])
def test_a_correction_by_a_few_persons_is_withheld(change, expected):
    memory = Memory()
    structure = count_structure(Dimension("geo"))
    publish.table(counts([20, 30, 40], total=False), STANDARD, structure, memory=memory)
    table = publish.table(counts([20, 30, 40 + change], total=False), STANDARD, structure, memory=memory)
    assert withheld(table) == expected
    assert table.audit.by_rule.get("revision", 0) == len(expected)


def test_persons_behind_a_corrected_rate_count():
    structure = Structure((Dimension("geo"),), (Ratio("rate", "lost", "agreed", "n"),))
    frame = pd.DataFrame({"geo": ["a"], "lost": [30.0], "agreed": [300.0], "n": [20], "rate": [10.0]})
    memory = Memory()
    publish.table(frame, STANDARD, structure, memory=memory)
    same_persons = frame.assign(lost=31.0, rate=31 / 3)
    assert withheld(publish.table(same_persons, STANDARD, structure, memory=memory), "rate") == []
    one_more = frame.assign(lost=35.0, agreed=315.0, n=21, rate=3500 / 315)
    assert withheld(publish.table(one_more, STANDARD, structure, memory=memory), "rate") == ["a"]


def test_what_is_withheld_once_stays_withheld_in_every_report():
    """b was withheld to protect a; a report of b alone would undo that."""
    memory = Memory()
    assert withheld(publish.table(counts([2, 9, 30]), SSB, count_structure(), memory=memory)) == ["a", "b"]
    alone = counts([9], codes=["b"], total=False)
    structure = count_structure(Dimension("geo"))
    assert withheld(publish.table(alone, SSB, structure)) == []
    linked = publish.table(alone, SSB, structure, memory=memory)
    assert withheld(linked) == ["b"]
    assert linked.audit.by_rule == {"linked": 1}
    assert linked.audit.n_linked > 0
    apart = Structure(structure.dimensions, structure.measures, family="another year")
    assert withheld(publish.table(alone, SSB, apart, memory=memory)) == []


def test_the_same_table_again_is_the_same():
    memory = Memory()
    frame = counts([2, 9, 30, 4, 0, 17])
    tables = [publish.table(frame, STANDARD, count_structure(), memory=memory) for _ in range(3)]
    assert withheld(tables[0]) == withheld(tables[1]) == withheld(tables[2])
    assert tables[2].audit.n_exposed == 0


def breakdown(rows, column):
    frame = pd.DataFrame(rows, columns=["geo", column, "n"])
    return frame, count_structure(Dimension("geo"), Dimension(column, total="all"))


def test_another_breakdown_of_the_same_persons():
    """By sector the total of a is withheld to protect 2 in health; by sex it would be printed."""
    memory = Memory()
    by_sector = breakdown([("a", "health", 2), ("a", "school", 30)], "sector")
    by_sex = breakdown([("a", "f", 12), ("a", "m", 20), ("a", "all", 32)], "sex")
    assert withheld(publish.table(*(by_sector[0], SSB, by_sector[1]), memory=memory)) == ["a health"]
    assert withheld(publish.table(by_sex[0], SSB, by_sex[1])) == []
    told = withheld(publish.table(by_sex[0], SSB, by_sex[1], memory=memory))
    assert "a all" in told
    assert len(told) == 2


def test_an_earlier_disclosure_is_told():
    memory = Memory()
    frame = counts([6, 9, 30])
    publish.table(frame, SSB, count_structure(), memory=memory)
    strict = publish.table(frame, publish.Policy.load("streng"), count_structure(), memory=memory)
    assert {"a", "b"} <= set(withheld(strict))
    assert strict.audit.n_exposed == 2


def test_contradicting_publications_are_told_and_this_table_is_still_safe():
    """The total of two unlisted places was printed twice with different values."""
    memory = Memory()
    dimension = Dimension("geo", members={"x": ("a", "b"), "y": ("b", "c"), "z": ("a", "b", "c")})
    structure = count_structure(dimension)
    behind = counts([10, 10, 10], total=False)
    publish.table(pd.DataFrame({"geo": ["x", "z"], "n": [20, 30]}), SSB, structure, behind=behind, memory=memory)
    smaller = count_structure(Dimension("geo", members={"y": ("b", "c")}))
    corrected = pd.DataFrame({"geo": ["y", "b"], "n": [62, 60]})
    table = publish.table(corrected, SSB, smaller, behind=pd.DataFrame({"geo": ["c"], "n": [2]}), memory=memory)
    assert not table.audit.is_consistent
    assert len(withheld(table)) >= 1


def test_the_memory_survives_on_disk_and_is_private(tmp_path):
    path = tmp_path / "runs" / "memory.json"
    memory = Memory.load(path)
    publish.table(counts([2, 9, 30]), SSB, count_structure(), memory=memory)
    memory.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Memory.load(path)
    assert again.traces == memory.traces
    assert again.withheld == []
    cells = json.loads(path.read_text("utf-8"))["traces"][0]["cells"]
    assert {cell["status"]: cell["value"] for cell in cells if cell["status"] == "withheld"} == {"withheld": None}
    alone = counts([9], codes=["b"], total=False)
    assert withheld(publish.table(alone, SSB, count_structure(Dimension("geo")), memory=again)) == ["b"]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema_version": 99, "traces": []}', '{"schema_version": 1, "traces": [{}]}']
)
def test_a_memory_that_cannot_be_read_stops_everything(tmp_path, content):
    path = tmp_path / "memory.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ReportError) as caught:
        Memory.load(path)
    assert caught.value.findings[0].code == "PUB-15"


def test_languages_and_formats_tell_the_same():
    frame = counts([2, 9, 30]).assign(navn=["A", "B", "C", "I alt"])
    structure = Structure((GEO,), (Count("n"),), labels=("navn",))
    english = frame.rename(columns={"navn": "name"})
    in_english = Structure((GEO,), (Count("n"),), labels=("name",))
    memory = Memory()
    first = publish.table(frame, SSB, structure, output="rates", memory=memory)
    second = publish.table(english, SSB, in_english, output="rates", memory=memory)
    assert publish.compare(first, second) == ()
    other = publish.table(english.assign(n=[7, 9, 30, 46]), SSB, in_english, output="rates")
    codes = {(item.code, item.found) for item in publish.compare(first, other)}
    assert codes == {("PUB-16", "a"), ("PUB-16", "b"), ("PUB-17", "all")}
    fewer = publish.table(english.iloc[:3], SSB, in_english, output="rates")
    assert ("PUB-18", "all") in {(item.code, item.found) for item in publish.compare(first, fewer)}


def test_the_same_table_again_is_withheld_for_the_same_reasons():
    """A second run on the same data writes the same record, and so the same report."""
    memory = Memory()
    first, again = (publish.table(counts([2, 9, 30]), SSB, count_structure(), memory=memory) for _ in range(2))
    assert again.audit.by_rule == first.audit.by_rule == {"secondary": 1, "small": 1}
    assert again.audit.n_linked > first.audit.n_linked == 0
    assert again.stamp == first.stamp
    assert len(memory.traces) == 1
