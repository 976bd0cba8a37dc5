import json

from kvalitet_eval.report.manifest import ManifestEntry, append_entry, read_manifest

ENTRY = ManifestEntry(
    "municipality", "0542", "done", 1.5, {"0542-nord-aurdal.html": "ab"}, None, {"0542-nord-aurdal": 41.5},
    "2026-11-21T20:00:00+00:00",
)  # fmt: skip


def test_one_line_of_json_per_job(tmp_path):
    path = tmp_path / "runs" / "manifest.jsonl"
    failed = ManifestEntry(
        "cohort", "pulje_2", "failed", 0.1, {}, "linje 1\nlinje 2\u2028æ", {}, "2026-11-21T20:00:01+00:00"
    )
    append_entry(path, ENTRY)
    append_entry(path, failed)
    lines = [json.loads(line) for line in path.read_text("utf-8").strip().split("\n")]
    assert [(line["kind"], line["subject"]) for line in lines] == [("municipality", "0542"), ("cohort", "pulje_2")]
    assert read_manifest(path) == (ENTRY, failed)


def test_time_is_utc_and_filled_in():
    assert ManifestEntry("municipality", "0542", "done", 0.0).finished.endswith("+00:00")


def test_half_line_of_a_killed_run_does_not_spoil_the_next(tmp_path):
    path = tmp_path / "manifest.jsonl"
    append_entry(path, ENTRY)
    with path.open("a") as stream:
        stream.write('{"subject": "0528", "sta')
    append_entry(path, ENTRY)
    assert read_manifest(path) == (ENTRY, ENTRY)


def test_no_file_is_no_entries(tmp_path):
    assert read_manifest(tmp_path / "manifest.jsonl") == ()
