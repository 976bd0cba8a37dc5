"""The command `kvalitet fetch`, with a made-up provider and no net: messages, exit codes, what is written."""

from __future__ import annotations

import re
import shutil

import httpx
import pytest
from api_samples import FakeClock, Provider, client_for
from click.testing import CliRunner
from made_programme import snapshot
from programme_copy import PROGRAMME

from kvalitet_eval.cli.fetch import fetch
from kvalitet_eval.prepare.api import client as api_client

CELL = ("0542", "0", "Sykefraversprosent", "2008K1")


@pytest.fixture(autouse=True)
def sealed(no_sockets):
    """No test of the command may reach the net."""


@pytest.fixture
def provider(monkeypatch):
    provider, clock = Provider(), FakeClock()
    monkeypatch.setattr(api_client, "ApiClient", lambda: client_for(provider, clock))
    return provider


@pytest.fixture
def root(tmp_path):
    (tmp_path / "programmes").mkdir()
    shutil.copy(PROGRAMME, tmp_path / "programmes")
    return tmp_path


def run(root, *arguments):
    given = [*arguments, "--programme", str(root / "programmes" / "kkp.toml")]
    return CliRunner().invoke(fetch, given, prog_name="kvalitet fetch")


def written(root):
    return {name for name in snapshot(root) if name.startswith("data/raw/")}


def test_sick_leave_takes_the_tables_of_the_years_and_states_the_overlap(provider, root):
    done = run(root, "sick-leave", "--from", "2004", "--to", "2010")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "Tabell 03217 og tabell 07905 har begge 1. kv. 2008 til 4. kv. 2008. Begge hentes og holdes fra hverandre.",
        "Hentet del 1 av 1",
        "Hentet del 1 av 1",
    ]
    said = done.stdout.splitlines()
    assert [line[:5] for line in said] == ["03217", "07905"]
    assert "Antall rader hentet: 360." in said[0]
    assert str(root / "data" / "raw" / "api_ssb_03217") in said[0]
    assert {name.split("/")[2] for name in written(root)} == {"api_ssb_03217", "api_ssb_07905"}


def test_a_table_without_a_place_in_the_layout_is_told(provider, root):
    provider.labels["Kjonn"]["0"] = "Alle"
    done = run(root, "sick-leave", "--from", "2010", "--to", "2010")
    assert done.exit_code == 0
    assert "ikke har noen plass i oppsettet ssb_sick_leave" in done.stdout
    assert str(root / "data" / "raw" / "api_ssb_07905") in done.stdout.splitlines()[-1]


def test_a_second_time_nothing_is_new(provider, root):
    run(root, "sick-leave", "--from", "2004", "--to", "2007")
    before = written(root)
    done = run(root, "sick-leave", "--from", "2004", "--to", "2007")
    assert done.exit_code == 0
    assert "Ingenting er nytt siden forrige gang. Antall rader sammenlignet: 288." in done.stdout
    assert written(root) == before


def test_revised_figures_are_listed_kept_beside_and_taken_only_on_request(provider, root):
    arguments = ("kostra", "07905", "--from", "2008", "--to", "2008")
    provider.cells[CELL] = 6.4
    run(root, *arguments)
    table = root / "data" / "raw" / "api_ssb_07905" / "cells.csv"
    before = table.read_bytes()
    provider.cells[CELL] = 9.9
    done = run(root, *arguments)
    assert done.exit_code == 1
    assert "API-22" in done.stderr
    assert "ContentsCode=Sykefraversprosent, Tid=2008K1 er rettet av kilden, fra 6.4 til 9.9." in done.stderr
    assert "Kjør samme kommando med --accept" in done.stderr
    assert "(rettet: 1, borte: 0, nye rader: 0). Tallene i bruk er ikke rørt." in done.stdout
    assert table.read_bytes() == before
    done = run(root, *arguments, "--accept")
    assert done.exit_code == 0
    assert "Rettede tall er tatt i bruk (rettet: 1, borte: 0, nye rader: 0)." in done.stdout
    assert b"9.9" in table.read_bytes()


def test_years_before_the_tables_begin_are_told(provider, root):
    done = run(root, "sick-leave", "--from", "1999", "--to", "2000")
    assert done.exit_code == 0
    assert "Tabellene begynner i 2. kv. 2000; tidligere kvartaler finnes ikke." in done.stderr


def test_without_years_all_tables_are_fetched(provider, root):
    done = run(root, "sick-leave")
    assert done.exit_code == 0
    assert [line[:5] for line in done.stdout.splitlines()] == ["03217", "07905", "12451"]


@pytest.mark.parametrize(("numbers", "folders"), [(["131"], ["131"]), ([], ["131", "112", "104"])])
def test_classifications(provider, root, numbers, folders):
    done = run(root, "klass", *numbers)
    assert done.exit_code == 0
    assert {name.split("/")[2] for name in written(root)} == {f"api_klass_{number}" for number in folders}
    assert len(done.stdout.splitlines()) == len(folders)


WRONG = [
    (["kostra"], "API-34", None), (["kostra", "123"], "API-30", "123"), (["sick-leave", "07905"], "API-33", "07905"),
    (["klass", "6"], "API-35", "6"), (["klass", "--from", "2004"], "API-37", "2004"),
    (["klass", "--to", "2004"], "API-37", "2004"), (["sick-leave", "--from", "fjor"], "API-31", "fjor"),
    (["sick-leave", "--from", "2010", "--to", "2004"], "API-32", "2010"),
    (["sick-leave", "--to", "1998"], "API-36", "1998K4"),
    (["sick-leave", "--from", "1990", "--to", "1998"], "API-36", "1998K4"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "found"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_a_call_that_makes_no_sense_exits_with_2_and_asks_nobody(provider, root, arguments, code, found):
    done = run(root, *arguments)
    assert done.exit_code == 2
    assert re.findall(r"Feil (\S+)", done.stderr) == [code]
    assert "Hvorfor: " in done.stderr
    assert "Gjør slik: " in done.stderr
    assert found is None or f"Fant: «{found}»" in done.stderr
    assert provider.calls == []
    assert written(root) == set()


def test_a_year_that_has_not_come_is_told(provider, root):
    done = run(root, "sick-leave", "--from", "2090")
    assert done.exit_code == 11
    assert re.findall(r"Feil (\S+)", done.stderr) == ["API-15"]
    assert "den dekker 2000K2–2026K2" in done.stderr


def test_an_unknown_source_is_refused_by_the_command_itself(root):
    done = run(root, "udir")
    assert done.exit_code == 2
    assert "sick-leave" in done.stderr


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (httpx.ConnectError("Network is unreachable"), "API-01", "uten nett"),
        (httpx.ConnectTimeout("timed out"), "API-02", "svarte ikke innen 60 sekunder"),
        (httpx.Response(429), "API-03", "spurt for mange ganger"),
        (httpx.Response(503), "API-04", "stengt for vedlikehold"),
        (httpx.Response(404), "API-05", "noe med nummeret 07905"),
        (httpx.Response(200, text="<html>"), "API-07", "nettside"),
        (httpx.Response(200, text='{"id": ["Tid"'), "API-08", "brutt av"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("API") else "",
)
def test_a_provider_that_does_not_answer_changes_nothing(monkeypatch, root, answer, code, said):
    def handler(_):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(api_client, "ApiClient", lambda: client_for(handler))
    done = run(root, "kostra", "07905")
    assert done.exit_code == 11
    assert re.findall(r"Feil (\S+)", done.stderr) == [code]
    assert said in done.stderr
    assert "https://www.ssb.no/statbank/table/07905" in done.stderr or code in ("API-02", "API-03", "API-04", "API-08")
    assert "Traceback" not in done.stderr
    assert written(root) == set()


def test_tables_that_were_fetched_before_a_fault_are_kept(provider, root):
    del provider.times["07905"]
    done = run(root, "sick-leave", "--from", "2004", "--to", "2010")
    assert done.exit_code == 11
    assert "API-05" in done.stderr
    assert done.stdout.startswith("03217")
    assert {name.split("/")[2] for name in written(root)} == {"api_ssb_03217"}


def test_help_explains_sources_and_options():
    done = CliRunner().invoke(fetch, ["--help"], prog_name="kvalitet fetch")
    assert done.exit_code == 0
    for word in ("sick-leave", "kostra", "klass", "--from", "--to", "--accept", "--programme", "--debug"):
        assert word in done.output


def test_the_command_uses_the_helpers_of_the_others():
    assert {option.name for option in fetch.params} >= {"programme", "debug"}
