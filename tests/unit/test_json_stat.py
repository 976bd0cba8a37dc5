"""JSON-stat 2: what is read, and that every malformed part is told by its place. All figures are made up."""

import json

import pytest

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.json_stat import MOST_CELLS, parse, read_json_stat
from kvalitet_eval.present.messages import why_and_mend


def document(**changes):
    """Return a made-up dataset of two municipalities and two quarters; ``None`` takes a part away."""
    whole = {
        "version": "2.0",
        "class": "dataset",
        "label": "Made up",
        "source": "Nobody",
        "updated": "2024-01-01T07:00:00Z",
        "note": ["A note"],
        "id": ["Region", "Tid"],
        "size": [2, 2],
        "role": {"time": ["Tid"], "geo": ["Region"]},
        "dimension": {
            "Region": {"label": "region", "category": {"index": ["0101", "0301"], "label": {"0101": "Halden"}}},
            "Tid": {"category": {"index": {"2007K2": 1, "2007K1": 0}, "note": {"2007K2": ["Revised"]}}},
        },
        "value": [7.1, None, 0, 8],
        "status": {"1": ":"},
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def parsed(**changes):
    return parse(json.dumps(document(**changes)).encode())


def dimensions(**changes):
    both = document()["dimension"]
    both["Region"]["category"].update(changes)
    return both


def test_dimensions_values_status_and_notes():
    dataset = parsed()
    assert (dataset.label, dataset.source, dataset.updated) == ("Made up", "Nobody", "2024-01-01T07:00:00Z")
    region, time = dataset.dimensions["Region"], dataset.dimensions["Tid"]
    assert (region.label, region.codes, region.labels, region.role) == (
        "region",
        ("0101", "0301"),
        ("Halden", "0301"),
        "geo",
    )
    assert (time.codes, time.role) == (("2007K1", "2007K2"), "time")
    assert dataset.values == (7.1, None, 0, 8)
    assert dataset.status == ("", ":", "", "")
    assert dataset.notes == ("A note", "2007K2: Revised")


@pytest.mark.parametrize(
    ("status", "read"),
    [(None, ("", "", "", "")), ("p", ("p",) * 4), (["", None, "..", "."], ("", "", "..", ".")), ({}, ("",) * 4)],
)
def test_status_in_every_form(status, read):
    assert parsed(status=status).status == read


def test_sparse_values_are_missing_where_nothing_is_given():
    assert parsed(value={"3": 1.5, "0": 2}).values == (2, None, None, 1.5)


def test_a_single_category_needs_no_index():
    one = {"category": {"label": {"S": "Sum"}}}
    assert parsed(id=["X"], size=[1], dimension={"X": one}, role=None, value=[1], status=None).dimensions[
        "X"
    ].codes == ("S",)


def test_the_last_dimension_varies_fastest_and_a_symbol_stands_for_its_value(tmp_path):
    path = tmp_path / "tabell.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(document(value=[7.125, None, 0, None])).encode())
    sheet = read_json_stat(path)
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (1, ("Region", "Region_label", "Tid", "Tid_label", "value", "status")),
        (2, ("0101", "Halden", "2007K1", "2007K1", "7.1250", "")),
        (3, ("0101", "Halden", "2007K2", "2007K2", ":", ":")),
        (4, ("0301", "0301", "2007K1", "2007K1", "0", "")),
        (5, ("0301", "0301", "2007K2", "2007K2", "", "")),
    ]
    assert (sheet.sheet, sheet.notes["source"], sheet.notes["format"]) == (None, "Nobody", "json-stat2")
    assert len(sheet.sha256) == 64


@pytest.mark.parametrize(
    ("changes", "code", "part"),
    [
        ({"class": "collection"}, "INN-C21", "class, version"),
        ({"version": None}, "INN-C21", "class, version"),
        ({"id": None}, "INN-C22", "id"),
        ({"id": ["Region", "Region"]}, "INN-C22", "id"),
        ({"id": ["Region", 3]}, "INN-C22", "id"),
        ({"size": [2]}, "INN-C22", "size"),
        ({"size": [2, 0]}, "INN-C22", "size"),
        ({"size": [2, True]}, "INN-C22", "size"),
        ({"size": [2, MOST_CELLS]}, "INN-C24", "size"),
        ({"role": {"time": ["Year"]}}, "INN-C22", "role"),
        ({"role": []}, "INN-C22", "role"),
        ({"dimension": []}, "INN-C22", "dimension"),
        ({"dimension": {"Region": {}}}, "INN-C22", "dimension.Region.category"),
        ({"dimension": dimensions(index=["0101"])}, "INN-C22", "dimension.Region.category.index"),
        ({"dimension": dimensions(index=["0101", "0101"])}, "INN-C22", "dimension.Region.category.index"),
        ({"dimension": dimensions(index={"0101": 0, "0301": 2})}, "INN-C22", "dimension.Region.category.index"),
        ({"dimension": dimensions(index={"0101": 0, "0301": True})}, "INN-C22", "dimension.Region.category.index"),
        ({"dimension": dimensions(index=None)}, "INN-C22", "dimension.Region.category.index"),
        ({"dimension": dimensions(label={"9999": "x"})}, "INN-C22", "dimension.Region.category.label"),
        ({"dimension": dimensions(label={"0101": "\ud800"})}, "INN-C22", "dimension.Region.category.label"),
        ({"dimension": dimensions(note=3)}, "INN-C22", "dimension.Region.category.note"),
        ({"value": None}, "INN-C22", "value"),
        ({"value": [1, 2, 3]}, "INN-C25", "value"),
        ({"value": {"4": 1}}, "INN-C22", "value"),
        ({"value": {"01": 1, "x": 2}}, "INN-C22", "value"),
        ({"value": [1, "2", 3, 4]}, "INN-C23", "value"),
        ({"value": [1, True, 3, 4]}, "INN-C23", "value"),
        ({"value": [1, 10**400, 3, 4]}, "INN-C23", "value"),
        ({"status": ["a"]}, "INN-C25", "status"),
        ({"status": [1, 2, 3, 4]}, "INN-C22", "status"),
        ({"label": 3}, "INN-C22", "label"),
        ({"note": [3]}, "INN-C22", "note"),
    ],
)
def test_a_malformed_part_is_told_by_its_place(changes, code, part):
    with pytest.raises(DataError) as error:
        parsed(**changes)
    (item,) = error.value.findings
    assert (item.code, item.column) == (code, part)
    assert all(why_and_mend(item))


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff{}", b'{"a": 1, "a": 2}', b'{"value": NaN}', b"[" * 100_000, b"9" * 5000, b"<html>"],
    ids=["empty", "cut", "latin-1", "twice", "NaN", "deep", "long number", "web page"],
)
def test_what_is_not_json_is_told(data):
    with pytest.raises(DataError) as error:
        parse(data, file="tabell.json")
    (item,) = error.value.findings
    assert (item.code, item.file) == ("INN-C20", "tabell.json")
    assert "ikke gyldig JSON" in why_and_mend(item)[0]


def test_a_value_that_is_no_number_is_told_by_its_place_in_words():
    with pytest.raises(DataError) as error:
        parsed(value=[1, 2, "x", 4])
    assert why_and_mend(error.value.findings[0])[0] == "Verdi nummer 3 i datasettet er ikke et tall."
