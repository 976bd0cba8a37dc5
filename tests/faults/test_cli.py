"""The command, called wrongly on purpose: exit code, message, and that nothing is written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_programme import OWN_PANEL, change, copy_project, made_programme, snapshot, use_own_panel

from kvalitet_eval import cli
from kvalitet_eval.cli import data
from kvalitet_eval.config import load_config

COMMANDS = sorted(cli.main.commands)
HEADER = "municipality_number;quarter;sector;employees;agreed_days;lost_days_self;lost_days_doctor\n"
GOOD = "0542;2006Q1;all;612;26930;410;2415\n0542;2006Q2;all;612;26930;410;2415\n"


def kvalitet(*arguments):
    """Call the command in this process."""
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments], prog_name="kvalitet")


def on(config, command, *arguments):
    """Call a command on a programme."""
    return kvalitet(command, "--programme", config.path, *arguments)


def message(done, code):
    """The parts of the message with a code: file, line, column, found, why, mend."""
    paragraphs = [part for part in done.stderr.split("\n\n") if re.search(rf"\b{code}\n", part)]
    assert len(paragraphs) == 1, done.stderr
    labels = {"Fil": "file", "Linje": "line", "Kolonne": "column", "Fant": "found"}
    labels |= {"Hvorfor": "why", "Gjør slik": "mend"}
    said = re.split(r"(?:^|\n|   )\s*(Fil|Linje|Kolonne|Fant|Hvorfor|Gjør slik): ", paragraphs[0])
    parts = {labels[label]: value.strip() for label, value in zip(said[1::2], said[2::2], strict=True)}
    assert parts["why"].endswith(".")
    assert re.search(r"\.$|^Kjør: kvalitet ", parts["mend"])
    return parts


@pytest.fixture
def config(tmp_path):
    return made_programme(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A finished programme that no test may change."""
    config = made_programme(tmp_path_factory.mktemp("untouched"))
    before = snapshot(config.root)
    yield config
    assert snapshot(config.root) == before


def test_help_lists_every_command_with_its_meaning():
    done = kvalitet("--help")
    assert done.exit_code == 0
    assert COMMANDS == [
        "check", "evaluate", "fetch", "import", "lab", "register", "render", "simulate", "site", "spells", "verify",
    ]  # fmt: skip
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-ZÆØÅ]\w+ ", done.output, re.M)
    assert "Vanlig rekkefølge: import, evaluate, render, site." in done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_every_option(name):
    done = kvalitet(name, "--help")
    assert done.exit_code == 0
    options = re.split(r"\n  (?=-)", done.output.split("Options:\n  ")[1])
    assert all(re.search(r" {2,}[A-ZÆØÅ]\w+ ", option) for option in options), options
    assert ("--programme" in done.output) == (name != "lab")
    assert "--debug" in done.output


def test_the_version_is_the_packages():
    assert kvalitet("--version").output.strip() == "kvalitet, version 0.1.0"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rapport"], "No such command 'rapport'"), (["render", "--komune", "0542"], "No such option"),
        (["check"], "Missing argument"), (["render", "--jobs", "0"], "0 is not in the range"),
        (["evaluate", "--anticipation", "9"], "9 is not in the range"),
        (["evaluate", "--anticipation", "en"], "not a valid integer"),
    ],
)  # fmt: skip
def test_a_call_that_makes_no_sense_exits_with_2(arguments, said):
    done = kvalitet(*arguments)
    assert done.exit_code == 2
    assert said in done.output + done.stderr
    assert "Traceback" not in done.stderr


WRONG_CALLS = [
    (["render", "--municipality", "9999"], 2, "BRK-16", "9999", "ingen kommune med nummeret 9999"),
    (["render", "--municipality", "301"], 2, "BRK-10", "301", "ingen kommune med nummeret 301"),
    (["render", "--municipality", "0301"], 2, "BRK-11", "0301", "Oslo er ikke blant deltakerne"),
    (["render", "--cohort", "pulje_22"], 2, "BRK-18", "pulje_22", "ikke noe opptak som heter pulje_22"),
    (["render", "--cohort", "../innsats"], 2, "BRK-18", "../innsats", "ikke noe opptak som heter ../innsats"),
    (["render", "--parameter", "cohort=innsats"], 2, "BRK-15", "cohort", "settes av kommandoen selv"),
    (["render", "--parameter", "komune=Verdal"], 2, "BRK-01", "komune", "ville ha kjørt med standardverdien"),
    (["render", "--parameter", "token=hunter2"], 2, "BRK-05", None, "ser ut som en hemmelighet"),
    (["render", "--parameter", "municipality=0542"], 2, "BRK-15", "municipality", "settes av kommandoen selv"),
    (["render", "--parameter", "language"], 2, "BRK-12", "language", "skal skrives som navn=verdi"),
    (["render", "--parameter", "=nb"], 2, "BRK-12", "=nb", "skal skrives som navn=verdi"),
    (["site"], 2, "BRK-13", None, "ikke laget noen rapporter"),
    (["check", "x.csv", "--layout", "panel"], 2, "BRK-14", "panel", "Formatet finnes ikke"),
    (["evaluate", "--cohort", "pulje_9"], 10, "KON-05", "pulje_9", "ikke noe opptak som heter pulje_9"),
    (["evaluate", "--outcome", "turnover"], 10, "KON-06", "turnover", "ikke noe utfall som heter turnover"),
    (["evaluate", "--comparison", "controls"], 12, "DES-01", "controls", "ingen sammenligningsregel"),
]


@pytest.mark.parametrize("call", WRONG_CALLS, ids=lambda call: " ".join(call[0]))
def test_a_wrong_value_is_refused_with_a_reason_and_nothing_is_written(untouched, call):
    arguments, exit_code, code, found, why = call
    before = snapshot(untouched.root)
    done = on(untouched, *arguments)
    assert done.exit_code == exit_code
    parts = message(done, code)
    assert why in parts["why"]
    assert parts.get("found") == (None if found is None else f"«{found}»")
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.output + done.stderr
    assert snapshot(untouched.root) == before


@pytest.mark.parametrize("arguments", [["render", "--municipality", "9999"], ["evaluate", "--comparison", "controls"]])
def test_debug_shows_the_trace_before_the_message(untouched, arguments):
    done = on(untouched, *arguments, "--debug")
    trace, _, rest = done.stderr.partition("Traceback (most recent call last):")
    assert "kvalitet_eval" in rest
    assert rest.rstrip().endswith(".")
    assert "Gjør slik: " in rest.splitlines()[-1]
    assert "Hvorfor" not in trace


def test_a_mistake_of_ours_is_told_without_a_trace(monkeypatch):
    def fail(_):
        raise RuntimeError("something we did not think of")

    monkeypatch.setattr(data, "load_config", fail)
    done = kvalitet("import")
    assert done.exit_code == 1
    parts = message(done, "BRK-19")
    assert parts["found"] == "«RuntimeError: something we did not think of»"
    assert "--debug" in parts["mend"]
    assert "Traceback" not in done.stderr
    assert "in fail" in kvalitet("import", "--debug").stderr


def test_a_reader_that_goes_away_is_not_an_error_of_ours(monkeypatch):
    def fail(_):
        raise BrokenPipeError

    monkeypatch.setattr(data, "load_config", fail)
    done = kvalitet("import")
    assert "BRK-19" not in done.stderr


@pytest.mark.parametrize("command", ["import", "evaluate", "render", "site", "simulate"])
def test_a_wrong_programme_file_stops_every_command(untouched, tmp_path, command):
    (tmp_path / "programmes").mkdir()
    wrong = tmp_path / "programmes" / "wrong.toml"
    text = untouched.path.read_text("utf-8").replace('municipality = "0301"', "municipality = 301")
    wrong.write_text(text, "utf-8")
    excluded, district = (n for n, line in enumerate(text.splitlines(), start=1) if "municipality = 301" in line)
    done = kvalitet(command, "--programme", wrong)
    assert done.exit_code == 10
    assert [line.strip() for line in done.stderr.splitlines() if "Kolonne" in line] == [
        f"Fil: {wrong}   Linje: {excluded}   Kolonne: comparison.exclude.municipality",
        f"Fil: {wrong}   Linje: {district}   Kolonne: districts.municipality",
    ]
    assert snapshot(tmp_path) == {"programmes/wrong.toml": wrong.read_bytes()}


@pytest.mark.parametrize(
    ("old", "new", "code", "found"),
    [
        ("high_pp = 1.6", "high_pp = 50.0", "KON-09", "50.0"),
        ('last = "2010Q4"', 'last = "2011Q4"', "KON-07", "2011Q4"),
    ],
)
def test_a_simulation_that_cannot_be_made_writes_nothing(tmp_path, old, new, code, found):
    path = copy_project(tmp_path)
    change(path, (old, new))
    before = snapshot(tmp_path)
    for command in ("simulate", "import"):
        done = kvalitet(command, "--programme", path)
        assert done.exit_code == 10
        assert message(done, code)["found"] == f"«{found}»"
    assert snapshot(tmp_path) == before


def test_steps_that_are_missing_are_named_with_the_command_that_makes_them(tmp_path):
    config = load_config(copy_project(tmp_path))
    before = snapshot(tmp_path)
    for command in ("evaluate", "render", "site"):
        done = on(config, command)
        assert done.exit_code == 14
        assert message(done, "RAP-30")["mend"] == "Kjør: kvalitet import --programme programmes/kkp.toml"
    assert snapshot(tmp_path) == before


FILES = [  # name, content, code, line, column, found, why
    ("negative days", HEADER + GOOD + "0542;2006Q3;all;612;26930;-41;2415\n", "INN-D10", "4", "lost_days_self", "-41",
     "Verdien -41 er lavere enn 0"),
    ("text for a number", HEADER + GOOD + "0542;2006Q3;all;612;mange;41;2415\n", "INN-D01", "4", "agreed_days", "mange",
     "«mange» er ikke et tall"),
    ("missing column", HEADER.replace(";lost_days_doctor", "") + "0542;2006Q1;all;612;26930;410\n", "INN-B10", "1",
     "lost_days_doctor", None, "mangler kolonnen «lost_days_doctor»"),
    ("misspelt column", HEADER.replace("agreed_days", "agreed_day") + GOOD, "INN-B11", "1", "agreed_days", "agreed_day",
     "agreed_day"),
    ("conflicting rows", HEADER + GOOD + "0542;1. kv. 2006;all;612;26930;411;2415\n", "INN-G02", "4",
     "municipality_number, quarter, sector", "0542, 2006Q1, all", "linje 2"),
    ("unknown municipality", HEADER + GOOD + "9999;2006Q3;all;612;26930;41;2415\n", "INN-F12", "4",
     "municipality_number", "9999", "finnes ikke i kommuneregisteret for 2006"),
    ("row too short", HEADER + GOOD + "0542;2006Q3;all;612\n", "INN-B03", "4", None, "0542;2006Q3;all;612",
     "4 felt, men overskriften har 7"),
    ("only rates", "municipality_number;quarter;rate_total_pct\n0542;2006Q1;9,1\n", "INN-B13", "1", None, None,
     "bare sykefraværsprosenter"),
    ("empty", "", "INN-A05", None, None, None, "Fila er tom (0 byte)"),
    ("header only", HEADER, "INN-A06", "1", None, None, "ingen datarader"),
    ("web page", "<!DOCTYPE html><p>404</p>", "INN-A08", "1", None, None, "nettside"),
]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A programme whose panel is a user's own file, nothing imported."""
    folder = tmp_path_factory.mktemp("small")
    path = copy_project(folder)
    change(path, ('source = "simulated"', f'source = "{OWN_PANEL}"'))
    (folder / OWN_PANEL).parent.mkdir(parents=True)
    return load_config(path)


@pytest.mark.parametrize("command", ["import", "check"])
@pytest.mark.parametrize("fault", FILES, ids=lambda fault: fault[0])
def test_a_faulty_panel_file_is_refused_with_place_reason_and_mend(small, command, fault):
    _, content, code, line, column, found, why = fault
    panel = small.root / OWN_PANEL
    panel.write_text(content, "utf-8")
    before = snapshot(small.root)
    done = on(small, command, *([panel, "--layout", "sick_leave_days"] if command == "check" else []))
    assert done.exit_code == 11
    parts = message(done, code)
    assert why in parts["why"]
    assert parts["file"] == str(panel)
    assert parts.get("line") == line
    if column is not None:
        assert parts["column"] == column
    if found is not None:
        assert parts["found"] == f"«{found}»"
    assert "Traceback" not in done.stderr
    assert snapshot(small.root) == before
    assert not small.processed.joinpath("import.json").exists()


def test_all_faults_of_a_file_come_at_once(small):
    rows = "0542;2006Q3;all;612;26930;-41;2415\n0542;2006Q9;all;x;26930;41;2415\n0542;2006Q1;all;1;100;90;90\n"
    (small.root / OWN_PANEL).write_text(HEADER + GOOD + rows, "utf-8")
    done = on(small, "import")
    assert re.findall(r"^Feil (\S+)", done.stderr, re.M) == ["INN-D10", "INN-D01", "INN-E01", "INN-G02", "INN-V01"]


def test_rates_outside_their_range_are_refused_by_check(small):
    path = small.root / "rates.csv"
    path.write_text("municipality_number;quarter;rate_total_pct\n0542;2006Q1;-9,1\n0542;2006Q2;412\n", "utf-8")
    done = on(small, "check", path)
    path.unlink()
    assert done.exit_code == 11
    assert (message(done, "INN-D10")["line"], message(done, "INN-D11")["line"]) == ("2", "3")
    assert done.stderr.endswith("Filer som ikke kan brukes: 1 av 1. Rett feilene over og kjør kommandoen på nytt.\n")


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_panel_that_is_no_file_is_refused(small, kind):
    panel = small.root / OWN_PANEL
    panel.unlink(missing_ok=True)
    if kind == "folder":
        panel.mkdir()
    before = snapshot(small.root)
    for command, arguments in (("import", []), ("check", [panel])):
        done = on(small, command, *arguments)
        assert done.exit_code == 11
        parts = message(done, "INN-A15" if kind == "missing" else "INN-A14")
        assert parts["file"] == str(panel)
        assert "Traceback" not in done.stderr
    assert snapshot(small.root) == before
    if kind == "folder":
        panel.rmdir()


def test_checking_says_what_is_in_order_and_what_was_read_differently(small):
    path = small.root / "good.csv"
    path.write_text(HEADER + GOOD.replace("0542;2006Q2", "542;2. kv. 2006").replace("26930", "26 930"), "utf-8")
    before = snapshot(small.root)
    done = on(small, "check", path)
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first == "good.csv: i orden. Antall rader: 2. Format: sick_leave_days."
    assert "Antall verdier lest med en annen skrivemåte: 4," in second
    assert "linje 2, agreed_days: «26 930» er lest som «26930" in second
    assert snapshot(small.root) == before
    path.unlink()


def test_checking_goes_on_after_a_faulty_file(small):
    good, bad = small.root / "good.csv", small.root / "bad.csv"
    good.write_text(HEADER + GOOD, "utf-8")
    bad.write_text("a;b\n1;2\n", "utf-8")
    done = on(small, "check", bad, good)
    assert done.exit_code == 11
    assert "good.csv: i orden" in done.stdout
    assert "Filer som ikke kan brukes: 1 av 2." in done.stderr
    good.unlink()
    bad.unlink()


def test_a_comparison_with_those_who_may_have_taken_part_is_refused(config):
    own = use_own_panel(config)
    assert on(own, "import").exit_code == 0
    before = snapshot(own.root)
    done = on(own, "evaluate", "--comparison", "never_treated")
    assert done.exit_code == 12
    parts = message(done, "DES-05")
    assert parts["found"] == "«never_treated»"
    assert "Programmet oppga 138 deltakere" in parts["why"]
    assert "[[never_treated_confirmations]]" in parts["mend"]
    assert snapshot(own.root) == before


def test_an_effect_that_cannot_be_estimated_exits_with_13(config):
    """All start in the same quarter but one intake, which starts in the next and is spoilt by anticipation."""
    change(config.path, ('panel = "simulated"', 'panel = "another"'), ('last = "2009Q3"', 'last = "2007Q2"'))
    change(config.path, *((f'first_treated_quarter = "{q}"', FIRST) for q in ("2007Q4", "2008Q3", "2009Q1")))
    assert on(config, "import").exit_code == 0
    before = snapshot(config.root)
    done = on(config, "evaluate")
    assert done.exit_code == 13
    assert "mangler noe å sammenligne med" in message(done, "EST-03")["why"]
    assert snapshot(config.root) == before


FIRST = 'first_treated_quarter = "2007Q1"'
HOLD = """
import sys, time
from pathlib import Path
from kvalitet_eval.report.store import Lock
with Lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""


def test_a_lock_held_by_another_process_gives_75(untouched):
    before = snapshot(untouched.root)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, untouched.processed], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        for command in ("import", "simulate", "evaluate"):
            done = on(untouched, command)
            assert done.exit_code == 75, done.stderr
            assert f"prosess {holder.pid}" in message(done, "RAP-16")["why"]
        assert on(untouched, "render", "--municipality", "0542").exit_code == 75
    finally:
        holder.kill()
        holder.wait()
    assert snapshot(untouched.root) == before


def installed(*arguments, cwd):
    """Call the installed command as a user does."""
    script = Path(sys.executable).with_name("kvalitet")
    return subprocess.run([script, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_installed_command_answers_and_refuses(untouched):
    assert installed("--help", cwd=untouched.root).returncode == 0
    assert installed("rapport", cwd=untouched.root).returncode == 2
    done = installed("render", "--municipality", "9999", cwd=untouched.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "BRK-16" in done.stderr
    done = installed("import", cwd=untouched.root / "data")
    assert done.returncode == 10
    assert "KON-01" in done.stderr
    assert "Traceback" not in done.stderr
