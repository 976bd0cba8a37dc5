import json
import re

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from publish_samples import SSB, STANDARD, opened
from report_samples import FACTS, full_report, passed, sample_chart, sample_report, sample_table, words

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.chart import Point, Series
from kvalitet_eval.present.messages import describe
from kvalitet_eval.report.model import Report, load
from kvalitet_eval.report.shown import PLOTLY_MIME
from kvalitet_eval.report.subject import Subject


def refused(call, *arguments):
    with pytest.raises(ReportError) as caught:
        call(*arguments)
    assert caught.value.exit_code == 14
    return describe(caught.value.findings)


def test_stored_report_reads_back_to_the_same_bytes(tmp_path):
    report = full_report()
    saved = report.save(tmp_path / "r.json")
    again = load(tmp_path / "r.json")
    assert again.blocks == report.blocks
    assert again.to_json().encode() == (tmp_path / "r.json").read_bytes()
    assert again.save(tmp_path / "again.json").sha256 == saved.sha256


def test_two_runs_write_the_same_bytes_and_no_time(tmp_path):
    first, second = full_report().to_json(), full_report().to_json()
    assert first == second
    assert not re.search(r"20\d\d-\d\d-\d\dT|\d\d:\d\d", first)


def test_stored_numbers_keep_full_precision_beside_the_printed_text():
    content = json.loads(full_report().to_json())
    chart, table = (next(b for b in content["blocks"] if b["type"] == kind) for kind in ("chart", "table"))
    assert [p["y"] for p in chart["chart"]["series"][0]["points"]] == [10.700000000000001, None, 7.9]
    assert table["table"]["rows"][0][1] == {"text": "−2,8", "value": -2.8}
    assert table["table"]["rows"][1][1] == {"text": "..", "value": None}
    assert content["schema_version"] == 4
    assert content["subject"] == {"kind": "municipality", "id": "0542", "name": "Nord-Aurdal"}
    assert content["facts"]["n_municipalities"] == 1430
    assert len(content["run_id"]) == 12


def test_numpy_numbers_are_stored_as_plain_numbers():
    report = sample_report()
    report.section(words("Overskrift"))
    chart = sample_chart()
    points = (Point(np.int64(2006), np.float64(10.5)),)
    fields = {name: getattr(chart, name) for name in chart.__slots__}
    report.chart(passed(type(chart)(**{**fields, "series": (Series("x", points),)})))
    assert json.loads(report.to_json())["blocks"][1]["chart"]["series"][0]["points"][0]["x"] == 2006


def test_empty_path_only_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert full_report().save("").path == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (pd.DataFrame({"a": [1]}), "DataFrame"),
        (go.Figure(), "Figure"),
        ("<table>", "str"),
        (None, "NoneType"),
        (sample_chart(), "Chart"),
        (sample_table(), "Table"),
        (opened(pd.DataFrame({"a": [1]})), "PublishedTable"),
    ],
)
def test_what_has_not_passed_the_gate_is_refused(thing, name):
    """A plain frame, figure or string, and also a finished chart or table that nobody has checked."""
    report = sample_report()
    report.section(words("Overskrift"))
    assert f"report.chart() tar imot PublishedFigure, men fikk {name}" in refused(report.chart, thing)
    assert f"report.table() tar imot PublishedFigure, men fikk {name}" in refused(report.table, thing)
    for method in (report.section, report.text):
        assert f"tar imot PublishedText, men fikk {name}" in refused(method, thing)
    assert f"report.notice() tar imot PublishedText, men fikk {name}" in refused(report.notice, "note", thing)
    assert f"tar imot PublishedText, men fikk {name}" in refused(lambda: Report.start(**{**HEAD, "title": thing}))
    assert len(report.blocks) == 1


HEAD = {
    "subject": Subject("municipality", "0542", "Nord-Aurdal"),
    "language": "nb",
    "programme": "Programmet",
    "origin": "observed",
    "facts": FACTS,
}


def test_what_passed_another_policy_is_refused():
    report = sample_report()
    report.section(words("Overskrift"))
    for call, item in ((report.chart, sample_chart()), (report.table, sample_table("t"))):
        said = refused(call, passed(item, policy=SSB))
        assert "RAP-24" in said
        assert "er publisert etter profilen «ssb», men rapporten følger profilen «standard»" in said
    table = opened(pd.DataFrame({"n": [7.0]}), policy=SSB)
    assert "RAP-24" in refused(report.text, publish.text("Det er 7.", table))
    assert report.outputs == {}


def test_the_outputs_behind_a_report_are_stored_with_the_hash_of_their_audit(tmp_path):
    report = full_report()
    table = opened(pd.DataFrame({"n": [7.0]}), output="seven")
    report.text(publish.text("Det er 7.", table))
    assert report.outputs["seven"] == table.audit.sha256
    stored = json.loads(report.to_json())
    assert set(stored["outputs"]) == {"numbers of development", "numbers of published", "seven"}
    assert (stored["facts"]["policy"], stored["facts"]["policy_sha256"]) == ("standard", STANDARD.sha256)
    report.save(tmp_path / "r.json")
    assert load(tmp_path / "r.json").outputs == report.outputs


def test_chart_and_table_are_not_taken_for_each_other():
    report = sample_report()
    report.section(words("Overskrift"))
    assert "fikk Table" in refused(report.chart, passed(sample_table()))
    assert "fikk Chart" in refused(report.table, passed(sample_chart()))


def test_a_notice_is_of_a_known_kind():
    assert "finding, caution, note, limits" in refused(sample_report().notice, "danger", words("x"))


def test_report_begins_with_a_heading():
    assert "begynner med en overskrift" in refused(sample_report().text, words("x"))
    assert "begynner med en overskrift" in refused(sample_report().chart, passed(sample_chart()))
    assert "begynner med en overskrift" in refused(sample_report().save, "x.json")


def test_ids_are_unique_across_charts_and_tables():
    report = sample_report()
    report.section(words("Overskrift"))
    report.chart(passed(sample_chart("same")))
    assert "samme id" in refused(report.table, passed(sample_table("same")))


def test_synthetic_figures_cannot_hide_in_an_observed_report():
    report = sample_report(origin="observed")
    report.section(words("Overskrift"))
    assert "er syntetisk, men rapporten sier at alle tall er observert" in refused(report.chart, passed(sample_chart()))
    report.chart(passed(sample_chart(origin="observed")))


def test_file_name_says_synthetic():
    assert sample_report().file_stem == "0542-nord-aurdal-nb-syntetisk"
    assert sample_report(origin="observed", language="nn").file_stem == "0542-nord-aurdal-nn"
    assert sample_report(document="poster").file_stem == "0542-nord-aurdal-poster-nb-syntetisk"
    assert sample_report(document="status_report").file_stem == "0542-nord-aurdal-status-nb-syntetisk"
    cohort = Subject("cohort", "pulje_2", "Pulje II")
    assert sample_report(subject=cohort).file_stem == "pulje_2-nb-syntetisk"
    assert sample_report(subject=cohort, origin="observed").file_stem == "pulje_2-nb"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"programme": " "}, "«programme» mangler"),
        ({"programme": None}, "«programme» mangler"),
        ({"language": "xx"}, "Bruk en av disse: en, nb, nn."),
        ({"origin": "virkelig"}, "Bruk en av disse: observed, syntetisk"),
    ],
)
def test_head_is_checked(changes, said):
    assert said in refused(lambda: sample_report(**changes))


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"schema_version": 99}', '{"schema_version": 4}'])
def test_file_that_is_not_a_report(tmp_path, content):
    path = tmp_path / "r.json"
    if content is not None:
        path.write_text(content)
    message = refused(load, path)
    assert "ikke en rapport" in message
    assert str(path) in message


def test_notebook_shows_what_the_page_shows():
    report = sample_report()
    heading = report.section(words("Overskrift <b>"))
    shown = report.chart(passed(sample_chart()))._repr_mimebundle_()
    assert "<h2>Overskrift &lt;b&gt;</h2>" in heading._repr_mimebundle_()["text/html"]
    assert shown[PLOTLY_MIME]["data"]
    assert "<svg" in shown["text/html"]
    assert shown["text/plain"].startswith("Nord-Aurdal: fraværet gikk ned. Linjediagram")
    assert repr(report.table(passed(sample_table()))) == "Endring i Nord-Aurdal (2 x 2)"
    assert isinstance(report, Report)
