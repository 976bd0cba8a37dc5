"""Rows of persons to cells: by hand, against a regression with dummies, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DataError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare import individual_rows
from kvalitet_eval.prepare.individual_rows import collapse_rows
from kvalitet_eval.prepare.panel import Panel

COLUMNS = {"unit": "unit", "period": "t", "outcome": "y", "cohort": "g"}
NAN = np.nan


def persons(n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Nine units over six periods, five of them treated in two intakes; every cell has a person."""
    rng = np.random.default_rng(seed)
    cell = np.concatenate([np.arange(54), rng.integers(0, 54, n_rows - 54)])
    unit, period = np.divmod(rng.permutation(cell), 6)
    start = np.array([3.0, 3, 3, 5, 5, NAN, NAN, NAN, NAN])[unit]
    y = rng.standard_normal(n_rows) + unit + 0.3 * period
    return pd.DataFrame({"unit": unit, "t": period + 1, "y": y, "g": start, "w": rng.uniform(0.5, 2, n_rows)})


def two_way(cells: pd.DataFrame) -> float:
    panel = Panel.from_frame(cells, **COLUMNS, weights="weight")
    return float(estimate(compare(panel, "never_treated"), "two_way").frame["estimate"].iloc[0])


def by_dummies(rows: pd.DataFrame, weight: np.ndarray) -> float:
    """The coefficient from all rows with a dummy for every unit and period."""
    effects = pd.get_dummies(rows[["unit", "t"]].astype(str), drop_first=True).to_numpy(float)
    x = np.column_stack([(rows["t"] >= rows["g"]).to_numpy(float), np.ones(len(rows)), effects])
    root = np.sqrt(weight)
    return float(np.linalg.lstsq(x * root[:, None], rows["y"].to_numpy() * root, rcond=None)[0][0])


def test_means_weights_and_rows_by_hand():
    rows = pd.DataFrame(
        {"unit": list("bbbaa"), "t": [2, 1, 1, 1, 1], "y": [5.0, 1, 4, NAN, 7], "g": [NAN] * 3 + [2.0] * 2,
         "w": [1.0, 1, 2, 9, 4]}
    )  # fmt: skip
    plain, weighted = collapse_rows(rows, **COLUMNS), collapse_rows(rows, **COLUMNS, weights="w")
    assert list(plain) == ["unit", "t", "y", "g", "weight", "n_rows"]
    assert plain["unit"].tolist() == ["a", "b", "b"]
    assert plain["t"].tolist() == [1, 1, 2]
    assert plain["y"].tolist() == [7, 2.5, 5]
    assert plain["weight"].tolist() == plain["n_rows"].tolist() == [1, 2, 1]
    assert plain["g"].tolist()[0] == 2
    assert plain["g"].isna().tolist() == [False, True, True]
    assert weighted["y"].tolist() == [7, 3, 5]
    assert weighted["weight"].tolist() == [4, 3, 1]
    assert weighted["n_rows"].tolist() == [1, 2, 1]


def test_the_two_way_coefficient_is_that_of_all_rows():
    rows = persons()
    assert two_way(collapse_rows(rows, **COLUMNS)) == pytest.approx(by_dummies(rows, np.ones(len(rows))), abs=1e-10)
    weighted = collapse_rows(rows, **COLUMNS, weights="w")
    assert two_way(weighted) == pytest.approx(by_dummies(rows, rows["w"].to_numpy()), abs=1e-10)


@pytest.mark.parametrize("kind", ["int16", "int64", "float64", "str", "category", "Int64"])
def test_units_and_periods_may_be_of_any_type(kind):
    rows = persons()
    found = collapse_rows(rows.astype({"unit": kind, "t": kind}), **COLUMNS)
    expected = collapse_rows(rows, **COLUMNS)
    assert found["y"].to_numpy() == pytest.approx(expected["y"].to_numpy(), abs=1e-12)
    assert found["n_rows"].tolist() == expected["n_rows"].tolist()
    assert found["unit"].astype(float).tolist() == expected["unit"].tolist()


def test_wide_numbers_and_quarters_are_read():
    rows = persons()
    quarters = np.array(["2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2"])
    named = rows.assign(unit=10**12 + 1000 * rows["unit"], t=quarters[rows["t"] - 1])
    named["g"] = [NAN if np.isnan(g) else quarters[int(g) - 1] for g in rows["g"]]
    assert two_way(collapse_rows(named, **COLUMNS)) == pytest.approx(two_way(collapse_rows(rows, **COLUMNS)), abs=1e-12)


def test_pieces_and_the_order_of_rows_change_nothing(monkeypatch):
    rows = persons()
    rows.loc[[3, 500], "y"] = NAN
    expected = collapse_rows(rows, **COLUMNS, weights="w")
    monkeypatch.setattr(individual_rows, "AT_ONCE", 7)
    shuffled = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(collapse_rows(shuffled, **COLUMNS, weights="w"), expected, rtol=1e-12)


def test_the_frame_of_the_caller_is_not_changed():
    rows = persons()
    before = rows.copy(deep=True)
    collapse_rows(rows, **COLUMNS, weights="w")
    pd.testing.assert_frame_equal(rows, before)


REFUSED = [
    ("PAN-01", lambda rows: rows.drop(columns="y")),
    ("PAN-10", lambda rows: rows.iloc[:0]),
    ("PAN-10", lambda rows: rows.assign(y=NAN)),
    ("PAN-11", lambda rows: rows.assign(unit=rows["unit"].where(rows["unit"] != 4))),
    ("PAN-12", lambda rows: rows.assign(t=rows["t"].where(rows.index != 9))),
    ("PAN-03", lambda rows: rows.assign(g=rows["g"].where(rows.index != rows.index[rows["unit"] == 0][0], 5.0))),
    ("PAN-03", lambda rows: rows.assign(g=rows["g"].where(rows.index != rows.index[rows["unit"] == 0][0]))),
    ("PAN-04", lambda rows: rows.assign(y=rows["y"].where(rows.index != 9, np.inf))),
    ("PAN-04", lambda rows: rows.assign(y=rows["y"].astype(object).where(rows.index != 9, "many"))),
    ("PAN-04", lambda rows: rows.assign(w=rows["w"].astype(object).where(rows.index != 9, "many"))),
    ("PAN-07", lambda rows: rows.assign(w=rows["w"].where(rows.index != 9, 0.0))),
    ("PAN-07", lambda rows: rows.assign(w=rows["w"].where(rows.index != 9))),
]


@pytest.mark.parametrize(("code", "spoil"), REFUSED, ids=[f"{code}-{i}" for i, (code, _) in enumerate(REFUSED)])
def test_what_cannot_be_collapsed_is_refused(code, spoil):
    with pytest.raises(DataError) as error:
        collapse_rows(spoil(persons()), **COLUMNS, weights="w")
    assert {item.code for item in error.value.findings} == {code}
    assert str(error.value)
