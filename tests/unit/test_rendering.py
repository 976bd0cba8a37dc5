"""What is asked of the notebooks, what is refused before any of them runs, and what the index links to."""

from __future__ import annotations

import json
import re

import pytest
from made_programme import change, copy_project, made_programme, snapshot, use_own_panel, without_texts
from report_samples import words

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import LockedError, ReportError, UsageError
from kvalitet_eval.present.messages import describe, text
from kvalitet_eval.report import published_files, rendering
from kvalitet_eval.report.case import load_case
from kvalitet_eval.report.case_report import start_report
from kvalitet_eval.report.cohort_case import load_cohort_case
from kvalitet_eval.report.evaluation import Choices, evaluate, load_evaluation
from kvalitet_eval.report.imported import import_panel, load_imported
from kvalitet_eval.report.indexes import write_site
from kvalitet_eval.report.provenance import panel_source, run_facts
from kvalitet_eval.report.rendering import render_reports
from kvalitet_eval.report.run import JobResult, Part
from kvalitet_eval.report.store import Lock
from kvalitet_eval.report.subject import Subject
from kvalitet_eval.report.wanted import Wanted


@pytest.fixture
def config(tmp_path):
    return without_texts(made_programme(tmp_path))


@pytest.fixture
def jobs(monkeypatch):
    """Stand-in for the notebook runner: notes the jobs and calls them done."""
    seen = []

    def run_many(given, *, n_jobs, on_progress, manifest):
        results = tuple(JobResult(job.subject, "done", 1.5) for job in given)
        for number, result in enumerate(results, start=1):
            if on_progress is not None:
                on_progress(number, len(given), result)
        seen.extend(given)
        return results

    monkeypatch.setattr(rendering, "run_many", run_many)
    return seen


def publish(config, id, language="nb"):
    """Put a page where a finished run would, without running a notebook."""
    report = start_report((load_case if id.isdigit() else load_cohort_case)(config.path, id), language)
    report.section(words("Kort sagt"))
    report.text(words("Tekst."))
    folder = config.reports / rendering.FOLDERS[report.subject.kind]
    published_files.publish(report.subject, [(report, {f"{report.file_stem}.html": "side"})], folder)
    return report.file_stem


def test_all_participants_and_all_cohorts_get_a_report_unless_some_are_named(config, jobs):
    kinds = [result.subject.kind for result in render_reports(config)]
    assert (kinds.count("municipality"), kinds.count("cohort")) == (62, 5)
    jobs.clear()
    results = render_reports(config, Wanted(("1902", "0542", "1902")), parameters={"year": "2007"})
    assert [(result.subject.kind, result.subject.id) for result in results] == [
        ("municipality", "1902"), ("municipality", "0542"),
    ]  # fmt: skip
    job = jobs[1]
    assert job.parts == (Part(config.root / "notebooks" / "reports" / "municipality.ipynb", "report", "nb"),)
    assert job.parameters == {"programme": str(config.path), "year": "2007"}
    assert (job.publish, job.archive) == (config.reports / "municipalities", config.reports / "archive")
    assert job.setting.index_hrefs["nb"] == "../index-syntetisk.html"


def test_named_cohorts_alone_get_a_report_from_their_own_template(config, jobs):
    results = render_reports(config, Wanted(cohorts=("pulje_3", "innsats", "pulje_3")))
    assert [result.subject for result in results] == [
        Subject("cohort", "pulje_3", "Pulje III"), Subject("cohort", "innsats", "Innsatskommuner sykefravær"),
    ]  # fmt: skip
    job = jobs[0]
    assert job.parts[0].notebook == config.root / "notebooks" / "reports" / "cohort.ipynb"
    assert job.publish == config.reports / "cohorts"
    assert job.all_parameters(job.parts[0])["cohort"] == "pulje_3"
    assert "municipality" not in job.all_parameters(job.parts[0])


def test_municipalities_and_cohorts_can_be_asked_for_together(config, jobs):
    results = render_reports(config, Wanted(("0542",), ("pulje_1",)))
    assert [result.subject.id for result in results] == ["0542", "pulje_1"]
    assert [job.setting.index_hrefs["nn"] for job in jobs] == ["../index-nn-syntetisk.html"] * 2


@pytest.mark.parametrize(("asked", "first"), [("pulje_22", "pulje_2"), ("../innsats", "innsats"), ("x", "innsats")])
def test_an_unknown_cohort_is_refused_with_the_nearest_first(config, jobs, asked, first):
    with pytest.raises(UsageError) as caught:
        render_reports(config, Wanted(("9999",), ("pulje_1", asked)))
    codes = [(item.code, item.found) for item in caught.value.findings]
    assert codes == [("BRK-16", "9999"), ("BRK-18", asked)]
    assert f"Velg ett av disse: {first}, " in describe(caught.value.findings)
    assert caught.value.exit_code == 2
    assert jobs == []


def test_progress_names_the_subject(config, jobs):
    said = []
    render_reports(config, Wanted(("0542",)), on_progress=lambda *event: said.append(event))
    ((done, total, result),) = said
    assert (done, total, result.subject.name, result.subject.id) == (1, 1, "Nord-Aurdal", "0542")


def test_everything_wrong_is_told_at_once_and_nothing_runs(config, jobs):
    before = snapshot(config.root)
    with pytest.raises(UsageError) as caught:
        given = {"municipality": "0101", "results_file": "x"}
        render_reports(config, Wanted(("9999", "0542", "0301")), parameters=given)
    codes = [(item.code, item.found) for item in caught.value.findings]
    assert codes == [("BRK-15", "municipality"), ("BRK-15", "results_file"), ("BRK-16", "9999"), ("BRK-11", "0301")]
    said = describe(caught.value.findings)
    assert "Bruk --municipality, --cohort, --language og --programme i stedet for --parameter." in said
    assert jobs == []
    assert snapshot(config.root) == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"komune": "Verdal"}, "BRK-01"),
        ({"token": "hunter2"}, "BRK-05"),
        ({"programme": "x"}, "BRK-15"),
        ({"cohort": "innsats"}, "BRK-15"),
        ({"language": "nn"}, "BRK-15"),
    ],
)
def test_wrong_parameters_are_refused_before_any_notebook_runs(config, given, code):
    before = snapshot(config.root)
    with pytest.raises(UsageError) as caught:
        render_reports(config, Wanted(("0542",)), parameters=given)
    assert [item.code for item in caught.value.findings] == [code]
    assert "hunter2" not in describe(caught.value.findings)
    assert snapshot(config.root) == before


def test_what_both_templates_refuse_is_told_once(config):
    with pytest.raises(UsageError) as caught:
        render_reports(config, Wanted(("0542",), ("innsats",)), parameters={"komune": "Verdal", "token": "hunter2"})
    assert [item.code for item in caught.value.findings] == ["BRK-01", "BRK-05"]


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
    assert set(re.findall('href="(municipalities/[^"]*)"', page)) == {f"municipalities/{stem}.html"}
    assert "syntetisk" in page
    first = path.read_bytes()
    assert write_site(config).read_bytes() == first


def test_the_index_leads_to_the_cohorts_report_beside_its_heading(config):
    publish(config, "0542")
    assert "cohorts/" not in write_site(config).read_text("utf-8")
    stem = publish(config, "pulje_3")
    page = write_site(config).read_text("utf-8")
    assert stem == "pulje_3-nb-syntetisk"
    head = re.search(r'<h3>Pulje III</h3>\s*<p>[^<]*</p>\s*<p class="offer"><a href="([^"]*)">(.*?)</a>', page)
    assert head[1] == "cohorts/pulje_3-nb-syntetisk.html"
    assert re.sub("<[^>]*>", "", head[2]) == "Rapport om hele opptaket: Pulje III"
    assert page.count('href="cohorts/') == 1


def test_an_index_of_cohort_reports_alone_can_be_made(config):
    publish(config, "innsats")
    page = write_site(config).read_text("utf-8")
    assert page.count('href="cohorts/innsats-nb-syntetisk.html"') == 1
    assert 'href="municipalities/' not in page


def test_the_index_has_no_pages_of_an_earlier_import(config):
    old = publish(config, "1902")
    publish(config, "pulje_2")
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
    assert "cohorts/" not in page.read_text("utf-8")
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
    assert (report.subject.id, report.origin, report.language) == ("0542", "syntetisk", "nb")
    assert report.file_stem == "0542-nord-aurdal-nb-syntetisk"
    report.section(words("Kort sagt"))
    assert json.loads(report.to_json())["run_id"] == report.facts.run_id


def test_the_working_folder_does_not_matter(config, jobs, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    change(
        config.root / "notebooks" / "reports" / "municipality.ipynb", ('"../../programmes/kkp.toml', '"nowhere.toml')
    )
    render_reports(config, Wanted(("0542",)))
    assert jobs[0].working_folder == config.root


def languages(jobs):
    return {job.subject.id: [part.language for part in job.parts] for job in jobs}


def test_a_report_is_in_the_programmes_language_when_nobody_has_said_more(config, jobs):
    render_reports(config, Wanted(("0542",), ("innsats",)))
    assert languages(jobs) == {"0542": ["nb"], "innsats": ["nb"]}


def test_the_language_form_decides_and_the_option_overrides_it(config, jobs):
    forms = config.root / "forms.csv"
    forms.write_text("kommunenummer;målform\n0542;nynorsk\n1902;nøytral\n", "utf-8")
    named = ("[files]\n", '[files]\nlanguage_forms = "forms.csv"\n')
    change(config.path, named, ('language = "nb"', 'language = "en"'))
    changed = load_config(config.path)
    imported = import_panel(changed)
    evaluate(changed, imported, Choices.of(changed))
    render_reports(changed, Wanted(("0542", "1902"), ("innsats",)))
    assert languages(jobs) == {"0542": ["nn"], "1902": ["en"], "innsats": ["en"]}
    jobs.clear()
    render_reports(changed, Wanted(("0542",), languages=("en", "nb")))
    assert languages(jobs) == {"0542": ["en", "nb"]}


def test_what_the_options_cannot_take_is_told_before_the_import_is_missed(tmp_path, jobs):
    config = load_config(copy_project(tmp_path))
    with pytest.raises(UsageError) as caught:
        render_reports(config, Wanted(documents=("raport",), languages=("de",), formats=("pfd",)))
    assert [(item.code, item.column, item.found) for item in caught.value.findings] == [
        ("BRK-20", "--document", "raport"), ("BRK-20", "--language", "de"), ("BRK-20", "--format", "pfd"),
    ]  # fmt: skip
    said = describe(caught.value.findings)
    assert "Velg blant: pdf, html, docx, xlsx, csv, poster" in said
    assert jobs == []


def test_the_index_leads_first_to_the_page_in_the_programmes_language(config):
    publish(config, "0542", "nn")
    assert 'href="municipalities/0542-nord-aurdal-nn-syntetisk.html"' in write_site(config).read_text("utf-8")
    reports = [start_report(load_case(config.path, "0542"), language) for language in ("en", "nb", "nn")]
    for report in reports:
        report.section(words("Kort sagt"))
    made = [(report, {f"{report.file_stem}.html": "side"}) for report in reports]
    published_files.publish(reports[0].subject, made, config.reports / "municipalities")
    linked = re.findall(
        r'href="municipalities/0542-nord-aurdal-(..)-syntetisk.html"', write_site(config).read_text("utf-8")
    )
    assert (linked[0], set(linked)) == ("nb", {"nb", "nn", "en"})


def test_what_a_municipality_has_written_texts_for_is_made_without_being_asked(tmp_path, jobs):
    config = made_programme(tmp_path)
    render_reports(config, Wanted(("0542", "1902")))
    render_reports(config, Wanted(("0542",), documents=("report",)))
    made = [[part.document for part in job.parts] for job in jobs]
    assert made == [["report", "status_report", "poster", "project_mandate"], ["report"], ["report"]]
