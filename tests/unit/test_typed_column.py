"""A column typed once for each spelling says for every row what typing that cell alone would say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.prepare.layout import Column
from kvalitet_eval.prepare.rules.number_rules import Typed, read_clear, type_number
from kvalitet_eval.prepare.rules.typed_column import TypedColumn, combine, encode
from kvalitet_eval.prepare.rules.typing_rules import decimal_summary, type_column
from kvalitet_eval.prepare.schema import LAYOUTS

RATE = Column("rate", "number", "", "", unit="percent", low=0, high=100, nullable=True)
HEADS = Column("heads", "count", "", "", low=0)
ANY = Column("any", "number", "", "")
NUMERALS = st.from_regex(r"[+-]?[0-9]{0,17}([.,][0-9]{0,17})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)


def column_of(cells, column=RATE):
    return type_column(cells, column, LAYOUTS["sick_leave_rates"])


def test_values_rules_faults_and_reasons_stand_in_their_rows():
    cells = column_of(["9,1", ":", "x", "9.1", "9,1"])
    assert cells.series("float64").fillna(-1).tolist() == [9.1, -1, -1, 9.1, 9.1]
    assert cells.status().fillna("").tolist() == ["", "confidential", "", "", ""]
    assert cells.changed().tolist() == [0, 1, 4]
    assert list(cells.noted_rows(lambda typed: typed.code)) == [2]
    assert (cells[2].code, cells[3], cells[4].rule) == ("INN-D01", Typed(9.1), "decimal comma")
    assert decimal_summary(cells) == "comma in 2 cells, point in 1"
    assert decimal_summary(column_of(["9,1", "8,2"])) == ""


def test_a_column_without_rows():
    cells = column_of([])
    assert (cells.series("float64").tolist(), cells.changed().tolist()) == ([], [])
    assert [part.tolist() for part in combine(*[np.zeros(0, dtype="int64")] * 3)] == [[], []]


def test_combinations_are_numbered_as_they_appear():
    parts = [encode(list(texts))[0] for texts in ("abab", "xxyx", "1111")]
    codes, rows = combine(*parts)
    assert (codes.tolist(), rows.tolist()) == ([0, 1, 2, 1], [0, 1, 2])


def test_answers_are_gathered_with_what_must_be_told():
    cells = TypedColumn.of(np.array([1, 0, 1]), ["a", "b"], [Typed("A", "capital"), Typed(code="INN-D15")])
    assert [cells[row].code for row in range(3)] == ["INN-D15", "", "INN-D15"]
    assert cells.changed().tolist() == [1]


@pytest.mark.parametrize("column", [RATE, HEADS, ANY], ids=lambda column: column.name)
@given(text=NUMERALS)
def test_a_clear_number_is_what_the_whole_rule_says(column, text):
    (value,), (rule,) = read_clear([text], column)
    if value is not None:
        for signs in (frozenset(), frozenset("."), frozenset(","), frozenset(".,")):
            expected = type_number(text, column, signs, dash_is_zero=False)
            assert (expected.value, expected.rule, expected.code) == (value, rule, "")
            assert type(expected.value) is type(value)


def test_most_numbers_are_clear_and_no_doubtful_one_is():
    assert read_clear(["9,1", "0.5", "-3", "58000"], ANY)[0] == [9.1, 0.5, -3.0, 58000.0]
    doubtful = ["1.234", "-8,500", "1 234", "9 %", ":", "", "1e5", "inf", "٩", "1_0", "9" * 16]
    assert read_clear(doubtful, ANY)[0] == [None] * len(doubtful)
    assert read_clear(["-1", "101", "1.5"], RATE)[0] == [None, None, 1.5]
    assert read_clear(["1.5", "2.0", "2"], HEADS)[0] == [None, 2, 2]
