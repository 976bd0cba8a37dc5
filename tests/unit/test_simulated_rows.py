"""The simulated panel in the documented format: sums, borders, labels."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from programme_copy import PROGRAMME, copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import ConfigError
from kvalitet_eval.prepare.harmonise import harmonise
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.membership import membership
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.simulated_rows import SECTOR_SHARE, build_population, selection_window, simulate_rows

COLUMNS = [
    "municipality_number",
    "quarter",
    "sector",
    "employees",
    "agreed_days",
    "lost_days_self",
    "lost_days_doctor",
    "origin",
]


@cache
def inputs():
    config = load_config(PROGRAMME)
    register = load_register(config)
    national = read(config.file("national_series"), "national_series").rows
    return config, register, membership(config, register), national


@cache
def simulated() -> tuple[pd.DataFrame, pd.DataFrame]:
    return simulate_rows(*inputs())


def test_columns_labels_and_completeness():
    rows, truth = simulated()
    assert list(rows) == COLUMNS
    assert set(rows["origin"]) == set(truth["origin"]) == {"syntetisk"}
    assert not rows.isna().any().any()
    assert set(rows["sector"]) == set(SECTOR_SHARE)
    assert rows["quarter"].nunique() == 28
    assert not rows.duplicated(["municipality_number", "quarter", "sector"]).any()
    assert truth.shape == (430 * 28, 5)


def test_numbers_are_those_valid_in_the_year_of_the_quarter():
    rows, register = simulated()[0], inputs()[1]
    for year, group in rows.groupby(rows["quarter"].str[:4].astype(int)):
        assert set(group["municipality_number"]) == set(register.numbers(year)), year
    in_2007 = set(rows.loc[rows["quarter"] == "2007Q4", "municipality_number"])
    in_2008 = set(rows.loc[rows["quarter"] == "2008Q1", "municipality_number"])
    assert {"1503", "1556"} <= in_2007
    assert "1505" not in in_2007
    assert "1505" in in_2008
    assert not {"1503", "1556"} & in_2008


def test_days_in_the_programmes_borders_give_the_drawn_rate():
    """Rounding to a tenth of a day moves the rate of the smallest (40 employees) by less than 0.03 points."""
    rows, truth = simulated()
    summed = harmonise(rows, inputs()[1], 2008).rows.groupby(["municipality_number", "quarter"]).sum(numeric_only=True)
    rate = 100 * (summed["lost_days_self"] + summed["lost_days_doctor"]) / summed["agreed_days"]
    expected = truth.set_index(["municipality_number", "quarter"])["rate_pct"]
    assert (rate - expected).abs().max() < 0.03
    assert rate.index.equals(expected.sort_index().index)


def test_employees_are_positive_and_no_more_days_are_lost_than_agreed():
    rows, _ = simulated()
    assert (rows["employees"] >= 1).all()
    assert (rows[["agreed_days", "lost_days_self", "lost_days_doctor"]] >= 0).all().all()
    assert (rows["lost_days_self"] + rows["lost_days_doctor"] < rows["agreed_days"]).all()


def test_the_reader_of_the_documented_format_takes_it(tmp_path):
    rows, _ = simulated()
    part = rows[rows["municipality_number"].isin(["0542", "1503", "1505", "1556"])].drop(
        columns="line", errors="ignore"
    )
    path = tmp_path / "sick_leave_days_syntetisk.csv"
    part.to_csv(path, sep=";", index=False)
    back = read(path, "sick_leave_days", inputs()[1]).rows
    numbers = ["employees", "agreed_days", "lost_days_self", "lost_days_doctor"]
    assert back[numbers].to_numpy(float) == pytest.approx(part[numbers].to_numpy(float))
    assert set(back["origin"]) == {"syntetisk"}


def test_the_effect_is_in_the_truth_for_participants_and_for_them_only():
    _, truth = simulated()
    treated = inputs()[2].query("status == 'treated'").set_index("municipality_number")["first_quarter"]
    start = truth["municipality_number"].map(treated)
    after = start.notna() & (truth["quarter"] >= start.fillna("9"))
    assert not truth.loc[~after, "effect_pp"].any()
    full = truth[after & (truth["quarter"] >= "2010Q1")]
    assert full["effect_pp"].to_numpy() == pytest.approx(np.full(len(full), -0.4))
    assert len(treated) == 57


def test_it_is_the_same_panel_every_time_and_another_with_another_seed(tmp_path):
    again = simulate_rows(*inputs())
    pd.testing.assert_frame_equal(again[0], simulated()[0])
    pd.testing.assert_frame_equal(again[1], simulated()[1])
    config = copy_with(tmp_path, "programmes/kkp.toml", ("seed = 20070101", "seed = 20070102"))
    other, _ = simulate_rows(config, *inputs()[1:])
    assert not other["lost_days_self"].equals(simulated()[0]["lost_days_self"])


def test_the_order_of_the_national_series_does_not_matter():
    config, register, table, national = inputs()
    shuffled, _ = simulate_rows(config, register, table, national.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, simulated()[0])


def test_self_certified_share_follows_the_national_series():
    rows, _ = simulated()
    sums = rows.groupby("quarter")[["lost_days_self", "lost_days_doctor"]].sum()
    found = sums["lost_days_self"] / sums.sum(axis=1)
    national = inputs()[3].set_index("quarter").loc[found.index]
    assert (found - national["self_certified_pct"] / national["total_pct"]).abs().max() < 0.01


def test_population_employees_and_who_was_chosen():
    config, _, table, _ = inputs()
    found = build_population(config, table)
    by_number = dict(zip(found.numbers, found.selected, strict=True))
    assert [by_number[n] for n in ("0722", "1002", "0542")] == [-1.0, -1.0, 1.0]
    assert (found.employees >= 40).all()
    large, small = table["population"].idxmax(), table["population"].idxmin()
    per_head = found.employees / table["population"].to_numpy()
    assert per_head[small] > per_head[large]
    assert np.isfinite(found.start).sum() == 57
    assert found.start[table["intake"].to_numpy() == "innsats"].tolist() == [12.0] * 12
    window = selection_window(config.simulation)
    assert (window.first, window.last, window.high_pp, window.low_pp) == (3, 10, 1.6, 1.0)


def test_a_series_that_is_too_short_is_a_fault_of_the_programme_file():
    config, register, table, national = inputs()
    with pytest.raises(ConfigError) as error:
        simulate_rows(config, register, table, national[national["quarter"] != "2006Q2"])
    assert error.value.findings[0].code == "KON-07"
    assert "2006Q2" in str(error.value)
