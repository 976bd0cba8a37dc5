"""The query against a count day by day and person by person, for any spells."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.spells.calendar import calendar_tables
from kvalitet_eval.prepare.spells.query import LOST_DAYS
from kvalitet_eval.prepare.spells.working_days import days_between, is_working_day

FIRST, LAST = date(2008, 1, 1), date(2008, 6, 30)  # Easter in March, 1 May and Whitsun
NAMES = ["job", "municipality_number", "sector", "certificate", "first_day", "last_day", "grade", "share"]
PLACES = (("0301", "other"), ("0101", "education"))


class _Register:
    """Two municipalities that never change."""

    municipalities = ()

    def exists(self, number, year):
        return True


@pytest.fixture(scope="module")
def engine():
    connection = duckdb.connect()
    tables = calendar_tables(Window("2008Q1", "2008Q2"), _Register())
    quarters = sorted(set(tables.calendar["quarter_number"]))
    numbers = [(place[0], quarter, place[0]) for place in PLACES for quarter in quarters]
    connection.register("calendar", tables.calendar)
    connection.register("quarter_spans", tables.quarter_spans)
    frame = pd.DataFrame(numbers, columns=["recorded", "quarter_number", "municipality_number"])
    connection.register("numbers", frame)
    return connection


@st.composite
def one_spell(draw):
    job = draw(st.integers(0, 2))
    first = draw(st.dates(FIRST, LAST))
    last = min(LAST, first + timedelta(draw(st.integers(0, 60))))
    grade, share = (draw(st.sampled_from([1, 20_000, 50_000, 80_000, 100_000])) for _ in range(2))
    return (job, *PLACES[job % 2], draw(st.sampled_from(["self", "doctor"])), first, last, grade, share)


def day_by_day(spells):
    """Lost days by municipality, sector and quarter, as fractions, straight from the rule."""
    on_day = defaultdict(list)
    for spell in set(spells):
        for day in days_between(spell[4], spell[5]):
            if is_working_day(day):
                on_day[spell[0], spell[1], spell[2], day].append(spell)
    cells = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for (_, number, sector, day), found in on_day.items():
        size = Fraction(max(spell[7] for spell in found), 100_000)
        doctor = min(1, sum(Fraction(spell[6], 100_000) for spell in found if spell[3] == "doctor"))
        own = min(1 - doctor, sum(Fraction(spell[6], 100_000) for spell in found if spell[3] == "self"))
        cell = cells[number, sector, day.year * 4 + (day.month - 1) // 3]
        cell[0] += own * size
        cell[1] += doctor * size
    return cells


@settings(deadline=None)
@given(spells=st.lists(one_spell(), min_size=1, max_size=12))
def test_the_query_is_the_rule_day_by_day(engine, spells):
    engine.register("spells", pd.DataFrame(spells, columns=NAMES))
    rows = engine.execute(LOST_DAYS).df()
    expected = day_by_day(spells)
    found = {
        (row.municipality_number, row.sector, row.quarter_number): (row.lost_days_self, row.lost_days_doctor)
        for row in rows.itertuples()
    }
    assert set(expected) <= set(found)
    for key, days in found.items():
        assert days == tuple(float(value) for value in expected[key])
    assert rows["n_spells"].sum() == len(set(spells))
    assert rows["n_spells"].sum() + rows["n_repeated"].sum() == len(spells)
