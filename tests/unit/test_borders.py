"""A file of municipal borders: what is read, and what is refused and why."""

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pandas as pd
import pytest
from publish_samples import opened
from svg_reading import SVG, boxes, outside, overlapping

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.borders import read_borders
from kvalitet_eval.present.municipality_map import map_chart, simplified
from kvalitet_eval.present.plane import project
from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.present.to_svg import to_svg

SQUARE = [[10.0, 60.0], [11.0, 60.0], [11.0, 61.0], [10.0, 61.0], [10.0, 60.0]]
ROOT = Path(__file__).resolve().parents[2]
NORWAY = ROOT.parent / "shared/data/kommuner_2008_2011.geojson"
REGISTER = ROOT / "data/raw/municipality_register/municipalities_2008.csv"


def feature(number="0542", rings=None, kind="Polygon", name="kommune_nr"):
    return {
        "type": "Feature",
        "properties": {name: number, "kommune": "Nord-Aurdal"},
        "geometry": {"type": kind, "coordinates": [SQUARE] if rings is None else rings},
    }


@pytest.fixture
def written(tmp_path):
    def write(*features, text=None):
        path = tmp_path / "grenser.geojson"
        content = json.dumps({"type": "FeatureCollection", "features": list(features)}) if text is None else text
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", ["municipality_number", "kommune_nr", "kommunenr", "kommunenummer"])
def test_rings_are_read_by_number(written, name):
    borders = read_borders(written(feature(name=name)))
    assert dict(borders) == {"0542": (tuple(map(tuple, SQUARE)),)}


def test_islands_and_lakes_are_rings_of_one_municipality(written):
    lake = [[10.4, 60.4], [10.6, 60.4], [10.6, 60.6], [10.4, 60.4]]
    borders = read_borders(written(feature(kind="MultiPolygon", rings=[[SQUARE, lake], [SQUARE]])))
    assert [len(ring) for ring in borders["0542"]] == [5, 4, 5]


def test_a_height_above_the_sea_is_left_out(written):
    rings = [[[x, y, 712.0] for x, y in SQUARE]]
    assert read_borders(written(feature(rings=rings)))["0542"] == (tuple(map(tuple, SQUARE)),)


def codes(error):
    return [item.code for item in error.value.findings]


@pytest.mark.parametrize(
    "text", ["", "{", "[1, 2]", '{"type": "Feature"}', '{"type": "FeatureCollection", "features": []}', "[" * 100_000]
)
def test_what_is_no_collection_of_areas_is_refused(written, text):
    with pytest.raises(DataError) as error:
        read_borders(written(text=text))
    assert codes(error) == ["REG-50"]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError) as error:
        read_borders(tmp_path / "nothing.geojson")
    assert codes(error) == ["REG-50"] and error.value.findings[0].found == "ENOENT"


@pytest.mark.parametrize("number", [542, "542", "05420", None, "٠٥٤٢"])
def test_a_number_that_is_not_four_digits_is_refused(written, number):
    with pytest.raises(DataError) as error:
        read_borders(written(feature(number)))
    assert codes(error) == ["REG-51"]


@pytest.mark.parametrize(
    "rings",
    [
        [],
        [[]],
        [SQUARE[:-1]],
        [SQUARE[:3]],
        [[[262_000.0, 6_649_000.0]] * 4],
        [[[10.0, 60.0], [11.0, "60"], [11.0, 61.0], [10.0, 60.0]]],
        [[[10.0, float("nan")]] * 4],
        [[[True, False]] * 4],
    ],
)
def test_what_is_no_ring_of_longitude_and_latitude_is_refused(written, rings):
    with pytest.raises(DataError) as error:
        read_borders(written(feature(rings=rings)))
    assert codes(error) == ["REG-53"]


def test_points_are_no_borders(written):
    with pytest.raises(DataError) as error:
        read_borders(written(feature(kind="Point", rings=[10.0, 60.0])))
    assert codes(error) == ["REG-53"]


def test_all_faults_are_told_at_once_with_their_place_and_a_way_out(written):
    path = written(feature(), feature("0301"), feature(), feature(12), feature("1719", rings=[SQUARE[:2]]))
    with pytest.raises(DataError) as error:
        read_borders(path)
    assert codes(error) == ["REG-52", "REG-51", "REG-53"]
    told = str(error.value)
    assert "Flate nummer 4 i fila" in told and "Kommune 0542 står to ganger" in told and "kommune 1719" in told
    assert path.name in told and "UTM-koordinater" in told


def test_a_border_loses_small_bends_only():
    ring = (*((10 + k / 1000, 60.0) for k in range(101)), (10.1, 60.1), (10.0, 60.0))
    kept = simplified(ring)
    assert len(kept) < 10 and set(kept) <= {(round(x, 2), round(y, 2)) for x, y in ring}
    assert kept[0] == (10.0, 60.0) and (10.1, 60.1) in kept


def mapped(borders, **changes):
    rows = pd.DataFrame(
        {
            "municipality_number": ["0542", "0301"], "name": ["Nord-Aurdal", "Oslo"], "longitude": [10.5, 12.5],
            "latitude": [60.5, 60.5], "group": ["innsats", None],
        }
    )  # fmt: skip
    settings = {"id": "map", "programme": "P", "groups": {"innsats": "Pulje I"}, "year": 2008, "source": "SSB"}
    return map_chart(opened(rows), borders=borders, **{**settings, **changes}).content


def test_borders_are_drawn_with_the_colour_of_the_group_and_the_others_as_land(written):
    beside = [[x + 2, y] for x, y in SQUARE]
    chart = mapped(read_borders(written(feature(), feature("0301", rings=[beside]))))
    assert [(outline.series, len(outline.rings)) for outline in chart.outlines] == [("", 1), ("Pulje I", 1)]
    assert any(note.startswith("Grå flater") for note in chart.notes)
    drawn = [n for n in fromstring(to_svg(chart)).iter(f"{SVG}path") if n.get("class") == "outline"]
    assert [node.get("data-series") for node in drawn] == ["", "Pulje I"]
    traces = [trace for trace in to_plotly(chart).data if trace.meta == "outline"]
    assert [trace.fill for trace in traces] == ["toself", "toself"]
    east, north = zip(*(project(x, y) for x, y in SQUARE[:-1]), strict=True)
    assert (traces[1].x, traces[1].y) == (pytest.approx(east), pytest.approx(north))
    assert not {"choropleth", "scattergeo", "scattermap"} & {trace.type for trace in to_plotly(chart).data}


def test_the_borders_count_among_the_numbers_of_the_chart(written):
    chart = mapped(read_borders(written(feature())))
    assert {10.0, 11.0, 60.0, 61.0} <= set(chart.numbers())
    assert (chart.rows()["kind"] == "outline").sum() == 4


@pytest.mark.skipif(not NORWAY.exists(), reason="the file of borders is supplied by the user")
def test_the_borders_of_norway():
    borders = read_borders(NORWAY)
    register = pd.read_csv(REGISTER, dtype={"municipality_number": "str"})
    register["group"] = register["municipality_number"].str[:2].where(register.index % 9 == 0).map(lambda _: "one")
    register.loc[register.index % 9 != 0, "group"] = None
    assert len(borders) == 430 and set(borders) == set(register["municipality_number"])
    columns = ["municipality_number", "name", "longitude", "latitude", "group"]
    chart = map_chart(
        opened(register[columns]), id="map", programme="P", groups={"one": "Pulje I"}, year=2008, source="SSB",
        borders=borders, named=register["municipality_number"][::18],
    ).content  # fmt: skip
    for width in (340, 720):
        svg = to_svg(chart, width, 400)
        assert overlapping(boxes(svg)) == [] and outside(svg) == []
        assert len(svg) < 70_000
