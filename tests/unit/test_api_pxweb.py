"""Tables through PxWebApi v2: the description, the questions, and answers that are not what was asked for."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import httpx
import pandas as pd
import pytest
from api_samples import Provider, client_for, n_asked
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.errors import DataError, UsageError
from kvalitet_eval.prepare.api.pxweb import MAX_ADDRESS, describe_table, fetch_cells, select_periods, split
from kvalitet_eval.prepare.periods import ordinal

pytestmark = pytest.mark.usefixtures("no_sockets")


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def client(provider):
    with client_for(provider) as client:
        yield client


def fetch(client, table="07905", first="2008Q1", last="2008Q2", **options):
    described = describe_table(client, table)
    return fetch_cells(client, described, select_periods(described, ordinal(first), ordinal(last)), **options)


def codes_of(error):
    return [item.code for item in error.findings]


def test_the_description_of_a_table(client, provider):
    described = describe_table(client, "07905")
    assert described.key == ("Region", "Kjonn", "ContentsCode", "Tid")
    assert described.codes["Kjonn"] == ("0", "1", "2")
    assert described.labels["Region"]["0542"] == "Nord-Aurdal"
    assert (described.time, described.updated) == ("Tid", "2026-11-20T07:00:00Z")
    assert described.codes["Tid"][0] == "2008K1"
    assert str(provider.calls[0].url) == (
        "https://data.ssb.no/api/pxwebapi/v2/tables/07905/metadata?lang=no&outputFormat=json-stat2"
    )


def test_codes_come_in_the_order_the_table_says_not_the_order_they_are_written():
    said = {"id": ["Tid"], "role": {"time": ["Tid"]}, "dimension": {"Tid": {"category": {"index": {"b": 1, "a": 0}}}}}
    with client_for(lambda _: httpx.Response(200, json=said)) as client:
        assert describe_table(client, "07905").codes["Tid"] == ("a", "b")
    said["dimension"]["Tid"]["category"] = {"index": ["b", "a"]}
    with client_for(lambda _: httpx.Response(200, json=said)) as client:
        assert describe_table(client, "07905").codes["Tid"] == ("b", "a")
    said["dimension"]["Tid"]["category"] = {"label": {"2008": "2008"}}
    with client_for(lambda _: httpx.Response(200, json=said)) as client:
        assert describe_table(client, "07905").codes["Tid"] == ("2008",)


@pytest.mark.parametrize(
    "said",
    [
        {}, [], "x", 7, True, {"id": ["Tid"], "dimension": {}, "role": {"time": ["Tid"]}},
        {"id": ["Tid"], "dimension": {"Tid": {"category": {"index": ["2008"]}}}},
        {"id": ["Tid"], "dimension": {"Tid": {"category": {"index": []}}}, "role": {"time": ["Tid"]}},
        {"id": ["A"], "dimension": {"A": {"category": {"index": ["1"]}}}, "role": {"time": ["Tid"]}},
        {"id": ["Tid"], "dimension": {"Tid": {"category": {"index": {"a": 1, "b": "x"}}}}, "role": {"time": ["Tid"]}},
        {"id": ["Tid"], "dimension": {"Tid": {"category": {"index": [2008]}}}, "role": {"time": ["Tid"]}},
        {"id": ["Tid"], "dimension": {"Tid": {"category": 3}}, "role": {"time": ["Tid"]}},
    ],
)  # fmt: skip
def test_a_description_of_another_form_is_refused(said):
    with client_for(lambda _: httpx.Response(200, json=said)) as client, pytest.raises(DataError) as caught:
        describe_table(client, "07905")
    assert codes_of(caught.value) == ["API-09"]
    assert caught.value.findings[0].facts["number"] == "07905"


@pytest.mark.parametrize("table", ["7905", "079051", "abcde", "", "07905/../x", "٠٧٩٠٥"])
def test_a_number_that_is_no_table_is_refused_before_any_call(client, provider, table):
    with pytest.raises(UsageError) as caught:
        describe_table(client, table)
    assert codes_of(caught.value) == ["API-30"]
    assert provider.calls == []


def test_an_unknown_table_is_told(client):
    with pytest.raises(DataError) as caught:
        describe_table(client, "99999")
    assert codes_of(caught.value) == ["API-05"]
    assert "99999" in str(caught.value)


def test_the_question_names_the_periods_and_takes_all_of_the_rest(client, provider):
    fetch(client)
    question = parse_qs(provider.calls[1].url.query.decode())
    assert question == {
        "lang": ["no"],
        "outputFormat": ["json-stat2"],
        "valueCodes[Region]": ["*"],
        "valueCodes[Kjonn]": ["*"],
        "valueCodes[ContentsCode]": ["*"],
        "valueCodes[Tid]": ["2008K1,2008K2"],
    }


def test_cells_keep_codes_values_and_symbols(client, provider):
    days, percent = "Sykefraversdagsverk", "Sykefraversprosent"
    provider.cells = {
        ("0301", "0", percent, "2008K1"): 6.4,
        ("0301", "0", days, "2008K1"): 1234.0,
        ("0542", "1", percent, "2008K2"): None,
        ("0542", "2", percent, "2008K2"): None,
        ("1503", "2", days, "2008K1"): 0,
    }
    provider.status = {("0542", "1", percent, "2008K2"): ":", ("0542", "2", percent, "2008K2"): ".."}
    answers, cells = fetch(client)
    assert len(answers) == 1
    assert list(cells.columns) == ["Region", "Kjonn", "ContentsCode", "Tid", "value", "status"]
    assert len(cells) == 3 * 3 * 2 * 2
    found = cells.set_index(["Region", "Kjonn", "ContentsCode", "Tid"])
    assert [tuple(found.loc[key]) for key in provider.cells] == [
        ("6.4", ""), ("1234", ""), (":", ":"), ("..", ".."), ("0", ""),
    ]  # fmt: skip


def test_a_large_question_is_split_by_time_first(client, provider):
    told = []
    _, whole = fetch(client, last="2009Q1")
    answers, cells = fetch(client, last="2009Q1", limit=40, on_progress=lambda *each: told.append(each))
    assert len(answers) == 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    asked = [parse_qs(call.url.query.decode())["valueCodes[Tid]"][0] for call in provider.calls[3:]]
    assert asked == ["2008K1,2008K2", "2008K3,2008K4", "2009K1"]
    key = ["Region", "Kjonn", "ContentsCode", "Tid"]
    pd.testing.assert_frame_equal(cells.sort_values(key, ignore_index=True), whole.sort_values(key, ignore_index=True))


SELECTIONS = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(
    lambda sizes: {f"d{place}": tuple(f"{place}.{code}" for code in range(size)) for place, size in enumerate(sizes)}
)


@given(SELECTIONS, st.integers(1, 200))
def test_parts_are_small_enough_and_hold_every_cell_once(selection, limit):
    parts = list(split(selection, "d0", limit))
    assert all(1 <= n_asked(part) <= limit for part in parts)
    assert sum(n_asked(part) for part in parts) == n_asked(selection)
    seen = {tuple(part[name] for name in selection) for part in parts}
    assert len(seen) == len(parts)
    for name, codes in selection.items():
        assert {code for part in parts for code in part[name]} == set(codes)


def test_the_real_size_of_a_table_of_all_municipalities_takes_four_questions():
    selection = {
        "Region": tuple(map(str, range(937))),
        "Kjonn": ("0", "1", "2"),
        "ContentsCode": tuple("abcdefghi"),
        "Tid": tuple(map(str, range(105))),
    }
    assert n_asked(selection) == 2_656_395
    parts = list(split(selection, "Tid"))
    assert [len(part["Tid"]) for part in parts] == [31, 31, 31, 12]
    assert all(len(part["Region"]) == 937 for part in parts)


def test_a_question_that_is_too_long_for_an_address_is_posted(client, provider):
    provider.labels["Region"] = {f"{number:04d}": f"Sted {number}" for number in range(1000)}
    answers, cells = fetch(client, last="2008Q1", limit=3000)
    posted = [call for call in provider.calls if call.method == "POST"]
    assert len(posted) == len(answers) == 2
    said = json.loads(posted[0].content)["selection"]
    assert [each["variableCode"] for each in said] == ["Region", "Kjonn", "ContentsCode", "Tid"]
    assert (len(said[0]["valueCodes"]), said[1]["valueCodes"], said[3]["valueCodes"]) == (500, ["*"], ["2008K1"])
    assert json.loads(answers[0][0].body) == json.loads(posted[0].content)
    assert all(len(str(call.url)) <= MAX_ADDRESS for call in provider.calls)
    assert len(cells) == 6000


def test_a_code_with_a_space_is_posted_and_kept(client, provider):
    provider.times["07905"] = ["2008K1", "2008K1 Ny", "2008K2 Ny", "2009K1"]
    _, cells = fetch(client)
    assert provider.calls[-1].method == "POST"
    assert sorted(cells["Tid"].unique()) == ["2008K1", "2008K1 Ny", "2008K2 Ny"]


@pytest.mark.parametrize(
    ("first", "last", "kept"),
    [
        ("2004Q1", "2005Q4", ["2004", "2005"]), ("2004Q3", "2005Q1", ["2004", "2005"]),
        (None, "2000Q1", ["2000"]), ("2025Q4", None, ["2025"]),
    ],
)  # fmt: skip
def test_years_that_overlap_the_stretch_are_taken(client, first, last, kept):
    described = describe_table(client, "07459")
    bounds = [None if each is None else ordinal(each) for each in (first, last)]
    assert list(select_periods(described, *bounds)["Tid"]) == kept


def test_no_bounds_take_everything(client):
    described = describe_table(client, "07905")
    assert dict(select_periods(described, None, None)) == dict(described.codes)


def test_a_stretch_outside_the_table_is_refused_with_what_there_is(client):
    with pytest.raises(DataError) as caught:
        fetch(client, first="1999Q1", last="2001Q4")
    assert codes_of(caught.value) == ["API-15"]
    assert caught.value.findings[0].found == "2008K1–2018K4"


def test_unknown_spellings_of_time_are_all_told_and_never_guessed(client, provider):
    provider.times["07905"] = ["2008K1", "uke 3", "2008K5"]
    with pytest.raises(DataError) as caught:
        fetch(client)
    assert [(item.code, item.found) for item in caught.value.findings] == [("API-16", "uke 3"), ("API-16", "2008K5")]


def other_answer(change):
    provider = Provider()

    def handler(request):
        response = provider(request)
        if "metadata" in request.url.path:
            return response
        said = json.loads(response.content)
        change(said)
        return httpx.Response(200, json=said)

    return handler


def drop_dimension(said):
    """Leave out the sexes, as a provider that has summed them would."""
    said["id"].remove("Kjonn")
    said["size"].remove(3)
    del said["dimension"]["Kjonn"]
    said["value"] = said["value"][:12]


def another_region(said):
    category = said["dimension"]["Region"]["category"]
    category["index"]["3407"] = category["index"].pop("0542")
    category["label"]["3407"] = category["label"].pop("0542")


@pytest.mark.parametrize(
    ("change", "column", "missing", "found"),
    [(drop_dimension, "Kjonn", "0, 1, 2", "-"), (another_region, "Region", "0542", "3407")],
)
def test_an_answer_to_another_question_is_refused(change, column, missing, found):
    with client_for(other_answer(change)) as client, pytest.raises(DataError) as caught:
        fetch(client)
    item = caught.value.findings[0]
    assert (item.code, item.column, item.facts["missing"], item.found) == ("API-14", column, missing, found)


def test_dimensions_in_another_order_are_read_by_name():
    def turn(said):
        said["id"] = ["Tid", "Region", "Kjonn", "ContentsCode"]
        said["size"] = [2, 3, 3, 2]
        said["value"] = list(range(36))

    with client_for(other_answer(turn)) as client:
        _, cells = fetch(client)
    found = cells.set_index(["Tid", "Region", "Kjonn", "ContentsCode"])["value"]
    assert found["2008K1", "0301", "0", "Sykefraversdagsverk"] == "1"
    assert found["2008K2", "0301", "0", "Sykefraversprosent"] == "18"


def test_a_dataset_that_lacks_values_is_refused():
    def cut(said):
        said["value"] = said["value"][:-1]

    with client_for(other_answer(cut)) as client, pytest.raises(DataError) as caught:
        fetch(client)
    assert codes_of(caught.value)[0].startswith("INN-C2")
    assert caught.value.findings[0].file.startswith("https://data.ssb.no/")
