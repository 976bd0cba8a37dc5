import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.present import numbers

FINITE = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("x", "decimals", "printed"),
    [
        (9.05, 1, "9,1"),
        (0.125, 2, "0,13"),
        (-0.125, 2, "−0,13"),
        (2.675, 2, "2,68"),  # binary 2.67499999999999982
        (0.1 + 0.2, 1, "0,3"),
        (1.45 - 1e-12, 1, "1,5"),  # noise of a summation
        (-0.04, 1, "0,0"),
        (-0.0, 0, "0"),
        (1234567.0, 0, "1\u00a0234\u00a0567"),
        (-1234.5, 1, "−1\u00a0234,5"),
        (np.float64(9.5), 1, "9,5"),
        (np.int64(138), 0, "138"),
    ],
)
def test_number(x, decimals, printed):
    assert numbers.number(x, decimals) == printed


@pytest.mark.parametrize("missing", [None, math.nan, np.nan, pd.NA, pd.NaT])
def test_missing_is_a_word_in_every_form(missing):
    forms = [numbers.points, numbers.percent, numbers.count]
    forms += [lambda x: numbers.number(x, 1), lambda x: numbers.signed(x, 1), lambda x: numbers.interval(x, 1.0)]
    assert {form(missing) for form in forms} == {"mangler"}


@pytest.mark.parametrize("x", [math.inf, -math.inf])
def test_an_infinite_number_is_refused(x):
    with pytest.raises(ValueError, match="not a finite number"):
        numbers.number(x, 1)


def test_units_and_signs():
    assert numbers.points(-0.42) == "−0,42 prosentpoeng"
    assert numbers.percent(9.5) == "9,5\u00a0%"
    assert numbers.signed(0.42, 2) == "+0,42"
    assert numbers.signed(-0.42, 2) == "−0,42"
    assert numbers.signed(0.004, 2) == "0,00"
    assert numbers.interval(-0.82, -0.02) == "−0,82 til −0,02"


def test_english_signs():
    assert numbers.number(-1234.5, 1, "en") == "−1,234.5"
    assert numbers.separators("nb") == ",\u00a0"


@pytest.mark.parametrize("label", ["2007Q3", 8030, np.int64(8030)])
def test_quarter(label):
    assert numbers.quarter(label) == "3. kv. 2007"


def test_quarter_ordinal_rises_by_one():
    assert numbers.quarter_ordinal("2007Q1") - numbers.quarter_ordinal("2006Q4") == 1


@pytest.mark.parametrize("label", ["2007K3", "2007Q5", "2007Q3 ", ""])
def test_what_is_not_a_quarter_is_refused(label):
    with pytest.raises(ValueError, match="not a quarter"):
        numbers.quarter(label)


def test_window_and_date():
    assert numbers.window("2005Q4", "2006Q3") == "4. kv. 2005 – 3. kv. 2006"
    assert numbers.date(dt.date(2007, 1, 5)) == "5. januar 2007"
    assert numbers.date(dt.date(2007, 1, 5), "en") == "5 January 2007"


@given(FINITE, st.integers(0, 4))
def test_what_is_printed_reads_back_within_half_a_unit(x, decimals):
    printed = numbers.number(x, decimals)
    back = float(printed.replace("\u00a0", "").replace("−", "-").replace(",", "."))
    assert abs(back - x) <= 0.5 * 10**-decimals + 1e-6
    assert not (back == 0 and printed.startswith("−"))


@given(st.lists(st.integers(-1000, 1000).map(lambda n: n / 10), min_size=1, max_size=20))
def test_print_does_not_depend_on_the_order_of_a_sum(values):
    assert numbers.number(sum(values), 1) == numbers.number(sum(reversed(values)), 1)
