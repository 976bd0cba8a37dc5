import json

import pytest
from report_samples import LANGUAGE, PARAMETERS, REPORTING, full_report, register, write_notebook

from kvalitet_eval.errors import ReportError, UsageError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report import formats, run
from kvalitet_eval.report.formats import Setting
from kvalitet_eval.report.manifest import read_manifest
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.run import Job, Part, exit_code, run_job, run_many
from kvalitet_eval.report.subject import Subject

SAVE = "report.save(results_file)"
GOOD = (REPORTING.format(kind="municipality", id="municipality"), SAVE)
COHORT = f'cohort: str = "innsats"  # id of the intake\n{LANGUAGE}\nresults_file: str = ""  # empty = only shown'
TOO_SLOW = "0106"
TWO_LANGUAGES = "0529"
LANGUAGES = {TWO_LANGUAGES: ("nb", "nn"), "0108": ("nb", "nn")}
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
    TWO_LANGUAGES: GOOD,
    "0108": (GOOD[0], "assert language == 'nb'", SAVE),
    "0109": (GOOD[0].replace("language=language", "language='en'"), SAVE),
    "0107": ("from pathlib import Path", "Path(results_file).write_text('{')"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


def job(folder, id, cells, languages=("nb",), **changes):
    kind, cell = ("municipality", PARAMETERS) if id.isdigit() else ("cohort", COHORT)
    notebook = write_notebook(folder / "notebooks" / f"{id}.ipynb", *cells, parameters=cell)
    register(folder, notebook)
    places = {"working_folder": folder, "archive": folder / "archive", "publish": folder / "site"}
    made = {"formats": ("html",), "setting": Setting(index_hrefs={"nb": "../index.html"})}
    return Job(
        Subject(kind, id, "Østre Toten"),
        tuple(Part(notebook, language=language) for language in languages),
        **{**places, **made, "timeout_seconds": 4 if id == TOO_SLOW else 120, **changes},
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
    jobs = [job(folder, id, cells, LANGUAGES.get(id, ("nb",))) for id, cells in CASES.items()]
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
        "0528-ostre-toten-nb-syntetisk.html",
        "0528-ostre-toten-nb-syntetisk.results.json",
    ]
    page = (folder / "site" / "0528-ostre-toten-nb-syntetisk.html").read_text("utf-8")
    assert "Østre Toten (0528)" in page
    assert 'href="../index.html"' in page
    stored = json.loads((folder / "site" / "0528-ostre-toten-nb-syntetisk.results.json").read_text("utf-8"))
    assert stored["subject"] == {"kind": "municipality", "id": "0528", "name": "Østre Toten"}


def test_old_names_of_a_published_subject_go_and_nothing_else(results, folder):
    names = {path.name for path in (folder / "site").iterdir()}
    assert "0528-gammelt-navn.html" not in names
    assert "0528-gammelt-navn.results.json" not in names
    assert (folder / "site" / "0101-halden.html").read_text() == "old"  # its new report failed
    assert (folder / "site" / "pulje_3-syntetisk.html").read_text() == "old"
    kept = {"0101-halden.html", "0528.txt", "pulje_20.html", "pulje_3-syntetisk.html"}
    made = [results[id].outputs for id in ("0528", TWO_LANGUAGES, "pulje_2")]
    assert names == kept.union(*made)
    assert set(results["pulje_2"].outputs) == {"pulje_2-nb-syntetisk.html", "pulje_2-nb-syntetisk.results.json"}


def test_failed_cell_is_named_with_its_message_and_the_executed_notebook(results, folder):
    said = message(results, "0101")
    assert "RAP-04" in said
    assert "Celle [4] stoppet med en feil, så rapporten for 0101 ble ikke laget" in said
    assert "ValueError: første linje andre linje" in said
    assert str(folder / "archive" / "0101-nb.ipynb") in said
    assert (folder / "archive" / "0101-nb.ipynb").exists()


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
    assert {id for id, entry in entries.items() if entry.status == "done"} == {"0528", TWO_LANGUAGES, "pulje_2"}
    assert (entries["0528"].kind, entries["pulje_2"].kind) == ("municipality", "cohort")
    assert entries["0528"].outputs == results["0528"].outputs
    assert "Celle [4]" in entries["0101"].error
    assert "Fil: archive/0101-nb.ipynb" in entries["0101"].error
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
    notebook = jobs[1].parts[0].notebook
    notebook.write_text(notebook.read_text("utf-8").replace("Overskrift", "Annet"), "utf-8")
    with pytest.raises(ReportError) as caught:
        run_many(jobs)
    assert [(item.code, item.file) for item in caught.value.findings] == [("SIK-21", str(notebook))]
    assert not (tmp_path / "archive").exists()


def test_each_language_is_a_run_of_its_own_and_a_report_of_its_own(results, folder):
    stems = [f"0529-ostre-toten-{language}-syntetisk" for language in ("nb", "nn")]
    assert set(results[TWO_LANGUAGES].outputs) == {f"{s}{end}" for s in stems for end in (".html", ".results.json")}
    for stem, language in zip(stems, ("nb", "nn"), strict=True):
        assert f'<html lang="{language}"' in (folder / "site" / f"{stem}.html").read_text("utf-8")
        assert (folder / "archive" / f"0529-{language}.ipynb").exists()


def test_when_one_language_fails_none_is_published(results, folder):
    assert "AssertionError" in message(results, "0108")
    assert str(folder / "archive" / "0108-nn.ipynb") in message(results, "0108")
    assert (folder / "archive" / "0108-nb.results.json").exists(), "the first language was run"
    assert list((folder / "site").glob("0108*")) == []


def test_results_in_another_language_than_asked_for_are_not_published(results):
    said = message(results, "0109")
    assert "RAP-25" in said
    assert "skulle lage report, nb, men resultatene er report, en" in said


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A job whose notebook has stored results without being run; the formats are asked for by the test."""
    report = full_report("Nord-Aurdal")
    monkeypatch.setattr(run, "_run", lambda job, part: report)

    def job_in(*names, **changes):
        parts = (Part(tmp_path / "n.ipynb"),)
        places = (tmp_path, tmp_path / "archive", tmp_path / "site")
        return Job(report.subject, parts, *places, formats=names, **changes)

    return job_in


def use(monkeypatch, **renderers):
    monkeypatch.setattr(formats, "RENDERERS", {**formats.RENDERERS, **renderers})


def broken(report, setting):
    raise RuntimeError("01017012345 Kari Nordmann")


def test_every_format_is_made_of_the_same_results(stored, tmp_path, monkeypatch):
    seen = []
    for name in ("pdf", "docx"):
        use(monkeypatch, **{name: lambda report, setting, name=name: seen.append(report) or {f"x.{name}": b"1"}})
    result = run_job(stored("html", "pdf", "docx"))
    assert result.status == "done", result.error
    assert seen[0] is seen[1]
    assert set(result.outputs) == {
        "x.pdf", "x.docx", "0542-nord-aurdal-nb-syntetisk.html", "0542-nord-aurdal-nb-syntetisk.results.json",
    }  # fmt: skip


def test_a_format_that_fails_leaves_everything_as_it_was_and_all_failures_are_told(stored, tmp_path, monkeypatch):
    assert run_job(stored("html")).status == "done"
    before = {path.name: path.read_bytes() for path in (tmp_path / "site").iterdir()}
    assert len(before) == 2
    refused = ReportError.of("RAP-21", found="", name="title")

    def refuse(report, setting):
        raise refused

    use(monkeypatch, html=lambda report, setting: {f"{report.file_stem}.html": "new"}, pdf=broken, docx=refuse)
    result = run_job(stored("html", "pdf", "docx"))
    assert (result.status, result.outputs) == ("failed", {})
    assert [(item.code, item.facts.get("format")) for item in result.error.findings] == [
        ("RAP-26", "pdf"), ("RAP-26", "docx"), ("RAP-21", None),
    ]  # fmt: skip
    said = describe(result.error.findings)
    assert "Formatet pdf kunne ikke lages (dokument report, språk nb)" in said
    assert "01017012345" not in said
    assert {path.name: path.read_bytes() for path in (tmp_path / "site").iterdir()} == before


@pytest.mark.parametrize("stem", ["../0528", "0528/a", "/0528", "0528 a", "Østre"])
def test_nothing_is_published_outside_the_folder(stored, tmp_path, monkeypatch, stem):
    """Subjects make plain names; should that ever fail, nothing is written."""
    monkeypatch.setattr(Report, "file_stem", property(lambda _: stem))
    result = run_job(stored("html"))
    assert [item.code for item in result.error.findings] == ["SIK-20"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
