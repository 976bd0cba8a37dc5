"""How microdata files are read: the plan that keeps memory bounded, and the shape in which texts are shown."""

from __future__ import annotations

import pytest
from spells_cases import SECOND, SPELL_HEADER, register, write

from kvalitet_eval.prepare.spells import read as spells_read
from kvalitet_eval.prepare.spells.engine import EngineSettings, microdata_engine
from kvalitet_eval.prepare.spells.files import count_lines, open_source
from kvalitet_eval.prepare.spells.layouts import SPELLS
from kvalitet_eval.prepare.spells.rules import Problem, displayed, problems

ROW = "A;0301;other;2007-06-04;2007-06-08;100;100;self"


def test_a_join_never_holds_the_file_in_memory(tmp_path):
    path = write(tmp_path / "spells.csv", SPELL_HEADER, ROW)
    with microdata_engine(SECOND, register(), EngineSettings()) as (connection, bounds):
        source = open_source(connection, path, SPELLS)
        judged = spells_read._judged(source, SPELLS, problems(SPELLS, source.n_cells), has_line=False)
        query = f"EXPLAIN SELECT {spells_read._columns(SPELLS)} FROM ({judged})"

        def plan():
            return connection.execute(query, bounds).fetchall()[0][1]

        assert "Join Type: RIGHT" in plan()  # what the engine would do by itself
        with spells_read._joins_as_written(connection):
            assert plan().count("Join Type: LEFT") == 2
            assert "Join Type: RIGHT" not in plan()
            assert "WINDOW" not in plan()  # numbering the rows would take one core only
        assert "Join Type: RIGHT" in plan()


@pytest.mark.parametrize(("content", "n"), [(b"a\nb\n", 2), (b"a\nb", 2), (b"a\n\nb\n", 3), (b"a\r\nb\r\n", 2)])
def test_lines_are_counted(tmp_path, content, n):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert count_lines(path) == n


@pytest.mark.parametrize(
    ("text", "shown"),
    [("120", "120"), (None, ""), ("01017012345", "99999999999"), ("Kari Nordmann", "aaaa aaaaaaaa"), ("P-7", "a-9")],
)
def test_only_texts_of_the_columns_shape_are_shown(text, shown):
    assert displayed(text, Problem("SPE-09", "refused", "grade_pct", "", r"[0-9]{1,3}")) == shown


def test_the_salt_differs_between_runs_and_so_do_the_numbers(tmp_path):
    path, seen = write(tmp_path / "spells.csv", SPELL_HEADER, ROW), []
    for _ in range(2):
        with microdata_engine(SECOND, register(), EngineSettings()) as (connection, bounds):
            spells_read.read_microdata(connection, path, SPELLS, "staged", bounds)
            seen += connection.execute("SELECT job FROM staged").fetchall()
    assert len(set(seen)) == 2
