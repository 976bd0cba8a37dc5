"""Three breakdowns of the same persons tell more than each two of them; the gate must have tried all three at once."""

import pytest
from three_breakdowns import before_the_last, published, sparse_cube, too_near

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe
from kvalitet_eval.publish import common_parts as module
from kvalitet_eval.publish import linked

SSB, STANDARD = publish.Policy.load("ssb"), publish.Policy.load("standard")
DISCLOSING = 24
"""A seed whose three tables, each pair safe, leave one number of persons for two cells of one person each."""
SHAPES = ((2, 2, 2), (3, 2, 3))


def test_pair_by_pair_two_persons_are_told(monkeypatch):
    """Worked out by an attacker that shares no code with the gate: what the common parts are for."""
    monkeypatch.setattr(linked, "common_parts", lambda *_: [])
    found = too_near(sparse_cube(DISCLOSING), STANDARD)
    assert found == {
        ("sector1", "age2"): (1, pytest.approx(1.0)), ("geo2", "age2"): (1, pytest.approx(1.0)),
    }  # fmt: skip


@pytest.mark.parametrize("policy", [SSB, STANDARD], ids=["ssb", "standard"])
def test_together_they_are_not(policy):
    cube = sparse_cube(DISCLOSING)
    assert too_near(cube, policy) == {}
    tables = published(cube, policy)
    assert all(table.audit.n_exposed == 0 and table.audit.is_consistent for table in tables)
    assert sum((table.marks()["n"] == "").sum() for table in tables) >= 10, "not everything is withheld"


@pytest.mark.slow
@pytest.mark.parametrize("policy", [SSB, STANDARD], ids=["ssb", "standard"])
def test_no_small_cell_of_many_random_persons_is_told(policy):
    cubes = {(seed, shape): sparse_cube(seed, shape) for seed in range(60) for shape in SHAPES}
    near = {name: found for name, cube in cubes.items() if (found := too_near(cube, policy))}
    assert set(near) <= {(BEYOND_RECALL, SHAPES[1])}


BEYOND_RECALL = 58
"""A seed whose first two tables, of which nothing need be withheld, tell of a cell of 2 that it is at most 3."""


def test_what_two_tables_tell_is_recorded_and_the_third_tells_no_more():
    cube = sparse_cube(BEYOND_RECALL, SHAPES[1])
    tables = published(cube, SSB)
    assert [table.audit.n_exposed for table in tables] == [0, 0, 1]
    near, before = too_near(cube, SSB), before_the_last(cube, tables)
    assert near == {("geo0", "age1"): (2, pytest.approx(3.0))}
    assert before["geo0", "age1"] == (2, pytest.approx(3.0))


@pytest.mark.parametrize("seed", [42, 55])
@pytest.mark.parametrize("policy", [SSB, STANDARD], ids=["ssb", "standard"])
def test_zeros_are_withheld_where_they_would_tell_of_somebody(policy, seed):
    cube = sparse_cube(seed, SHAPES[1])
    assert too_near(cube, policy) == {}
    assert all(table.audit.n_exposed == 0 for table in published(cube, policy))


WHOLE = dict.fromkeys(("a", "b", "c", "d"), True)


def ways(*columns):
    names = [module.name_of("n", way, ["1"] * len(way)) for way in columns]
    return module.ways_of({name: place for place, name in enumerate(names)})


@pytest.mark.parametrize(
    ("columns", "ring"),
    [
        (("ab", "bc", "ac"), "abc"), (("ab", "bc", "cd", "ad"), "abcd"), (("abd", "bc", "ac"), "abc"),
        (("ab", "bc"), ""), (("ab", "ac", "ad"), ""), (("ab", "bc", "cd"), ""), (("ab", "bc", "ac", "abc"), ""),
        (("a", "b", "c"), ""),
    ],
)  # fmt: skip
def test_only_a_ring_needs_common_parts(columns, ring):
    names = module.common_parts(ways(*columns), WHOLE)
    assert names == ([module.name_of("n", ring, ["1"] * len(ring))] if ring else [])


def test_a_column_without_a_total_must_stand_in_all():
    assert module.common_parts(ways("abd", "bcd", "acd"), {**WHOLE, "d": False}) == [
        module.name_of("n", "abcd", ["1"] * 4)
    ]
    assert module.common_parts(ways("abd", "bc", "ac"), {**WHOLE, "d": False}) == []


def test_more_than_can_be_tried_is_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_PARTS", 10)
    with pytest.raises(ReportError) as caught:
        published(sparse_cube(DISCLOSING), STANDARD)
    message = describe(caught.value.findings)
    assert "PUB-40" in message
    assert "18 grupper" in message
