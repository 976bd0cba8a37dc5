"""The 37-municipality file of published cells: two measures and three sexes kept apart, and its tables agree."""

import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.semantics.meaning import require_population
from kvalitet_eval.prepare.semantics.series import overlaps, pick_series
from kvalitet_eval.present.messages import describe

KINDS = [(sex, measure) for sex in ("kvinner", "menn", "begge") for measure in ("arbeidstakere_pst", "dagsverk_pst")]


@pytest.fixture(scope="module")
def cells():
    return read(load_config(PROGRAMME).file("published_cells"), "ssb_cells")


def test_it_has_37_municipalities_and_the_country(cells):
    assert len(cells.rows) == 1492
    assert set(cells.rows["kommune_nr"]) - {"0000"} == set(cells.rows["kommune_nr"]) & {
        number for number in cells.rows["kommune_nr"] if number[:2] in ("01", "02")
    }
    assert cells.rows["kommune_nr"].nunique() == 37 + 1


def test_no_series_is_taken_without_a_choice(cells):
    with pytest.raises(DataError) as error:
        pick_series(cells, {})
    assert [(item.code, item.column) for item in error.value.findings] == [("INN-S25", "kjonn"), ("INN-S25", "mal")]
    assert "begge, kvinner, menn" in describe(error.value.findings)
    with pytest.raises(DataError) as error:
        pick_series(cells, {"kjonn": "alle", "mal": "dagsverk_pst"})
    assert [(item.code, item.found) for item in error.value.findings] == [("INN-S25", "alle")]


def test_the_series_share_no_row_and_together_are_the_whole_file_but_for_what_stands_twice(cells):
    there = set(zip(cells.rows["kjonn"], cells.rows["mal"], strict=True))
    seen, taken, twice = set(), 0, 0
    for sex, measure in KINDS:
        if (sex, measure) not in there:
            continue
        series = pick_series(cells, {"kjonn": sex, "mal": measure})
        assert set(series.rows["kjonn"]) == {sex}
        assert set(series.rows["mal"]) == {measure}
        assert not series.rows.duplicated(["kommune_nr", "kvartal"]).any()
        assert not seen & set(series.rows["line"])
        seen |= set(series.rows["line"])
        taken, twice = taken + len(series.rows), twice + len(series.overlaps)
    assert len(there) >= 4
    assert {measure for _, measure in there} == {"arbeidstakere_pst", "dagsverk_pst"}
    assert {sex for sex, _ in there} == {"kvinner", "menn", "begge"}
    assert taken + twice == 1492


def test_figures_that_stand_in_two_tables_agree_but_for_four_counts(cells):
    pairs = overlaps(cells)
    assert len(pairs) == 24
    assert set(pairs["kvartal"]) == {"2003Q4"}
    assert pairs["rate_agrees"].all()
    apart = pairs[~pairs["count_agrees"]]
    assert sorted(apart["kommune_nr"]) == ["0000", "0106", "0136", "0215"]
    assert ((apart["count"] - apart["other_count"]).abs() == 1).all()
    told = [item for kind in KINDS for item in _told(cells, *kind)]
    assert sorted((item.code, item.severity, item.facts["unit"]) for item in told) == [
        ("INN-S27", "warning", number) for number in ("0000", "0106", "0136", "0215")
    ]
    assert "prosentene er like" in describe(told)


def _told(cells, sex, measure):
    if not ((cells.rows["kjonn"] == sex) & (cells.rows["mal"] == measure)).any():
        return ()
    return pick_series(cells, {"kjonn": sex, "mal": measure}).findings


def test_tables_that_disagree_are_refused_with_both_lines(cells):
    pair = overlaps(cells).iloc[0]
    rows = cells.rows.copy()
    rows.loc[rows["line"] == pair["other_line"], "prosent"] += 0.1
    changed = type("File", (), {"path": cells.path, "layout": cells.layout, "rows": rows})
    with pytest.raises(DataError) as error:
        pick_series(changed, {"kjonn": pair["kjonn"], "mal": pair["mal"]})
    (found,) = error.value.findings
    assert (found.code, found.line, found.facts["other_line"]) == ("INN-S26", pair["other_line"], str(pair["line"]))
    assert found.facts["unit"] == pair["kommune_nr"]


def test_they_are_about_residents_and_never_stand_beside_employees(cells):
    require_population("residents", cells)
    with pytest.raises(DataError, match="INN-S11"):
        require_population("employees", cells)


def test_one_table_only_has_no_overlaps_and_other_layouts_have_no_series(cells):
    one = cells.rows[cells.rows["tabell"] == cells.rows["tabell"].iloc[0]]
    assert overlaps(type("File", (), {"path": cells.path, "layout": cells.layout, "rows": one})).empty
    national = read(load_config(PROGRAMME).file("national_series"), "national_series")
    with pytest.raises(ValueError, match="no series in layout national_series"):
        overlaps(national)
