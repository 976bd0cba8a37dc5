"""Whatever a provider answers, the clients either read it or say what is wrong with it."""

from __future__ import annotations

import copy
import json

import httpx
import pytest
from api_samples import LABELS, Provider, client_for
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.api.klass import fetch_changes, fetch_codes
from kvalitet_eval.prepare.api.pxweb import describe_table, fetch_cells, select_periods

SCALARS = st.none() | st.booleans() | st.integers(-2, 2**70) | st.floats(allow_nan=False) | st.text(max_size=8)
NAMES = st.sampled_from(
    ["id", "size", "dimension", "category", "index", "label", "role", "time", "Tid", "value", "status", "class",
     "version", "codes", "codeChanges", "code", "name"]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


def ask_description(client):
    describe_table(client, "07905")


def ask_codes(client):
    fetch_codes(client, "131")


def ask_changes(client):
    fetch_changes(client, "131")


ASKING = [ask_description, ask_codes, ask_changes]


def refuses_or_reads(action, content):
    with client_for(lambda _: httpx.Response(200, content=content)) as client:
        try:
            action(client)
        except DataError as error:
            assert error.findings


@pytest.mark.parametrize("action", ASKING)
@given(said=VALUES)
def test_any_json(action, said):
    refuses_or_reads(action, json.dumps(said).encode())


@pytest.mark.parametrize("action", ASKING)
@given(content=st.binary(max_size=40))
@settings(max_examples=50)
def test_any_bytes(action, content):
    refuses_or_reads(action, content)


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def change_at(value, path, new):
    changed = copy.deepcopy(value)
    if not path:
        return new
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed


def good_answer(what):
    provider = Provider()
    provider.times["07905"] = ["2008K1", "2008K2"]
    address = f"https://data.ssb.no/api/pxwebapi/v2/tables/07905/{what}"
    asked = {f"valueCodes[{name}]": "*" for name in (*LABELS, "Tid")}
    return json.loads(provider(httpx.Request("GET", address, params=asked)).content)


GOOD = {what: good_answer(what) for what in ("metadata", "data")}


def fetch_with(metadata, data):
    def handler(request):
        said = metadata if "metadata" in request.url.path else data
        return httpx.Response(200, content=json.dumps(said).encode())

    with client_for(handler) as client:
        described = describe_table(client, "07905")
        return fetch_cells(client, described, select_periods(described, None, None))[1]


def test_the_good_answers_are_read():
    assert len(fetch_with(GOOD["metadata"], GOOD["data"])) == 36


@given(
    change=st.sampled_from(sorted(GOOD)).flatmap(
        lambda what: st.tuples(st.just(what), st.sampled_from(list(places(GOOD[what]))), VALUES)
    )
)
@settings(max_examples=200)
def test_a_good_answer_with_one_part_changed(change):
    what, path, new = change
    changed = {**GOOD, what: change_at(GOOD[what], path, new)}
    try:
        cells = fetch_with(changed["metadata"], changed["data"])
    except DataError as error:
        assert error.findings
    else:
        assert not cells.duplicated(["Region", "Kjonn", "ContentsCode", "Tid"]).any()
