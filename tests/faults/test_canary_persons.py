"""A thousand invented persons in the raw files: nobody is found in what is written, shown or logged."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from pathlib import Path

import pytest
from canary_persons import (
    faulty_documents,
    faulty_panel,
    faulty_survey,
    microdata,
    panel_with_persons,
    persons,
    told,
    told_in,
    write,
)
from click.testing import CliRunner

sys.path.append(str(Path(__file__).resolve().parents[1] / "unit"))
from made_programme import OWN_PANEL, change, copy_project

from kvalitet_eval import cli
from kvalitet_eval.config import load_config
from kvalitet_eval.publish.audit import write_withheld
from kvalitet_eval.report.disclosure_known import WITHHELD_FILES

RAW = ("project/data/raw/", "outside/")
NUMBERS = "kvalitet_eval.errors.without_person_numbers"
RENDERED = ("0542", "1719", "1902")
WITH_TEXTS = "0542"  # its poster, status report and mandate are made without being asked


class Project:
    """A project with persons in its raw files, and everything its commands have said."""

    def __init__(self, folder, n, config):
        self.folder, self.config, self.persons = folder, config, persons(n)
        self.said: list[str] = []
        self.codes: list[tuple[str, int]] = []

    def run(self, *arguments):
        done = CliRunner().invoke(cli.main, [*map(str, arguments), "--programme", str(self.config.path), "--debug"])
        self.said.append(done.output)
        self.codes.append((arguments[0], done.exit_code))
        return done

    def told(self):
        """Whom outputs, messages and the files left in the folder for temporary files tell of."""
        found = told_in(self.persons, self.folder, RAW)
        if whom := told(self.persons, "\n".join(self.said)):
            found["messages"] = whom
        return found


def plant(project, rows):
    """Write every kind of raw file, and run what reads it, also where it must be refused."""
    outside, everybody = project.folder / "outside", project.persons
    faulty = [
        write(outside / "panel_feil.csv", faulty_panel(rows, everybody)),
        write(outside / "panel_komma.csv", faulty_panel(rows, everybody).replace(",", " ").replace(";", ",")),
        write(outside / "svar.csv", faulty_survey(everybody)),
    ]
    faulty += [
        write(outside / f"rapport_{number}.toml", text) for number, text in enumerate(faulty_documents(everybody[:36]))
    ]
    for path in faulty[:3]:
        project.run("check", path)
    project.run("check", faulty[0], "--layout", "sick_leave_days")
    project.run("check", *faulty[3:])
    spells, jobs = microdata(everybody)
    spells, jobs = write(outside / "fravær.csv", spells), write(outside / "ansettelser.csv", jobs)
    window = ("--agreed", jobs, "--from", "2007Q1", "--to", "2007Q4")
    out = project.config.root / "data" / "spells" / "panel.csv"
    project.run("spells", spells, *window, "--out", out)
    project.run("spells", spells, *window, "--out", out, "--most-refused-pct", "100")
    change(project.config.path, ('source = "simulated"', f'source = "{OWN_PANEL}"'))
    own = write(project.config.root / OWN_PANEL, faulty_panel(rows, everybody))
    project.run("import")
    own.write_text(panel_with_persons(rows, everybody), "utf-8")
    project.run("import")


@pytest.fixture
def in_own_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.fixture(scope="module")
def panel_rows(tmp_path_factory):
    """The text of a panel of the simulated figures, called observed, so that it may be somebody's own."""
    config = load_config(copy_project(tmp_path_factory.mktemp("rows") / "project"))
    CliRunner().invoke(cli.main, ["simulate", "--programme", str(config.path)])
    simulated = config.processed / "simulated" / "sick_leave_days_syntetisk.csv"
    return simulated.read_text("utf-8").replace(";syntetisk\n", ";observed\n")


def project_with(n, folder):
    return Project(folder, n, load_config(copy_project(folder / "project")))


def test_nobody_is_found_after_files_were_checked_summed_and_imported(
    tmp_path, in_own_temporary_folder, panel_rows, caplog
):
    caplog.set_level(logging.DEBUG)
    project = project_with(60, tmp_path)
    plant(project, panel_rows)
    assert project.codes == [*[("check", 11)] * 5, ("spells", 11), ("spells", 0), ("import", 11), ("import", 0)]
    assert project.told() == {}
    assert told(project.persons, caplog.text) == []
    said = "\n".join(project.said)
    assert said.count("Gjør slik") > 60, "what must be mended is told"
    assert len(re.findall(r"\d\d\*{9}", said)) > 20
    assert len(re.findall(r"\w…,? \w…", said)) > 20


@pytest.mark.parametrize("defence", ["kvalitet_eval.prepare.hidden_text.without_persons", NUMBERS])
def test_without_a_defence_they_are_found(tmp_path, in_own_temporary_folder, panel_rows, monkeypatch, defence):
    monkeypatch.setattr(defence, lambda text, *_: text)
    if defence == NUMBERS:
        monkeypatch.setattr("kvalitet_eval.persons.without_person_numbers", str)
    project = project_with(60, tmp_path)
    project.run("check", write(tmp_path / "outside" / "panel.csv", faulty_panel(panel_rows, project.persons)))
    assert len(project.told()["messages"]) > 20


LEAKY = "raise ValueError(open('data/raw/my_panel/sick_leave.csv').readlines()[1])"


@pytest.mark.slow
def test_a_thousand_persons_are_in_nothing_that_a_full_run_makes(tmp_path, in_own_temporary_folder, panel_rows, caplog):
    """From raw files to the index, with a notebook that fails and shows a row of persons; the scanner agrees."""
    caplog.set_level(logging.DEBUG)
    project = project_with(1000, tmp_path)
    plant(project, panel_rows)
    assert project.run("evaluate").exit_code == 0
    notebook = project.config.root / "notebooks" / "reports" / "municipality.ipynb"
    wanted = [word for number in RENDERED for word in ("--municipality", number)]
    assert project.run("render", *wanted).exit_code == 0
    whole = notebook.read_text("utf-8")
    change(notebook, ('"verdict = case.verdict()\\n"', f'"{LEAKY}\\n"'))
    assert project.run("render", *wanted).exit_code == 14
    assert "SIK-21" in project.said[-1], "a changed notebook is not run"
    assert project.run("register", notebook).exit_code == 0
    assert project.run("render", *wanted).exit_code == 1
    assert "RAP-04" in project.said[-1]
    notebook.write_text(whole, "utf-8")
    assert project.run("site").exit_code == 0
    if not list(project.config.processed.rglob(WITHHELD_FILES)):
        write_withheld(project.config.processed / "evaluation" / "withheld.json", [])
    verified = project.run("verify", "--raw", project.config.root / OWN_PANEL)
    assert verified.exit_code == 0, verified.output
    assert "Ingenting er funnet" in verified.output
    assert project.told() == {}
    assert told(project.persons, caplog.text) == []
    about = sorted(page.stem.partition("-")[0] for page in project.config.reports.rglob("*.html"))
    assert about == sorted([*RENDERED, *[WITH_TEXTS] * 3, *["index"] * 3])


@pytest.mark.slow
def test_a_planted_person_in_a_report_is_found_by_the_command(tmp_path, in_own_temporary_folder, panel_rows):
    project = project_with(20, tmp_path)
    person = project.persons[7]
    write(project.config.root / OWN_PANEL, panel_with_persons(panel_rows, project.persons))
    write_withheld(project.config.processed / "withheld.json", [])
    write(project.config.reports / "a.html", f"<p>Takk til {person.name}</p>")
    found = project.run("verify", project.config.reports, "--disclosure", "--raw", project.config.root / OWN_PANEL)
    assert found.exit_code == 14
    assert "SIK-03" in found.output
    assert told(project.persons, found.output) == []
