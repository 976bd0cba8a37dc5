"""The whole job for a municipality with real notebooks: the same bytes twice, every label, an own panel, a failure."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from made_programme import change, copy_project, snapshot, use_own_panel, without_texts

from kvalitet_eval import cli
from kvalitet_eval.config import load_config
from kvalitet_eval.report.manifest import read_manifest

SYNTHETIC = re.compile("syntetisk|simuler", re.IGNORECASE)
RESULTS = re.compile(r"/(panel|effects)[^/]*\.csv$|/municipalities/.*\.(html|json)$|/index[^/]*\.html$")
STAGES = ("import", "evaluate", "render", "site")


def installed(*arguments, cwd):
    """Call the installed command from some folder, each stage in a process of its own."""
    script = Path(sys.executable).with_name("kvalitet")
    return subprocess.run([script, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def here(*arguments, cwd):
    """Call the command in this process, which saves the time to start another; notebooks start theirs anyway."""
    done = CliRunner().invoke(cli.main, arguments)
    return SimpleNamespace(returncode=done.exit_code, stdout=done.stdout, stderr=done.stderr)


def job(run, config, *municipalities):
    named = [word for number in municipalities for word in ("--municipality", number)]
    where = ("--programme", str(config.path))
    asked = {"render": [*named, "--format", "html"]}
    return {stage: run(stage, *where, *asked.get(stage, []), cwd=config.root.parent) for stage in STAGES}


def pages(config):
    return {name: content for name, content in snapshot(config.root).items() if RESULTS.search(f"/{name}")}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Import, evaluation, one report and the index of the simulated panel, from nothing."""
    config = without_texts(load_config(copy_project(tmp_path_factory.mktemp("first") / "project")))
    done = job(installed, config, "0542")
    assert [result.returncode for result in done.values()] == [0, 0, 0, 0], done
    return config, done


@pytest.fixture(scope="module")
def own(simulated, tmp_path_factory):
    """Then the same figures as a user's own file, two reports asked for, and a notebook that fails for one of them."""
    folder = shutil.copytree(simulated[0].root, tmp_path_factory.mktemp("own") / "project")
    config = use_own_panel(load_config(folder / "programmes" / "kkp.toml"))
    notebook = config.root / "notebooks" / "reports" / "municipality.ipynb"
    change(notebook, ('"verdict = case.verdict()\\n"', '"verdict = {\\"0542\\": case.verdict()}[case.number]\\n"'))
    assert here("register", str(notebook), "--programme", str(config.path), cwd=config.root).returncode == 0
    return config, job(here, config, "0542", "1902")


def test_every_stage_says_what_it_did_and_what_comes_next(simulated):
    config, done = simulated
    assert done["import"].stdout.splitlines()[0] == "Merk: tallene er syntetiske."
    assert "Neste steg: kvalitet evaluate" in done["import"].stdout
    assert "Innsatskommuner sykefravær: " in done["evaluate"].stdout
    assert "Pulje III: kan ikke vurderes. Ingen av deltakerne er kjent ved navn." in done["evaluate"].stdout
    assert "Neste steg: kvalitet render" in done["evaluate"].stdout
    assert re.search(r"^1/1 0542 Nord-Aurdal: laget \(\d+,\d s\)$", done["render"].stderr, re.M)
    folder = config.reports / "municipalities"
    assert f"Antall rapporter laget: 1 (filer: 2). De ligger i {folder}" in done["render"].stdout
    assert str(config.reports / "index-syntetisk.html") in done["site"].stdout


def test_a_second_run_in_another_folder_gives_the_same_bytes(simulated, tmp_path):
    first, _ = simulated
    second = without_texts(load_config(copy_project(tmp_path / "somewhere" / "else")))
    job(here, second, "0542")
    assert pages(second) == pages(first)
    assert {name.rsplit("/", 1)[-1] for name in pages(first)} == {
        "0542-nord-aurdal-nb-syntetisk.html",
        "0542-nord-aurdal-nb-syntetisk.results.json",
        "effects_syntetisk.csv",
        "index-en-syntetisk.html",
        "index-nn-syntetisk.html",
        "index-syntetisk.html",
        "panel_syntetisk.csv",
    }


def test_every_page_figure_and_table_says_that_it_is_simulated(simulated):
    config, _ = simulated
    (page,) = (config.reports / "municipalities").glob("*.html")
    content = page.read_text("utf-8")
    assert "syntetisk" in re.search(r"<title>.*?</title>", content, re.S)[0]
    assert "syntetisk" in re.search(r"<header>.*?</header>", content, re.S)[0], "before anything else is read"
    figures = re.findall(r"<figure.*?</figure>", content, re.S)
    assert len(figures) >= 2
    assert all(SYNTHETIC.search(figure) for figure in figures)
    stored = json.loads(page.with_name("0542-nord-aurdal-nb-syntetisk.results.json").read_text("utf-8"))
    assert stored["origin"] == "syntetisk"
    origins = {}
    for block in stored["blocks"]:
        content = block.get("chart") or block.get("table")
        if content:
            origins[content["id"]] = content["origin"]
    assert origins.pop("published") == "observed", "the only real figures of the report"
    assert len(origins) >= 4
    assert set(origins.values()) == {"syntetisk"}
    assert "syntetisk" in (config.reports / "index-syntetisk.html").read_text("utf-8")


def test_an_own_panel_gives_reports_in_which_nothing_is_called_simulated(own):
    config, done = own
    assert done["import"].returncode == done["evaluate"].returncode == done["site"].returncode == 0
    assert "syntetisk" not in done["import"].stdout + done["evaluate"].stdout
    assert "DES-09" in done["evaluate"].stderr
    written = {**pages(config), **{p.name: p.read_bytes() for p in config.processed.glob("*") if p.is_file()}}
    assert "reports/kkp/municipalities/0542-nord-aurdal-nb.html" in written
    assert "reports/kkp/index.html" in written
    written.pop("publishing_memory_syntetisk.json")  # what was published of the simulated panel; it binds only itself
    called = [name for name, content in written.items() if SYNTHETIC.search(name + content.decode("utf-8"))]
    assert called == []


def test_a_report_that_fails_is_listed_and_the_others_are_made(own):
    config, done = own
    assert done["render"].returncode == 1
    said = done["render"].stderr
    assert re.search(r"^\d/2 0542 Nord-Aurdal: laget", said, re.M)
    assert re.search(r"^\d/2 1902 Tromsø: feilet", said, re.M)
    assert "RAP-04" in said
    assert "KeyError: '1902'" in said
    assert "Traceback" not in said
    assert "1 av 2 rapporter ble ikke laget" in said
    assert "kvalitet render --municipality 1902" in said
    assert {path.stem for path in (config.reports / "municipalities").glob("*.html")} == {"0542-nord-aurdal-nb"}
    status = {entry.subject: entry.status for entry in read_manifest(config.reports / "manifest.jsonl")}
    assert status == {"0542": "done", "1902": "failed"}
    index = (config.reports / "index.html").read_text("utf-8")
    assert set(re.findall(r'href="(municipalities/[^"]*)"', index)) == {"municipalities/0542-nord-aurdal-nb.html"}
    assert "Tromsø (1902)" in index
