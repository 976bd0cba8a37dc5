"""One query text on two engines: the same figures, and a translation that a distributed engine can parse."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
import sqlglot
from spells_cases import register
from sqlglot import exp

from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.spells.calendar import calendar_tables
from kvalitet_eval.prepare.spells.query import AGREED_DAYS, LOST_DAYS

WINDOW = Window("2007Q1", "2007Q4")
QUERIES = {"lost": LOST_DAYS, "agreed": AGREED_DAYS}
GIVEN = {"spells", "employments", "calendar", "quarter_spans", "numbers"}


def tables(seed=1, n=400):
    """Made-up rows of 40 jobs, many on each other, with the tables beside them."""
    draw = random.Random(seed)
    beside = calendar_tables(WINDOW, register())
    spells, jobs = [], []
    for _ in range(n):
        job = draw.randrange(40)
        first = date(2007, 1, 1) + timedelta(draw.randrange(365))
        last = min(first + timedelta(draw.randrange(40)), date(2007, 12, 31))
        place = (["0301", "0101"][job % 2], ["health_care", "other"][job // 20])
        grade, share = draw.choice([20_000, 50_000, 100_000]), [100_000, 37_500, 94_667][job % 3]
        spells.append((job, *place, draw.choice(["self", "doctor"]), first, last, grade, share))
        jobs.append((job, *place, first, last, share))
    spells += spells[:20]
    names = ["job", "municipality_number", "sector", "certificate", "first_day", "last_day", "grade", "share"]
    return {
        "spells": pd.DataFrame(spells, columns=names),
        "employments": pd.DataFrame(jobs, columns=["person", *names[1:3], *names[4:6], "share"]),
        "calendar": beside.calendar,
        "quarter_spans": beside.quarter_spans,
        "numbers": beside.numbers,
    }


def by_duckdb(query, given):
    connection = duckdb.connect()
    for name, frame in given.items():
        connection.register(name, frame)
    return connection.execute(query).df()


def by_sqlite(query, given):
    connection = sqlite3.connect(":memory:")
    for name, frame in given.items():
        dated = {column: frame[column].astype(str) for column in frame if "_day" in column and "days" not in column}
        frame.assign(**dated).to_sql(name, connection, index=False)
    return pd.read_sql_query(sqlglot.transpile(query, read="duckdb", write="sqlite")[0], connection)


@pytest.mark.parametrize("name", QUERIES)
def test_two_engines_give_the_same_figures(name):
    given = tables()
    found, other = by_duckdb(QUERIES[name], given), by_sqlite(QUERIES[name], given)
    assert len(found) == 16
    pd.testing.assert_frame_equal(found, other, check_dtype=False, check_exact=True)


def test_the_order_of_rows_does_not_matter():
    given = tables()
    expected = by_duckdb(LOST_DAYS, given)
    for seed in range(3):
        shuffled = given | {"spells": given["spells"].sample(frac=1, random_state=seed)}
        pd.testing.assert_frame_equal(by_duckdb(LOST_DAYS, shuffled), expected, check_exact=True)


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("dialect", ["spark", "trino", "snowflake", "postgres"])
def test_other_dialects_parse_the_text_and_its_translation(name, dialect):
    own = sqlglot.parse_one(QUERIES[name], read="duckdb")
    assert sqlglot.parse_one(QUERIES[name], read=dialect) is not None
    translated = sqlglot.transpile(
        QUERIES[name], read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    back = sqlglot.parse_one(translated[0], read=dialect)
    assert back.named_selects == own.named_selects
    ctes = {cte.alias for cte in back.find_all(exp.CTE)}
    assert {table.name for table in back.find_all(exp.Table)} - ctes <= GIVEN


@pytest.mark.parametrize("name", QUERIES)
def test_no_function_belongs_to_one_engine_only(name):
    """Every engine has these; a further one needs a look at the engines that the text is promised for."""
    parsed = sqlglot.parse_one(QUERIES[name], read="duckdb")
    used = {type(node).__name__ for node in parsed.find_all(exp.Func)}
    assert used <= {"Sum", "Max", "Count", "Least", "Greatest", "Lead", "Cast", "Case", "And", "Or", "If"}
    assert not list(parsed.find_all(exp.Anonymous))


def test_no_key_leaves_the_queries():
    for query in QUERIES.values():
        assert not {"job", "person"} & set(sqlglot.parse_one(query, read="duckdb").named_selects)
