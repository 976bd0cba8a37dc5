"""Who has figures when, by hand."""

import pandas as pd
from notebook_samples import bundled, lineage, panel_rows

from kvalitet_eval.prepare import coverage

MEMBERS = pd.DataFrame(
    {"municipality_number": ["0101", "0102", "0103"], "status": ["treated", "never_treated", "never_treated"]}
)
# 0101 has all three quarters; 0102 lacks a row in the second and a figure in the third; 0103 has nothing.
ROWS = panel_rows(
    ("0101", "2007Q4", 5), ("0101", "2008Q1", 5), ("0101", "2008Q2", 5), ("0102", "2007Q4", 4), ("0102", "2008Q2", None)
)  # fmt: skip
TOTAL = bundled().config.outcome("sick_leave_total")
CELLS = coverage.panel_coverage(ROWS, MEMBERS, TOTAL)


def test_an_absent_row_and_a_missing_figure_count_alike():
    wide = CELLS.pivot(index="municipality_number", columns="quarter", values="has_figure")
    assert wide.loc["0101"].tolist() == [True, True, True]
    assert wide.loc["0102"].tolist() == [True, False, False]
    assert wide.loc["0103"].tolist() == [False, False, False]


def test_another_outcome_has_another_coverage():
    doctor = coverage.panel_coverage(ROWS, MEMBERS, bundled().config.outcome("sick_leave_doctor"))
    assert doctor["has_figure"].sum() == CELLS["has_figure"].sum() + 1


def test_no_agreed_days_give_no_figure():
    empty = ROWS.assign(agreed_days=0.0)
    assert not coverage.panel_coverage(empty, MEMBERS, TOTAL)["has_figure"].any()


def test_quarter_that_nobody_has_is_counted():
    gap = ROWS[ROWS["quarter"] != "2008Q1"]
    by_quarter = coverage.coverage_by_quarter(coverage.panel_coverage(gap, MEMBERS, TOTAL)).set_index("quarter")
    assert by_quarter.loc["2008Q1", ["n_with_figure", "n_missing"]].tolist() == [0, 3]


def test_by_quarter():
    by_quarter = coverage.coverage_by_quarter(CELLS)
    assert by_quarter["quarter"].tolist() == ["2007Q4", "2008Q1", "2008Q2"]
    assert by_quarter["n_with_figure"].tolist() == [2, 1, 1]
    assert by_quarter["n_missing"].tolist() == [1, 2, 2]
    assert by_quarter["share_pct"].round(1).tolist() == [66.7, 33.3, 33.3]


def test_by_status():
    by_status = coverage.coverage_by_status(CELLS).set_index("status")
    assert by_status.index.tolist() == ["never_treated", "treated"]
    assert by_status.loc["never_treated"].tolist() == [2, 0, 1, 1, 6, 5]
    assert by_status.loc["treated"].tolist() == [1, 1, 0, 0, 3, 0]


def test_merged_municipality_is_named_with_its_quarters():
    table = coverage.merged(
        lineage(("1505", "2007Q3", "1503, 1556"), ("1505", "2007Q4", "1503, 1556"), ("1505", "2008Q1", "1505"))
    )
    assert table.to_dict("records") == [
        {
            "municipality_number": "1505",
            "predecessors": "1503, 1556",
            "first_quarter": "2007Q3",
            "last_quarter": "2007Q4",
            "n_quarters": 2,
        }
    ]


def test_without_mergers():
    assert coverage.merged(lineage(("0101", "2007Q3", "0101"))).empty


def test_published_cells_keep_measures_and_sexes_apart():
    cells = bundled().cells.set_index(["mal", "kjonn"])
    assert cells["n_cells"].to_dict() == {
        ("arbeidstakere_pst", "begge"): 280,
        ("arbeidstakere_pst", "kvinner"): 408,
        ("arbeidstakere_pst", "menn"): 272,
        ("dagsverk_pst", "begge"): 68,
        ("dagsverk_pst", "kvinner"): 292,
        ("dagsverk_pst", "menn"): 172,
    }
    assert cells["n_cells"].sum() == 1492
    assert cells["n_municipalities"].max() == 37, "the country is not a municipality"


def test_repeated_cells_are_the_24_of_2003():
    cells = bundled().cells.set_index(["mal", "kjonn"])
    assert cells["n_repeated"].sum() == 24
    assert cells.loc[("dagsverk_pst", "kvinner"), "n_repeated"] == 24


def test_cell_without_a_percentage_is_missing_and_not_zero():
    rows = pd.DataFrame(
        {
            "kommune_nr": ["0000", "0101"],
            "kvartal": ["2007Q1", "2007Q1"],
            "kjonn": "menn",
            "mal": "dagsverk_pst",
            "prosent": [5.0, None],
        }
    )
    (row,) = coverage.published_cells(rows).to_dict("records")
    assert (row["n_cells"], row["n_missing"], row["n_municipalities"], row["low_pct"]) == (2, 1, 1, 5.0)
