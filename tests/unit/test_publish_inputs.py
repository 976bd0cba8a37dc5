"""What else a table can hold: unknown, endless or negative figures, and sums that nobody has declared."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from publish_samples import GEO, SSB, STANDARD, count_structure, counts, share_frame, share_structure, withheld

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Count, Dimension, Magnitude, Memory, Open, Ratio, Share, Statistic, Structure
from kvalitet_eval.publish.primary import judge_amounts, judge_persons, judge_ratio

NAN = float("nan")
WITHOUT_WIDTH = STANDARD.model_copy(update={"interval": False})
OPEN = STANDARD.model_copy(update={"protect_zeros": False, "protect_full": False, "protect_complement": False})
RATIO = Structure((GEO,), (Ratio("rate", "lost", "agreed", "n", shown=("lost", "agreed")),))
AMOUNT = Structure((GEO,), (Magnitude("kr", "n", ("first", "second")),))


def codes_of(call, *arguments, **options):
    with pytest.raises(ReportError) as caught:
        call(*arguments, **options)
    assert "Hvorfor" in str(caught.value)
    return sorted({item.code for item in caught.value.findings})


def ratios(lost, agreed, n):
    frame = counts(lost, column="lost").assign(agreed=[*agreed, sum(agreed)], n=[*n, sum(n)])
    return frame.assign(rate=100 * frame["lost"] / frame["agreed"])


def amounts(kr, n, first=(), second=()):
    n_rows = len(kr) + 1
    frame = counts(kr, column="kr").assign(n=[*n, sum(n)])
    return frame.assign(
        first=[*first, *[0.0] * (n_rows - len(first))], second=[*second, *[0.0] * (n_rows - len(second))]
    )


def test_a_share_of_an_unknown_count_is_withheld_and_not_worked_out():
    """20 and 30 of the 60 are counted: the unknown count would be 10."""
    frame = share_frame([10, 20, 30], [40, 60, 70])
    frame.loc[0, "ill"] = NAN
    assert withheld(publish.table(frame, STANDARD, share_structure()), "pct") == ["a", "b"]


def test_a_share_of_an_unknown_group_is_withheld_and_not_worked_out():
    frame = share_frame([10, 20, 30], [40, 60, 70])
    frame.loc[0, "n"] = NAN
    table = publish.table(frame, STANDARD, share_structure())
    assert withheld(table, "pct") == ["a", "b"]
    assert withheld(table, "n") == ["b"], "and a is missing"
    assert table.mark(0, "n") == ".."


def test_an_unknown_amount_is_not_worked_out():
    frame = amounts([100.0, 200.0, 400.0], [20, 30, 40])
    frame.loc[0, "kr"] = NAN
    table = publish.table(frame, STANDARD, AMOUNT)
    assert table.marks()["kr"].tolist() == ["..", ":", "", ""]


def test_rows_behind_are_checked_as_those_that_are_printed():
    frame = pd.DataFrame({"geo": ["b", "c", "all"], "n": [9, 30, 41]})
    for behind, code in (
        (pd.DataFrame({"geo": ["a", "a"], "n": [1, 1]}), "PUB-06"),
        (pd.DataFrame({"geo": ["a"], "n": [-2]}), "PUB-08"),
        (pd.DataFrame({"geo": ["a"], "n": [2], "person": ["x"]}), "PUB-05"),
    ):
        assert codes_of(publish.table, frame, SSB, count_structure(), behind=behind) == [code]


def test_two_columns_of_one_name_are_refused():
    frame = counts([7, 9, 30])
    twice = pd.concat([frame, frame[["n"]]], axis=1)
    assert codes_of(publish.table, twice, SSB, count_structure()) == ["PUB-10"]


def test_a_group_one_share_withholds_is_withheld_from_the_other():
    """1 of 5 is ill, so that the 5 are withheld; 100 per cent with a job beside 5 jobs would give them back."""
    frame = share_frame([1, 20, 30], [5, 60, 70]).assign(job=[5, 30, 40, 75])
    frame["job_pct"] = 100 * frame["job"] / frame["n"]
    shares = (Share("pct", "ill", "n", shown=("n",)), Share("job_pct", "job", "n", shown=("n", "job")))
    table = publish.table(frame, OPEN, Structure((GEO,), shares))
    assert "a" in withheld(table, "n")
    assert set(withheld(table, "n")) <= set(withheld(table, "job_pct"))


def test_a_share_is_withheld_with_its_group_alone():
    """Nobody counted is no secret here; the group of 3 is, and the group of b that would give it away."""
    frame = share_frame([0, 20, 30], [3, 60, 70])
    table = publish.table(frame, OPEN, Structure((GEO,), (Share("pct", "ill", "n", shown=("n", "ill")),)))
    assert withheld(table, "n") == withheld(table, "pct") == ["a", "b"]
    assert withheld(table, "ill") == []


def test_a_rate_and_both_its_amounts_are_withheld_in_the_same_rows():
    """The smallest cover for the one amount is c, for the other b: each row is withheld or printed as a whole."""
    table = publish.table(ratios([20.0, 500.0, 400.0], [200.0, 4000.0, 5000.0], [3, 60, 70]), WITHOUT_WIDTH, RATIO)
    assert withheld(table, "rate") == withheld(table, "lost") == withheld(table, "agreed")


def test_a_combination_without_a_row_is_nobody_and_hides_nobody():
    """a has persons in x and y only: the total of a less y would give the 2 in x."""
    rows = [("a", "x", 2), ("a", "y", 9), ("b", "x", 20), ("b", "y", 30), ("b", "z", 40)]
    rows += [("a", "all", 11), ("b", "all", 90), ("all", "x", 22), ("all", "y", 39)]
    frame = pd.DataFrame(rows, columns=["geo", "sector", "n"])
    structure = count_structure(GEO, Dimension("sector", total="all"))
    table = publish.table(frame, SSB.model_copy(update={"interval": False}), structure)
    assert {"a y", "a all"} & set(withheld(table))


def test_a_zero_that_is_always_printed_leaves_less_to_hide_in():
    """1 and 1 of a sum of 2: neither is 0, for that would be printed."""
    structure = Structure((GEO,), (Count("n", is_attribute=False),))
    assert withheld(publish.table(counts([1, 1, 30]), WITHOUT_WIDTH, structure)) == ["a", "b", "c"]
    assert withheld(publish.table(counts([1, 1, 30]), WITHOUT_WIDTH, count_structure())) == ["a", "b"]


def test_a_large_correction_replaces_the_old_value_where_something_is_withheld():
    memory = Memory()
    structure = count_structure(Dimension("geo"))
    publish.table(counts([2, 30, 40], total=False), STANDARD, structure, memory=memory)
    table = publish.table(counts([2, 30, 47], total=False), STANDARD, structure, memory=memory)
    assert withheld(table) == ["a"]
    assert table.audit.is_consistent


def test_a_small_cell_behind_a_table_is_protected_in_later_tables():
    """22 to the second quarter was printed; the first alone is 20."""
    memory = Memory()
    to_date = count_structure(Dimension("period", members={"to Q2": ("Q1", "Q2")}))
    behind = pd.DataFrame({"period": ["Q1", "Q2"], "n": [20, 2]})
    first = publish.table(pd.DataFrame({"period": ["to Q2"], "n": [22]}), SSB, to_date, behind=behind, memory=memory)
    assert withheld(first) == []
    alone = pd.DataFrame({"period": ["Q1"], "n": [20]})
    assert withheld(publish.table(alone, SSB, count_structure(Dimension("period")), memory=memory)) == ["Q1"]


def test_the_record_tells_no_width_that_gives_the_size():
    table = publish.table(counts([7000, 8000, 9000]).assign(n=[2, 8000, 9000, 17002]), STANDARD, count_structure())
    assert withheld(table) == ["a", "b"]
    assert table.audit.narrowest <= 10 * STANDARD.minimum


@pytest.mark.parametrize("value", ["tjue", float("inf"), -float("inf")])
@pytest.mark.parametrize(
    ("frame", "structure", "column"),
    [
        (counts([7, 9, 30]), count_structure(), "n"),
        (share_frame([7, 20, 30], [40, 60, 70]), share_structure(), "ill"),
        (share_frame([7, 20, 30], [40, 60, 70]), share_structure(), "n"),
        (ratios([20.0, 30.0], [200.0, 300.0], [30, 40]), RATIO, "agreed"),
        (ratios([20.0, 30.0], [200.0, 300.0], [30, 40]), RATIO, "n"),
        (amounts([20.0, 30.0], [30, 40]), AMOUNT, "kr"),
        (amounts([20.0, 30.0], [30, 40]), AMOUNT, "second"),
        (counts([70.0, 90.0], column="x").assign(b=20), Structure((GEO,), (Statistic("x", "extreme", "b"),)), "b"),
    ],
)
def test_what_a_rule_cannot_read_is_refused(frame, structure, column, value):
    frame = frame.astype({column: object})
    frame.loc[0, column] = value
    assert "PUB-41" in codes_of(publish.table, frame, STANDARD, structure)


def test_text_that_spells_a_number_is_judged_as_one():
    assert withheld(publish.table(counts([2, 9, 30]).astype({"n": "str"}), SSB, count_structure())) == ["a", "b"]


@pytest.mark.parametrize(
    ("frame", "structure"),
    [
        (ratios([20.0, 30.0], [200.0, 300.0], [-3, 40]), RATIO),
        (amounts([20.0, 30.0], [-3, 40]), AMOUNT),
        (
            counts([70.0, 90.0], column="x").assign(b=20, n=[-3, 9, 9]),
            Structure((GEO,), (Statistic("x", "regression", "b", persons="n"),)),
        ),
    ],
)
def test_fewer_persons_than_none_are_refused(frame, structure):
    assert codes_of(publish.table, frame, STANDARD, structure) == ["PUB-08"]


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), Decimal(3)])
def test_a_number_in_a_column_of_words_is_refused(value):
    frame = counts([7, 9, 30]).assign(word=pd.Series(["x", value, "y", None], dtype=object))
    assert codes_of(publish.table, frame, SSB, Structure((GEO,), (Count("n"),), labels=("word",))) == ["PUB-09"]


def test_words_truth_and_what_is_missing_are_labels():
    frame = counts([7, 9, 30]).assign(word=pd.Series(["0301", True, None, NAN], dtype=object))
    table = publish.table(frame, SSB, Structure((GEO,), (Count("n"),), labels=("word",)))
    assert table.to_frame()["word"].tolist()[:2] == ["0301", True]


@pytest.mark.parametrize(("lost", "rule"), [(0.0, "zero"), (200.0, "full")])
def test_nothing_and_all_of_an_amount_say_the_same_about_everybody(lost, rule):
    frame = ratios([lost, 300.0, 400.0], [200.0, 4000.0, 5000.0], [30, 60, 70])
    table = publish.table(frame, STANDARD, RATIO)
    assert withheld(table, "rate") == withheld(table, "lost") == ["a", "b"]
    assert table.audit.by_rule[rule] > 0
    assert withheld(publish.table(frame, OPEN, RATIO), "rate") == []


def test_an_amount_of_nobody_comes_from_somebody():
    assert judge_persons(np.array([0.0, 0.0]), STANDARD, np.array([8.0, 0.0])).rules == ("persons", "")
    assert judge_ratio(np.array([8.0]), np.array([90.0]), np.array([0.0]), STANDARD).rules == ("persons",)
    assert judge_ratio(np.array([0.0]), np.array([0.0]), np.array([0.0]), STANDARD).rules == ("",)
    assert withheld(publish.table(amounts([20.0, 300.0, 400.0], [0, 40, 50]), STANDARD, AMOUNT), "kr") == ["a", "b"]


def test_the_largest_contributions_are_found_in_any_order_and_unknown_ones_are_not_small():
    largest = np.array([[5.0, 5.0, 90.0], [NAN, 30.0, 5.0], [30.0, 30.0, 5.0], [-60.0, -40.0, 0.0]])
    values, persons = np.array([100.0, 100.0, 100.0, 10.0]), np.full(4, 20.0)
    assert judge_amounts(values, persons, largest, STANDARD).rules == ("dominance", "dominance", "", "dominance")


@pytest.mark.parametrize("largest", [(), ("first",)])
def test_an_amount_without_its_largest_contributions_is_refused(largest):
    frame = amounts([20.0, 30.0], [30, 40]).drop(columns=[name for name in ("first", "second") if name not in largest])
    assert codes_of(publish.table, frame, STANDARD, Structure((GEO,), (Magnitude("kr", "n", largest),))) == ["PUB-42"]


@pytest.mark.parametrize("kr", [[-50.0, 100.0, 300.0], [50.0, -100.0, 300.0], [-50.0, -100.0, -300.0]])
def test_a_negative_amount_is_never_the_only_one_that_is_missing(kr):
    table = publish.table(amounts(kr, [2, 20, 30]), STANDARD, AMOUNT)
    assert "a" in withheld(table, "kr")
    assert len(withheld(table, "kr")) > 1
    assert table.audit.n_exposed == 0


def test_columns_that_add_up_must_be_declared_as_a_dimension():
    """18 women of 20 leave the 2 men, although each column by itself is safe."""
    frame = counts([2, 9, 30], column="men").assign(women=[18, 30, 40, 88], both=[20, 39, 70, 129])
    wide = Structure((GEO,), (Count("men"), Count("women"), Count("both")))
    assert codes_of(publish.table, frame, SSB, wide) == ["PUB-43"]
    assert publish.table(frame.drop(columns="both"), SSB, Structure((GEO,), wide.measures[:2])).columns[1:] == (
        "men",
        "women",
    )
    assert withheld(publish.table(frame.assign(both=[21, 39, 70, 130]), SSB, wide), "men") == ["a", "b"]


def test_shares_that_part_a_group_must_be_declared_as_a_dimension():
    frame = share_frame([3, 20, 30], [40, 60, 90]).assign(no=[20, 20, 30, 70], unsure=[17, 20, 30, 67], p2=1.0, p3=1.0)
    shares = (Share("pct", "ill", "n"), Share("p2", "no", "n"), Share("p3", "unsure", "n"))
    assert codes_of(publish.table, frame, STANDARD, Structure((GEO,), shares)) == ["PUB-43"]
    two = frame.assign(no=frame["n"] - frame["ill"]).drop(columns=["unsure", "p3"])
    assert "a" in withheld(publish.table(two, STANDARD, Structure((GEO,), shares[:2])), "p2")


@pytest.mark.parametrize("name", ["all", "I alt", "Total", "sum"])
def test_a_row_that_is_called_a_total_must_be_declared_as_one(name):
    frame = counts([2, 9, 30]).replace({"all": name})
    undeclared = count_structure(Dimension("geo"))
    assert codes_of(publish.table, frame, SSB, undeclared) == ["PUB-43"]
    assert withheld(publish.table(frame.assign(n=[2, 9, 30, 60]), SSB, undeclared)) == ["a"]
    assert withheld(publish.table(frame.assign(n=[7, 9, 30, 46]), SSB, undeclared)) == []
    assert withheld(publish.table(frame.assign(n=[1, 1, 30, 32]), SSB, undeclared)) == ["a", "b"]


def test_a_row_that_is_the_sum_everywhere_must_be_declared_whatever_it_is_called():
    rows = [("a", "x", 2), ("b", "x", 9), ("c", "x", 11), ("a", "y", 7), ("b", "y", 9), ("c", "y", 16)]
    frame = pd.DataFrame(rows, columns=["geo", "sector", "n"])
    structure = count_structure(Dimension("geo"), Dimension("sector"))
    assert codes_of(publish.table, frame, SSB, structure) == ["PUB-43"]
    assert withheld(publish.table(frame.assign(n=[2, 9, 11, 7, 9, 17]), SSB, structure)) == ["a x"]


def test_what_is_about_nobody_may_add_up():
    frame = counts([2, 9, 30]).assign(other=[18, 30, 40, 88], both=[20, 39, 70, 129])
    structure = Structure((GEO,), tuple(Open(name, "no_persons") for name in ("n", "other", "both")))
    assert withheld(publish.table(frame, SSB, structure)) == []


def test_a_changed_copy_of_what_has_passed_is_refused():
    table = publish.table(counts([7, 9, 30]), SSB, count_structure())
    with pytest.raises(ValueError, match="_seal"):
        dataclasses.replace(publish.text("Ingen."), text="To personer.")
    with pytest.raises(ValueError, match="_seal"):
        dataclasses.replace(table, _frame=counts([2, 9, 30]))
    assert not hasattr(table, "_seal")
