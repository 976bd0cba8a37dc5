"""Borders of any year 2000-2024 in either direction: sums are kept, and what cannot be carried is refused."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.boundary_weights import BACKWARD, FORWARD, BoundaryWeights, carried_shares
from kvalitet_eval.prepare.harmonise import harmonise
from kvalitet_eval.prepare.municipalities import load_register

PROGRAMME = Path(__file__).resolve().parents[2] / "programmes" / "kkp.toml"
YEARS = range(2000, 2025)
DAYS = st.integers(1, 10_000)


@cache
def register():
    return load_register(load_config(PROGRAMME))


@cache
def all_weights(seed=1):
    """Shares for every division in both directions, uneven but adding up to 1."""
    shares = {}
    for year in YEARS[1:]:
        for direction, before in ((FORWARD, year - 1), (BACKWARD, year)):
            for number in register().numbers(before):
                parts = sorted(register().links(number, year, forwards=direction == FORWARD))
                sizes = [seed + position for position in range(1, len(parts) + 1)]
                shares[year, direction, number] = dict(zip(parts, (s / sum(sizes) for s in sizes), strict=True))
    return BoundaryWeights(shares)


def rows_of(year, scale=1):
    numbers = register().numbers(year)
    return pd.DataFrame(
        {
            "municipality_number": pd.Series(numbers, dtype="str"),
            "quarter": pd.Series([f"{year}Q1"] * len(numbers), dtype="str"),
            "sector": "all",
            "agreed_days": [float(scale * (position + 1)) for position in range(len(numbers))],
        }
    )


@pytest.mark.parametrize("year", YEARS)
def test_every_number_has_shares_of_one_in_every_other_year(year):
    for other in YEARS:
        numbers = set(register().numbers(other))
        for number in register().numbers(year):
            shares = carried_shares(register(), number, year, other, all_weights())
            assert abs(sum(shares.values()) - 1) < 1e-9
            assert set(shares) <= numbers


@pytest.mark.parametrize("year", YEARS)
def test_without_weights_a_number_is_carried_exactly_when_its_area_stays_together(year):
    for other in YEARS:
        for number in register().numbers(year):
            targets = register().targets(number, year, other)
            shares = carried_shares(register(), number, year, other)
            assert shares == ({targets[0]: 1.0} if len(targets) == 1 else None)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(YEARS), st.sampled_from(YEARS), DAYS)
def test_the_total_is_the_same_in_all_borders(year, borders, scale):
    rows = rows_of(year, scale)
    result = harmonise(rows, register(), borders, weights=all_weights())
    assert result.rows["agreed_days"].sum() == pytest.approx(rows["agreed_days"].sum(), rel=1e-12)
    assert set(result.rows["municipality_number"]) <= set(register().numbers(borders))
    assert not result.rows["agreed_days"].isna().any()


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(YEARS), st.sampled_from(YEARS), DAYS)
def test_there_and_back_keeps_the_total(year, borders, scale):
    there = harmonise(rows_of(year, scale), register(), borders, weights=all_weights()).rows
    back = harmonise(there.assign(quarter=f"{borders}Q1"), register(), year, weights=all_weights()).rows
    assert back["agreed_days"].sum() == pytest.approx(rows_of(year, scale)["agreed_days"].sum(), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(YEARS), st.sampled_from(YEARS))
def test_without_weights_all_is_carried_or_all_is_refused_by_number(year, borders):
    split = [n for n in register().numbers(year) if len(register().targets(n, year, borders)) > 1]
    rows = rows_of(year)
    if not split:
        assert harmonise(rows, register(), borders).rows["agreed_days"].sum() == rows["agreed_days"].sum()
        return
    with pytest.raises(DataError) as error:
        harmonise(rows, register(), borders)
    assert [item.found for item in error.value.findings] == split
    assert {item.code for item in error.value.findings} == {"REG-03" if year < borders else "REG-04"}
