"""Codes and changes of classifications; the codes are real, the answers are made for the test."""

from __future__ import annotations

import httpx
import pytest
from api_samples import Provider, client_for

from kvalitet_eval.errors import DataError, UsageError
from kvalitet_eval.prepare.api.klass import fetch_changes, fetch_codes

pytestmark = pytest.mark.usefixtures("no_sockets")


def test_codes_have_their_stretch_of_validity():
    provider = Provider()
    with client_for(provider) as client:
        answer, codes = fetch_codes(client, "131")
    assert answer.address == ("https://data.ssb.no/api/klass/v1/classifications/131/codes?from=2000-01-01&language=nb")
    assert codes.to_dict("records") == [
        {"code": "0542", "valid_from": "2000-01-01", "valid_to": "2020-01-01", "name": "Nord-Aurdal", "parent": "",
         "level": "1"},
        {"code": "3451", "valid_from": "2020-01-01", "valid_to": "", "name": "Nord-Aurdal", "parent": "", "level": "1"},
    ]  # fmt: skip


def test_changes_keep_a_merger_as_two_rows():
    provider = Provider()
    provider.changes = [
        {"old": old, "new": "1505", "day": "2008-01-01", "name": "Kristiansund"} for old in ("1503", "1556")
    ]
    with client_for(provider) as client:
        answer, changes = fetch_changes(client, "131")
    assert answer.address.endswith("/131/changes?from=2000-01-01&language=nb")
    assert changes[["changed", "old_code", "new_code"]].to_numpy().tolist() == [
        ["2008-01-01", "1503", "1505"],
        ["2008-01-01", "1556", "1505"],
    ]


def test_a_code_that_comes_from_nothing_is_empty_on_that_side():
    change = {
        "oldCode": None,
        "oldName": None,
        "newCode": "9999",
        "newName": "Uoppgitt",
        "changeOccurred": "2001-01-01",
    }
    with client_for(lambda _: httpx.Response(200, json={"codeChanges": [change]})) as client:
        _, changes = fetch_changes(client, "131")
    assert changes.loc[0, ["old_code", "old_name", "new_code"]].tolist() == ["", "", "9999"]


def test_a_classification_without_changes_has_none():
    with client_for(lambda _: httpx.Response(200, json={"codeChanges": []})) as client:
        _, changes = fetch_changes(client, "112")
    assert list(changes.columns) == ["changed", "old_code", "new_code", "old_name", "new_name"]
    assert len(changes) == 0


@pytest.mark.parametrize(
    "said",
    [
        {}, [], 3, {"codes": []}, {"codes": [1]}, {"codes": [{"code": "0542"}]}, {"codes": None}, {"codeChanges": []},
    ],
)  # fmt: skip
def test_another_answer_is_refused(said):
    with client_for(lambda _: httpx.Response(200, json=said)) as client, pytest.raises(DataError) as caught:
        fetch_codes(client, "131")
    assert [(item.code, item.facts["number"]) for item in caught.value.findings] == [("API-09", "131")]


def test_a_code_that_stands_twice_is_refused():
    provider = Provider()
    provider.codes *= 2
    with client_for(provider) as client, pytest.raises(DataError) as caught:
        fetch_codes(client, "131")
    assert caught.value.findings[0].code == "API-09"


def test_other_classifications_are_refused_before_any_call():
    provider = Provider()
    with client_for(provider) as client, pytest.raises(UsageError) as caught:
        fetch_codes(client, "6")
    item = caught.value.findings[0]
    assert (item.code, item.found, item.facts["allowed"]) == ("API-35", "6", "131, 112, 104")
    assert provider.calls == []
