"""Status reports and project mandates: every fault at once, with its line, in words that tell what to do."""

import re

import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.documents.contradictions import ONE_PAGE
from kvalitet_eval.prepare.documents.reader import LARGEST_BYTES, inspect_document
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe

EXAMPLES = ROOT / "data" / "raw" / "examples"
REPORT = (EXAMPLES / "status_report.toml").read_text(encoding="utf-8")
MANDATE = (EXAMPLES / "project_mandate.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


def changed(folder, content, *replacements, name=None):
    """Write an example with some texts replaced, each of which stands there."""
    for old, new in replacements:
        assert content.count(old) >= 1, old
        content = content.replace(old, new, 1)
    path = folder / (name or ("a.toml" if content.startswith("# Invented") and "kind =" in content else "a.yaml"))
    path.write_text(content, encoding="utf-8")
    return path


def line_of(content, text):
    return content[: content.index(text)].count("\n") + 1


def told(path, register=None):
    """Code, line and column of all findings; their sentences can be filled."""
    document = inspect_document(path, register)
    describe(document.findings)
    assert document.is_accepted == (not [item for item in document.findings if item.severity == "error"])
    return [(item.code, item.line, item.column) for item in document.findings]


def test_the_report_is_read_with_decimal_comma_and_dates(register):
    document = inspect_document(EXAMPLES / "status_report.toml", register)
    assert (document.kind, document.findings) == ("status_report", ())
    report = document.content
    assert (report.municipality_number, report.date, report.phase) == ("0542", "2008-06-15", "check")
    assert [(item.value, item.date) for item in report.results] == [(9.8, "2008-03"), (4.9, "2008-05")]
    assert report.origin == "syntetisk"
    assert re.fullmatch("[0-9a-f]{64}", document.sha256)


def test_the_mandate_keeps_the_zero_and_reads_a_date_day_first(register):
    mandate = inspect_document(EXAMPLES / "project_mandate.yaml", register).content
    assert mandate.municipality_number == "0542"
    assert [(goal.baseline, goal.target, goal.deadline) for goal in mandate.goals] == [
        (10.5, 9.0, "2009-12-31"),
        (510.0, 510.0, "2009-12"),
    ]
    assert mandate.frame.budget_nok == 150_000
    assert [measure.end for measure in mandate.measures] == [None, "2008-03"]


YAML_CASES = [
    ("kind: project_mandate", "kind: mandate", "INN-T02", "kind"),
    ("kind: project_mandate\n", "", "INN-T02", "kind"),
    ("origin: syntetisk", "orgin: syntetisk", "INN-T03", "orgin"),
    ("origin: syntetisk", "or}gin: syntetisk", "INN-T03", "or}gin"),
    ("background: Sykefraværet har vært høyt i flere år.\n", "", "INN-T04", "background"),
    ("budget_nok: 150 000", "budget_nok: mye", "INN-T06", "frame.budget_nok"),
    ("target: 9,0", "target: .nan", "INN-T06", "goals.1.target"),
    ("deadline: 31.12.2009", "deadline: 31.02.2009", "INN-T07", "goals.1.deadline"),
    ("deadline: 31.12.2009", "deadline: 2009", "INN-T07", "goals.1.deadline"),
    ("direction: decrease", "direction: ned", "INN-T08", "goals.1.direction"),
    ("phases: [prepare,", "phases: [ready,", "INN-T08", "frame.phases.1"),
    ("municipality_number: 0542", "municipality_number: 542", "INN-T09", "municipality_number"),
    ("commissioner: Kommunestyret", "commissioner: ''", "INN-T11", "commissioner"),
    ("phases: [prepare, plan, do, check, standardise, follow_up]", "phases: prepare", "INN-T12", "frame.phases"),
    ("phases: [prepare, plan, do, check, standardise, follow_up]", "phases: []", "INN-T13", "frame.phases"),
    ("budget_nok: 150 000", "budget_nok: -1", "INN-T14", "frame.budget_nok"),
    ("  end: 2009-12\n", "  end: 2006-12\n", "INN-S12", "frame.end"),
    ("    end: 2008-03\n", "    end: 2007-09\n", "INN-S12", "measures.2.end"),
    ("target: 9,0", "target: 11", "INN-S13", "goals.1.target"),
    ("- id: M2", "- id: M1", "INN-T23", "goals.2.id"),
    ("    goal: M1\n  - name", "    goal: M9\n  - name", "INN-T24", "measures.1.goal"),
]


@pytest.mark.parametrize("case", YAML_CASES, ids=lambda case: f"{case[2]} {case[3]}")
def test_a_fault_in_a_yaml_document_has_code_line_and_field(tmp_path, case):
    old, new, code, column = case
    path = changed(tmp_path, MANDATE, (old, new), name="a.yaml")
    content, key = path.read_text(encoding="utf-8"), column.split(".")[-1]
    ((found, line, where),) = told(path)
    assert (found, where) == (code, column)
    assert isinstance(line, int)
    if new and not key.isdigit():
        assert key in content.splitlines()[line - 1] or "phases" in content.splitlines()[line - 1]


def test_a_misspelt_field_is_named_with_the_right_one_first(tmp_path):
    path = changed(tmp_path, MANDATE, ("commissioner:", "comissioner:"))
    assert sorted(told(path)) == [
        ("INN-T03", line_of(path.read_text("utf-8"), "comissioner"), "comissioner"),
        ("INN-T04", 2, "commissioner"),
    ]
    assert "Kjente felt her: commissioner, kind," in describe(inspect_document(path).findings)


TOML_CASES = [
    ('municipality_number = "0542"', "municipality_number = 542", "INN-T05", "municipality_number", "anførselstegn"),
    ('municipality_number = "0542"', 'municipality_number = "9999"', "INN-T10", "municipality_number", "for 2008"),
    ("date = 2008-06-15", "date = true", "INN-T07", "date", "ikke en dato"),
    ("value = 9.8", "value = true", "INN-T06", "results.1.value", "ikke et tall"),
    ("value = 9.8", "value = nan", "INN-T06", "results.1.value", "ikke et tall"),
    ('obstacles = "To enheter', 'obstacle = "To enheter', "INN-T03", "obstacle", "Kjente felt her: obstacles, "),
    ("[[results]]", "[results]", "INN-T01", None, "kan ikke leses fra denne linja"),
    ("date = 2008-06-15", "date = 2008-06-15\ndate = 2008-06-16", "INN-T01", None, "kan ikke leses"),
    ('phase = "check"', "phase = check", "INN-T01", None, "phase = check"),
]


@pytest.mark.parametrize("case", TOML_CASES, ids=lambda case: f"{case[2]} {case[1]}")
def test_a_fault_in_a_toml_document_has_code_line_and_field(tmp_path, register, case):
    old, new, code, column, said = case
    path = changed(tmp_path, REPORT, (old, new), name="a.toml")
    document = inspect_document(path, register)
    (found,) = document.findings
    assert (found.code, found.column, document.content is None) == (code, column, code != "INN-T10")
    assert found.line is not None
    assert said in describe(document.findings)


def test_the_line_of_a_toml_fault_is_the_one_an_editor_shows(tmp_path):
    path = changed(tmp_path, REPORT, ("value = 9.8", "value = true"), name="a.toml")
    assert told(path) == [("INN-T06", line_of(path.read_text("utf-8"), "value = true"), "results.1.value")]


def test_all_faults_come_at_once_in_order_of_line(tmp_path):
    path = changed(tmp_path, MANDATE, ("target: 9,0", "target: lavt"), ("0542", "542"), ("start: 2007-03", "start: x"))
    assert [code for code, _, _ in told(path)] == ["INN-T09", "INN-T06", "INN-T07"]
    document = inspect_document(path)
    assert (document.content, document.is_accepted, len(document.findings)) == (None, False, 3)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("kind: status_report\nkind: project_mandate\n", "INN-T16", 2),
        ("a: &x 1\nb: *x\n", "INN-T17", 1),
        ("kind: !!python/object:os.system x\n", "INN-T17", 1),
        ("a: " + "[" * 30 + "]" * 30, "INN-T17", 1),
        ("- a\n- b\n", "INN-T01", 1),
        ("a: b: c\n", "INN-T01", 1),
        ("a: [\n", "INN-T01", 1),
        ("", "INN-T01", 1),
        ("a: \x07\n", "INN-T01", 1),
        ("? [a, b]\n: 1\n", "INN-T02", 1),
    ],
)
def test_odd_yaml_is_refused_and_never_run(tmp_path, content, code, line):
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    assert [(found, at) for found, at, _ in told(path)] == [(code, line)]


def test_a_toml_with_endless_levels_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    assert [code for code, _, _ in told(path)] == ["INN-T17"]


def test_files_that_cannot_be_read_are_refused(tmp_path):
    (tmp_path / "big.yaml").write_bytes(b"#" * (LARGEST_BYTES + 1))
    (tmp_path / "latin.yaml").write_bytes("kind: status_report\nproject: B\u00f8\n".encode("latin-1"))
    (tmp_path / "a.docx").write_bytes(b"kind: status_report\n")
    (tmp_path / "folder.yaml").mkdir()
    for name, code, line in (
        ("big.yaml", "INN-T20", None),
        ("latin.yaml", "INN-T21", 2),
        ("a.docx", "INN-T18", None),
        ("folder.yaml", "INN-T19", None),
        ("none.yaml", "INN-T19", None),
    ):
        assert [(found, at) for found, at, _ in told(tmp_path / name)] == [(code, line)]


def test_a_report_longer_than_a_page_is_a_warning_and_still_read(tmp_path):
    path = changed(tmp_path, REPORT, ("Vi har innført", "x" * ONE_PAGE), name="a.toml")
    (found,) = inspect_document(path).findings
    assert (found.code, found.severity, found.column) == ("INN-T22", "warning", "done")
    assert inspect_document(path).content.phase == "check"


def test_a_value_from_a_list_is_told_with_the_norwegian_word_beside_what_is_to_be_written(tmp_path):
    path = changed(tmp_path, REPORT, ('phase = "check"', 'phase = "sjekk"'), name="a.toml")
    (found,) = inspect_document(path).findings
    assert found.code == "INN-T08"
    assert "check (kontrollere), standardise (standardisere), follow_up (følge opp)" in describe([found])


def test_a_byte_order_mark_does_not_matter(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + REPORT.encode())
    assert told(path) == []
