"""What is asked of the notebooks, what is refused before any of them runs, and what the index links to."""

from __future__ import annotations

import json

import pytest
from made_programme import change, copy_project, made_programme, snapshot, use_own_panel

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import LockedError, ReportError, UsageError
from kvalitet_eval.present.messages import describe, text
from kvalitet_eval.report import rendering
from kvalitet_eval.report.case import load_case
from kvalitet_eval.report.case_report import start_report
from kvalitet_eval.report.evaluation import Choices, evaluate, load_evaluation
from kvalitet_eval.report.imported import import_panel, load_imported
from kvalitet_eval.report.provenance import panel_source, run_facts
from kvalitet_eval.report.rendering import render_reports, write_site
from kvalitet_eval.report.run import JobResult
from kvalitet_eval.report.store import Lock


@pytest.fixture
def config(tmp_path):
    return made_programme(tmp_path)


@pytest.fixture
def jobs(monkeypatch):
    """Stand-in for the notebook runner: notes the jobs and calls them done."""
    seen = []

    def run_many(given, *, n_jobs, on_progress, manifest):
        results = tuple(JobResult(job.municipality, "done", 1.5) for job in given)
        for number, result in enumerate(results, start=1):
            on_progress(number, len(given), result)
        seen.extend(given)
        return results

    monkeypatch.setattr(rendering, "run_many", run_many)
    return seen


def publish(config, number):
    """Put a page where a finished run would, without running a notebook."""
    report = start_report(load_case(config.path, number))
    report.section("Kort sagt")
    report.text("Tekst.")
    folder = config.reports / rendering.PAGES
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report.file_stem}.results.json").write_text(report.to_json(), "utf-8")
    (folder / f"{report.file_stem}.html").write_text("side", "utf-8")
    return report.file_stem


def test_all_participants_get_a_report_unless_some_are_named(config, jobs):
    assert len(render_reports(config)) == 62
    jobs.clear()
    results = render_reports(config, ["1902", "0542", "1902"], parameters={"language": "nb"})
    assert [result.municipality for result in results] == ["1902", "0542"]
    job = jobs[1]
    assert job.notebook == config.root / "notebooks" / "reports" / "municipality.ipynb"
    assert job.parameters == {"programme": str(config.path), "language": "nb"}
    assert (job.publish, job.archive) == (config.reports / "municipalities", config.reports / "archive")
    assert job.index_href == "../index-syntetisk.html"


def test_progress_names_the_municipality(config, jobs):
    said = []
    render_reports(config, ["0542"], on_progress=lambda *event: said.append(event))
    ((done, total, name, result),) = said
    assert (done, total, name, result.municipality) == (1, 1, "Nord-Aurdal", "0542")


def test_everything_wrong_is_told_at_once_and_nothing_runs(config, jobs):
    before = snapshot(config.root)
    with pytest.raises(UsageError) as caught:
        render_reports(config, ["9999", "0542", "0301"], parameters={"municipality": "0101", "results_file": "x"})
    codes = [(item.code, item.found) for item in caught.value.findings]
    assert codes == [("BRK-15", "municipality"), ("BRK-15", "results_file"), ("BRK-16", "9999"), ("BRK-11", "0301")]
    assert "Bruk --municipality og --programme i stedet for --parameter." in describe(caught.value.findings)
    assert jobs == []
    assert snapshot(config.root) == before


@pytest.mark.parametrize(
    ("given", "code"),
    [({"komune": "Verdal"}, "BRK-01"), ({"token": "hunter2"}, "BRK-05"), ({"programme": "x"}, "BRK-15")],
)
def test_wrong_parameters_are_refused_before_any_notebook_runs(config, given, code):
    before = snapshot(config.root)
    with pytest.raises(UsageError) as caught:
        render_reports(config, ["0542"], parameters=given)
    assert [item.code for item in caught.value.findings] == [code]
    assert "hunter2" not in describe(caught.value.findings)
    assert snapshot(config.root) == before


def test_reports_need_an_import_and_an_evaluation_that_belong_together(tmp_path, jobs):
    config = load_config(copy_project(tmp_path))
    for code, next_step in (("RAP-30", lambda: import_panel(config)), ("RAP-33", lambda: None)):
        with pytest.raises(ReportError) as caught:
            render_reports(config)
        assert [item.code for item in caught.value.findings] == [code]
        next_step()
    assert jobs == []


def test_one_run_at_a_time(config, jobs):
    publish(config, "0542")
    with Lock(config.processed):
        for call in (render_reports, write_site):
            with pytest.raises(LockedError) as caught:
                call(config)
            assert [item.code for item in caught.value.findings] == ["RAP-16"]
    assert jobs == []
    assert not (config.reports / "index-syntetisk.html").exists()


def test_an_index_needs_a_report(config):
    with pytest.raises(UsageError) as caught:
        write_site(config)
    assert [item.code for item in caught.value.findings] == ["BRK-13"]
    assert not config.reports.exists()


def test_the_index_leads_to_the_reports_and_names_the_others(config):
    stem = publish(config, "0542")
    path = write_site(config)
    assert path == config.reports / "index-syntetisk.html"
    page = path.read_text("utf-8")
    assert f'href="municipalities/{stem}.html"' in page
    assert page.count('href="municipalities/') == 1
    assert "syntetisk" in page
    first = path.read_bytes()
    assert write_site(config).read_bytes() == first


def test_the_index_has_no_pages_of_an_earlier_import(config):
    old = publish(config, "1902")
    own = use_own_panel(config)
    imported = import_panel(own)
    evaluate(own, imported, Choices.of(own))
    assert panel_source(imported) == "Panelet sick_leave.csv."
    with pytest.raises(UsageError):
        write_site(own)
    (own.reports / "index-syntetisk.html").write_text("old")
    new = publish(own, "0542")
    page = write_site(own)
    assert page.name == "index.html"
    assert old.endswith("-syntetisk")
    assert not new.endswith("-syntetisk")
    assert f'href="municipalities/{new}.html"' in page.read_text("utf-8")
    assert "syntetisk" not in page.read_text("utf-8")
    assert not (own.reports / "index-syntetisk.html").exists()


def test_every_page_says_what_it_rests_on(config):
    imported = load_imported(config)
    facts = run_facts(config, imported, load_evaluation(config, imported))
    assert facts.period == "1. kv. 2005 – 3. kv. 2009"
    assert facts.data_sha256 == imported.record["panel_sha256"]
    assert facts.programme_sha256 == imported.record["programme_sha256"]
    assert facts.n_municipalities == 422, "430 less Oslo, two that may be Sande, and five with an unknown start"
    assert text("comparison.not_yet_treated") in facts.method
    assert facts.source == panel_source(imported) == text("case.source.synthetic")


def test_a_report_begins_with_title_and_facts(config):
    report = start_report(load_case(config.path, "0542"))
    assert report.title == "Nord-Aurdal i Kvalitetskommuneprogrammet"
    assert (report.municipality_number, report.origin, report.language) == ("0542", "syntetisk", "nb")
    assert report.file_stem == "0542-nord-aurdal-syntetisk"
    report.section("Kort sagt")
    assert json.loads(report.to_json())["run_id"] == report.facts.run_id


def test_the_working_folder_does_not_matter(config, jobs, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    change(
        config.root / "notebooks" / "reports" / "municipality.ipynb", ('"../../programmes/kkp.toml', '"nowhere.toml')
    )
    render_reports(config, ["0542"])
    assert jobs[0].working_folder == config.root
