"""Elimination, attacker and repair on systems small enough for paper."""

from __future__ import annotations

import numpy as np
import pytest

from kvalitet_eval.publish.attacker import Attacker, Bounds, Contradiction
from kvalitet_eval.publish.elimination import suppress
from kvalitet_eval.publish.repair import withhold
from kvalitet_eval.publish.system import Cell, System
from kvalitet_eval.publish.tables import Tables

NAN = float("nan")


def row_of(values, *, small=(), need=NAN, known=(), unprinted=(), zeros_are_open=False, relations=()):
    """A row of parts with their total as the last cell."""
    cells = [
        Cell(
            f"c{place}",
            (place,),
            float(value),
            "known" if place in known else "unprinted" if place in unprinted else "candidate",
            "small" if place in small else "",
            need if place in small else NAN,
        )
        for place, value in enumerate(values)
    ]
    cells.append(Cell("total", tuple(range(len(values))), float(sum(values))))
    bundles = tuple((index,) for index, cell in enumerate(cells) if cell.status == "candidate")
    names = tuple(f"p{place}" for place in range(len(values)))
    return System(names, tuple(cells), bundles, relations, zeros_are_open=zeros_are_open)


def square(values, small):
    """A table of three by three with row, column and grand totals."""
    values = np.array(values, dtype=float)
    cells = [
        Cell(f"{i}{j}", (3 * i + j,), values[i, j], rule="small" if (i, j) in small else "")
        for i in range(3)
        for j in range(3)
    ]
    cells += [Cell(f"row{i}", tuple(3 * i + j for j in range(3)), values[i].sum()) for i in range(3)]
    cells += [Cell(f"col{j}", tuple(3 * i + j for i in range(3)), values[:, j].sum()) for j in range(3)]
    cells.append(Cell("all", tuple(range(9)), values.sum()))
    return System(tuple(f"p{k}" for k in range(9)), tuple(cells), tuple((k,) for k in range(len(cells))))


def names(system, hidden):
    return {system.cells[index].name for index in hidden}


def test_the_smallest_neighbour_is_withheld_too():
    system = row_of([2, 9, 30], small={0})
    assert suppress(system, {0}) == {0, 1}


def test_nothing_more_is_withheld_when_two_small_ones_hide_each_other():
    system = row_of([2, 1, 30], small={0, 1})
    assert suppress(system, {0, 1}) == {0, 1}


def test_a_square_needs_four():
    system = square([[2, 20, 30], [40, 50, 60], [70, 80, 90]], {(0, 0)})
    assert names(system, suppress(system, {0})) == {"00", "01", "10", "11"}


def test_a_zero_that_is_always_printed_hides_nobody():
    assert suppress(row_of([2, 0, 30], small={0}, zeros_are_open=True), {0}) == {0, 2}
    assert suppress(row_of([2, 0, 30], small={0}), {0}) == {0, 1}


def test_a_small_cell_that_is_not_printed_is_protected_too():
    assert suppress(row_of([2, 9, 30], small={0}, unprinted={0}), set()) == {1}


def test_what_is_known_already_hides_nobody():
    assert suppress(row_of([2, 9, 30], small={0}, known={1}), {0}) == {0, 2}


def test_a_relation_is_taken_for_known():
    halves = ({0: 1, 1: -1},)
    assert suppress(row_of([9, 9, 2, 30], small={2}, relations=halves), {2}) == {0, 1, 2}
    system = row_of([2, 2, 30], small={0}, unprinted={0}, relations=halves)
    assert {1, 2} <= suppress(system, set()) | {2}


def test_bounds_by_hand():
    system = row_of([2, 9, 30], small={0})
    assert Attacker(system).bounds(0, frozenset({0, 1})) == Bounds(0.0, 11.0)
    assert Attacker(system).bounds(0, frozenset({0})) == Bounds(2.0, 2.0)


def test_zeros_that_are_always_printed_tighten_the_bounds():
    system = row_of([2, 9, 30], small={0}, zeros_are_open=True)
    assert Attacker(system).bounds(0, frozenset({0, 1})) == Bounds(1.0, 10.0)


def test_what_elimination_cannot_see():
    """Two withheld cells with the sum 0 are no combination of anything, and still known."""
    system = row_of([0, 0, 30], small={0})
    assert suppress(system, {0, 1}) == {0, 1}
    attacker = Attacker(system)
    assert attacker.bounds(0, frozenset({0, 1})) == Bounds(0.0, 0.0)
    assert list(attacker.near(frozenset({0, 1}))) == [0]
    assert withhold(system).hidden == {0, 2}


@pytest.mark.parametrize(("need", "hidden"), [(NAN, {0, 1}), (3, {0, 1}), (4, {0, 2})])
def test_repair_reaches_what_is_needed_and_prints_again_what_is_spare(need, hidden):
    """2 and 1 hide each other up to 3; 4 is not possible until the large cell is withheld, and then 1 need not be."""
    system = row_of([2, 1, 30], small={0}, need=need)
    found = withhold(system)
    assert found.hidden == hidden
    assert found.primary == {0}
    assert found.bounds[0].high >= np.nan_to_num(need)


def test_what_cannot_be_mended_is_told():
    found = withhold(row_of([2, 9], small={0}, known={1}, need=6))
    assert found.exposed == () and found.hidden == {0, 2}
    cells = (*row_of([2, 9], small={0}, known={1}, need=6).cells[:2], Cell("total", (0, 1), 11.0, "known"))
    found = withhold(System(("p0", "p1"), cells, ((0,),)))
    assert found.exposed == (0,)


def test_the_ranges_of_tables_never_exceed_the_bounds():
    system = square([[2, 20, 30], [40, 3, 60], [70, 80, 1]], {(0, 0), (1, 1), (2, 2)})
    found = withhold(system)
    attacker = Attacker(system)
    for index, seen in found.bounds.items():
        true = attacker.bounds(index, found.hidden)
        assert true.low - 1e-6 <= seen.low <= seen.high <= true.high + 1e-6


def test_persons_are_whole_so_that_parts_of_one_leave_no_choice():
    """Between 2.4 and 3.1 there is only 3."""
    tables = Tables(row_of([3, 8], small={0}))
    for persons in (2.4, 3.1):
        tables.keep(np.array([persons, 11 - persons]))
    assert not tables.are_enough(frozenset({0, 1})).any()
    tables.keep(np.array([4.0, 7.0]))
    assert tables.are_enough(frozenset({0, 1})).all()


def test_contradicting_knowledge_is_told():
    system = row_of([2, 9], known={0, 1})
    cells = (*system.cells, Cell("old total", (0, 1), 12.0, "known"))
    with pytest.raises(Contradiction):
        Attacker(System(system.parts, cells, system.bundles))


def test_an_unknown_value_is_protected_from_being_worked_out():
    cells = (
        Cell("a", (0,), NAN, "candidate", "source", 6.0),
        Cell("b", (1,), 9.0),
        Cell("c", (2,), 30.0),
        Cell("t", (0, 1, 2), 41.0),
    )
    found = withhold(System(("a", "b", "c"), tuple(cells), ((0,), (1,), (2,), (3,))))
    assert found.hidden == {0, 1}


def test_large_numbers_do_not_round():
    """A row of a thousand million against one person."""
    system = row_of([2, 1_000_000_000, 999_999_999], small={0}, need=6)
    assert withhold(system).hidden == {0, 2}
