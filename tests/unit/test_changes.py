"""What the last run changed, by hand: four runs about three municipalities and an intake."""

from __future__ import annotations

from kvalitet_eval.report.changes import Changes, last_changes
from kvalitet_eval.report.manifest import ManifestEntry

A, B, C, P = (("municipality", "0101"), ("municipality", "0102"), ("municipality", "0103"), ("cohort", "pulje_1"))


def entry(run, who, status="done", **outputs):
    return ManifestEntry(who[0], who[1], status, 1.0, outputs, finished="2026-01-01", run=run)


FIRST = [entry("1", A, a="x"), entry("1", B, b="x"), entry("1", P, p="x")]


def test_without_a_run_before_it_nothing_can_be_compared():
    for entries in ([], FIRST):
        found = last_changes(entries, [A, B, P])
        assert found.is_first
        assert not found.is_nothing
        assert found.changed == ()


def test_the_same_files_again_are_no_change():
    again = [entry("2", A, a="x"), entry("2", B, b="x"), entry("2", P, p="x")]
    assert last_changes([*FIRST, *again], [A, B, P]) == Changes(is_first=False)
    assert last_changes([*FIRST, *again], [A, B, P]).is_nothing
    assert last_changes([*FIRST, *again[:1]], [A, B, P]).is_nothing, "who was not asked for has not changed"


def test_other_bytes_another_file_and_somebody_new_are_told_apart():
    later = [entry("2", A, a="y"), entry("2", B, b="x", b2="x"), entry("2", C, c="x"), entry("2", P, p="x")]
    found = last_changes([*FIRST, *later], [A, B, C, P])
    assert (found.new, found.changed, found.removed, found.failed) == ((C,), (A, B), (), ())
    assert not found.is_nothing


def test_a_file_that_was_made_in_an_earlier_run_than_the_last_counts():
    entries = [*FIRST, entry("2", B, b="x"), entry("3", A, a="y")]
    assert last_changes(entries, [A, B, P]).changed == (A,)


def test_who_has_no_document_any_more_is_said_once():
    entries = [*FIRST, entry("2", A, a="x")]
    assert last_changes(entries, [A, P]).removed == (B,)
    assert last_changes([*entries, entry("3", A, a="x")], [A, P]).removed == ()


def test_what_failed_has_not_changed():
    found = last_changes([*FIRST, entry("2", A, status="failed"), entry("2", B, b="x")], [A, B, P])
    assert (found.failed, found.changed, found.removed) == ((A,), (), ())
