import json

import pytest
from report_samples import PARAMETERS, REPORTING, full_report, register, write_notebook

from kvalitet_eval.errors import ReportError, UsageError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report import run
from kvalitet_eval.report.manifest import read_manifest
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.run import Job, exit_code, run_many
from kvalitet_eval.report.safe_notebooks import REGISTER
from kvalitet_eval.report.subject import Subject

SAVE = "report.save(results_file)"
GOOD = (REPORTING.format(kind="municipality", id="municipality"), SAVE)
COHORT = 'cohort: str = "innsats"  # id of the intake\nresults_file: str = ""  # empty = only shown'
TOO_SLOW = "0106"
WRONG_COHORT = "pulje_3"
CASES = {  # id of the subject: cells of its notebook
    "0528": GOOD,
    "0101": ("x = 1", "raise ValueError('første linje\\nandre linje')", SAVE),
    "0102": (GOOD[0], "import sys; sys.exit(0)", SAVE),
    "0103": (GOOD[0], "'ferdig'"),
    "0104": (REPORTING.format(kind="municipality", id="'0999'"), SAVE),
    "pulje_2": (REPORTING.format(kind="cohort", id="cohort"), SAVE),
    WRONG_COHORT: (REPORTING.format(kind="cohort", id="'innsats'"), SAVE),
    "pulje_4": (REPORTING.format(kind="municipality", id="'0528'"), SAVE),
    "0105": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", SAVE),
    TOO_SLOW: ("import time; time.sleep(60)", SAVE),
    "0107": ("from pathlib import Path", "Path(results_file).write_text('{')"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


def job(folder, id, cells, **changes):
    kind, cell = ("municipality", PARAMETERS) if id.isdigit() else ("cohort", COHORT)
    notebook = write_notebook(folder / "notebooks" / f"{id}.ipynb", *cells, parameters=cell)
    register(folder, notebook)
    places = {"working_folder": folder, "archive": folder / "archive", "publish": folder / "site"}
    return Job(
        notebook,
        Subject(kind, id, "Østre Toten"),
        **{**places, "timeout_seconds": 4 if id == TOO_SLOW else 120, "index_href": "../index.html", **changes},
    )


@pytest.fixture(scope="module")
def progress():
    return []


@pytest.fixture(scope="module")
def results(folder, progress):
    (folder / "site").mkdir()
    for name in ("0528-gammelt-navn.html", "0528-gammelt-navn.results.json", "0101-halden.html", "0528.txt",
                 "pulje_2.html", "pulje_20.html", "pulje_3-syntetisk.html"):  # fmt: skip
        (folder / "site" / name).write_text("old")
    jobs = [job(folder, id, cells) for id, cells in CASES.items()]
    made = run_many(
        jobs, n_jobs=3, on_progress=lambda *event: progress.append(event), manifest=folder / "manifest.jsonl"
    )
    return {result.subject.id: result for result in made}


def message(results, number):
    assert results[number].status == "failed"
    assert results[number].outputs == {}
    return describe(results[number].error.findings)


def test_results_come_in_the_order_of_the_jobs(results):
    assert list(results) == list(CASES)
    assert exit_code(tuple(results.values())) == 1
    assert exit_code((results["0528"],)) == 0


def test_good_report_is_published_with_its_results(results, folder):
    assert results["0528"].status == "done"
    assert sorted(results["0528"].outputs) == [
        "0528-ostre-toten-syntetisk.html",
        "0528-ostre-toten-syntetisk.results.json",
    ]
    page = (folder / "site" / "0528-ostre-toten-syntetisk.html").read_text("utf-8")
    assert "Østre Toten (0528)" in page
    assert 'href="../index.html"' in page
    stored = json.loads((folder / "site" / "0528-ostre-toten-syntetisk.results.json").read_text("utf-8"))
    assert stored["subject"] == {"kind": "municipality", "id": "0528", "name": "Østre Toten"}


def test_old_names_of_a_published_subject_go_and_nothing_else(results, folder):
    names = {path.name for path in (folder / "site").iterdir()}
    assert "0528-gammelt-navn.html" not in names
    assert "0528-gammelt-navn.results.json" not in names
    assert (folder / "site" / "0101-halden.html").read_text() == "old"  # its new report failed
    assert (folder / "site" / "pulje_3-syntetisk.html").read_text() == "old"
    kept = {"0101-halden.html", "0528.txt", "pulje_20.html", "pulje_3-syntetisk.html"}
    assert names == kept | {*results["0528"].outputs, *results["pulje_2"].outputs}
    assert set(results["pulje_2"].outputs) == {"pulje_2-syntetisk.html", "pulje_2-syntetisk.results.json"}


def test_failed_cell_is_named_with_its_message_and_the_executed_notebook(results, folder):
    said = message(results, "0101")
    assert "RAP-04" in said
    assert "Celle [4] stoppet med en feil, så rapporten for 0101 ble ikke laget" in said
    assert "ValueError: første linje andre linje" in said
    assert str(folder / "archive" / "0101.ipynb") in said
    assert (folder / "archive" / "0101.ipynb").exists()


def test_notebook_that_leaves_early_has_not_run(results):
    assert "sluttet ved celle [4] uten å kjøre resten" in message(results, "0102")


def test_notebook_that_stores_nothing_has_failed(results):
    assert "lagret ingen resultater for 0103" in message(results, "0103")


def test_report_about_another_municipality_is_not_published(results):
    assert "kjørt for 0104, men resultatene gjelder 0999" in message(results, "0104")
    assert "parameteren «municipality»" in message(results, "0104")


def test_report_about_another_cohort_or_about_a_municipality_is_not_published(results):
    said = message(results, WRONG_COHORT)
    assert "RAP-09" in said
    assert "kjørt for pulje_3, men resultatene gjelder innsats" in said
    assert "parameteren «cohort»" in said
    assert "kjørt for pulje_4, men resultatene gjelder 0528" in message(results, "pulje_4")


def test_dead_kernel_is_told(results):
    said = message(results, "0105")
    assert "RAP-06" in said
    assert "sluttet å svare ved celle [3]" in said


def test_cell_that_takes_too_long_is_stopped(results):
    assert "Celle [3] brukte mer enn 4 sekunder" in message(results, TOO_SLOW)


def test_half_written_results_are_not_published(results):
    assert "ikke en rapport" in message(results, "0107")


def test_progress_and_manifest_have_one_entry_per_job(results, progress, folder):
    assert [(done, total) for done, total, _ in progress] == [(n, len(CASES)) for n in range(1, len(CASES) + 1)]
    entries = {entry.subject: entry for entry in read_manifest(folder / "manifest.jsonl")}
    assert {id for id, entry in entries.items() if entry.status == "done"} == {"0528", "pulje_2"}
    assert (entries["0528"].kind, entries["pulje_2"].kind) == ("municipality", "cohort")
    assert entries["0528"].outputs == results["0528"].outputs
    assert "Celle [4]" in entries["0101"].error
    assert "Fil: archive/0101.ipynb" in entries["0101"].error
    assert str(folder) not in (folder / "manifest.jsonl").read_text("utf-8")


def test_wrong_parameters_of_any_job_stop_all_before_anything_runs(tmp_path):
    jobs = [
        job(tmp_path, "0528", GOOD),
        job(tmp_path, "0301", GOOD, parameters={"komune": "Verdal"}),
        job(tmp_path, "0302", GOOD, parameters={"token": "x"}),
    ]
    with pytest.raises(UsageError) as caught:
        run_many(jobs)
    assert [item.code for item in caught.value.findings] == ["BRK-01", "BRK-05"]
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "site").exists()


def test_an_unregistered_template_stops_all_before_anything_runs(tmp_path):
    jobs = [job(tmp_path, id, GOOD) for id in ("0528", "0542")]
    jobs[1].notebook.write_text(jobs[1].notebook.read_text("utf-8").replace("Overskrift", "Annet"), "utf-8")
    with pytest.raises(ReportError) as caught:
        run_many(jobs)
    assert [(item.code, item.file) for item in caught.value.findings] == [("SIK-21", str(jobs[1].notebook))]
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("stem", ["../0528", "0528/a", "/0528", "0528 a", "Østre"])
def test_nothing_is_published_outside_the_folder(tmp_path, monkeypatch, stem):
    """Subjects make plain names; should that ever fail, nothing is written."""
    monkeypatch.setattr(Report, "file_stem", property(lambda _: stem))
    with pytest.raises(ReportError) as caught:
        run._publish(job(tmp_path, "0528", GOOD), full_report())
    assert [item.code for item in caught.value.findings] == ["SIK-20"]
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".html", ".json")] == [tmp_path / REGISTER]
