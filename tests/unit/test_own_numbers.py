"""Reports that are rendered side by side: every figure, number and name belongs to the report's own municipality.

The reference is recomputed here from the rows of the panel, lost days over agreed days, without the package's own sums.
"""

from __future__ import annotations

import html
import itertools
import json
import re
from math import isnan

import pytest
from made_programme import made_programme, without_texts

from kvalitet_eval.present.numbers import percent, quarter, quarter_ordinal
from kvalitet_eval.report.imported import load_imported
from kvalitet_eval.report.manifest import read_manifest
from kvalitet_eval.report.rendering import MANIFEST, render_reports
from kvalitet_eval.report.store import sha256_of
from kvalitet_eval.report.wanted import Wanted

MUNICIPALITIES = ("0542", "1902", "0235", "1719", "1833", "0429", "0722")
"""Of every intake with members, one whose start is not known, one of two intakes, large and small."""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    config = without_texts(made_programme(tmp_path_factory.mktemp("side by side")))
    results = render_reports(config, Wanted(MUNICIPALITIES, formats=("html",)), n_jobs=2)
    assert [result.status for result in results] == ["done"] * len(MUNICIPALITIES), [str(r.error) for r in results]
    return config


@pytest.fixture(scope="module")
def imported(config):
    return load_imported(config)


@pytest.fixture(scope="module")
def rates(imported):
    """Four-quarter rates by municipality and last quarter, from the panel's rows."""
    columns = ["lost_days_self", "lost_days_doctor", "agreed_days"]
    sums = imported.rows.groupby(["municipality_number", "quarter"])[columns].sum().reset_index().sort_values("quarter")
    found = {}
    for number, rows in sums.groupby("municipality_number"):
        lost = (rows["lost_days_self"] + rows["lost_days_doctor"]).rolling(4).sum()
        share = 100 * lost / rows["agreed_days"].rolling(4).sum()
        found[number] = dict(zip(rows["quarter"], share, strict=True))
    return found


def files(config, number):
    (stored,) = (config.reports / "municipalities").glob(f"{number}-*.results.json")
    page = stored.with_name(stored.name.replace(".results.json", ".html"))
    return json.loads(stored.read_text("utf-8")), re.sub(r"<[^>]+>", " ", html.unescape(page.read_text("utf-8")))


def own_series(stored):
    (chart,) = [block["chart"] for block in stored["blocks"] if block.get("chart", {}).get("id") == "development"]
    (own,) = [series for series in chart["series"] if series["name"] == stored["subject"]["name"]]
    return {point["x"]: point["y"] for point in own["points"] if point["y"] is not None}


def test_the_reference_tells_all_municipalities_apart(rates):
    lines = [tuple(round(value, 1) for value in rates[number].values()) for number in MUNICIPALITIES]
    for one, other in itertools.combinations(lines, 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) > len(one) / 2


@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_the_curve_is_the_municipalitys_own(config, rates, number):
    stored, _ = files(config, number)
    expected = {quarter_ordinal(label): rate for label, rate in rates[number].items() if not isnan(rate)}
    assert own_series(stored) == pytest.approx(expected, abs=1e-9)
    assert len(expected) == 25


@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_the_page_prints_the_municipalitys_own_rate_and_no_other_name(config, imported, rates, number):
    stored, page = files(config, number)
    label, rate = list(rates[number].items())[-1]
    name = stored["subject"]["name"]
    said = f"til og med {quarter(label)}, var det samlede sykefraværet {percent(rate)} i {name}"
    assert said.replace("\u00a0", " ") in page.replace("\u00a0", " ")
    names = set(imported.membership.loc[imported.membership["status"].isin(["treated", "start_unknown"]), "name"])
    here = {other for other in names - {name} if re.search(rf"(?<!\w){re.escape(other)}(?!\w)", page)}
    assert here == set()


@pytest.mark.parametrize("number", MUNICIPALITIES)
def test_the_effect_is_that_of_the_municipalitys_own_intake(config, imported, number):
    stored, _ = files(config, number)
    row = imported.membership.set_index("municipality_number").loc[number]
    tables = {block["table"]["id"]: block["table"] for block in stored["blocks"] if block["type"] == "table"}
    others = {intake.name for intake in config.intakes if intake.id != row["intake"]}
    texts = json.dumps(stored["blocks"], ensure_ascii=False)
    assert [name for name in others if re.search(rf"{name}(?![\wI])", texts)] == []
    assert ("effect" in tables) == (row["status"] == "treated")
    if "effect" in tables:
        assert config.intake(row["intake"]).name in tables["effect"]["caption"]


def test_every_published_file_is_the_one_that_was_made_for_it(config):
    entries = {entry.subject: entry for entry in read_manifest(config.reports / MANIFEST)}
    folder = config.reports / "municipalities"
    assert set(entries) == set(MUNICIPALITIES)
    for number, entry in entries.items():
        assert all(name.startswith(f"{number}-") for name in entry.outputs)
        assert {name: sha256_of(folder / name) for name in entry.outputs} == entry.outputs
        stored, _ = files(config, number)
        assert stored["files"] == {name: sha for name, sha in entry.outputs.items() if not name.endswith(".json")}
        assert stored["subject"]["id"] == number
    assert {path.name for path in folder.iterdir()} == {name for entry in entries.values() for name in entry.outputs}
