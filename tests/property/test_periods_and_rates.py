import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.config import OutcomeSettings
from kvalitet_eval.prepare.days import rates, rolling
from kvalitet_eval.prepare.periods import Window, add, label, ordinal, parse_quarter, quarters

OUTCOME = OutcomeSettings(
    id="total",
    numerator=["lost_days_self", "lost_days_doctor"],
    denominator="agreed_days",
    unit="percentage points",
    improvement="decrease",
    population="employees",
)
ORDINALS = st.integers(ordinal("1900Q1"), ordinal("2099Q4"))
SPELLINGS = ("{year}Q{q}", "{year}K{q}", "{year}:{q}", "{q}. kvartal {year}", "{q}. kv. {year}", "K{q} {year}")


@given(ORDINALS, st.sampled_from(SPELLINGS))
def test_every_spelling_comes_back_as_the_label(number, spelling):
    name = label(number)
    assert ordinal(name) == number
    assert parse_quarter(spelling.format(year=name[:4], q=name[-1])) == name


@given(st.text(max_size=30))
def test_any_text_is_a_label_or_refused(text):
    try:
        name = parse_quarter(text)
    except ValueError:
        return
    assert label(ordinal(name)) == name


@given(ORDINALS, st.integers(-40, 40))
def test_adding_and_taking_away(number, n):
    name = label(number)
    assert ordinal(add(name, n)) - ordinal(name) == n
    assert len(quarters(name, add(name, n))) == max(n + 1, 0)


@given(ORDINALS, st.integers(0, 8), ORDINALS, st.integers(0, 8))
def test_overlap_is_symmetric_and_bounded(first, length, second, other_length):
    one = Window(label(first), label(first + length))
    other = Window(label(second), label(second + other_length))
    assert one.overlap(other) == other.overlap(one) <= min(length, other_length) + 1
    assert one.overlap(one) == length + 1
    assert one.exposure_share(one.start) == 1
    assert one.exposure_share(add(one.end, 1)) == 0


@st.composite
def panels(draw):
    n_units, n_quarters = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    days = st.one_of(st.just(np.nan), st.floats(0, 500))
    rows = [
        (f"{unit:04d}", label(8000 + t), "all", 10.0, draw(st.integers(1000, 5000).map(float)), draw(days), draw(days))
        for unit in range(n_units)
        for t in range(n_quarters)
        if draw(st.integers(0, 4))
    ]
    rows = rows or [("0000", label(8000), "all", 10.0, 1000.0, 1.0, 1.0)]
    columns = ["municipality_number", "quarter", "sector", "employees", "agreed_days", "lost_days_self"]
    return pd.DataFrame(rows, columns=[*columns, "lost_days_doctor"])


@settings(deadline=None, max_examples=60)
@given(panels(), st.randoms(use_true_random=False))
def test_rates_do_not_depend_on_the_order_of_rows_and_leave_them_alone(rows, random):
    before = rows.copy()
    order = list(range(len(rows)))
    random.shuffle(order)
    for by in (["quarter"], ["municipality_number"]):
        pd.testing.assert_frame_equal(rates(rows, OUTCOME, by), rates(rows.iloc[order], OUTCOME, by), check_exact=True)
    pd.testing.assert_frame_equal(rows, before, check_exact=True)


def test_sums_are_equal_to_the_last_bit_in_any_order():
    days = [0.1, 0.2, 0.3, 1e8, 0.7, 1e-9, 0.1, 123456.789]
    rows = pd.DataFrame({"municipality_number": [f"{n:04d}" for n in range(8)], "quarter": "2006Q1", "sector": "all"})
    rows = rows.assign(employees=9.0, agreed_days=1e9, lost_days_self=days, lost_days_doctor=days)
    seen = {
        rates(rows.sample(frac=1, random_state=seed), OUTCOME, ["quarter"])["numerator_days"].iloc[0]
        for seed in range(60)
    }
    assert len(seen) == 1


@settings(deadline=None, max_examples=60)
@given(panels())
def test_a_rate_lies_between_the_lowest_and_the_highest_of_its_parts(rows):
    parts = rates(rows, OUTCOME, ["municipality_number", "quarter"])
    whole = rates(rows, OUTCOME, ["quarter"]).set_index("quarter")
    for quarter, group in parts.groupby("quarter"):
        rate = whole.loc[quarter, "rate_pct"]
        if group["rate_pct"].isna().any():
            assert np.isnan(rate)
        else:
            assert group["rate_pct"].min() - 1e-9 <= rate <= group["rate_pct"].max() + 1e-9


@settings(deadline=None, max_examples=60)
@given(panels(), st.integers(1, 5))
def test_windows_equal_the_plain_sum_over_their_quarters(rows, length):
    single = rates(rows, OUTCOME, ["municipality_number", "quarter"]).dropna(subset=["numerator_days"])
    for row in rolling(rows, OUTCOME, ["municipality_number"], quarters=length).to_dict("records"):
        window = quarters(add(row["window_end"], 1 - length), row["window_end"])
        inside = single[(single["municipality_number"] == row["municipality_number"]) & single["quarter"].isin(window)]
        assert row["n_quarters"] == len(inside)
        assert row["complete"] == (len(inside) == length)
        if len(inside):
            plain = 100 * inside["numerator_days"].sum() / inside["agreed_days"].sum()
            assert row["rate_pct"] == pytest.approx(plain, rel=1e-12, abs=1e-300)
        else:
            assert np.isnan(row["rate_pct"])
