"""Faulty microdata: every message has its place, its reason and its mend, rows are accounted for, no key is shown."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

sys.path.append(str(Path(__file__).resolve().parents[1] / "unit"))
from spells_cases import FULL_TIME, JOB_HEADER, SECOND, SPELL_HEADER, panel, register, write

from kvalitet_eval.cli.spells import spells as spells_command
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.spells.aggregation import aggregate_spells
from kvalitet_eval.prepare.spells.engine import EngineSettings
from kvalitet_eval.present.messages import describe

KEY = "01017012345"
GOOD = f"{KEY};0301;other;2007-06-04;2007-06-08;100;100;self"
JOB = f"{KEY};0301;other;2000-01-01;;100"
PROGRAMME = Path(__file__).resolve().parents[2] / "programmes" / "kkp.toml"


def changed(**cells):
    row = dict(zip(SPELL_HEADER.split(";"), GOOD.split(";"), strict=True)) | cells
    return ";".join(row.values())


BAD_ROWS = [
    ("SPE-05", "", f"{KEY};0301;other;2007-06-04", None),
    ("SPE-05", "", GOOD + ";more", None),
    ("SPE-06", "person_key", changed(person_key=""), None),
    ("SPE-07", "first_day", changed(first_day="2007-02-30"), "2007-02-30"),
    ("SPE-07", "first_day", changed(first_day=""), ""),
    ("SPE-07", "first_day", changed(first_day=KEY), "99999999999"),
    ("SPE-07", "last_day", changed(last_day="06/08/2007"), "06/08/2007"),
    ("SPE-08", "last_day", changed(last_day="2007-06-03"), "2007-06-03"),
    ("SPE-09", "grade_pct", changed(grade_pct="0"), "0"),
    ("SPE-09", "grade_pct", changed(grade_pct="120"), "120"),
    ("SPE-09", "grade_pct", changed(grade_pct="-50"), "-50"),
    ("SPE-09", "grade_pct", changed(grade_pct="1e2"), "9a9"),
    ("SPE-09", "grade_pct", changed(grade_pct=KEY), "99999999999"),
    ("SPE-09", "position_share_pct", changed(position_share_pct=""), ""),
    ("SPE-10", "certificate", changed(certificate="nurse"), "nurse"),
    ("SPE-10", "sector", changed(sector="helse"), "helse"),
    ("SPE-11", "municipality_number", changed(municipality_number="1505"), "1505"),  # Kristiansund from 2008
    ("SPE-11", "municipality_number", changed(municipality_number="9999"), "9999"),
    ("SPE-11", "municipality_number", changed(municipality_number=""), ""),
]


@pytest.mark.parametrize(("code", "column", "row", "found"), BAD_ROWS)
def test_a_bad_row_is_refused_and_told_without_the_key(tmp_path, code, column, row, found):
    result = panel(tmp_path, [GOOD, row, GOOD.replace("06-04", "06-05")], [JOB], most_refused_share=0.5)
    counts = result.counts["absence_spells"]
    assert (counts.read, counts.used, counts.refused) == (3, 2, 1)
    (told,) = result.findings
    assert (told.code, told.line, told.column, told.found) == (code, 3, column or None, found)
    message = describe(result.findings)
    assert all(word in message for word in ("spells.csv", "Linje: 3", "Hvorfor: ", "Gjør slik: "))
    assert KEY not in message
    assert result.rows["lost_days_self"].tolist() == [5.0]
    assert result.account[result.account["kind"] == "refused"]["n"].tolist() == [1]


def test_a_split_municipality_is_not_guessed(tmp_path):
    from kvalitet_eval.prepare.periods import Window

    # 1850 Tysfjord was split between Narvik and Hamarøy on 1 January 2020
    rows = [changed(municipality_number="1850", first_day="2019-12-30", last_day=last)
            for last in ("2019-12-31", "2020-01-03")]  # fmt: skip
    jobs = [f"{KEY};1850;other;2019-01-01;2019-12-31;100"]
    result = panel(tmp_path, rows, jobs, Window("2019Q4", "2020Q1"), most_refused_share=0.5)
    assert [(item.code, item.line) for item in result.findings] == [("SPE-12", 3)]
    assert result.rows["lost_days_self"].tolist() == [2.0]


def test_too_many_bad_rows_refuse_the_file_with_all_reasons_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        panel(tmp_path, [GOOD, *(row for _, _, row, _ in BAD_ROWS)], [JOB])
    codes = [item.code for item in caught.value.findings]
    assert set(codes) == {code for code, _, _, _ in BAD_ROWS} | {"SPE-13"}
    assert all(item.severity == "error" for item in caught.value.findings)
    assert "19 av 20 rader har feil" in str(caught.value)
    assert KEY not in str(caught.value)
    assert "'__cause__': " not in str(caught.value)
    assert caught.value.__cause__ is None


def test_many_of_a_kind_are_listed_to_twenty_and_counted(tmp_path):
    with pytest.raises(DataError) as caught:
        panel(tmp_path, [GOOD] + [changed(grade_pct="120")] * 30, [JOB])
    (told,) = [item for item in caught.value.findings if item.code == "SPE-09"]
    assert told.facts["n"] == "30"
    assert told.facts["lines"] == ", ".join(str(line) for line in range(3, 23)) + " …"
    assert told.found == "120"


def test_lines_are_physical_even_after_blank_lines(tmp_path):
    result = panel(tmp_path, [GOOD, "", changed(grade_pct="120")], [JOB], most_refused_share=0.5)
    assert [(item.code, item.line) for item in result.findings] == [("SPE-09", 4)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "INN-A05"),
        (SPELL_HEADER.encode() + b"\n", "INN-A06"),
        (SPELL_HEADER.replace("grade_pct", "grad").encode() + b"\n" + GOOD.encode(), "SPE-04"),
        (f"{SPELL_HEADER};sector\n{GOOD};other\n".encode(), "SPE-03"),
        (b"PAR1 and then nothing of the kind", "SPE-01"),
        (f"{SPELL_HEADER}\n{changed(grade_pct='1', position_share_pct='0,5')}\n".encode(), "SPE-14"),
        (f"{SPELL_HEADER}\n{changed(first_day='2001-06-04', last_day='2001-06-08')}\n".encode(), "SPE-22"),
        (f"{GOOD}\n{GOOD}\n".encode(), "SPE-04"),  # no header: the first line is a person
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, content, code):
    spells, jobs = tmp_path / "spells.csv", write(tmp_path / "jobs.csv", JOB_HEADER, JOB)
    spells.write_bytes(content)
    with pytest.raises(DataError) as caught:
        aggregate_spells([spells], jobs, SECOND, register())
    assert code in [item.code for item in caught.value.findings]
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_file_is_named(tmp_path):
    jobs = write(tmp_path / "jobs.csv", JOB_HEADER, JOB)
    with pytest.raises(DataError, match="Fila finnes ikke"):
        aggregate_spells([tmp_path / "none.csv"], jobs, SECOND, register())


@pytest.mark.parametrize(
    ("encoding", "end"), [("latin-1", "\n"), ("utf-8-sig", "\n"), ("utf-8", "\r\n"), ("utf-16", "\n")]
)
def test_other_encodings_and_line_ends_are_read(tmp_path, encoding, end):
    spells, jobs = tmp_path / "spells.csv", write(tmp_path / "jobs.csv", JOB_HEADER, JOB)
    rows = (SPELL_HEADER, changed(person_key="Bjørg"), changed(person_key="Bjørg", first_day="2007-06-05"))
    spells.write_bytes((end.join(rows) + end).encode(encoding))
    result = aggregate_spells([spells], jobs, SECOND, register())
    assert result.rows["lost_days_self"].tolist() == [5.0]
    assert result.counts["absence_spells"].used == 2
    assert ("read_as_latin_1" in set(result.account["reason"])) == (encoding == "latin-1")


def test_a_delimiter_inside_quotation_marks_is_no_fault(tmp_path):
    result = panel(tmp_path, ['"a;b"' + GOOD.removeprefix(KEY)], [JOB])
    assert result.rows["lost_days_self"].tolist() == [5.0]


@pytest.mark.parametrize(
    ("jobs", "code"),
    [
        ([FULL_TIME.replace("other", "education")], "SPE-15"),
        ([FULL_TIME.replace(";;100", ";2007-04-04;100")], "SPE-16"),  # three days agreed, five lost
    ],
)
def test_lost_days_without_agreed_days_are_refused(tmp_path, jobs, code):
    with pytest.raises(DataError) as caught:
        panel(tmp_path, [GOOD], jobs)
    (told,) = caught.value.findings
    assert (told.code, told.found) == (code, "0301, 2007Q2, other")


def test_a_job_held_twice_is_refused_and_unnamed_jobs_are_told(tmp_path):
    rows = ["A;0301;other;2007-01-01;2007-06-30;100", "A;0301;other;2007-06-30;;50"]
    assert [item.code for item in panel(tmp_path, [GOOD], rows).findings] == ["SPE-21"]
    spells = tmp_path / "spells.csv"
    jobs = write(tmp_path / "keyed.csv", JOB_HEADER + ";job_key", *(f"{row};1" for row in rows))
    with pytest.raises(DataError) as caught:
        aggregate_spells([spells], jobs, SECOND, register())
    assert [(item.code, item.facts["n"]) for item in caught.value.findings] == [("SPE-20", "1")]


def test_a_file_of_agreed_days_must_be_one_of_two_kinds(tmp_path):
    spells = write(tmp_path / "spells.csv", SPELL_HEADER, GOOD)
    other = write(tmp_path / "other.csv", "a;b", "1;2")
    with pytest.raises(DataError) as caught:
        aggregate_spells([spells], other, SECOND, register())
    assert [item.code for item in caught.value.findings] == ["SPE-24"]


def test_columns_that_are_not_read_are_told(tmp_path):
    spells = write(tmp_path / "spells.csv", SPELL_HEADER + ";diagnosis", GOOD + ";R51")
    jobs = write(tmp_path / "jobs.csv", JOB_HEADER, JOB)
    (told,) = aggregate_spells([spells], jobs, SECOND, register()).findings
    assert (told.code, told.severity, told.facts["names"]) == ("SPE-19", "info", "diagnosis")


def test_no_key_and_no_file_is_left_behind(tmp_path, monkeypatch):
    """The temporary database is looked into just before it goes: not one key stands there."""
    import kvalitet_eval.prepare.spells.aggregation as module

    folder, seen = tmp_path / "temporary", []
    folder.mkdir()
    assemble = module.assemble

    def look(*args, **options):
        seen.append([path.read_bytes() for path in folder.rglob("*") if path.is_file()])
        return assemble(*args, **options)

    def look_early(connection):
        connection.execute("CHECKPOINT")
        seen.append([path.read_bytes() for path in folder.rglob("*") if path.is_file()])
        return lost_days(connection)

    lost_days = module._lost_days
    monkeypatch.setattr(module, "assemble", look)
    monkeypatch.setattr(module, "_lost_days", look_early)
    rows = [changed(person_key=f"{KEY}{n:03}", first_day="2007-06-05") for n in range(500)]
    jobs = [f"{KEY}{n:03};0301;other;2000-01-01;;100" for n in range(500)]
    result = panel(tmp_path, rows, jobs, settings=EngineSettings(folder=folder))
    early, late = seen
    assert sum(len(content) for content in early) > 10_000
    assert not any(KEY.encode() in content for content in early)
    assert late == []
    assert not list(folder.iterdir())
    assert KEY not in result.rows.to_csv() + result.account.to_csv()


def test_the_folder_is_emptied_after_a_refusal_too(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    with pytest.raises(DataError):
        panel(tmp_path, [changed(grade_pct="120")], [JOB], settings=EngineSettings(folder=folder))
    assert not list(folder.iterdir())


@pytest.fixture
def run():
    group = click.Group("kvalitet")
    group.add_command(spells_command)
    return lambda *words: CliRunner().invoke(group, ["spells", *map(str, words), "--programme", str(PROGRAMME)])


def test_the_command_writes_the_panel_and_the_account(tmp_path, run):
    spells = write(tmp_path / "spells.csv", SPELL_HEADER, *[GOOD] * 2, changed(municipality_number="301"))
    jobs, out = write(tmp_path / "jobs.csv", JOB_HEADER, JOB), tmp_path / "out" / "panel.csv"
    done = run(spells, "--agreed", jobs, "--from", "2007Q2", "--to", "2. kvartal 2007", "--out", out)
    assert done.exit_code == 0, done.output
    assert out.read_text("utf-8").splitlines() == [
        "municipality_number;quarter;sector;employees;agreed_days;lost_days_self;lost_days_doctor;origin",
        "0301;2007Q2;other;1.0;59.0;5.0;0.0;observed",
    ]
    account = (out.parent / "panel_account.csv").read_text("utf-8")
    assert "absence_spells;excluded;repeated_row;2.0;rows" in account
    assert "3 rader lest, 1 brukt, 2 holdt utenfor med grunn og 0 avvist" in done.output
    assert KEY not in done.output + account


def test_the_command_refuses_without_touching_what_was_there(tmp_path, run):
    spells = write(tmp_path / "spells.csv", SPELL_HEADER, changed(grade_pct="120"))
    jobs, out = write(tmp_path / "jobs.csv", JOB_HEADER, JOB), tmp_path / "panel.csv"
    out.write_text("old")
    done = run(spells, "--agreed", jobs, "--from", "2007Q2", "--to", "2007Q2", "--out", out, "--debug")
    assert done.exit_code == 11
    assert "SPE-09" in done.output
    assert KEY not in done.output
    assert out.read_text() == "old"
    assert not (tmp_path / "panel_account.csv").exists()


def test_the_command_explains_a_wrong_quarter(tmp_path, run):
    done = run(tmp_path / "a", "--agreed", tmp_path / "b", "--from", "2009Q1", "--to", "2007", "--out", tmp_path / "c")
    assert done.exit_code == 2
    assert "--from 2007Q1 --to 2009Q4" in done.output
