"""Whatever stands in a file: an answer, never a crash, and every row accounted for."""

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.municipality_names import NameMatch
from kvalitet_eval.prepare.schema import LAYOUTS

HEADER = b"municipality_number;quarter;employees;agreed_days;lost_days_self;lost_days_doctor\n"
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["0542", "101", "2006Q1", "3. kv. 2007", "2007", "", ":", "-", "1.234", "1 234,5", "−1", '"', "NA", "1E300"]
    ),
)
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=7), max_size=6)


class Register:
    def exists(self, number, year):
        return number < "0600" and year > 2000

    def nearest(self, text, year):
        return ()

    def resolve(self, name, year):
        return NameMatch(())


def inspected(content, layout=None):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        return inspect(path, layout, Register())


def check(result):
    assert result.counts.used == len(result.rows)
    assert result.counts.refused == 0 or result.errors
    assert result.is_accepted == (not result.errors)
    faulty = {item.line for item in result.errors}
    assert not faulty & set(result.rows["line"])


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.sampled_from([None, *LAYOUTS]))
def test_any_bytes_get_an_answer(content, layout):
    check(inspected(content, layout))
    check(inspected(HEADER + content, "sick_leave_days"))


@settings(deadline=None, max_examples=150)
@given(ROWS)
def test_any_cells_get_an_answer(rows):
    content = HEADER + "\n".join(";".join(cells) for cells in rows).encode("utf-8", "replace")
    check(inspected(content))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(list(LAYOUTS.values())), st.data())
def test_any_cells_of_any_layout_get_an_answer(layout, data):
    names = [column.name for column in layout.columns]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=4))
    content = "\n".join(["\t".join(names), *("\t".join(cells) for cells in rows)])
    check(inspected(content.encode("utf-8", "replace"), layout.id))


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(8)))
def test_the_order_of_the_rows_does_not_matter(order):
    lines = [f"0542;{2006 + n // 4}K{n % 4 + 1};10;{500 + n},5;{n};{n}\n".encode() for n in range(8)]
    result = inspected(HEADER + b"".join(lines[n] for n in order))
    assert result.is_accepted
    ordered = inspected(HEADER + b"".join(lines)).rows
    shuffled = result.rows.sort_values("quarter", ignore_index=True)
    pd.testing.assert_frame_equal(shuffled.drop(columns="line"), ordered.drop(columns="line"), check_exact=True)
