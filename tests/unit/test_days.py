import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.config import OutcomeSettings
from kvalitet_eval.prepare.days import rates, rolling

TOTAL = OutcomeSettings(
    id="sick_leave_total",
    numerator=["lost_days_self", "lost_days_doctor"],
    denominator="agreed_days",
    unit="percentage points",
    improvement="decrease",
    population="employees",
)


def frame(*rows):
    columns = ["municipality_number", "quarter", "sector", "employees", "agreed_days", "lost_days_self"]
    table = pd.DataFrame(rows, columns=[*columns, "lost_days_doctor"])
    return table.astype(dict.fromkeys(["employees", "agreed_days", "lost_days_self", "lost_days_doctor"], float))


# A: 10 % of 1 000 days, B: 4 % of 9 000 days; together 460 / 10 000 = 4.6 %, not the mean 7 %.
TWO = frame(
    ("A", "2006Q1", "all", 20, 1000, 30, 70),
    ("B", "2006Q1", "all", 180, 9000, 60, 300),
)


def test_the_rate_of_two_municipalities_is_a_sum_over_a_sum():
    table = rates(TWO, TOTAL, ["quarter"])
    assert table.to_dict("records") == [
        {
            "quarter": "2006Q1",
            "numerator_days": 460.0,
            "agreed_days": 10000.0,
            "employees": 200.0,
            "rate_pct": pytest.approx(4.6),
            "small_sample": False,
            "n_rows": 2,
            "n_missing": 0,
            "origin": "observed",
        }
    ]


def test_what_comes_from_simulated_rows_says_so():
    rows = TWO.assign(origin=["observed", "syntetisk"])
    assert rates(rows, TOTAL, ["municipality_number"])["origin"].tolist() == ["syntetisk", "syntetisk"]
    assert set(rolling(rows, TOTAL, ["municipality_number"])["origin"]) == {"syntetisk"}


def test_one_rate_for_each_group():
    table = rates(TWO, TOTAL, ["municipality_number", "quarter"])
    assert table["rate_pct"].tolist() == [10.0, 4.0]


@pytest.mark.parametrize("column", ["agreed_days", "lost_days_self", "lost_days_doctor"])
def test_a_sum_with_a_missing_part_is_missing(column):
    rows = TWO.copy()
    rows.loc[0, column] = np.nan
    table = rates(rows, TOTAL, ["quarter"])
    assert np.isnan(table.loc[0, "rate_pct"])
    assert np.isnan(table.loc[0, "agreed_days" if column == "agreed_days" else "numerator_days"])
    assert table.loc[0, "n_missing"] == 1


def test_fewer_than_five_employees_are_hidden_and_flagged():
    rows = frame(("A", "2006Q1", "all", 4, 200, 5, 5), ("B", "2006Q1", "all", 5, 250, 5, 5))
    table = rates(rows, TOTAL, ["municipality_number", "quarter"])
    assert table["small_sample"].tolist() == [True, False]
    assert np.isnan(table.loc[0, "rate_pct"])
    assert table.loc[1, "rate_pct"] == 4.0


def test_four_employees_in_four_quarters_are_still_four():
    rows = frame(*(("A", f"2006Q{n}", "all", 4, 200, 5, 5) for n in (1, 2, 3, 4)))
    table = rates(rows, TOTAL, ["municipality_number"])
    assert table.loc[0, "employees"] == 4
    assert bool(table.loc[0, "small_sample"])


def test_an_unknown_number_of_employees_is_not_small_and_can_be_left_out():
    rows = TWO.assign(employees=np.nan)
    assert rates(rows, TOTAL, ["quarter"])["rate_pct"].tolist() == pytest.approx([4.6])
    table = rates(rows.drop(columns="employees"), TOTAL, ["quarter"], employees=False)
    assert "employees" not in table
    assert table["rate_pct"].tolist() == pytest.approx([4.6])


def test_no_agreed_days_give_no_rate():
    rows = frame(("A", "2006Q1", "all", 20, 0, 0, 0))
    assert rates(rows, TOTAL, ["quarter"])["rate_pct"].isna().all()


def test_a_missing_group_is_a_group():
    rows = TWO.assign(intake=["innsats", None])
    table = rates(rows, TOTAL, ["intake"])
    assert table["rate_pct"].tolist() == [10.0, 4.0]
    assert table["intake"].isna().tolist() == [False, True]


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="agreed_days"):
        rates(TWO.drop(columns="agreed_days"), TOTAL, ["quarter"])


# One municipality, 2006Q4 absent and 2007Q1 without self-certified days.
GAPS = frame(
    ("A", "2006Q1", "all", 10, 100, 1, 9),
    ("A", "2006Q2", "all", 10, 200, 2, 8),
    ("A", "2006Q3", "all", 10, 300, 3, 7),
    ("A", "2007Q1", "all", 10, 400, np.nan, 6),
    ("A", "2007Q2", "all", 10, 500, 5, 5),
)


def test_windows_are_calendar_quarters_and_gaps_are_counted():
    table = rolling(GAPS, TOTAL, ["municipality_number"])
    assert table["window_end"].tolist() == ["2006Q1", "2006Q2", "2006Q3", "2006Q4", "2007Q1", "2007Q2"]
    assert table["n_quarters"].tolist() == [1, 2, 3, 3, 2, 2]
    assert not table["complete"].any()
    assert table["numerator_days"].tolist() == [10, 20, 30, 30, 20, 20]
    assert table["agreed_days"].tolist() == [100, 300, 600, 600, 500, 800]
    assert table["rate_pct"].tolist() == pytest.approx([10, 20 / 3, 5, 5, 4, 2.5])


def test_a_complete_window_is_the_sum_over_the_sum_of_its_four_quarters():
    rows = frame(*(("A", f"2006Q{n}", "all", 10, 100 * n, n, n) for n in (1, 2, 3, 4)))
    last = rolling(rows, TOTAL, ["municipality_number"]).iloc[-1]
    assert (last["window_end"], last["n_quarters"], bool(last["complete"])) == ("2006Q4", 4, True)
    assert last["rate_pct"] == pytest.approx(100 * 20 / 1000)
    assert last["employees"] == 10


def test_every_group_has_every_window_and_none_has_days_of_another():
    rows = pd.concat([GAPS, frame(("B", "2006Q1", "all", 10, 1000, 10, 10))])
    table = rolling(rows, TOTAL, ["municipality_number"]).set_index(["municipality_number", "window_end"])
    assert len(table) == 12
    assert table.loc[("B", "2006Q4"), ["n_quarters", "agreed_days"]].tolist() == [1, 1000]
    assert table.loc[("B", "2007Q1"), "n_quarters"] == 0
    assert table.loc[("B", "2007Q1"), ["numerator_days", "agreed_days", "rate_pct", "employees"]].isna().all()
    assert table.loc[("A", "2006Q1"), "agreed_days"] == 100


def test_windows_of_all_together_and_of_another_length():
    table = rolling(TWO, TOTAL, [], quarters=1)
    assert table["rate_pct"].tolist() == pytest.approx([4.6])
    assert table["complete"].tolist() == [True]


def test_small_samples_are_hidden_in_windows():
    rows = frame(*(("A", f"2006Q{n}", "all", 4, 100, 1, 1) for n in (1, 2, 3, 4)))
    table = rolling(rows, TOTAL, ["municipality_number"])
    assert table["small_sample"].all()
    assert table["rate_pct"].isna().all()


@pytest.mark.parametrize(("by", "quarters"), [(["quarter"], 4), ([], 0)])
def test_windows_that_mean_nothing_are_refused(by, quarters):
    with pytest.raises(ValueError, match="rolling windows"):
        rolling(GAPS, TOTAL, by, quarters=quarters)
