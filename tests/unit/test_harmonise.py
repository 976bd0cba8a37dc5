"""Figures in the borders of one year: sums of parts, never half a sum, never a mean of rates."""

import numpy as np
import pandas as pd
import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.harmonise import harmonise
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe

VALUES = ["employees", "agreed_days", "lost_days_self", "lost_days_doctor"]


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


def panel(*rows):
    """Rows "number quarter employees agreed self doctor [sector [origin]]"; a dot is a missing figure."""
    records = []
    for line, row in enumerate(rows, start=2):
        number, quarter, *rest = row.split()
        values = [np.nan if text == "." else float(text) for text in rest[:4]]
        sector, origin = [*rest[4:], *["all", "observed"][len(rest) - 4 :]]
        records.append([number, quarter, sector, *values, origin, line])
    columns = ["municipality_number", "quarter", "sector", *VALUES, "origin", "line"]
    return pd.DataFrame(records, columns=columns)


def test_a_merger_is_the_sum_of_its_parts(register):
    result = harmonise(panel("1503 2007Q3 10 100 3 7", "1556 2007Q3 20 100 1 4"), register, 2008)
    (row,) = result.rows.to_dict("records")
    assert (row["municipality_number"], row["quarter"], row["sector"]) == ("1505", "2007Q3", "all")
    assert [row[name] for name in VALUES] == [30, 200, 4, 11]
    (origin,) = result.lineage.to_dict("records")
    assert origin == {
        "municipality_number": "1505",
        "quarter": "2007Q3",
        "predecessors": "1503, 1556",
        "n_predecessors": 2,
    }
    assert result.findings == ()


def test_the_rate_of_a_merger_is_not_the_mean_of_the_rates(register):
    rows = harmonise(panel("1503 2007Q3 10 900 0 90", "1556 2007Q3 20 100 0 0"), register, 2008).rows
    assert 100 * rows["lost_days_doctor"].iloc[0] / rows["agreed_days"].iloc[0] == 9.0  # the mean would be 5.0


def test_a_treated_unit_is_not_lost_when_its_number_changes(register):
    rows = harmonise(panel("1503 2007Q4 1 10 1 1", "1556 2007Q4 1 10 1 1", "1505 2008Q1 2 20 2 2"), register, 2008).rows
    assert list(zip(rows["municipality_number"], rows["quarter"], strict=True)) == [
        ("1505", "2007Q4"),
        ("1505", "2008Q1"),
    ]
    assert rows["agreed_days"].tolist() == [20, 20]


def test_a_number_kept_through_a_merger_still_needs_both_parts(register):
    both = panel("1804 2004Q4 10 100 3 7", "1842 2004Q4 1 10 1 1", "1804 2005Q1 11 110 4 8")
    assert harmonise(both, register, 2008).rows["employees"].tolist() == [11, 11]
    half = harmonise(both[both["municipality_number"] != "1842"], register, 2008)
    assert half.rows.loc[half.rows["quarter"] == "2004Q4", VALUES].isna().all(axis=None)
    assert half.rows.loc[half.rows["quarter"] == "2005Q1", "employees"].tolist() == [11]
    assert "1842 Skjerstad mangler rader fra 2004Q4 til 2004Q4 (antall kvartaler: 1)" in describe(half.findings)


def test_a_merger_with_a_missing_part_is_missing_and_not_half(register):
    result = harmonise(panel("1503 2007Q2 10 100 3 7", "1503 2007Q3 10 100 3 7"), register, 2008)
    assert result.rows[VALUES].isna().all(axis=None)
    (found,) = result.findings
    assert (found.code, found.severity, found.found) == ("REG-12", "warning", "1505")
    assert "1556 Frei mangler rader fra 2007Q2 til 2007Q3 (antall kvartaler: 2)" in describe(result.findings)
    assert result.lineage["n_predecessors"].tolist() == [1, 1]


def test_a_missing_figure_in_one_part_makes_only_that_sum_missing(register):
    result = harmonise(panel("1503 2007Q3 10 100 3 7", "1556 2007Q3 20 100 . 4"), register, 2008)
    (row,) = result.rows[VALUES].to_numpy().tolist()
    assert row[:2] == [30, 200]
    assert np.isnan(row[2])
    assert row[3] == 11
    assert [(item.code, item.column) for item in result.findings] == [("REG-13", "lost_days_self")]


def test_a_missing_figure_of_a_municipality_that_did_not_merge_is_no_finding(register):
    result = harmonise(panel("0101 2007Q3 10 100 . 7"), register, 2008)
    assert result.findings == ()
    assert np.isnan(result.rows["lost_days_self"].iloc[0])


def test_sectors_are_summed_each_for_itself(register):
    rows = panel(
        "1503 2007Q3 10 100 3 7 education",
        "1556 2007Q3 20 100 1 4 education",
        "1503 2007Q3 5 50 1 1 other",
        "1556 2007Q3 5 50 1 1 all",
    )
    result = harmonise(rows, register, 2008)
    sums = result.rows.set_index("sector")["employees"]
    assert sums["education"] == 30
    assert sums[["other", "all"]].isna().all()
    assert [item.facts["absent"] for item in result.findings] == ["1503 Kristiansund", "1556 Frei"]


def test_one_simulated_part_makes_the_sum_simulated(register):
    rows = panel("1503 2007Q3 1 1 1 1 all observed", "1556 2007Q3 1 1 1 1 all syntetisk", "0101 2007Q3 1 1 1 1")
    assert harmonise(rows, register, 2008).rows["origin"].tolist() == ["observed", "syntetisk"]


def test_bare_rates_are_refused_when_anything_would_be_merged(register):
    rates = pd.DataFrame(
        {"municipality_number": ["1503", "1556", "0101"], "quarter": "2007Q3", "rate_total_pct": [9.0, 0.0, 5.0]}
    ).assign(line=[2, 3, 4])
    with pytest.raises(DataError) as error:
        harmonise(rates, register, 2008, file="rates.csv")
    (found,) = error.value.findings
    assert (found.code, found.line, found.column, found.found) == ("REG-11", 2, "rate_total_pct", "1505")
    assert "Gjennomsnittet av to prosenter er ikke prosenten for dem samlet" in describe(error.value.findings)


def test_bare_rates_pass_where_nothing_is_merged(register):
    rates = pd.DataFrame({"municipality_number": ["5037"], "quarter": "2018Q1", "rate_total_pct": [9.0]})
    assert harmonise(rates, register, 2008).rows.to_dict("records") == [
        {"municipality_number": "1719", "quarter": "2018Q1", "rate_total_pct": 9.0}
    ]


def test_all_numbers_that_cannot_be_placed_are_refused_at_once_with_their_lines(register):
    rows = panel(
        "1505 2007Q4 1 1 1 1",
        "1756 2012Q1 1 1 1 1",
        "9999 2007Q1 1 1 1 1",
        "0101 2007Q1 1 1 1 1",
        "1505 2007Q3 1 1 1 1",
        "0101 2031Q1 1 1 1 1",
    )
    with pytest.raises(DataError) as error:
        harmonise(rows, register, 2008, file="panel.csv")
    found = [(item.code, item.line, item.found) for item in error.value.findings]
    assert found == [
        ("REG-02", 2, "1505"),
        ("REG-04", 3, "1756"),
        ("REG-02", 4, "9999"),
        ("REG-01", 7, "2031"),
    ]
    message = describe(error.value.findings)
    assert "panel.csv" in message
    assert "1505 er ikke et gyldig kommunenummer i 2007" in message


def test_nothing_is_lost_and_the_input_is_unchanged(register):
    rows = panel(*(f"{number} 2006Q1 10 100 3 7" for number in register.numbers(2006)))
    before = rows.copy(deep=True)
    result = harmonise(rows, register, 2008)
    pd.testing.assert_frame_equal(rows, before)
    assert len(result.rows) == 430
    assert result.rows[VALUES].sum().tolist() == rows[VALUES].sum().tolist()
    assert result.lineage["n_predecessors"].sum() == 431
    shuffled = harmonise(rows.sample(frac=1, random_state=1), register, 2008)
    pd.testing.assert_frame_equal(shuffled.rows, result.rows)
    assert list(result.rows.columns) == ["municipality_number", "quarter", "sector", *VALUES, "origin"]


def yearly(*rows):
    """Rows "number year value [unit [indicator]]" in the long form of KOSTRA."""
    records = []
    for line, row in enumerate(rows, start=2):
        number, year, value, *rest = row.split()
        unit, indicator = [*rest, *["personer", "i1"][len(rest) :]]
        records.append([number, int(year), indicator, "Navn", np.nan if value == "." else float(value), unit, "11111"])
        records[-1] += ["observed", line]
    columns = ["municipality_number", "year", "indicator", "indicator_name", "value", "unit", "table", "origin", "line"]
    return pd.DataFrame(records, columns=columns)


def test_yearly_counts_are_added_each_indicator_for_itself(register):
    """Kristiansund and Frei became one in 2008: 10 + 5 persons, and 3 + 4 of the other indicator."""
    rows = yearly("1503 2007 10", "1556 2007 5", "1503 2007 3 personer i2", "1556 2007 4 personer i2", "1505 2008 16")
    result = harmonise(rows, register, 2008)
    assert list(result.rows.columns) == list(rows.columns.drop("line"))
    found = result.rows[["municipality_number", "year", "indicator", "value"]].to_numpy().tolist()
    assert found == [["1505", 2007, "i1", 15.0], ["1505", 2007, "i2", 7.0], ["1505", 2008, "i1", 16.0]]
    assert set(result.rows["indicator_name"]) == {"Navn"}
    assert result.lineage.to_numpy().tolist() == [["1505", 2007, "1503, 1556", 2], ["1505", 2008, "1505", 1]]


def test_a_yearly_sum_with_a_missing_part_is_missing_and_told(register):
    result = harmonise(yearly("1503 2006 10", "1503 2007 10", "1556 2007 ."), register, 2008)
    assert result.rows["value"].isna().all()
    assert [(item.code, item.facts["first"], item.facts["n_periods"]) for item in result.findings] == [
        ("REG-36", "2006", "1"),
        ("REG-37", "2007", "1"),
    ]
    assert "antall år: 1" in describe(result.findings)


@pytest.mark.parametrize("unit", ["prosent", "kr/innb.", "poeng"])
def test_yearly_rates_are_never_added_and_pass_where_nothing_is(register, unit):
    rows = yearly(f"1503 2007 10 {unit}", f"1556 2007 5 {unit}", f"0101 2007 7 {unit}")
    with pytest.raises(DataError) as error:
        harmonise(rows, register, 2008)
    assert [(item.code, item.found, item.line, item.column) for item in error.value.findings] == [
        ("REG-11", "1505", 2, "value")
    ]
    assert "teller og nevner" in describe(error.value.findings)
    assert harmonise(rows[2:], register, 2008).rows["value"].tolist() == [7.0]


@pytest.mark.parametrize("borders", range(2000, 2025))
def test_yearly_totals_are_kept_for_any_borders_wherever_no_area_was_divided(register, borders):
    """One person in every municipality of 2007 that can be carried: as many persons after as before."""
    numbers = [n for n in register.numbers(2007) if len(register.targets(n, 2007, borders)) == 1]
    rows = yearly(*(f"{number} 2007 1" for number in numbers))
    if borders == 2007:
        assert harmonise(rows, register, borders).rows["value"].tolist() == [1.0] * len(numbers)
    result = harmonise(rows, register, borders)
    lacking = result.rows["value"].isna()
    whole = register.predecessors(2007, borders)
    assert result.rows.loc[~lacking, "value"].tolist() == [
        len(whole[number]) for number in result.rows.loc[~lacking, "municipality_number"]
    ]
    divided = [n for n in register.numbers(2007) if n not in numbers]
    if divided:
        with pytest.raises(DataError) as error:
            harmonise(yearly(*(f"{number} 2007 1" for number in divided)), register, borders)
        assert len(error.value.findings) == len(divided)
        assert {item.code for item in error.value.findings} <= {"REG-03", "REG-04"}
